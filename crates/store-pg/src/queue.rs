//! How much the database is asked at once.
//!
//! A database that has fewer cores than questions at work answers none of them sooner for it: they
//! take the cores from one another, and from whoever is in a hurry. So look-ups wait here for a turn,
//! in order, and changes for one of theirs, so that neither crowds out the other. Questions about
//! places, which somebody in need waits for, do not wait, nor does anything else of an emergency.

use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use resilience::{Priority, Spent, deadline};
use sqlx::postgres::PgConnectOptions;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

/// Longest that a line may stand still. Questions that keep turns as long are slow, and more of them do
/// no harm beside the slowness: without an end to the wait, a few would hold up all.
const PATIENCE: Duration = Duration::from_millis(100);

/// Look-ups for each core that the database shares with us.
const A_CORE: usize = 2;

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

/// Where look-ups and changes wait, unless there is no need to.
pub(crate) struct Queue(Option<Turns>);

struct Turns {
    lookups: Line,
    /// As many as for look-ups. With more, changes would take the larger part of the cores while both
    /// wait, and an office that has too much to do would do nothing but new tasks.
    changes: Line,
    /// As many again for changes, unless as many look-ups wait as are at work: a change waits for the
    /// disk as well, and several reach it together.
    spare: Arc<Semaphore>,
    /// Look-ups that wait, a token each.
    waiting: TaskTracker,
}

/// Turns that are waited for in order.
struct Line {
    turns: Arc<Semaphore>,
    most: usize,
    /// Turns that somebody got after a wait.
    given: AtomicUsize,
}

impl Queue {
    /// Before a database with room for so many connections.
    pub fn new(lookups: Lookups, database: &PgConnectOptions, connections: u32) -> Self {
        let connections = connections as usize;
        let most = lookups.most(database, connections).max(1);
        Self((most < connections).then(|| Turns::new(most)))
    }

    /// A turn to look something up, to be dropped with the connection; `None` when there is no need to
    /// wait for one, or nothing to be gained by waiting longer.
    pub async fn lookup(&self) -> Option<OwnedSemaphorePermit> {
        let Turns { lookups, waiting, .. } = self.turns()?;
        if let Some(turn) = lookups.free() {
            return Some(turn);
        }
        let _waits = waiting.token();
        lookups.patiently(lookups.next()).await
    }

    /// The same to change something.
    pub async fn change(&self) -> Option<OwnedSemaphorePermit> {
        let turns = self.turns()?;
        let Turns { changes, spare, .. } = turns;
        if let Some(turn) = changes.free() {
            return Some(turn);
        }
        let turn = changes.next();
        if turns.is_line() {
            return changes.patiently(turn).await;
        }
        let turn = async {
            tokio::select! {
                turn = turn => turn,
                turn = Arc::clone(spare).acquire_owned() => turn,
            }
        };
        changes.patiently(turn).await
    }

    fn turns(&self) -> Option<&Turns> {
        self.0.as_ref().filter(|_| !Priority::is_critical_now())
    }
}

impl Turns {
    fn new(most: usize) -> Self {
        let spare = Arc::new(Semaphore::new(most));
        Self { lookups: Line::new(most), changes: Line::new(most), spare, waiting: TaskTracker::new() }
    }

    /// Whether as many look-ups wait as may be at work. A few wait for a moment where there is no crowd.
    fn is_line(&self) -> bool {
        self.waiting.len() >= self.lookups.most
    }
}

impl Line {
    fn new(most: usize) -> Self {
        Self { turns: Arc::new(Semaphore::new(most)), most, given: AtomicUsize::new(0) }
    }

    /// A turn, if nobody waits for one.
    fn free(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.turns).try_acquire_owned().ok()
    }

    /// A turn, after those who came before.
    fn next(&self) -> impl Future<Output = Result<OwnedSemaphorePermit, AcquireError>> + use<> {
        Arc::clone(&self.turns).acquire_owned()
    }

    /// Waits for a turn as long as the line moves: it does while, of late, at least as many got a turn as
    /// there are. However long it is, whoever leaves a line that moves only takes cores from those
    /// whose turn it is.
    async fn patiently(
        &self,
        turn: impl Future<Output = Result<OwnedSemaphorePermit, AcquireError>>,
    ) -> Option<OwnedSemaphorePermit> {
        let begun = Instant::now();
        let mut turn = pin!(turn);
        let got = loop {
            let before = self.given.load(Ordering::Relaxed);
            if let Ok(got) = deadline("a turn", PATIENCE, turn.as_mut()).await {
                self.given.fetch_add(1, Ordering::Relaxed);
                break got.ok();
            }
            if self.given.load(Ordering::Relaxed).wrapping_sub(before) < self.most {
                break None;
            }
        };
        Spent::note_wait(begun.elapsed());
        got
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
    use futures::poll;

    use super::*;

    /// Turns for look-ups, and for changes.
    fn room(lookups: Lookups, host: &str, connections: u32) -> Option<[usize; 2]> {
        let database = PgConnectOptions::new_without_pgpass().host(host);
        let turns = Queue::new(lookups, &database, connections).0?;
        let free = |turns: &Semaphore| turns.available_permits();
        Some([free(&turns.lookups.turns), free(&turns.changes.turns) + free(&turns.spare)])
    }

    #[test]
    fn a_database_on_this_machine_is_asked_by_as_many_as_its_cores_serve() {
        let cores = std::thread::available_parallelism().unwrap().get();
        for here in ["localhost", "127.0.0.1", "::1", "/var/run/postgresql"] {
            assert_eq!(room(Lookups::Fitting, here, 5000), Some([2 * cores, 4 * cores]), "{here}");
        }
        for elsewhere in ["db.gad.example", "192.0.2.7"] {
            assert_eq!(room(Lookups::Fitting, elsewhere, 30), None, "{elsewhere}");
        }
        assert_eq!(room(Lookups::AtMost(7), "192.0.2.7", 30), Some([7, 14]));
        assert_eq!(room(Lookups::AtMost(20), "localhost", 30), Some([20, 40]));
        assert_eq!(room(Lookups::AtMost(30), "localhost", 30), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_turn_is_waited_for_and_not_for_ever() {
        let queue = Queue(Some(Turns::new(1)));
        let first = queue.lookup().await;
        assert!(first.is_some());
        let begun = Instant::now();
        assert!(queue.lookup().await.is_none(), "nobody gave a turn back");
        assert_eq!(begun.elapsed().as_millis(), PATIENCE.as_millis());
        let (next, ()) = tokio::join!(queue.lookup(), async { drop(first) });
        assert!(next.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_that_moves_is_not_left() {
        let queue = Queue(Some(Turns::new(1)));
        let first = queue.lookup().await;
        let looks = async |_| {
            let turn = queue.lookup().await;
            tokio::time::sleep(PATIENCE * 2 / 3).await;
            turn.is_some()
        };
        let line = futures::future::join_all((0..10).map(looks));
        let (had, ()) = tokio::join!(line, async { drop(first) });
        assert_eq!(had, [true; 10], "the last waited six times as long as it would have with nobody moving");
    }

    #[tokio::test(start_paused = true)]
    async fn an_emergency_waits_for_no_turn() {
        let queue = Queue(Some(Turns::new(1)));
        let _work = (queue.lookup().await, queue.change().await, queue.change().await);
        let urgent = Priority::Critical.of(async { (queue.lookup().await.is_none(), queue.change().await.is_none()) });
        let begun = Instant::now();
        assert_eq!(urgent.await, (true, true));
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn changes_have_twice_as_many_turns_until_a_look_up_waits() {
        let queue = Queue(Some(Turns::new(1)));
        let changes = [queue.change().await, queue.change().await];
        assert!(changes.iter().all(Option::is_some), "nobody looks anything up");
        assert!(queue.change().await.is_none(), "a third one waits");

        let [one, other] = changes;
        let _looks = queue.lookup().await;
        let mut waits = pin!(queue.lookup());
        assert!(poll!(&mut waits).is_pending());
        drop(other);
        assert!(queue.change().await.is_none(), "a look-up waits, and one change is at work");
        drop(one);
        assert!(queue.change().await.is_some(), "none is at work");
    }
}
