//! `GET /audit`.

use std::net::IpAddr;

use app::Context;
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::audit::{AuditEvent, HashRule, Severity};
use domain::{JsonObject, UserId};
use serde::{Deserialize, Serialize};
use store::audit::{AuditFilter, Numbered};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::error::Result;
use crate::extract::{Authenticated, Json, NextPage, Paging, QueryPair};
use crate::field::PeriodBound;
use crate::problem::Problem;
use crate::schema::EventoAuditoria;

/// Which lines.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Only of this kind, like `task_assigned`.
    #[param(value_type = Option<EventoAuditoria>)]
    event_type: Option<AuditEvent>,
    /// Only by this user, or on the user's behalf.
    user_id: Option<i64>,
    /// Only on behalf of this user.
    en_nombre_de: Option<i64>,
    /// Only on things of this kind, like `tarea`.
    resource_type: Option<String>,
    /// Only on this one.
    resource_id: Option<String>,
    /// On or after this day, or at or after this time.
    desde: Option<PeriodBound>,
    /// On or before this day, or before this time.
    hasta: Option<PeriodBound>,
    /// Only what was done, or only what was refused.
    success: Option<bool>,
}

/// One line of who did what.
#[derive(Serialize, ToSchema)]
pub struct AuditLineOut {
    /// Number of the row; the last one of a page is the cursor of the next.
    id: i64,
    /// Place in the chain; `null` for a moment after the line was written.
    numero: Option<i64>,
    /// Number for the outside.
    event_id: Uuid,
    /// What kind of thing.
    #[schema(value_type = String)]
    event_type: AuditEvent,
    /// How grave.
    #[schema(value_type = String)]
    severity: Severity,
    /// When.
    timestamp: DateTime<Utc>,
    /// Who really acted, if known.
    user_id: Option<i64>,
    /// Which kind of identity acted: `usuario`, `servicio`, `operador`, `sistema:JOB` or `anonimo`; `null`
    /// in lines from before this was kept.
    identidad: Option<String>,
    /// For which user, where another one acted.
    en_nombre_de: Option<i64>,
    /// Through which Telegram account.
    telegram_id: Option<i64>,
    /// In which session.
    session_id: Option<Uuid>,
    /// The request it belongs to.
    request_id: Option<String>,
    /// Path of the request, as a template.
    endpoint: Option<String>,
    /// Method of the request.
    http_method: Option<String>,
    /// What the client called itself.
    user_agent: Option<String>,
    /// Address of the client.
    #[schema(value_type = Option<String>)]
    ip_address: Option<IpAddr>,
    /// Kind of the thing it was done to.
    resource_type: Option<String>,
    /// Which one.
    resource_id: Option<String>,
    /// In words, in Spanish.
    action_description: String,
    /// Changed fields before.
    #[schema(value_type = Option<Object>)]
    old_values: Option<JsonObject>,
    /// Changed fields after.
    #[schema(value_type = Option<Object>)]
    new_values: Option<JsonObject>,
    /// More.
    #[schema(value_type = Object)]
    event_metadata: JsonObject,
    /// Whether it was done.
    success: bool,
    /// Why it was not.
    error_message: Option<String>,
    /// Comma-separated tags.
    compliance_tags: Option<String>,
    /// Kept at least until then.
    retention_until: DateTime<Utc>,
    /// By which rule the hash of the line is made (docs/audit.md).
    #[schema(value_type = u8)]
    version_huella: HashRule,
}

impl From<Numbered> for AuditLineOut {
    fn from(numbered: Numbered) -> Self {
        let line = numbered.line;
        Self {
            id: numbered.id,
            numero: numbered.number,
            event_id: line.event_id,
            event_type: line.event,
            severity: line.severity,
            timestamp: line.at,
            user_id: line.user.map(|user| user.0),
            identidad: line.identity,
            en_nombre_de: line.on_behalf_of.map(|user| user.0),
            telegram_id: line.telegram.map(|telegram| telegram.0),
            session_id: line.session.map(|session| session.0),
            request_id: line.request_id,
            endpoint: line.endpoint,
            http_method: line.method,
            user_agent: line.user_agent,
            ip_address: line.ip,
            resource_type: line.resource_type,
            resource_id: line.resource_id,
            action_description: line.description,
            old_values: line.old_values,
            new_values: line.new_values,
            event_metadata: line.metadata,
            success: line.success,
            error_message: line.error,
            compliance_tags: line.tags,
            retention_until: line.retain_until,
            version_huella: line.rule,
        }
    }
}

/// Who did what, newest first, for level 3. Reading it leaves a line itself.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit",
    operation_id = "audit_list", security(("bearer" = [])), params(Paging, AuditQuery),
    responses((status = 200, body = Vec<AuditLineOut>,
        headers(("X-Next-Cursor" = i64, description = "The `cursor` of the next page, if there may be one."))), (status = "4XX", body = Problem)))]
pub async fn list(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    QueryPair(paging, query): QueryPair<Paging, AuditQuery>,
) -> Result<(NextPage, Json<Vec<AuditLineOut>>)> {
    let zone = cx.settings.time_zone;
    let filter = AuditFilter {
        events: query.event_type.into_iter().collect(),
        user: query.user_id.map(UserId),
        on_behalf_of: query.en_nombre_de.map(UserId),
        resource_type: query.resource_type,
        resource_id: query.resource_id,
        from: query.desde.map(|bound| bound.begins(zone)),
        to: query.hasta.map(|bound| bound.ends(zone)),
        success: query.success,
    };
    let page = store::Page { descending: true, ..paging.page() };
    let lines = app::audit::lines(&cx, &actor, &filter, page).await?;
    let next = paging.next_page(lines.iter().map(|line| line.id));
    Ok((next, Json(lines.into_iter().map(AuditLineOut::from).collect())))
}
