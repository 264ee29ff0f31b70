//! What a desk reads when it begins: open alerts, and what was done with a task.

use serde_json::{Value, json};

use crate::conversations;
use crate::office::Office;
use crate::person::Person;

conversations! {
    open_alerts_are_listed_until_an_officer_accepts,
    an_edit_is_a_line_of_the_history,
}

async fn codes_of(desk: &Person) -> Vec<String> {
    let answer = desk.gets("/api/v1/alertas").await.ok();
    let alerts = answer["alertas"].as_array().unwrap().iter();
    alerts.map(|alert| alert["tarea"]["codigo"].as_str().unwrap().to_owned()).collect()
}

async fn open_alerts_are_listed_until_an_officer_accepts(office: &Office) {
    let supervisor = office.supervisor().await;
    let officer = office.officer_at(-34.6, -58.4).await;
    let call = |lat: f64| json!({ "telegram_id": 0, "lat": lat, "lng": -58.4 });
    let sent = supervisor.posts_patiently("/api/v1/tasks/emergency", call(-34.6)).await.ok();
    let waits = supervisor.posts_patiently("/api/v1/tasks/emergency", call(-34.7)).await.ok();
    assert_eq!((&sent["status"], &waits["status"]), (&json!("assigned"), &json!("pending")));
    supervisor.posts(&format!("/api/v1/tasks/{}/tomar", waits["task_id"]), json!({})).await.ok();

    assert_eq!(codes_of(&supervisor).await, [sent["codigo"].as_str().unwrap(), waits["codigo"].as_str().unwrap()]);
    let answer = supervisor.gets("/api/v1/alertas").await.ok();
    let taken: Vec<&Value> =
        answer["alertas"].as_array().unwrap().iter().map(|one| &one["despacho"]["tomada_por"]).collect();
    assert_eq!(taken, [&Value::Null, &json!(supervisor.user.unwrap().0)]);
    assert_eq!((answer["telegram"].as_str(), answer["espera_maxima_s"].as_i64()), (Some("not_configured"), Some(300)));

    let own = officer.gets("/api/v1/asignaciones/mias").await.ok();
    officer.posts(&format!("/api/v1/asignaciones/{}/pasos", own[0]["id"]), json!({ "estado": "aceptada" })).await.ok();
    assert_eq!(codes_of(&supervisor).await, [waits["codigo"].as_str().unwrap()]);
    supervisor.puts(&format!("/api/v1/tasks/{}", waits["task_id"]), json!({ "estado": "cancelada" })).await.ok();
    assert_eq!(codes_of(&supervisor).await, [""; 0]);
}

async fn an_edit_is_a_line_of_the_history(office: &Office) {
    let supervisor = office.supervisor().await;
    let task = json!({ "codigo": "DESK-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": supervisor.user.unwrap().0 });
    let id = supervisor.posts("/api/v1/tasks/", task).await.ok()["id"].clone();
    let path = format!("/api/v1/tasks/{id}");
    let edit = json!({ "titulo": "Recorrer el puerto", "prioridad": 4 });
    supervisor.puts(&path, edit.clone()).await.ok();
    supervisor.puts(&path, edit).await.ok();
    let history = supervisor.gets(&format!("{path}/historial")).await.ok();
    let reasons: Vec<Option<&str>> = history.as_array().unwrap().iter().map(|line| line["motivo"].as_str()).collect();
    assert_eq!(reasons, [None, Some("Editada: titulo, prioridad")], "the same edit again is none");
    assert_eq!(history[1]["usuario_id"], supervisor.user.unwrap().0);
}
