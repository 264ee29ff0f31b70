//! The audit.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::audit::{AuditEvent, AuditLine, HashRule, Severity};
use domain::{JsonObject, SessionId, TelegramId, UserId};
use serde_json::{Value, json};
use uuid::Uuid;

use super::given;
use crate::{Cursor, Page, Store};

fn object(value: Value) -> JsonObject {
    match value {
        Value::Object(object) => object,
        other => panic!("no object: {other}"),
    }
}

/// A line with every field.
pub(crate) fn a_full_line() -> AuditLine {
    AuditLine {
        event_id: Uuid::from_u128(u128::from(given::unique())),
        event: AuditEvent::Update,
        severity: Severity::Medium,
        at: given::noon() + TimeDelta::microseconds(123_456),
        // Neither is a user nor a session: a line outlives what it speaks of.
        user: Some(UserId(987_654)),
        telegram: Some(TelegramId(9_007_199_254_740_993)),
        session: Some(SessionId(Uuid::from_u128(42))),
        request_id: Some("pedido-1".to_owned()),
        endpoint: Some("/api/v1/tasks/{id}".to_owned()),
        method: Some("PATCH".to_owned()),
        user_agent: Some("Navegador \"1\" 'ñ' \\ {}".to_owned()),
        ip: Some("2001:db8::7".parse().expect("an address")),
        resource_type: Some("tarea".to_owned()),
        resource_id: Some("7".to_owned()),
        description: "Tarea «Ñandú» cambiada\nen dos renglones".to_owned(),
        old_values: Some(object(json!({"titulo": "Antes", "notas": {"a": [1, 2.5, null, true]}}))),
        new_values: Some(object(json!({"titulo": null}))),
        metadata: object(json!({"duracion_ms": 12})),
        success: true,
        error: Some("ninguno".to_owned()),
        tags: Some("integrity,task_management".to_owned()),
        retain_until: given::noon() + Severity::Medium.retention(),
        identity: Some("usuario".to_owned()),
        on_behalf_of: Some(UserId(987_655)),
        rule: HashRule::default(),
    }
}

/// A line with no more than it must have.
pub(crate) fn a_bare_line(event: AuditEvent) -> AuditLine {
    AuditLine {
        event_id: Uuid::from_u128(u128::from(given::unique())),
        event,
        severity: event.severity(),
        at: given::noon(),
        user: None,
        telegram: None,
        session: None,
        request_id: None,
        endpoint: None,
        method: None,
        user_agent: None,
        ip: Some("203.0.113.9".parse().expect("an address")),
        resource_type: None,
        resource_id: None,
        description: String::new(),
        old_values: None,
        new_values: None,
        metadata: JsonObject::new(),
        success: false,
        error: None,
        tags: None,
        retain_until: given::noon() + event.severity().retention(),
        identity: None,
        on_behalf_of: None,
        rule: HashRule::default(),
    }
}

/// Every field of every kind of line, in the order in which they were pushed.
pub async fn every_field_of_an_audit_line_comes_back(store: &Arc<dyn Store>) {
    let mut lines = vec![a_full_line()];
    lines.extend(AuditEvent::ALL.iter().copied().map(a_bare_line));
    let mut tx = store.write().await.expect("a transaction");
    tx.audit().push(&lines).await.expect("pushed");
    tx.audit().push(&[]).await.expect("nothing to do");
    tx.commit().await.expect("a commit");
    let mut tx = store.read().await.expect("a connection");
    let all = tx.audit().list(Page::first(100)).await.expect("an answer");
    assert!(all.is_sorted_by(|a, b| a.0 < b.0));
    assert_eq!(all.into_iter().map(|(_, line)| line).collect::<Vec<_>>(), lines);
}

/// From either end, by number of rows or after a line.
pub async fn audit_lines_come_in_pages(store: &Arc<dyn Store>) {
    let lines: Vec<AuditLine> = (0..5).map(|_| a_bare_line(AuditEvent::Read)).collect();
    let mut tx = store.write().await.expect("a transaction");
    tx.audit().push(&lines).await.expect("pushed");
    tx.commit().await.expect("a commit");
    let mut tx = store.read().await.expect("a connection");
    let all = tx.audit().list(Page::first(100)).await.expect("an answer");
    let after = Page { after: Some(Cursor(all[1].0)), ..Page::first(2) };
    assert_eq!(tx.audit().list(after).await.expect("an answer"), all[2..4]);
    let skip = Page { skip: 3, ..Page::first(100) };
    assert_eq!(tx.audit().list(skip).await.expect("an answer"), all[3..]);
    let newest = Page { descending: true, ..Page::first(1) };
    assert_eq!(tx.audit().list(newest).await.expect("an answer"), all[4..]);
    let older = Page { descending: true, after: Some(Cursor(all[1].0)), ..Page::first(100) };
    assert_eq!(tx.audit().list(older).await.expect("an answer"), all[..1]);
}

/// An audit line stands and falls with the change it speaks of.
pub async fn a_dropped_change_leaves_no_audit_line(store: &Arc<dyn Store>) {
    let mut tx = store.write().await.expect("a transaction");
    tx.audit().push(&[a_full_line()]).await.expect("pushed");
    drop(tx);
    let mut tx = store.read().await.expect("a connection");
    assert_eq!(tx.audit().list(Page::first(1)).await.expect("an answer"), []);
}
