//! The `AsyncAPI` document is the one of the code, and what is really sent is as it says.

use std::collections::BTreeSet;
use std::time::Duration;

use api::{Hub, HubSettings};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::office::{Office, On};
use crate::screen::{Screen, Seen};

#[test]
fn the_document_in_the_repository_is_the_one_of_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/asyncapi.json");
    let stored: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(stored == api::asyncapi(), "docs/asyncapi.json is not current: run `cargo xtask docs`");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_makes_a_client_gets_the_document() {
    let office = Office::open(On::Sqlite).await;
    let answer = office.stranger().gets("/api/v1/asyncapi.json").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    assert!(answer.body == api::asyncapi());
    office.closes().await;
}

/// What is wrong with a message, by the document.
fn faults(document: &Value, key: &str, message: &Value) -> Vec<String> {
    let payload = &document["components"]["messages"][key]["payload"];
    if payload.is_null() {
        return vec![format!("{key} is not in the document")];
    }
    let mut faults = Vec::new();
    let mut hold = |schema: Value, value: &Value| {
        let validator = jsonschema::validator_for(&schema).unwrap();
        faults.extend(validator.iter_errors(value).map(|error| format!("{key}{}: {error}", error.instance_path())));
    };
    let components = &document["components"];
    let whole = format!("#/components/messages/{key}/payload");
    // Clients pass over what they do not know; the document must know everything all the same.
    hold(json!({ "components": components, "$ref": whole, "unevaluatedProperties": false }), message);
    let data = payload.pointer("/allOf/1/properties/data/$ref").or_else(|| payload.pointer("/properties/data/$ref"));
    if let Some(data) = data {
        hold(json!({ "components": components, "$ref": data, "unevaluatedProperties": false }), &message["data"]);
    }
    faults
}

#[test]
fn every_message_has_examples_that_are_as_its_schema_says() {
    let document = api::asyncapi();
    let (mut wrong, mut held) = (Vec::new(), 0);
    for (key, message) in document["components"]["messages"].as_object().unwrap() {
        let examples = message["examples"].as_array().unwrap();
        if examples.is_empty() {
            wrong.push(format!("{key} has no example"));
        }
        for example in examples {
            held += 1;
            wrong.extend(faults(&document, key, &example["payload"]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(held >= 25, "{held} examples");
}

#[test]
fn a_message_that_is_not_as_the_document_says_is_found_out() {
    let document = api::asyncapi();
    let mut message = document["components"]["messages"]["alert"]["examples"][0]["payload"].clone();
    assert_eq!(faults(&document, "alert", &message), Vec::<String>::new());
    message["data"]["titulo"] = json!(7);
    assert_eq!(faults(&document, "alert", &message).len(), 2, "the whole and its data");
    message["data"]["titulo"] = json!("T");
    message["data"]["sorpresa"] = json!(true);
    assert_eq!(faults(&document, "alert", &message).len(), 1);
}

/// Reads until `last` has come, and holds each message against the document.
async fn reads_until(screen: &mut Screen, last: &str, seen: &mut BTreeSet<String>) {
    let document = api::asyncapi();
    loop {
        let Seen::Message(message) = screen.hears().await else { panic!("the socket ended before {last}") };
        let kind = message["event_type"].as_str().unwrap().to_owned();
        assert_eq!(faults(&document, &kind, &message), Vec::<String>::new(), "{message}");
        let is_last = kind == last;
        seen.insert(kind);
        if is_last {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_an_office_tells_is_as_the_document_says() {
    let heartbeat = Duration::from_secs(1);
    let settings = HubSettings { heartbeat, ..HubSettings::default() };
    let office = Office::open_with(On::Sqlite, |values| values.hub = Hub::new(settings)).await;
    let administrator = office.administrator().await;
    let officer = office.officer_at(-34.6, -58.38).await;
    let (user, number) = (administrator.user.unwrap().0, officer.officer.unwrap().0);
    let mut seen = BTreeSet::new();
    let nowhere = "desde=00000000-0000-0000-0000-000000000001:7";
    let mut screen = administrator.opens_a_screen(nowhere).await;
    reads_until(&mut screen, "system_status", &mut seen).await;

    let task = json!({ "codigo": "DOC-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-25T12:00:00Z", "delegado_usuario_id": user });
    let id = administrator.posts("/api/v1/tasks/", task).await.ok()["id"].clone();
    let path = format!("/api/v1/tasks/{id}");
    for change in [
        json!({ "efectivos_asignados": [number] }),
        json!({ "estado": "en_curso" }),
        json!({ "titulo": "Recorrer el puerto" }),
        json!({ "estado": "finalizada" }),
    ] {
        administrator.puts(&path, change).await.ok();
    }
    administrator.deletes(&path).await.ok();
    office.clock.advance(TimeDelta::minutes(1));
    let place = json!({ "lat": -34.61, "lng": -58.39, "precision_m": 8.0 });
    officer.posts(&format!("/api/v1/efectivos/{number}/posicion"), place).await.ok();
    reads_until(&mut screen, "efectivo_location_update", &mut seen).await;
    let call = json!({ "telegram_id": 0, "lat": -34.6, "lng": -58.38, "descripcion": "Choque" });
    let emergency = administrator.posts("/api/v1/tasks/emergency", call).await.ok();
    reads_until(&mut screen, "alert", &mut seen).await;
    administrator.posts(&format!("/api/v1/tasks/{}/tomar", emergency["task_id"]), json!({})).await.ok();
    reads_until(&mut screen, "alert_taken", &mut seen).await;
    let own = officer.gets("/api/v1/asignaciones/mias").await.ok();
    let declined = json!({ "estado": "rechazada", "motivo": "Sin vehículo" });
    officer.posts(&format!("/api/v1/asignaciones/{}/pasos", own[0]["id"]), declined).await.ok();
    reads_until(&mut screen, "dispatch_escalated", &mut seen).await;
    let user = officer.user.unwrap();
    administrator.puts(&format!("/api/v1/users/{user}"), json!({ "telefono": "+54 11 5555 0000" })).await.ok();
    reads_until(&mut screen, "user_activity", &mut seen).await;
    let announcement = json!({ "group": "general", "message": "Cambio de turno", "type": "info" });
    administrator.posts("/api/v1/admin/telegram/send", announcement).await.ok();
    reads_until(&mut screen, "notification", &mut seen).await;
    let again = office.signs_in_again(&administrator).await;
    for (said, answered) in [
        (json!({ "event_type": "subscribe", "data": { "events": ["tareas"] } }), "notification"),
        (json!({ "event_type": "authenticate", "data": { "token": again.token() } }), "notification"),
        (json!({ "event_type": "dashboard_update" }), "dashboard_update"),
        (json!({ "event_type": "metrics_update" }), "metrics_update"),
        (json!({ "event_type": "baila" }), "error"),
    ] {
        screen.says(said).await;
        reads_until(&mut screen, answered, &mut seen).await;
    }
    reads_until(&mut screen, "ping", &mut seen).await;

    let document = api::asyncapi();
    let operation = document["operations"]["hear"]["messages"].as_array().unwrap();
    let promised: BTreeSet<String> =
        operation.iter().map(|one| one["$ref"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()).collect();
    assert_eq!(seen, promised, "each promised message was sent, and no other");
    office.closes().await;
}
