//! Making an officer of a user.

use domain::audit::AuditEvent;
use domain::event::CREATED;
use domain::officer::{InternalCode, NewOfficer, Rank, Specialty, Unit};
use domain::{Availability, Event, JsonObject, Officer, UserId};

use crate::diff::Difference;
use crate::policy::{self, Permission};
use crate::record;
use crate::{Actor, Context, Error, Result, idempotency};

/// An officer as asked for.
#[derive(Debug, Clone)]
pub struct NewOfficerInput {
    /// Who signs in as the officer.
    pub user: UserId,
    /// Unique within the office.
    pub internal_code: InternalCode,
    /// Rank.
    pub rank: Option<Rank>,
    /// Unit.
    pub unit: Option<Unit>,
    /// Specialty.
    pub specialty: Option<Specialty>,
}

/// Makes an officer, free to be sent.
pub async fn create(cx: &Context, actor: &Actor, input: NewOfficerInput) -> Result<Officer> {
    policy::require(actor, Permission::ManageOfficers)?;
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    if let Some(officer) = idempotency::replay(cx, &mut *tx, actor).await? {
        return Ok(officer);
    }
    if tx.users().by_id(input.user).await?.is_none() {
        return Err(Error::invalid("usuario_id", format!("no user has the id {}", input.user)));
    }
    let new = NewOfficer {
        uuid: cx.rng.uuid(),
        user: input.user,
        internal_code: input.internal_code,
        rank: input.rank,
        unit: input.unit,
        specialty: input.specialty,
        availability: Availability::Available,
        metadata: JsonObject::new(),
        created_at: now,
    };
    let officer = tx.officers().insert(&new).await?;
    let event = Event::OfficerChanged { officer: Box::new(officer.clone()), changed: vec![CREATED.to_owned()] };
    record::events(cx, &mut *tx, actor, now, [event]).await?;
    let note = Difference::made(&officer)
        .note(cx, actor, AuditEvent::Create, now, "Efectivo creado")
        .tags("create,data_change");
    record::audit(&mut *tx, [note]).await?;
    idempotency::keep(&mut *tx, actor, &officer).await?;
    tx.commit().await?;
    // Whoever has a token as this user is an officer from now on.
    cx.principals.forget_all();
    Ok(officer)
}
