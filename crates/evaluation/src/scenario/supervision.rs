//! Tasks, the runtime and the invariant of dispatch, after the loads before.

use anyhow::Result;

use super::Stage;
use crate::client::{Figures, label};
use crate::measure::{Evidence, count};
use crate::target::Role;
use crate::text::text;

/// Looks.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    let client = stage.target.client(Role::Supervisor).await?;
    let figures = client.figures().await?;
    let mut evidence = Evidence::default();
    let down = figures.all("gad_task_up").filter(|(_, up)| *up == 0.0).count();
    evidence.note("tasks.down", count(down), "", text("tareas caídas", "tasks that are down"));
    // An office that does not export the figure has not been measured.
    if let Some((_, unattended)) = figures.all("gad_emergencies_unattended").next() {
        let what = text("emergencias sin efectivo que no esperan", "emergencies without an officer that do not wait");
        evidence.note("dispatch.unattended", unattended, "", what);
    }
    let restarts = figures.sum("gad_task_restarts_total");
    evidence.note("tasks.restarts", restarts, "", text("tareas reiniciadas", "tasks started anew"));
    for (name, part, what) in [
        ("runtime.stall_p99_ms", 0.99, text("p99 de la demora del planificador", "p99 of the delay of the scheduler")),
        ("runtime.stall_max_ms", 1.0, text("mayor demora del planificador", "longest delay of the scheduler")),
    ] {
        if let Some(bound) = stall(None, &figures, part) {
            evidence.note(name, bound * 1000.0, "ms", what);
        }
    }
    let polls = figures.sum("gad_task_polls_total");
    evidence.note("tasks.polls", polls, "", text("turnos de las tareas", "turns of tasks"));
    Ok(evidence)
}

/// The bound of the bucket below which a part of all delays since `before` lies, in seconds.
pub fn stall(before: Option<&Figures>, after: &Figures, part: f64) -> Option<f64> {
    let since = |name: &str| after.sum(name) - before.map_or(0.0, |before| before.sum(name));
    let all = since("gad_runtime_stall_seconds_count");
    let name = "gad_runtime_stall_seconds_bucket";
    let earlier = |bound: &str| before.map_or(0.0, |before| before.sum_where(name, "le", bound));
    let mut bounds: Vec<(f64, f64)> = after
        .all(name)
        .filter_map(|(labels, within)| {
            let bound = label(labels, "le")?;
            Some((bound.parse().ok()?, within - earlier(bound)))
        })
        .collect();
    bounds.retain(|(bound, _)| bound.is_finite());
    bounds.sort_by(|one, other| one.0.total_cmp(&other.0));
    let beyond = bounds.last().map(|(bound, _)| 2.0 * bound);
    let within = bounds.into_iter().find(|(_, within)| *within >= part * all).map(|(bound, _)| bound);
    if all > 0.0 { within.or(beyond) } else { None }
}
