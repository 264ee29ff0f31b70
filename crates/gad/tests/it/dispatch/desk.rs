//! What supervisors do by hand.

use chrono::TimeDelta;
use domain::{Level, OfficerId};
use futures::future::join_all;
use serde_json::json;

use super::{assignments, officer_of, raises, steps};
use crate::conversations;
use crate::office::Office;

conversations! {
    officers_added_to_an_ended_task_are_released,
    a_supervisor_chooses_the_second_candidate,
    a_disabled_officer_cannot_be_assigned_by_hand,
    an_officer_off_duty_is_assigned_only_by_force,
    a_voice_call_counts_as_notification,
    an_alert_is_taken_by_one_and_seen_by_all,
    steps_of_an_assignment_are_for_its_officer_and_supervisors,
    opposite_changes_of_two_tasks_do_not_fail,
}

async fn officers_added_to_an_ended_task_are_released(office: &Office) {
    let supervisor = office.supervisor().await;
    let boss = supervisor.user.unwrap();
    let (sent, added) = (office.officer_at(-34.600, -58.40).await, office.officer_at(-34.601, -58.40).await);
    let body = json!({ "codigo": "RONDA-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": office.cx.clock.now().to_rfc3339(), "delegado_usuario_id": boss,
        "creado_por_usuario_id": boss, "efectivos_asignados": [officer_of(&sent)] });
    let task = supervisor.posts("/api/v1/tasks/", body).await.ok();
    let path = format!("/api/v1/tasks/{}", task["id"]);
    supervisor.puts(&path, json!({ "estado": "en_curso" })).await.ok();
    supervisor.puts(&path, json!({ "estado": "finalizada" })).await.ok();
    let both = json!({ "efectivos_asignados": [officer_of(&sent), officer_of(&added)] });
    supervisor.puts(&path, both).await.ok();
    let states: Vec<String> = assignments(&supervisor, &task["id"]).await.into_iter().map(|row| row.2).collect();
    assert_eq!(states, ["relevada", "liberada"], "the first had not accepted when it ended");
    assert_eq!(added.gets("/api/v1/asignaciones/mias").await.ok(), json!([]));
}

async fn a_supervisor_chooses_the_second_candidate(office: &Office) {
    let supervisor = office.supervisor().await;
    office.officer_at(-34.600, -58.40).await;
    let second = office.officer_at(-34.605, -58.40).await;
    let call = json!({ "telegram_id": 0, "lat": -34.60, "lng": -58.40, "efectivos": [officer_of(&second)] });
    let emergency = supervisor.posts("/api/v1/tasks/emergency", call.clone()).await.ok();
    assert_eq!(emergency["assigned_efectivo_id"], officer_of(&second));
    let decisions = supervisor.gets(&format!("/api/v1/tasks/{}/decisiones", emergency["task_id"])).await.ok();
    assert_eq!(
        (&decisions[0]["motivo"], &decisions[0]["usuario_id"]),
        (&json!("manual"), &json!(supervisor.user.unwrap()))
    );
    assert_eq!(decisions[0]["candidatos"].as_array().unwrap().len(), 2);
    let officer = office.user(Level::Officer).await;
    assert_eq!(officer.posts("/api/v1/tasks/emergency", call).await.status, 403, "level 1 chooses no one");
}

async fn a_disabled_officer_cannot_be_assigned_by_hand(office: &Office) {
    let administrator = office.administrator().await;
    let boss = administrator.user.unwrap();
    let officer = office.officer_at(-34.600, -58.40).await;
    administrator.puts(&format!("/api/v1/users/{}", officer.user.unwrap()), json!({ "verificado": false })).await.ok();
    let new = |code: &str, force: bool| {
        json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje", "forzar": force,
            "inicio_programado": office.cx.clock.now().to_rfc3339(), "delegado_usuario_id": boss,
            "creado_por_usuario_id": boss, "efectivos_asignados": [officer_of(&officer)] })
    };
    let refused = format!("body.efectivos_asignados: officer {} cannot be sent: cuenta_inactiva", officer_of(&officer));
    for force in [false, true] {
        assert_eq!(administrator.posts("/api/v1/tasks/", new("MANO-1", force)).await.fields(), [refused.as_str()]);
    }
    let mut empty = new("MANO-2", false);
    empty["efectivos_asignados"] = json!([]);
    let task = administrator.posts("/api/v1/tasks/", empty).await.ok();
    let path = format!("/api/v1/tasks/{}", task["id"]);
    let put = administrator.puts(&path, json!({ "efectivos_asignados": [officer_of(&officer)] })).await;
    assert_eq!(put.fields(), [refused.as_str()]);
    let post =
        administrator.posts(&format!("{path}/asignaciones"), json!({ "efectivos": [officer_of(&officer)] })).await;
    assert_eq!(post.fields(), [refused.as_str()]);
    let call = json!({ "telegram_id": 0, "lat": -34.60, "lng": -58.40, "efectivos": [officer_of(&officer)] });
    assert_eq!(administrator.posts("/api/v1/tasks/emergency", call).await.fields(), [refused.as_str()]);
}

async fn an_officer_off_duty_is_assigned_only_by_force(office: &Office) {
    let supervisor = office.supervisor().await;
    let boss = supervisor.user.unwrap();
    let officer = office.officer_at(-34.600, -58.40).await;
    let own = format!("/api/v1/efectivos/{}", officer_of(&officer));
    officer.puts(&own, json!({ "estado_disponibilidad": "fuera_servicio" })).await.ok();
    let new = |code: &str, force: bool, hours: i64| {
        let start = office.cx.clock.now() + TimeDelta::hours(hours);
        json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje", "forzar": force,
            "inicio_programado": start.to_rfc3339(), "delegado_usuario_id": boss, "creado_por_usuario_id": boss,
            "efectivos_asignados": [officer_of(&officer)] })
    };
    let refused = supervisor.posts("/api/v1/tasks/", new("TURNO-1", false, 0)).await.fields();
    assert!(refused[0].contains("fuera_servicio"), "{refused:?}");
    supervisor.posts("/api/v1/tasks/", new("TURNO-2", false, 20)).await.ok();
    supervisor.posts("/api/v1/tasks/", new("TURNO-3", true, 0)).await.ok();
    let administrator = office.administrator().await;
    let lines = administrator.gets("/api/v1/audit?event_type=task_assigned&limit=10").await;
    assert!(lines.text.contains("forzado"), "forcing is audited: {}", lines.text);
}

async fn a_voice_call_counts_as_notification(office: &Office) {
    let supervisor = office.supervisor().await;
    let officer = office.officer_at(-34.600, -58.40).await;
    let emergency = raises(&supervisor, -34.60, -58.40).await;
    let task = &emergency["task_id"];
    let voice = json!({ "estado": "avisada", "canal": "voz" });
    let own = steps(&officer, &supervisor, task, officer_of(&officer), voice.clone()).await;
    assert_eq!(own.status, 403, "voice is recorded by supervisors");
    let told = steps(&supervisor, &supervisor, task, officer_of(&officer), voice).await.ok();
    let step = told["asignacion"]["pasos"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&step["canal"], &step["usuario_id"], &step["en_nombre_de"]),
        (&json!("voz"), &json!(supervisor.user.unwrap()), &json!(officer.user.unwrap()))
    );
    assert_eq!(told["asignacion"]["estado"], "avisada");
    let accepted =
        steps(&supervisor, &supervisor, task, officer_of(&officer), json!({ "estado": "en_lugar" })).await.ok();
    let states: Vec<&str> = accepted["asignacion"]["pasos"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["estado"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["asignada", "avisada", "aceptada", "en_lugar"], "arriving implies accepting");
}

async fn an_alert_is_taken_by_one_and_seen_by_all(office: &Office) {
    let (one, other) = (office.supervisor().await, office.supervisor().await);
    let emergency = raises(&one, -34.60, -58.40).await;
    let path = format!("/api/v1/tasks/{}/tomar", emergency["task_id"]);
    assert_eq!(one.posts(&path, json!({})).await.ok()["tomada_por"], json!(one.user.unwrap()));
    assert_eq!(one.posts(&path, json!({})).await.ok()["tomada_por"], json!(one.user.unwrap()), "again is no change");
    let refused = other.posts(&path, json!({})).await;
    assert_eq!(refused.refusal(), format!("409 El usuario {} ya tomó esta alerta", one.user.unwrap()));
    let state = other.gets(&format!("/api/v1/tasks/{}/despacho", emergency["task_id"])).await.ok();
    assert_eq!(state["tomada_por"], json!(one.user.unwrap()));
    assert_eq!(other.posts(&path, json!({ "forzar": true })).await.ok()["tomada_por"], json!(other.user.unwrap()));
}

async fn steps_of_an_assignment_are_for_its_officer_and_supervisors(office: &Office) {
    let supervisor = office.supervisor().await;
    let officer = office.officer_at(-34.600, -58.40).await;
    let other = office.officer_at(-34.700, -58.40).await;
    let emergency = raises(&supervisor, -34.60, -58.40).await;
    let task = &emergency["task_id"];
    let refused = steps(&other, &supervisor, task, officer_of(&officer), json!({ "estado": "aceptada" })).await;
    assert_eq!(refused.status, 404, "an assignment of another officer is not found");
    for state in ["ofrecida", "asignada", "vencida", "relevada"] {
        let refused = steps(&officer, &supervisor, task, officer_of(&officer), json!({ "estado": state })).await;
        assert_eq!(refused.status, 422, "{state}");
    }
    let no_reason = steps(&officer, &supervisor, task, officer_of(&officer), json!({ "estado": "rechazada" })).await;
    assert_eq!(no_reason.fields(), ["body.motivo: must have 1 to 500 characters, has 0"]);
    let own = officer.gets("/api/v1/asignaciones/mias").await.ok();
    assert_eq!(own[0]["tarea_id"], *task);
    assert_eq!(officer.gets("/api/v1/asignaciones/pendientes").await.status, 403);
}

async fn opposite_changes_of_two_tasks_do_not_fail(office: &Office) {
    let supervisor = office.supervisor().await;
    let boss = supervisor.user.unwrap();
    let (a, b) = (office.officer_at(-34.60, -58.40).await, office.officer_at(-34.61, -58.40).await);
    let mut tasks = Vec::new();
    for (code, officer) in [("CRUCE-1", &a), ("CRUCE-2", &b)] {
        let body = json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje",
            "inicio_programado": office.cx.clock.now().to_rfc3339(), "delegado_usuario_id": boss,
            "creado_por_usuario_id": boss, "efectivos_asignados": [officer_of(officer)] });
        let task = supervisor.posts("/api/v1/tasks/", body).await.ok();
        let path = format!("/api/v1/tasks/{}", task["id"]);
        for state in ["en_curso", "pausada"] {
            supervisor.puts(&path, json!({ "estado": state })).await.ok();
        }
        tasks.push(path);
    }
    let officers: [OfficerId; 2] = [a.officer.unwrap(), b.officer.unwrap()];
    let put = |n: usize| {
        let (path, officer) = (tasks[n % 2].clone(), officers[(n + n / 2) % 2]);
        let supervisor = supervisor.clone();
        async move { supervisor.puts(&path, json!({ "efectivos_asignados": [officer.0] })).await.status }
    };
    for round in 0..10 {
        let statuses = join_all((round * 8..round * 8 + 8).map(put)).await;
        assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    }
}
