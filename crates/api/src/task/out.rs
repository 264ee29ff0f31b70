//! A task on the wire.

use chrono::{DateTime, Utc};
use domain::{Priority, Task, TaskKind, TaskState};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::{EstadoTarea, TipoTarea};

/// A task.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskOut {
    /// Number.
    pub id: i64,
    /// Number for the outside.
    pub uuid: Uuid,
    /// Short name.
    #[schema(example = "OPE-2026-001")]
    pub codigo: String,
    /// Title.
    pub titulo: String,
    /// How far it has come.
    #[schema(value_type = EstadoTarea)]
    pub estado: TaskState,
    /// What it is about.
    #[schema(value_type = TipoTarea)]
    pub tipo: TaskKind,
    /// 1 (low) to 5 (critical).
    #[schema(value_type = u8, minimum = 1, maximum = 5)]
    pub prioridad: Priority,
    /// The supervisor who answers for it.
    pub delegado_usuario_id: i64,
    /// Who made it.
    pub creado_por_usuario_id: i64,
    /// When it should begin.
    pub inicio_programado: DateTime<Utc>,
    /// What is to be done.
    pub descripcion: Option<String>,
    /// When it should end.
    pub fin_programado: Option<DateTime<Utc>>,
    /// When it began.
    pub inicio_real: Option<DateTime<Utc>>,
    /// When it ended.
    pub fin_real: Option<DateTime<Utc>>,
    /// Since when it is paused.
    pub pausado_en: Option<DateTime<Utc>>,
    /// Sum of all closed pauses, in seconds.
    pub tiempo_pausado: f64,
    /// Hours of work, pauses left out; when finished.
    pub duracion_real_horas: Option<f64>,
    /// Officers who are sent.
    pub efectivos_asignados: Vec<i64>,
    /// Degrees north.
    pub ubicacion_lat: Option<f64>,
    /// Degrees east.
    pub ubicacion_lon: Option<f64>,
    /// Where, in words.
    pub ubicacion_descripcion: Option<String>,
    /// An emergency that waits for the first officer who becomes free and near.
    pub espera_efectivo: bool,
    /// Whether it was raised as a call for help.
    pub emergencia: bool,
    /// When made.
    pub fecha_creacion: DateTime<Utc>,
    /// When last changed.
    pub fecha_actualizacion: DateTime<Utc>,
    /// Grows with each change; also the `ETag`.
    pub version: i64,
}

impl From<Task> for TaskOut {
    fn from(task: Task) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "pauses stay below 2^53 microseconds")]
        let paused = task.paused_total.num_microseconds().unwrap_or(i64::MAX) as f64 / 1e6;
        Self {
            id: task.id.0,
            uuid: task.uuid,
            codigo: task.code.as_str().to_owned(),
            titulo: task.title.into_string(),
            estado: task.state,
            tipo: task.kind,
            prioridad: task.priority,
            delegado_usuario_id: task.delegate.0,
            creado_por_usuario_id: task.creator.0,
            inicio_programado: task.scheduled_start,
            descripcion: task.description.map(domain::Text::into_string),
            fin_programado: task.scheduled_end,
            inicio_real: task.started_at,
            fin_real: task.finished_at,
            pausado_en: task.paused_at,
            tiempo_pausado: paused,
            duracion_real_horas: task.duration_hours,
            efectivos_asignados: task.officers.iter().map(|id| id.0).collect(),
            ubicacion_lat: task.location.map(domain::Point::lat),
            ubicacion_lon: task.location.map(domain::Point::lng),
            ubicacion_descripcion: task.location_description.map(domain::Text::into_string),
            espera_efectivo: task.awaits_officer,
            emergencia: task.emergency,
            fecha_creacion: task.created_at,
            fecha_actualizacion: task.updated_at,
            version: task.version,
        }
    }
}
