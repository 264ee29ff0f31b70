//! Background tasks that have a name and an owner, are restarted when they must live, and are
//! joined at the end.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::polls::Polls;

/// First pause before a restart; doubled each time up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// Longest pause before a restart.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Owner of background tasks. Cheap to clone.
#[derive(Clone, Default)]
pub struct Tasks(Arc<Inner>);

#[derive(Default)]
struct Inner {
    stop: CancellationToken,
    // A std mutex: held only to push or take, never across an await.
    running: Mutex<Vec<Running>>,
}

struct Running {
    name: &'static str,
    counts: Arc<Counts>,
    stop: CancellationToken,
    handle: JoinHandle<()>,
}

#[derive(Default)]
struct Counts {
    /// Whether the work is under way; not while it waits to be started anew.
    up: AtomicBool,
    restarts: AtomicU64,
    polls: Polls,
}

/// One task, as `gad doctor --live` and the metrics show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskInfo {
    /// Its name.
    pub name: &'static str,
    /// Whether it runs; not while it waits to be started anew.
    pub running: bool,
    /// How often it had to be started anew.
    pub restarts: u64,
    /// How often it was asked to go on.
    pub polls: u64,
    /// For how long it held a thread in all.
    pub busy: Duration,
}

/// How the tasks ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShutdownReport {
    /// Those that ended by themselves.
    pub finished: Vec<&'static str>,
    /// Those that had to be cut.
    pub cut: Vec<&'static str>,
}

impl Tasks {
    /// No tasks yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps `work` alive: when it ends by a panic or before it was told to stop, it is started
    /// anew after a growing pause.
    pub fn supervise<F, W>(&self, name: &'static str, work: W)
    where
        W: Fn(CancellationToken) -> F + Send + 'static,
        F: Future<Output = ()> + Send,
    {
        let stop = self.0.stop.child_token();
        let counts = Arc::new(Counts::default());
        let (token, count) = (stop.clone(), Arc::clone(&counts));
        let supervised = async move {
            let mut pause = FIRST_PAUSE;
            while !token.is_cancelled() {
                count.up.store(true, Ordering::Relaxed);
                let outcome = AssertUnwindSafe(count.polls.counting(work(token.clone()))).catch_unwind().await;
                count.up.store(false, Ordering::Relaxed);
                if token.is_cancelled() {
                    break;
                }
                match outcome {
                    Ok(()) => tracing::warn!(task = name, "task ended by itself and is started anew"),
                    Err(_) => tracing::error!(task = name, "task panicked and is started anew"),
                }
                count.restarts.fetch_add(1, Ordering::Relaxed);
                tokio::select! {
                    () = token.cancelled() => break,
                    () = tokio::time::sleep(pause) => {}
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        };
        #[expect(clippy::disallowed_methods, reason = "this is the owner that the lint asks for")]
        let handle = tokio::spawn(supervised);
        if let Ok(mut running) = self.0.running.lock() {
            running.push(Running { name, counts, stop, handle });
        }
    }

    /// All tasks, in the order of their start.
    pub fn list(&self) -> Vec<TaskInfo> {
        let Ok(running) = self.0.running.lock() else { return Vec::new() };
        running
            .iter()
            .map(|task| {
                let (polls, busy) = task.counts.polls.total();
                let running = task.counts.up.load(Ordering::Relaxed) && !task.handle.is_finished();
                TaskInfo {
                    name: task.name,
                    running,
                    restarts: task.counts.restarts.load(Ordering::Relaxed),
                    polls,
                    busy,
                }
            })
            .collect()
    }

    /// Tasks that hold a thread at this moment, and for how long they have.
    pub(crate) fn holding(&self) -> Vec<(&'static str, Duration)> {
        let Ok(running) = self.0.running.lock() else { return Vec::new() };
        running.iter().filter_map(|task| Some((task.name, task.counts.polls.held()?))).collect()
    }

    /// Stops the tasks one after the other, the last started first. Whoever has not ended by its
    /// share of `limit` goes on beside those that are stopped next, and is cut when `limit` is over.
    pub async fn shutdown(&self, limit: Duration) -> ShutdownReport {
        let running = self.0.running.lock().map(|mut running| std::mem::take(&mut *running)).unwrap_or_default();
        let end = Instant::now() + limit;
        let mut report = ShutdownReport::default();
        let mut late = Vec::new();
        let mut left = u32::try_from(running.len()).unwrap_or(u32::MAX);
        for mut task in running.into_iter().rev() {
            task.stop.cancel();
            // One that does not listen does not take the others' time.
            let share = end.saturating_duration_since(Instant::now()) / left;
            left -= 1;
            match timeout(share, &mut task.handle).await {
                Ok(_) => report.finished.push(task.name),
                Err(_) => late.push(task),
            }
        }
        self.0.stop.cancel();
        for mut task in late {
            if timeout_at(end, &mut task.handle).await.is_ok() {
                report.finished.push(task.name);
            } else {
                task.handle.abort();
                report.cut.push(task.name);
            }
        }
        report
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_task_that_panics_is_started_anew_until_it_is_stopped() {
        let tasks = Tasks::new();
        let (tries, mut seen) = tokio::sync::watch::channel(0);
        let tries = Arc::new(tries);
        tasks.supervise("shaky", move |stop| {
            let tries = Arc::clone(&tries);
            async move {
                tries.send_modify(|n| *n += 1);
                assert!(*tries.borrow() > 2, "falls twice");
                stop.cancelled().await;
            }
        });
        seen.wait_for(|n| *n == 1).await.unwrap();
        assert!(!tasks.list()[0].running, "it has fallen, and waits to be started anew");
        seen.wait_for(|n| *n == 3).await.unwrap();
        let list = tasks.list();
        let [shaky] = &list[..] else { panic!("one task in {list:?}") };
        assert_eq!((shaky.name, shaky.running, shaky.restarts), ("shaky", true, 2));
        assert!(shaky.polls >= 2, "each fall was a turn: {shaky:?}");
        assert_eq!(tasks.shutdown(Duration::from_secs(1)).await.finished, ["shaky"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_does_not_listen_is_cut_and_named() {
        let tasks = Tasks::new();
        let (began, mut beginning) = tokio::sync::watch::channel(0);
        let (polite, deaf) = (began.clone(), began);
        tasks.supervise("polite", move |stop| {
            polite.send_modify(|n| *n += 1);
            async move { stop.cancelled().await }
        });
        tasks.supervise("deaf", move |_| {
            deaf.send_modify(|n| *n += 1);
            std::future::pending()
        });
        // One that is stopped before it began has nothing to listen to.
        beginning.wait_for(|n| *n == 2).await.unwrap();
        let report = tasks.shutdown(Duration::from_secs(1)).await;
        assert_eq!((report.cut, report.finished), (vec!["deaf"], vec!["polite"]));
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_is_slow_to_end_has_the_whole_time() {
        let tasks = Tasks::new();
        let (began, mut beginning) = tokio::sync::watch::channel(0);
        for (name, last_step) in [("first", 0), ("second", 0), ("slow", 900)] {
            let began = began.clone();
            tasks.supervise(name, move |stop| {
                began.send_modify(|n| *n += 1);
                async move {
                    stop.cancelled().await;
                    // Work that takes its time, by the paused clock; nothing is waited for.
                    tokio::time::sleep(Duration::from_millis(last_step)).await;
                }
            });
        }
        beginning.wait_for(|n| *n == 3).await.unwrap();
        let report = tasks.shutdown(Duration::from_secs(1)).await;
        assert_eq!((report.finished, report.cut), (vec!["second", "first", "slow"], vec![]));
    }
}
