//! What the cases start from.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta};
use domain::audit::{AuditEvent, AuditKey, AuditLine};
use domain::officer::{InternalCode, NewOfficer};
use domain::personal::{Dni, Email, Name};
use domain::task::{NewTask, Title};
use domain::user::NewUser;
use domain::{
    Availability, JsonObject, Level, Officer, Point, Position, Priority, Task, TaskCode, TaskKind, TelegramId, Time,
    User,
};
use uuid::Uuid;

use crate::{Error, Result, Rule, Store};

// Only for names that must differ; nothing depends on the number.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// A number that no other call of this process got.
pub fn unique() -> u64 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// The rule with which a change was in conflict; `None` when it was carried out.
pub fn broken_rule<T: std::fmt::Debug>(outcome: &Result<T>) -> Option<Rule> {
    match outcome {
        Ok(_) => None,
        Err(Error::Conflict(rule)) => Some(*rule),
        Err(other) => panic!("neither done nor a conflict: {other:?}"),
    }
}

/// The time at which all cases begin.
pub fn noon() -> Time {
    DateTime::from_timestamp(1_760_000_000, 0).unwrap_or_default()
}

/// A key that signs; the same one for the same `seed`.
pub fn an_audit_key(seed: u8) -> AuditKey {
    AuditKey::parse(&format!("{seed:02x}").repeat(32)).expect("a seed")
}

/// An audit line; the same one for the same `n`.
pub fn an_audit_line(n: u128) -> AuditLine {
    AuditLine { event_id: Uuid::from_u128(n), ..super::audit::a_bare_line(AuditEvent::Create) }
}

/// `noon` and some minutes.
pub fn minutes(minutes: i64) -> Time {
    noon() + TimeDelta::minutes(minutes)
}

/// A user of some level, not yet stored.
pub fn a_new_user(level: Level) -> NewUser {
    let n = unique();
    NewUser {
        uuid: Uuid::from_u128(u128::from(n)),
        dni: Dni::try_from(format!("D{n:07}")).ok(),
        given_name: Name::try_from(format!("Nombre {n}")).expect("within length"),
        family_name: Name::try_from(format!("Apellido {n}")).ok(),
        email: Email::try_from(format!("usuario{n}@prueba.gad")).ok(),
        phone: None,
        telegram: Some(TelegramId(i64::try_from(n).expect("small"))),
        level,
        verified: true,
        extra: JsonObject::new(),
        created_at: noon(),
    }
}

/// A stored user of some level.
pub async fn a_user(store: &Arc<dyn Store>, level: Level) -> User {
    let mut tx = store.write().await.expect("a transaction");
    let user = tx.users().insert(&a_new_user(level), Some("hash")).await.expect("a new user");
    tx.commit().await.expect("a commit");
    user
}

/// A stored officer, available, without a position.
pub async fn an_officer(store: &Arc<dyn Store>) -> Officer {
    let user = a_user(store, Level::Officer).await;
    let new = NewOfficer {
        uuid: Uuid::from_u128(u128::from(unique())),
        user: user.id,
        internal_code: InternalCode::try_from(format!("EF-{}", unique())).expect("within length"),
        rank: None,
        unit: None,
        specialty: None,
        availability: Availability::Available,
        metadata: JsonObject::new(),
        created_at: noon(),
    };
    let mut tx = store.write().await.expect("a transaction");
    let officer = tx.officers().insert(&new).await.expect("a new officer");
    tx.commit().await.expect("a commit");
    officer
}

/// A stored officer, available, last seen at noon at some place.
pub async fn an_officer_at(store: &Arc<dyn Store>, lat: f64, lng: f64) -> Officer {
    let officer = an_officer(store).await;
    let position = Position {
        officer: officer.id,
        point: Point::new(lat, lng).expect("within range"),
        accuracy_m: Some(10.0),
        measured_at: noon(),
        received_at: noon(),
        reported_by: None,
    };
    let mut tx = store.write().await.expect("a transaction");
    tx.positions().record(&[position]).await.expect("a position");
    tx.commit().await.expect("a commit");
    officer
}

/// A task, not yet stored.
pub fn a_new_task(delegate: &User) -> NewTask {
    let n = unique();
    NewTask {
        uuid: Uuid::from_u128(u128::from(n)),
        code: TaskCode::try_from(format!("OPE-{n}")).expect("within pattern"),
        title: Title::try_from(format!("Tarea {n}")).expect("within length"),
        description: None,
        kind: TaskKind::Patrol,
        priority: Priority::Medium,
        scheduled_start: noon(),
        scheduled_end: None,
        delegate: delegate.id,
        creator: delegate.id,
        location: None,
        location_description: None,
        awaits_officer: false,
        emergency: false,
        dispatch_from: None,
        extra: JsonObject::new(),
        created_at: noon(),
    }
}

/// A stored task.
pub async fn a_task(store: &Arc<dyn Store>, delegate: &User) -> Task {
    let mut tx = store.write().await.expect("a transaction");
    let task = tx.tasks().insert(&a_new_task(delegate)).await.expect("a new task");
    tx.commit().await.expect("a commit");
    task
}
