//! Changing an officer.

use domain::audit::AuditEvent;
use domain::officer::OfficerEdit;
use domain::{Availability, Event, Officer, OfficerId};
use serde_json::json;

use crate::policy::{self, Permission};
use crate::record::{self, Note};
use crate::{Actor, Context, Current, Error, Kind, Result, Versions, dispatch, idempotency, retry_contention};

/// Changes an officer: officers their own availability, level 2 everything. `expected` is the
/// version that the caller has read.
pub async fn update(
    cx: &Context,
    actor: &Actor,
    id: OfficerId,
    edit: OfficerEdit,
    expected: Option<Versions>,
) -> Result<Officer> {
    let officer = retry_contention(|| update_once(cx, actor, id, edit.clone(), expected)).await?;
    if officer.availability == Availability::Available {
        cx.freed_officers.add([officer.id]);
    }
    Ok(officer)
}

async fn update_once(
    cx: &Context,
    actor: &Actor,
    id: OfficerId,
    edit: OfficerEdit,
    expected: Option<Versions>,
) -> Result<Officer> {
    let only_availability =
        edit.internal_code.is_none() && edit.rank.is_none() && edit.unit.is_none() && edit.specialty.is_none();
    if !(only_availability && actor.officer() == Some(id)) {
        policy::require(actor, Permission::ManageOfficers)?;
    }
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    if let Some(officer) = idempotency::replay(cx, &mut *tx, actor).await? {
        return Ok(officer);
    }
    if matches!(edit.availability, Some(Availability::OutOfService | Availability::Unavailable)) {
        // Locks the officer's tasks before the officer.
        dispatch::refuse_while_due(cx, &mut *tx, actor, id, now).await?;
    }
    let officer = tx.officers().lock(&[id]).await?.pop().ok_or_else(|| Error::not_found(Kind::Officer, id))?;
    if expected.is_some_and(|versions| !versions.contains(officer.version)) {
        return Err(Error::Outdated(Current::Officer(Box::new(officer))));
    }
    let from = officer.availability;
    let mut officer = officer.edit(edit, now).map_err(|error| Error::invalid("estado_disponibilidad", error))?;
    officer.version = tx.officers().save(&officer).await?;
    let to = officer.availability;
    if from != to {
        let event = Event::OfficerStatusChanged { officer: Box::new(officer.clone()), from };
        record::events(cx, &mut *tx, actor, now, [event]).await?;
    }
    let note = Note::new(cx, actor, AuditEvent::Update, now, "Efectivo modificado")
        .on("efectivo", id)
        .values(Some(json!({ "estado_disponibilidad": from })), Some(json!({ "estado_disponibilidad": to })))
        .tags("update,data_change");
    record::audit(&mut *tx, [note]).await?;
    idempotency::keep(&mut *tx, actor, &officer).await?;
    tx.commit().await?;
    Ok(officer)
}
