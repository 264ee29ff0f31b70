//! `POST /tasks/emergency`.

use app::dispatch::{Emergency, EmergencyCall};
use app::telegram::Caller;
use app::{Context, Error};
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::{Level, MultiLine, TelegramId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::create::{MOST_OFFICERS, widen};
use crate::error::Result;
use crate::extract::Json;
use crate::field;
use crate::problem::Problem;
use crate::telegram::RestCaller;

/// A call for help.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"telegram_id": 0, "lat": -34.6037, "lng": -58.3816, "descripcion": "Choque con heridos"}))]
pub struct EmergencyIn {
    /// 0 from the dashboard, else the Telegram account that calls: the caller's own, or any from level 2 on.
    /// It is kept with the task, and its owner, where there is one, becomes the creator.
    telegram_id: i64,
    /// Degrees north.
    #[serde(deserialize_with = "field::latitude")]
    #[schema(minimum = -90, maximum = 90)]
    lat: f64,
    /// Degrees east.
    #[serde(deserialize_with = "field::longitude")]
    #[schema(minimum = -180, maximum = 180)]
    lng: f64,
    /// What happens; at most 1000 characters.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 1000)]
    descripcion: Option<MultiLine<0, 1000>>,
    /// Officers whom a supervisor chose (level 2); without them the server chooses.
    #[serde(default, deserialize_with = "field::numbers::<_, MOST_OFFICERS>")]
    #[schema(max_items = 500)]
    efectivos: Vec<i64>,
    /// Send the chosen officers although the rules exclude them (level 2); audited.
    #[serde(default)]
    forzar: bool,
}

/// What became of it.
#[derive(Serialize, ToSchema)]
pub struct EmergencyOut {
    /// Who is sent; `null` while nobody is free.
    assigned_efectivo_id: Option<i64>,
    /// How far that officer was, in metres.
    distance_m: Option<f64>,
    /// When the call came.
    received_at: DateTime<Utc>,
    /// `assigned`, or `pending` while nobody is free: the first who becomes so is sent.
    status: &'static str,
    /// The task that it became.
    task_id: i64,
    /// Its short name.
    codigo: String,
    /// Whether the call was joined to an open one of the same caller, near by and shortly before.
    unida: bool,
    /// Why the officer is a last choice: `posicion_imprecisa`, `sin_contacto`, `tarea_sin_responder`;
    /// empty otherwise.
    ultima_opcion: Vec<&'static str>,
    /// From when the call may be dispatched, where the caller raised more than the office allows at once.
    despacho_desde: Option<DateTime<Utc>>,
}

impl From<Emergency> for EmergencyOut {
    fn from(emergency: Emergency) -> Self {
        Self {
            assigned_efectivo_id: emergency.assigned.map(|officer| officer.0),
            distance_m: emergency.distance_m,
            received_at: emergency.received_at,
            status: if emergency.assigned.is_some() { "assigned" } else { "pending" },
            task_id: emergency.task.id.0,
            codigo: emergency.task.code.as_str().to_owned(),
            unida: emergency.joined,
            ultima_opcion: emergency.last_choice.iter().map(|reason| reason.as_str()).collect(),
            despacho_desde: emergency.task.dispatch_from,
        }
    }
}

/// Makes a task of a call for help and sends the nearest free officer, in one step.
#[utoipa::path(post, path = "/api/v1/tasks/emergency", tag = "tasks",
    operation_id = "emergency_raise", security(("bearer" = [])),
    request_body = EmergencyIn,
    responses((status = 200, body = EmergencyOut), (status = "4XX", body = Problem)))]
pub async fn emergency(
    State(cx): State<Context>,
    RestCaller(caller): RestCaller,
    Json(body): Json<EmergencyIn>,
) -> Result<Json<EmergencyOut>> {
    let actor = match &caller {
        Caller::User(actor) => actor.clone(),
        // The program raises the call on behalf of the account's owner, with the owner's rights.
        Caller::Service(_) | Caller::Bot(_) => caller.acting_as(&cx, TelegramId(body.telegram_id)).await?,
    };
    let named = Some(TelegramId(body.telegram_id)).filter(|named| named.0 != 0 && actor.telegram() != Some(*named));
    if named.is_some() && actor.level() < Some(Level::Supervisor) {
        return Err(Error::invalid("telegram_id", "must be 0 or the caller's own Telegram account").into());
    }
    let call = EmergencyCall {
        point: field::point(body.lat, body.lng)?,
        description: body.descripcion.map(widen).transpose()?,
        officers: super::create::officers(body.efectivos),
        force: body.forzar,
        called_at: None,
        telegram: named,
    };
    Ok(Json(app::dispatch::raise(&cx, &actor, call).await?.into()))
}
