//! Each route that reads personal data of several people, and the line that it leaves.

use domain::audit::AuditEvent;
use reqwest::Method;
use serde_json::json;

use super::lines_of;
use crate::access::operations;
use crate::conversations;
use crate::office::{Office, logged};

conversations! {
    every_read_of_personal_data_leaves_a_line,
}

/// Routes that read personal data of others, and the line that each leaves; `{}` is the officer or user.
const READS: [(&str, &str, &str); 17] = [
    ("GET /api/v1/users/", "/api/v1/users/?limit=7", "usuario varios"),
    ("GET /api/v1/users/{user_id}", "/api/v1/users/{user}", "usuario {user}"),
    ("GET /api/v1/users/{user_id}/sessions", "/api/v1/users/{user}/sessions", "usuario {user}"),
    ("GET /api/v1/usuarios", "/api/v1/usuarios?limit=7", "usuario varios"),
    ("GET /api/v1/usuarios/{usuario_id}", "/api/v1/usuarios/{user}", "usuario {user}"),
    ("GET /api/v1/efectivos", "/api/v1/efectivos?limit=7", "efectivo varios"),
    ("GET /api/v1/efectivos/{efectivo_id}", "/api/v1/efectivos/{officer}", "efectivo {officer}"),
    ("GET /api/v1/efectivos/{efectivo_id}/posiciones", "/api/v1/efectivos/{officer}/posiciones", "efectivo {officer}"),
    ("GET /api/v1/efectivos/cercanos", "/api/v1/efectivos/cercanos?lat=-34.6&lng=-58.38", "efectivo varios"),
    ("GET /api/v1/geo/efectivos.geojson", "/api/v1/geo/efectivos.geojson?bbox=-59,-35,-58,-34", "efectivo varios"),
    ("GET /api/v1/geo/tareas.geojson", "/api/v1/geo/tareas.geojson?bbox=-59,-35,-58,-34", "tarea varios"),
    ("GET /api/v1/geo/map/view", "/api/v1/geo/map/view?center_lat=-34.6&center_lng=-58.38", "efectivo varios"),
    (
        "GET /api/v1/geo/efectivos/mock",
        "/api/v1/geo/efectivos/mock?center_lat=-34.6&center_lng=-58.38",
        "efectivo varios",
    ),
    ("GET /api/v1/tasks/{task_id}/asignaciones", "/api/v1/tasks/{task}/asignaciones", "tarea {task}"),
    ("GET /api/v1/asignaciones/pendientes", "/api/v1/asignaciones/pendientes", "asignacion varios"),
    ("GET /api/v1/audit", "/api/v1/audit?limit=7", "auditoria lineas"),
    ("GET /api/v1/eventos", "/api/v1/eventos?limit=500", "evento varios"),
];

/// Routes that read none: figures, one's own data, tasks without the data of people, the service itself.
const HARMLESS: [&str; 38] = [
    "GET /health",
    "GET /health/live",
    "GET /health/ready",
    "GET /metrics",
    "GET /ws/stats",
    "GET /api/v1/health",
    "GET /api/v1/health/live",
    "GET /api/v1/health/ready",
    "GET /api/v1/health/detailed",
    "GET /api/v1/health/performance",
    "GET /api/v1/health/government",
    "GET /api/v1/metrics/prometheus",
    "GET /api/v1/metricas/tareas",
    "GET /api/v1/auth/sessions",
    "GET /api/v1/users/me",
    "GET /api/v1/tasks/",
    "GET /api/v1/tasks/{task_id}",
    "GET /api/v1/tasks/{task_id}/historial",
    "GET /api/v1/tasks/{task_id}/notas",
    "GET /api/v1/tasks/{task_id}/notas/{nota_id}/archivo",
    "GET /api/v1/tasks/{task_id}/decisiones",
    "GET /api/v1/tasks/{task_id}/despacho",
    "GET /api/v1/asignaciones/mias",
    "GET /api/v1/alertas",
    "GET /api/v1/telegram/auth/{telegram_id}",
    "GET /api/v1/telegram/auth/verify/{token}",
    "GET /api/v1/telegram/tasks/user/{telegram_id}",
    "GET /api/v1/telegram/tasks/code/{codigo}",
    "GET /api/v1/stats/user/{user_id}",
    "GET /api/v1/reports/summary",
    "GET /api/v1/reports/units",
    "GET /api/v1/reports/density",
    "GET /api/v1/reports/chart.png",
    "GET /api/v1/reports/chart.svg",
    "GET /api/v1/cache/stats",
    "GET /api/v1/audit/verification",
    "GET /api/v1/audit/checkpoints",
    "GET /api/v1/reports/export",
];

async fn every_read_of_personal_data_leaves_a_line(office: &Office) {
    let administrator = office.administrator().await;
    let officer = office.officer_at(-34.6, -58.38).await;
    let change = json!({ "telefono": "+54 11 5555 0100" });
    administrator.puts(&format!("/api/v1/users/{}", officer.user.unwrap()), change).await.ok();
    let body = json!({ "codigo": "LEER-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2025-01-24T12:00:00Z", "delegado_usuario_id": administrator.user.unwrap().0,
        "efectivos_asignados": [officer.officer.unwrap().0] });
    let task = administrator.posts("/api/v1/tasks/", body).await.ok()["id"].to_string();
    let (user, number) = (officer.user.unwrap().to_string(), officer.officer.unwrap().to_string());
    let change = json!({ "unidad": "Norte" });
    administrator.puts(&format!("/api/v1/efectivos/{number}"), change).await.ok();
    logged(office).await;
    let fill = |text: &str| text.replace("{user}", &user).replace("{officer}", &number).replace("{task}", &task);
    for operation in operations().iter().filter(|operation| operation.method == Method::GET) {
        let name = operation.name();
        let is_known = READS.iter().any(|(route, ..)| *route == name) || HARMLESS.contains(&name.as_str());
        assert!(is_known, "{name}: does it read personal data of several people?");
    }
    for (route, path, expected) in READS {
        let (path, expected) = (fill(path), fill(expected));
        let answer = administrator.gets(&path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        let left = lines_of(office, &answer).await;
        let [line] = &left[..] else { panic!("{route}: {left:#?}") };
        let on = format!("{} {}", line.resource_type.as_deref().unwrap(), line.resource_id.as_deref().unwrap());
        assert_eq!((line.event, line.user, on), (AuditEvent::Read, administrator.user, expected.clone()), "{route}");
        if expected.ends_with(" varios") {
            // The task has no place, so that no map shows it.
            let least = u64::from(!expected.starts_with("tarea"));
            assert!(line.metadata["cantidad"].as_u64().unwrap() >= least, "{route}: {line:#?}");
            assert!(line.metadata["filtro"].is_object(), "{route}: {line:#?}");
        }
    }
    // A board that polls leaves one line in five minutes; another question leaves its own.
    for (path, lines) in [("/api/v1/efectivos?limit=7", 0), ("/api/v1/efectivos?limit=8", 1)] {
        let answer = administrator.gets(path).await;
        assert_eq!(lines_of(office, &answer).await.len(), lines, "{path}");
    }
    office.clock.advance(chrono::TimeDelta::minutes(5));
    let answer = administrator.gets("/api/v1/efectivos?limit=7").await;
    let left = lines_of(office, &answer).await;
    assert_eq!((left.len(), &left[0].metadata["filtro"]["limit"]), (1, &json!(7)));
    // Each actor has lines of its own; reading one's own data leaves none.
    let supervisor = office.supervisor().await;
    let answer = supervisor.gets("/api/v1/efectivos?limit=7").await;
    assert_eq!(lines_of(office, &answer).await[0].user, supervisor.user);
    let answer = officer.gets(&format!("/api/v1/efectivos/{number}/posiciones")).await;
    assert_eq!(lines_of(office, &answer).await.len(), 0);
}
