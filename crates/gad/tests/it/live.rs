//! Figures of the process itself: its tasks, its runtime, its pools, its files.

use std::time::Duration;

use serde_json::json;

use crate::binary::{EMAIL, PASSWORD, Place, Server};

/// Tasks without which an office is not well.
const TASKS: [&str; 8] = [
    "event-log",
    "housekeeping",
    "log-filter",
    "machine",
    "metrics-upkeep",
    "waiting-emergencies",
    "watchdog",
    "ws-rights",
];

async fn page(server: &Server) -> String {
    server.stranger().gets("/metrics").await.text
}

/// The figure under a name and its labels.
fn figure(page: &str, series: &str) -> Option<f64> {
    page.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' ')?.parse().ok())
}

/// Waits until figures are as they should be.
async fn shows(server: &Server, what: &str, holds: impl Fn(&str) -> bool) -> String {
    let wait = async {
        loop {
            let page = page(server).await;
            if holds(&page) {
                return page;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait).await.unwrap_or_else(|_| panic!("never: {what}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_tells_of_its_tasks_its_runtime_and_itself() {
    let dir = tempfile::tempdir().unwrap();
    let server = Place::directory(dir.path()).serves().await;
    let up = |page: &str, task: &str| figure(page, &format!("gad_task_up{{task=\"{task}\"}}"));
    let begun = shows(&server, "all tasks are up", |page| TASKS.iter().all(|task| up(page, task) == Some(1.0))).await;
    for task in TASKS {
        assert_eq!(figure(&begun, &format!("gad_task_restarts_total{{task=\"{task}\"}}")), Some(0.0), "{task}");
    }
    let beats = |page: &str| figure(page, "gad_runtime_stall_seconds_count").unwrap_or_default();
    shows(&server, "the watchdog beats", |page| beats(page) > beats(&begun)).await;
    let turns = |page: &str| figure(page, "gad_task_polls_total{task=\"watchdog\"}");
    let page = shows(&server, "each beat is a turn of a task", |page| turns(page) > turns(&begun)).await;
    assert!(figure(&page, "gad_task_poll_seconds_total{task=\"watchdog\"}") > Some(0.0));
    let busy = figure(&page, "gad_runtime_busy_ratio").expect("the runtime was looked at");
    assert!((0.0..=1.0).contains(&busy), "{busy}");
    assert!(figure(&page, "gad_runtime_alive_tasks") >= Some(8.0));
    assert!(figure(&page, "gad_runtime_queue_depth").is_some());
    let own = server.resident();
    let resident = figure(&page, "process_resident_memory_bytes").unwrap();
    #[expect(clippy::cast_precision_loss, reason = "bytes stay below 2^52")]
    let ratio = resident / own as f64;
    assert!((0.5..2.0).contains(&ratio), "{resident} of {own}");
    let (open, most) = (figure(&page, "process_open_fds").unwrap(), figure(&page, "process_max_fds").unwrap());
    assert!(open > 5.0 && most > open, "{open} of {most}");
    assert!(figure(&page, "process_cpu_seconds_total") > Some(0.0));
    // Later than the middle of 2023, and not in the future of this test by more than a day.
    let start = figure(&page, "process_start_time_seconds").unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs_f64();
    assert!(start > 1.688e9 && start < now + 86_400.0, "{start}");
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_sign_ins_are_counted_by_their_reason() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    place.hires().await;
    let server = place.serves().await;
    let counted = |page: &str| {
        ["unknown", "password", "locked", "unverified"]
            .map(|reason| figure(page, &format!("gad_login_failures_total{{reason=\"{reason}\"}}")).unwrap())
    };
    assert_eq!(counted(&page(&server).await), [0.0; 4], "they are there before the first refusal");
    let stranger = server.stranger();
    assert_eq!(stranger.tries_to_sign_in("nadie@prueba.gad", PASSWORD).await.status, 401);
    for _ in 0..5 {
        assert_eq!(stranger.tries_to_sign_in(EMAIL, "otra clave larga").await.status, 401);
    }
    assert_eq!(stranger.tries_to_sign_in(EMAIL, PASSWORD).await.status, 401);
    let page = page(&server).await;
    assert_eq!(counted(&page), [1.0, 5.0, 1.0, 0.0]);
    assert!(figure(&page, "gad_cpu_pool_done_total") >= Some(7.0), "each of them was hashed");
    let rest = ["queued", "running", "refused_total", "late_total"];
    let rest = rest.map(|name| figure(&page, &format!("gad_cpu_pool_{name}")).unwrap());
    assert!(rest[0] + rest[1] <= 1.0 && rest[2] + rest[3] == 0.0, "{rest:?}");
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_to_the_record_waits_for_it_and_its_events_are_counted() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    place.hires().await;
    let server = place.serves_with(&[("GAD_SLOW_QUERY_MS", "0"), ("GAD_SLOW_REQUEST_MS", "0")]).await;
    let boss = server.supervisor().await;
    let before = page(&server).await;
    let head = figure(&before, "gad_event_log_head").unwrap();
    let task = json!({ "codigo": "MEDIDA-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": boss.user.unwrap().0 });
    boss.posts("/api/v1/tasks/", task).await.ok();
    let told = |page: &str| {
        ["head", "unnumbered", "lag_seconds"].map(|name| figure(page, &format!("gad_event_log_{name}")).unwrap())
    };
    let page = shows(&server, "the event was told", |page| told(page) == [head + 1.0, 0.0, 0.0]).await;
    let more = |series: &str| figure(&page, series).unwrap() - figure(&before, series).unwrap();
    // Reading who asks, then BEGIN, the row, its history, its event, its audit line, COMMIT.
    assert!(more("database_queries_total{store=\"sqlite\"}") >= 5.0);
    assert!(more("gad_slow_queries_total") >= 5.0, "every query is a slow one");
    assert!(more("gad_slow_requests_total") >= 1.0, "every request is a slow one");
    for (dependency, size) in [("sqlite", 4.0), ("sqlite_writer", 1.0)] {
        let label = format!("{{dependency=\"{dependency}\"}}");
        assert_eq!(figure(&page, &format!("gad_pool_size{label}")), Some(size));
        assert!(figure(&page, &format!("gad_pool_in_use{label}")) <= Some(size));
        assert!(more(&format!("gad_pool_wait_seconds_count{label}")) >= 1.0, "{dependency}");
    }
    assert!(server.ends().await);
}
