//! What people are notified of after the bot was away: each change as it was, and none twice.

use std::time::Duration;

use serde_json::json;

use super::desk::{CENTRE, Desk};
use crate::bot_stories;
use crate::person::Person;

bot_stories! {
    changes_made_while_the_bot_was_away_are_each_reported_as_they_were,
}

/// Reports a step of the officer's only assignment.
async fn reports(officer: &Person, body: serde_json::Value) {
    let own = officer.gets("/api/v1/asignaciones/mias").await.ok();
    officer.posts(&format!("/api/v1/asignaciones/{}/pasos", own[0]["id"]), body).await.ok();
}

async fn changes_made_while_the_bot_was_away_are_each_reported_as_they_were(desk: &Desk) {
    let sofia = desk.supervisor("Sofía").await;
    sofia.say("/start");
    sofia.expect(|_| true).await;
    let mut officers = Vec::new();
    for name in ["Ana", "Beto", "Carla"] {
        officers.push(desk.officer_at_the_web(name, CENTRE).await);
    }
    let body = json!({ "codigo": "VUE-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2025-11-01T12:00:00Z", "delegado_usuario_id": sofia.user,
        "efectivos_asignados": officers.iter().map(|(officer, _)| officer).collect::<Vec<_>>() });
    let task = desk.boss.posts("/api/v1/tasks/", body).await.ok()["id"].as_i64().unwrap();
    desk.telegram.settles(Duration::from_secs(10), |telegram| telegram.pending() == 0).await.unwrap();

    desk.comes_back(false).await;
    let boss = desk.boss_now().await;
    let door = desk.door().await;
    let [ana, beto, carla] = [0, 1, 2].map(|n: usize| officers[n].1.at(&door));
    reports(&ana, json!({ "estado": "aceptada" })).await;
    reports(&beto, json!({ "estado": "aceptada" })).await;
    reports(&carla, json!({ "estado": "rechazada", "motivo": "El móvil está en el taller" })).await;
    reports(&ana, json!({ "estado": "en_camino" })).await;
    boss.puts(&format!("/api/v1/tasks/{task}"), json!({ "titulo": "Recorrer el puerto" })).await.ok();
    reports(&ana, json!({ "estado": "en_lugar" })).await;

    desk.comes_back(true).await;
    let parts = [
        "Ana Prueba aceptó",
        "Beto Prueba aceptó",
        "Carla Prueba no va. Rechazada: El móvil",
        "Ana Prueba va en camino",
        "Ana Prueba llegó al lugar",
    ];
    sofia.reads(parts[4]).await;
    // Changes are reported in order: what was repeated would come before this one.
    reports(&beto.at(&desk.door().await), json!({ "estado": "en_camino" })).await;
    sofia.reads("Beto Prueba va en camino").await;
    let texts: Vec<String> = sofia.messages().iter().map(|message| message.text().to_owned()).collect();
    let mut from = 0;
    for part in parts {
        let found: Vec<usize> = (0..texts.len()).filter(|at| texts[*at].contains(part)).collect();
        assert_eq!(found.len(), 1, "{part}, once\n{}", sofia.transcript());
        assert!(found[0] >= from, "{part} in its order\n{}", sofia.transcript());
        from = found[0];
    }
    // As the task was then.
    assert!(texts[from - 1].contains("Recorrer la plaza") && texts[from].contains("Recorrer el puerto"));
}
