//! The plain flows of dispatch over REST: a call keeps an officer whatever the officers do.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::conversations;
use crate::office::Office;
use crate::person::Person;

conversations! {
    an_offer_is_accepted_after_the_first_officer_let_it_expire,
    a_declined_call_goes_to_the_next_officer,
    a_call_that_the_last_officer_declined_goes_to_the_first_who_becomes_free,
    ending_a_call_frees_its_officer_for_the_next_one,
    a_deleted_officer_and_a_disabled_account_leave_no_call_behind,
    a_link_that_ends_by_a_change_of_the_user_lets_the_next_officer_be_asked,
    an_officer_relieved_by_an_accepted_offer_is_free_at_once_for_a_waiting_call,
}

/// Near the centre of the tests; `n` hundred metres to the north.
fn north(n: i32) -> (f64, f64) {
    (-34.60 + f64::from(n) * 0.0009, -58.38)
}

async fn raises(person: &Person, n: i32) -> Value {
    let (lat, lng) = north(n);
    person.posts("/api/v1/tasks/emergency", json!({ "telegram_id": 0, "lat": lat, "lng": lng })).await.ok()
}

async fn officer(office: &Office, n: i32) -> Person {
    let (lat, lng) = north(n);
    office.officer_at(lat, lng).await
}

fn number(person: &Person) -> i64 {
    person.officer.unwrap().0
}

/// State, waiting flag and officers of a task.
async fn state(person: &Person, task: &Value) -> (String, bool, Vec<i64>) {
    let task = person.gets(&format!("/api/v1/tasks/{task}")).await.ok();
    let officers = task["efectivos_asignados"].as_array().unwrap().iter().map(|id| id.as_i64().unwrap()).collect();
    (task["estado"].as_str().unwrap().to_owned(), task["espera_efectivo"].as_bool().unwrap(), officers)
}

async fn availability(supervisor: &Person, officer: &Person) -> String {
    let found = supervisor.gets(&format!("/api/v1/efectivos/{}", number(officer))).await.ok();
    found["estado_disponibilidad"].as_str().unwrap().to_owned()
}

async fn own_assignment(officer: &Person) -> Value {
    let mine = officer.gets("/api/v1/asignaciones/mias").await.ok();
    mine.as_array().unwrap().first().cloned().unwrap_or(Value::Null)
}

async fn steps(officer: &Person, state: &str, reason: Option<&str>) -> crate::person::Answer {
    let id = &own_assignment(officer).await["id"];
    officer.posts(&format!("/api/v1/asignaciones/{id}/pasos"), json!({ "estado": state, "motivo": reason })).await
}

async fn no_call_is_lost(office: &Office) {
    let lost = office.cx.store.read().await.unwrap().dispatch().unattended(10).await.unwrap();
    assert_eq!(lost, [], "an unfinished emergency has an officer or waits for one");
}

async fn an_offer_is_accepted_after_the_first_officer_let_it_expire(office: &Office) {
    let supervisor = office.supervisor().await;
    let (first, second) = (officer(office, 0).await, officer(office, 3).await);
    let call = raises(&supervisor, 0).await;
    let task = &call["task_id"];
    assert_eq!((&call["status"], &call["assigned_efectivo_id"]), (&json!("assigned"), &json!(number(&first))));
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 0, "nothing is due yet");
    office.clock.advance(TimeDelta::seconds(60));
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 1);
    assert_eq!(own_assignment(&first).await["estado"], "vencida");
    assert_eq!(own_assignment(&second).await["estado"], "ofrecida");
    assert_eq!(state(&supervisor, task).await, ("en_curso".to_owned(), false, vec![number(&first)]));
    let done = steps(&second, "aceptada", None).await.ok();
    assert_eq!(
        (&done["asignacion"]["estado"], &done["asignacion"]["tipo"]),
        (&json!("aceptada"), &json!("asignacion"))
    );
    assert_eq!(state(&supervisor, task).await, ("en_curso".to_owned(), false, vec![number(&second)]));
    assert_eq!(availability(&supervisor, &first).await, "disponible");
    assert_eq!(availability(&supervisor, &second).await, "en_tarea");
    assert_eq!(own_assignment(&first).await, Value::Null, "relieved");
    office.clock.advance(TimeDelta::seconds(600));
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 0, "accepted: nothing is due");
    no_call_is_lost(office).await;
}

async fn a_declined_call_goes_to_the_next_officer(office: &Office) {
    let supervisor = office.supervisor().await;
    let (first, second) = (officer(office, 0).await, officer(office, 3).await);
    let call = raises(&supervisor, 0).await;
    steps(&first, "rechazada", Some("sin combustible")).await.ok();
    assert_eq!(state(&supervisor, &call["task_id"]).await, ("en_curso".to_owned(), false, vec![number(&second)]));
    assert_eq!(availability(&supervisor, &first).await, "disponible");
    no_call_is_lost(office).await;
}

async fn a_call_that_the_last_officer_declined_goes_to_the_first_who_becomes_free(office: &Office) {
    let supervisor = office.supervisor().await;
    let only = officer(office, 0).await;
    let second = officer(office, 3).await;
    let busy = json!({ "estado_disponibilidad": "no_disponible" });
    let path = format!("/api/v1/efectivos/{}", number(&second));
    second.puts(&path, busy).await.ok();
    let call = raises(&supervisor, 0).await;
    steps(&only, "rechazada", Some("lejos")).await.ok();
    assert_eq!(state(&supervisor, &call["task_id"]).await, ("pausada".to_owned(), true, vec![]));
    no_call_is_lost(office).await;
    assert_eq!(app::dispatch::assign_waiting(&office.cx).await.unwrap(), 0, "the one who declined is not sent again");
    second.puts(&path, json!({ "estado_disponibilidad": "disponible" })).await.ok();
    assert_eq!(app::dispatch::serve_freed(&office.cx).await.unwrap(), 1);
    assert_eq!(state(&supervisor, &call["task_id"]).await, ("en_curso".to_owned(), false, vec![number(&second)]));
    no_call_is_lost(office).await;
}

async fn ending_a_call_frees_its_officer_for_the_next_one(office: &Office) {
    let supervisor = office.administrator().await;
    let only = officer(office, 0).await;
    for end in ["finish", "cancel", "delete"] {
        let call = raises(&supervisor, 0).await;
        let waiting = raises(&supervisor, 1).await;
        assert_eq!((&call["status"], &waiting["status"]), (&json!("assigned"), &json!("pending")), "{end}");
        let path = format!("/api/v1/tasks/{}", call["task_id"]);
        match end {
            "finish" => drop(only.puts(&path, json!({ "estado": "finalizada" })).await.ok()),
            "cancel" => drop(supervisor.puts(&path, json!({ "estado": "cancelada" })).await.ok()),
            _ => assert_eq!(supervisor.deletes(&path).await.status, 200),
        }
        assert_eq!(app::dispatch::serve_freed(&office.cx).await.unwrap(), 1, "{end}");
        let expected = ("en_curso".to_owned(), false, vec![number(&only)]);
        assert_eq!(state(&supervisor, &waiting["task_id"]).await, expected, "{end}");
        no_call_is_lost(office).await;
        supervisor.puts(&format!("/api/v1/tasks/{}", waiting["task_id"]), json!({ "estado": "cancelada" })).await.ok();
        assert_eq!(availability(&supervisor, &only).await, "disponible", "{end}");
    }
}

async fn a_deleted_officer_and_a_disabled_account_leave_no_call_behind(office: &Office) {
    let administrator = office.administrator().await;
    let (first, second) = (officer(office, 0).await, officer(office, 3).await);
    let call = raises(&administrator, 0).await;
    let refused = administrator.deletes(&format!("/api/v1/efectivos/{}", number(&first))).await;
    assert_eq!(refused.status, 409, "{}", refused.body);
    let path = format!("/api/v1/users/{}", first.user.unwrap());
    administrator.puts(&path, json!({ "verificado": false })).await.ok();
    assert_eq!(state(&administrator, &call["task_id"]).await, ("en_curso".to_owned(), false, vec![number(&second)]));
    assert_eq!(availability(&administrator, &first).await, "fuera_servicio");
    assert_eq!(administrator.deletes(&format!("/api/v1/efectivos/{}", number(&first))).await.status, 204);
    let path = format!("/api/v1/users/{}", second.user.unwrap());
    administrator.puts(&path, json!({ "verificado": false })).await.ok();
    assert_eq!(state(&administrator, &call["task_id"]).await, ("pausada".to_owned(), true, vec![]));
    no_call_is_lost(office).await;
}

async fn a_link_that_ends_by_a_change_of_the_user_lets_the_next_officer_be_asked(office: &Office) {
    let administrator = office.administrator().await;
    let (first, second) = (officer(office, 0).await, officer(office, 3).await);
    let path = format!("/api/v1/users/{}", first.user.unwrap());
    office.links(first.user.unwrap(), 777_001).await;
    let call = raises(&administrator, 0).await;
    assert_eq!(call["assigned_efectivo_id"], number(&first));
    administrator.puts(&path, json!({ "telegram_id": null })).await.ok();
    assert_eq!(own_assignment(&first).await["estado"], "vencida");
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 1);
    assert_eq!(own_assignment(&second).await["estado"], "ofrecida");
}

async fn an_officer_relieved_by_an_accepted_offer_is_free_at_once_for_a_waiting_call(office: &Office) {
    let supervisor = office.supervisor().await;
    let (first, second) = (officer(office, 0).await, officer(office, 3).await);
    let call = raises(&supervisor, 0).await;
    assert_eq!(call["assigned_efectivo_id"], number(&first));
    office.clock.advance(TimeDelta::seconds(60));
    app::dispatch::escalate_due(&office.cx).await.unwrap();
    office.cx.freed_officers.drain();
    steps(&second, "aceptada", None).await.ok();
    let freed: Vec<i64> = office.cx.freed_officers.drain().into_iter().map(|id| id.0).collect();
    assert_eq!(freed, [number(&first)], "the queue is served at once");
}
