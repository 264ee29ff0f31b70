//! Events as clients hear of them (contract §4.3 and §4.4).

use chrono::{DateTime, Utc};
use domain::event::{CREATED, DELETED};
use domain::{Event, Officer, Position, Task};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::notice::{NoticeOut, value};
use crate::assignment::{AssignmentOut, StepOut};
use crate::officer::OfficerOut;
use crate::task::TaskOut;

/// `data` of what concerns a task.
#[derive(Serialize, ToSchema)]
pub struct TaskEventOut {
    task_id: i64,
    /// The task as it is now, with what changed.
    task_data: TaskDataOut,
    /// `created`, `updated`, `status_changed`, `assigned` or `deleted`.
    sub_event_type: &'static str,
}

/// A task, and what changed in it.
#[derive(Serialize, ToSchema)]
pub struct TaskDataOut {
    #[serde(flatten)]
    task: TaskOut,
    /// State before; only when the state changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    old_status: Option<&'static str>,
    /// State after; only when the state changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    new_status: Option<&'static str>,
    /// Wire names of the fields that changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changed: Vec<String>,
    /// Officers who are new on it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    nuevos_efectivos: Vec<i64>,
}

/// `data` of `efectivo_status_changed`.
#[derive(Serialize, ToSchema)]
pub struct OfficerEventOut {
    efectivo_id: i64,
    efectivo_data: OfficerDataOut,
    /// The officer as `GET /efectivos/{efectivo_id}` shows it; only when made or changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    efectivo: Option<OfficerOut>,
    /// Wire names of the fields that changed; only when changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changed: Vec<String>,
    /// `status_changed`, `created`, `updated` or `deleted`.
    sub_event_type: &'static str,
}

/// An officer, and the availability before and now.
#[derive(Serialize, ToSchema)]
pub struct OfficerDataOut {
    id: i64,
    nombre: String,
    apellido: Option<String>,
    estado_disponibilidad: &'static str,
    rango: Option<String>,
    fecha_actualizacion: DateTime<Utc>,
    old_status: &'static str,
    new_status: &'static str,
}

/// `data` of `efectivo_location_update`.
#[derive(Serialize, ToSchema)]
pub struct PositionEventOut {
    efectivo_id: i64,
    efectivo_data: PositionDataOut,
    /// Always `location_update`.
    sub_event_type: &'static str,
}

/// Where an officer is.
#[derive(Serialize, ToSchema)]
pub struct PositionDataOut {
    id: i64,
    /// Degrees north.
    lat: f64,
    /// Degrees east.
    lng: f64,
    /// Radius in metres.
    precision_m: Option<f64>,
    reported_at: DateTime<Utc>,
}

/// `data` of `alert` for an emergency or an urgent task.
#[derive(Serialize, ToSchema)]
pub struct AlertOut {
    task_id: i64,
    codigo: String,
    titulo: String,
    /// `urgente` or `critica`.
    prioridad: &'static str,
    /// Number of the user who raised it.
    creador: i64,
    message: String,
    assigned_efectivo_id: Option<i64>,
    distance_m: Option<f64>,
    lat: Option<f64>,
    lng: Option<f64>,
}

/// `data` of `user_activity`.
#[derive(Serialize, ToSchema)]
pub struct UserEventOut {
    /// Always `user`.
    r#type: &'static str,
    user_id: i64,
    /// Wire names of the fields that changed.
    changed: Vec<String>,
}

/// `data` of `assignment_changed`.
#[derive(Serialize, ToSchema)]
pub struct AssignmentEventOut {
    task_id: i64,
    efectivo_id: i64,
    /// The assignment as it is now, without its officer's data.
    asignacion: AssignmentOut,
    /// The steps that were added, oldest first.
    pasos_nuevos: Vec<StepOut>,
    /// The task as it is now.
    tarea: TaskOut,
    /// Always `assignment_changed`.
    sub_event_type: &'static str,
}

/// `data` of `dispatch_escalated`.
#[derive(Serialize, ToSchema)]
pub struct EscalationOut {
    task_id: i64,
    codigo: String,
    titulo: String,
    /// `sin_aceptar`, `sin_efectivos`, `espera_larga` or `rechazada`.
    motivo: &'static str,
    /// 1 a second officer, 2 a third, 3 all in the radius; 0 for none of these.
    paso: u32,
    /// Officers to whom it was offered now.
    ofrecida_a: Vec<i64>,
    /// The task as it is now.
    tarea: TaskOut,
}

/// `data` of `alert_taken`.
#[derive(Serialize, ToSchema)]
pub struct AlertTakenOut {
    task_id: i64,
    codigo: String,
    /// The user who took it on.
    tomada_por: i64,
}

fn about(task: &Task, sub_event_type: &'static str, add: impl FnOnce(&mut TaskDataOut)) -> Value {
    let mut task_data = TaskDataOut {
        task: task.clone().into(),
        old_status: None,
        new_status: None,
        changed: Vec::new(),
        nuevos_efectivos: Vec::new(),
    };
    add(&mut task_data);
    value(TaskEventOut { task_id: task.id.0, task_data, sub_event_type })
}

fn alert(task: &Task, assigned: Option<i64>, distance_m: Option<f64>) -> Value {
    let is_critical = task.priority.number() >= 5;
    let message = match (is_critical, assigned) {
        (false, _) => format!("Tarea urgente: {}", task.title),
        (true, Some(_)) => format!("Emergencia {}: efectivo asignado", task.code),
        (true, None) => format!("Emergencia {}: sin efectivo libre, en espera", task.code),
    };
    value(AlertOut {
        task_id: task.id.0,
        codigo: task.code.as_str().to_owned(),
        titulo: task.title.as_str().to_owned(),
        prioridad: if is_critical { "critica" } else { "urgente" },
        creador: task.creator.0,
        message,
        assigned_efectivo_id: assigned,
        distance_m,
        lat: task.location.map(domain::Point::lat),
        lng: task.location.map(domain::Point::lng),
    })
}

fn officer_data(officer: &Officer, from: domain::Availability) -> OfficerDataOut {
    OfficerDataOut {
        id: officer.id.0,
        nombre: officer.given_name.reveal().to_owned(),
        apellido: officer.family_name.as_ref().map(|name| name.reveal().to_owned()),
        estado_disponibilidad: officer.availability.as_str(),
        rango: officer.rank.as_ref().map(|rank| rank.as_str().to_owned()),
        fecha_actualizacion: officer.availability_since,
        old_status: from.as_str(),
        new_status: officer.availability.as_str(),
    }
}

fn officer_moved_on(officer: &Officer, from: domain::Availability) -> Value {
    value(OfficerEventOut {
        efectivo_id: officer.id.0,
        efectivo_data: officer_data(officer, from),
        efectivo: None,
        changed: Vec::new(),
        sub_event_type: "status_changed",
    })
}

fn officer_edited(officer: &Officer, changed: &[String]) -> Value {
    let is = |word: &str| changed.iter().any(|name| name == word);
    let (sub_event_type, names) = if is(DELETED) {
        ("deleted", Vec::new())
    } else if is(CREATED) {
        ("created", Vec::new())
    } else {
        ("updated", changed.to_vec())
    };
    value(OfficerEventOut {
        efectivo_id: officer.id.0,
        efectivo_data: officer_data(officer, officer.availability),
        efectivo: (sub_event_type != "deleted").then(|| officer.clone().into()),
        changed: names,
        sub_event_type,
    })
}

fn place(position: &Position) -> PositionDataOut {
    PositionDataOut {
        id: position.officer.0,
        lat: position.point.lat(),
        lng: position.point.lng(),
        precision_m: position.accuracy_m,
        reported_at: position.measured_at,
    }
}

/// `data` of one position.
pub fn position(position: &Position) -> Value {
    let efectivo_data = place(position);
    value(PositionEventOut { efectivo_id: position.officer.0, efectivo_data, sub_event_type: "location_update" })
}

/// `data` of an event. Of reported positions there is none: they are told one by one, see [`position`].
pub fn of(event: &Event) -> Value {
    match event {
        Event::TaskCreated { task } => about(task, "created", |_| {}),
        Event::TaskUpdated { task, changed, .. } => about(task, "updated", |data| data.changed.clone_from(changed)),
        Event::TaskStatusChanged { task, from, .. } => about(task, "status_changed", |data| {
            data.old_status = Some(from.as_str());
            data.new_status = Some(task.state.as_str());
        }),
        Event::TaskAssigned { task, officers } => about(task, "assigned", |data| {
            data.nuevos_efectivos = officers.iter().map(|officer| officer.0).collect();
        }),
        Event::TaskDeleted { task } => about(task, "deleted", |_| {}),
        Event::OfficerStatusChanged { officer, from } => officer_moved_on(officer, *from),
        Event::OfficerChanged { officer, changed } => officer_edited(officer, changed),
        Event::PositionsReported { .. } => Value::Null,
        Event::EmergencyRaised { task, assigned, distance_m, .. } => {
            alert(task, assigned.map(|officer| officer.0), *distance_m)
        }
        Event::UserChanged { user, changed } => {
            value(UserEventOut { r#type: "user", user_id: user.0, changed: changed.clone() })
        }
        Event::AssignmentChanged { task, assignment, added } => value(AssignmentEventOut {
            task_id: task.id.0,
            efectivo_id: assignment.officer.0,
            asignacion: AssignmentOut::of_task(assignment, task),
            pasos_nuevos: added.iter().map(StepOut::from).collect(),
            tarea: (**task).clone().into(),
            sub_event_type: "assignment_changed",
        }),
        Event::DispatchEscalated { task, reason, step, offered } => value(EscalationOut {
            task_id: task.id.0,
            codigo: task.code.as_str().to_owned(),
            titulo: task.title.as_str().to_owned(),
            motivo: reason.as_str(),
            paso: *step,
            ofrecida_a: offered.iter().map(|officer| officer.0).collect(),
            tarea: (**task).clone().into(),
        }),
        Event::AlertTaken { task, by } => {
            value(AlertTakenOut { task_id: task.id.0, codigo: task.code.as_str().to_owned(), tomada_por: by.0 })
        }
        Event::Announcement { group, level, message } => value(NoticeOut {
            title: format!("Anuncio: {group}"),
            content: message.clone(),
            level: level.clone(),
            group: Some(group.clone()),
            expires_at: None,
        }),
    }
}
