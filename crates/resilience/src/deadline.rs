//! Every wait has an end.

use std::time::Duration;

use futures::TryFutureExt;

/// What was waited for did not come in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{name} did not answer within {limit:?}")]
pub struct Elapsed {
    /// What was waited for.
    pub name: &'static str,
    /// For how long.
    pub limit: Duration,
}

/// Waits for `future`, but not longer than `limit` from now; then the future is dropped.
// No `async fn`: it would hold `future` twice, as its argument and as what it waits for.
pub fn deadline<F: Future>(
    name: &'static str,
    limit: Duration,
    future: F,
) -> impl Future<Output = Result<F::Output, Elapsed>> {
    tokio::time::timeout(limit, future).map_err(move |_| Elapsed { name, limit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_takes_too_long_says_what_was_waited_for() {
        let limit = Duration::from_secs(1);
        let late = deadline("the moon", limit, std::future::pending::<()>()).await;
        assert_eq!(late, Err(Elapsed { name: "the moon", limit }));
        assert_eq!(deadline("the sun", limit, async { 7 }).await, Ok(7));
    }
}
