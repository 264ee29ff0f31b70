//! Reports of where officers are: batches, late and wrong ones, and which one is the newest.

use chrono::{SecondsFormat, TimeDelta};
use domain::Clock;
use serde_json::{Value, json};

use crate::conversations;
use crate::office::{Office, logged};
use crate::person::Person;

conversations! {
    a_wrong_element_of_a_batch_is_named_and_the_others_are_stored,
    a_body_without_a_list_is_refused_as_a_whole,
    a_repeated_batch_counts_what_was_there_already,
    an_officer_reports_for_oneself_and_learns_what_was_refused,
    a_phone_that_was_out_of_reach_for_days_keeps_its_track,
    a_report_from_the_future_does_not_hide_the_true_place,
    a_late_report_reaches_no_consumer_as_the_place,
    a_place_that_cannot_be_is_held_back_until_it_is_confirmed,
    an_officer_whose_only_report_is_0_0_is_excluded_with_that_reason,
    a_clock_that_is_steadily_wrong_is_reported,
    an_officer_who_was_deleted_reports_nothing,
}

const BATCH: &str = "/api/v1/posiciones";
/// In place of the number of the officer whose other reports are good.
const OWN: i64 = 0;

fn ago(office: &Office, seconds: i64) -> String {
    (office.clock.now() - TimeDelta::seconds(seconds)).to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn at(officer: i64, lat: f64, measured: &str) -> Value {
    json!({ "efectivo_id": officer, "lat": lat, "lng": -58.4, "medida_en": measured })
}

async fn sends(person: &Person, reports: Vec<Value>) -> Value {
    person.posts(BATCH, json!({ "posiciones": reports })).await.ok()
}

async fn place(supervisor: &Person, officer: i64) -> Option<f64> {
    let all = supervisor.gets("/api/v1/geo/efectivos.geojson?bbox=-180,-90,180,90").await.ok();
    let features = all["features"].as_array().unwrap();
    let found = features.iter().find(|feature| feature["id"] == officer)?;
    found["geometry"]["coordinates"][1].as_f64()
}

async fn a_wrong_element_of_a_batch_is_named_and_the_others_are_stored(office: &Office) {
    let supervisor = office.supervisor().await;
    let gone = office.officer_at(-34.6, -58.4).await.officer.unwrap();
    office.administrator().await.deletes(&format!("/api/v1/efectivos/{gone}")).await;
    let now = ago(office, 0);
    let (ahead, ancient) = (ago(office, -180), ago(office, 91 * 86_400));
    let with = |change: Value| {
        let mut element = at(OWN, -34.6, &now);
        element.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        element
    };
    let bad: Vec<(Value, &str, Value)> = vec![
        (with(json!({ "medida_en": ahead })), "medida_futura", json!("medida_en")),
        (with(json!({ "medida_en": ancient })), "medida_antigua", json!("medida_en")),
        (with(json!({ "medida_en": "ayer" })), "formato_invalido", json!("medida_en")),
        (with(json!({ "efectivo_id": 999_999 })), "efectivo_desconocido", json!("efectivo_id")),
        (with(json!({ "efectivo_id": gone.0 })), "efectivo_desconocido", json!("efectivo_id")),
        (with(json!({ "efectivo_id": "x" })), "formato_invalido", json!("efectivo_id")),
        (with(json!({ "lat": 95 })), "fuera_de_rango", json!("lat")),
        (with(json!({ "lng": "-58" })), "formato_invalido", json!("lng")),
        (with(json!({ "lat": null })), "formato_invalido", json!("lat")),
        (with(json!({ "precision_m": -1 })), "fuera_de_rango", json!("precision_m")),
        (json!({ "efectivo_id": OWN, "lng": 0 }), "formato_invalido", json!("lat")),
        (json!(7), "formato_invalido", Value::Null),
        (Value::Null, "formato_invalido", Value::Null),
    ];
    for (element, code, field) in &bad {
        let id = office.makes_officer(office.bare_member().await).await.0;
        for index in [0, 2, 4] {
            let mut reports: Vec<Value> =
                (0..4).map(|n| at(id, -34.6, &ago(office, 600 - 10 * (index * 4 + n)))).collect();
            let mut element = element.clone();
            if element["efectivo_id"] == OWN {
                element["efectivo_id"] = json!(id);
            }
            reports.insert(usize::try_from(index).unwrap(), element.clone());
            let told = sends(&supervisor, reports).await;
            assert_eq!((&told["recibidas"], &told["guardadas"]), (&json!(4), &json!(4)), "{element}: {told}");
            let refused = told["rechazadas"].as_array().unwrap();
            let wanted = json!([index, code, field]);
            assert_eq!(json!([refused[0]["indice"], refused[0]["codigo"], refused[0]["campo"]]), wanted, "{element}");
            assert!(refused.len() == 1 && !refused[0]["texto"].as_str().unwrap().is_empty());
        }
    }
    let all_bad = sends(&supervisor, bad.into_iter().map(|(element, ..)| element).collect()).await;
    assert_eq!((&all_bad["recibidas"], all_bad["rechazadas"].as_array().unwrap().len()), (&json!(0), 13));
}

async fn a_body_without_a_list_is_refused_as_a_whole(office: &Office) {
    let supervisor = office.supervisor().await;
    let many = vec![at(1, -34.6, "2025-01-01T00:00:00Z"); 1001];
    for body in
        [json!({}), json!([]), json!({ "posiciones": 7 }), json!({ "posiciones": [] }), json!({ "posiciones": many })]
    {
        assert_eq!(supervisor.posts(BATCH, body).await.status, 422);
    }
    let request = supervisor.request(reqwest::Method::POST, BATCH).header("content-type", "application/json");
    assert_eq!(supervisor.sends(request.body("{\"posiciones\": [{]}")).await.status, 422);
    // What some programs write for a number that is none spoils one element only.
    let id = office.makes_officer(office.bare_member().await).await.0;
    let body = format!(
        r#"{{"posiciones": [{{"efectivo_id": {id}, "lat": NaN, "lng": 1}}, {{"efectivo_id": {id}, "lat": 1, "lng": 1e999}},
        {{"efectivo_id": {id}, "lat": 1, "lng": 1}}]}}"#
    );
    let request = supervisor.request(reqwest::Method::POST, BATCH).header("content-type", "application/json");
    let told = supervisor.sends(request.body(body)).await.ok();
    let refused: Vec<&Value> = told["rechazadas"].as_array().unwrap().iter().map(|one| &one["indice"]).collect();
    assert_eq!((refused, &told["guardadas"]), (vec![&json!(0), &json!(1)], &json!(1)));
}

async fn a_repeated_batch_counts_what_was_there_already(office: &Office) {
    let supervisor = office.supervisor().await;
    let id = office.makes_officer(office.bare_member().await).await.0;
    let batch: Vec<Value> = (0..3).map(|n| at(id, -34.6, &ago(office, 30 - n))).collect();
    let first = sends(&supervisor, batch.clone()).await;
    assert_eq!(json!([first["recibidas"], first["guardadas"], first["duplicadas"]]), json!([3, 3, 0]));
    let events = logged(office).await.len();
    let mut again = batch;
    again.push(at(id, -34.6, &ago(office, 100)));
    let second = sends(&supervisor, again).await;
    assert_eq!(json!([second["recibidas"], second["guardadas"], second["duplicadas"]]), json!([4, 1, 3]));
    assert_eq!(logged(office).await.len(), events, "nothing moved");
}

async fn an_officer_reports_for_oneself_and_learns_what_was_refused(office: &Office) {
    let (own, other) = (office.officer_at(-34.6, -58.4).await, office.officer_at(-34.6, -58.4).await);
    office.clock.advance(TimeDelta::minutes(1));
    let (id, other_id) = (own.officer.unwrap().0, other.officer.unwrap().0);
    let told = sends(&own, vec![at(other_id, -34.61, &ago(office, 0)), at(id, -34.61, &ago(office, 0))]).await;
    assert_eq!(json!([told["recibidas"], told["rechazadas"][0]["codigo"]]), json!([1, "sin_permiso"]));
    let supervisor = office.supervisor().await;
    assert_eq!((place(&supervisor, id).await, place(&supervisor, other_id).await), (Some(-34.61), Some(-34.6)));
    let refused = own.posts(BATCH, json!({ "posiciones": [at(other_id, -34.61, &ago(office, 0))] })).await;
    assert_eq!(refused.status, 403);
}

async fn a_phone_that_was_out_of_reach_for_days_keeps_its_track(office: &Office) {
    let supervisor = office.supervisor().await;
    let officer = office.officer_at(-34.6, -58.4).await;
    let id = officer.officer.unwrap().0;
    let days: Vec<Value> = (1..=30).map(|day| at(id, -34.5, &ago(office, day * 86_400 + 3_600))).collect();
    let told = sends(&officer, days).await;
    assert_eq!(json!([told["guardadas"], told["rechazadas"]]), json!([30, []]));
    let path = format!("/api/v1/efectivos/{id}");
    let old = json!({ "lat": -34.5, "lng": -58.4, "medida_en": ago(office, 40 * 86_400) });
    assert_eq!(officer.posts(&format!("{path}/posicion"), old).await.ok()["guardadas"], 1);
    assert_eq!(place(&supervisor, id).await, Some(-34.6), "the place is the one of now");
    let since = ago(office, 50 * 86_400);
    let track = supervisor.gets(&format!("{path}/posiciones?desde={since}")).await.ok();
    assert_eq!(track.as_array().unwrap().len(), 32);
    // Who has no place gets none of days ago.
    let new = office.makes_officer(office.bare_member().await).await.0;
    sends(&supervisor, vec![at(new, -34.5, &ago(office, 25 * 3_600))]).await;
    assert_eq!(place(&supervisor, new).await, None);
}

async fn a_report_from_the_future_does_not_hide_the_true_place(office: &Office) {
    let supervisor = office.supervisor().await;
    let id = office.makes_officer(office.bare_member().await).await.0;
    let ahead = sends(&supervisor, vec![at(id, -34.6, &ago(office, -115))]).await;
    assert_eq!(json!([ahead["guardadas"], ahead["ajustadas"]]), json!([1, 1]));
    office.clock.advance(TimeDelta::seconds(10));
    sends(&supervisor, vec![at(id, -34.61, &ago(office, 0))]).await;
    assert_eq!(place(&supervisor, id).await, Some(-34.61));
}

async fn a_late_report_reaches_no_consumer_as_the_place(office: &Office) {
    let supervisor = office.supervisor().await;
    let id = office.makes_officer(office.bare_member().await).await;
    logged(office).await;
    let mut first = supervisor.opens_a_screen("").await;
    first.reads_a("connection_ack").await;
    let start = first.cut();
    let path = format!("/api/v1/efectivos/{id}/posicion");
    supervisor.posts(&path, json!({ "lat": 1, "lng": 1 })).await.ok();
    supervisor.posts(&path, json!({ "lat": 2, "lng": 1, "medida_en": ago(office, 3 * 3_600) })).await.ok();
    // Two writers that did not see each other, or an older program, may leave both in the log.
    let now = office.clock.now();
    let late = domain::Position {
        officer: id,
        point: domain::Point::new(3.0, 1.0).unwrap(),
        accuracy_m: None,
        measured_at: now - TimeDelta::hours(2),
        received_at: now,
        reported_by: None,
    };
    let mut tx = office.cx.store.write().await.unwrap();
    let event = domain::Event::PositionsReported { positions: vec![late] };
    tx.outbox().push(&[(uuid::Uuid::new_v4(), event)], now, None).await.unwrap();
    tx.commit().await.unwrap();
    logged(office).await;
    let mut second = supervisor.opens_a_screen(&format!("desde={start}")).await;
    second.reads_a("connection_ack").await;
    assert_eq!(second.reads_a("efectivo_location_update").await["efectivo_data"]["lat"], 1.0);
    assert_eq!(place(&supervisor, id.0).await, Some(1.0));
    let near = supervisor.gets("/api/v1/efectivos/cercanos?lat=1&lng=1").await.ok();
    assert_eq!(near["candidatos"][0]["distance_m"], 0.0);
    let map = supervisor.gets("/api/v1/geo/map/view?center_lat=1&center_lng=1&radius_m=1000").await.ok();
    assert_eq!(map["usuarios"][0]["lat"], 1.0);
}

async fn a_place_that_cannot_be_is_held_back_until_it_is_confirmed(office: &Office) {
    let supervisor = office.supervisor().await;
    let officer = office.officer_at(-34.6, -58.4).await;
    let id = officer.officer.unwrap().0;
    let path = format!("/api/v1/efectivos/{id}");
    for (lat, lng, code) in [(0.0, 0.0, "coordenadas_nulas"), (40.0, -3.7, "velocidad_imposible")] {
        office.clock.advance(TimeDelta::seconds(30));
        let told = officer.posts(&format!("{path}/posicion"), json!({ "lat": lat, "lng": lng })).await.ok();
        assert_eq!(json!([told["recibidas"], told["retenidas"][0]["codigo"]]), json!([1, code]));
        assert_eq!(place(&supervisor, id).await, Some(-34.6), "{code}");
        assert_eq!(supervisor.gets(&path).await.ok()["posicion_dudosa"], code);
    }
    let near = supervisor.gets("/api/v1/efectivos/cercanos?lat=-34.6&lng=-58.4").await.ok();
    assert_eq!(
        json!([near["candidatos"][0]["efectivo_id"], near["candidatos"][0]["posicion_dudosa"]]),
        json!([id, "velocidad_imposible"])
    );
    let track = supervisor.gets(&format!("{path}/posiciones")).await.ok();
    let doubts: Vec<&Value> = track.as_array().unwrap().iter().map(|point| &point["dudosa"]).collect();
    assert_eq!(doubts, [&Value::Null, &json!("coordenadas_nulas"), &json!("velocidad_imposible")]);
    office.clock.advance(TimeDelta::minutes(16));
    let near = supervisor.gets("/api/v1/efectivos/cercanos?lat=-34.6&lng=-58.4").await.ok();
    assert_eq!(near["excluidos"][0]["motivo"], "posicion_dudosa");
    // The officer did fly, or the first place was the wrong one.
    let told = officer.posts(&format!("{path}/posicion"), json!({ "lat": 40.001, "lng": -3.7 })).await.ok();
    assert_eq!(told["retenidas"], json!([]));
    assert_eq!(place(&supervisor, id).await, Some(40.001));
    assert_eq!(supervisor.gets(&path).await.ok()["posicion_dudosa"], Value::Null);
}

async fn an_officer_whose_only_report_is_0_0_is_excluded_with_that_reason(office: &Office) {
    let supervisor = office.supervisor().await;
    let id = office.makes_officer(office.bare_member().await).await;
    supervisor.posts(&format!("/api/v1/efectivos/{id}/posicion"), json!({ "lat": 0, "lng": 0 })).await.ok();
    let near = supervisor.gets("/api/v1/efectivos/cercanos?lat=0&lng=0").await.ok();
    assert_eq!(json!([near["candidatos"], near["sin_posicion"][0]["motivo"]]), json!([[], "posicion_dudosa"]));
}

async fn a_clock_that_is_steadily_wrong_is_reported(office: &Office) {
    let supervisor = office.supervisor().await;
    let officer = office.officer_at(-34.6, -58.4).await;
    let id = officer.officer.unwrap().0;
    let path = format!("/api/v1/efectivos/{id}");
    office.clock.advance(TimeDelta::minutes(25));
    let events = logged(office).await.len();
    let mut told = Value::Null;
    for _ in 0..4 {
        office.clock.advance(TimeDelta::seconds(20));
        let here = json!({ "lat": -34.6, "lng": -58.4, "medida_en": ago(office, 1_200) });
        told = officer.posts(&format!("{path}/posicion"), here).await.ok();
    }
    assert_eq!(json!([told["relojes"][0]["efectivo_id"], told["relojes"][0]["desfase_s"]]), json!([id, -1200]));
    let known = supervisor.gets(&path).await;
    assert_eq!(known.body["desfase_reloj_s"], -1200);
    let near = supervisor.gets("/api/v1/efectivos/cercanos?lat=-34.6&lng=-58.4").await.ok();
    let excluded = &near["excluidos"][0];
    assert_eq!(json!([excluded["motivo"], excluded["desfase_reloj_s"]]), json!(["posicion_antigua", -1200]));
    let is_told = |logged: &domain::event::Logged| matches!(&logged.event, domain::Event::OfficerChanged { changed, .. } if changed == &["desfase_reloj_s"]);
    assert_eq!(logged(office).await[events..].iter().filter(|logged| is_told(logged)).count(), 1);
    // A clock far ahead has all reports refused, and is known by them all the same.
    for _ in 0..4 {
        office.clock.advance(TimeDelta::seconds(20));
        told = sends(&officer, vec![at(id, -34.6, &ago(office, -600))]).await;
    }
    assert_eq!(json!([told["recibidas"], told["relojes"][0]["desfase_s"]]), json!([0, 600]));
    // Set right; a copy that a browser has of before is not current.
    let tag = known.header("etag").to_owned();
    sends(&officer, vec![at(id, -34.6, &ago(office, 0))]).await;
    let request = supervisor.request(reqwest::Method::GET, &path).header("if-none-match", tag);
    assert_eq!(supervisor.sends(request).await.ok()["desfase_reloj_s"], Value::Null);
}

async fn an_officer_who_was_deleted_reports_nothing(office: &Office) {
    let (supervisor, administrator) = (office.supervisor().await, office.administrator().await);
    let id = office.officer_at(-34.6, -58.4).await.officer.unwrap();
    administrator.deletes(&format!("/api/v1/efectivos/{id}")).await;
    let events = logged(office).await.len();
    let here = json!({ "lat": -34.6, "lng": -58.4 });
    let told = |id: i64| {
        let (supervisor, here) = (&supervisor, here.clone());
        async move { supervisor.posts(&format!("/api/v1/efectivos/{id}/posicion"), here).await.status }
    };
    assert_eq!((told(id.0).await, told(999_999).await), (404, 404));
    assert_eq!(logged(office).await.len(), events);
}
