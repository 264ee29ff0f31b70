//! A thread for load alone.
//!
//! A generator that shares its cores with what it measures is in the way whenever it wakes up: for each
//! answer it takes a core from who makes the next. So the thread of a heavy load rests for a moment
//! when it has nothing to do, and takes what came meanwhile in one go, as pacing in batches does.

use std::io;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

/// How long it rests. An answer is noted later by as much at the most, which counts against the server.
const REST: Duration = Duration::from_micros(500);

/// A runtime for load alone, on the thread that runs it.
///
/// # Errors
/// When the system gives no more files.
#[expect(clippy::disallowed_methods, reason = "it is about to sleep, and has nothing else to run")]
pub fn sender() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().on_thread_park(|| thread::sleep(REST)).build()
}

/// Does `work` on such a thread. It ends with whoever waits for it.
///
/// # Errors
/// Those of `work`, and when there is no such thread.
pub async fn apart<T, F>(work: F) -> Result<T>
where
    T: Send + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    let (mut waited_for, outcome) = oneshot::channel();
    let run = move || {
        let outcome = sender().context("no runtime for the load").and_then(|runtime| {
            runtime.block_on(async {
                tokio::select! {
                    outcome = work => outcome,
                    () = waited_for.closed() => bail!("nobody waits for the load"),
                }
            })
        });
        // Nobody may be there to hear it.
        let _ = waited_for.send(outcome);
    };
    thread::Builder::new().name("load".to_owned()).spawn(run).context("no thread for the load")?;
    outcome.await.context("the load ended without a word")?
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn a_load_apart_ends_with_whoever_waits_for_it() {
        assert_eq!(apart(async { anyhow::Ok(7) }).await.unwrap(), 7);
        let (is_there, mut gone) = mpsc::channel::<()>(1);
        let load = apart(async move {
            let _is_there = is_there;
            std::future::pending::<Result<()>>().await
        });
        let given_up = tokio::time::timeout(Duration::from_millis(20), load).await;
        assert!(given_up.is_err(), "it never ends by itself");
        assert_eq!(gone.recv().await, None, "the load was dropped");
    }
}
