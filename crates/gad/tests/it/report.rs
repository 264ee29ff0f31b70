//! Figures over a period: who sees them, in which shapes, and what taking them away leaves behind.

use chrono::TimeDelta;
use domain::{Level, OfficerId, Priority, TaskKind};
use serde_json::{Value, json};

use crate::conversations;
use crate::office::Office;
use crate::person::Person;

conversations! {
    a_supervisor_reads_the_figures_of_a_day,
    work_is_counted_by_unit_and_by_officer,
    a_map_shows_where_tasks_were,
    a_workbook_and_a_table_are_taken_away_and_audited,
    a_picture_is_drawn_for_a_phone,
    a_wrong_period_is_explained,
    figures_are_not_for_officers,
}

/// The day on which the clock of an office begins.
const DAY: &str = "2025-10-09";

async fn makes(person: &Person, code: &str, more: Value) -> String {
    let me = person.user.unwrap().0;
    let mut task = json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "vigilancia", "prioridad": 4,
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": me });
    task.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    format!("/api/v1/tasks/{}", person.posts("/api/v1/tasks/", task).await.ok()["id"])
}

async fn becomes(person: &Person, task: &str, state: &str) {
    person.puts(task, json!({ "estado": state })).await.ok();
}

/// Begun after `wait` minutes, worked on for four, paused for two, and worked on for four more.
async fn goes(office: &Office, person: &Person, task: &str, wait: i64) {
    office.clock.advance(TimeDelta::minutes(wait));
    becomes(person, task, "en_curso").await;
    office.clock.advance(TimeDelta::minutes(4));
    becomes(person, task, "pausada").await;
    office.clock.advance(TimeDelta::minutes(2));
    becomes(person, task, "en_curso").await;
    office.clock.advance(TimeDelta::minutes(4));
    becomes(person, task, "finalizada").await;
}

async fn joins(person: &Person, officer: OfficerId, unit: &str) {
    person.puts(&format!("/api/v1/efectivos/{officer}"), json!({ "unidad": unit })).await.ok();
}

async fn sends(person: &Person, task: &str, officers: &[OfficerId]) {
    let ids: Vec<i64> = officers.iter().map(|officer| officer.0).collect();
    person.posts(&format!("{task}/asignaciones"), json!({ "efectivos": ids })).await.ok();
}

async fn a_supervisor_reads_the_figures_of_a_day(office: &Office) {
    let supervisor = office.supervisor().await;
    for (code, wait) in [("INF-1", 2), ("INF-2", 4)] {
        let task = makes(&supervisor, code, json!({})).await;
        goes(office, &supervisor, &task, wait).await;
    }
    // Closed without having been begun: it counts, and spoils no time.
    let task = makes(&supervisor, "INF-3", json!({ "tipo": "patrullaje", "prioridad": 1 })).await;
    becomes(&supervisor, &task, "finalizada").await;
    makes(&supervisor, "INF-4", json!({ "tipo": "intervencion", "prioridad": 5 })).await;

    let figures = supervisor.gets("/api/v1/reports/summary").await.ok();
    let scope = json!({ "desde": DAY, "hasta": DAY, "zona_horaria": "UTC", "unidad": null });
    assert_eq!(figures["alcance"], scope, "today, when no day is given");
    let states = json!({ "programada": 1, "en_curso": 0, "pausada": 0, "finalizada": 3, "cancelada": 0 });
    let response = json!({ "cantidad": 2, "media_s": 180.0, "p50_s": 180.0, "p90_s": 228.0, "p99_s": 238.8 });
    let resolution = json!({ "cantidad": 2, "media_s": 480.0, "p50_s": 480.0, "p90_s": 480.0, "p99_s": 480.0 });
    let all = json!({ "total": 4, "estados": states, "respuesta": response, "resolucion": resolution });
    assert_eq!(figures["cifras"], all);
    assert_eq!(figures["sin_inicio"], 1);
    let kinds = figures["tipos"].as_array().unwrap();
    let counts: Vec<u64> = kinds.iter().map(|kind| kind["cifras"]["total"].as_u64().unwrap()).collect();
    assert_eq!((kinds.len(), counts), (TaskKind::ALL.len(), vec![1, 0, 2, 1, 0, 0]));
    let urgent = &figures["prioridades"][1];
    assert_eq!(json!([urgent["prioridad"], urgent["cifras"]["total"]]), json!([4, 2]));
    assert_eq!(figures["prioridades"].as_array().unwrap().len(), Priority::ALL.len());
    assert_eq!(figures["dias"], json!([{ "fecha": DAY, "total": 4, "estados": states, "emergencias": 1 }]));
    // A Thursday; the office opens at 08:53.
    let hours = figures["horas"].as_array().unwrap();
    assert_eq!((hours.len(), &hours[3][8], &hours[3][9]), (7, &json!(1), &json!(3)));
    let emergencies = &figures["emergencias"];
    assert_eq!(json!([emergencies["total"], emergencies["sin_asignar"]]), json!([1, 1]));
    assert_eq!(emergencies["asignacion"]["p50_s"], Value::Null, "nothing to reckon it from");

    let tomorrow = supervisor.gets("/api/v1/reports/summary?desde=2025-10-10&hasta=2025-10-12").await.ok();
    assert_eq!(json!([tomorrow["cifras"]["total"], tomorrow["dias"][2]["fecha"]]), json!([0, "2025-10-12"]));
}

async fn work_is_counted_by_unit_and_by_officer(office: &Office) {
    let supervisor = office.supervisor().await;
    let (one, two, three) = (
        office.officer_at(-34.6, -58.4).await.officer.unwrap(),
        office.officer_at(-34.6, -58.4).await.officer.unwrap(),
        office.officer_at(-34.6, -58.4).await.officer.unwrap(),
    );
    joins(&supervisor, one, "Norte").await;
    joins(&supervisor, two, "Norte").await;
    for (code, crew) in [("UNI-1", &[one, two][..]), ("UNI-2", &[one, three]), ("UNI-3", &[])] {
        let task = makes(&supervisor, code, json!({})).await;
        if !crew.is_empty() {
            sends(&supervisor, &task, crew).await;
            goes(office, &supervisor, &task, 1).await;
        }
    }
    let work = supervisor.gets("/api/v1/reports/units").await.ok();
    assert_eq!(work["sin_asignar"], 1);
    let row = |unit: &Value| json!([unit["unidad"], unit["efectivos"], unit["cifras"]["total"], unit["horas"]]);
    let units: Vec<Value> = work["unidades"].as_array().unwrap().iter().map(row).collect();
    assert_eq!(json!(units), json!([["Norte", 2, 2, 0.4], [null, 1, 1, 480.0 / 3600.0]]));
    let row = |officer: &Value| json!([officer["efectivo_id"], officer["cifras"]["total"], officer["unidad"]]);
    let officers: Vec<Value> = work["efectivos"].as_array().unwrap().iter().map(row).collect();
    assert_eq!(json!(officers), json!([[one, 2, "Norte"], [two, 1, "Norte"], [three, 1, null]]));
    assert!(work["efectivos"][0]["nombre"].as_str().unwrap().starts_with("Prueba Número"));
    let narrowed = supervisor.gets("/api/v1/reports/summary?unidad=Norte").await.ok();
    assert_eq!(json!([narrowed["cifras"]["total"], narrowed["alcance"]["unidad"]]), json!([2, "Norte"]));
}

async fn a_map_shows_where_tasks_were(office: &Office) {
    let supervisor = office.supervisor().await;
    for (code, lat, lng) in [("DEN-1", -34.605, -58.405), ("DEN-2", -34.601, -58.401), ("DEN-3", 0.5, 180.0)] {
        makes(&supervisor, code, json!({ "ubicacion_lat": lat, "ubicacion_lon": lng })).await;
    }
    makes(&supervisor, "DEN-4", json!({})).await;
    let map = supervisor.gets("/api/v1/reports/density?celda=0.01").await;
    assert_eq!(map.header("content-type"), "application/geo+json");
    let map = map.ok();
    assert_eq!(json!([map["truncado"], map["sin_ubicacion"], map["celda"]]), json!([false, 1, 0.01]));
    let fullest = &map["features"][0];
    assert_eq!(fullest["properties"], json!({ "tareas": 2, "emergencias": 0 }));
    let ring = json!([[[-58.41, -34.61], [-58.4, -34.61], [-58.4, -34.6], [-58.41, -34.6], [-58.41, -34.61]]]);
    assert_eq!(fullest["geometry"], json!({ "type": "Polygon", "coordinates": ring }));
    let far = &map["features"][1]["geometry"]["coordinates"][0];
    assert_eq!(
        json!([far[0], far[2]]),
        json!([[179.99, 0.5], [180.0, 0.51]]),
        "the date line belongs to the last cell"
    );
    let refused = supervisor.gets("/api/v1/reports/density?celda=0").await;
    assert_eq!(refused.fields(), ["query.celda: must lie between 0.001 and 5"]);
}

async fn a_workbook_and_a_table_are_taken_away_and_audited(office: &Office) {
    let (supervisor, administrator) = (office.supervisor().await, office.administrator().await);
    let officer = office.officer_at(-34.6, -58.4).await.officer.unwrap();
    joins(&supervisor, officer, "=1+1").await;
    let task = makes(&supervisor, "EXP-1", json!({})).await;
    sends(&supervisor, &task, &[officer]).await;

    let table = supervisor.gets("/api/v1/reports/export?formato=csv&tabla=unidades").await;
    assert_eq!((table.status, table.header("content-type")), (200, "text/csv; charset=utf-8"));
    let name = format!("attachment; filename=\"{DAY}-{DAY}-unidades.csv\"");
    assert_eq!(table.header("content-disposition"), name);
    let lines: Vec<&str> = table.text.lines().collect();
    let head = "\u{feff}\"Unidad\";\"Efectivos\";\"Horas\";\"Total\";\"Programadas\";\"En curso\"";
    assert!(table.text.starts_with(head), "{}", lines[0]);
    assert_eq!(lines[1], "\"'=1+1\";1;0;1;1;0;0;0;0;;;;;;;;", "text that is no formula, and nothing to compute from");
    let english = supervisor.gets("/api/v1/reports/export?formato=csv&idioma=en&plano=true").await;
    assert!(english.text.starts_with("\"Day\",\"Tasks\",\"Scheduled\","), "{}", english.text);

    let book = supervisor.gets("/api/v1/reports/export?desde=2025-10-01&hasta=2025-10-31").await;
    assert!(book.header("content-type").ends_with("spreadsheetml.sheet") && book.text.starts_with("PK"));
    let lines = administrator.gets("/api/v1/audit?event_type=data_export").await.ok();
    let told: Vec<Value> = lines.as_array().unwrap().iter().map(|line| line["event_metadata"].clone()).collect();
    let of = |format: &str, table: &str| json!({ "formato": format, "tabla": table, "unidad": null });
    assert_eq!(json!(told), json!([of("xlsx", "todas"), of("csv", "dias"), of("csv", "unidades")]));
    let line = &lines[0];
    assert_eq!(
        json!([line["resource_id"], line["user_id"]]),
        json!(["2025-10-01/2025-10-31", supervisor.user.unwrap()])
    );
}

async fn a_picture_is_drawn_for_a_phone(office: &Office) {
    let supervisor = office.supervisor().await;
    let task = makes(&supervisor, "PIC-1", json!({})).await;
    goes(office, &supervisor, &task, 3).await;
    let png = supervisor.gets("/api/v1/reports/chart.png").await;
    assert_eq!((png.status, png.header("content-type")), (200, "image/png"));
    let svg = supervisor.gets("/api/v1/reports/chart.svg?idioma=en").await;
    assert_eq!((svg.status, svg.header("content-type")), (200, "image/svg+xml"));
    for said in ["Thursday, 9 October 2025", "Response (median)", ">3 min 00 s<", ">8 min 00 s<", "width=\"1080\""] {
        assert!(svg.text.contains(said), "no {said} in {}", svg.text);
    }
}

async fn a_wrong_period_is_explained(office: &Office) {
    let supervisor = office.supervisor().await;
    for (query, said) in [
        ("desde=2025-10-09&hasta=2025-10-08", "query.hasta: must not be before 'desde'"),
        (
            "desde=2024-10-08&hasta=2025-10-09",
            "query.hasta: must be at most 366 days from 'desde', the first one included",
        ),
        (
            "desde=1969-12-31",
            "query.desde: must be a day or an ISO 8601 time between 1970 and 2200, like 2026-01-31 or 2026-01-31T10:00:00Z",
        ),
    ] {
        assert_eq!(supervisor.gets(&format!("/api/v1/reports/summary?{query}")).await.fields(), [said], "{query}");
    }
    for query in ["desde=ayer", "unidad=", "formato=pdf", "tabla=todo", "idioma=fr"] {
        let refused = supervisor.gets(&format!("/api/v1/reports/export?{query}")).await;
        assert!(refused.fields()[0].contains(query.split('=').next().unwrap()), "{query}: {}", refused.text);
    }
}

async fn figures_are_not_for_officers(office: &Office) {
    let officer = office.user(Level::Officer).await;
    for path in
        ["summary", "units", "density", "export", "chart.png", "chart.svg", "summary?desde=2025-10-09&hasta=2025-10-08"]
    {
        let refused = officer.gets(&format!("/api/v1/reports/{path}")).await;
        assert_eq!(refused.refusal(), "403 The user doesn't have enough privileges", "{path}");
    }
}
