//! What is wrong with a request is said all at once, each field by its place and what it was; and the
//! standards that a request may follow are read as they are written.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::Level;
use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::conversations;
use crate::office::{Office, PASSWORD};
use crate::person::{Answer, Person};

conversations! {
    every_field_of_every_body_is_named_at_once,
    every_lacking_field_of_every_body_is_named_at_once,
    every_parameter_of_every_query_is_named_at_once,
    every_part_of_every_request_is_named_at_once,
    a_list_is_no_structure_and_is_not_given_back,
    a_word_is_no_object_and_a_whole_number_may_have_a_fraction_of_zero,
    a_leap_second_is_the_next_second_everywhere,
    sign_ins_leave_the_version_of_a_user,
    a_cookie_is_read_beside_those_of_others,
    every_row_that_has_a_version_can_be_guarded_by_it,
    a_field_of_a_position_is_located_where_it_stands,
    what_a_use_case_refuses_is_shown_with_what_was_sent,
    secrets_are_not_given_back,
    a_body_of_another_type_is_refused,
    versions_are_compared_as_rfc_9110_has_it,
    a_change_with_a_key_is_made_once,
    a_period_of_one_day_is_that_day_on_every_route,
    times_are_read_in_every_form_of_iso_8601,
    a_box_may_have_heights,
}

fn document() -> Value {
    serde_json::from_str(&api::openapi().to_json().unwrap()).unwrap()
}

/// Method and path of each operation, with what it takes.
fn operations() -> Vec<(Method, String, Value)> {
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
fn named(answer: &Answer) -> Vec<String> {
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

async fn a_leap_second_is_the_next_second_everywhere(office: &Office) {
    let supervisor = office.supervisor().await;
    let mut task = a_task("SEGUNDO-1", &supervisor);
    task["inicio_programado"] = json!("2026-11-30T12:00:60Z");
    let made = supervisor.posts("/api/v1/tasks/", task).await;
    assert_eq!(made.body["inicio_programado"], "2026-11-30T12:01:00Z", "{}", made.body);
    let path = format!("/api/v1/tasks/{}", made.body["id"]);
    let tag = supervisor.gets(&path).await.header("etag").to_owned();
    let again = supervisor.puts(&path, json!({ "inicio_programado": "2026-11-30T12:00:60Z" })).await;
    assert_eq!((again.status, again.header("etag")), (200, tag.as_str()), "a change of nothing");
}

async fn sign_ins_leave_the_version_of_a_user(office: &Office) {
    let administrator = office.administrator().await;
    let member = office.member(Level::Officer).await;
    let email = member.email.unwrap().reveal().to_owned();
    let path = format!("/api/v1/users/{}", member.id);
    let tag = administrator.gets(&path).await.header("etag").to_owned();
    for password in ["no es esta", PASSWORD] {
        office.stranger().tries_to_sign_in(&email, password).await;
    }
    assert_eq!(administrator.gets(&path).await.header("etag"), tag);
    let request = administrator.request(Method::PUT, &path).header("if-match", &tag);
    assert_eq!(administrator.sends(request.json(&json!({ "telefono": "4444-1111" }))).await.status, 200);
}

async fn a_cookie_is_read_beside_those_of_others(office: &Office) {
    let person = office.supervisor().await;
    let token = person.token().unwrap().to_owned();
    let stranger = office.stranger();
    for line in [format!("nombre=José; access_token={token}"), format!("access_token={token}; otra; x=\u{e9}")] {
        for authorization in [None, Some("Basic eDp5")] {
            let mut request = stranger.request(Method::GET, "/api/v1/users/me");
            request = request.header("cookie", reqwest::header::HeaderValue::from_bytes(line.as_bytes()).unwrap());
            if let Some(authorization) = authorization {
                request = request.header("authorization", authorization);
            }
            assert_eq!(stranger.sends(request).await.status, 200, "{authorization:?}");
        }
    }
}

async fn every_row_that_has_a_version_can_be_guarded_by_it(office: &Office) {
    let administrator = office.administrator().await;
    let rows = [
        format!("/api/v1/usuarios/{}", office.supervisor().await.user.unwrap()),
        format!("/api/v1/usuarios/{}", office.officer_at(0.0, 0.0).await.user.unwrap()),
        format!("/api/v1/efectivos/{}", office.officer_at(1.0, 0.0).await.officer.unwrap()),
    ];
    for path in rows {
        let tag = administrator.gets(&path).await.header("etag").to_owned();
        let delete = async |tag: &str| {
            administrator.sends(administrator.request(Method::DELETE, &path).header("if-match", tag)).await.status
        };
        assert_eq!(delete("\"999999\"").await, 412, "{path}");
        assert_eq!(administrator.gets(&path).await.status, 200, "{path} is there");
        assert_eq!(delete(&tag).await, 204, "{path} {tag}");
    }
    // By the document: what is changed or deleted by its own number takes a version.
    for (path, item) in document()["paths"].as_object().unwrap() {
        let is_row = path.ends_with('}') && item["get"]["responses"].get("200").is_some();
        for method in ["put", "patch", "delete"].iter().filter(|method| is_row && item.get(**method).is_some()) {
            let parameters = item[*method]["parameters"].as_array().cloned().unwrap_or_default();
            assert!(parameters.iter().any(|parameter| parameter["name"] == "If-Match"), "{method} {path}");
        }
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

fn a_task(code: &str, supervisor: &Person) -> Value {
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

async fn versions_are_compared_as_rfc_9110_has_it(office: &Office) {
    let supervisor = office.supervisor().await;
    let task = supervisor.posts("/api/v1/tasks/", a_task("VERSION-1", &supervisor)).await;
    let path = format!("/api/v1/tasks/{}", task.body["id"]);
    let tag = async || supervisor.gets(&path).await.header("etag").to_owned();
    let change = async |expected: &str| {
        let request =
            supervisor.request(Method::PUT, &path).json(&json!({ "titulo": format!("Recorrer {expected:?}") }));
        supervisor.sends(request.header("if-match", expected)).await.status
    };
    for foreign in ["\"xyzzy\"", "\"999999\"", "\"xyzzy\", \"r2d2xxxx\", \"c3piozzzz\"", "W/\"xyzzy\"", "\"\""] {
        assert_eq!(change(foreign).await, 412, "{foreign}");
    }
    for form in ["TAG", "\"xyzzy\", TAG", "TAG , \"xyzzy\"", "W/\"1\", TAG", "*"] {
        let now = tag().await;
        assert_eq!(change(&form.replace("TAG", &now)).await, 200, "{form}");
    }
    for bad in ["\"", "1, 2", "\"a\" \"b\""] {
        assert_eq!(change(bad).await, 422, "{bad}");
    }
    let officer = office.officer_at(0.0, 0.0).await.officer.unwrap();
    let user = supervisor.user.unwrap();
    for path in [
        path.clone(),
        format!("/api/v1/efectivos/{officer}"),
        format!("/api/v1/users/{user}"),
        "/api/v1/users/me".into(),
    ] {
        let now = supervisor.gets(&path).await.header("etag").to_owned();
        let ask = async |known: &str| {
            supervisor.sends(supervisor.request(Method::GET, &path).header("if-none-match", known)).await
        };
        for known in [now.clone(), format!("\"xyzzy\", {now}"), format!("W/{now}"), "*".to_owned()] {
            let answer = ask(&known).await;
            assert_eq!(
                (answer.status, answer.text.as_str(), answer.header("etag")),
                (304, "", now.as_str()),
                "{known}"
            );
        }
        for other in ["\"xyzzy\"", "W/\"x\"", "no list"] {
            assert_eq!(ask(other).await.status, 200, "{other}");
        }
    }
}

async fn a_change_with_a_key_is_made_once(office: &Office) {
    let (administrator, supervisor) = (office.administrator().await, office.supervisor().await);
    let mut keys = 0;
    let mut key = || {
        keys += 1;
        format!("clave-{keys}")
    };
    let send = async |method: &Method, path: &str, key: &str, body: Option<Value>| {
        let request = administrator.request(method.clone(), path).header("idempotency-key", key);
        administrator.sends(if let Some(body) = body { request.json(&body) } else { request }).await
    };
    let user = office.user(Level::Officer).await.user.unwrap();
    let officer = office.officer_at(0.0, 0.0).await;
    let (held, officer) = (officer.user.unwrap(), officer.officer.unwrap());
    let changes = [
        (format!("/api/v1/users/{user}"), json!({ "telefono": "111" }), json!({ "telefono": "222" })),
        (format!("/api/v1/usuarios/{user}"), json!({ "nombre": "Ana" }), json!({ "nombre": "Eva" })),
        (format!("/api/v1/users/{user}"), json!({}), json!({ "telefono": "333" })),
        (format!("/api/v1/efectivos/{officer}"), json!({ "rango": "Uno" }), json!({ "rango": "Dos" })),
    ];
    for (path, body, other) in changes {
        let key = key();
        let first = send(&Method::PUT, &path, &key, Some(body.clone())).await;
        let again = send(&Method::PUT, &path, &key, Some(body.clone())).await;
        assert_eq!((first.status, again.status, &first.body), (200, 200, &again.body), "{path}");
        // The same fields in another order are another body: bytes are compared.
        for other in [other.to_string(), format!(" {body}")] {
            let request = administrator.request(Method::PUT, &path).header("idempotency-key", &key);
            let answer = administrator.sends(request.header("content-type", "application/json").body(other)).await;
            assert_eq!(answer.fields(), ["header.Idempotency-Key: was used for another request"], "{path}");
        }
    }
    let task = supervisor.posts("/api/v1/tasks/", a_task("UNA-VEZ", &supervisor)).await.ok()["id"].clone();
    for path in [
        format!("/api/v1/tasks/{task}"),
        format!("/api/v1/efectivos/{officer}"),
        format!("/api/v1/usuarios/{user}"),
        format!("/api/v1/usuarios/{held}"),
    ] {
        let key = key();
        let first = send(&Method::DELETE, &path, &key, None).await;
        let again = send(&Method::DELETE, &path, &key, None).await;
        assert_eq!((first.status, &first.body), (again.status, &again.body), "{path}");
        assert!((200..300).contains(&first.status), "{path} {}", first.body);
        assert_eq!(administrator.deletes(&path).await.status, 404, "{path}");
    }
}

/// Changes that take no key, and why.
const WITHOUT_A_KEY: [(&str, &str); 18] = [
    ("admin_command", "a command may be given twice"),
    ("auth_login", "there is no caller yet"),
    ("auth_logout", "a session ends once"),
    ("auth_refresh", "a token is exchanged once"),
    ("cache_clear", "the second finds nothing"),
    ("cache_invalidate", "the second finds nothing"),
    ("cache_invalidate_pattern", "the second finds nothing"),
    ("log_level_set", "the second chooses the same"),
    ("position_report", "a position is the same twice"),
    ("position_report_many", "a position is the same twice"),
    ("session_revoke", "a session ends once"),
    ("socket_broadcast", "a message for tests"),
    ("stats_invalidate", "the second finds nothing"),
    ("take_alert", "who has taken it has it"),
    ("telegram_authenticate", "a token for the same account"),
    ("undo_emergencies", "the second finds nothing to cancel"),
    ("user_link_code", "its answer is a secret, which is not kept"),
    ("user_unlink", "the link ends once"),
];

#[test]
fn every_change_takes_a_key_or_says_why_not() {
    for (method, path, operation) in operations() {
        let id = operation["operationId"].as_str().unwrap();
        let mut parameters = operation["parameters"].as_array().into_iter().flatten();
        let takes = parameters.any(|parameter| parameter["name"] == "Idempotency-Key");
        let listed = WITHOUT_A_KEY.iter().any(|(other, _)| *other == id);
        assert_eq!(takes || listed, method != Method::GET || takes, "{method} {path} ({id})");
        assert!(!(takes && listed), "{id}");
    }
    let guide = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/api.md")).unwrap();
    assert!(guide.contains("byte by byte"), "docs/api.md says how bodies are compared");
}

async fn a_period_of_one_day_is_that_day_on_every_route(office: &Office) {
    let administrator = office.administrator().await;
    let mut task = a_task("DIA-1", &administrator);
    for (code, time, is_in) in [
        ("DIA-1", "2026-11-30T00:00:00Z", true),
        ("DIA-2", "2026-11-30T23:59:59Z", true),
        ("DIA-3", "2026-12-01T00:00:00Z", false),
        ("DIA-4", "2026-11-29T23:59:59Z", false),
    ] {
        (task["codigo"], task["inicio_programado"]) = (json!(code), json!(time));
        administrator.posts("/api/v1/tasks/", task.clone()).await.ok();
        let listed = administrator.gets("/api/v1/tasks/?desde=2026-11-30&hasta=2026-11-30").await.ok();
        let has = listed.as_array().unwrap().iter().any(|task| task["codigo"] == code);
        assert_eq!(has, is_in, "{code}");
    }
    let now = office.cx.clock.now();
    let (today, yesterday) = (now.format("%Y-%m-%d"), (now - TimeDelta::days(1)).format("%Y-%m-%d"));
    let lines = administrator.gets(&format!("/api/v1/audit?desde={today}&hasta={today}")).await.ok();
    assert!(!lines.as_array().unwrap().is_empty());
    let lines = administrator.gets(&format!("/api/v1/audit?desde={yesterday}&hasta={yesterday}")).await.ok();
    assert!(lines.as_array().unwrap().is_empty(), "{lines}");
    let officer = office.officer_at(0.0, 0.0).await.officer.unwrap();
    for (day, count) in [(today.to_string(), 1), (yesterday.to_string(), 0)] {
        let track = format!("/api/v1/efectivos/{officer}/posiciones?desde={day}&hasta={day}");
        assert_eq!(administrator.gets(&track).await.ok().as_array().unwrap().len(), count, "{day}");
    }
    let of = |query: String| {
        let administrator = &administrator;
        async move { administrator.gets(&format!("/api/v1/reports/summary?{query}")).await.ok()["alcance"].clone() }
    };
    let day = of("desde=2026-11-30&hasta=2026-11-30".to_owned()).await;
    let times = of("desde=2026-11-30T00:00:00Z&hasta=2026-12-01T00:00:00Z".to_owned()).await;
    assert_eq!(day, times);
    for path in ["/api/v1/tasks/", "/api/v1/audit", "/api/v1/reports/units", "/api/v1/asignaciones/pendientes"] {
        for form in ["2026-11-30", "20261130", "2026-11-30T10:00-03", "2026-11-30T10:00:00%2B0000", "1764496800"] {
            administrator.gets(&format!("{path}?desde={form}")).await.ok();
        }
        assert_eq!(administrator.gets(&format!("{path}?desde=ayer")).await.status, 422, "{path}");
    }
}

async fn times_are_read_in_every_form_of_iso_8601(office: &Office) {
    let supervisor = office.supervisor().await;
    let forms = [
        json!("2026-11-24T09:36Z"),
        json!("2026-11-24T09:36:00+0000"),
        json!("2026-11-24T06:36:00-03"),
        json!("20261124T093600Z"),
        json!(1_795_512_960),
    ];
    for (at, form) in forms.into_iter().enumerate() {
        let mut task = a_task(&format!("FORMA-{at}"), &supervisor);
        task["inicio_programado"] = form.clone();
        let made = supervisor.posts("/api/v1/tasks/", task).await.ok();
        assert_eq!(made["inicio_programado"], "2026-11-24T09:36:00Z", "{form}");
    }
}

async fn a_box_may_have_heights(office: &Office) {
    let supervisor = office.supervisor().await;
    office.officer_at(-34.6, -58.4).await;
    for bbox in ["-59,-35,-58,-34", "-59,-35,0,-58,-34,100", " -59 , -35 , -58 , -34 "] {
        let found =
            supervisor.sends(supervisor.request(Method::GET, "/api/v1/geo/efectivos.geojson").query(&[("bbox", bbox)]));
        assert_eq!(found.await.ok()["features"].as_array().unwrap().len(), 1, "{bbox}");
    }
    for bbox in ["-59,-35,-58", "-59,-35,0,-58,-34", "-59,-35,100,-58,-34,0", "-59,-34,-58,-35", "a,b,c,d"] {
        let answer =
            supervisor.sends(supervisor.request(Method::GET, "/api/v1/geo/tareas.geojson").query(&[("bbox", bbox)]));
        let answer = answer.await;
        assert_eq!(answer.body["errors"][0]["loc"], json!(["query", "bbox"]), "{bbox}: {}", answer.body);
        assert_eq!(answer.body["errors"][0]["input"], bbox);
    }
    let partial = supervisor.gets("/api/v1/geo/tareas.geojson?lat=1").await;
    assert_eq!(named(&partial), ["lng", "radio_m"], "{}", partial.body);
    supervisor.gets("/api/v1/geo/tareas.geojson").await.ok();
}
