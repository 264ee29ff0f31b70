//! `docs/metrics.md` and `/metrics` name the same figures.

use std::collections::{BTreeMap, BTreeSet};

use evaluation::telegram::Standin;
use serde_json::json;

use crate::binary::Place;
use crate::redis_server::RedisServer;
use crate::screen::Seen;

/// A bot's, as `BotFather` gives them.
const TOKEN: &str = "7000000002:AAE-figures";

/// Type and labels of a figure.
type Figures = BTreeMap<String, (String, BTreeSet<String>)>;

/// The rows of the page's tables: name, type, labels, meaning.
fn documented() -> Figures {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/metrics.md")).unwrap();
    let mut figures = Figures::new();
    for line in page.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [names, kind, labels, meaning] = cells[..] else { panic!("four cells in {line}") };
        assert!(!meaning.is_empty(), "{line}");
        let quoted = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
        for name in quoted(names) {
            figures.insert(name, (kind.to_owned(), quoted(labels).into_iter().collect()));
        }
    }
    figures
}

/// What a page of figures holds.
fn exported(text: &str) -> Figures {
    let kinds = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
    let mut figures: Figures =
        kinds.map(|(name, kind)| (name.to_owned(), (kind.to_owned(), BTreeSet::new()))).collect();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (series, labels) = line
            .split_once('{')
            .map_or((line.split(' ').next().unwrap(), ""), |(series, rest)| (series, rest.rsplit_once('}').unwrap().0));
        let name = ["_bucket", "_sum", "_count"]
            .iter()
            .filter_map(|end| series.strip_suffix(end))
            .find(|name| figures.contains_key(*name))
            .unwrap_or(series);
        let labels = labels.split("\",").filter_map(|label| label.split_once("=\"")).map(|(name, _)| name.to_owned());
        let known = &mut figures.get_mut(name).unwrap_or_else(|| panic!("{line} has no type")).1;
        known.extend(labels.filter(|label| label != "le"));
    }
    figures
}

#[tokio::test(flavor = "multi_thread")]
async fn every_figure_is_explained_and_those_of_sockets_move() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    place.hires().await;
    let redis = RedisServer::start().await;
    let shared = redis.url();
    let telegram = Standin::open(TOKEN).await.unwrap();
    let settings = [
        ("WS_HEARTBEAT_INTERVAL", "1"),
        ("RATE_LIMITING_ENABLED", "true"),
        ("REDIS_URL", &shared),
        ("GAD_TELEGRAM_TOKEN", TOKEN),
        ("GAD_TELEGRAM_API_URL", &telegram.url),
        // A chat that is not there is reported too.
        ("ADMIN_CHAT_ID", "-1001"),
    ];
    let server = place.serves_with(&settings).await;
    let supervisor = server.supervisor().await;
    telegram.person("Ana").say("hola");
    telegram.settles(std::time::Duration::from_secs(10), |telegram| telegram.pending() == 0).await.unwrap();
    let mut screen = supervisor.opens_a_screen("").await;
    screen.reads_a("connection_ack").await;
    let task = json!({ "codigo": "MEDIDA-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": supervisor.user.unwrap().0 });
    supervisor.posts("/api/v1/tasks/", task).await.ok();
    while !supervisor.without_token().gets("/metrics").await.text.contains("gad_telegram_chat_reachable") {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    screen.reads_a("task_created").await;
    screen.says_text("{").await;
    screen.reads_a("error").await;
    screen.says(json!({ "event_type": "subscribe", "data": { "events": ["tareas"] } })).await;
    screen.reads_a("notification").await;
    let Seen::Message(ping) = async {
        loop {
            match screen.hears().await {
                Seen::Message(message) if message["event_type"] != "ping" => {}
                seen => return seen,
            }
        }
    }
    .await
    else {
        panic!("the socket ended before the first beat")
    };
    server.stranger().opens_a_screen("").await.ends().await;
    let stranger = server.stranger();
    while stranger.gets("/api/v1/nada").await.status != 429 {}

    let page = stranger.gets("/metrics").await;
    let of = |name: &str, labels: &str| {
        let labels = labels.replace('\'', "\"");
        page.figure(&format!("{name}{{env=\"development\",{labels}}}"))
    };
    let sent = |kind: &str| of("ggrt_ws_messages_sent_total", &format!("message_type='{kind}',channel_type='general'"));
    assert_eq!(["connection_ack", "task_created", "error"].map(sent), [Some(1.0); 3]);
    let received =
        |kind: &str| of("ggrt_ws_messages_received_total", &format!("message_type='{kind}',channel_type='general'"));
    assert_eq!((received("subscribe"), received("unknown")), (Some(1.0), Some(1.0)));
    let connections = |outcome: &str| {
        let labels = format!("channel_type='general',user_role='LEVEL_2',connection_outcome='{outcome}'");
        of("ggrt_ws_connections_total", &labels)
    };
    assert_eq!((connections("established"), connections("closed")), (Some(1.0), Some(0.0)));
    let role = "channel_type='general',user_role='LEVEL_2'";
    assert_eq!(of("ggrt_ws_connections_active", role), Some(1.0));
    let refused = "error_type='refused',channel_type='general',severity='warning'";
    assert_eq!(of("ggrt_ws_errors_total", refused), Some(1.0));
    assert_eq!(page.figure("ggrt_message_latency_seconds_count{env=\"development\"}"), Some(1.0));
    let beat = page.figure("ggrt_heartbeat_last_timestamp{env=\"development\"}").unwrap();
    let said: chrono::DateTime<chrono::Utc> = ping["data"]["server_time"].as_str().unwrap().parse().unwrap();
    #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit")]
    let said = said.timestamp() as f64;
    assert!(beat >= said && beat < said + 120.0, "{beat} after {said}");

    let (documented, exported) = (documented(), exported(&page.text));
    let lacking: Vec<_> = exported.iter().filter(|(name, what)| documented.get(*name) != Some(what)).collect();
    assert!(lacking.is_empty(), "docs/metrics.md does not say so: {lacking:#?}");
    let stale: Vec<_> = documented.keys().filter(|name| !exported.contains_key(*name)).collect();
    assert!(stale.is_empty(), "docs/metrics.md names what is not exported: {stale:?}");

    drop(screen);
    let closed = "ggrt_ws_connections_total{env=\"development\",channel_type=\"general\",user_role=\"LEVEL_2\",\
        connection_outcome=\"closed\"}";
    let wait = async {
        while stranger.figure(closed).await != Some(1.0) {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), wait).await.expect("the end is counted");
    let active = format!("ggrt_ws_connections_active{{env=\"development\",{}}}", role.replace('\'', "\""));
    assert_eq!(stranger.figure(&active).await, Some(0.0));
    assert!(server.ends().await);
}
