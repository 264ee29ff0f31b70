//! One office, whose parts are done by several processes.

use std::time::Duration;

use evaluation::telegram::Standin;
use serde_json::json;

use crate::binary::{Place, Server};
use crate::bot::desk::{CENTRE, TOKEN};
use crate::keep::Keep;
use crate::office::On;

const EMAIL: &str = "alba@prueba.gad";

async fn serves(place: &Place, telegram: &Standin, roles: &str) -> Server {
    let settings =
        [("GAD_TELEGRAM_TOKEN", TOKEN), ("GAD_TELEGRAM_API_URL", telegram.url.as_str()), ("GAD_ROLES", roles)];
    place.serves_with(&settings).await
}

#[tokio::test(flavor = "multi_thread")]
async fn three_processes_do_the_work_of_one() {
    let (telegram, keep) = (Standin::open(TOKEN).await.unwrap(), Keep::open(On::Postgres).await);
    let place = keep.place();
    place.hires_as(EMAIL, "A7654321", 3).await;
    let api = serves(&place, &telegram, "api").await;
    let boss = api.signs_in(EMAIL).await;
    let ana = telegram.person("Ana");
    let body = json!({ "telegram_id": ana.id(), "nombre": "Ana", "nivel": "1" });
    let user = boss.posts("/api/v1/usuarios", body).await.ok()["id"].as_i64().unwrap();
    ana.say("/start");
    // A call for help with nobody free waits for the worker.
    let help = json!({ "telegram_id": 0, "lat": CENTRE.0, "lng": CENTRE.1 });
    let emergency = boss.posts("/api/v1/tasks/emergency", help).await.ok();
    assert!(ana.messages().is_empty(), "nobody is the bot yet");

    let bot = serves(&place, &telegram, "bot").await;
    ana.reads("Ana").await;
    let officer = boss.posts("/api/v1/efectivos", json!({ "usuario_id": user, "codigo_interno": "EF-00001" })).await;
    let officer = officer.ok()["id"].clone();
    let path = format!("/api/v1/efectivos/{officer}/posicion");
    boss.posts(&path, json!({ "lat": CENTRE.0, "lng": CENTRE.1 })).await.ok();
    let worker = serves(&place, &telegram, "worker").await;
    ana.patient(Duration::from_secs(20)).expect(|message| message.says("emergencia")).await;
    assert!(emergency.is_object());

    for other in [&bot, &worker] {
        let stranger = other.stranger();
        assert_eq!(stranger.gets("/health/live").await.status, 200);
        assert_eq!(stranger.gets("/metrics").await.status, 200);
        for path in ["/api/v1/tasks/", "/api/v1/openapi.json", "/dashboard", "/ws/connect"] {
            assert_eq!(stranger.gets(path).await.status, 404, "{path}");
        }
    }
    telegram.is_content();
    for server in [api, bot, worker] {
        assert!(server.ends().await);
    }
    keep.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_role_is_refused_with_those_that_there_are() {
    let keep = Keep::open(On::Sqlite).await;
    let output = keep.place().gad(&["serve", "--roles", "api,cook"]).output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("must be api, bot or worker"), "{said}");
    keep.close().await;
}
