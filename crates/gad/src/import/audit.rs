//! `audit_logs`.

use std::net::IpAddr;

use anyhow::Result;
use domain::audit::HashRule;
use domain::{AuditLine, JsonObject, SessionId, TelegramId, Time, UserId};
use serde_json::Value;
use uuid::Uuid;

use super::known::Known;
use super::record::Stop;
use super::report::Outcome;
use super::row::{Problem, Row};
use super::{Run, label};

const TABLE: &str = "audit_logs";

/// Brings the audit in, for as long as it is to be kept.
pub async fn import(run: &mut Run) -> Result<()> {
    if !run.found.has(TABLE) {
        return Ok(());
    }
    let mut walk = run.walk(TABLE, "");
    loop {
        let rows = run.source.next(&mut walk).await?;
        if rows.is_empty() {
            return run.end_table(TABLE).await;
        }
        for mut row in rows {
            let outcome = bring(run, &mut row).await;
            run.settle(TABLE, row, outcome)?;
        }
        run.end_batch().await?;
    }
}

async fn bring(run: &mut Run, row: &mut Row) -> Result<Outcome, Stop> {
    let line = read(row, &run.known, run.now)?;
    Ok(run.record.tx().await?.import().audit(&line).await?.into())
}

fn read(row: &mut Row, known: &Known, now: Time) -> Result<AuditLine, Problem> {
    let mut metadata = row.lenient_object("event_metadata");
    // Columns that an audit line of gad has no place for.
    for field in ["referer", "deleted_at"] {
        keep(&mut metadata, field, row.maybe_text(field)?.map(Value::from));
    }
    keep(&mut metadata, "response_status", row.maybe_int("response_status")?.map(Value::from));
    let severity = row.word("severity", label::severity)?;
    let made = row.maybe_time("created_at").ok().flatten().unwrap_or(now);
    let at = row.stamp("timestamp", made)?;
    Ok(AuditLine {
        event_id: row.uuid("event_id")?,
        event: row.word("event_type", label::event)?,
        severity,
        at,
        user: user(row, known, &mut metadata)?,
        telegram: row.maybe_int("telegram_id")?.map(TelegramId),
        session: session(row, &mut metadata)?,
        request_id: None,
        endpoint: row.maybe_text("endpoint")?,
        method: row.maybe_text("http_method")?,
        user_agent: row.maybe_text("user_agent")?,
        ip: address(row, &mut metadata)?,
        resource_type: row.maybe_text("resource_type")?,
        resource_id: row.maybe_text("resource_id")?,
        description: row.text("action_description")?,
        old_values: row.lenient_maybe_object("old_values"),
        new_values: row.lenient_maybe_object("new_values"),
        success: row.maybe_flag("success")?.unwrap_or(true),
        error: row.maybe_text("error_message")?,
        tags: row.maybe_text("compliance_tags")?,
        retain_until: row.lenient_time("retention_until").unwrap_or(at + severity.retention()),
        identity: None,
        on_behalf_of: None,
        rule: HashRule::default(),
        metadata,
    })
}

fn keep(metadata: &mut JsonObject, field: &str, value: Option<Value>) {
    if let Some(value) = value {
        metadata.entry(field).or_insert(value);
    }
}

/// Who did it. A number that the record does not have may one day be somebody else's.
fn user(row: &mut Row, known: &Known, metadata: &mut JsonObject) -> Result<Option<UserId>, Problem> {
    let Some(user) = row.maybe_int("user_id")? else { return Ok(None) };
    if known.user(user).is_some() {
        return Ok(Some(UserId(user)));
    }
    keep(metadata, "user_id", Some(user.into()));
    row.note("user_id", format!("the record has no user {user}: kept in event_metadata"));
    Ok(None)
}

/// The session; gad's are UUIDs.
fn session(row: &mut Row, metadata: &mut JsonObject) -> Result<Option<SessionId>, Problem> {
    let Some(text) = row.maybe_text("session_id")? else { return Ok(None) };
    let session = Uuid::parse_str(&text).ok().map(SessionId);
    if session.is_none() {
        keep(metadata, "session_id", Some(text.into()));
        row.note("session_id", "is not a UUID: kept in event_metadata");
    }
    Ok(session)
}

/// The address; `inet` may also hold a network.
fn address(row: &mut Row, metadata: &mut JsonObject) -> Result<Option<IpAddr>, Problem> {
    let Some(text) = row.maybe_text("ip_address")? else { return Ok(None) };
    let ip = text.parse().ok();
    if ip.is_none() {
        keep(metadata, "ip_address", Some(text.into()));
        row.note("ip_address", "is not one address: kept in event_metadata");
    }
    Ok(ip)
}
