//! Work that computes, off the runtime: a fixed number of threads and a bounded queue.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::deadline;

/// Longest wait for a job, its place in the queue included.
const LIMIT: Duration = Duration::from_secs(2);

type Job = Box<dyn FnOnce() + Send>;

/// A fixed number of threads behind a bounded queue. Cheap to clone; the threads end when the
/// last clone is gone or [`CpuPool::close`] was called.
#[derive(Clone)]
pub struct CpuPool(Arc<Inner>);

struct Inner {
    // A std mutex: held only to clone or take the sender, never across an await.
    queue: Mutex<Option<mpsc::SyncSender<Job>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    queued: AtomicUsize,
    running: AtomicUsize,
    done: AtomicU64,
    refused: AtomicU64,
    late: AtomicU64,
}

/// Why a job gave no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CpuPoolError {
    /// The queue is full. Nothing waits for a place: try again later.
    #[error("no thread is free for this work")]
    Busy,
    /// The job did not end within its deadline of 2 s. One that had begun goes on to its end, since
    /// nothing can stop it; one that had not is never begun.
    #[error("the work was not done within {LIMIT:?}")]
    Late,
    /// The job panicked, or the pool was closed before it began.
    #[error("the work was lost")]
    Lost,
}

/// What the pool does at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CpuPoolStats {
    /// Jobs that wait.
    pub queued: usize,
    /// Jobs in hand.
    pub running: usize,
    /// Jobs ended so far.
    pub done: u64,
    /// Jobs for which there was no room in the queue.
    pub refused: u64,
    /// Jobs that nobody waited for any longer.
    pub late: u64,
}

impl CpuPool {
    /// `threads` threads and room for `queue` waiting jobs, each at least 1.
    pub fn new(threads: usize, queue: usize) -> std::io::Result<Self> {
        let (sender, receiver) = mpsc::sync_channel::<Job>(queue.max(1));
        let receiver = Arc::new(Mutex::new(receiver));
        let mut handles = Vec::with_capacity(threads);
        for number in 0..threads.max(1) {
            let receiver = Arc::clone(&receiver);
            handles.push(std::thread::Builder::new().name(format!("gad-cpu-{number}")).spawn(move || work(&receiver))?);
        }
        let inner = Inner {
            queue: Mutex::new(Some(sender)),
            threads: Mutex::new(handles),
            counts: Arc::new(Counts::default()),
        };
        Ok(Self(Arc::new(inner)))
    }

    /// Runs `work` on a thread of the pool, and waits 2 s for it at most. A caller who goes away before the job began spares
    /// the pool the work.
    pub async fn run<T, F>(&self, name: &'static str, work: F) -> Result<T, CpuPoolError>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let (reply, result) = oneshot::channel();
        let counts = Arc::clone(&self.0.counts);
        let job: Job = Box::new(move || {
            counts.queued.fetch_sub(1, Ordering::Relaxed);
            if reply.is_closed() {
                return;
            }
            counts.running.fetch_add(1, Ordering::Relaxed);
            if let Ok(value) = catch_unwind(AssertUnwindSafe(work)) {
                // The caller may have gone away in the meantime; then nobody wants the result.
                drop(reply.send(value));
            } else {
                tracing::error!(job = name, "work on the CPU pool panicked");
            }
            counts.running.fetch_sub(1, Ordering::Relaxed);
            counts.done.fetch_add(1, Ordering::Relaxed);
        });
        let queue = self.0.queue.lock().ok().and_then(|queue| queue.clone()).ok_or(CpuPoolError::Lost)?;
        self.0.counts.queued.fetch_add(1, Ordering::Relaxed);
        if queue.try_send(job).is_err() {
            self.0.counts.queued.fetch_sub(1, Ordering::Relaxed);
            self.0.counts.refused.fetch_add(1, Ordering::Relaxed);
            return Err(CpuPoolError::Busy);
        }
        drop(queue);
        match deadline(name, LIMIT, result).await {
            Ok(ended) => ended.map_err(|_| CpuPoolError::Lost),
            Err(elapsed) => {
                self.0.counts.late.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(job = name, error = &elapsed as &dyn std::error::Error, "work on the CPU pool is late");
                Err(CpuPoolError::Late)
            }
        }
    }

    /// What the pool does at this moment.
    pub fn stats(&self) -> CpuPoolStats {
        let counts = &self.0.counts;
        CpuPoolStats {
            queued: counts.queued.load(Ordering::Relaxed),
            running: counts.running.load(Ordering::Relaxed),
            done: counts.done.load(Ordering::Relaxed),
            refused: counts.refused.load(Ordering::Relaxed),
            late: counts.late.load(Ordering::Relaxed),
        }
    }

    /// Takes no more work, finishes what is queued and joins the threads. Blocks: not for the
    /// runtime's threads.
    pub fn close(&self) {
        if let Ok(mut queue) = self.0.queue.lock() {
            queue.take();
        }
        let threads = self.0.threads.lock().map(|mut threads| std::mem::take(&mut *threads)).unwrap_or_default();
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a thread of the CPU pool panicked");
            }
        }
    }
}

fn work(queue: &Mutex<mpsc::Receiver<Job>>) {
    loop {
        // The lock is held while waiting, which hands jobs to one thread after the other.
        let job = match queue.lock() {
            Ok(queue) => queue.recv(),
            Err(_) => return,
        };
        match job {
            Ok(job) => job(),
            Err(mpsc::RecvError) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_beyond_the_queue_is_refused_at_once() {
        let pool = CpuPool::new(1, 1).unwrap();
        let (release, gate) = mpsc::channel::<()>();
        let (began, beginning) = oneshot::channel();
        let clone = pool.clone();
        let mut first = Box::pin(async move {
            clone
                .run("first", move || {
                    began.send(()).unwrap();
                    gate.recv().is_ok()
                })
                .await
        });
        tokio::select! { _ = &mut first => panic!("must wait for its gate"), began = beginning => began.unwrap() }
        let mut second = Box::pin(pool.run("second", || ()));
        assert!(futures::poll!(&mut second).is_pending());
        assert_eq!(pool.run("third", || ()).await, Err(CpuPoolError::Busy));
        release.send(()).unwrap();
        assert_eq!(first.await, Ok(true));
        assert_eq!(second.await, Ok(()));
        pool.close();
        let stats = pool.stats();
        assert_eq!((stats.done, stats.refused, stats.queued, stats.running), (2, 1, 0, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_long_for_work_and_what_was_given_up_is_not_begun() {
        let pool = CpuPool::new(1, 4).unwrap();
        let (release, gate) = mpsc::channel::<()>();
        let (began, beginning) = mpsc::channel::<()>();
        let mut slow = Box::pin(pool.run("slow", move || began.send(()).is_ok() && gate.recv().is_ok()));
        assert!(futures::poll!(&mut slow).is_pending());
        beginning.recv().unwrap();
        let (begun, seen) = mpsc::channel::<()>();
        let waiting = pool.run("waiting", move || drop(begun));
        assert_eq!(futures::join!(slow, waiting), (Err(CpuPoolError::Late), Err(CpuPoolError::Late)));
        assert_eq!(pool.stats().late, 2);
        release.send(()).unwrap();
        pool.close();
        // Dropped with its sender, and never run: `done` counts the slow one alone.
        assert_eq!((seen.recv(), pool.stats().done), (Err(mpsc::RecvError), 1));
    }

    #[tokio::test]
    async fn a_panic_costs_one_job_and_not_the_pool() {
        let pool = CpuPool::new(1, 4).unwrap();
        assert_eq!(pool.run("bad", || panic!("on purpose")).await, Err::<(), _>(CpuPoolError::Lost));
        assert_eq!(pool.run("good", || 2 + 2).await, Ok(4));
    }
}
