//! Calls that are not answered in time.

use chrono::TimeDelta;
use domain::dispatch::DecisionTrigger;
use serde_json::json;

use super::{assignments, officer_of, raises, steps, task_of};
use crate::conversations;
use crate::office::Office;

conversations! {
    an_unanswered_call_is_offered_to_further_officers,
    accepting_an_offer_relieves_the_one_who_did_not_answer,
    deadlines_of_a_programmed_task_run_from_its_start,
    deadlines_follow_a_changed_priority,
}

async fn an_unanswered_call_is_offered_to_further_officers(office: &Office) {
    let supervisor = office.supervisor().await;
    let mut officers = Vec::new();
    for n in 0..6 {
        officers.push(officer_of(&office.officer_at(-34.600 - f64::from(n) * 0.001, -58.40).await));
    }
    let emergency = raises(&supervisor, -34.60, -58.40).await;
    let task = &emergency["task_id"];
    let row = |n: usize, kind: &str, state: &str| (officers[n], kind.to_owned(), state.to_owned());
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 0, "it is not late yet");
    office.clock.advance(TimeDelta::seconds(60));
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 1);
    assert_eq!(assignments(&supervisor, task).await, [row(0, "asignacion", "vencida"), row(1, "oferta", "ofrecida")]);
    office.clock.advance(TimeDelta::seconds(60));
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 1);
    assert_eq!(assignments(&supervisor, task).await[1..], [row(1, "oferta", "vencida"), row(2, "oferta", "ofrecida")]);
    office.clock.advance(TimeDelta::seconds(60));
    app::dispatch::escalate_due(&office.cx).await.unwrap();
    let rows = assignments(&supervisor, task).await;
    assert_eq!(rows.len(), 6, "all in the radius: {rows:?}");
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 0, "each step once");
    let held = task_of(&supervisor, &emergency).await;
    assert_eq!(held["efectivos_asignados"], json!([officers[0]]), "the first stays assigned until another accepts");
    let history = supervisor.gets(&format!("/api/v1/tasks/{task}/historial")).await.ok();
    let escalations = history.as_array().unwrap().iter().filter_map(|line| line["motivo"].as_str());
    let escalations: Vec<&str> = escalations.filter(|motive| motive.starts_with("Escalamiento")).collect();
    assert_eq!(escalations.len(), 3, "{escalations:?}");
    let decisions = supervisor.gets(&format!("/api/v1/tasks/{task}/decisiones")).await.ok();
    assert_eq!(decisions[0]["motivo"], DecisionTrigger::Raised.as_str());
    assert_eq!(decisions[0]["elegidos"], json!([officers[0]]));
}

async fn accepting_an_offer_relieves_the_one_who_did_not_answer(office: &Office) {
    let supervisor = office.supervisor().await;
    let first = office.officer_at(-34.600, -58.40).await;
    let second = office.officer_at(-34.601, -58.40).await;
    let third = office.officer_at(-34.602, -58.40).await;
    let emergency = raises(&supervisor, -34.60, -58.40).await;
    let task = &emergency["task_id"];
    for _ in 0..2 {
        office.clock.advance(TimeDelta::seconds(60));
        app::dispatch::escalate_due(&office.cx).await.unwrap();
    }
    steps(&second, &supervisor, task, officer_of(&second), json!({ "estado": "en_camino" })).await.ok();
    let rows = assignments(&supervisor, task).await;
    let expected =
        [(&first, "asignacion", "relevada"), (&second, "asignacion", "en_camino"), (&third, "oferta", "relevada")];
    let expected = expected.map(|(who, kind, state)| (officer_of(who), kind.to_owned(), state.to_owned()));
    assert_eq!(rows, expected);
    let held = task_of(&supervisor, &emergency).await;
    assert_eq!(held["efectivos_asignados"], json!([officer_of(&second)]));
    let free = supervisor.gets(&format!("/api/v1/efectivos/{}", officer_of(&first))).await.ok();
    assert_eq!(free["estado_disponibilidad"], "disponible");
    office.clock.advance(TimeDelta::minutes(10));
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 0, "an accepted call is not escalated");
    let late = steps(&third, &supervisor, task, officer_of(&third), json!({ "estado": "aceptada" })).await;
    assert_eq!(late.refusal(), "409 Una asignación relevada no puede pasar a aceptada");
}

async fn deadlines_of_a_programmed_task_run_from_its_start(office: &Office) {
    let supervisor = office.supervisor().await;
    let boss = supervisor.user.unwrap();
    let first = office.officer_at(-34.600, -58.40).await;
    office.officer_at(-34.601, -58.40).await;
    let start = office.cx.clock.now() + TimeDelta::hours(3);
    let body = json!({ "codigo": "RONDA-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje", "prioridad": 5,
        "inicio_programado": start.to_rfc3339(), "delegado_usuario_id": boss, "creado_por_usuario_id": boss,
        "ubicacion_lat": -34.60, "ubicacion_lon": -58.40, "efectivos_asignados": [officer_of(&first)] });
    let task = supervisor.posts("/api/v1/tasks/", body).await.ok();
    office.clock.advance(TimeDelta::hours(2));
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 0, "the start is an hour away");
    let supervisor = office.signs_in_again(&supervisor).await;
    let pending = supervisor.gets("/api/v1/asignaciones/pendientes").await.ok();
    assert_eq!(pending["asignaciones"], json!([]));
    // An hour later than was programmed first: the deadlines move with the start.
    let later = json!({ "inicio_programado": (start + TimeDelta::hours(1)).to_rfc3339() });
    supervisor.puts(&format!("/api/v1/tasks/{}", task["id"]), later).await.ok();
    office.clock.advance(TimeDelta::minutes(90));
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 0);
    office.clock.advance(TimeDelta::minutes(31));
    let supervisor = office.signs_in_again(&supervisor).await;
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 1);
    assert_eq!(assignments(&supervisor, &task["id"]).await[0].2, "vencida");
}

async fn deadlines_follow_a_changed_priority(office: &Office) {
    let supervisor = office.supervisor().await;
    let boss = supervisor.user.unwrap();
    let first = office.officer_at(-34.600, -58.40).await;
    let second = office.officer_at(-34.601, -58.40).await;
    let body = json!({ "codigo": "RONDA-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje", "prioridad": 1,
        "inicio_programado": office.cx.clock.now().to_rfc3339(), "delegado_usuario_id": boss,
        "creado_por_usuario_id": boss, "ubicacion_lat": -34.60, "ubicacion_lon": -58.40,
        "efectivos_asignados": [officer_of(&first)] });
    let task = supervisor.posts("/api/v1/tasks/", body).await.ok();
    office.clock.advance(TimeDelta::seconds(70));
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 0, "a low priority can wait for minutes");
    supervisor.puts(&format!("/api/v1/tasks/{}", task["id"]), json!({ "prioridad": 5 })).await.ok();
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 1, "what is critical now is overdue");
    let rows = assignments(&supervisor, &task["id"]).await;
    assert_eq!((rows[0].2.as_str(), rows.len()), ("vencida", 2));
    assert_eq!(rows[1].0, officer_of(&second));
}
