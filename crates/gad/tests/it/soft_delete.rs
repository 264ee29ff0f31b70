//! What was deleted is for every route what never was.

use std::collections::BTreeSet;

use domain::Level;
use serde_json::{Value, json};

use crate::access::{operations, resolve};
use crate::conversations;
use crate::office::{Office, SERVICE_TOKEN, logged};
use crate::person::{Answer, Person};

conversations! {
    what_was_deleted_is_for_every_route_what_never_was,
}

/// Numbers that one call is made with.
#[derive(Clone)]
struct Ids {
    user: i64,
    officer: i64,
    task: i64,
    code: String,
    telegram: i64,
    assignment: i64,
}

impl Ids {
    fn parameter(&self, name: &str) -> Option<String> {
        Some(match name {
            "user_id" | "usuario_id" => self.user.to_string(),
            "efectivo_id" => self.officer.to_string(),
            "task_id" => self.task.to_string(),
            "codigo" => self.code.clone(),
            "telegram_id" => self.telegram.to_string(),
            "assignment_id" => self.assignment.to_string(),
            _ => return None,
        })
    }
}

/// Bodies that name a user, an officer or a task, each valid in all fields but one. `live` are valid
/// numbers. Every operation with such a field is here, or in [`NAMES_NOTHING`].
fn bodies(ids: &Ids, live: &Ids) -> Vec<(&'static str, Value)> {
    let place = json!({ "lat": -34.6, "lng": -58.4 });
    let task = |delegate: i64, creator: i64, officer: Vec<i64>| {
        json!({ "codigo": "BAJA-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
            "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": delegate,
            "creado_por_usuario_id": creator, "efectivos_asignados": officer })
    };
    let call = |telegram: i64, officers: Vec<i64>| json!({ "telegram_id": telegram, "lat": -34.6, "lng": -58.4, "efectivos": officers });
    let made = |by: i64, to: i64| {
        json!({ "telegram_id": by, "codigo": "BAJA-2", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
            "inicio_programado": "2026-11-24T12:00:00Z", "asignado_a": [to] })
    };
    let report = json!({ "posiciones": [{ "efectivo_id": ids.officer, "lat": place["lat"], "lng": place["lng"] }] });
    vec![
        ("POST /api/v1/efectivos", json!({ "usuario_id": ids.user, "codigo_interno": "BAJA-3" })),
        ("POST /api/v1/posiciones", report),
        ("POST /api/v1/tasks/", task(ids.user, live.user, vec![])),
        ("POST /api/v1/tasks/", task(live.user, ids.user, vec![])),
        ("POST /api/v1/tasks/", task(live.user, live.user, vec![ids.officer])),
        ("PUT /api/v1/tasks/{task_id}", json!({ "delegado_usuario_id": ids.user })),
        ("PUT /api/v1/tasks/{task_id}", json!({ "efectivos_asignados": [ids.officer] })),
        ("POST /api/v1/tasks/{task_id}/asignaciones", json!({ "efectivos": [ids.officer] })),
        ("POST /api/v1/tasks/emergency", call(0, vec![ids.officer])),
        ("POST /api/v1/tasks/emergency", call(ids.telegram, vec![])),
        (
            "POST /api/v1/tasks/emergency/deshacer",
            json!({ "creado_por_usuario_id": ids.user, "desde": "2025-10-09T00:00:00Z", "motivo": "prueba" }),
        ),
        ("POST /api/v1/telegram/auth/authenticate", json!({ "telegram_id": ids.telegram })),
        ("POST /api/v1/telegram/tasks/create", made(ids.telegram, live.telegram)),
        ("POST /api/v1/telegram/tasks/create", made(live.telegram, ids.telegram)),
        ("POST /api/v1/telegram/tasks/finalize", json!({ "telegram_id": ids.telegram, "codigo": live.code })),
        ("POST /api/v1/telegram/tasks/finalize", json!({ "telegram_id": live.telegram, "codigo": ids.code })),
    ]
}

/// Operations whose number is a new one, or the name of a filter over what was recorded.
const NAMES_NOTHING: [&str; 6] = [
    "POST /api/v1/users/",
    "POST /api/v1/usuarios",
    "PUT /api/v1/users/{user_id}",
    "GET /api/v1/tasks/",
    "GET /api/v1/audit",
    "DELETE /api/v1/auth/sessions/{session_id}",
];

/// Status, codes and text, without numbers.
fn shape(answer: &Answer) -> String {
    let errors = answer.body["errors"].as_array().cloned().unwrap_or_default();
    let errors: Vec<String> = errors.iter().map(|error| format!("{} {}", error["loc"], error["msg"])).collect();
    let text = match answer.status {
        200..300 => answer.text.clone(),
        _ => format!("{} {}", answer.body["detail"], errors.join("; ")),
    };
    let letters: String = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    format!("{} {}", answer.status, letters.replace("BAJA-", "").replace("NUNCA-", ""))
}

async fn what_was_deleted_is_for_every_route_what_never_was(office: &Office) {
    let (administrator, supervisor) = (office.administrator().await, office.supervisor().await);
    let service = office.stranger().with_token(SERVICE_TOKEN);
    let other = office.officer_at(-34.6, -58.4).await;
    let person = office.officer_at(-34.6, -58.4).await;
    let alone = office.officer_at(-34.6, -58.4).await;
    let delegate = office.member(Level::Supervisor).await;
    office.links(delegate.id, 700_001).await;
    office.links(person.user.unwrap(), 700_002).await;
    let makes = |code: &'static str| {
        let body = json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje",
            "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": delegate.id.0,
            "efectivos_asignados": [other.officer.unwrap().0] });
        let supervisor = &supervisor;
        async move { supervisor.posts("/api/v1/tasks/", body).await.ok()["id"].as_i64().unwrap() }
    };
    let (kept, gone) = (makes("VIVA-1").await, makes("BAJA-9").await);
    let sent = supervisor.gets(&format!("/api/v1/tasks/{gone}/asignaciones")).await.ok();
    let officer_id = person.officer.unwrap().0;
    for path in [
        format!("/api/v1/tasks/{gone}"),
        format!("/api/v1/usuarios/{}", person.user.unwrap()),
        format!("/api/v1/efectivos/{}", alone.officer.unwrap()),
    ] {
        administrator.deletes(&path).await.ok();
    }
    let live = Ids {
        user: delegate.id.0,
        officer: other.officer.unwrap().0,
        task: kept,
        code: "VIVA-1".to_owned(),
        telegram: 700_001,
        assignment: 0,
    };
    let deleted = Ids {
        user: person.user.unwrap().0,
        officer: officer_id,
        task: gone,
        code: "BAJA-9".to_owned(),
        telegram: 700_002,
        assignment: sent[0]["id"].as_i64().unwrap(),
    };
    let unknown = Ids {
        user: 999_999,
        officer: 999_999,
        task: 999_999,
        code: "NUNCA-1".to_owned(),
        telegram: 999_999,
        assignment: 999_999,
    };
    let alone = Ids { officer: alone.officer.unwrap().0, ..deleted.clone() };
    let events = logged(office).await.len();
    let (mut wrong, mut tried) = (BTreeSet::new(), BTreeSet::new());
    let mut compare = |name: &str, of_deleted: &Answer, of_unknown: &Answer| {
        let (given, wanted) = (shape(of_deleted), shape(of_unknown));
        if given != wanted {
            wrong.insert(format!("{name}: {given}, and of an unknown one {wanted}"));
        }
    };
    let by = |name: &str| -> &Person { if name.contains("/telegram/") { &service } else { &administrator } };
    for operation in operations() {
        let name = operation.name();
        let parameters: Vec<&str> =
            operation.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        for gone in [&deleted, &alone] {
            let with = |ids: &Ids| {
                let known = parameters.iter().filter_map(|name| Some((*name, ids.parameter(name)?)));
                known.collect::<Vec<_>>()
            };
            if with(gone).is_empty() {
                continue;
            }
            tried.insert(name.clone());
            let of_deleted = operation.tried_at(by(&name), &with(gone)).await;
            compare(&name, &of_deleted, &operation.tried_at(by(&name), &with(&unknown)).await);
        }
    }
    for gone in [&deleted, &alone] {
        for ((name, of_deleted), (_, of_unknown)) in bodies(gone, &live).into_iter().zip(bodies(&unknown, &live)) {
            tried.insert(name.to_owned());
            let (method, path) = name.split_once(' ').unwrap();
            let path = path.replace("{task_id}", &live.task.to_string());
            let method: reqwest::Method = method.parse().unwrap();
            // Of an account, only the service speaks for others.
            let person = if of_deleted["telegram_id"].as_i64().is_some_and(|id| id != 0) { &service } else { by(name) };
            let ask = |body: Value| person.sends(person.request(method.clone(), &path).json(&body));
            let field = of_deleted.to_string();
            compare(&format!("{name} {field}"), &ask(of_deleted).await, &ask(of_unknown).await);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let document: Value = serde_json::from_str(&api::openapi().to_json().unwrap()).unwrap();
    let untried: Vec<String> = naming(&document).into_iter().filter(|name| !tried.contains(name)).collect();
    assert_eq!(untried, [""; 0], "a field of these names somebody or something");
    let more: Vec<_> = logged(office).await.split_off(events).into_iter().map(|logged| logged.event.kind()).collect();
    assert!(more.is_empty(), "{more:?}");
}

/// Operations of the document with a parameter or a field that names a user, an officer, a task or an account.
fn naming(document: &Value) -> Vec<String> {
    let is_name = |name: &str| {
        let names = ["efectivos", "efectivos_asignados", "asignado_a"];
        name == "codigo"
            || names.contains(&name)
            || (name.ends_with("_id") && !["nota_id", "session_id"].contains(&name))
    };
    let mut found = Vec::new();
    for operation in operations() {
        let path = operation.path.trim_end_matches('/');
        let item = &document["paths"][path][operation.method.as_str().to_lowercase()];
        let mut names: Vec<String> = Vec::new();
        for parameter in item["parameters"].as_array().into_iter().flatten() {
            names.push(parameter["name"].as_str().unwrap().to_owned());
        }
        fields(document, &item["requestBody"]["content"]["application/json"]["schema"], &mut names);
        let name = operation.name();
        if names.iter().any(|name| is_name(name)) && !NAMES_NOTHING.contains(&name.as_str()) {
            found.push(name);
        }
    }
    found
}

/// Adds the names of the fields of a schema, of what is in them and of what is in their lists.
fn fields(document: &Value, schema: &Value, names: &mut Vec<String>) {
    let schema = resolve(document, schema);
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        names.push(name.clone());
        let field = resolve(document, field);
        fields(document, &field, names);
        fields(document, &field["items"], names);
    }
}
