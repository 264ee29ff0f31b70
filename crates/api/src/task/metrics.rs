//! `GET /metricas/tareas`.

use app::Context;
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::metrics::TaskMetrics;
use domain::{Priority, TaskKind};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Result;
use crate::extract::{Authenticated, Json};
use crate::problem::Problem;
use crate::schema::TipoTarea;

/// Figures over the ended tasks of one kind and priority; durations in hours.
#[derive(Serialize, ToSchema)]
pub struct MetricsOut {
    #[schema(value_type = TipoTarea)]
    tipo_tarea: TaskKind,
    #[schema(value_type = u8, minimum = 1, maximum = 5)]
    prioridad: Priority,
    total_tareas: i64,
    total_horas: f64,
    tiempo_promedio_horas: Option<f64>,
    /// Percent.
    tasa_exito: Option<f64>,
    duracion_p25: Option<f64>,
    duracion_p50: Option<f64>,
    duracion_p75: Option<f64>,
    duracion_min: Option<f64>,
    duracion_max: Option<f64>,
    ultima_actualizacion: DateTime<Utc>,
}

impl From<TaskMetrics> for MetricsOut {
    fn from(row: TaskMetrics) -> Self {
        Self {
            tipo_tarea: row.kind,
            prioridad: row.priority,
            total_tareas: row.total,
            total_horas: row.total_hours,
            tiempo_promedio_horas: row.spread.map(|spread| spread.mean),
            tasa_exito: row.success_rate,
            duracion_p25: row.spread.map(|spread| spread.p25),
            duracion_p50: row.spread.map(|spread| spread.p50),
            duracion_p75: row.spread.map(|spread| spread.p75),
            duracion_min: row.spread.map(|spread| spread.min),
            duracion_max: row.spread.map(|spread| spread.max),
            ultima_actualizacion: row.updated_at,
        }
    }
}

/// Figures over ended tasks, by kind and priority, for level 2.
#[utoipa::path(get, path = "/api/v1/metricas/tareas", tag = "tasks",
    operation_id = "task_metrics", security(("bearer" = [])),
    responses((status = 200, body = Vec<MetricsOut>), (status = "4XX", body = Problem)))]
pub async fn metrics(State(cx): State<Context>, Authenticated(actor): Authenticated) -> Result<Json<Vec<MetricsOut>>> {
    let rows = app::metrics::list(&cx, &actor).await?;
    Ok(Json(rows.into_iter().map(MetricsOut::from).collect()))
}
