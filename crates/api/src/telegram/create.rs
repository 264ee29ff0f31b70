//! `POST /telegram/tasks/create`.

use app::telegram::NewTelegramTask;
use app::{Context, Error};
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use domain::task::TelegramKind;
use domain::{MultiLine, Priority, TaskCode, TelegramId, Text};
use serde::{Deserialize, Serialize};
use store::Rule;
use utoipa::ToSchema;

use super::TelegramCaller;
use crate::error::{ApiError, Result};
use crate::extract::Json;
use crate::field;
use crate::problem::Problem;
use crate::refusal::Asker;
use crate::task::create::widen;

/// Most accounts that one task may name.
const MOST_OFFICERS: usize = 100;

/// A task as the bot asks for it.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"telegram_id": 123_456_789, "tipo": "operativa", "codigo": "OPE-2026-002",
    "titulo": "Recorrer el puerto", "prioridad": "alta"}))]
pub struct TelegramTaskIn {
    /// Who sends it, makes it and answers for it.
    telegram_id: i64,
    /// `operativa`, `administrativa`, `inspeccion`, `patrullaje` or `emergencia`, in any case.
    #[schema(value_type = String)]
    tipo: KindIn,
    /// 3 to 20 letters, digits, `-` and `_`; upper-cased.
    #[serde(deserialize_with = "field::checked::<_, String, _>")]
    #[schema(value_type = String, pattern = "^[A-Za-z0-9_-]{3,20}$")]
    codigo: TaskCode,
    /// 5 to 200 characters.
    #[schema(value_type = String, min_length = 5, max_length = 200)]
    titulo: Text<5, 200>,
    /// At most 1000 characters.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 1000)]
    descripcion: Option<MultiLine<0, 1000>>,
    /// `baja`, `media`, `alta` or `urgente`.
    #[serde(default)]
    #[schema(value_type = Option<String>, default = "media", pattern = "^([Bb][Aa][Jj][Aa]|[Mm][Ee][Dd][Ii][Aa]|[Aa][Ll][Tt][Aa]|[Uu][Rr][Gg][Ee][Nn][Tt][Ee])$")]
    prioridad: PriorityIn,
    /// Where, in at most 200 characters.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    ubicacion: Option<Text<0, 200>>,
    /// Telegram accounts of the officers who are sent, at most 100.
    #[serde(default, deserialize_with = "field::numbers::<_, MOST_OFFICERS>")]
    #[schema(max_items = 100)]
    asignado_a: Vec<i64>,
}

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct KindIn(TelegramKind);

impl TryFrom<String> for KindIn {
    type Error = &'static str;

    fn try_from(word: String) -> Result<Self, Self::Error> {
        let kind = word.trim().to_lowercase().parse();
        kind.map(Self).map_err(|_| "must be one of: operativa, administrativa, inspeccion, patrullaje, emergencia")
    }
}

#[derive(Deserialize)]
#[serde(try_from = "Option<String>")]
struct PriorityIn(Priority);

impl Default for PriorityIn {
    fn default() -> Self {
        Self(Priority::Medium)
    }
}

impl TryFrom<Option<String>> for PriorityIn {
    type Error = &'static str;

    fn try_from(word: Option<String>) -> Result<Self, Self::Error> {
        let Some(word) = word else { return Ok(Self::default()) };
        Priority::from_word(&word.trim().to_lowercase())
            .filter(|priority| *priority != Priority::Critical)
            .map(Self)
            .ok_or("must be one of: baja, media, alta, urgente")
    }
}

/// A made task.
#[derive(Serialize, ToSchema)]
pub struct TelegramTaskMade {
    /// Always `true`.
    success: bool,
    /// In words.
    message: String,
    /// Number.
    task_id: i64,
    /// Short name.
    codigo: String,
    /// When made.
    created_at: DateTime<Utc>,
}

/// Makes a task that begins now.
#[utoipa::path(post, path = "/api/v1/telegram/tasks/create", tag = "telegram",
    operation_id = "telegram_task_create", security(("bearer" = [])),
    request_body = TelegramTaskIn,
    responses((status = 200, body = TelegramTaskMade), (status = "4XX", body = Problem)))]
pub async fn create(
    State(cx): State<Context>,
    TelegramCaller(caller): TelegramCaller,
    asker: Asker,
    Json(body): Json<TelegramTaskIn>,
) -> Result<Json<TelegramTaskMade>> {
    let actor = caller.acting_as(&cx, TelegramId(body.telegram_id)).await?;
    asker.is(&actor);
    let code = body.codigo.clone();
    let new = NewTelegramTask {
        code: body.codigo,
        title: widen(body.titulo)?,
        description: body.descripcion.map(widen).transpose()?,
        kind: body.tipo.0,
        priority: body.prioridad.0,
        place: body.ubicacion.map(widen).transpose()?,
        officers: body.asignado_a.into_iter().map(TelegramId).collect(),
    };
    let task = app::telegram::create(&cx, &actor, new).await.map_err(|error| match error {
        Error::Conflict(Rule::TaskCode) => {
            let detail = format!("Ya existe una tarea con el código {code}");
            ApiError::from(Problem::new(StatusCode::BAD_REQUEST, "duplicate", detail))
        }
        error => error.into(),
    })?;
    Ok(Json(TelegramTaskMade {
        success: true,
        message: format!("Tarea {} creada exitosamente", task.code),
        task_id: task.id.0,
        codigo: task.code.as_str().to_owned(),
        created_at: task.created_at,
    }))
}
