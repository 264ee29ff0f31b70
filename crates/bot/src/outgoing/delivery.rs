//! Messages that were sent, as steps of the assignments of which they notify.

use app::{Context, Result};
use domain::AssignmentId;

/// Records what was delivered just now. What fails is recorded by [`reconcile`].
pub async fn record(cx: &Context, delivered: &[AssignmentId]) {
    for id in delivered {
        if let Err(error) = app::assignment::record_delivery(cx, *id, cx.clock.now()).await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(assignment.id = id.0, error, "delivery not recorded yet");
        }
    }
}

/// Records deliveries that were written as sent while their recording failed, or the process ended
/// in between.
///
/// # Errors
/// As use cases do.
pub async fn reconcile(cx: &Context) -> Result<()> {
    let recorded = app::assignment::record_deliveries_left(cx).await?;
    if recorded > 0 {
        tracing::info!(recorded, "deliveries recorded late");
    }
    Ok(())
}
