//! `POST /admin/telegram/send`.

use app::Context;
use app::admin::Announcement;
use axum::extract::State;
use domain::MultiLine;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Result;
use crate::extract::{Authenticated, Json};
use crate::problem::Problem;

/// One of the office's groups.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// Everybody.
    General,
    /// Supervisors.
    Supervisores,
    /// Who answers emergencies.
    Emergencias,
    /// Operations.
    Operaciones,
}

/// How it is to sound.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// Like any message.
    Normal,
    /// A warning.
    Alert,
    /// At once.
    Urgent,
    /// For information.
    Info,
}

/// What is to be said, and to whom.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"group": "general", "type": "info", "message": "Cambio de turno a las 18"}))]
pub struct SendIn {
    /// To whom.
    group: Group,
    /// How.
    #[serde(rename = "type")]
    tone: Tone,
    /// 1 to 4096 characters.
    #[schema(value_type = String, min_length = 1, max_length = 4096)]
    message: MultiLine<1, 4096>,
}

/// What became of it.
#[derive(Serialize, ToSchema)]
pub struct SendOut {
    /// `queued`: the bot delivers it.
    status: &'static str,
    /// How many have it already.
    sent: u64,
}

impl Group {
    const fn word(&self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Supervisores => "supervisores",
            Self::Emergencias => "emergencias",
            Self::Operaciones => "operaciones",
        }
    }
}

impl Tone {
    const fn word(&self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Alert => "alert",
            Self::Urgent => "urgent",
            Self::Info => "info",
        }
    }
}

/// Says something to one of the office's groups.
#[utoipa::path(post, path = "/api/v1/admin/telegram/send", tag = "admin",
    operation_id = "announcement_send", security(("bearer" = [])),
    request_body = SendIn,
    responses((status = 200, body = SendOut), (status = "4XX", body = Problem)))]
pub async fn send(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Json(body): Json<SendIn>,
) -> Result<Json<SendOut>> {
    let (group, level) = (body.group.word().to_owned(), body.tone.word().to_owned());
    app::admin::announce(&cx, &actor, Announcement { group, level, message: body.message }).await?;
    Ok(Json(SendOut { status: "queued", sent: 0 }))
}
