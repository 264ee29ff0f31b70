//! Ends the transactions that were dropped without a commit.
//!
//! `Drop` cannot wait, and closing the connection instead would make every refused request cost a
//! new one. So what is left undone goes to a task, which rolls back and gives the connection back.

use std::time::Duration;

use deadpool::managed::Object;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use resilience::{CancellationToken, Tasks, deadline};
use sqlx::Executor;
use std::sync::Arc;
use tokio::sync::{Mutex, mpsc};
use tokio_util::task::task_tracker::TaskTrackerToken;

use crate::pool::Pooled;

/// A connection that is not fit for the next, and the mark that it is still in hand.
pub(crate) type Left = (Pooled, TaskTrackerToken);

/// Starts the task; what is sent to it is cleaned, or closed when that takes longer than `limit`.
pub(crate) fn start(tasks: &Tasks, limit: Duration) -> mpsc::UnboundedSender<Left> {
    // Unbounded, for there are never more in it than connections.
    let (send, receive) = mpsc::unbounded_channel();
    let receive = Arc::new(Mutex::new(receive));
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
                Some((link, _in_hand)) => at_work.push(async move {
                    clean(link, limit).await;
                    drop(_in_hand);
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
        drop(Object::take(link));
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
