//! Figures for screens (contract §4.3), counted and not made up.

use app::{Actor, Context, Result, policy};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use store::stats::Overview;
use utoipa::ToSchema;

use super::hub::Hub;

/// `data` of `dashboard_update`.
#[derive(Serialize, ToSchema)]
pub struct DashboardOut {
    total_tasks: i64,
    active_tasks: i64,
    completed_tasks: i64,
    pending_tasks: i64,
    active_efectivos: i64,
    available_efectivos: i64,
    busy_efectivos: i64,
    /// Emergencies that wait for an officer.
    alerts_count: i64,
    last_updated: DateTime<Utc>,
}

/// `data` of `metrics_update`. What nobody measures is null.
#[derive(Serialize, ToSchema)]
pub struct MetricsOut {
    performance: PerformanceOut,
    usage: UsageOut,
    system: MachineOut,
}

/// How the work goes.
#[derive(Serialize, ToSchema)]
pub struct PerformanceOut {
    /// Percent of all tasks that are finished.
    task_completion_rate: Option<f64>,
    /// Minutes; not measured yet.
    average_response_time: Option<f64>,
    /// Not measured.
    efficiency_score: Option<f64>,
}

/// Who works.
#[derive(Serialize, ToSchema)]
pub struct UsageOut {
    /// Users with a socket to this process.
    active_users: usize,
    /// Sockets to this process.
    total_sessions: usize,
    /// Not measured.
    peak_concurrent_users: Option<usize>,
}

/// The machine, in percent.
#[derive(Serialize, ToSchema)]
pub struct MachineOut {
    #[serde(rename = "cpu_usage")]
    cpu: Option<f64>,
    #[serde(rename = "memory_usage")]
    memory: Option<f64>,
    #[serde(rename = "storage_usage")]
    storage: Option<f64>,
}

/// The office at a glance, for those who may see it.
pub async fn dashboard(cx: &Context, actor: &Actor) -> Result<Value> {
    Ok(dashboard_of(&app::stats::overview(cx, actor).await?, cx.clock.now()))
}

/// The same of counts at hand.
pub fn dashboard_of(all: &Overview, now: DateTime<Utc>) -> Value {
    let out = DashboardOut {
        total_tasks: all.tasks,
        active_tasks: all.in_progress,
        completed_tasks: all.finished,
        pending_tasks: all.scheduled,
        active_efectivos: all.available + all.on_task,
        available_efectivos: all.available,
        busy_efectivos: all.on_task,
        alerts_count: all.waiting,
        last_updated: now,
    };
    serde_json::to_value(out).unwrap_or_default()
}

/// Figures of the office and of this process.
pub async fn metrics(cx: &Context, hub: &Hub, actor: &Actor) -> Result<Value> {
    let machine = *hub.machine.borrow();
    policy::require(actor, policy::Permission::ViewTeamMetrics)?;
    let all = app::stats::overview(cx, actor).await?;
    let present = hub.registry.present();
    #[expect(clippy::cast_precision_loss, reason = "a percentage needs no more")]
    let rate = (all.tasks > 0).then(|| all.finished as f64 / all.tasks as f64 * 100.0);
    let out = MetricsOut {
        performance: PerformanceOut { task_completion_rate: rate, average_response_time: None, efficiency_score: None },
        usage: UsageOut {
            active_users: present.users,
            total_sessions: present.connections,
            peak_concurrent_users: None,
        },
        system: machine.map_or(MachineOut { cpu: None, memory: None, storage: None }, |now| MachineOut {
            cpu: Some(now.cpu_percent),
            memory: Some(now.memory_percent),
            storage: now.disk_percent,
        }),
    };
    Ok(serde_json::to_value(out).unwrap_or_default())
}
