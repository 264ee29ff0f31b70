//! Lines get their place in the chain.

use std::time::Duration;

use resilience::CancellationToken;

use crate::{Context, Result};

/// Lines that get their place at once.
const PART: u32 = 1000;
/// Between two looks for lines without a place: the most that one waits, but for a busy record.
const LOOK: Duration = Duration::from_millis(200);
/// Pause after the record did not answer.
const PAUSE: Duration = Duration::from_secs(2);

/// Gives all committed lines their place; says how many had none.
pub async fn seal(cx: &Context) -> Result<u64> {
    let mut sealed = 0;
    loop {
        let count = cx.store.seal(PART).await?;
        sealed += count;
        if count < u64::from(PART) {
            return Ok(sealed);
        }
    }
}

/// The same again and again, until told to stop, and once more then.
pub async fn seal_on(cx: Context, stop: CancellationToken) {
    loop {
        let stopped = stop.is_cancelled();
        let pause = match seal(&cx).await {
            Ok(_) => LOOK,
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "audit lines were not linked");
                PAUSE
            }
        };
        if stopped {
            return;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}
