//! What maps show, and where officers have been.

use domain::Level;
use serde_json::{Value, json};

use crate::conversations;
use crate::office::Office;
use crate::person::Person;

conversations! {
    a_map_shows_what_is_near_nearest_first,
    a_map_says_when_it_shows_less_than_there_is,
    features_come_by_box_and_by_circle,
    a_track_is_the_officers_own_and_of_supervisors,
    officers_are_sent_several_at_once_or_not_at_all,
    pages_follow_each_other_without_gap,
    words_are_found_without_their_accents,
}

async fn makes(person: &Person, code: &str, more: Value) -> Value {
    let me = person.user.unwrap().0;
    let mut body = json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": me });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    person.posts("/api/v1/tasks/", body).await.ok()
}

const VIEW: &str = "/api/v1/geo/map/view?center_lat=-34.6&center_lng=-58.4&radius_m=5000";

async fn a_map_shows_what_is_near_nearest_first(office: &Office) {
    let supervisor = office.supervisor().await;
    let far = office.officer_at(-34.62, -58.4).await;
    let near = office.officer_at(-34.601, -58.4).await;
    office.officer_at(-35.6, -58.4).await;
    let place = json!({ "ubicacion_lat": -34.61, "ubicacion_lon": -58.4, "prioridad": 5 });
    let task = makes(&supervisor, "MAP-1", place).await;
    let map = supervisor.gets(VIEW).await.ok();
    let officers: Vec<_> = map["usuarios"].as_array().unwrap().iter().map(|pin| pin["efectivo_id"].clone()).collect();
    assert_eq!(officers, [json!(near.officer.unwrap().0), json!(far.officer.unwrap().0)]);
    let pin = &map["tareas"][0];
    let seen = json!([pin["entity_id"], pin["priority"], pin["lat"], pin["lng"], pin["distance_m"].is_i64()]);
    assert_eq!(seen, json!([task["uuid"], "CRITICA", -34.61, -58.4, true]));
    assert_eq!(map["truncado"], false);
    let sent = supervisor.gets(&VIEW.replace("/geo/map", "/geo/geo/map")).await;
    assert_eq!(sent.status, 308);
    let doubled = supervisor.gets(sent.header("location")).await.ok();
    assert_eq!(doubled, map);
    let own = near.gets(VIEW).await.ok();
    assert_eq!((own["usuarios"].as_array().unwrap().len(), &own["tareas"]), (1, &json!([])), "oneself and own tasks");
    for (bad, said) in [
        ("center_lat=-91&center_lng=0", "query.center_lat: must lie between -90 and 90"),
        ("center_lat=0&center_lng=0&radius_m=99", "query.radius_m: must lie between 100 and 100000"),
    ] {
        assert_eq!(supervisor.gets(&format!("/api/v1/geo/map/view?{bad}")).await.fields(), [said]);
    }
}

async fn a_map_says_when_it_shows_less_than_there_is(office: &Office) {
    let supervisor = office.supervisor().await;
    for _ in 0..501 {
        let officer = office.makes_officer(office.bare_member().await).await;
        office.stands(officer, -34.6, -58.4).await;
    }
    let map = supervisor.gets(VIEW).await.ok();
    assert_eq!((map["usuarios"].as_array().unwrap().len(), &map["truncado"]), (500, &json!(true)));
    let features = supervisor.gets("/api/v1/geo/efectivos.geojson?bbox=-59,-35,-58,-34").await.ok();
    assert_eq!((features["features"].as_array().unwrap().len(), &features["truncado"]), (500, &json!(true)));
}

async fn features_come_by_box_and_by_circle(office: &Office) {
    let supervisor = office.supervisor().await;
    let officer = office.officer_at(-34.6, -58.4).await;
    let task = makes(&supervisor, "GEO-1", json!({ "ubicacion_lat": -34.6, "ubicacion_lon": -58.4 })).await;
    let officers = supervisor.gets("/api/v1/geo/efectivos.geojson?bbox=-59,-35,-58,-34").await;
    assert_eq!(officers.header("content-type"), "application/geo+json");
    let officers = officers.ok();
    assert_eq!((&officers["type"], &officers["truncado"]), (&json!("FeatureCollection"), &json!(false)));
    let feature = &officers["features"][0];
    assert_eq!(feature["geometry"], json!({ "type": "Point", "coordinates": [-58.4, -34.6] }));
    assert_eq!(feature["id"], officer.officer.unwrap().0);
    for area in ["bbox=-59,-35,-58,-34", "lat=-34.6&lng=-58.4&radio_m=100"] {
        let tasks = supervisor.gets(&format!("/api/v1/geo/tareas.geojson?{area}")).await.ok();
        assert_eq!(tasks["features"][0]["properties"]["codigo"], task["codigo"], "{area}");
    }
    let elsewhere = supervisor.gets("/api/v1/geo/tareas.geojson?bbox=170,-35,-170,-34").await.ok();
    assert_eq!(elsewhere["features"], json!([]));
    for bad in ["bbox=1,2,3", "bbox=0,10,1,5", "lat=1", "lat=1&lng=1&radio_m=0"] {
        assert_eq!(supervisor.gets(&format!("/api/v1/geo/tareas.geojson?{bad}")).await.status, 422, "{bad}");
    }
}

async fn a_track_is_the_officers_own_and_of_supervisors(office: &Office) {
    let (supervisor, officer) = (office.supervisor().await, office.officer_at(-34.6, -58.4).await);
    let id = officer.officer.unwrap();
    for minute in 1..=3 {
        office.clock.advance(chrono::TimeDelta::minutes(1));
        let here = json!({ "lat": -34.6, "lng": -58.4 - f64::from(minute) });
        officer.posts(&format!("/api/v1/efectivos/{id}/posicion"), here).await.ok();
    }
    let path = format!("/api/v1/efectivos/{id}/posiciones");
    let track = officer.gets(&path).await.ok();
    let places: Vec<f64> = track.as_array().unwrap().iter().map(|at| at["lng"].as_f64().unwrap()).collect();
    assert_eq!(places, [-58.4, -59.4, -60.4, -61.4], "oldest first");
    assert_eq!(supervisor.gets(&path).await.ok(), track);
    let part = supervisor.gets(&format!("{path}?desde=2025-10-09T08:55:00Z")).await.ok();
    assert_eq!(part.as_array().unwrap().len(), 2);
    let other = office.user(Level::Officer).await;
    assert_eq!(other.gets(&path).await.refusal(), "403 The user doesn't have enough privileges");
}

async fn officers_are_sent_several_at_once_or_not_at_all(office: &Office) {
    let supervisor = office.supervisor().await;
    let (one, two) = (office.officer_at(-34.6, -58.4).await, office.officer_at(-34.6, -58.4).await);
    let ids = [one.officer.unwrap().0, two.officer.unwrap().0];
    let task = makes(&supervisor, "ASI-1", json!({})).await;
    let path = format!("/api/v1/tasks/{}", task["id"]);
    let unknown = json!({ "efectivos": [ids[0], 999_999] });
    let refused = supervisor.posts(&format!("{path}/asignaciones"), unknown).await;
    assert!((400..500).contains(&refused.status), "{refused:?}");
    assert_eq!(supervisor.gets(&path).await.ok()["efectivos_asignados"], json!([]));
    let both = json!({ "efectivos": ids });
    supervisor.posts(&format!("{path}/asignaciones"), both).await.ok();
    assert_eq!(supervisor.gets(&path).await.ok()["efectivos_asignados"], json!(ids));
    let off = json!({ "efectivos": [ids[0]], "quitar": true });
    let left = supervisor.posts(&format!("{path}/asignaciones"), off).await.ok();
    assert_eq!(left["efectivos_asignados"], json!([ids[1]]));
}

async fn pages_follow_each_other_without_gap(office: &Office) {
    let supervisor = office.supervisor().await;
    let mut made = Vec::new();
    for n in 0..5 {
        made.push(makes(&supervisor, &format!("PAG-{n}"), json!({})).await["id"].clone());
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = supervisor.gets(&format!("/api/v1/tasks/?limit=2{cursor}")).await;
        let next = page.header("x-next-cursor").to_owned();
        seen.extend(page.ok().as_array().unwrap().iter().map(|task| task["id"].clone()));
        if next.is_empty() {
            break;
        }
        // What is made meanwhile shifts no page.
        if seen.len() == 2 {
            made.push(makes(&supervisor, "PAG-9", json!({})).await["id"].clone());
        }
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, made);
    let newest = supervisor.gets("/api/v1/tasks/?orden=desc&limit=4").await;
    let cursor = newest.header("x-next-cursor").to_owned();
    let older = supervisor.gets(&format!("/api/v1/tasks/?orden=desc&limit=4&cursor={cursor}")).await;
    assert_eq!(older.header("x-next-cursor"), "", "that was all");
    let pages = [newest.ok(), older.ok()];
    let backwards: Vec<_> = pages.iter().flat_map(|page| page.as_array().unwrap()).map(|task| &task["id"]).collect();
    assert_eq!(backwards, made.iter().rev().collect::<Vec<_>>());
    let skipped = supervisor.gets("/api/v1/tasks/?skip=4&limit=1").await.ok();
    assert_eq!(skipped[0]["id"], made[4]);
    for bad in ["limit=0", "limit=501", "skip=-1", "orden=azar"] {
        assert_eq!(supervisor.gets(&format!("/api/v1/tasks/?{bad}")).await.status, 422, "{bad}");
    }
}

async fn words_are_found_without_their_accents(office: &Office) {
    let supervisor = office.supervisor().await;
    makes(&supervisor, "BUS-1", json!({ "titulo": "Inspección en Ñuñoa", "descripcion": "Camión volcado" })).await;
    makes(&supervisor, "BUS-2", json!({ "titulo": "Vigilancia nocturna" })).await;
    for (words, found) in [
        ("inspeccion", json!(["BUS-1"])),
        ("INSPECCIÓN%20nunoa", json!(["BUS-1"])),
        ("camion", json!(["BUS-1"])),
        ("noct", json!(["BUS-2"])),
        ("bus", json!(["BUS-1", "BUS-2"])),
        ("inspeccion%20nocturna", json!([])),
        ("%22%27%25*:(", json!([])),
        ("", json!(["BUS-1", "BUS-2"])),
    ] {
        let tasks = supervisor.gets(&format!("/api/v1/tasks/?q={words}")).await.ok();
        let codes: Vec<_> = tasks.as_array().unwrap().iter().map(|task| task["codigo"].clone()).collect();
        assert_eq!(json!(codes), found, "{words}");
    }
}
