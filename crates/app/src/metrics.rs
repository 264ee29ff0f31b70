//! Figures over ended tasks, by kind and priority. The rows are reckoned by a worker after the
//! fact: within the change itself the percentiles would make each of them a hot row.

use chrono::TimeDelta;
use domain::metrics::TaskMetrics;

use crate::policy::{self, Permission};
use crate::{Actor, Context, Result};

/// How late a transaction may commit after the time that it wrote down.
const OVERLAP: TimeDelta = TimeDelta::seconds(60);

/// Reckons the rows anew whose tasks have ended since; gives how many.
pub async fn refresh(cx: &Context) -> Result<usize> {
    let outdated = cx.store.read().await?.metrics().outdated(OVERLAP).await?;
    // One short transaction a row, so that on one writer no dispatch waits for all of them.
    for (kind, priority) in &outdated {
        let now = cx.clock.now();
        let mut tx = cx.store.write().await?;
        let (durations, cancelled) = tx.metrics().durations(*kind, *priority).await?;
        tx.metrics().put(&TaskMetrics::of(*kind, *priority, durations, cancelled, now)).await?;
        tx.commit().await?;
    }
    Ok(outdated.len())
}

/// All rows, by kind and priority.
pub async fn list(cx: &Context, actor: &Actor) -> Result<Vec<TaskMetrics>> {
    policy::require(actor, Permission::ViewTeamMetrics)?;
    Ok(cx.store.read().await?.metrics().all().await?)
}
