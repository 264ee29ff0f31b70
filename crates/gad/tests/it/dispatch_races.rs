//! Use cases of dispatch against each other, on two replicas of one PostgreSQL: no deadlock, no 503,
//! and the invariants hold afterwards.

use std::collections::{BTreeMap, BTreeSet};

use app::Context;
use chrono::TimeDelta;
use domain::{AssignmentState, Availability, OfficerId, TaskId, TaskState};
use futures::future::join_all;
use serde_json::{Value, json};
use store::officer::OfficerFilter;
use store::task::TaskFilter;
use store::{Page, Store};

use crate::intruder::Intruder;
use crate::keep::Keep;
use crate::office::{Office, On};
use crate::person::{Answer, Person};

/// Requests of each side of a race; `GAD_RACES` sets another number.
const ROUNDS: usize = 100;

fn rounds() -> usize {
    std::env::var("GAD_RACES").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS)
}

/// Two replicas on one database, with one clock each that the test moves together.
struct Pair {
    one: Office,
    other: Office,
}

impl Pair {
    async fn open() -> Self {
        let one = Office::open(On::Postgres).await;
        let keys = one.audit_keys.lock().unwrap().clone();
        let Keep::Database(database) = one.data() else { unreachable!("on PostgreSQL") };
        let keep = Keep::Database(database.shared());
        let other = Office::open_in(keep, domain::Clock::now(&*one.clock), keys).await;
        Self { one, other }
    }

    fn advance(&self, by: TimeDelta) {
        self.one.clock.advance(by);
        self.other.clock.advance(by);
    }

    fn there(&self, person: &Person) -> Person {
        person.at(self.other.url())
    }

    async fn deadlocks(&self) -> i64 {
        let mut intruder: Intruder = self.one.intruder().await;
        intruder.does("SELECT pg_stat_clear_snapshot()").await;
        let query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
        intruder.numbers(query).await[0]
    }

    async fn closes(self) {
        self.other.ends_only().await;
        self.one.closes().await;
    }
}

/// Holds the invariants against the record after a race.
async fn holds(cx: &Context) {
    app::dispatch::release_departed(cx).await.unwrap();
    app::dispatch::escalate_due(cx).await.unwrap();
    let store: &dyn Store = &*cx.store;
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.dispatch().unattended(10).await.unwrap(), [], "a lost call");
    let officers = tx.officers().list(&OfficerFilter::default(), Page::first(500)).await.unwrap();
    let tasks = tx.tasks().list(&TaskFilter::default(), Page::first(5000)).await.unwrap();
    let ids: Vec<TaskId> = tasks.iter().map(|task| task.id).collect();
    let rows = tx.assignments().of_tasks(&ids).await.unwrap();
    let mut active: BTreeMap<OfficerId, usize> = BTreeMap::new();
    let mut busy: BTreeSet<OfficerId> = BTreeSet::new();
    for task in &tasks {
        if task.state.holds_officers() {
            busy.extend(&task.officers);
        }
        if task.state == TaskState::InProgress {
            task.officers.iter().for_each(|officer| *active.entry(*officer).or_default() += 1);
        }
        if task.state.is_final() {
            let open = rows.iter().find(|row| row.task == task.id && row.is_open());
            assert_eq!(open, None, "open assignment of a task that is over");
            continue;
        }
        let mut held: Vec<OfficerId> =
            rows.iter().filter(|row| row.task == task.id && row.holds_officer()).map(|row| row.officer).collect();
        held.sort_unstable();
        assert_eq!(held, task.officers, "task {}", task.id);
    }
    assert!(active.values().all(|count| *count == 1), "several active tasks: {active:?}");
    for officer in &officers {
        let is_busy = busy.contains(&officer.id);
        assert_eq!(officer.availability == Availability::OnTask, is_busy, "officer {}", officer.id);
    }
    for row in rows.iter().filter(|row| row.is_open()) {
        assert!(officers.iter().any(|officer| officer.id == row.officer), "names who has left: {row:?}");
    }
}

fn expect(answers: &[Answer], allowed: &[u16]) {
    for answer in answers {
        assert!(allowed.contains(&answer.status), "{} {}", answer.status, answer.body);
    }
}

async fn raises(person: &Person, n: usize) -> Value {
    let lat = -34.60 + f64::from(u32::try_from(n % 7).unwrap()) * 0.001;
    person.posts("/api/v1/tasks/emergency", json!({ "telegram_id": 0, "lat": lat, "lng": -58.38 })).await.ok()
}

/// The open assignment of an officer in a task.
async fn own(person: &Person, task: &Value) -> Option<Value> {
    let mine = person.gets("/api/v1/asignaciones/mias").await.ok();
    mine.as_array().unwrap().iter().find(|row| row["tarea_id"] == *task).map(|row| row["id"].clone())
}

async fn steps(person: &Person, id: &Value, state: &str) -> Answer {
    person.posts(&format!("/api/v1/asignaciones/{id}/pasos"), json!({ "estado": state, "motivo": "no puedo" })).await
}

async fn ends(person: &Person, task: &Value) {
    let answer = person.puts(&format!("/api/v1/tasks/{task}"), json!({ "estado": "cancelada" })).await;
    assert!([200, 400, 409].contains(&answer.status), "{} {}", answer.status, answer.body);
}

async fn crew(office: &Office, count: i32) -> Vec<Person> {
    let mut crew = Vec::new();
    for n in 0..count {
        crew.push(office.officer_at(-34.60 + f64::from(n) * 0.001, -58.38).await);
    }
    crew
}

#[tokio::test(flavor = "multi_thread")]
async fn acceptance_races_expiry_and_another_acceptance_on_postgres() {
    let pair = Pair::open().await;
    let (mut supervisor, mut crew) = (pair.one.supervisor().await, crew(&pair.one, 3).await);
    let before = pair.deadlocks().await;
    for n in 0..rounds() {
        for person in &mut crew {
            pair.one.stands(person.officer.unwrap(), -34.60, -58.38).await;
            // Two minutes go by in each round: tokens would expire.
            if n % 10 == 9 {
                *person = pair.one.signs_in_again(person).await;
            }
        }
        if n % 10 == 9 {
            supervisor = pair.one.signs_in_again(&supervisor).await;
        }
        let call = raises(&supervisor, n).await;
        let task = &call["task_id"];
        pair.advance(TimeDelta::seconds(61));
        app::dispatch::escalate_due(&pair.one.cx).await.unwrap();
        pair.advance(TimeDelta::seconds(60));
        let mut held = Vec::new();
        for person in &crew {
            held.push((person, own(person, task).await));
        }
        let accepts = held.iter().enumerate().filter_map(|(at, (person, id))| {
            let person = if at % 2 == n % 2 { (*person).clone() } else { pair.there(person) };
            id.clone().map(|id| async move { steps(&person, &id, "aceptada").await })
        });
        let (one, other, answers) = tokio::join!(
            app::dispatch::escalate_due(&pair.one.cx),
            app::dispatch::escalate_due(&pair.other.cx),
            join_all(accepts),
        );
        assert!(one.is_ok() && other.is_ok());
        expect(&answers, &[200, 409]);
        let found = supervisor.gets(&format!("/api/v1/tasks/{task}")).await.ok();
        assert_eq!(found["efectivos_asignados"].as_array().unwrap().len(), 1, "one has it: {found}");
        if n % 10 == 0 {
            holds(&pair.one.cx).await;
        }
        ends(&supervisor, task).await;
    }
    holds(&pair.one.cx).await;
    println!("acceptance against expiry: {} rounds, deadlocks {}", rounds(), pair.deadlocks().await - before);
    assert_eq!(pair.deadlocks().await, before);
    pair.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn declining_races_cancelling_on_postgres() {
    let pair = Pair::open().await;
    let (supervisor, crew) = (pair.one.supervisor().await, crew(&pair.one, 3).await);
    let before = pair.deadlocks().await;
    for n in 0..rounds() {
        let call = raises(&supervisor, n).await;
        let task = &call["task_id"];
        let sent = crew.iter().find(|person| call["assigned_efectivo_id"] == person.officer.unwrap().0).unwrap();
        let id = own(sent, task).await.unwrap();
        let there = pair.there(sent);
        let (declined, ()) = tokio::join!(steps(&there, &id, "rechazada"), ends(&supervisor, task));
        expect(&[declined], &[200, 400, 409]);
        ends(&supervisor, task).await;
        if n % 10 == 0 {
            holds(&pair.one.cx).await;
        }
    }
    holds(&pair.one.cx).await;
    println!("declining against cancelling: {} rounds, deadlocks {}", rounds(), pair.deadlocks().await - before);
    assert_eq!(pair.deadlocks().await, before);
    pair.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_races_dispatch_on_postgres() {
    let pair = Pair::open().await;
    let administrator = pair.one.administrator().await;
    let _last = crew(&pair.one, 1).await;
    let before = pair.deadlocks().await;
    for n in 0..rounds() {
        let member = pair.one.bare_member().await;
        let officer = pair.one.makes_officer(member).await;
        pair.one.stands(officer, -34.60, -58.381).await;
        let there = pair.there(&administrator);
        let user = format!("/api/v1/users/{member}");
        let (leaves, call) = if n % 3 == 0 {
            let path = format!("/api/v1/efectivos/{officer}");
            tokio::join!(there.deletes(&path), raises(&administrator, n))
        } else if n % 3 == 1 {
            let body = json!({ "codigo": format!("R-{n}"), "titulo": "Recorrer la plaza", "tipo": "patrullaje",
                "inicio_programado": "2025-10-09T12:00:00Z", "delegado_usuario_id": administrator.user.unwrap().0,
                "efectivos_asignados": [officer.0] });
            let plans = async {
                let answer = administrator.posts("/api/v1/tasks/", body).await;
                assert!([200, 201, 422].contains(&answer.status), "{} {}", answer.status, answer.body);
                json!({ "task_id": answer.body["id"] })
            };
            let path = format!("/api/v1/efectivos/{officer}");
            tokio::join!(there.deletes(&path), plans)
        } else {
            tokio::join!(there.puts(&user, json!({ "verificado": false })), raises(&administrator, n))
        };
        expect(&[leaves], &[200, 204, 409]);
        holds(&pair.one.cx).await;
        if call["task_id"].is_i64() {
            ends(&administrator, &call["task_id"]).await;
        }
        let gone = administrator.puts(&user, json!({ "verificado": false })).await;
        expect(&[gone], &[200]);
    }
    holds(&pair.one.cx).await;
    println!("leaving against dispatch: {} rounds, deadlocks {}", rounds(), pair.deadlocks().await - before);
    assert_eq!(pair.deadlocks().await, before);
    pair.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tasks_that_exchange_their_officers_do_not_lock_each_other_on_postgres() {
    let pair = Pair::open().await;
    let supervisor = pair.one.supervisor().await;
    let crew = crew(&pair.one, 2).await;
    let officers: Vec<i64> = crew.iter().map(|person| person.officer.unwrap().0).collect();
    let mut tasks = Vec::new();
    for (n, officer) in officers.iter().enumerate() {
        let body = json!({ "codigo": format!("P-{n}"), "titulo": "Recorrer la plaza", "tipo": "patrullaje",
            "inicio_programado": "2025-10-09T08:00:00Z", "delegado_usuario_id": supervisor.user.unwrap().0,
            "efectivos_asignados": [officer] });
        let task = supervisor.posts("/api/v1/tasks/", body).await.ok();
        let path = format!("/api/v1/tasks/{}", task["id"]);
        supervisor.puts(&path, json!({ "estado": "en_curso" })).await.ok();
        supervisor.puts(&path, json!({ "estado": "pausada" })).await.ok();
        tasks.push(path);
    }
    let before = pair.deadlocks().await;
    let there = pair.there(&supervisor);
    let exchange = |person: Person, shift: usize| {
        let (tasks, officers) = (tasks.clone(), officers.clone());
        async move {
            let mut answers = Vec::new();
            for n in 0..rounds() * 3 / 2 {
                let (task, officer) = (&tasks[(n + shift) % 2], officers[(n / 2 + shift) % 2]);
                answers.push(person.puts(task, json!({ "efectivos_asignados": [officer] })).await);
            }
            answers
        }
    };
    let (one, other) = tokio::join!(exchange(supervisor.clone(), 0), exchange(there, 1));
    expect(&one, &[200, 409]);
    expect(&other, &[200, 409]);
    holds(&pair.one.cx).await;
    println!("exchanged officers: {} requests, deadlocks {}", one.len() + other.len(), pair.deadlocks().await - before);
    assert_eq!(pair.deadlocks().await, before);
    pair.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_replicas_take_each_escalation_step_once_on_postgres() {
    let pair = Pair::open().await;
    let supervisor = pair.one.supervisor().await;
    let _crew = crew(&pair.one, 6).await;
    let mut calls = Vec::new();
    for n in 0..3 {
        calls.push(raises(&supervisor, n).await["task_id"].as_i64().unwrap());
    }
    for _ in 0..8 {
        pair.advance(TimeDelta::seconds(30));
        let passes = (0..4).map(|n| {
            let cx = if n % 2 == 0 { pair.one.cx.clone() } else { pair.other.cx.clone() };
            async move { app::dispatch::escalate_due(&cx).await.unwrap() }
        });
        join_all(passes).await;
    }
    for call in calls {
        let history = supervisor.gets(&format!("/api/v1/tasks/{call}/historial")).await.ok();
        for step in 1..=3 {
            let lines = history.as_array().unwrap().iter().filter(|line| {
                line["motivo"].as_str().is_some_and(|motive| motive.starts_with(&format!("Escalamiento {step}:")))
            });
            assert_eq!(lines.count(), 1, "step {step} of {call}: {history}");
        }
        let rows = pair.one.cx.store.read().await.unwrap().assignments().of_tasks(&[TaskId(call)]).await.unwrap();
        let expired = rows.iter().filter(|row| row.reached_at(AssignmentState::Expired).is_some()).count();
        assert!(expired >= 1, "{rows:?}");
    }
    holds(&pair.one.cx).await;
    pair.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_call_never_joins_one_that_has_ended_on_postgres() {
    let pair = Pair::open().await;
    let mut caller = pair.one.officer_at(-34.60, -58.38).await;
    let mut officer = pair.one.officer_at(-34.60, -58.38).await;
    let mut joined = 0;
    for n in 0..rounds() {
        pair.advance(TimeDelta::seconds(61));
        pair.one.stands(officer.officer.unwrap(), -34.60, -58.38).await;
        if n % 20 == 19 {
            caller = pair.one.signs_in_again(&caller).await;
            officer = pair.one.signs_in_again(&officer).await;
        }
        let first = raises(&caller, 0).await;
        assert_eq!(first["assigned_efectivo_id"], officer.officer.unwrap().0, "{first}");
        let path = format!("/api/v1/tasks/{}", first["task_id"]);
        let there = pair.there(&officer);
        let (again, finished) = tokio::join!(raises(&caller, 0), there.puts(&path, json!({ "estado": "finalizada" })));
        finished.ok();
        let history = officer.gets(&format!("{path}/historial")).await;
        let history = history.ok();
        let last = history.as_array().unwrap().last().unwrap();
        if again["unida"] == true {
            joined += 1;
            assert_eq!(again["task_id"], first["task_id"]);
            let motive = last["motivo"].as_str().unwrap_or_default();
            assert!(!motive.starts_with("Llamada repetida"), "joined to a call that had ended: {history}");
        } else {
            app::dispatch::assign_waiting(&pair.one.cx).await.unwrap();
            let path = format!("/api/v1/tasks/{}", again["task_id"]);
            pair.there(&officer).puts(&path, json!({ "estado": "finalizada" })).await;
        }
    }
    println!("repeated calls against the end of the first: {} rounds, {joined} joined", rounds());
    holds(&pair.one.cx).await;
    pair.closes().await;
}
