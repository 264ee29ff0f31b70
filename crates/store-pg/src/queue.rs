//! How much the database is asked at once.
//!
//! A database that has fewer cores than questions at work answers none of them sooner for it: they
//! take the cores from one another, and from whoever is in a hurry. So look-ups wait here for a turn,
//! in order, and changes for one of theirs, so that neither crowds out the other. Questions about
//! places, which somebody in need waits for, do not wait.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use resilience::{Spent, deadline};
use sqlx::postgres::PgConnectOptions;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// Longest wait for a turn. Questions that keep others waiting as long are slow, and more of them do
/// no harm beside the slowness: without an end to the wait, a few would hold up all.
const PATIENCE: Duration = Duration::from_millis(100);

/// Look-ups for each core that the database shares with us.
const A_CORE: usize = 2;

/// Changes for each look-up: a change waits for the disk as well, and several reach it together.
const CHANGES: usize = 2;

/// How many look-ups may be asked at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lookups {
    /// Two a core where the database is on this machine, and as many as there are connections where
    /// it is not: its cores are not known, and the way there takes its time.
    #[default]
    Fitting,
    /// So many.
    AtMost(u32),
}

impl Lookups {
    fn most(self, database: &PgConnectOptions, connections: usize) -> usize {
        match self {
            Self::AtMost(most) => most as usize,
            Self::Fitting if is_here(database) => {
                A_CORE * std::thread::available_parallelism().map_or(A_CORE, usize::from)
            }
            Self::Fitting => connections,
        }
    }
}

/// Where questions of one kind wait.
pub(crate) struct Queue(Option<Arc<Semaphore>>);

impl Queue {
    /// For look-ups.
    pub fn of_lookups(lookups: Lookups, database: &PgConnectOptions, connections: u32) -> Self {
        let connections = connections as usize;
        Self::of(lookups.most(database, connections), connections)
    }

    /// For changes.
    pub fn of_changes(lookups: Lookups, database: &PgConnectOptions, connections: u32) -> Self {
        let connections = connections as usize;
        Self::of(lookups.most(database, connections) * CHANGES, connections)
    }

    fn of(most: usize, connections: usize) -> Self {
        Self((most < connections).then(|| Arc::new(Semaphore::new(most.max(1)))))
    }

    /// A turn, to be dropped with the connection; `None` when there is no need to wait for one, or
    /// nothing to be gained by waiting longer.
    pub async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        let turns = Arc::clone(self.0.as_ref()?);
        if let Ok(turn) = Arc::clone(&turns).try_acquire_owned() {
            return Some(turn);
        }
        let begun = Instant::now();
        let turn = deadline("a turn", PATIENCE, turns.acquire_owned()).await;
        Spent::note_wait(begun.elapsed());
        turn.ok()?.ok()
    }
}

/// Whether the database runs on this machine.
fn is_here(database: &PgConnectOptions) -> bool {
    let host = database.get_host();
    database.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(lookups: Lookups, host: &str, connections: u32) -> [Option<usize>; 2] {
        let database = PgConnectOptions::new_without_pgpass().host(host);
        let both = [Queue::of_lookups, Queue::of_changes].map(|queue| queue(lookups, &database, connections));
        both.map(|queue| queue.0.as_ref().map(|turns| turns.available_permits()))
    }

    #[test]
    fn a_database_on_this_machine_is_asked_by_as_many_as_its_cores_serve() {
        let cores = std::thread::available_parallelism().unwrap().get();
        for here in ["localhost", "127.0.0.1", "::1", "/var/run/postgresql"] {
            assert_eq!(room(Lookups::Fitting, here, 5000), [Some(2 * cores), Some(4 * cores)], "{here}");
        }
        for elsewhere in ["db.gad.example", "192.0.2.7"] {
            assert_eq!(room(Lookups::Fitting, elsewhere, 30), [None, None], "{elsewhere}");
        }
        assert_eq!(room(Lookups::AtMost(7), "192.0.2.7", 30), [Some(7), Some(14)]);
        assert_eq!(room(Lookups::AtMost(20), "localhost", 30), [Some(20), None]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_turn_is_waited_for_and_not_for_ever() {
        let queue = Queue::of(1, 30);
        let first = queue.turn().await;
        assert!(first.is_some());
        let begun = Instant::now();
        assert!(queue.turn().await.is_none(), "nobody gave a turn back");
        assert_eq!(begun.elapsed().as_millis(), PATIENCE.as_millis());
        let (next, ()) = tokio::join!(queue.turn(), async { drop(first) });
        assert!(next.is_some());
    }
}
