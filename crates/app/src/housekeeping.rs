//! What is no longer needed is removed, a bounded part at a time.

use chrono::TimeDelta;

use crate::{Context, Result};

/// How long an ended session is kept for those who look after theft.
const ENDED_SESSIONS: TimeDelta = TimeDelta::days(30);

/// Removes sessions that ended long ago and answers that nobody may ask for again.
pub async fn clean(cx: &Context) -> Result<()> {
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    let sessions = tx.sessions().prune(now - ENDED_SESSIONS).await?;
    let keys = tx.idempotency().prune(now - cx.settings.idempotency_ttl).await?;
    tx.commit().await?;
    if sessions + keys > 0 {
        tracing::info!(sessions, keys, "housekeeping");
    }
    Ok(())
}
