//! Whether the runtime goes on: how late timers fire, and who holds its threads when none does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use crate::Tasks;
use crate::polls;

/// Between two beats of the runtime.
const BEAT: Duration = Duration::from_millis(100);
/// Without a beat for so long, the runtime stands still.
const STILL: Duration = Duration::from_secs(1);
/// Between two looks at the beat.
const LOOK: Duration = Duration::from_millis(250);

/// The runtime stands still, or goes on after it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stall {
    /// Since the last beat.
    pub lasted: Duration,
    /// Tasks that hold a thread, and for how long each.
    pub holding: Vec<(&'static str, Duration)>,
    /// Whether it is over.
    pub over: bool,
}

/// Measures from now on how late timers fire, and says each to `late`. A thread of its own, which
/// ends with the tasks, logs an error when the runtime does not beat at all for a second.
///
/// # Errors
/// When there is no thread to be had.
pub fn watch_runtime(tasks: &Tasks, late: impl Fn(Duration) + Send + Sync + 'static) -> std::io::Result<()> {
    watch(tasks, late, |stall| {
        let lasted_ms = u64::try_from(stall.lasted.as_millis()).unwrap_or(u64::MAX);
        if stall.over {
            tracing::warn!(lasted_ms, "the runtime goes on");
            return;
        }
        // Requests have no name here: with nobody named, a handler holds the threads.
        let holding: Vec<String> =
            stall.holding.iter().map(|(name, held)| format!("{name} for {} ms", held.as_millis())).collect();
        tracing::error!(code = "runtime_stall", lasted_ms, ?holding, "the runtime stands still");
    })
}

fn watch(
    tasks: &Tasks,
    late: impl Fn(Duration) + Send + Sync + 'static,
    stalled: impl Fn(Stall) + Send + 'static,
) -> std::io::Result<()> {
    // 0 while nobody beats.
    let beat = Arc::new(AtomicU64::new(0));
    // Nothing is ever sent: it only ends, with the task that holds it.
    let (end, ended) = sync_channel::<()>(1);
    let (watched, heart) = (tasks.clone(), Arc::clone(&beat));
    std::thread::Builder::new().name("gad-watchdog".to_owned()).spawn(move || {
        let mut still = None;
        loop {
            let looked = Instant::now();
            match ended.recv_timeout(LOOK) {
                Err(RecvTimeoutError::Timeout) => {}
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
            }
            // A whole process that was stopped is not a runtime that stands still.
            if looked.elapsed() > LOOK * 2 {
                continue;
            }
            let last = heart.load(Ordering::Relaxed);
            let lasted = Duration::from_nanos(polls::now().saturating_sub(last));
            match still {
                Some(since) if last != since => {
                    still = None;
                    stalled(Stall {
                        lasted: Duration::from_nanos(last.saturating_sub(since)),
                        holding: Vec::new(),
                        over: true,
                    });
                }
                None if last != 0 && lasted > STILL => {
                    still = Some(last);
                    stalled(Stall { lasted, holding: watched.holding(), over: false });
                }
                _ => {}
            }
        }
    })?;
    let late = Arc::new(late);
    tasks.supervise("watchdog", move |stop| {
        let (end, late, beat) = (end.clone(), Arc::clone(&late), Arc::clone(&beat));
        async move {
            let _end = end;
            let _silence = Silence(&beat);
            loop {
                let due = tokio::time::Instant::now() + BEAT;
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = tokio::time::sleep_until(due) => {}
                }
                beat.store(polls::now(), Ordering::Relaxed);
                late(due.elapsed());
            }
        }
    });
    Ok(())
}

/// However the beating ends, its absence means nothing from then on.
struct Silence<'a>(&'a AtomicU64);

impl Drop for Silence<'_> {
    fn drop(&mut self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, PoisonError, mpsc};

    use super::*;

    /// Long enough for a machine that does much else.
    const PATIENCE: Duration = Duration::from_secs(30);

    // One thread for all tasks; the test itself has another.
    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn who_holds_the_only_thread_is_named() {
        let tasks = Tasks::new();
        let ((say, said), (tell, told)) = (mpsc::channel(), mpsc::channel());
        let late = move |by| say.send(by).unwrap_or_default();
        watch(&tasks, late, move |stall| tell.send(stall).unwrap_or_default()).unwrap();
        said.recv_timeout(PATIENCE).expect("it beats");
        let (release, gate) = mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(Some(gate)));
        tasks.supervise("clumsy", move |stop| {
            let gate = gate.lock().unwrap_or_else(PoisonError::into_inner).take();
            async move {
                // What no task may do.
                gate.map(|gate| gate.recv());
                stop.cancelled().await;
            }
        });
        let stall = told.recv_timeout(PATIENCE).expect("somebody notices");
        assert!(stall.lasted >= STILL && !stall.over, "{stall:?}");
        assert_eq!(stall.holding.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["clumsy"]);
        release.send(()).unwrap();
        let over = told.recv_timeout(PATIENCE).expect("somebody notices");
        assert!(over.over && over.lasted >= STILL, "{over:?}");
        let by = std::iter::from_fn(|| said.recv_timeout(PATIENCE).ok()).find(|by| *by >= STILL / 2);
        assert!(by.is_some(), "the timer fired late");
        tasks.shutdown(PATIENCE).await;
    }
}
