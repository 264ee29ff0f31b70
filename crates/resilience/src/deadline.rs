//! Every wait has an end, and all waits of one request have an end together.

use std::time::Duration;

use futures::TryFutureExt;
use tokio::time::{Instant, timeout_at};

tokio::task_local! {
    static END: Instant;
}

/// What was waited for did not come in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{name} did not answer within {limit:?}")]
pub struct Elapsed {
    /// What was waited for.
    pub name: &'static str,
    /// For how long.
    pub limit: Duration,
}

/// Waits for `future`, but not longer than `limit` from now, nor longer than [`within`] allows; then
/// the future is dropped.
// No `async fn`: it would hold `future` twice, as its argument and as what it waits for.
pub fn deadline<F: Future>(
    name: &'static str,
    limit: Duration,
    future: F,
) -> impl Future<Output = Result<F::Output, Elapsed>> {
    let limit = remaining().map_or(limit, |left| left.min(limit));
    timeout_at(Instant::now() + limit, future).map_err(move |_| Elapsed { name, limit })
}

/// Runs `future`; every [`deadline`] under it ends with `limit` from now at the latest.
///
/// # Errors
/// When it took longer itself.
pub async fn within<F: Future>(name: &'static str, limit: Duration, future: F) -> Result<F::Output, Elapsed> {
    let end = Instant::now() + limit;
    timeout_at(end, END.scope(end, future)).map_err(|_| Elapsed { name, limit }).await
}

/// What is left of the time of [`within`]; `None` outside of it.
pub fn remaining() -> Option<Duration> {
    END.try_with(|end| end.saturating_duration_since(Instant::now())).ok()
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

    #[tokio::test(start_paused = true)]
    async fn what_is_left_of_a_request_bounds_every_wait_under_it() {
        let request = within("request", Duration::from_secs(3), async {
            let first = deadline("first", Duration::from_secs(2), std::future::pending::<()>()).await;
            let second = deadline("second", Duration::from_secs(2), std::future::pending::<()>()).await;
            (first.unwrap_err().limit, second.unwrap_err().limit)
        });
        assert_eq!(request.await, Ok((Duration::from_secs(2), Duration::from_secs(1))));
        let late = within("request", Duration::from_secs(3), std::future::pending::<()>()).await;
        assert_eq!(late, Err(Elapsed { name: "request", limit: Duration::from_secs(3) }));
        assert_eq!(remaining(), None);
    }
}
