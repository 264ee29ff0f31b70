//! Who was refused what is written down, on whichever route.

use domain::Level;
use domain::audit::AuditEvent;
use serde_json::json;
use store::Page;

use crate::conversations;
use crate::office::{Office, SERVICE_TOKEN};

conversations! {
    every_refusal_of_policy_is_audited_once,
    what_is_hidden_leaves_a_line,
}

async fn every_refusal_of_policy_is_audited_once(office: &Office) {
    let officer = office.user(Level::Officer).await;
    let id = officer.user.unwrap();
    office.links(id, 700).await;
    let reads = [
        "/api/v1/users/",
        "/api/v1/efectivos",
        "/api/v1/efectivos/cercanos?lat=0&lng=0",
        "/api/v1/geo/efectivos.geojson?bbox=0,0,1,1",
        "/api/v1/metricas/tareas",
        "/api/v1/cache/stats",
        "/api/v1/stats/user/999999",
        "/api/v1/telegram/auth/5",
        "/ws/stats",
    ];
    for path in reads {
        assert_eq!(officer.gets(path).await.status, 403, "{path}");
    }
    assert_eq!(officer.posts("/api/v1/cache/clear", json!({})).await.status, 403);
    assert_eq!(officer.deletes("/api/v1/usuarios/1").await.status, 403);
    let task = json!({ "telegram_id": 700, "tipo": "operativa", "codigo": "tel-1", "titulo": "Recorrer el puerto" });
    let bot = office.stranger().with_token(SERVICE_TOKEN);
    assert_eq!(bot.posts("/api/v1/telegram/tasks/create", task).await.status, 403);
    let mut tx = office.cx.store.read().await.unwrap();
    let lines = tx.audit().list(Page::first(500)).await.unwrap();
    let refused = lines.iter().map(|(_, line)| line).filter(|line| line.event == AuditEvent::PermissionDenied);
    let refused: Vec<_> = refused.collect();
    assert_eq!(refused.len(), reads.len() + 3, "{refused:#?}");
    assert!(refused.iter().all(|line| !line.success));
    let (by_the_bot, by_the_officer): (Vec<_>, Vec<_>) =
        refused.into_iter().partition(|line| line.identity.as_deref() == Some("servicio"));
    assert!(by_the_officer.iter().all(|line| line.user == Some(id) && line.on_behalf_of.is_none()));
    assert_eq!(by_the_bot.len(), 1);
    assert_eq!((by_the_bot[0].user, by_the_bot[0].on_behalf_of), (None, Some(id)));
    let deletion = by_the_officer
        .iter()
        .find(|line| line.description == "Acceso denegado: DELETE /api/v1/usuarios/{usuario_id}")
        .expect("the refused deletion");
    let named = (deletion.resource_type.as_deref(), deletion.resource_id.as_deref());
    assert_eq!(named, (Some("usuario"), Some("1")));
}

/// What is hidden from an actor is answered as if it were not there; the audit keeps who looked for it.
async fn what_is_hidden_leaves_a_line(office: &Office) {
    let officer = office.user(Level::Officer).await;
    let supervisor = office.supervisor().await;
    let task = json!({ "codigo": "OCULTA-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": supervisor.user.unwrap().0 });
    let task = supervisor.posts("/api/v1/tasks/", task).await.ok()["id"].clone();
    let session = supervisor.gets("/api/v1/auth/sessions").await.ok()[0]["id"].clone();
    let session = session.as_str().unwrap();
    let hidden = [
        format!("/api/v1/tasks/{task}"),
        format!("/api/v1/tasks/{task}/historial"),
        format!("/api/v1/tasks/{task}/notas"),
        format!("/api/v1/tasks/{task}/asignaciones"),
        format!("/api/v1/tasks/{task}/despacho"),
    ];
    for path in &hidden {
        assert_eq!(officer.gets(path).await.status, 404, "{path}");
    }
    assert_eq!(officer.gets("/api/v1/telegram/tasks/code/OCULTA-1").await.status, 404);
    assert_eq!(officer.deletes(&format!("/api/v1/auth/sessions/{session}")).await.status, 404);
    // What is not there for anyone leaves none.
    assert_eq!(officer.gets("/api/v1/tasks/999999").await.status, 404);
    let mut tx = office.cx.store.read().await.unwrap();
    let lines = tx.audit().list(Page::first(500)).await.unwrap();
    let refused = lines.iter().map(|(_, line)| line).filter(|line| line.event == AuditEvent::PermissionDenied);
    let named: Vec<_> = refused
        .map(|line| {
            assert_eq!(line.user, officer.user);
            (line.resource_type.clone().unwrap(), line.resource_id.clone().unwrap())
        })
        .collect();
    let of_task = ("tarea".to_owned(), task.to_string());
    let mut expected = vec![of_task; hidden.len()];
    expected.push(("tarea".to_owned(), "OCULTA-1".to_owned()));
    expected.push(("sesion".to_owned(), session.to_owned()));
    assert_eq!(named, expected);
}
