//! Officers.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::officer::{InternalCode, NewOfficer};
use domain::{Availability, JsonObject, Level, Officer, OfficerId, Task, TaskState, Text, User, UserId};
use futures::future::join_all;
use serde_json::json;
use uuid::Uuid;

use super::given;
use crate::officer::OfficerFilter;
use crate::{Cursor, Error, Page, Result, Rule, Store};

fn a_new_officer(user: UserId) -> NewOfficer {
    NewOfficer {
        uuid: Uuid::from_u128(u128::from(given::unique())),
        user,
        internal_code: InternalCode::try_from(format!("OF-{}", given::unique())).expect("within length"),
        rank: None,
        unit: None,
        specialty: None,
        availability: Availability::Available,
        metadata: JsonObject::new(),
        created_at: given::noon(),
    }
}

async fn insert(store: &Arc<dyn Store>, new: &NewOfficer) -> Result<Officer> {
    let mut tx = store.write().await?;
    let officer = tx.officers().insert(new).await?;
    tx.commit().await?;
    Ok(officer)
}

async fn save(store: &Arc<dyn Store>, officer: &Officer) -> Result<i64> {
    let mut tx = store.write().await?;
    let version = tx.officers().save(officer).await?;
    tx.commit().await?;
    Ok(version)
}

async fn by_id(store: &Arc<dyn Store>, id: OfficerId) -> Option<Officer> {
    store.read().await.expect("a connection").officers().by_id(id).await.expect("an answer")
}

/// All fields come back as they went in, and the names are the user's.
pub async fn every_field_of_an_officer_comes_back(store: &Arc<dyn Store>) {
    let user = given::a_user(store, Level::Officer).await;
    let new = NewOfficer {
        internal_code: Text::try_from("Ñ-01 ⚓").expect("within length"),
        rank: Text::try_from("Sargento 1º").ok(),
        unit: Text::try_from("Caballería").ok(),
        specialty: Text::try_from("Buceo").ok(),
        availability: Availability::OutOfService,
        metadata: json!({"legajo": {"año": 2019}}).as_object().cloned().expect("an object"),
        created_at: given::noon() + TimeDelta::microseconds(7),
        ..a_new_officer(user.id)
    };
    let made = insert(store, &new).await.expect("a new officer");
    assert_eq!((&made.given_name, &made.family_name), (&user.given_name, &user.family_name));
    assert_eq!((made.availability_since, made.version), (new.created_at, 1));
    assert_eq!(by_id(store, made.id).await.as_ref(), Some(&made));
    let other = given::a_user(store, Level::Officer).await;
    let changed = Officer {
        user: other.id,
        internal_code: Text::try_from("OTRO").expect("within length"),
        rank: None,
        unit: Text::try_from("K9").ok(),
        specialty: None,
        availability: Availability::Unavailable,
        availability_since: given::minutes(3) + TimeDelta::microseconds(1),
        metadata: JsonObject::new(),
        updated_at: given::minutes(4),
        ..made
    };
    assert_eq!(save(store, &changed).await.expect("a saved officer"), 2);
    let expected =
        Officer { given_name: other.given_name, family_name: other.family_name, version: 2, ..changed.clone() };
    assert_eq!(by_id(store, changed.id).await, Some(expected));
}

/// A user is one officer at most, codes are unique, and the user must exist.
pub async fn what_is_unique_of_an_officer_is_refused_by_name(store: &Arc<dyn Store>) {
    let officer = given::an_officer(store).await;
    let user = given::a_user(store, Level::Officer).await;
    let taken = [
        (a_new_officer(officer.user), Rule::OfficerUser),
        (NewOfficer { internal_code: officer.internal_code.clone(), ..a_new_officer(user.id) }, Rule::OfficerCode),
        (NewOfficer { uuid: officer.uuid, ..a_new_officer(user.id) }, Rule::Uuid),
        (a_new_officer(UserId(9_999_999)), Rule::UnknownUser),
    ];
    for (new, rule) in taken {
        assert_eq!(given::broken_rule(&insert(store, &new).await), Some(rule));
    }
    let stranger = Officer { user: UserId(9_999_999), ..officer };
    assert_eq!(given::broken_rule(&save(store, &stranger).await), Some(Rule::UnknownUser));
}

/// A deleted officer is in no answer, and the user and the code are free for another.
pub async fn a_deleted_officer_is_invisible_and_leaves_its_names_free(store: &Arc<dyn Store>) {
    let officer = given::an_officer_at(store, -34.6, -58.4).await;
    let deleted = Officer { deleted_at: Some(given::minutes(1)), ..officer.clone() };
    save(store, &deleted).await.expect("a deleted officer");
    let mut tx = store.write().await.expect("a transaction");
    assert_eq!(tx.officers().by_id(officer.id).await.expect("an answer"), None);
    assert_eq!(tx.officers().by_user(officer.user).await.expect("an answer"), None);
    assert_eq!(tx.officers().lock(&[officer.id]).await.expect("an answer"), []);
    assert_eq!(tx.officers().try_lock(officer.id).await.expect("an answer"), None);
    let all = OfficerFilter::default();
    assert_eq!(tx.officers().list(&all, Page::first(10)).await.expect("an answer"), []);
    drop(tx);
    let again = NewOfficer { internal_code: officer.internal_code.clone(), ..a_new_officer(officer.user) };
    insert(store, &again).await.expect("an officer under the same names");
}

/// By the user who signs in.
pub async fn an_officer_is_found_by_user(store: &Arc<dyn Store>) {
    let officer = given::an_officer(store).await;
    let nobody = given::a_user(store, Level::Supervisor).await;
    let mut tx = store.read().await.expect("a connection");
    assert_eq!(tx.officers().by_user(officer.user).await.expect("an answer").as_ref(), Some(&officer));
    assert_eq!(tx.officers().by_user(nobody.id).await.expect("an answer"), None);
}

/// A change of the user's name shows in the officer.
pub async fn an_officer_bears_the_name_of_the_user(store: &Arc<dyn Store>) {
    let officer = given::an_officer(store).await;
    let mut tx = store.write().await.expect("a transaction");
    let user = tx.users().by_id(officer.user).await.expect("an answer").expect("the user");
    let renamed = User { given_name: "Otra".to_owned().try_into().expect("within length"), family_name: None, ..user };
    tx.users().save(&renamed).await.expect("a saved user");
    tx.commit().await.expect("a commit");
    assert_eq!(by_id(store, officer.id).await.expect("the officer").full_name(), "Otra");
}

/// Who read before another's change cannot write over it.
pub async fn an_officer_who_changed_meanwhile_is_not_overwritten(store: &Arc<dyn Store>) {
    let officer = given::an_officer(store).await;
    let busy = Officer { availability: Availability::OnTask, ..officer.clone() };
    save(store, &busy).await.expect("a saved officer");
    assert!(matches!(save(store, &officer).await, Err(Error::Stale)));
    assert_eq!(by_id(store, officer.id).await.expect("the officer").availability, Availability::OnTask);
}

/// Locks give those who exist in order of number, whatever the order asked for.
pub async fn officers_are_locked_in_order(store: &Arc<dyn Store>) {
    let (first, second) = (given::an_officer(store).await, given::an_officer(store).await);
    let mut tx = store.write().await.expect("a transaction");
    let asked = [second.id, OfficerId(9_999_999), first.id, second.id];
    assert_eq!(tx.officers().lock(&asked).await.expect("an answer"), [first.clone(), second]);
    assert_eq!(tx.officers().lock(&[]).await.expect("an answer"), []);
    assert_eq!(tx.officers().try_lock(first.id).await.expect("an answer"), Some(first));
    assert_eq!(tx.officers().try_lock(OfficerId(9_999_999)).await.expect("an answer"), None);
}

/// Fifty who lock the same officers, in any order, lose no change and never wait for each other.
pub async fn editors_of_officers_wait_for_each_other(store: &Arc<dyn Store>) {
    let officers = [given::an_officer(store).await.id, given::an_officer(store).await.id];
    let edit = |n: usize| async move {
        let asked = if n.is_multiple_of(2) { officers } else { [officers[1], officers[0]] };
        let mut tx = store.write().await?;
        for mut officer in tx.officers().lock(&asked).await? {
            let count = officer.metadata.get("n").and_then(serde_json::Value::as_i64).unwrap_or_default();
            officer.metadata.insert("n".to_owned(), json!(count + 1));
            tx.officers().save(&officer).await?;
        }
        tx.commit().await
    };
    for outcome in join_all((0..50).map(edit)).await {
        outcome.expect("a change");
    }
    for id in officers {
        assert_eq!(by_id(store, id).await.expect("the officer").metadata["n"], json!(50));
    }
}

/// Each filter alone, and both together; in pages from either end.
pub async fn officers_are_listed_by_availability_and_unit(store: &Arc<dyn Store>) {
    let mut ids = Vec::new();
    for (availability, unit) in [
        (Availability::Available, Some("Norte")),
        (Availability::OutOfService, Some("Norte")),
        // One unit, however it is written.
        (Availability::Available, Some("norte")),
        (Availability::OnTask, None),
    ] {
        let officer = given::an_officer(store).await;
        let unit = unit.and_then(|unit| Text::try_from(unit).ok());
        save(store, &Officer { availability, unit, ..officer.clone() }).await.expect("a saved officer");
        ids.push(officer.id);
    }
    let mut tx = store.read().await.expect("a connection");
    let mut numbers = async |filter: &OfficerFilter, page| -> Vec<OfficerId> {
        tx.officers().list(filter, page).await.expect("a page").iter().map(|officer| officer.id).collect()
    };
    let (all, first) = (OfficerFilter::default(), Page::first(10));
    assert_eq!(numbers(&all, first).await, ids);
    let available = OfficerFilter { availability: vec![Availability::Available], unit: None };
    assert_eq!(numbers(&available, first).await, [ids[0], ids[2]]);
    let idle = vec![Availability::Available, Availability::OutOfService];
    assert_eq!(numbers(&OfficerFilter { availability: idle, unit: None }, first).await, ids[..3]);
    let north = OfficerFilter { unit: Some("Norte".to_owned()), ..all.clone() };
    assert_eq!(numbers(&north, first).await, ids[..3]);
    let both = OfficerFilter { unit: north.unit.clone(), ..available };
    assert_eq!(numbers(&both, first).await, [ids[0], ids[2]]);
    assert_eq!(numbers(&all, Page { skip: 1, limit: 2, ..first }).await, ids[1..3]);
    let before = Page { after: Some(Cursor(ids[2].0)), limit: 1, descending: true, ..first };
    assert_eq!(numbers(&all, before).await, ids[1..2]);
}

/// Begun tasks, paused ones included, hold their officers; programmed and ended ones do not.
pub async fn officers_on_a_begun_task_are_named(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let mut officers = Vec::new();
    for steps in [
        &[][..],
        &[TaskState::InProgress],
        &[TaskState::InProgress, TaskState::Paused],
        &[TaskState::InProgress, TaskState::Finished],
    ] {
        let officer = given::an_officer(store).await.id;
        let mut task = given::a_task(store, &supervisor).await;
        let mut tx = store.write().await.expect("a transaction");
        tx.tasks().assign(task.id, &[officer], None, given::noon()).await.expect("an assignment");
        for state in steps {
            task = task.transition(*state, given::minutes(1)).expect("a legal change");
            task.version = tx.tasks().save(&task).await.expect("a saved task");
        }
        tx.commit().await.expect("a commit");
        officers.push(officer);
    }
    let mut tx = store.write().await.expect("a transaction");
    let asked = [officers[3], officers[2], officers[1], officers[0]];
    assert_eq!(tx.officers().on_task(&asked).await.expect("an answer"), officers[1..3]);
    assert_eq!(tx.officers().on_task(&[officers[0]]).await.expect("an answer"), []);
    // A deleted task holds nobody.
    let filter = crate::task::TaskFilter { officer: Some(officers[2]), ..Default::default() };
    let task = tx.tasks().list(&filter, Page::first(1)).await.expect("an answer").remove(0);
    let deleted = Task { deleted_at: Some(given::minutes(2)), ..task };
    tx.tasks().save(&deleted).await.expect("a deleted task");
    assert_eq!(tx.officers().on_task(&asked).await.expect("an answer"), officers[1..2]);
}
