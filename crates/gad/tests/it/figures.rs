//! Figures, the cache that keeps them, and commands of administrators.

use chrono::TimeDelta;
use domain::Level;
use domain::event::EventKind;
use serde_json::{Value, json};

use crate::conversations;
use crate::office::Office;
use crate::person::Person;

conversations! {
    figures_are_counted_kept_and_dropped,
    figures_over_tasks_are_reckoned_by_kind_and_priority,
    an_administrator_looks_after_the_cache,
    commands_are_carried_out_or_refused,
    an_announcement_is_handed_on_once,
}

async fn makes(person: &Person, code: &str) -> Value {
    let me = person.user.unwrap().0;
    let task = json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "vigilancia", "prioridad": 4,
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": me });
    person.posts("/api/v1/tasks/", task).await.ok()
}

/// A task that took a quarter of an hour.
async fn finishes(office: &Office, person: &Person, code: &str) {
    let path = format!("/api/v1/tasks/{}", makes(person, code).await["id"]);
    person.puts(&path, json!({ "estado": "en_curso" })).await.ok();
    office.clock.advance(TimeDelta::minutes(15));
    person.puts(&path, json!({ "estado": "finalizada" })).await.ok();
}

async fn figures_are_counted_kept_and_dropped(office: &Office) {
    let supervisor = office.supervisor().await;
    let me = supervisor.user.unwrap().0;
    finishes(office, &supervisor, "EST-1").await;
    makes(&supervisor, "EST-2").await;
    let path = format!("/api/v1/stats/user/{me}?days=10");
    let first = supervisor.gets(&path).await.ok();
    let states = json!({ "COMPLETED": 1, "IN_PROGRESS": 0, "PROGRAMMED": 1, "CANCELLED": 0, "PAUSED": 0 });
    let key = format!("stats:user:{me}:days:10");
    let expected = json!({ "user_id": me, "period_days": 10, "total": 2, "completadas": 1, "en_progreso": 0,
        "programadas": 1, "canceladas": 0, "pausadas": 0, "promedio_duracion_horas": 0.25,
        "productividad_diaria": 0.1, "estados": states, "calculated_at": first["calculated_at"],
        "_cache": { "hit": false, "source": "database", "key": key } });
    assert_eq!(first, expected);
    let kept = supervisor.gets(&path).await.ok();
    assert_eq!(kept["_cache"], json!({ "hit": true, "source": "memory", "key": key }));
    assert_eq!(supervisor.gets(&format!("{path}&use_cache=false")).await.ok()["_cache"]["hit"], false);
    let dropped = supervisor.posts(&format!("/api/v1/stats/invalidate/user/{me}"), json!({})).await.ok();
    assert_eq!((&dropped["deleted_keys"], &dropped["pattern"]), (&json!(1), &json!(format!("stats:user:{me}:*"))));
    assert_eq!(supervisor.gets(&path).await.ok()["_cache"]["hit"], false);
    makes(&supervisor, "EST-3").await;
    assert_eq!(supervisor.gets(&path).await.ok()["total"], 3, "a change drops what was kept");
    for days in [0, 366] {
        let refused = supervisor.gets(&format!("/api/v1/stats/user/{me}?days={days}")).await;
        assert_eq!(refused.fields(), ["query.days: must lie between 1 and 365"]);
    }
    let officer = office.user(Level::Officer).await;
    let others = "403 No tienes permiso para ver estadísticas de otro usuario";
    assert_eq!(officer.gets(&path).await.refusal(), others);
    let invalidate = format!("/api/v1/stats/invalidate/user/{}", officer.user.unwrap());
    assert_eq!(supervisor.posts(&invalidate, json!({})).await.refusal(), others);
}

async fn figures_over_tasks_are_reckoned_by_kind_and_priority(office: &Office) {
    let supervisor = office.supervisor().await;
    finishes(office, &supervisor, "MET-1").await;
    app::metrics::refresh(&office.cx).await.unwrap();
    let rows = supervisor.gets("/api/v1/metricas/tareas").await.ok();
    let row = &rows.as_array().unwrap()[0];
    let expected = json!({ "tipo_tarea": "vigilancia", "prioridad": 4, "total_tareas": 1, "total_horas": 0.25,
        "tiempo_promedio_horas": 0.25, "tasa_exito": 100.0, "duracion_p25": 0.25, "duracion_p50": 0.25,
        "duracion_p75": 0.25, "duracion_min": 0.25, "duracion_max": 0.25,
        "ultima_actualizacion": row["ultima_actualizacion"] });
    assert_eq!(*row, expected);
}

async fn an_administrator_looks_after_the_cache(office: &Office) {
    let administrator = office.administrator().await;
    let me = administrator.user.unwrap();
    let figures = format!("/api/v1/stats/user/{me}");
    let key = format!("stats:user:{me}:days:30");
    administrator.gets(&figures).await.ok();
    administrator.gets(&figures).await.ok();
    let stats = administrator.gets("/api/v1/cache/stats").await.ok();
    let expected = json!({ "connected": true, "keys_count": 1, "keyspace_hits": 1, "keyspace_misses": 1,
        "hit_rate": 50.0, "evicted_keys": 0, "prefix": "gad:" });
    assert_eq!(stats, expected);
    administrator.posts(&format!("/api/v1/cache/invalidate/{key}"), json!({})).await.ok();
    let gone = administrator.posts(&format!("/api/v1/cache/invalidate/{key}"), json!({})).await;
    assert_eq!((gone.status, gone.body["message"].is_string()), (404, true));
    administrator.gets(&figures).await.ok();
    let dropped = administrator.posts("/api/v1/cache/invalidate-pattern/stats:user:*", json!({})).await.ok();
    assert_eq!(dropped["deleted_count"], 1);
    administrator.gets(&figures).await.ok();
    let cleared = administrator.posts("/api/v1/cache/clear", json!({})).await.ok();
    assert_eq!(cleared, json!({ "message": "Caché limpiado exitosamente" }));
    assert_eq!(administrator.gets("/api/v1/cache/stats").await.ok()["keys_count"], 0);
}

async fn commands_are_carried_out_or_refused(office: &Office) {
    let administrator = office.administrator().await;
    for action in ["ping", "cache_clear", "sessions_refresh", "housekeeping"] {
        let body = json!({ "action": action, "payload": { "a": 1 } });
        let done = administrator.posts("/api/v1/admin/agent/command", body).await.ok();
        assert_eq!(done["status"], "accepted");
    }
    let refused = administrator.posts("/api/v1/admin/agent/command", json!({ "action": "rm" })).await;
    let known = "body.action: must be one of: ping, cache_clear, sessions_refresh, housekeeping";
    assert_eq!(refused.fields(), [known]);
}

async fn an_announcement_is_handed_on_once(office: &Office) {
    let administrator = office.administrator().await;
    let said = json!({ "group": "supervisores", "type": "urgent", "message": "Cambio de turno" });
    for _ in 0..2 {
        let request = administrator.request(reqwest::Method::POST, "/api/v1/admin/telegram/send");
        let request = request.header("Idempotency-Key", "anuncio-1").json(&said);
        assert_eq!(administrator.sends(request).await.ok(), json!({ "status": "queued", "sent": 0 }));
    }
    let rows = crate::office::logged(office).await;
    let announced: Vec<_> = rows.iter().filter(|row| row.event.kind() == EventKind::Announcement).collect();
    assert_eq!(announced.len(), 1);
    for (field, value) in [("group", "todos"), ("type", "fuerte"), ("message", " ")] {
        let mut bad = said.clone();
        bad[field] = json!(value);
        assert!(administrator.posts("/api/v1/admin/telegram/send", bad).await.fields()[0].contains(field));
    }
}
