//! Texts that identify something, however they are written; and characters that cannot be seen.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::access::resolve;
use crate::conversations;
use crate::office::{Office, PASSWORD};
use crate::person::Person;

conversations! {
    writings_of_one_document_address_or_code_are_one,
    writings_of_one_unit_are_one,
    no_text_field_keeps_what_cannot_be_seen,
}

fn user(n: u32, more: &Value) -> Value {
    let mut body = json!({ "email": format!("persona{n}@prueba.gad"), "password": PASSWORD, "nombre": "Ana",
        "apellido": "Prueba", "dni": format!("9000{n:04}"), "nivel": 1, "verificado": true });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

async fn writings_of_one_document_address_or_code_are_one(office: &Office) {
    let administrator = office.administrator().await;
    let first = user(1, &json!({ "dni": "12.345.678", "email": "Jos\u{e9}@Oficina.gob" }));
    let id = administrator.posts("/api/v1/users/", first).await.ok()["id"].clone();
    let mut n = 1;
    for dni in ["12.345.678", "12345678", "12 345 678", "12-345-678", " 1\u{200b}2345678", "\u{ff11}2345678"] {
        n += 1;
        let answer = administrator.posts("/api/v1/users/", user(n, &json!({ "dni": dni }))).await;
        assert_eq!(answer.status, 400, "{dni:?}: {}", answer.body);
    }
    let addresses =
        ["Jos\u{e9}@Oficina.gob", "jos\u{e9}@oficina.gob", "JOSE\u{301}@OFICINA.GOB", " jose\u{301}@oficina.gob "];
    for email in addresses {
        n += 1;
        let answer = administrator.posts("/api/v1/users/", user(n, &json!({ "email": email }))).await;
        assert_eq!(answer.status, 400, "{email:?}: {}", answer.body);
        assert_eq!(office.stranger().tries_to_sign_in(email, PASSWORD).await.status, 200, "{email:?}");
    }
    for email in ["jos\u{435}@oficina.gob", "jos\u{e9}@oficina.gob\u{200b}", "jo\u{ad}s\u{e9}@oficina.gob"] {
        n += 1;
        let answer = administrator.posts("/api/v1/users/", user(n, &json!({ "email": email }))).await;
        assert_eq!(answer.status, 422, "{email:?}: {}", answer.body);
    }
    // Another user cannot take it by a change, and the own one can be written otherwise.
    let other = administrator.posts("/api/v1/users/", user(100, &json!({}))).await.ok()["id"].clone();
    let taken = administrator.puts(&format!("/api/v1/users/{other}"), json!({ "dni": "12345678" })).await;
    assert!(matches!(taken.status, 400 | 409), "{}", taken.body);
    let own = administrator.puts(&format!("/api/v1/users/{id}"), json!({ "dni": "12345678" })).await.ok();
    assert_eq!(own["dni"], "12345678");
    let officer = |user: &Value, code: &str| json!({ "usuario_id": user, "codigo_interno": code });
    administrator.posts("/api/v1/efectivos", officer(&id, "EF-1")).await.ok();
    for code in ["EF-1", "ef-1", " Ef-1 ", "EF\u{2011}1", "\u{ff25}F-1"] {
        let answer = administrator.posts("/api/v1/efectivos", officer(&other, code)).await;
        assert_eq!(answer.status, 409, "{code:?}: {}", answer.body);
    }
    // A code that identifies a task is upper-cased on its way in.
    let task = |code: &str| {
        json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": id })
    };
    administrator.posts("/api/v1/tasks/", task("TAREA-1")).await.ok();
    assert_eq!(administrator.posts("/api/v1/tasks/", task(" tarea-1 ")).await.status, 400);
    assert!(office.cx.store.read().await.unwrap().users().repeated_identities(10).await.unwrap().is_empty());
}

const UNITS: [&str; 5] = [
    "Comisar\u{ed}a 1\u{aa} Norte",
    "COMISAR\u{cd}A 1\u{aa} NORTE",
    "comisaria 1a norte",
    "Comisari\u{301}a  1\u{aa}\u{a0}Norte",
    "Comisar\u{ed}a 1\u{aa}  Norte",
];

async fn writings_of_one_unit_are_one(office: &Office) {
    let administrator = office.administrator().await;
    let mut ids = Vec::new();
    for unit in UNITS {
        let officer = office.officer_at(-34.6, -58.4).await;
        let id = officer.officer.unwrap();
        administrator.puts(&format!("/api/v1/efectivos/{id}"), json!({ "unidad": unit })).await.ok();
        let task = json!({ "codigo": format!("UNIDAD-{id}"), "titulo": "Recorrer la plaza", "tipo": "patrullaje",
            "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": administrator.user.unwrap().0,
            "efectivos_asignados": [id.0] });
        administrator.posts("/api/v1/tasks/", task).await.ok();
        ids.push(json!(id.0));
    }
    let other = office.officer_at(-34.6, -58.4).await.officer.unwrap();
    administrator
        .puts(&format!("/api/v1/efectivos/{other}"), json!({ "unidad": "Comisar\u{ed}a 2\u{aa} Norte" }))
        .await
        .ok();
    let list = |items: &Value, key: &str| -> Vec<Value> {
        let mut ids: Vec<Value> = items.as_array().unwrap().iter().map(|item| item[key].clone()).collect();
        ids.sort_by_key(Value::as_i64);
        ids
    };
    for unit in UNITS {
        let query: String = url::form_urlencoded::byte_serialize(unit.as_bytes()).collect();
        let listed = administrator.gets(&format!("/api/v1/efectivos?unidad={query}")).await.ok();
        assert_eq!(list(&listed, "id"), ids, "{unit:?}");
        let near = format!("/api/v1/efectivos/cercanos?lat=-34.6&lng=-58.4&limite=50&unidad={query}");
        let near = administrator.gets(&near).await.ok();
        assert_eq!(near["candidatos"].as_array().unwrap().len(), UNITS.len(), "{unit:?}: {near}");
        let others: Vec<_> =
            near["excluidos"].as_array().unwrap().iter().filter(|it| it["motivo"] == "otra_unidad").collect();
        assert_eq!(others.len(), 1, "{unit:?}: {near}");
        let report = administrator.gets(&format!("/api/v1/reports/summary?unidad={query}")).await.ok();
        assert_eq!(report["cifras"]["total"], UNITS.len(), "{unit:?}: {report}");
    }
    let report = administrator.gets("/api/v1/reports/units").await.ok();
    let rows = report["unidades"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "{report}");
}

/// One of each class that must not come through, and what forges and hides texts; the domain's own tests
/// try all characters.
const UNSEEN: [char; 7] = ['\u{0}', '\u{7}', '\u{200b}', '\u{202e}', '\u{feff}', '\u{2028}', '\u{2029}'];

/// Fields of bodies that are no text for people: words of a closed list, secrets, filters, other types.
const NO_TEXT: [(&str, &[&str]); 8] = [
    ("PUT /api/v1/admin/log-level", &["filter"]),
    ("POST /api/v1/auth/refresh", &["refresh_token"]),
    ("POST /api/v1/telegram/tasks/create", &["prioridad", "tipo"]),
    ("POST /api/v1/usuarios", &["nivel"]),
    ("PUT /api/v1/usuarios/{usuario_id}", &["nivel"]),
    // `motivo` is of the type of that of `PUT /api/v1/tasks/{task_id}`; each of these ends what it is about.
    ("POST /api/v1/asignaciones/{assignment_id}/pasos", &["motivo"]),
    ("POST /api/v1/tasks/emergency/deshacer", &["motivo"]),
    ("POST /api/v1/telegram/tasks/finalize", &["codigo", "observaciones"]),
];

/// The text fields of the bodies of the document, by operation.
fn text_fields(document: &Value) -> BTreeSet<(String, String)> {
    let is_text = |schema: &Value| {
        let is_string = schema["type"] == "string"
            || schema["type"].as_array().is_some_and(|types| types.contains(&json!("string")));
        is_string
            && schema["enum"].is_null()
            && !matches!(schema["format"].as_str(), Some("date-time" | "password" | "uuid"))
    };
    let mut fields = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let schema = resolve(document, &operation["requestBody"]["content"]["application/json"]["schema"]);
            for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
                if is_text(&resolve(document, schema)) {
                    fields.insert((format!("{} {path}", method.to_uppercase()), name.clone()));
                }
            }
        }
    }
    for (operation, names) in NO_TEXT {
        for name in names {
            assert!(fields.remove(&(operation.to_owned(), (*name).to_owned())), "{operation} has no {name}");
        }
    }
    fields
}

fn holds(value: &Value, c: char) -> bool {
    match value {
        Value::String(text) => text.contains(c),
        Value::Array(items) => items.iter().any(|item| holds(item, c)),
        Value::Object(fields) => fields.values().any(|field| holds(field, c)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// What is asked by each operation, beside the fields that are tried. `n` makes what must be unique.
struct Bodies {
    user: i64,
    officer: i64,
    task: i64,
    telegram: i64,
}

impl Bodies {
    fn path(&self, operation: &str) -> String {
        let path = operation.split_once(' ').unwrap().1;
        let path = path.replace("{user_id}", &self.user.to_string()).replace("{usuario_id}", &self.user.to_string());
        path.replace("{efectivo_id}", &self.officer.to_string()).replace("{task_id}", &self.task.to_string())
    }

    fn body(&self, operation: &str, n: u32) -> Value {
        let code = format!("TEXTO-{n}");
        let mut officer =
            json!({ "codigo_interno": code, "rango": "Cabo", "unidad": "Norte", "especialidad": "Motos" });
        match operation {
            "POST /api/v1/admin/telegram/send" => json!({ "group": "general", "type": "info", "message": "Turno" }),
            "POST /api/v1/efectivos" => {
                officer["usuario_id"] = json!(self.user);
                officer
            }
            "PUT /api/v1/efectivos/{efectivo_id}" => officer,
            "POST /api/v1/tasks" => json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje",
                "descripcion": "Dos vueltas", "inicio_programado": "2026-11-24T12:00:00Z",
                "delegado_usuario_id": self.user, "ubicacion_descripcion": "Plaza" }),
            "PUT /api/v1/tasks/{task_id}" => json!({ "codigo": code, "titulo": "Recorrer la plaza",
                "descripcion": "Dos vueltas", "motivo": "Por orden", "ubicacion_descripcion": "Plaza" }),
            "POST /api/v1/tasks/emergency" => {
                json!({ "telegram_id": 0, "lat": -34.6, "lng": -58.4, "descripcion": "Choque" })
            }
            "POST /api/v1/tasks/{task_id}/notas" => json!({ "texto": "Sin novedad" }),
            "POST /api/v1/telegram/tasks/create" => json!({ "telegram_id": self.telegram, "tipo": "operativa",
                "codigo": code, "titulo": "Recorrer la plaza", "descripcion": "Dos vueltas", "ubicacion": "Plaza" }),
            "POST /api/v1/users" => user(n, &json!({ "telefono": "+54 11 5555 0100", "verificado": false })),
            "PUT /api/v1/users/{user_id}" => json!({ "nombre": "Ana", "apellido": "Prueba",
                "dni": format!("8000{n:04}"), "telefono": "+54 11 5555 0100", "email": format!("otra{n}@prueba.gad") }),
            "POST /api/v1/usuarios" => json!({ "telegram_id": 5_000_000 + i64::from(n), "nombre": "Ana Prueba" }),
            "PUT /api/v1/usuarios/{usuario_id}" => json!({ "nombre": "Ana Prueba" }),
            "POST /ws/_test/broadcast" => {
                json!({ "title": "Prueba", "content": "Mensaje", "level": "info", "topic": "guardia" })
            }
            other => panic!("{other} takes texts that nothing tries: add it here"),
        }
    }
}

async fn no_text_field_keeps_what_cannot_be_seen(office: &Office) {
    let administrator = office.administrator().await;
    let telegram = 7_700_000_100;
    office.links(administrator.user.unwrap(), telegram).await;
    let created = |answer: Value| answer["id"].as_i64().unwrap();
    let subject = created(administrator.posts("/api/v1/users/", user(9999, &json!({}))).await.ok());
    let officer = office.officer_at(-34.6, -58.4).await.officer.unwrap().0;
    let task = json!({ "codigo": "TEXTO", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": subject });
    let task = created(administrator.posts("/api/v1/tasks/", task).await.ok());
    let bodies = Bodies { user: subject, officer, task, telegram };
    let document = administrator.gets("/api/v1/openapi.json").await.ok();
    let fields = text_fields(&document);
    assert!(fields.len() > 30, "{fields:?}");
    let tries = async |person: &Person, operation: &str, path: &str, body: Value| {
        let method = operation.split_once(' ').unwrap().0.parse().unwrap();
        person.sends(person.request(method, path).json(&body)).await
    };
    let mut n = 0;
    for (operation, field) in &fields {
        for c in UNSEEN {
            n += 1;
            let (path, mut body) = (bodies.path(operation), bodies.body(operation, n));
            let text = body[field].as_str().unwrap_or_else(|| panic!("{operation}: {field}")).to_owned();
            let middle = text.char_indices().nth(text.chars().count() / 2).unwrap().0;
            body[field] = json!(format!("{}{c}{}", &text[..middle], &text[middle..]));
            let answer = tries(&administrator, operation, &path, body).await;
            assert!(answer.status < 500, "{operation} {field} {c:?}: {}", answer.body);
            if answer.status < 300 {
                assert!(!holds(&answer.body, c), "{operation} {field} {c:?}: {}", answer.body);
            }
        }
        for blank in ["\u{200b}\u{200b}", "\u{202e} \u{3164}"] {
            n += 1;
            let (path, mut body) = (bodies.path(operation), bodies.body(operation, n));
            body[field] = json!(blank);
            let answer = tries(&administrator, operation, &path, body).await;
            assert!(answer.status < 500, "{operation} {field} {blank:?}: {}", answer.body);
            let kept = answer.body[field].as_str().unwrap_or_default();
            assert!(answer.status >= 300 || kept.is_empty(), "{operation} {field} {blank:?}: {}", answer.body);
        }
    }
}
