//! Somebody calls for help.

use std::collections::HashSet;

use domain::TaskId;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::conversations;
use crate::office::{Office, SERVICE_TOKEN};
use crate::person::Person;

conversations! {
    the_nearest_free_officer_is_sent_at_once,
    an_emergency_with_nobody_free_waits_for_the_first_who_becomes_so,
    two_hundred_racing_emergencies_share_fifty_officers,
    a_repeated_call_raises_one_emergency,
    coordinates_out_of_range_are_named,
    a_program_raises_a_call_for_the_owner_of_an_account,
    a_call_in_the_name_of_another_is_found_in_the_audit_by_that_user,
}

async fn a_program_raises_a_call_for_the_owner_of_an_account(office: &Office) {
    let program = office.stranger().with_token(SERVICE_TOKEN);
    let caller = office.officer_at(-34.60, -58.38).await;
    let helper = office.officer_at(-34.61, -58.38).await;
    office.links(caller.user.unwrap(), 7_001).await;
    let call = |telegram: i64| json!({ "telegram_id": telegram, "lat": -34.60, "lng": -58.38 });
    let raised = program.posts("/api/v1/tasks/emergency", call(7_001)).await.ok();
    assert_eq!(raised["assigned_efectivo_id"], helper.officer.unwrap().0, "{raised}");
    let administrator = office.administrator().await;
    let task = administrator.gets(&format!("/api/v1/tasks/{}", raised["task_id"])).await.ok();
    assert_eq!(task["creado_por_usuario_id"], caller.user.unwrap().0, "{task}");
    let lines = administrator.gets(&format!("/api/v1/audit?en_nombre_de={}", caller.user.unwrap())).await.ok();
    let events: Vec<&Value> = lines.as_array().unwrap().iter().map(|line| &line["event_type"]).collect();
    assert!(events.contains(&&json!("emergency_created")), "{lines}");
    // No account of anyone, and none at all.
    assert_eq!(program.posts("/api/v1/tasks/emergency", call(7_999)).await.status, 404);
    assert_eq!(program.posts("/api/v1/tasks/emergency", call(0)).await.status, 404);
}

async fn a_call_in_the_name_of_another_is_found_in_the_audit_by_that_user(office: &Office) {
    let administrator = office.administrator().await;
    let caller = office.officer_at(-34.60, -58.38).await;
    office.links(caller.user.unwrap(), 7_002).await;
    let call = json!({ "telegram_id": 7_002, "lat": -34.60, "lng": -58.38 });
    administrator.posts("/api/v1/tasks/emergency", call).await.ok();
    let lines = administrator.gets(&format!("/api/v1/audit?en_nombre_de={}", caller.user.unwrap())).await.ok();
    let line = lines.as_array().unwrap().iter().find(|line| line["event_type"] == "emergency_created");
    let line = line.unwrap_or_else(|| panic!("{lines}"));
    assert_eq!(line["user_id"], administrator.user.unwrap().0, "{line}");
}

async fn raises(person: &Person, lat: f64, lng: f64) -> Value {
    let call = json!({ "telegram_id": 0, "lat": lat, "lng": lng });
    person.posts_patiently("/api/v1/tasks/emergency", call).await.ok()
}

async fn the_nearest_free_officer_is_sent_at_once(office: &Office) {
    let supervisor = office.supervisor().await;
    let _far = office.officer_at(-34.70, -58.40).await;
    let near = office.officer_at(-34.6040, -58.3820).await;
    let emergency = raises(&supervisor, -34.6037, -58.3816).await;
    assert_eq!(emergency["status"], "assigned");
    assert_eq!(emergency["assigned_efectivo_id"], near.officer.unwrap().0);
    let distance = emergency["distance_m"].as_f64().unwrap();
    assert!((40.0..60.0).contains(&distance), "{distance}");
    let task = near.gets(&format!("/api/v1/tasks/{}", emergency["task_id"])).await.ok();
    assert_eq!((task["estado"].as_str(), task["prioridad"].as_i64()), (Some("en_curso"), Some(5)));
}

async fn an_emergency_with_nobody_free_waits_for_the_first_who_becomes_so(office: &Office) {
    let supervisor = office.supervisor().await;
    let only = office.officer_at(-34.60, -58.38).await;
    let first = raises(&supervisor, -34.60, -58.38).await;
    let second = raises(&supervisor, -34.60, -58.38).await;
    assert_eq!((second["status"].as_str(), &second["assigned_efectivo_id"]), (Some("pending"), &Value::Null));
    assert_eq!(app::dispatch::assign_waiting(&office.cx).await.unwrap(), 0, "nobody is free yet");
    only.puts(&format!("/api/v1/tasks/{}", first["task_id"]), json!({ "estado": "finalizada" })).await.ok();
    assert_eq!(app::dispatch::assign_waiting(&office.cx).await.unwrap(), 1);
    let task = only.gets(&format!("/api/v1/tasks/{}", second["task_id"])).await.ok();
    assert_eq!(task["efectivos_asignados"], json!([only.officer.unwrap().0]));
    assert_eq!((&task["estado"], &task["espera_efectivo"]), (&json!("en_curso"), &json!(false)));
}

async fn two_hundred_racing_emergencies_share_fifty_officers(office: &Office) {
    let supervisor = office.supervisor().await;
    for n in 0..50 {
        let member = office.member(domain::Level::Officer).await;
        let id = office.makes_officer(member.id).await;
        office.stands(id, -34.60 + f64::from(n) * 0.001, -58.38).await;
    }
    let calls = (0..200).map(|n| raises(&supervisor, -34.60 + f64::from(n % 50) * 0.001, -58.381));
    let answers = join_all(calls).await;
    let assigned: Vec<i64> = answers.iter().filter_map(|a| a["assigned_efectivo_id"].as_i64()).collect();
    let distinct: HashSet<&i64> = assigned.iter().collect();
    let pending = answers.iter().filter(|a| a["status"] == "pending").count();
    assert_eq!((assigned.len(), distinct.len(), pending), (50, 50, 150));
    let mut tx = office.cx.store.read().await.unwrap();
    for answer in &answers {
        let task = tx.tasks().by_id(TaskId(answer["task_id"].as_i64().unwrap())).await.unwrap().unwrap();
        assert_eq!(task.awaits_officer, answer["status"] == "pending", "recorded and waiting, not lost");
    }
}

async fn a_repeated_call_raises_one_emergency(office: &Office) {
    let supervisor = office.supervisor().await;
    let call = |body: Value| {
        let request = supervisor.request(reqwest::Method::POST, "/api/v1/tasks/emergency");
        supervisor.sends(request.header("Idempotency-Key", "llamada-1").json(&body))
    };
    let body = json!({ "telegram_id": 0, "lat": -34.6, "lng": -58.4 });
    let answers = join_all((0..8).map(|_| call(body.clone()))).await;
    let tasks: HashSet<i64> = answers.into_iter().map(|a| a.ok()["task_id"].as_i64().unwrap()).collect();
    assert_eq!(tasks.len(), 1);
    let other = call(json!({ "telegram_id": 0, "lat": -34.7, "lng": -58.4 })).await;
    assert_eq!(other.fields(), ["header.Idempotency-Key: was used for another request"]);
}

async fn coordinates_out_of_range_are_named(office: &Office) {
    let supervisor = office.supervisor().await;
    let answer = supervisor.posts("/api/v1/tasks/emergency", json!({ "telegram_id": 0, "lat": 91, "lng": 0 })).await;
    assert_eq!(answer.fields(), ["body.lat: must lie between -90 and 90"]);
    let answer = supervisor.posts("/api/v1/tasks/emergency", json!({ "telegram_id": 0, "lat": "x", "lng": 0 })).await;
    assert_eq!(answer.fields(), ["body.lat: invalid type: string, expected f64"]);
}
