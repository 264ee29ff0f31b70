//! Ends the transactions that were dropped without a commit.
//!
//! `Drop` cannot wait, and closing the connection instead would make every refused request cost a
//! new one. So what is left undone goes to a task, which rolls back and gives the connection back.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use resilience::{CancellationToken, Tasks, deadline};
use sqlx::Executor;
use tokio::sync::mpsc;
use tokio_util::sync::DropGuard;
use tokio_util::task::task_tracker::TaskTrackerToken;

use crate::pool::Pooled;

/// A connection that is not fit for the next, the mark that it is still in hand, and, when nothing
/// but a ROLLBACK is to be done, the turn that waits for it.
pub(crate) struct Left {
    pub link: Pooled,
    pub in_hand: TaskTrackerToken,
    pub turn: Option<Arc<Turn>>,
}

/// The rollbacks under way, for those who begin a change to wait for.
///
/// Without it, one who drops a transaction and begins the next would find its locks still held.
pub(crate) struct Turns(Mutex<Arc<Turn>>);

/// Over when every rollback of it is done.
pub(crate) struct Turn {
    over: CancellationToken,
    _ends_it: DropGuard,
}

impl Turn {
    fn new() -> Arc<Self> {
        let over = CancellationToken::new();
        Arc::new(Self { over: over.clone(), _ends_it: over.drop_guard() })
    }
}

impl Turns {
    pub fn new() -> Self {
        Self(Mutex::new(Turn::new()))
    }

    /// The present turn, to be held until a rollback is done.
    pub fn join(&self) -> Option<Arc<Turn>> {
        self.0.lock().ok().map(|turn| Arc::clone(&turn))
    }

    /// Waits for the rollbacks that were left before, each of which is one round trip.
    pub async fn settle(&self, limit: Duration) {
        let (over, _next) = {
            let Ok(mut turn) = self.0.lock() else { return };
            // Only this handle holds the turn: nothing is under way.
            if Arc::strong_count(&turn) == 1 {
                return;
            }
            let next = Turn::new();
            // `next` is held meanwhile, so that it is not over before the one before it.
            (std::mem::replace(&mut *turn, Arc::clone(&next)).over.clone(), next)
        };
        // When it takes longer, whoever needs the locks waits for them, as for anybody's.
        let _ = deadline("rollbacks", limit, over.cancelled()).await;
    }
}

/// Starts the task; what is sent to it is cleaned, or closed when that takes longer than `limit`.
pub(crate) fn start(tasks: &Tasks, limit: Duration) -> mpsc::UnboundedSender<Left> {
    // Unbounded, for there are never more in it than connections.
    let (send, receive) = mpsc::unbounded_channel();
    // Held by the one run that is alive.
    let receive = Arc::new(tokio::sync::Mutex::new(receive));
    tasks.supervise("postgres-rollback", move |stop| {
        let receive = Arc::clone(&receive);
        async move { run(&mut *receive.lock().await, stop, limit).await }
    });
    send
}

async fn run(receive: &mut mpsc::UnboundedReceiver<Left>, stop: CancellationToken, limit: Duration) {
    let mut at_work = FuturesUnordered::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            Some(()) = at_work.next() => {}
            left = receive.recv() => match left {
                Some(Left { link, in_hand, turn }) => at_work.push(async move {
                    clean(link, limit).await;
                    drop((in_hand, turn));
                }),
                // The store is gone.
                None => {
                    while at_work.next().await.is_some() {}
                    return stop.cancelled().await;
                }
            },
        }
    }
}

async fn clean(mut link: Pooled, limit: Duration) {
    if matches!(deadline("rollback", limit, roll_back(&mut link)).await, Ok(true)) {
        (link.busy, link.in_tx) = (false, false);
    } else {
        // The server rolls back when it sees the connection closed.
        link.throw_away();
    }
}

/// Whether the connection is at rest again. The first tries may get the errors of statements that
/// were dropped before their answer came.
async fn roll_back(link: &mut Pooled) -> bool {
    for _ in 0..3 {
        match link.conn.execute("ROLLBACK").await {
            Ok(_) => return true,
            Err(error) if crate::error::is_dead(&error) => return false,
            Err(_) => {}
        }
    }
    false
}
