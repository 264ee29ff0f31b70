//! A collector of OpenTelemetry and what it is sent.

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use reqwest::Method;

use crate::binary::{Place, Server};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const UNWANTED: &str = "4bf92f3577b34da6a3ce929d0e0e4737";
const PARENT: &str = "00f067aa0ba902b7";

/// Bodies that came, in order.
pub type Taken = Arc<Mutex<Vec<Bytes>>>;

/// Listens as a collector does; gives its address and what it takes.
pub async fn collector() -> (String, Taken) {
    let taken = Taken::default();
    let ours = Arc::clone(&taken);
    let take = move |headers: HeaderMap, body: Bytes| {
        assert_eq!(headers["content-type"], "application/x-protobuf");
        ours.lock().unwrap().push(body);
        async { StatusCode::OK }
    };
    let router = axum::Router::new().route("/v1/traces", axum::routing::post(take));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    #[expect(clippy::disallowed_methods, reason = "it ends with its test")]
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, taken)
}

/// A value of protobuf.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Number(u64),
    Bytes(Vec<u8>),
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let (mut number, mut shift) = (0, 0);
    loop {
        let (first, rest) = bytes.split_first().unwrap();
        *bytes = rest;
        number |= u64::from(first & 0x7f) << shift;
        shift += 7;
        if first & 0x80 == 0 {
            return number;
        }
    }
}

/// Fields of a message, by their numbers.
fn fields(mut bytes: &[u8]) -> Vec<(u64, Value)> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes);
        let value = match key & 7 {
            0 => Value::Number(varint(&mut bytes)),
            kind => {
                let length = if kind == 1 { 8 } else { usize::try_from(varint(&mut bytes)).unwrap() };
                let (value, rest) = bytes.split_at(length);
                bytes = rest;
                match kind {
                    1 => Value::Number(u64::from_le_bytes(value.try_into().unwrap())),
                    2 => Value::Bytes(value.to_vec()),
                    other => panic!("no wire type {other} was expected"),
                }
            }
        };
        fields.push((key >> 3, value));
    }
    fields
}

fn inner(message: &[u8], number: u64) -> Vec<Vec<u8>> {
    let of = fields(message).into_iter().filter(|(field, _)| *field == number);
    of.map(|(_, value)| if let Value::Bytes(bytes) = value { bytes } else { panic!("{value:?}") }).collect()
}

/// A span as the collector reads it.
#[derive(Debug)]
struct Span {
    trace: String,
    id: String,
    parent: String,
    name: String,
    kind: u64,
    time: (u64, u64),
    attributes: Vec<(String, String)>,
}

impl Span {
    fn of(message: &[u8]) -> Self {
        let all = fields(message);
        let hexadecimal = |number| inner(message, number).first().map(hex::encode).unwrap_or_default();
        let number = |number| match all.iter().find(|(field, _)| *field == number) {
            Some((_, Value::Number(value))) => *value,
            other => panic!("{number}: {other:?}"),
        };
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let attributes = inner(message, 9).into_iter().map(|pair| {
            let value = match &fields(&inner(&pair, 2)[0])[0] {
                (1, Value::Bytes(words)) => text(words),
                (2 | 3, Value::Number(number)) => number.to_string(),
                other => panic!("{other:?}"),
            };
            (text(&inner(&pair, 1)[0]), value)
        });
        Self {
            trace: hexadecimal(1),
            id: hexadecimal(2),
            parent: hexadecimal(4),
            name: text(&inner(message, 5)[0]),
            kind: number(6),
            time: (number(7), number(8)),
            attributes: attributes.collect(),
        }
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find_map(|(known, value)| (known == name).then_some(value.as_str()))
    }
}

/// All spans that came: resources hold scopes, scopes hold spans.
fn spans(taken: &Taken) -> Vec<Span> {
    let bodies = taken.lock().unwrap().clone();
    let scopes = bodies.iter().flat_map(|body| inner(body, 1)).flat_map(|resource| inner(&resource, 2));
    scopes.flat_map(|scope| inner(&scope, 2)).map(|span| Span::of(&span)).collect()
}

async fn sends_to(endpoint: &str) -> (Server, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    place.hires().await;
    // What is logged is another matter.
    (place.serves_with(&[("GAD_OTLP_ENDPOINT", endpoint), ("LOG_LEVEL", "error")]).await, dir)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_gets_the_request_and_its_queries_as_parts_of_the_clients_trace() {
    let (endpoint, taken) = collector().await;
    let (server, _dir) = sends_to(&endpoint).await;
    let boss = server.supervisor().await;
    for (trace, sampled) in [(TRACE, "01"), (UNWANTED, "00")] {
        let request = boss.request(Method::GET, "/api/v1/tasks/?limit=7");
        boss.sends(request.header("traceparent", format!("00-{trace}-{PARENT}-{sampled}"))).await.ok();
    }
    // What waited is sent before the process ends.
    assert!(server.ends().await);
    let spans = spans(&taken);
    assert!(spans.iter().all(|span| span.trace != UNWANTED), "the client does not want to see it: {spans:#?}");
    let ours: Vec<&Span> = spans.iter().filter(|span| span.trace == TRACE).collect();
    let (requests, queries): (Vec<&Span>, Vec<&Span>) = ours.into_iter().partition(|span| span.kind == 2);
    let [request] = requests[..] else { panic!("one request: {spans:#?}") };
    assert_eq!((request.parent.as_str(), request.name.as_str()), (PARENT, "GET /api/v1/tasks/"));
    assert_eq!(request.attribute("http.response.status_code"), Some("200"));
    assert_eq!(request.attribute("user.id"), Some(boss.user.unwrap().to_string().as_str()));
    assert!(!queries.is_empty(), "{spans:#?}");
    for query in queries {
        assert_eq!((query.parent.as_str(), query.kind), (request.id.as_str(), 3), "{query:?}");
        assert_eq!(query.attribute("db.system.name"), Some("sqlite"));
        assert!(query.attribute("db.query.text").unwrap().contains("SELECT"), "{query:?}");
        assert!(request.time.0 <= query.time.0 && query.time.0 <= query.time.1 && query.time.1 <= request.time.1);
    }
    assert!(spans.iter().any(|span| span.name == "POST /api/v1/auth/login"), "a trace that begins here: {spans:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_keeps_nobody_waiting() {
    let (server, _dir) = sends_to("http://127.0.0.1:1").await;
    let boss = server.supervisor().await;
    let dropped = async {
        loop {
            let page = boss.gets("/metrics").await.text;
            let line = page.lines().find_map(|line| line.strip_prefix("gad_otlp_spans_total{outcome=\"dropped\"} "));
            if line.is_some_and(|count| count != "0") {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), dropped).await.expect("what is dropped is counted");
    assert!(server.ends().await);
}
