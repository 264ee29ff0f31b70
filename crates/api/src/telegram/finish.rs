//! `POST /telegram/tasks/finalize`.

use app::Context;
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::{MultiLine, TaskCode, TelegramId, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::TelegramCaller;
use crate::error::Result;
use crate::extract::Json;
use crate::field;
use crate::problem::Problem;
use crate::refusal::Asker;

/// A task to be closed.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"codigo": "OPE-2026-002", "telegram_id": 123_456_789}))]
pub struct FinalizeIn {
    /// 3 to 20 characters, upper-cased.
    #[serde(deserialize_with = "field::checked::<_, String, _>")]
    #[schema(value_type = String, pattern = "^[A-Za-z0-9_-]{3,20}$")]
    codigo: TaskCode,
    /// Who closes it.
    telegram_id: i64,
    /// At most 500 characters, for the history.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500)]
    observaciones: Option<MultiLine<0, 500>>,
}

/// A closed task.
#[derive(Serialize, ToSchema)]
pub struct FinalizeOut {
    /// `false` when it was closed before.
    success: bool,
    /// In words.
    message: String,
    /// Number.
    task_id: i64,
    /// Short name.
    codigo: String,
    /// When it was closed.
    finalized_at: Option<DateTime<Utc>>,
}

/// Closes a task. One that is closed already stays as it is.
#[utoipa::path(post, path = "/api/v1/telegram/tasks/finalize", tag = "telegram",
    operation_id = "telegram_task_finalize", security(("bearer" = [])),
    request_body = FinalizeIn,
    responses((status = 200, body = FinalizeOut), (status = "4XX", body = Problem)))]
pub async fn finish(
    State(cx): State<Context>,
    TelegramCaller(caller): TelegramCaller,
    asker: Asker,
    Json(body): Json<FinalizeIn>,
) -> Result<Json<FinalizeOut>> {
    let actor = caller.acting_as(&cx, TelegramId(body.telegram_id)).await?;
    asker.is(&actor);
    let reason = body.observaciones.as_ref().map(Text::as_str).filter(|text| !text.is_empty());
    let finished = app::task::finish(&cx, &actor, &body.codigo, reason).await?;
    let code = &finished.task.code;
    let message = if finished.already {
        format!("La tarea {code} ya está finalizada")
    } else {
        format!("Tarea {code} finalizada exitosamente")
    };
    Ok(Json(FinalizeOut {
        success: !finished.already,
        message,
        task_id: finished.task.id.0,
        codigo: code.as_str().to_owned(),
        finalized_at: finished.task.finished_at,
    }))
}
