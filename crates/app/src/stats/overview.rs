//! The office at a glance.

use store::stats::Overview;

use crate::policy::{self, Permission};
use crate::{Actor, Context, Result};

/// Counts over the whole office.
pub async fn overview(cx: &Context, actor: &Actor) -> Result<Overview> {
    policy::require(actor, Permission::ViewTeamMetrics)?;
    Ok(cx.store.read().await?.stats().overview().await?)
}
