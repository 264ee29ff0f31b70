//! The desk's part of an emergency: taking it, why an officer was chosen, undoing a burst.

use app::Context;
use app::dispatch::OpenAlert;
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::dispatch::{DispatchDecision, DispatchState, JudgedOfficer};
use domain::{MultiLine, TaskId, UserId};
use resilience::BreakerState;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::TaskOut;
use crate::error::Result;
use crate::extract::{Authenticated, Id, Json, WithBody};
use crate::field;
use crate::problem::Problem;
use crate::settings::ApiSettings;

/// Taking an alert.
#[derive(Default, Deserialize, ToSchema)]
#[schema(example = json!({"forzar": false}))]
pub struct TakeIn {
    /// Take it over from another user.
    #[serde(default)]
    forzar: bool,
}

/// How the dispatch of a task stands.
#[derive(Serialize, ToSchema)]
pub struct DispatchOut {
    tarea_id: i64,
    /// How often it was assigned from the beginning.
    ronda: u32,
    /// The escalation step that was taken last in this round.
    paso: u32,
    /// When the next step is due.
    proximo_en: Option<DateTime<Utc>>,
    /// The user who took the alert on.
    tomada_por: Option<i64>,
    tomada_en: Option<DateTime<Utc>>,
    /// Further calls of the same caller that were joined to it.
    llamadas_unidas: u32,
}

impl From<DispatchState> for DispatchOut {
    fn from(state: DispatchState) -> Self {
        Self {
            tarea_id: state.task.0,
            ronda: state.round,
            paso: state.step,
            proximo_en: state.due_at,
            tomada_por: state.taken_by.map(|user| user.0),
            tomada_en: state.taken_at,
            llamadas_unidas: state.joined_calls,
        }
    }
}

/// An emergency that the desk must watch.
#[derive(Serialize, ToSchema)]
pub struct OpenAlertOut {
    tarea: TaskOut,
    /// Whether one officer has accepted it, while others were sent or asked and have not answered.
    aceptada: bool,
    /// How its dispatch stands; `null` when it was never dispatched.
    despacho: Option<DispatchOut>,
}

impl From<OpenAlert> for OpenAlertOut {
    fn from(alert: OpenAlert) -> Self {
        let despacho = alert.dispatch.map(DispatchOut::from);
        Self { aceptada: alert.is_accepted, tarea: alert.task.into(), despacho }
    }
}

/// The emergencies that the desk must watch, and what it must know to do so.
#[derive(Serialize, ToSchema)]
pub struct AlertsOut {
    /// In the order in which they were made.
    alertas: Vec<OpenAlertOut>,
    /// Seconds after which a waiting emergency has waited too long.
    espera_maxima_s: i64,
    /// `healthy`, `degraded` while Telegram does not answer, or `not_configured`.
    telegram: &'static str,
    /// The server's time.
    ahora: DateTime<Utc>,
}

/// Unfinished emergencies that wait for an officer, or whose officers have not all answered.
#[utoipa::path(get, path = "/api/v1/alertas", tag = "tasks", security(("bearer" = [])),
    operation_id = "open_alerts",
    responses((status = 200, body = AlertsOut), (status = "4XX", body = Problem)))]
pub async fn list(
    State(cx): State<Context>,
    State(settings): State<ApiSettings>,
    Authenticated(actor): Authenticated,
) -> Result<Json<AlertsOut>> {
    let alerts = app::dispatch::alerts(&cx, &actor).await?;
    let telegram = match settings.telegram.as_ref().map(resilience::Dependency::state) {
        None => "not_configured",
        Some(BreakerState::Open) => "degraded",
        Some(_) => "healthy",
    };
    Ok(Json(AlertsOut {
        alertas: alerts.into_iter().map(OpenAlertOut::from).collect(),
        espera_maxima_s: cx.settings.dispatch.waiting_limit.num_seconds(),
        telegram,
        ahora: cx.clock.now(),
    }))
}

/// Takes an emergency alert on, visible to all desks.
#[utoipa::path(post, path = "/api/v1/tasks/{task_id}/tomar", tag = "tasks", security(("bearer" = [])),
    operation_id = "take_alert", request_body = TakeIn, params(("task_id" = i64, Path)),
    responses((status = 200, body = DispatchOut), (status = "4XX", body = Problem)))]
pub async fn take(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    WithBody(Id(id), Json(body)): WithBody<Id, Json<TakeIn>>,
) -> Result<Json<DispatchOut>> {
    let (_, state) = app::dispatch::take(&cx, &actor, TaskId(id), body.forzar).await?;
    Ok(Json(state.into()))
}

/// One officer as judged at the moment of a decision.
#[derive(Serialize, ToSchema)]
pub struct JudgedOut {
    efectivo_id: i64,
    /// Metres to the call.
    distance_m: f64,
    minutos_estimados: f64,
    /// Age of the position in seconds.
    antiguedad_s: i64,
    /// Why not; `null` for those who could be sent.
    motivo: Option<&'static str>,
    /// Why only when no other one was left; empty for first choices.
    ultima_opcion: Vec<&'static str>,
}

impl From<JudgedOfficer> for JudgedOut {
    fn from(judged: JudgedOfficer) -> Self {
        Self {
            efectivo_id: judged.officer.0,
            distance_m: judged.distance_m,
            minutos_estimados: judged.minutes,
            antiguedad_s: judged.position_age_s,
            motivo: judged.exclusion.map(domain::dispatch::Exclusion::as_str),
            ultima_opcion: judged.last_choice.iter().map(|reason| reason.as_str()).collect(),
        }
    }
}

/// Who was chosen for a task, among whom.
#[derive(Serialize, ToSchema)]
pub struct DecisionOut {
    en: DateTime<Utc>,
    /// The user who chose; `null` when the server did.
    usuario_id: Option<i64>,
    /// What led to it: `llamada`, `efectivo_libre`, `reasignacion`, `escalamiento` or `manual`.
    motivo: &'static str,
    elegidos: Vec<i64>,
    /// Whether a supervisor chose officers whom the rules exclude.
    forzada: bool,
    /// Those who were considered, nearest first.
    candidatos: Vec<JudgedOut>,
}

impl From<DispatchDecision> for DecisionOut {
    fn from(decision: DispatchDecision) -> Self {
        Self {
            en: decision.at,
            usuario_id: decision.by.map(|user| user.0),
            motivo: decision.trigger.as_str(),
            elegidos: decision.chosen.iter().map(|officer| officer.0).collect(),
            forzada: decision.forced,
            candidatos: decision.judged.into_iter().map(JudgedOut::from).collect(),
        }
    }
}

/// Why officers were chosen for a task, oldest first.
#[utoipa::path(get, path = "/api/v1/tasks/{task_id}/decisiones", tag = "tasks", security(("bearer" = [])),
    operation_id = "dispatch_decisions", params(("task_id" = i64, Path)),
    responses((status = 200, body = Vec<DecisionOut>), (status = "4XX", body = Problem)))]
pub async fn decisions(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Id(id): Id,
) -> Result<Json<Vec<DecisionOut>>> {
    let decisions = app::dispatch::decisions(&cx, &actor, TaskId(id)).await?;
    Ok(Json(decisions.into_iter().map(DecisionOut::from).collect()))
}

/// How the dispatch of a task stands; `null` for one that was never dispatched.
#[utoipa::path(get, path = "/api/v1/tasks/{task_id}/despacho", tag = "tasks", security(("bearer" = [])),
    operation_id = "dispatch_state", params(("task_id" = i64, Path)),
    responses((status = 200, body = Option<DispatchOut>), (status = "4XX", body = Problem)))]
pub async fn state(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Id(id): Id,
) -> Result<Json<Option<DispatchOut>>> {
    Ok(Json(app::dispatch::state(&cx, &actor, TaskId(id)).await?.map(DispatchOut::from)))
}

/// A burst of calls to be undone.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"creado_por_usuario_id": 7, "desde": "2026-11-30T10:00:00Z", "motivo": "Teléfono robado"}))]
pub struct BurstIn {
    /// Who raised the calls.
    creado_por_usuario_id: i64,
    /// Calls since then, at most 24 hours back.
    #[serde(deserialize_with = "field::time")]
    desde: DateTime<Utc>,
    /// Why; 1 to 500 characters.
    #[schema(value_type = String, min_length = 1, max_length = 500)]
    motivo: MultiLine<1, 500>,
}

/// What became of the burst.
#[derive(Serialize, ToSchema)]
pub struct BurstOut {
    /// Cancelled; their officers are free.
    canceladas: Vec<TaskOut>,
    /// Left as they are, since an officer had accepted.
    conservadas: Vec<TaskOut>,
    /// Whether more calls are left than one request undoes: ask again.
    truncado: bool,
}

/// Cancels the unfinished emergencies of one caller that no officer has accepted.
#[utoipa::path(post, path = "/api/v1/tasks/emergency/deshacer", tag = "tasks", security(("bearer" = [])),
    operation_id = "undo_emergencies", request_body = BurstIn,
    responses((status = 200, body = BurstOut), (status = "4XX", body = Problem)))]
pub async fn undo(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Json(body): Json<BurstIn>,
) -> Result<Json<BurstOut>> {
    let reason = body.motivo.as_str();
    let caller = UserId(body.creado_por_usuario_id);
    let undone = app::dispatch::undo_burst(&cx, &actor, caller, body.desde, reason).await?;
    Ok(Json(BurstOut {
        canceladas: undone.cancelled.into_iter().map(TaskOut::from).collect(),
        conservadas: undone.kept.into_iter().map(TaskOut::from).collect(),
        truncado: undone.cut,
    }))
}
