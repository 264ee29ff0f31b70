//! Who was refused what is written down, on whichever route.

use domain::Level;
use domain::audit::AuditEvent;
use serde_json::json;
use store::Page;

use crate::conversations;
use crate::office::{Office, SERVICE_TOKEN};

conversations! {
    every_refusal_of_policy_is_audited_once,
}

async fn every_refusal_of_policy_is_audited_once(office: &Office) {
    let officer = office.user(Level::Officer).await;
    let administrator = office.administrator().await;
    let id = officer.user.unwrap();
    administrator.puts(&format!("/api/v1/users/{id}"), json!({ "telegram_id": 700 })).await.ok();
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
    let refused: Vec<_> = refused.map(|line| (line.user, line.success, line.description.clone())).collect();
    assert_eq!(refused.len(), reads.len() + 3, "{refused:#?}");
    assert!(refused.iter().all(|(user, success, _)| *user == Some(id) && !success));
    let texts: Vec<&str> = refused.iter().map(|(_, _, text)| text.as_str()).collect();
    assert!(texts.contains(&"Acceso denegado: DELETE /api/v1/usuarios/{usuario_id}"), "{texts:?}");
}
