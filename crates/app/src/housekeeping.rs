//! What is no longer needed is removed, a bounded part at a time.

use chrono::TimeDelta;

use crate::{Context, Result};

/// How long an ended session is kept for those who look after theft.
const ENDED_SESSIONS: TimeDelta = TimeDelta::days(30);

/// Events removed at once.
const EVENTS: u32 = 2_000;

/// Removes events past their time, sessions that ended long ago and answers that nobody may ask for again.
pub async fn clean(cx: &Context) -> Result<()> {
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    let sessions = tx.sessions().prune(now - ENDED_SESSIONS).await?;
    let keys = tx.idempotency().prune(now - cx.settings.idempotency_ttl).await?;
    tx.commit().await?;
    // In short transactions, so that on one writer no dispatch waits for all of them.
    let mut events = 0;
    loop {
        let mut tx = cx.store.write().await?;
        let gone = tx.event_log().prune(now - cx.settings.event_retention, EVENTS).await?;
        tx.commit().await?;
        events += gone;
        if gone < u64::from(EVENTS) {
            break;
        }
    }
    if sessions + events + keys > 0 {
        tracing::info!(sessions, keys, events, "housekeeping");
    }
    Ok(())
}
