//! Runs a use case again whose transaction met another one.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};

use crate::{Error, Result};

/// Runs a whole use case, at most four times, while its transaction loses against another one: a
/// serialization failure, a deadlock, or a row that changed since it was read. Nothing was committed
/// then, and what is decided again sees what the other one did.
pub(crate) async fn retry_contention<T, F, W>(work: W) -> Result<T>
where
    F: Future<Output = Result<T>>,
    W: FnMut() -> F,
{
    let backoff = ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(5))
        .with_max_delay(Duration::from_millis(100))
        .with_max_times(3)
        .with_jitter();
    work.retry(backoff)
        .when(|error| matches!(error, Error::Contention(_)))
        .notify(|_, _| metrics::counter!("gad_use_case_retries_total").increment(1))
        .await
}
