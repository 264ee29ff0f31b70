//! `GET /audit/verification`.

use app::Context;
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::audit::Break;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::Result;
use crate::extract::{Authenticated, Json};
use crate::problem::Problem;

/// Whether the proof holds.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Estado {
    /// It held at the last walk.
    Integra,
    /// It did not.
    Rota,
    /// Nobody has walked yet.
    Pendiente,
}

/// How the proof over the audit stands, as far as this process knows.
#[derive(Serialize, ToSchema)]
pub struct VerificationOut {
    /// Whether it holds.
    estado: Estado,
    /// Lines in the chain.
    lineas: i64,
    /// Lines that no checkpoint covers yet, those without a place in the chain included.
    sin_sellar: u64,
    /// The last checkpoint.
    ultimo_punto: Option<LastCheckpointOut>,
    /// The last walk along the whole chain.
    ultima_verificacion: Option<WalkOut>,
}

/// The last checkpoint, in short.
#[derive(Serialize, ToSchema)]
pub struct LastCheckpointOut {
    /// Number.
    numero: i64,
    /// Lines under it.
    lineas: i64,
    /// When it was signed.
    creado_en: DateTime<Utc>,
}

/// What a walk along the chain has found.
#[derive(Serialize, ToSchema)]
pub struct WalkOut {
    /// When it ended.
    fecha: DateTime<Utc>,
    /// Lines that it went past.
    lineas: i64,
    /// Of these, removed after their time.
    vencidas: i64,
    /// Lines that checkpoints vouch for.
    cubiertas: i64,
    /// Where the proof breaks first.
    rotura: Option<BreakOut>,
}

/// Where the proof breaks first.
#[derive(Serialize, ToSchema)]
pub struct BreakOut {
    /// `cambiada`, `ilegible`, `falta`, `insertada`, `reordenada`, `no_sigue`, `reescrita`,
    /// `cola_cortada`, `punto_falso` or `clave`.
    motivo: &'static str,
    /// Place in the chain, where there is one.
    numero: Option<i64>,
    /// Number of the row, where it is known.
    id: Option<i64>,
    /// The line's number for the outside, where it is known.
    event_id: Option<Uuid>,
    /// In words.
    detail: String,
}

impl From<&Break> for BreakOut {
    fn from(broken: &Break) -> Self {
        Self {
            motivo: broken.fault.word(),
            numero: broken.number,
            id: broken.line,
            event_id: broken.event_id,
            detail: broken.to_string(),
        }
    }
}

/// Whether the audit still proves itself, for level 3. A background task walks along it; this only
/// tells what it found.
#[utoipa::path(get, path = "/api/v1/audit/verification", tag = "audit",
    operation_id = "audit_verification", security(("bearer" = [])),
    responses((status = 200, body = VerificationOut), (status = "4XX", body = Problem)))]
pub async fn read(State(cx): State<Context>, Authenticated(actor): Authenticated) -> Result<Json<VerificationOut>> {
    let state = app::audit::state(&cx, &actor)?;
    let walk = state.verified.as_ref().map(|verified| WalkOut {
        fecha: verified.at,
        lineas: verified.found.lines,
        vencidas: verified.found.removed,
        cubiertas: verified.found.covered,
        rotura: verified.found.broken.as_ref().map(BreakOut::from),
    });
    let estado = match &walk {
        None => Estado::Pendiente,
        Some(WalkOut { rotura: Some(_), .. }) => Estado::Rota,
        Some(_) => Estado::Integra,
    };
    let last =
        state.checkpoint.map(|last| LastCheckpointOut { numero: last.number, lineas: last.lines, creado_en: last.at });
    Ok(Json(VerificationOut {
        estado,
        lineas: state.lines,
        sin_sellar: state.unsealed(),
        ultimo_punto: last,
        ultima_verificacion: walk,
    }))
}
