//! Lists of tasks: filters, words, pages.

use std::sync::Arc;

use domain::task::{NewTask, Title};
use domain::{
    GeoBox, Level, OfficerId, Point, Priority, Task, TaskId, TaskKind, TaskState, Text, User, UserId, search,
};

use super::given;
use crate::task::TaskFilter;
use crate::{Cursor, Page, Store};

async fn ids(store: &Arc<dyn Store>, filter: &TaskFilter, page: Page) -> Vec<TaskId> {
    let mut tx = store.read().await.expect("a connection");
    tx.tasks().list(filter, page).await.expect("a page").iter().map(|task| task.id).collect()
}

/// Which of `tasks` a filter shows, by their place in the slice; its count agrees.
async fn shown(store: &Arc<dyn Store>, tasks: &[Task], filter: TaskFilter) -> Vec<usize> {
    let found = ids(store, &filter, Page::first(100)).await;
    let mut tx = store.read().await.expect("a connection");
    let count = tx.tasks().count(&filter).await.expect("a count");
    assert_eq!(usize::try_from(count).ok(), Some(found.len()), "{filter:?}");
    (0..tasks.len()).filter(|index| found.contains(&tasks[*index].id)).collect()
}

/// Four tasks that differ in all that a filter knows; the second has begun, with an officer whose
/// user is given as well.
async fn four_tasks(store: &Arc<dyn Store>) -> (Vec<Task>, [User; 2], OfficerId, UserId) {
    let users = [given::a_user(store, Level::Supervisor).await, given::a_user(store, Level::Supervisor).await];
    let officer = given::an_officer(store).await;
    let place = |lat, lng| Point::new(lat, lng).ok();
    let [a, b] = &users;
    let new = [
        NewTask { location: place(-34.6, -58.4), scheduled_start: given::minutes(10), ..given::a_new_task(a) },
        NewTask {
            kind: TaskKind::Training,
            location: place(-17.7, 179.9),
            scheduled_start: given::minutes(20),
            ..given::a_new_task(a)
        },
        NewTask {
            priority: Priority::Critical,
            location: place(-17.7, -179.9),
            scheduled_start: given::minutes(30),
            awaits_officer: true,
            ..given::a_new_task(b)
        },
        NewTask { creator: a.id, scheduled_start: given::minutes(40), ..given::a_new_task(b) },
    ];
    let mut tx = store.write().await.expect("a transaction");
    let mut tasks = Vec::new();
    for new in &new {
        tasks.push(tx.tasks().insert(new).await.expect("a new task"));
    }
    tx.tasks().assign(tasks[1].id, &[officer.id], Some(a.id), given::noon()).await.expect("an assignment");
    tasks[1] = tasks[1].clone().transition(TaskState::InProgress, given::minutes(21)).expect("a legal change");
    tx.tasks().save(&tasks[1]).await.expect("a saved task");
    tx.commit().await.expect("a commit");
    (tasks, users, officer.id, officer.user)
}

/// Each filter narrows the list by itself.
pub async fn each_filter_narrows_the_list(store: &Arc<dyn Store>) {
    let (tasks, [a, b], officer, officer_user) = four_tasks(store).await;
    let all = TaskFilter::default;
    let cases = [
        (all(), vec![0, 1, 2, 3]),
        (TaskFilter { states: vec![TaskState::InProgress], ..all() }, vec![1]),
        (TaskFilter { states: vec![TaskState::Scheduled, TaskState::InProgress], ..all() }, vec![0, 1, 2, 3]),
        (TaskFilter { states: vec![TaskState::Finished], ..all() }, vec![]),
        (TaskFilter { kinds: vec![TaskKind::Training, TaskKind::Intervention], ..all() }, vec![1]),
        (TaskFilter { priorities: vec![Priority::Critical, Priority::Low], ..all() }, vec![2]),
        (TaskFilter { delegate: Some(a.id), ..all() }, vec![0, 1]),
        (TaskFilter { creator: Some(a.id), ..all() }, vec![0, 1, 3]),
        (TaskFilter { officer: Some(officer), ..all() }, vec![1]),
        (TaskFilter { officer: Some(OfficerId(9_999_999)), ..all() }, vec![]),
        (TaskFilter { visible_to: Some(b.id), ..all() }, vec![2, 3]),
        (TaskFilter { visible_to: Some(officer_user), ..all() }, vec![1]),
        (TaskFilter { visible_to: Some(UserId(9_999_999)), ..all() }, vec![]),
        (TaskFilter { starts_from: Some(given::minutes(20)), ..all() }, vec![1, 2, 3]),
        (TaskFilter { starts_before: Some(given::minutes(20)), ..all() }, vec![0]),
        (TaskFilter { awaits_officer: Some(true), ..all() }, vec![2]),
        (TaskFilter { awaits_officer: Some(false), ..all() }, vec![0, 1, 3]),
    ];
    for (filter, expected) in cases {
        assert_eq!(shown(store, &tasks, filter.clone()).await, expected, "{filter:?}");
    }
}

/// Filters narrow each other; all of them at once still find the one that meets them.
pub async fn filters_narrow_each_other(store: &Arc<dyn Store>) {
    let (tasks, [a, b], officer, officer_user) = four_tasks(store).await;
    let everything = TaskFilter {
        visible_to: Some(officer_user),
        states: vec![TaskState::InProgress],
        kinds: vec![TaskKind::Training],
        priorities: vec![Priority::Medium],
        delegate: Some(a.id),
        creator: Some(a.id),
        officer: Some(officer),
        search: Some(search::words(tasks[1].code.as_str())),
        starts_from: Some(given::minutes(20)),
        starts_before: Some(given::minutes(21)),
        within: Some(GeoBox { south: -18.0, west: 179.0, north: -17.0, east: 180.0 }),
        awaits_officer: Some(false),
    };
    assert_eq!(shown(store, &tasks, everything.clone()).await, [1]);
    assert_eq!(shown(store, &tasks, TaskFilter { delegate: Some(b.id), ..everything }).await, Vec::<usize>::new());
    let late = TaskFilter { creator: Some(a.id), starts_from: Some(given::minutes(20)), ..TaskFilter::default() };
    assert_eq!(shown(store, &tasks, late).await, [1, 3]);
}

/// A box holds its edges, and may cross the antimeridian; tasks without a place are in none.
pub async fn tasks_are_listed_by_box(store: &Arc<dyn Store>) {
    let (tasks, ..) = four_tasks(store).await;
    let within = |south, west, north, east| TaskFilter {
        within: Some(GeoBox { south, west, north, east }),
        ..TaskFilter::default()
    };
    assert_eq!(shown(store, &tasks, within(-90.0, -180.0, 90.0, 180.0)).await, [0, 1, 2]);
    assert_eq!(shown(store, &tasks, within(-34.6, -58.4, -34.6, -58.4)).await, [0]);
    assert_eq!(shown(store, &tasks, within(-34.599_999_9, -58.4, 0.0, 0.0)).await, Vec::<usize>::new());
    assert_eq!(shown(store, &tasks, within(-18.0, 179.0, -17.0, -179.0)).await, [1, 2]);
    assert_eq!(shown(store, &tasks, within(-18.0, 179.95, -17.0, -179.0)).await, [2]);
    // A task that moves, or loses its place, is found where it is.
    let mut tx = store.write().await.expect("a transaction");
    let moved = Task { location: Point::new(40.4, -3.7).ok(), ..tasks[0].clone() };
    tx.tasks().save(&moved).await.expect("a saved task");
    tx.tasks().save(&Task { location: None, ..tasks[2].clone() }).await.expect("a saved task");
    tx.commit().await.expect("a commit");
    assert_eq!(shown(store, &tasks, within(40.0, -4.0, 41.0, -3.0)).await, [0]);
    assert_eq!(shown(store, &tasks, within(-90.0, -180.0, 0.0, 180.0)).await, [1]);
}

async fn texts(store: &Arc<dyn Store>) -> Vec<Task> {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let mut tx = store.write().await.expect("a transaction");
    let mut tasks = Vec::new();
    for (title, description, place) in [
        ("Inspección del puente Ñandú", None, None),
        ("Patrulla nocturna", Some("Vigilar el PUENTE, 2º tramo"), None),
        ("Patrullaje diurno", None, Some("Güemes and NEAR not OR 42")),
    ] {
        let new = NewTask {
            title: Title::try_from(title).expect("within length"),
            description: description.and_then(|text| Text::try_from(text).ok()),
            location_description: place.and_then(|text| Text::try_from(text).ok()),
            ..given::a_new_task(&supervisor)
        };
        tasks.push(tx.tasks().insert(&new).await.expect("a new task"));
    }
    tx.commit().await.expect("a commit");
    tasks
}

fn query(text: &str) -> TaskFilter {
    TaskFilter::default().with_search(text)
}

/// Accents and case do not matter, each word may be the beginning of one, and all must be there.
pub async fn tasks_are_found_by_words(store: &Arc<dyn Store>) {
    let tasks = texts(store).await;
    for (text, expected) in [
        ("puente", vec![0, 1]),
        ("PUENTÉ", vec![0, 1]),
        ("nandu", vec![0]),
        ("ÑANDÚ puen", vec![0]),
        ("patrull", vec![1, 2]),
        ("patrulla", vec![1, 2]),
        ("patrullaj", vec![2]),
        ("atrulla", vec![]),
        ("diurno patrulla guemes", vec![2]),
        ("diurno nocturna", vec![]),
        ("tramo 2o", vec![1]),
        ("", vec![0, 1, 2]),
        ("¡!", vec![]),
        ("🚨", vec![]),
    ] {
        assert_eq!(shown(store, &tasks, query(text)).await, expected, "{text:?}");
    }
    let by_code = query(tasks[1].code.as_str());
    assert!(shown(store, &tasks, by_code).await.contains(&1));
    let mut tx = store.write().await.expect("a transaction");
    let renamed = Task { title: Title::try_from("Río").expect("within length"), ..tasks[0].clone() };
    tx.tasks().save(&renamed).await.expect("a saved task");
    tx.commit().await.expect("a commit");
    assert_eq!(shown(store, &tasks, query("puente")).await, [1], "the words of before are gone");
    assert_eq!(shown(store, &tasks, query("rio")).await, [0]);
}

/// What would be an operator to the database is only a word, or nothing.
pub async fn hostile_words_are_only_words(store: &Arc<dyn Store>) {
    let tasks = texts(store).await;
    for (text, expected) in [
        ("NEAR", vec![2]),
        ("and OR not", vec![2]),
        ("NOT patrulla", vec![2]),
        ("pu*ente", vec![]),
        ("\"puente\"", vec![0, 1]),
        ("'; DROP TABLE tareas; --", vec![]),
        ("busqueda:puente", vec![]),
        ("puente & !nandu | (x", vec![]),
        ("puente*", vec![0, 1]),
        ("-puente", vec![0, 1]),
        ("^puente:*", vec![0, 1]),
        ("\\ % _", vec![]),
    ] {
        assert_eq!(shown(store, &tasks, query(text)).await, expected, "{text:?}");
    }
    // Words that no call of `search::words` makes do no harm either.
    for word in ["\"", "*", "", " ", "a\"b", "NEAR(", "-", ":*", "'", "\\", "ñ OR a", "&|!()"] {
        let filter = TaskFilter { search: Some(vec![word.to_owned()]), ..TaskFilter::default() };
        let mut tx = store.read().await.expect("a connection");
        tx.tasks().list(&filter, Page::first(10)).await.expect("an answer");
        tx.tasks().count(&filter).await.expect("an answer");
    }
}

/// From either end, by number of rows or after a row, under a filter.
pub async fn tasks_come_in_pages(store: &Arc<dyn Store>) {
    let (a, b) = (given::a_user(store, Level::Supervisor).await, given::a_user(store, Level::Supervisor).await);
    let mut mine = Vec::new();
    for _ in 0..5 {
        mine.push(given::a_task(store, &a).await.id);
        given::a_task(store, &b).await;
    }
    let filter = TaskFilter { delegate: Some(a.id), ..TaskFilter::default() };
    let first = Page::first(2);
    assert_eq!(ids(store, &filter, first).await, mine[..2]);
    assert_eq!(ids(store, &filter, Page { skip: 3, limit: 10, ..first }).await, mine[3..]);
    assert_eq!(ids(store, &filter, Page { after: Some(Cursor(mine[1].0)), ..first }).await, mine[2..4]);
    assert_eq!(ids(store, &filter, Page { descending: true, ..first }).await, [mine[4], mine[3]]);
    let before = Page { after: Some(Cursor(mine[3].0)), descending: true, ..first };
    assert_eq!(ids(store, &filter, before).await, [mine[2], mine[1]]);
    assert_eq!(ids(store, &filter, Page { skip: 1, ..before }).await, [mine[1], mine[0]]);
    assert_eq!(ids(store, &filter, Page { after: Some(Cursor(mine[4].0)), ..first }).await, []);
    assert_eq!(ids(store, &TaskFilter::default(), Page::first(100)).await.len(), 10);
}

/// Tasks that go on are found when they were to end, each in one stretch of time.
pub async fn tasks_that_were_to_end_are_found(store: &Arc<dyn Store>) {
    let user = given::a_user(store, Level::Supervisor).await;
    let mut tx = store.write().await.expect("a transaction");
    let mut tasks = Vec::new();
    for end in [30, 20, 20, 20, 40] {
        let new = NewTask { scheduled_end: Some(given::minutes(end)), ..given::a_new_task(&user) };
        tasks.push(tx.tasks().insert(&new).await.expect("a new task"));
    }
    tx.tasks().insert(&given::a_new_task(&user)).await.expect("a task without an end");
    let begun = tasks[1].clone().transition(TaskState::InProgress, given::minutes(5)).expect("a legal change");
    let begun = Task { version: tx.tasks().save(&begun).await.expect("a saved task"), ..begun };
    let ended = tasks[2].clone().transition(TaskState::Cancelled, given::minutes(5)).expect("a legal change");
    tx.tasks().save(&ended).await.expect("a saved task");
    let gone = Task { deleted_at: Some(given::minutes(5)), ..tasks[3].clone() };
    tx.tasks().save(&gone).await.expect("a saved task");
    let mut found = async |from, to, limit| -> Vec<TaskId> {
        let found =
            tx.tasks().overdue((given::minutes(from), None), given::minutes(to), limit).await.expect("an answer");
        found.iter().map(|task| task.id).collect()
    };
    assert_eq!(found(0, 39, 9).await, [begun.id, tasks[0].id]);
    assert_eq!(found(0, 20, 9).await, [begun.id]);
    assert_eq!(found(20, 40, 9).await, [tasks[0].id, tasks[4].id]);
    assert_eq!(found(0, 40, 1).await, [begun.id]);
    assert_eq!(found(40, 90, 9).await, []);
    let mut same = Vec::new();
    for _ in 0..5 {
        let new = NewTask { scheduled_end: Some(given::minutes(50)), ..given::a_new_task(&user) };
        same.push(tx.tasks().insert(&new).await.expect("a new task").id);
    }
    // More than one step takes, all at the same time: the next step begins after the last task.
    let (mut walked, mut from) = (Vec::new(), (given::minutes(40), None));
    loop {
        let part = tx.tasks().overdue(from, given::minutes(60), 2).await.expect("an answer");
        let Some(last) = part.last() else { break };
        from = (last.scheduled_end.expect("an end"), Some(last.id));
        walked.extend(part.iter().map(|task| task.id));
    }
    assert_eq!(walked, same);
}
