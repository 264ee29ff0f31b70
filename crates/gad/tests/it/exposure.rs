//! What strangers learn of the system, and what only those who run it.

use serde_json::json;

use crate::binary::Place;
use crate::office::{Office, On};

#[tokio::test(flavor = "multi_thread")]
async fn strangers_see_whether_the_service_works_and_not_what_it_runs_on() {
    let office = Office::open(On::Sqlite).await;
    let administrator = office.administrator().await;
    let _screen = administrator.opens_a_screen("").await;
    for person in [office.stranger(), office.stranger().with_token("x.y.z"), office.supervisor().await] {
        let answer = person.gets("/api/v1/health/government").await;
        let body = if answer.status == 503 { &answer.body["detail"] } else { &answer.body };
        assert_eq!(body["checks"]["database"], json!({ "status": "healthy", "citizen_service_impact": "none" }));
        let unknown = json!({ "status": "unknown", "citizen_service_impact": "unknown" });
        for part in ["redis", "telegram_bot"] {
            assert_eq!(body["checks"][part], unknown, "{part}");
        }
        let machine = json!({ "status": "unknown", "citizen_service_impact": "unknown", "memory_percent": null,
            "disk_percent": null, "cpu_percent": null });
        assert_eq!(body["checks"]["system_resources"], machine);
        assert_eq!((&body["version"], &body["uptime_seconds"]), (&json!(""), &json!(0.0)));
        assert_eq!(body["sla_compliance"]["average_response_time_ms"], json!(null));
        let ready = person.gets("/health/ready").await.body;
        let counts = (&ready["checks"]["active_ws_connections"], &ready["checks"]["unique_users"]);
        assert_eq!(counts, (&json!("0"), &json!("0")));
    }
    let answer = administrator.gets("/api/v1/health/government").await;
    let body = if answer.status == 503 { &answer.body["detail"] } else { &answer.body };
    assert_eq!(body["version"], env!("CARGO_PKG_VERSION"));
    assert!(body["uptime_seconds"].as_f64().unwrap() > 0.0);
    assert_eq!(body["checks"]["redis"]["status"], "not_configured");
    assert_eq!(administrator.gets("/health/ready").await.body["checks"]["unique_users"], "1");
    let parts = administrator.gets("/api/v1/health/detailed").await.ok();
    let database = &parts["checks"]["database"];
    assert_eq!((&database["circuit_breaker_open"], &database["circuit_breaker_failures"]), (&json!(false), &json!(0)));
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_in_development_says_so_when_it_starts() {
    for (environment, is_warned) in [("development", true), ("staging", false), ("production", false)] {
        let dir = tempfile::tempdir().unwrap();
        let log = tempfile::NamedTempFile::new().unwrap();
        let arguments = ["--environment", environment, "--log-level", "info"];
        let server = Place::directory(dir.path()).serves_logging_by(&arguments, log.reopen().unwrap()).await;
        assert!(server.ends().await);
        let log = std::fs::read_to_string(log.path()).unwrap();
        assert_eq!(log.contains("environment is development"), is_warned, "{environment}: {log}");
    }
}
