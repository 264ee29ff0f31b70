//! An office that is larger than every cap: each answer shows all of it, or can be continued.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::{Clock, Point, Position};
use serde_json::{Value, json};

use crate::conversations;
use crate::office::{Office, bare_officer, bare_user};
use crate::person::Person;

conversations! {
    maps_and_lists_of_officers_are_read_to_their_end,
    maps_and_lists_of_tasks_are_read_to_their_end,
    a_long_track_is_thinned_over_its_whole_span_and_read_to_its_end,
}

/// More than any answer holds.
const OFFICERS: usize = 545;
const TASKS: usize = 545;
const POINTS: i64 = 10_045;

/// Officers on one spot, and nothing else, in one transaction.
async fn hires(office: &Office) -> BTreeSet<i64> {
    let now = office.clock.now();
    let mut ids = BTreeSet::new();
    let mut tx = office.cx.store.write().await.unwrap();
    for n in 0..OFFICERS {
        let user = tx.users().insert(&bare_user(now), None).await.unwrap().id;
        let officer = bare_officer(user, format!("CAP-{n}"), now);
        ids.insert(tx.officers().insert(&officer).await.unwrap().id.0);
    }
    let point = Point::new(-34.6, -58.4).unwrap();
    let position = |id: &i64| Position {
        officer: domain::OfficerId(*id),
        point,
        accuracy_m: None,
        measured_at: now,
        received_at: now,
        reported_by: None,
    };
    tx.positions().record(&ids.iter().map(position).collect::<Vec<_>>()).await.unwrap();
    tx.commit().await.unwrap();
    ids
}

/// Reads parts until one says that there are no more.
async fn parts(person: &Person, path: &str, list: &str, id: &str) -> (Vec<i64>, usize) {
    let (mut ids, mut count, mut cursor) = (Vec::new(), 0, String::new());
    loop {
        let part = person.gets(&format!("{path}{cursor}")).await.ok();
        ids.extend(part[list].as_array().unwrap().iter().map(|one| one[id].as_i64().unwrap()));
        count += 1;
        assert_eq!(part["truncado"], !part["siguiente"].is_null(), "{path}");
        match part["siguiente"].as_i64() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return (ids, count),
        }
    }
}

/// The same of a list whose header names the next page.
async fn pages(person: &Person, path: &str) -> Vec<i64> {
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = person.gets(&format!("{path}&limit=500{cursor}")).await;
        let next = page.header("x-next-cursor").to_owned();
        ids.extend(page.ok().as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()));
        if next.is_empty() {
            return ids;
        }
        cursor = format!("&cursor={next}");
    }
}

fn each_once(found: Vec<i64>, wanted: &BTreeSet<i64>, what: &str) {
    let set: BTreeSet<i64> = found.iter().copied().collect();
    assert_eq!((found.len(), &set), (wanted.len(), wanted), "{what}");
}

async fn maps_and_lists_of_officers_are_read_to_their_end(office: &Office) {
    let (supervisor, administrator) = (office.supervisor().await, office.administrator().await);
    let wanted = hires(office).await;
    let features = "/api/v1/geo/efectivos.geojson?bbox=-180,-90,180,90";
    each_once(parts(&supervisor, features, "features", "id").await.0, &wanted, features);
    let view = "/api/v1/geo/map/view?center_lat=-34.6&center_lng=-58.4&radius_m=1000";
    let (seen, count) = parts(&supervisor, view, "usuarios", "efectivo_id").await;
    each_once(seen, &wanted, view);
    assert_eq!(count, 2);
    each_once(pages(&supervisor, "/api/v1/efectivos?skip=0").await, &wanted, "efectivos");
    for list in ["/api/v1/users/?skip=0", "/api/v1/usuarios?skip=0"] {
        assert_eq!(pages(&supervisor, list).await.len(), OFFICERS + 2, "{list}");
    }
    // All are passed over: 50 are named, and that there are more.
    office.clock.advance(TimeDelta::minutes(20));
    let near = supervisor.gets("/api/v1/efectivos/cercanos?lat=-34.6&lng=-58.4").await.ok();
    assert_eq!((near["excluidos"].as_array().unwrap().len(), &near["truncado"]), (50, &json!(true)));
    let lines = pages(&administrator, "/api/v1/audit?skip=0").await;
    assert!(lines.windows(2).all(|two| two[0] > two[1]), "newest first, each once");
}

async fn maps_and_lists_of_tasks_are_read_to_their_end(office: &Office) {
    let supervisor = office.supervisor().await;
    let mut wanted = BTreeSet::new();
    let now = office.clock.now();
    let mut tx = office.cx.store.write().await.unwrap();
    for n in 0..TASKS {
        let task = domain::task::NewTask {
            uuid: uuid::Uuid::new_v4(),
            code: domain::TaskCode::stored(format!("CAP-{n}")),
            title: domain::task::Title::try_from("Recorrer la plaza".to_owned()).unwrap(),
            description: None,
            kind: domain::TaskKind::Patrol,
            priority: domain::Priority::Medium,
            scheduled_start: now,
            scheduled_end: None,
            delegate: supervisor.user.unwrap(),
            creator: supervisor.user.unwrap(),
            location: Some(Point::new(-34.6, -58.4).unwrap()),
            location_description: None,
            awaits_officer: true,
            emergency: true,
            dispatch_from: None,
            extra: domain::JsonObject::new(),
            created_at: now,
        };
        wanted.insert(tx.tasks().insert(&task).await.unwrap().id.0);
    }
    tx.commit().await.unwrap();
    for area in ["bbox=-180,-90,180,90", "lat=-34.6&lng=-58.4&radio_m=1000"] {
        let path = format!("/api/v1/geo/tareas.geojson?{area}");
        each_once(parts(&supervisor, &path, "features", "id").await.0, &wanted, &path);
    }
    let view = "/api/v1/geo/map/view?center_lat=-34.6&center_lng=-58.4&radius_m=1000";
    each_once(parts(&supervisor, view, "tareas", "tarea_id").await.0, &wanted, view);
    each_once(pages(&supervisor, "/api/v1/tasks/?skip=0").await, &wanted, "tasks");
    let alerts = supervisor.gets("/api/v1/alertas").await.ok();
    assert_eq!(alerts["alertas"].as_array().unwrap().len(), TASKS, "all that wait for an officer");
}

async fn a_long_track_is_thinned_over_its_whole_span_and_read_to_its_end(office: &Office) {
    let supervisor = office.supervisor().await;
    let id = office.makes_officer(office.bare_member().await).await;
    let now = office.clock.now();
    let position = |second: i64| Position {
        officer: id,
        point: Point::new(-34.6, -58.4).unwrap(),
        accuracy_m: None,
        measured_at: now - TimeDelta::seconds(POINTS - second),
        received_at: now,
        reported_by: None,
    };
    let all: Vec<Position> = (0..POINTS).map(position).collect();
    let mut tx = office.cx.store.write().await.unwrap();
    tx.positions().record(&all).await.unwrap();
    tx.commit().await.unwrap();
    let path = format!("/api/v1/efectivos/{id}/posiciones");
    let thinned = supervisor.gets(&path).await;
    let total = thinned.header("x-total-count").to_owned();
    let times = |track: &Value| -> Vec<chrono::DateTime<chrono::Utc>> {
        track.as_array().unwrap().iter().map(|at| at["medida_en"].as_str().unwrap().parse().unwrap()).collect()
    };
    let shown = times(&thinned.ok());
    assert_eq!((total, shown.len()), (POINTS.to_string(), 5_023));
    assert_eq!(shown.last(), all.last().map(|last| &last.measured_at), "the newest is there");
    assert!(shown[0] - all[0].measured_at < TimeDelta::seconds(3), "and the beginning");
    let newest = supervisor.gets(&format!("{path}?completo=true")).await;
    let next = newest.header("x-next-cursor").to_owned();
    let newest = times(&newest.ok());
    assert_eq!((newest.len(), newest.last()), (10_000, all.last().map(|last| &last.measured_at)));
    let from = all[0].measured_at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let rest = supervisor.gets(&format!("{path}?completo=true&desde={from}&hasta={next}")).await;
    assert_eq!(rest.header("x-next-cursor"), "");
    let whole: Vec<_> = times(&rest.ok()).into_iter().chain(newest).collect();
    assert!(whole.iter().eq(all.iter().map(|position| &position.measured_at)), "{} reports", whole.len());
}
