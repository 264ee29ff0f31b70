//! An assignment on the wire.

use app::assignment::Sent;
use chrono::{DateTime, Utc};
use domain::{Assignment, AssignmentStep, Task};
use serde::Serialize;
use utoipa::ToSchema;

use crate::schema::{CanalAsignacion, EstadoAsignacion, TipoAsignacion};

/// One step of an assignment.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepOut {
    /// What it became.
    #[schema(value_type = EstadoAsignacion)]
    estado: &'static str,
    /// When.
    en: DateTime<Utc>,
    /// The user who did it; `null` for the server itself.
    usuario_id: Option<i64>,
    /// The officer's user, where another user acted for the officer.
    en_nombre_de: Option<i64>,
    /// By which channel.
    #[schema(value_type = CanalAsignacion)]
    canal: &'static str,
    /// Why, in words.
    motivo: Option<String>,
}

impl From<&AssignmentStep> for StepOut {
    fn from(step: &AssignmentStep) -> Self {
        Self {
            estado: step.state.as_str(),
            en: step.at,
            usuario_id: step.by.map(|user| user.0),
            en_nombre_de: step.on_behalf_of.map(|user| user.0),
            canal: step.channel.as_str(),
            motivo: step.reason.clone(),
        }
    }
}

/// An assignment, which holds its officer, or an offer, which does not.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssignmentOut {
    /// Number.
    pub id: i64,
    tarea_id: i64,
    tarea_codigo: String,
    tarea_titulo: String,
    efectivo_id: i64,
    /// The officer's internal code; `null` when the officer was deleted.
    efectivo_codigo: Option<String>,
    /// The officer's name; `null` when the officer was deleted.
    efectivo_nombre: Option<String>,
    /// The officer's telephone number, for those who may call.
    efectivo_telefono: Option<String>,
    #[schema(value_type = TipoAsignacion)]
    tipo: &'static str,
    #[schema(value_type = EstadoAsignacion)]
    estado: &'static str,
    /// From when its deadlines run; `null` for rows that are older than the lifecycle.
    corre_desde: Option<DateTime<Utc>>,
    /// By when it must be accepted; `null` without a deadline.
    vence_en: Option<DateTime<Utc>>,
    /// The user who took the alert on at the desk.
    tomada_por: Option<i64>,
    /// When.
    tomada_en: Option<DateTime<Utc>>,
    /// The escalation step that was taken last: 0 none, 1 a second officer, 2 a third, 3 all in the radius.
    paso_escalamiento: u32,
    /// Further calls of the same caller that were joined to the task.
    llamadas_unidas: u32,
    /// Its steps, oldest first.
    pasos: Vec<StepOut>,
}

impl AssignmentOut {
    /// An assignment of a task, without its officer's data.
    pub fn of_task(assignment: &Assignment, task: &Task) -> Self {
        Self {
            id: assignment.id.0,
            tarea_id: task.id.0,
            tarea_codigo: task.code.as_str().to_owned(),
            tarea_titulo: task.title.as_str().to_owned(),
            efectivo_id: assignment.officer.0,
            efectivo_codigo: None,
            efectivo_nombre: None,
            efectivo_telefono: None,
            tipo: assignment.kind.as_str(),
            estado: assignment.state.as_str(),
            corre_desde: assignment.runs_from,
            vence_en: assignment.ack_due,
            tomada_por: None,
            tomada_en: None,
            paso_escalamiento: 0,
            llamadas_unidas: 0,
            pasos: assignment.steps.iter().map(StepOut::from).collect(),
        }
    }
}

impl From<Sent> for AssignmentOut {
    fn from(sent: Sent) -> Self {
        let mut out = Self::of_task(&sent.assignment, &sent.task);
        if let Some(officer) = sent.officer {
            out.efectivo_nombre = Some(officer.full_name());
            out.efectivo_codigo = Some(officer.internal_code.into_string());
        }
        out.efectivo_telefono = sent.phone.map(|phone| phone.reveal().to_owned());
        if let Some(dispatch) = sent.dispatch {
            out.tomada_por = dispatch.taken_by.map(|user| user.0);
            out.tomada_en = dispatch.taken_at;
            out.paso_escalamiento = dispatch.step;
            out.llamadas_unidas = dispatch.joined_calls;
        }
        out
    }
}
