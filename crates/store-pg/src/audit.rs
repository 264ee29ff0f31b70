//! `audit_logs`.

use async_trait::async_trait;
use domain::audit::{AuditEvent, columns as fields_of, hash_of_columns};
use domain::{AuditLine, SessionId, TelegramId, Time, UserId};
use serde_json::Value;
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{Postgres, QueryBuilder};
use store::audit::{AuditFilter, AuditRepo, IDS, Numbered, SEVERAL};
use store::{Error, Page, Result};
use uuid::Uuid;

use crate::page::push_page;
use crate::row::Fields;
use crate::statement::{Statement, composed, sql};
use crate::tx::PgTx;

macro_rules! columns {
    () => {
        "event_id, event_type, severity, timestamp, user_id, telegram_id, session_id, request_id, endpoint, \
         http_method, user_agent, ip_address, resource_type, resource_id, action_description, old_values, \
         new_values, event_metadata, success, error_message, compliance_tags, retention_until, identidad, \
         en_nombre_de, version_huella"
    };
}

/// The columns of a line between two parts of a statement.
pub(crate) fn with_columns(before: &str, after: &str) -> String {
    [before, columns!(), after].concat()
}

/// A line with its number.
pub(crate) fn line(row: &PgRow) -> Result<(i64, AuditLine)> {
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
        identity: fields.get("identidad")?,
        on_behalf_of: fields.get::<Option<i64>>("en_nombre_de")?.map(UserId),
        rule: fields.grade("version_huella")?,
    };
    Ok((fields.get("id")?, line))
}

/// Adds lines, but for those whose `event_id` is there already when `skip_known`, and notes the
/// hash of each for the chain.
///
/// One parameter holds them all: 25 arrays would say the same with more words.
fn insertion(lines: &[AuditLine], skip_known: bool) -> Statement {
    const ADD: &str = concat!(
        "WITH agregada AS (INSERT INTO audit_logs (",
        columns!(),
        ") SELECT ",
        columns!(),
        " FROM ROWS FROM (jsonb_to_recordset($1) AS (\
         event_id uuid, event_type text, severity text, timestamp timestamptz, user_id bigint, telegram_id bigint, \
         session_id uuid, request_id text, endpoint text, http_method text, user_agent text, ip_address text, \
         resource_type text, resource_id text, action_description text, old_values jsonb, new_values jsonb, \
         event_metadata jsonb, success boolean, error_message text, compliance_tags text, \
         retention_until timestamptz, identidad text, en_nombre_de bigint, version_huella smallint)) WITH ORDINALITY AS nueva (",
        columns!(),
        ", orden) ORDER BY orden "
    );
    const KNOWN: &str = "ON CONFLICT (event_id) DO NOTHING ";
    const NOTE: &str = "RETURNING id, event_id, retention_until) \
        INSERT INTO audit_pendientes (id, huella, retencion) SELECT id, huella, retention_until FROM agregada \
        JOIN unnest($2::uuid[], $3::bytea[]) AS hecha (event_id, huella) USING (event_id)";
    let text = [ADD, if skip_known { KNOWN } else { "" }, NOTE].concat();
    let mut rows: Vec<Value> = lines.iter().map(|line| Value::Object(fields_of(line))).collect();
    let hashes: Vec<Vec<u8>> = rows.iter().map(|row| hash_of_columns(row).bytes().to_vec()).collect();
    for (row, line) in rows.iter_mut().zip(lines) {
        // Lines of the first rule do not have it in what is hashed.
        row["version_huella"] = line.rule.number().into();
    }
    let ids: Vec<Uuid> = lines.iter().map(|line| line.event_id).collect();
    composed(text).bind(Json(Value::Array(rows))).bind(ids).bind(hashes)
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

    async fn search(&mut self, filter: &AuditFilter, page: Page) -> Result<Vec<Numbered>> {
        let mut query = QueryBuilder::new(with_columns(
            "SELECT id, numero, ",
            " FROM audit_logs LEFT JOIN audit_cadena ON audit_id = id WHERE true",
        ));
        push_filter(&mut query, filter);
        push_page(&mut query, "id", page);
        let numbered = |row: &PgRow| {
            let (id, line) = line(row)?;
            Ok(Numbered { id, number: Fields::of("audit_cadena", row).get("numero")?, line })
        };
        self.all(query.into()).await?.iter().map(numbered).collect()
    }

    async fn row_of(&mut self, event_id: Uuid) -> Result<Option<i64>> {
        let row = self.first(sql("SELECT id FROM audit_logs WHERE event_id = $1").bind(event_id)).await?;
        row.map(|row| Fields::of("audit_logs", &row).get("id")).transpose()
    }

    async fn prune(&mut self, now: Time, limit: u32) -> Result<u64> {
        // By the clock of the schema's own trigger too, which would refuse all of them for one.
        const SQL: &str = "DELETE FROM audit_logs WHERE id IN (SELECT a.id FROM audit_logs a \
            JOIN audit_cadena c ON c.audit_id = a.id WHERE a.retention_until < LEAST($1, now()) \
            AND c.numero <= (SELECT max(lineas) FROM audit_puntos) LIMIT $2)";
        self.change(sql(SQL).bind(now).bind(i64::from(limit))).await
    }
}

fn push_filter(query: &mut QueryBuilder<Postgres>, filter: &AuditFilter) {
    if !filter.events.is_empty() {
        let events: Vec<&str> = filter.events.iter().copied().map(AuditEvent::as_str).collect();
        query.push(" AND event_type = ANY(").push_bind(events).push(")");
    }
    if let Some(user) = filter.user {
        query.push(" AND (user_id = ").push_bind(user.0);
        query.push(" OR en_nombre_de = ").push_bind(user.0).push(")");
    }
    if let Some(user) = filter.on_behalf_of {
        query.push(" AND en_nombre_de = ").push_bind(user.0);
    }
    if let Some(kind) = &filter.resource_type {
        query.push(" AND resource_type = ").push_bind(kind.clone());
    }
    if let Some(id) = &filter.resource_id {
        query.push(" AND (resource_id = ").push_bind(id.clone());
        if let Ok(number) = id.parse::<i64>() {
            query.push(" OR (resource_id = ").push_bind(SEVERAL).push(" AND event_metadata @> ");
            query.push_bind(Json(serde_json::json!({ IDS: [number] }))).push(")");
        }
        query.push(")");
    }
    if let Some(from) = filter.from {
        query.push(" AND \"timestamp\" >= ").push_bind(from);
    }
    if let Some(to) = filter.to {
        query.push(" AND \"timestamp\" < ").push_bind(to);
    }
    if let Some(success) = filter.success {
        query.push(" AND success = ").push_bind(success);
    }
}
