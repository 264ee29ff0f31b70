//! Who is connected to this process, and how to send them away.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use app::auth::Admitted;
use domain::{Level, UserId};
use tokio::sync::oneshot;

use super::close::Goodbye;

/// Number of a connection of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(u64);

/// What is known of one connection.
struct Entry {
    admitted: Admitted,
    goodbye: Option<oneshot::Sender<Goodbye>>,
    /// The words of its subscriptions.
    topics: Vec<Box<str>>,
    /// With which rights it was let in, and when.
    entered: (Level, Instant),
}

/// All connections of this process.
pub struct Registry {
    most: usize,
    // A std mutex: held only to look at or change the table, never across an await.
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    next: u64,
    closing: bool,
    entries: HashMap<ConnectionId, Entry>,
}

/// How many are connected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Present {
    /// Connections.
    pub connections: usize,
    /// By role, like `LEVEL_2`.
    pub by_role: BTreeMap<&'static str, usize>,
    /// Different users.
    pub users: usize,
}

/// Who a connection speaks for, as it was let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claimed {
    /// Which connection.
    pub connection: ConnectionId,
    /// By which credential, with which rights.
    pub admitted: Admitted,
}

impl Registry {
    /// Room for `most` connections.
    pub fn new(most: usize) -> Self {
        Self { most, table: Mutex::default() }
    }

    fn table(&self) -> std::sync::MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a connection in, and gives what it hears when it is sent away; `None` when there is no
    /// more room or the process is stopping.
    pub fn enter(&self, admitted: Admitted) -> Option<(ConnectionId, oneshot::Receiver<Goodbye>)> {
        let mut table = self.table();
        if table.closing || table.entries.len() >= self.most {
            return None;
        }
        table.next += 1;
        let id = ConnectionId(table.next);
        let (goodbye, told) = oneshot::channel();
        let entered = (admitted.level, Instant::now());
        let entry = Entry { admitted, goodbye: Some(goodbye), topics: Vec::new(), entered };
        table.entries.insert(id, entry);
        Some((id, told))
    }

    /// Notes that a connection speaks for another session of its user from now on.
    pub fn renew(&self, id: ConnectionId, admitted: Admitted) {
        if let Some(entry) = self.table().entries.get_mut(&id) {
            entry.admitted = admitted;
        }
    }

    /// Records the words of a connection's subscriptions.
    pub fn choose<'a>(&self, id: ConnectionId, words: impl Iterator<Item = &'a str>) {
        let words = words.map(Box::from).collect();
        if let Some(entry) = self.table().entries.get_mut(&id) {
            entry.topics = words;
        }
    }

    /// How many connections of at least `level` a message goes to that is not in the log.
    pub fn listening(&self, level: Level, topic: Option<&str>) -> usize {
        let table = self.table();
        let hears = |entry: &Entry| {
            entry.admitted.level >= level && topic.is_none_or(|topic| entry.topics.iter().any(|word| **word == *topic))
        };
        table.entries.values().filter(|entry| hears(entry)).count()
    }

    /// Notes that a connection is gone; gives with which rights it was let in, and how long ago.
    pub fn leave(&self, id: ConnectionId) -> Option<(Level, Duration)> {
        let (level, since) = self.table().entries.remove(&id)?.entered;
        Some((level, since.elapsed()))
    }

    /// Sends a connection away.
    pub fn dismiss(&self, id: ConnectionId, goodbye: Goodbye) {
        let told = self.table().entries.get_mut(&id).and_then(|entry| entry.goodbye.take());
        if let Some(told) = told {
            // An error only says that it is gone already.
            let _ = told.send(goodbye);
        }
    }

    /// Lets nobody in any more, and gives who is connected.
    pub fn close(&self) -> Vec<ConnectionId> {
        let mut table = self.table();
        table.closing = true;
        table.entries.keys().copied().collect()
    }

    /// Who is connected with which rights.
    pub fn claimed(&self) -> Vec<Claimed> {
        let table = self.table();
        table.entries.iter().map(|(&connection, entry)| Claimed { connection, admitted: entry.admitted }).collect()
    }

    /// How many were ever let in.
    pub fn entered(&self) -> u64 {
        self.table().next
    }

    /// How many are connected.
    pub fn present(&self) -> Present {
        let table = self.table();
        let mut by_role = BTreeMap::new();
        for entry in table.entries.values() {
            *by_role.entry(entry.admitted.level.role()).or_default() += 1;
        }
        let users: BTreeSet<UserId> = table.entries.values().map(|entry| entry.admitted.grant.user).collect();
        Present { connections: table.entries.len(), by_role, users: users.len() }
    }
}
