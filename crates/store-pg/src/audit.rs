//! `audit_logs`.

use async_trait::async_trait;
use domain::{AuditLine, SessionId, TelegramId, UserId};
use serde_json::{Value, json};
use sqlx::QueryBuilder;
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use store::audit::AuditRepo;
use store::{Error, Page, Result};

use crate::page::push_page;
use crate::row::Fields;
use crate::statement::{Statement, sql};
use crate::tx::PgTx;

macro_rules! columns {
    () => {
        "event_id, event_type, severity, timestamp, user_id, telegram_id, session_id, request_id, endpoint, \
         http_method, user_agent, ip_address, resource_type, resource_id, action_description, old_values, \
         new_values, event_metadata, success, error_message, compliance_tags, retention_until"
    };
}

fn line(row: &PgRow) -> Result<(i64, AuditLine)> {
    let fields = Fields::of("audit_logs", row);
    let ip: Option<String> = fields.get("ip_address")?;
    let ip = ip.map(|ip| ip.parse()).transpose();
    let line = AuditLine {
        event_id: fields.get("event_id")?,
        event: fields.word("event_type")?,
        severity: fields.word("severity")?,
        at: fields.get("timestamp")?,
        user: fields.get::<Option<i64>>("user_id")?.map(UserId),
        telegram: fields.get::<Option<i64>>("telegram_id")?.map(TelegramId),
        session: fields.get::<Option<_>>("session_id")?.map(SessionId),
        request_id: fields.get("request_id")?,
        endpoint: fields.get("endpoint")?,
        method: fields.get("http_method")?,
        user_agent: fields.get("user_agent")?,
        ip: ip.map_err(|error| Error::unreadable("audit_logs", "ip_address", error))?,
        resource_type: fields.get("resource_type")?,
        resource_id: fields.get("resource_id")?,
        description: fields.get("action_description")?,
        old_values: fields.maybe_json("old_values")?,
        new_values: fields.maybe_json("new_values")?,
        metadata: fields.json("event_metadata")?,
        success: fields.get("success")?,
        error: fields.get("error_message")?,
        tags: fields.get("compliance_tags")?,
        retain_until: fields.get("retention_until")?,
    };
    Ok((fields.get("id")?, line))
}

/// A line under the names of its columns.
fn record(line: &AuditLine) -> Value {
    json!({
        "event_id": line.event_id, "event_type": line.event, "severity": line.severity, "timestamp": line.at,
        "user_id": line.user, "telegram_id": line.telegram, "session_id": line.session,
        "request_id": line.request_id, "endpoint": line.endpoint, "http_method": line.method,
        "user_agent": line.user_agent, "ip_address": line.ip, "resource_type": line.resource_type,
        "resource_id": line.resource_id, "action_description": line.description, "old_values": line.old_values,
        "new_values": line.new_values, "event_metadata": line.metadata, "success": line.success,
        "error_message": line.error, "compliance_tags": line.tags, "retention_until": line.retain_until,
    })
}

/// Adds lines, but for those whose `event_id` is there already when `skip_known`.
///
/// One parameter holds them all: 22 arrays would say the same with more words.
fn insertion(lines: &[AuditLine], skip_known: bool) -> Statement {
    const ADD: &str = concat!(
        "INSERT INTO audit_logs (",
        columns!(),
        ") SELECT ",
        columns!(),
        " FROM ROWS FROM (jsonb_to_recordset($1) AS (\
         event_id uuid, event_type text, severity text, timestamp timestamptz, user_id bigint, telegram_id bigint, \
         session_id uuid, request_id text, endpoint text, http_method text, user_agent text, ip_address text, \
         resource_type text, resource_id text, action_description text, old_values jsonb, new_values jsonb, \
         event_metadata jsonb, success boolean, error_message text, compliance_tags text, \
         retention_until timestamptz)) WITH ORDINALITY AS nueva (",
        columns!(),
        ", orden) ORDER BY orden"
    );
    let lines = Json(Value::Array(lines.iter().map(record).collect()));
    if skip_known {
        crate::statement::composed(format!("{ADD} ON CONFLICT (event_id) DO NOTHING")).bind(lines)
    } else {
        sql(ADD).bind(lines)
    }
}

/// Adds a line, unless its `event_id` is there.
pub(crate) fn import(line: &AuditLine) -> Statement {
    insertion(std::slice::from_ref(line), true)
}

#[async_trait]
impl AuditRepo for PgTx {
    async fn push(&mut self, lines: &[AuditLine]) -> Result<()> {
        if !lines.is_empty() {
            self.change(insertion(lines, false)).await?;
        }
        Ok(())
    }

    async fn list(&mut self, page: Page) -> Result<Vec<(i64, AuditLine)>> {
        let mut query = QueryBuilder::new(concat!("SELECT id, ", columns!(), " FROM audit_logs WHERE true"));
        push_page(&mut query, "id", page);
        self.all(query.into()).await?.iter().map(line).collect()
    }
}
