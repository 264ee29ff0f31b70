//! `audit_logs`.

use async_trait::async_trait;
use domain::audit::{AuditEvent, HashRule};
use domain::{AuditLine, SessionId, TelegramId, Time, UserId};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Sqlite};
use store::audit::{AuditFilter, AuditRepo, IDS, Numbered, SEVERAL};
use store::{Page, Result};
use uuid::Uuid;

use crate::page::{push_any, push_page};
use crate::row::{Fields, json, micros};
use crate::tx::SqliteTx;

pub(crate) fn line(row: &SqliteRow) -> Result<(i64, AuditLine)> {
    let fields = Fields::of("audit_logs", row);
    let line = AuditLine {
        event_id: fields.get("event_id")?,
        event: fields.word("event_type")?,
        severity: fields.word("severity")?,
        at: fields.time("timestamp")?,
        user: fields.get::<Option<i64>>("user_id")?.map(UserId),
        telegram: fields.get::<Option<i64>>("telegram_id")?.map(TelegramId),
        session: fields.get::<Option<Uuid>>("session_id")?.map(SessionId),
        request_id: fields.get("request_id")?,
        endpoint: fields.get("endpoint")?,
        method: fields.get("http_method")?,
        user_agent: fields.get("user_agent")?,
        ip: fields.maybe_word("ip_address")?,
        resource_type: fields.get("resource_type")?,
        resource_id: fields.get("resource_id")?,
        description: fields.get("action_description")?,
        old_values: fields.maybe_object("old_values")?,
        new_values: fields.maybe_object("new_values")?,
        metadata: fields.json("event_metadata")?,
        success: fields.get("success")?,
        error: fields.get("error_message")?,
        tags: fields.get("compliance_tags")?,
        retain_until: fields.time("retention_until")?,
        identity: fields.get("identidad")?,
        on_behalf_of: fields.get::<Option<i64>>("en_nombre_de")?.map(UserId),
        rule: fields.checked::<i64, HashRule>("version_huella")?,
    };
    Ok((fields.get("id")?, line))
}

impl SqliteTx {
    /// Adds a line, and gives it its place in the chain.
    pub(crate) async fn insert_audit(&mut self, line: &AuditLine) -> Result<()> {
        let statement = sqlx::query(
            "INSERT INTO audit_logs (event_id, event_type, severity, timestamp, user_id, telegram_id, session_id, \
             request_id, endpoint, http_method, user_agent, ip_address, resource_type, resource_id, \
             action_description, old_values, new_values, event_metadata, success, error_message, compliance_tags, \
             retention_until, identidad, en_nombre_de, version_huella) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(line.event_id)
        .bind(line.event.as_str())
        .bind(line.severity.as_str())
        .bind(micros(line.at))
        .bind(line.user.map(|user| user.0))
        .bind(line.telegram.map(|telegram| telegram.0))
        .bind(line.session.map(|session| session.0))
        .bind(line.request_id.as_deref())
        .bind(line.endpoint.as_deref())
        .bind(line.method.as_deref())
        .bind(line.user_agent.as_deref())
        .bind(line.ip.map(|ip| ip.to_string()))
        .bind(line.resource_type.as_deref())
        .bind(line.resource_id.as_deref())
        .bind(line.description.as_str())
        .bind(line.old_values.as_ref().map(json).transpose()?)
        .bind(line.new_values.as_ref().map(json).transpose()?)
        .bind(json(&line.metadata)?)
        .bind(line.success)
        .bind(line.error.as_deref())
        .bind(line.tags.as_deref())
        .bind(micros(line.retain_until))
        .bind(line.identity.as_deref())
        .bind(line.on_behalf_of.map(|user| user.0))
        .bind(line.rule.number());
        let added = self.run(statement).await?.last_insert_rowid();
        self.link(added, line).await
    }
}

fn push_filter(query: &mut QueryBuilder<Sqlite>, filter: &AuditFilter) {
    push_any(query, "a.event_type", &filter.events, |event: &AuditEvent| event.as_str().into());
    if let Some(user) = filter.user {
        query.push(" AND (a.user_id = ").push_bind(user.0);
        query.push(" OR a.en_nombre_de = ").push_bind(user.0).push(")");
    }
    if let Some(user) = filter.on_behalf_of {
        query.push(" AND a.en_nombre_de = ").push_bind(user.0);
    }
    if let Some(kind) = &filter.resource_type {
        query.push(" AND a.resource_type = ").push_bind(kind.clone());
    }
    if let Some(id) = &filter.resource_id {
        // Said so that the index of those that have one serves.
        query.push(" AND a.resource_id IS NOT NULL AND (a.resource_id = ").push_bind(id.clone());
        if let Ok(number) = id.parse::<i64>() {
            query.push(" OR (a.resource_id = ").push_bind(SEVERAL);
            query.push(" AND EXISTS (SELECT 1 FROM json_each(a.event_metadata, '$.' || ").push_bind(IDS);
            query.push(") WHERE value = ").push_bind(number).push("))");
        }
        query.push(")");
    }
    if let Some(from) = filter.from {
        query.push(" AND a.timestamp >= ").push_bind(micros(from));
    }
    if let Some(to) = filter.to {
        query.push(" AND a.timestamp < ").push_bind(micros(to));
    }
    if let Some(success) = filter.success {
        query.push(" AND a.success = ").push_bind(success);
    }
}

#[async_trait]
impl AuditRepo for SqliteTx {
    async fn push(&mut self, lines: &[AuditLine]) -> Result<()> {
        for line in lines {
            self.insert_audit(line).await?;
        }
        Ok(())
    }

    async fn list(&mut self, page: Page) -> Result<Vec<(i64, AuditLine)>> {
        let mut query = QueryBuilder::new("SELECT * FROM audit_logs WHERE true");
        push_page(&mut query, "id", page);
        self.rows(query.build()).await?.iter().map(line).collect()
    }
    async fn search(&mut self, filter: &AuditFilter, page: Page) -> Result<Vec<Numbered>> {
        let mut query = QueryBuilder::new(
            "SELECT a.*, c.numero FROM audit_logs a LEFT JOIN audit_cadena c ON c.audit_id = a.id WHERE true",
        );
        push_filter(&mut query, filter);
        push_page(&mut query, "a.id", page);
        let numbered = |row: &SqliteRow| {
            let (id, line) = line(row)?;
            Ok(Numbered { id, number: Fields::of("audit_cadena", row).get("numero")?, line })
        };
        self.rows(query.build()).await?.iter().map(numbered).collect()
    }

    async fn row_of(&mut self, event_id: Uuid) -> Result<Option<i64>> {
        let row = self.first(sqlx::query("SELECT id FROM audit_logs WHERE event_id = ?").bind(event_id)).await?;
        row.map(|row| Fields::of("audit_logs", &row).get("id")).transpose()
    }

    async fn prune(&mut self, now: Time, limit: u32) -> Result<u64> {
        // By the clock of the schema's own trigger too, which would refuse all of them for one.
        let statement = sqlx::query(
            "DELETE FROM audit_logs WHERE id IN (SELECT a.id FROM audit_logs a JOIN audit_cadena c ON c.audit_id = a.id \
             WHERE a.retention_until < min(?, CAST(unixepoch('subsec') * 1000000 AS INTEGER)) \
             AND c.numero <= (SELECT lineas FROM audit_puntos ORDER BY numero DESC LIMIT 1) LIMIT ?)",
        );
        Ok(self.run(statement.bind(micros(now)).bind(limit)).await?.rows_affected())
    }
}
