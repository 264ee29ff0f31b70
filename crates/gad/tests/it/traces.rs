//! One request, followed by its name through two processes: the answer, the log of the one that
//! answers, its queries, its event, and the log of the other, which tells the event to a screen.

use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};

use crate::binary::{Place, Server};
use crate::conversations;
use crate::office::{Office, database};

conversations! {
    a_trace_goes_on_where_the_client_began_it,
}

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

/// A serving process and its log.
struct Logging {
    server: Server,
    log: tempfile::NamedTempFile,
}

impl Logging {
    async fn begins(place: &Place) -> Self {
        let log = tempfile::NamedTempFile::new().unwrap();
        let settings = ["--slow-query-ms", "0", "--slow-request-ms", "0", "--environment", "production"];
        let filter = ["--log-level", "info,app=debug,api=trace"];
        let server = place.serves_logging_by(&[settings.as_slice(), &filter].concat(), log.reopen().unwrap()).await;
        Self { server, log }
    }

    /// Ends, and gives all lines.
    async fn ends(self) -> Vec<Value> {
        assert!(self.server.ends().await);
        lines(self.log.path())
    }
}

fn lines(file: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(file).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}"))).collect()
}

/// Those of one message that name the request, in their span or by themselves.
fn of<'l>(lines: &'l [Value], message: &str, request: &str) -> Vec<&'l Value> {
    let is_of = |line: &&Value| {
        line["fields"]["message"] == message
            && (line["span"]["request_id"] == request || line["fields"]["request_id"] == request)
    };
    lines.iter().filter(is_of).collect()
}

async fn a_trace_goes_on_where_the_client_began_it(office: &Office) {
    let stranger = office.stranger();
    let asks = |traceparent: Option<String>| {
        let request = stranger.request(Method::GET, "/api/v1/health");
        let request = match traceparent {
            Some(value) => request.header("traceparent", value),
            None => request,
        };
        let stranger = &stranger;
        async move { stranger.sends(request).await.header("traceparent").to_owned() }
    };
    let parts = |header: &str| header.split('-').map(str::to_owned).collect::<Vec<_>>();
    let kept = parts(&asks(Some(format!("00-{TRACE}-{PARENT}-00"))).await);
    assert_eq!((kept[0].as_str(), kept[1].as_str(), kept[3].as_str()), ("00", TRACE, "00"));
    assert!(kept[2].len() == 16 && kept[2] != PARENT, "our own part of it: {kept:?}");
    for invalid in [None, Some(format!("00-{}-{PARENT}-01", "0".repeat(32))), Some("x".to_owned())] {
        let begun = parts(&asks(invalid).await);
        assert!(begun.len() == 4 && begun[1].len() == 32 && begun[1] != TRACE && begun[3] == "01", "{begun:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_followed_by_its_name_through_two_processes() {
    const NAME: &str = "pedido-que-se-sigue";
    let database = database::Private::create().await;
    let place = Place::database(&database.url);
    place.hires().await;
    let (one, other) = (Logging::begins(&place).await, Logging::begins(&place).await);
    let boss = one.server.supervisor().await;
    let me = boss.user.unwrap().0;
    let mut screen = boss.at(&other.server.url).opens_a_screen("").await;
    screen.reads_a("connection_ack").await;
    let task = json!({ "codigo": "SEGUIDA-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": me });
    let request = boss.request(Method::POST, "/api/v1/tasks/").header("X-Request-ID", NAME);
    let answer = boss.sends(request.header("traceparent", format!("00-{TRACE}-{PARENT}-01")).json(&task)).await;
    assert_eq!(answer.header("x-request-id"), NAME);
    let id = answer.ok()["id"].as_i64().unwrap();
    screen.waits_for("task_created").await;
    drop(screen);
    let (here, there) = (one.ends().await, other.ends().await);

    let queries = of(&here, "slow query", NAME);
    assert!(queries.len() >= 5, "{queries:#?}");
    for query in &queries {
        assert_eq!((&query["level"], &query["fields"]["store"]), (&json!("WARN"), &json!("postgresql")));
        assert_eq!((&query["span"]["trace_id"], &query["span"]["parent_id"]), (&json!(TRACE), &json!(PARENT)));
        assert!(query["fields"]["duration_ms"].as_f64().unwrap() > 0.0);
        // Values are bound, and never said.
        assert!(!query.to_string().contains("Recorrer"), "{query}");
    }
    let inserts = queries.iter().filter(|query| query["fields"]["statement"].as_str().unwrap().contains("INSERT"));
    assert!(inserts.count() >= 3, "the row, its event, its audit line: {queries:#?}");

    let [slow] = of(&here, "slow request", NAME)[..] else { panic!("one line of the request") };
    let span = &slow["span"];
    assert_eq!((&span["user.id"], &span["task.id"]), (&json!(me), &json!(id)));
    assert_eq!(slow["fields"]["status"], 200);
    assert_eq!((&span["method"], &span["path"]), (&json!("POST"), &json!("/api/v1/tasks/")));
    let part = |name: &str| slow["fields"][name].as_f64().unwrap_or_else(|| panic!("{name} in {slow}"));
    assert!(part("database_ms") > 0.0 && part("encode_ms") > 0.0 && part("queries") >= 5.0, "{slow}");
    let parts = ["pool_wait_ms", "database_ms", "encode_ms", "other_ms"].map(part).iter().sum::<f64>();
    assert!((parts - part("duration_ms")).abs() < 0.01, "{slow}");
    assert_eq!(slow["fields"]["code"], "slow_request");

    for lines in [&here, &there] {
        let [told] = of(lines, "event told", NAME)[..] else { panic!("told once by each: {lines:#?}") };
        assert_eq!((&told["fields"]["kind"], &told["fields"]["task.id"]), (&json!("task_created"), &json!(id)));
    }
    let [sent] = of(&there, "event sent", NAME)[..] else { panic!("sent once, to the one screen") };
    assert_eq!(sent["fields"]["user.id"], me);
    database.drop().await;
}
