//! Rows from another system.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::history::HistoryEntry;
use domain::metrics::TaskMetrics;
use domain::officer::{InternalCode, Unit};
use domain::personal::{Dni, Email, Name};
use domain::task::{NewTask, Title};
use domain::user::NewUser;
use domain::{Level, Officer, OfficerId, Point, Priority, Task, TaskCode, TaskId, TaskKind, TaskState, User, UserId};
use serde_json::json;
use uuid::Uuid;

use super::{audit, given};
use crate::import::{Imported, NUMBERED_TABLES, RESERVED_NUMBERS, RowPrint};
use crate::officer::OfficerFilter;
use crate::task::TaskFilter;
use crate::{Page, Rule, Store};

fn a_user(id: i64) -> User {
    let new = given::a_new_user(Level::Supervisor);
    User {
        id: UserId(id),
        uuid: new.uuid,
        dni: new.dni,
        given_name: new.given_name,
        family_name: None,
        email: new.email,
        phone: None,
        telegram: new.telegram,
        level: new.level,
        verified: true,
        last_access: Some(given::minutes(-5)),
        lockout: domain::user::Lockout { failures: 2, until: Some(given::minutes(1)) },
        extra: [("origen".to_owned(), json!("viejo"))].into_iter().collect(),
        created_at: given::minutes(-100),
        updated_at: given::minutes(-50),
        deleted_at: None,
        version: 4,
    }
}

fn an_officer(id: i64, user: &User) -> Officer {
    Officer {
        id: OfficerId(id),
        uuid: Uuid::from_u128(u128::from(given::unique())),
        user: user.id,
        given_name: user.given_name.clone(),
        family_name: user.family_name.clone(),
        internal_code: format!("V-{id}").as_str().try_into().expect("within length"),
        rank: Some("Cabo".try_into().expect("within length")),
        unit: Some("Norte".try_into().expect("within length")),
        specialty: None,
        availability: domain::Availability::OutOfService,
        availability_since: given::minutes(-60),
        metadata: [("a".to_owned(), json!(1))].into_iter().collect(),
        created_at: given::minutes(-99),
        updated_at: given::minutes(-49),
        deleted_at: None,
        version: 3,
    }
}

fn a_task(id: i64, user: &User, officers: Vec<OfficerId>) -> Task {
    let new = NewTask {
        // Old systems have codes that no new task may have.
        code: TaskCode::stored(format!("tarea vieja número {id}")),
        location: Point::new(-34.6, -58.4).ok(),
        ..given::a_new_task(user)
    };
    Task {
        title: Title::try_from("Ñandú").expect("within length"),
        state: TaskState::Finished,
        started_at: Some(given::minutes(1)),
        finished_at: Some(given::minutes(61)),
        paused_total: TimeDelta::minutes(30),
        duration_hours: Some(0.5),
        officers,
        notes: [("n".to_owned(), json!({"b": [1]}))].into_iter().collect(),
        updated_at: given::minutes(61),
        version: 9,
        ..new.into_task(TaskId(id))
    }
}

/// Everything comes in under its own number and stays as it was; a second run changes nothing.
pub async fn rows_keep_their_numbers_and_come_in_once(store: &Arc<dyn Store>) {
    let user = a_user(500);
    let gone = User { deleted_at: Some(given::noon()), ..a_user(501) };
    let officer = an_officer(600, &user);
    let task = a_task(700, &user, vec![officer.id]);
    let entry = HistoryEntry {
        task: task.id,
        from: Some(TaskState::InProgress),
        to: TaskState::Finished,
        by: Some(user.id),
        on_behalf_of: None,
        reason: Some("Tarea completada".to_owned()),
        at: given::minutes(61),
    };
    let figures = TaskMetrics::of(TaskKind::Patrol, Priority::Medium, vec![0.5], 0, given::noon());
    let line = audit::a_full_line();
    for expected in [Imported::Added, Imported::Present] {
        let mut tx = store.write().await.expect("a transaction");
        assert_eq!(tx.import().user(&user, Some("$2b$x")).await.expect("an answer"), expected);
        assert_eq!(tx.import().user(&gone, None).await.expect("an answer"), expected);
        assert_eq!(tx.import().officer(&officer).await.expect("an answer"), expected);
        assert_eq!(tx.import().task(&task).await.expect("an answer"), expected);
        assert_eq!(tx.import().history(800, &entry).await.expect("an answer"), expected);
        assert_eq!(tx.import().metrics(&figures).await.expect("an answer"), expected);
        assert_eq!(tx.import().audit(&line).await.expect("an answer"), expected);
        tx.import().finish().await.expect("finished");
        tx.commit().await.expect("a commit");
    }
    let mut tx = store.read().await.expect("a connection");
    assert_eq!(tx.users().by_id(user.id).await.expect("an answer"), Some(user.clone()));
    assert_eq!(tx.users().password_hash(user.id).await.expect("an answer").as_deref(), Some("$2b$x"));
    assert_eq!(tx.users().by_id(gone.id).await.expect("an answer"), None);
    assert_eq!(tx.officers().by_id(officer.id).await.expect("an answer"), Some(officer));
    assert_eq!(tx.tasks().by_id(task.id).await.expect("an answer"), Some(task.clone()));
    let words = TaskFilter { search: Some(vec!["nandu".to_owned()]), ..TaskFilter::default() };
    assert_eq!(tx.tasks().count(&words).await.expect("an answer"), 1, "found by its words");
    let near = tx.geo().tasks_around(task.location.expect("a place"), 1.0, &[], None, 10).await.expect("an answer");
    assert_eq!(near, [(task.clone(), 0.0)], "and by its place");
    assert_eq!(tx.history().of_task(task.id).await.expect("an answer"), [entry]);
    assert_eq!(tx.metrics().all().await.expect("an answer"), [figures]);
    let lines = tx.audit().list(Page::first(10)).await.expect("an answer");
    assert_eq!(lines.into_iter().map(|(_, line)| line).collect::<Vec<_>>(), [line]);
}

/// A row that breaks a rule is left out, and those before and after it are not.
pub async fn a_broken_row_does_not_spoil_the_others(store: &Arc<dyn Store>) {
    let (first, twin, last) = (a_user(10), a_user(11), a_user(12));
    let upper = first.email.as_ref().expect("an e-mail").reveal().to_uppercase();
    let twin = User { email: Email::try_from(upper).ok(), ..twin };
    let officer = an_officer(20, &first);
    let orphan = an_officer(21, &a_user(9_999));
    let lost = a_task(30, &first, vec![officer.id, OfficerId(9_999)]);
    let whole = a_task(31, &first, vec![officer.id]);
    let mut tx = store.write().await.expect("a transaction");
    assert_eq!(tx.import().user(&first, None).await.expect("an answer"), Imported::Added);
    assert_eq!(given::broken_rule(&tx.import().user(&twin, None).await), Some(Rule::UserEmail));
    assert_eq!(tx.import().user(&last, None).await.expect("an answer"), Imported::Added);
    assert_eq!(tx.import().officer(&officer).await.expect("an answer"), Imported::Added);
    assert_eq!(given::broken_rule(&tx.import().officer(&orphan).await), Some(Rule::UnknownUser));
    assert_eq!(given::broken_rule(&tx.import().task(&lost).await), Some(Rule::UnknownOfficer));
    assert_eq!(tx.import().task(&whole).await.expect("an answer"), Imported::Added);
    let backwards = Task { finished_at: Some(given::minutes(0)), ..a_task(32, &first, Vec::new()) };
    assert_eq!(given::broken_rule(&tx.import().task(&backwards).await), Some(Rule::TaskRealDates));
    tx.import().finish().await.expect("finished");
    tx.commit().await.expect("a commit");
    let mut tx = store.read().await.expect("a connection");
    let users = tx.users().list(Page::first(10)).await.expect("an answer");
    assert_eq!(users, [first, last]);
    let tasks = tx.tasks().list(&TaskFilter::default(), Page::first(10)).await.expect("an answer");
    assert_eq!(tasks, [whole], "a task without its officers is not there by half");
}

/// A task in course that comes in holds its officers.
pub async fn an_imported_task_in_course_holds_its_officers(store: &Arc<dyn Store>) {
    let user = a_user(10);
    let officer = an_officer(20, &user);
    let begun = |id| Task {
        state: TaskState::InProgress,
        finished_at: None,
        duration_hours: None,
        ..a_task(id, &user, vec![officer.id])
    };
    let mut tx = store.write().await.expect("a transaction");
    tx.import().user(&user, None).await.expect("an answer");
    tx.import().officer(&officer).await.expect("an answer");
    assert_eq!(tx.import().task(&begun(30)).await.expect("an answer"), Imported::Added);
    assert_eq!(given::broken_rule(&tx.import().task(&begun(31)).await), Some(Rule::OneActiveTask));
    assert_eq!(tx.officers().on_task(&[officer.id]).await.expect("an answer"), [officer.id]);
}

/// What is made after an import gets numbers that no row has.
pub async fn new_rows_get_numbers_past_the_imported(store: &Arc<dyn Store>) {
    let user = User { given_name: Name::try_from("Última".to_owned()).expect("within length"), ..a_user(1) };
    let far = a_user(4_000);
    let officer = an_officer(5_000, &user);
    let task = a_task(6_000, &user, Vec::new());
    let entry = HistoryEntry {
        task: task.id,
        from: None,
        to: TaskState::Scheduled,
        by: None,
        on_behalf_of: None,
        reason: None,
        at: given::noon(),
    };
    let mut tx = store.write().await.expect("a transaction");
    tx.import().user(&user, None).await.expect("an answer");
    tx.import().user(&far, None).await.expect("an answer");
    tx.import().officer(&officer).await.expect("an answer");
    tx.import().task(&task).await.expect("an answer");
    tx.import().history(7_000, &entry).await.expect("an answer");
    tx.import().finish().await.expect("finished");
    tx.commit().await.expect("a commit");
    assert!(given::a_user(store, Level::Officer).await.id > far.id);
    assert!(given::an_officer(store).await.id > officer.id);
    assert!(given::a_task(store, &user).await.id > task.id);
    let mut tx = store.write().await.expect("a transaction");
    tx.history().push(&entry).await.expect("a line");
    assert_eq!(tx.history().of_task(task.id).await.expect("an answer").len(), 2);
}

/// Rows are read by number, deleted ones included, and replaced whole with their officers.
pub async fn stored_rows_are_read_and_replaced(store: &Arc<dyn Store>) {
    let user = a_user(10);
    let gone = User { deleted_at: Some(given::noon()), ..a_user(11) };
    let (officer, other) = (an_officer(20, &user), an_officer(21, &gone));
    let task = Task { officers: vec![officer.id], ..a_task(30, &user, Vec::new()) };
    let mut tx = store.write().await.expect("a transaction");
    for user in [&user, &gone] {
        tx.import().user(user, None).await.expect("an answer");
    }
    for officer in [&officer, &other] {
        tx.import().officer(officer).await.expect("an answer");
    }
    tx.import().task(&task).await.expect("an answer");
    assert_eq!(tx.import().stored_user(gone.id).await.expect("an answer"), Some(gone.clone()));
    assert_eq!(tx.import().stored_officer(officer.id).await.expect("an answer"), Some(officer.clone()));
    assert_eq!(tx.import().stored_task(TaskId(31)).await.expect("an answer"), None);
    let rows = tx.assignments().of_tasks(&[task.id]).await.expect("an answer");
    assert!(rows.iter().all(|row| !row.is_open()), "assignments of a finished task are over");
    let open = Task {
        state: TaskState::Scheduled,
        started_at: None,
        finished_at: None,
        duration_hours: None,
        officers: vec![officer.id, other.id],
        ..task.clone()
    };
    tx.import().replace_task(&task, &open).await.expect("replaced");
    let stored = tx.import().stored_task(task.id).await.expect("an answer").expect("a task");
    assert_eq!((stored.state, stored.officers, stored.version), (TaskState::Scheduled, open.officers, 10));
    let rows = tx.assignments().of_tasks(&[task.id]).await.expect("an answer");
    let held: Vec<_> = rows.iter().filter(|row| row.holds_officer()).map(|row| row.officer).collect();
    assert_eq!(held, [officer.id, other.id]);
    let twin = User { email: user.email.clone(), deleted_at: None, ..gone.clone() };
    assert_eq!(given::broken_rule(&tx.import().replace_user(&twin).await), Some(Rule::UserEmail));
    tx.import().replace_officer(&Officer { deleted_at: Some(given::noon()), ..other }).await.expect("still usable");
    tx.commit().await.expect("a commit");
}

/// Digests are kept by table and number, and the reserve of numbers is moved once.
pub async fn digests_are_kept_and_numbers_reserved_once(store: &Arc<dyn Store>) {
    let print = |own: &str| RowPrint { source: "a".to_owned(), own: own.to_owned() };
    let mut tx = store.write().await.expect("a transaction");
    for (id, own) in [(7, "b"), (3, "c"), (7, "d")] {
        tx.import().put_print("usuarios", id, &print(own)).await.expect("written");
    }
    assert_eq!(tx.import().print("usuarios", 7).await.expect("an answer"), Some(print("d")));
    assert_eq!(tx.import().print("tareas", 7).await.expect("an answer"), None);
    assert_eq!(tx.import().printed("usuarios").await.expect("an answer"), [3, 7]);
    tx.import().drop_print("usuarios", 3).await.expect("forgotten");
    assert_eq!(tx.import().printed("usuarios").await.expect("an answer"), [7]);
    tx.import().reserve(&NUMBERED_TABLES.map(|table| (table, 40))).await.expect("reserved");
    tx.commit().await.expect("a commit");
    let first = given::a_user(store, Level::Officer).await.id.0;
    assert!(first > 40 + RESERVED_NUMBERS, "{first}");
    let mut tx = store.write().await.expect("a transaction");
    tx.import().reserve(&NUMBERED_TABLES.map(|table| (table, 900))).await.expect("reserved");
    tx.commit().await.expect("a commit");
    assert_eq!(given::a_user(store, Level::Officer).await.id.0, first + 1, "the reserve is not moved for little");
}

/// Each invariant of several tables names the row that violates it, and a sound office has none.
pub async fn invariants_name_the_rows_that_violate_them(store: &Arc<dyn Store>) {
    use crate::invariant;
    let (user, gone) = (a_user(10), User { deleted_at: Some(given::noon()), ..a_user(11) });
    let officer = Officer { availability: domain::Availability::OnTask, ..an_officer(20, &user) };
    let ghost = an_officer(21, &gone);
    let begun = Task {
        state: TaskState::InProgress,
        finished_at: None,
        duration_hours: None,
        ..a_task(30, &user, vec![ghost.id])
    };
    let timeless = Task { started_at: None, officers: Vec::new(), ..begun.clone() };
    let timeless =
        Task { id: TaskId(31), uuid: Uuid::from_u128(31), code: TaskCode::stored("SIN-31".to_owned()), ..timeless };
    let mut tx = store.write().await.expect("a transaction");
    assert_eq!(tx.invariants().violations().await.expect("an answer"), []);
    for user in [&user, &gone] {
        tx.import().user(user, None).await.expect("an answer");
    }
    for officer in [&officer, &ghost] {
        tx.import().officer(officer).await.expect("an answer");
    }
    for task in [&begun, &timeless] {
        tx.import().task(task).await.expect("an answer");
    }
    let found = tx.invariants().violations().await.expect("an answer");
    let found: Vec<_> = found.iter().map(|violation| (violation.invariant, violation.id)).collect();
    assert_eq!(
        found,
        [
            (invariant::OFFICER_OF_DELETED_USER, 21),
            (invariant::TASK_OF_DEPARTED_OFFICER, 30),
            (invariant::ON_TASK_WITHOUT_TASK, 20),
            (invariant::TASK_WITHOUT_ON_TASK, 21),
            (invariant::TIMES_OF_OPEN_TASK, 31),
        ]
    );
}

/// Rows whose identifying texts are one in several writings come in and work; new ones are refused.
pub async fn writings_of_one_identity_come_in_and_new_ones_are_refused(store: &Arc<dyn Store>) {
    let dni = |text: &str| Dni::try_from(text.to_owned()).ok();
    let email = |text: &str| Email::try_from(text.to_owned()).ok();
    let first = User { dni: dni("12.345.678"), email: email("jos\u{e9}@oficina.gob"), ..a_user(10) };
    let second = User { dni: dni("12345678"), email: email("jose\u{301}@oficina.gob"), ..a_user(11) };
    let code = |text: &str| InternalCode::try_from(text).expect("within length");
    let unit = |text: &str| Unit::try_from(text).expect("within length");
    let officer = Officer { internal_code: code("EF-1"), ..an_officer(20, &first) };
    let other = Officer { internal_code: code("ef-1"), unit: Some(unit("NORTE")), ..an_officer(21, &second) };
    let mut tx = store.write().await.expect("a transaction");
    for user in [&first, &second] {
        assert_eq!(tx.import().user(user, None).await.expect("an answer"), Imported::Added);
    }
    for officer in [&officer, &other] {
        assert_eq!(tx.import().officer(officer).await.expect("an answer"), Imported::Added);
    }
    tx.import().finish().await.expect("finished");
    tx.commit().await.expect("a commit");
    let repeated = async || {
        let mut tx = store.read().await.expect("a connection");
        let rows = tx.users().repeated_identities(10).await.expect("an answer");
        rows.into_iter().map(|row| format!("{}.{} {}", row.table, row.field, row.id)).collect::<Vec<_>>()
    };
    assert_eq!(repeated().await, ["usuarios.dni 11", "usuarios.email 11", "efectivos.codigo_interno 21"]);
    let mut tx = store.read().await.expect("a connection");
    // Each signs in by the very address; another writing means the one who had it first.
    for (typed, id) in [("jos\u{e9}@oficina.gob", 10), ("jose\u{301}@oficina.gob", 11), ("JOSE\u{301}@oficina.gob", 10)]
    {
        let (user, _) = tx.sessions().sign_in_record(typed).await.expect("an answer").expect("a user");
        assert_eq!(user.id, UserId(id), "{typed}");
    }
    let found = OfficerFilter { unit: Some("norte".to_owned()), ..OfficerFilter::default() };
    assert_eq!(tx.officers().list(&found, Page::first(10)).await.expect("an answer").len(), 2);
    drop(tx);
    // What is marked works on, and a mark ends with the form that it is about.
    let mut tx = store.write().await.expect("a transaction");
    let second = tx.users().lock(second.id).await.expect("an answer").expect("a user");
    tx.users().save(&User { phone: None, ..second.clone() }).await.expect("saved");
    tx.commit().await.expect("a commit");
    assert_eq!(repeated().await.len(), 3);
    let mut tx = store.write().await.expect("a transaction");
    let second = tx.users().lock(second.id).await.expect("an answer").expect("a user");
    tx.users().save(&User { dni: dni("87.654.321"), ..second }).await.expect("saved");
    tx.commit().await.expect("a commit");
    assert_eq!(repeated().await, ["usuarios.email 11", "efectivos.codigo_interno 21"]);
    for new in [
        NewUser { dni: dni("12-345-678"), ..given::a_new_user(Level::Officer) },
        NewUser { email: email("JOSE\u{301}@oficina.gob"), ..given::a_new_user(Level::Officer) },
    ] {
        let mut tx = store.write().await.expect("a transaction");
        assert!(given::broken_rule(&tx.users().insert(&new, None).await).is_some(), "{new:?}");
    }
}
