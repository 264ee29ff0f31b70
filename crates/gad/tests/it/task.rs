//! A task from its making to its end.

use serde_json::{Value, json};

use crate::conversations;
use crate::office::Office;
use crate::person::Person;

conversations! {
    a_task_runs_through_its_states,
    a_jump_of_state_is_refused,
    an_officer_sees_and_moves_only_own_tasks,
    an_officer_holds_one_active_task,
    two_editors_do_not_overwrite_each_other,
    an_absent_field_stays_and_null_empties,
    bad_fields_are_named_with_what_is_allowed,
    a_search_ignores_accents_and_case,
    a_deleted_task_is_gone_and_frees_its_officers,
    both_spellings_of_a_collection_are_answered,
}

async fn makes(supervisor: &Person, code: &str, more: Value) -> Value {
    let me = supervisor.user.unwrap().0;
    let mut body = json!({
        "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": me, "creado_por_usuario_id": me,
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    supervisor.posts("/api/v1/tasks/", body).await.ok()
}

async fn a_task_runs_through_its_states(office: &Office) {
    let supervisor = office.supervisor().await;
    let officer = office.officer_at(-34.6, -58.4).await;
    let task = makes(&supervisor, "ope-001", json!({ "efectivos_asignados": [officer.officer.unwrap().0] })).await;
    assert_eq!((task["codigo"].as_str(), task["estado"].as_str()), (Some("OPE-001"), Some("programada")));
    let path = format!("/api/v1/tasks/{}", task["id"]);
    for (state, minutes) in [("en_curso", 12), ("pausada", 5), ("en_curso", 12), ("finalizada", 0)] {
        officer.puts(&path, json!({ "estado": state })).await.ok();
        office.clock.advance(chrono::TimeDelta::minutes(minutes));
    }
    let task = supervisor.gets(&path).await.ok();
    assert_eq!((task["duracion_real_horas"].as_f64(), task["tiempo_pausado"].as_f64()), (Some(0.4), Some(300.0)));
    let history = supervisor.gets(&format!("{path}/historial")).await.ok();
    let states: Vec<&str> = history.as_array().unwrap().iter().map(|h| h["estado_nuevo"].as_str().unwrap()).collect();
    assert_eq!(states, ["programada", "en_curso", "pausada", "en_curso", "finalizada"]);
    assert_eq!(history[1]["motivo"], "Tarea iniciada");
}

async fn a_jump_of_state_is_refused(office: &Office) {
    let supervisor = office.supervisor().await;
    let task = makes(&supervisor, "OPE-002", json!({})).await;
    let path = format!("/api/v1/tasks/{}", task["id"]);
    let answer = supervisor.puts(&path, json!({ "estado": "pausada" })).await;
    assert_eq!(answer.refusal(), "409 Una tarea programada no puede pasar a pausada");
}

async fn an_officer_sees_and_moves_only_own_tasks(office: &Office) {
    let supervisor = office.supervisor().await;
    let (mine, other) = (office.officer_at(-34.6, -58.4).await, office.officer_at(-34.6, -58.4).await);
    let task = makes(&supervisor, "OPE-003", json!({ "efectivos_asignados": [mine.officer.unwrap().0] })).await;
    let path = format!("/api/v1/tasks/{}", task["id"]);
    assert_eq!(mine.gets("/api/v1/tasks/").await.ok().as_array().unwrap().len(), 1);
    assert_eq!(other.gets("/api/v1/tasks/").await.ok(), json!([]));
    let missing = "404 The task with this id does not exist in the system";
    assert_eq!(other.gets(&path).await.refusal(), missing);
    assert_eq!(other.puts(&path, json!({ "estado": "en_curso" })).await.refusal(), missing);
    let refused = mine.puts(&path, json!({ "titulo": "Otro título" })).await.refusal();
    assert_eq!(refused, "403 The user doesn't have enough privileges");
    assert_eq!(supervisor.deletes(&path).await.status, 403);
}

async fn an_officer_holds_one_active_task(office: &Office) {
    let supervisor = office.supervisor().await;
    let officer = office.officer_at(-34.6, -58.4).await;
    let sent = json!({ "efectivos_asignados": [officer.officer.unwrap().0] });
    let first = makes(&supervisor, "OPE-004", sent.clone()).await;
    let second = makes(&supervisor, "OPE-005", sent).await;
    let begin = json!({ "estado": "en_curso" });
    officer.puts(&format!("/api/v1/tasks/{}", first["id"]), begin.clone()).await.ok();
    let refused = officer.puts(&format!("/api/v1/tasks/{}", second["id"]), begin).await.refusal();
    assert_eq!(refused, "409 Un efectivo asignado ya tiene una tarea en curso");
}

async fn two_editors_do_not_overwrite_each_other(office: &Office) {
    let supervisor = office.supervisor().await;
    let task = makes(&supervisor, "OPE-006", json!({})).await;
    let path = format!("/api/v1/tasks/{}", task["id"]);
    let tag = supervisor.gets(&path).await.header("etag").to_owned();
    let edit = |title: &'static str| {
        let request = supervisor.request(reqwest::Method::PUT, &path).header("If-Match", &tag);
        supervisor.sends(request.json(&json!({ "titulo": title })))
    };
    edit("Primer título").await.ok();
    let late = edit("Segundo título").await;
    assert_eq!((late.status, late.body["current"]["titulo"].as_str()), (412, Some("Primer título")));
}

async fn an_absent_field_stays_and_null_empties(office: &Office) {
    let supervisor = office.supervisor().await;
    let task = makes(&supervisor, "OPE-007", json!({ "descripcion": "Ver la fuente" })).await;
    let path = format!("/api/v1/tasks/{}", task["id"]);
    let kept = supervisor.puts(&path, json!({ "prioridad": 4, "id": 99, "desconocido": true })).await.ok();
    assert_eq!(
        (&kept["descripcion"], &kept["prioridad"], &kept["id"]),
        (&json!("Ver la fuente"), &json!(4), &task["id"])
    );
    let emptied = supervisor.puts(&path, json!({ "descripcion": null })).await.ok();
    assert_eq!(emptied["descripcion"], Value::Null);
    assert_eq!(supervisor.puts(&path, json!({ "titulo": null })).await.fields(), ["body.titulo: must not be null"]);
}

async fn bad_fields_are_named_with_what_is_allowed(office: &Office) {
    let supervisor = office.supervisor().await;
    let me = supervisor.user.unwrap().0;
    let good = json!({
        "codigo": "OPE-008", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": me,
    });
    let tries = async |field: &str, value: Value| {
        let mut body = good.clone();
        body[field] = value;
        supervisor.posts("/api/v1/tasks/", body).await.fields().remove(0)
    };
    let time = "must be an ISO 8601 time between 1970 and 2200, like 2026-01-31T10:00:00Z";
    assert_eq!(tries("codigo", json!("a b")).await, "body.codigo: may hold only A to Z, 0 to 9, '_' and '-'");
    assert_eq!(tries("titulo", json!("abc")).await, "body.titulo: must have 5 to 200 characters, has 3");
    assert_eq!(
        tries("inicio_programado", json!("2026-02-30T00:00:00Z")).await,
        format!("body.inicio_programado: {time}")
    );
    assert_eq!(
        tries("fin_programado", json!("2026-11-24T11:00:00Z")).await,
        "body.fin_programado: must be after inicio_programado"
    );
    assert_eq!(tries("prioridad", json!(9)).await, "body.prioridad: must be one of: 1, 2, 3, 4, 5");
    assert_eq!(
        tries("ubicacion_lat", json!(1.0)).await,
        "body.ubicacion_lon: must be given together with ubicacion_lat"
    );
    assert_eq!(
        tries("delegado_usuario_id", json!(4_000_000)).await,
        "body.delegado_usuario_id: no user has the id 4000000"
    );
    assert_eq!(tries("efectivos_asignados", json!([77])).await, "body.efectivos_asignados: no officer has the id 77");
    assert!(tries("tipo", json!("ronda")).await.starts_with("body.tipo: unknown variant `ronda`, expected one of"));
    let lacking = ["codigo", "titulo", "tipo", "inicio_programado", "delegado_usuario_id"];
    let lacking = lacking.map(|field| format!("body.{field}: Field required"));
    assert_eq!(supervisor.posts("/api/v1/tasks/", json!({})).await.fields(), lacking);
}

async fn a_search_ignores_accents_and_case(office: &Office) {
    let supervisor = office.supervisor().await;
    makes(&supervisor, "OPE-009", json!({ "titulo": "Inspección en Ñuñoa" })).await;
    makes(&supervisor, "OPE-010", json!({ "titulo": "Patrulla del río", "tipo": "vigilancia" })).await;
    let finds = async |query: &str| {
        let found = supervisor.gets(&format!("/api/v1/tasks/?{query}")).await.ok();
        found.as_array().unwrap().iter().map(|t| t["codigo"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(finds("q=INSPECCION%20nuno").await, ["OPE-009"]);
    assert_eq!(finds("q=RIO&tipo=vigilancia,patrullaje").await, ["OPE-010"]);
    assert_eq!(finds("q=%22%20OR%201").await, Vec::<String>::new());
    assert_eq!(finds("limit=1&skip=1").await, ["OPE-010"]);
    let first = supervisor.gets("/api/v1/tasks/?limit=1").await;
    assert_eq!(finds(&format!("limit=1&cursor={}", first.header("x-next-cursor"))).await, ["OPE-010"]);
    assert_eq!(supervisor.gets("/api/v1/tasks/?limit=0").await.fields(), ["query.limit: must lie between 1 and 500"]);
}

async fn a_deleted_task_is_gone_and_frees_its_officers(office: &Office) {
    let administrator = office.administrator().await;
    let officer = office.officer_at(-34.6, -58.4).await;
    let sent = json!({ "efectivos_asignados": [officer.officer.unwrap().0] });
    let first = makes(&administrator, "OPE-011", sent.clone()).await;
    let path = format!("/api/v1/tasks/{}", first["id"]);
    officer.puts(&path, json!({ "estado": "en_curso" })).await.ok();
    assert_eq!(administrator.deletes(&path).await.ok()["codigo"], "OPE-011");
    assert_eq!(administrator.gets(&path).await.status, 404);
    let second = makes(&administrator, "OPE-012", sent).await;
    officer.puts(&format!("/api/v1/tasks/{}", second["id"]), json!({ "estado": "en_curso" })).await.ok();
}

async fn both_spellings_of_a_collection_are_answered(office: &Office) {
    let supervisor = office.supervisor().await;
    makes(&supervisor, "OPE-013", json!({})).await;
    for path in ["/api/v1/tasks", "/api/v1/tasks/", "/api/v1/tasks?limit=5"] {
        assert_eq!(supervisor.gets(path).await.ok().as_array().unwrap().len(), 1, "{path}");
    }
}
