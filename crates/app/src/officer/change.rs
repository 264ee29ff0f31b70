//! Changing an officer.

use domain::audit::AuditEvent;
use domain::officer::OfficerEdit;
use domain::{Availability, Event, Officer, OfficerId, Time};
use store::Tx;

use crate::diff::Difference;
use crate::policy::{self, Permission};
use crate::record;
use crate::{Actor, Context, Current, Error, Kind, Result, Versions, dispatch, idempotency, retry_contention};

/// Wire name of the availability, whose changes have an event of their own.
const AVAILABILITY: &str = "estado_disponibilidad";

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
    if !(actor.officer() == Some(id) && is_own(&edit)) {
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
    let before = officer.clone();
    let has_task = officer.availability == Availability::OnTask && !tx.officers().on_task(&[id]).await?.is_empty();
    let officer = officer.edit(edit, has_task, now).map_err(|error| Error::invalid("estado_disponibilidad", error))?;
    let officer = save(cx, &mut *tx, actor, &before, officer, now).await?;
    idempotency::keep(&mut *tx, actor, &officer).await?;
    tx.commit().await?;
    Ok(officer)
}

/// Saves a locked officer who was `before`, with events and audit line. An officer who did not change is
/// left as it is. Returns the officer as stored.
pub(crate) async fn save(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    before: &Officer,
    mut after: Officer,
    now: Time,
) -> Result<Officer> {
    let difference = Difference::between(before, &after);
    if difference.is_empty() {
        return Ok(before.clone());
    }
    after.version = tx.officers().save(&after).await?;
    let from = before.availability;
    let mut changed = difference.names();
    changed.retain(|name| name != AVAILABILITY);
    let mut events = Vec::with_capacity(2);
    if from != after.availability {
        events.push(Event::OfficerStatusChanged { officer: Box::new(after.clone()), from });
    }
    if !changed.is_empty() {
        events.push(Event::OfficerChanged { officer: Box::new(after.clone()), changed });
    }
    record::events(cx, tx, actor, now, events).await?;
    let note = difference.note(cx, actor, AuditEvent::Update, now, "Efectivo modificado").tags("update,data_change");
    record::audit(tx, [note]).await?;
    Ok(after)
}

/// Whether officers may make this edit to themselves: of their availability alone. Every field is named
/// here, so that a new one is refused to them until it is decided otherwise.
const fn is_own(edit: &OfficerEdit) -> bool {
    let OfficerEdit { availability: _, internal_code: None, rank: None, unit: None, specialty: None } = edit else {
        return false;
    };
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::officer::InternalCode;

    #[test]
    fn officers_change_their_own_availability_and_nothing_else() {
        let edit = OfficerEdit { availability: Some(Availability::OutOfService), ..OfficerEdit::default() };
        assert!(is_own(&edit) && is_own(&OfficerEdit::default()));
        for foreign in [
            OfficerEdit { internal_code: InternalCode::try_from("EF-1".to_owned()).ok(), ..edit.clone() },
            OfficerEdit { rank: Some(None), ..edit.clone() },
            OfficerEdit { unit: Some(None), ..edit.clone() },
            OfficerEdit { specialty: Some(None), ..edit },
        ] {
            assert!(!is_own(&foreign), "{foreign:?}");
        }
    }
}
