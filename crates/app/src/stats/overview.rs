//! The office at a glance.

use store::stats::Overview;

use crate::policy::{self, Permission};
use crate::{Actor, Context, Result};

/// Counts over the whole office.
pub async fn overview(cx: &Context, actor: &Actor) -> Result<Overview> {
    policy::require(actor, Permission::ViewTeamMetrics)?;
    glance(cx).await
}

/// The same, for those who tell it only to people who may see it.
pub async fn glance(cx: &Context) -> Result<Overview> {
    Ok(cx.store.read().await?.stats().overview().await?)
}
