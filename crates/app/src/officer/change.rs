//! Changing an officer.

use domain::audit::AuditEvent;
use domain::officer::OfficerEdit;
use domain::{Availability, Event, Officer, OfficerId};
use serde_json::json;

use crate::policy::{self, Permission};
use crate::record::{self, Note};
use crate::{Actor, Context, Current, Error, Kind, Result, dispatch, retry_contention};

/// Changes an officer: officers their own availability, level 2 everything. `expected` is the
/// version that the caller has read.
pub async fn update(
    cx: &Context,
    actor: &Actor,
    id: OfficerId,
    edit: OfficerEdit,
    expected: Option<i64>,
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
    expected: Option<i64>,
) -> Result<Officer> {
    if !(actor.officer() == Some(id) && is_own(&edit)) {
        policy::require(actor, Permission::ManageOfficers)?;
    }
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    if matches!(edit.availability, Some(Availability::OutOfService | Availability::Unavailable)) {
        // Locks the officer's tasks before the officer.
        dispatch::refuse_while_due(cx, &mut *tx, actor, id, now).await?;
    }
    let officer = tx.officers().lock(&[id]).await?.pop().ok_or_else(|| Error::not_found(Kind::Officer, id))?;
    if expected.is_some_and(|version| version != officer.version) {
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
    tx.commit().await?;
    Ok(officer)
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
