//! What is wrong with a request is said all at once, each field by its place and what it was.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::conversations;
use crate::office::Office;
use crate::person::{Answer, Person};

conversations! {
    every_field_of_every_body_is_named_at_once,
    every_lacking_field_of_every_body_is_named_at_once,
    every_parameter_of_every_query_is_named_at_once,
    every_part_of_every_request_is_named_at_once,
    a_list_is_no_structure_and_is_not_given_back,
    a_word_is_no_object_and_a_whole_number_may_have_a_fraction_of_zero,
    a_field_of_a_position_is_located_where_it_stands,
    what_a_use_case_refuses_is_shown_with_what_was_sent,
    secrets_are_not_given_back,
    a_body_of_another_type_is_refused,
}

pub fn document() -> Value {
    serde_json::from_str(&api::openapi().to_json().unwrap()).unwrap()
}

/// Method and path of each operation, with what it takes.
pub fn operations() -> Vec<(Method, String, Value)> {
    let document = document();
    let paths = document["paths"].as_object().unwrap().clone();
    let all = paths.into_iter().flat_map(|(path, item)| {
        let path = path.split('/').map(|part| if part.starts_with('{') { "999999" } else { part }).collect::<Vec<_>>();
        let path = path.join("/");
        let operations = item.as_object().unwrap().clone().into_iter();
        operations.map(move |(method, operation)| (method.to_uppercase().parse().unwrap(), path.clone(), operation))
    });
    all.collect()
}

/// Properties and required fields of the JSON body that an operation takes.
fn body_of(operation: &Value) -> Option<(Map<String, Value>, BTreeSet<String>)> {
    let reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str()?;
    let name = reference.rsplit('/').next()?;
    let schema = document()["components"]["schemas"][name].clone();
    let required = schema["required"].as_array().into_iter().flatten();
    let required = required.map(|name| name.as_str().unwrap().to_owned()).collect();
    Some((schema["properties"].as_object().unwrap().clone(), required))
}

/// The fields that a 422 names, without the part of the request.
pub fn named(answer: &Answer) -> Vec<String> {
    let errors = answer.body["errors"].as_array().into_iter().flatten();
    let last = |error: &Value| error["loc"].as_array().unwrap().last().unwrap().as_str().unwrap_or("?").to_owned();
    errors.map(last).collect()
}

/// What is wrong with the names in an answer, which are to be these, each once.
fn wrong_names(answer: &Answer, wanted: &BTreeSet<String>) -> Option<String> {
    let named = named(answer);
    let unique: BTreeSet<String> = named.iter().cloned().collect();
    let right = answer.status == 422 && unique == *wanted && unique.len() == named.len();
    (!right).then(|| format!("{} names {named:?} and not {wanted:?}: {}", answer.status, answer.body))
}

async fn every_field_of_every_body_is_named_at_once(office: &Office) {
    let administrator = office.administrator().await;
    let mut wrong = Vec::new();
    for (method, path, operation) in operations() {
        let Some((properties, _)) = body_of(&operation) else { continue };
        let is_boolean = |schema: &Value| schema["type"] == "boolean" || schema["type"][0] == "boolean";
        let bad = |schema: &Value| if is_boolean(schema) { json!("x") } else { json!(true) };
        let body: Map<String, Value> = properties.iter().map(|(name, schema)| (name.clone(), bad(schema))).collect();
        let answer = administrator.sends(administrator.request(method.clone(), &path).json(&body)).await;
        let wanted = properties.keys().cloned().collect();
        wrong.extend(wrong_names(&answer, &wanted).map(|what| format!("{method} {path}: {what}")));
        for error in answer.body["errors"].as_array().into_iter().flatten() {
            let name = error["loc"].as_array().unwrap().last().unwrap().as_str().unwrap_or_default();
            let is_secret = name.contains("password") || name.contains("token");
            let shown = if is_secret { &json!("…") } else { &body[name] };
            if error["input"] != *shown || error["msg"].as_str().is_none_or(str::is_empty) {
                wrong.push(format!("{method} {path}: {error}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

async fn every_lacking_field_of_every_body_is_named_at_once(office: &Office) {
    let administrator = office.administrator().await;
    let mut wrong = Vec::new();
    for (method, path, operation) in operations() {
        let Some((_, required)) = body_of(&operation).filter(|(_, required)| !required.is_empty()) else { continue };
        let answer = administrator.sends(administrator.request(method.clone(), &path).json(&json!({}))).await;
        wrong.extend(wrong_names(&answer, &required).map(|what| format!("{method} {path}: {what}")));
        let kinds = answer.body["errors"].as_array().into_iter().flatten().all(|error| error["type"] == "missing");
        if !kinds {
            wrong.push(format!("{method} {path}: {}", answer.body));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // Some lack and some are wrong.
    let answer = administrator.posts("/api/v1/tasks/emergency", json!({ "telegram_id": "x", "lat": 95 })).await;
    let lines = answer.fields();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines.contains(&"body.lat: must lie between -90 and 90".to_owned()), "{lines:?}");
    assert!(lines.contains(&"body.lng: Field required".to_owned()), "{lines:?}");
    let inputs: Vec<&Value> = answer.body["errors"].as_array().unwrap().iter().map(|error| &error["input"]).collect();
    assert!(
        inputs.contains(&&json!(95)) && inputs.contains(&&json!("x")) && inputs.contains(&&Value::Null),
        "{inputs:?}"
    );
}

async fn every_parameter_of_every_query_is_named_at_once(office: &Office) {
    let administrator = office.administrator().await;
    let mut wrong = Vec::new();
    for (method, path, operation) in operations() {
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        // Any text is right for some.
        let is_narrow = |schema: &Value| {
            schema["type"] != "string" || ["enum", "pattern", "format"].iter().any(|word| schema.get(word).is_some())
        };
        let narrow = parameters.iter().filter(|p| p["in"] == "query" && is_narrow(&p["schema"]));
        let names: BTreeSet<String> = narrow.map(|p| p["name"].as_str().unwrap().to_owned()).collect();
        if names.is_empty() {
            continue;
        }
        let query: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "¿?")).collect();
        let answer = administrator.sends(administrator.request(method.clone(), &path).query(&query)).await;
        wrong.extend(wrong_names(&answer, &names).map(|what| format!("{method} {path}: {what}")));
        for error in answer.body["errors"].as_array().into_iter().flatten() {
            if error["input"] != "¿?" || error["loc"][0] != "query" {
                wrong.push(format!("{method} {path}: {error}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

async fn every_part_of_every_request_is_named_at_once(office: &Office) {
    let administrator = office.administrator().await;
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for (method, path, operation) in operations() {
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let is_narrow = |parameter: &&Value| {
            let schema = &parameter["schema"];
            schema["type"] != "string" || ["enum", "pattern", "format"].iter().any(|word| schema.get(word).is_some())
        };
        let queries: Vec<(&str, &str)> = parameters
            .iter()
            .filter(|parameter| parameter["in"] == "query")
            .filter(is_narrow)
            .map(|parameter| (parameter["name"].as_str().unwrap(), "¿?"))
            .collect();
        let numbers = parameters.iter().filter(|p| p["in"] == "path" && p["schema"]["type"] == "integer").count();
        let has_version = parameters.iter().any(|p| p["name"] == "If-Match");
        let has_body = body_of(&operation).is_some();
        let mut wanted = BTreeSet::new();
        let mut request = administrator.request(method.clone(), &path.replace("999999", "uno")).query(&queries);
        if numbers > 0 {
            wanted.insert("path");
        }
        if !queries.is_empty() {
            wanted.insert("query");
        }
        if has_version {
            wanted.insert("header");
            request = request.header("if-match", "\"");
        }
        if has_body {
            wanted.insert("body");
            request = request.json(&json!("no structure"));
        }
        if wanted.len() < 2 || (numbers == 0 && path.contains("999999")) {
            continue;
        }
        tried += 1;
        let answer = administrator.sends(request).await;
        let errors = answer.body["errors"].as_array().cloned().unwrap_or_default();
        let found: BTreeSet<&str> = errors.iter().filter_map(|error| error["loc"][0].as_str()).collect();
        if answer.status != 422 || found != wanted {
            wrong.push(format!("{method} {path}: {} names {found:?} and not {wanted:?}", answer.status));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(tried >= 10, "{tried} operations have several parts");
}

async fn a_list_is_no_structure_and_is_not_given_back(office: &Office) {
    let administrator = office.administrator().await;
    let mut wrong = Vec::new();
    for (method, path, operation) in operations() {
        let Some((properties, _)) = body_of(&operation) else { continue };
        let values: Vec<Value> = properties.keys().map(|_| json!("muy secreta")).collect();
        for body in [json!(values), json!([7, "muy secreta", "1"]), json!("muy secreta")] {
            let answer = administrator.sends(administrator.request(method.clone(), &path).json(&body)).await;
            if answer.status != 422 || answer.text.contains("muy secreta") {
                wrong.push(format!("{method} {path} {body}: {} {}", answer.status, answer.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

async fn a_word_is_no_object_and_a_whole_number_may_have_a_fraction_of_zero(office: &Office) {
    let supervisor = office.supervisor().await;
    let mut task = a_task("OBJETO-1", &supervisor);
    task["tipo"] = json!({ "patrullaje": null });
    assert_eq!(named(&supervisor.posts("/api/v1/tasks/", task.clone()).await), ["tipo"]);
    task["tipo"] = json!("patrullaje");
    task["prioridad"] = json!(3.0);
    assert_eq!(supervisor.posts("/api/v1/tasks/", task.clone()).await.ok()["prioridad"], 3);
    task["prioridad"] = json!(3.5);
    assert_eq!(named(&supervisor.posts("/api/v1/tasks/", task).await), ["prioridad"]);
    let administrator = office.administrator().await;
    let command = json!({ "action": "baila", "payload": null });
    let mut wrong = named(&administrator.posts("/api/v1/admin/agent/command", command).await);
    wrong.sort();
    assert_eq!(wrong, ["action", "payload"]);
    for word in ["True", "1", "yes", "on", "False", "0"] {
        let path = format!("/api/v1/stats/user/{}?use_cache={word}", administrator.user.unwrap());
        assert_eq!(administrator.gets(&path).await.status, 200, "{word}");
    }
}

async fn a_field_of_a_position_is_located_where_it_stands(office: &Office) {
    let supervisor = office.supervisor().await;
    let officer = office.officer_at(-34.6, -58.4).await.officer.unwrap().0;
    let path = format!("/api/v1/efectivos/{officer}/posicion");
    let answer = supervisor.posts(&path, json!({ "lat": 0, "lng": 0, "medida_en": "2001-01-01T00:00:00Z" })).await;
    assert_eq!(answer.body["errors"][0]["loc"], json!(["body", "medida_en"]), "{}", answer.body);
    assert_eq!(answer.body["errors"][0]["input"], "2001-01-01T00:00:00Z");
    let answer = supervisor.posts(&path, json!({ "lat": 0, "lng": 0, "precision_m": -1 })).await;
    assert_eq!(answer.fields(), ["body.precision_m: must lie between 0 and 1000000"]);
}

pub fn a_task(code: &str, supervisor: &Person) -> Value {
    json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": supervisor.user.unwrap().0 })
}

async fn what_a_use_case_refuses_is_shown_with_what_was_sent(office: &Office) {
    let supervisor = office.supervisor().await;
    let mut task = a_task("MAL-1", &supervisor);
    task["fin_programado"] = json!("2026-11-23T12:00:00Z");
    let answer = supervisor.posts("/api/v1/tasks/", task).await;
    assert_eq!(answer.body["errors"][0]["loc"], json!(["body", "fin_programado"]), "{}", answer.body);
    assert_eq!(answer.body["errors"][0]["input"], "2026-11-23T12:00:00Z");
    let answer = supervisor.gets("/api/v1/reports/summary?desde=2025-10-09&hasta=2025-10-08").await;
    assert_eq!(answer.body["errors"][0]["loc"], json!(["query", "hasta"]), "{}", answer.body);
    assert_eq!(answer.body["errors"][0]["input"], "2025-10-08");
}

async fn secrets_are_not_given_back(office: &Office) {
    let administrator = office.administrator().await;
    let body = json!({ "email": 1, "password": "corta7!", "nombre": 1, "apellido": 1, "dni": 1 });
    let answer = administrator.posts("/api/v1/users/", body).await;
    assert_eq!(named(&answer).len(), 5, "{}", answer.body);
    assert!(!answer.text.contains("corta7!"), "{}", answer.text);
    let answer = administrator.posts("/api/v1/users/", json!({ "password": ["muy secreta"] })).await;
    assert!(!answer.text.contains("muy secreta"), "{}", answer.text);
    let answer = office.stranger().posts("/api/v1/auth/refresh", json!({ "refresh_token": { "x": "robado" } })).await;
    assert_eq!((answer.status, answer.text.contains("robado")), (422, false), "{}", answer.text);
}

async fn a_body_of_another_type_is_refused(office: &Office) {
    let supervisor = office.supervisor().await;
    let text = |code: &str| a_task(code, &supervisor).to_string();
    let send = async |code: &str, headers: &[(&str, &str)]| {
        let request = supervisor.request(Method::POST, "/api/v1/tasks/").body(text(code));
        supervisor.sends(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
    };
    for (at, kind) in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml", ""]
        .into_iter()
        .enumerate()
    {
        let answer = send(&format!("TIPO-{at}"), &[("content-type", kind)]).await;
        assert_eq!((answer.status, &answer.body["code"]), (415, &json!("unsupported_media_type")), "{kind}");
    }
    for (at, coding) in ["gzip", "br", "identity, gzip"].into_iter().enumerate() {
        let answer =
            send(&format!("ZIP-{at}"), &[("content-type", "application/json"), ("content-encoding", coding)]).await;
        assert_eq!(answer.status, 415, "{coding}");
    }
    let good = ["application/json", "Application/JSON; charset=utf-8", "application/merge-patch+json"];
    for (at, kind) in good.into_iter().enumerate() {
        send(&format!("BIEN-{at}"), &[("content-type", kind), ("content-encoding", "identity")]).await.ok();
    }
    // Clients of GRUPO_GAD that say nothing.
    send("CALLA-1", &[]).await.ok();
}
