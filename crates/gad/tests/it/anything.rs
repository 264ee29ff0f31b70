//! Whatever is sent, the office answers, and never with a failure of its own.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use reqwest::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::conversations;
use crate::office::Office;
use crate::person::Person;

conversations! {
    any_body_gets_an_answer,
    any_path_query_and_header_get_an_answer,
    any_bytes_on_the_wire_leave_the_office_well,
}

const CASES: u32 = 1000;

/// Holds a property to values of `strategy`, on this runtime.
fn holds<S: Strategy>(strategy: &S, property: impl AsyncFn(S::Value) -> Result<(), String>) {
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let runtime = tokio::runtime::Handle::current();
    tokio::task::block_in_place(|| {
        let mut runner = TestRunner::new(config);
        let outcome = runner.run(strategy, |value| runtime.block_on(property(value)).map_err(TestCaseError::fail));
        outcome.unwrap_or_else(|error| panic!("{error}"));
    });
}

async fn answered(person: &Person, request: reqwest::RequestBuilder) -> Result<(), String> {
    // What the client itself refuses to send never leaves it.
    let Ok(request) = request.build() else { return Ok(()) };
    let shown = format!("{request:?}");
    let response = person.carries(request).await.map_err(|error| format!("{shown}: {error:?}"))?;
    let status = response.status();
    let (kind, path) = (response.headers().get("content-type").cloned(), response.url().path().to_owned());
    let body = response.bytes().await.map_err(|error| format!("{shown}: {error:?}"))?;
    if status.is_server_error() {
        return Err(format!("{shown}: {status} {}", String::from_utf8_lossy(&body)));
    }
    // A cache key that is not there is told by `message`, as the contract has it.
    if status.is_client_error() && !path.starts_with("/api/v1/cache/invalidate/") {
        let problem: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
        let is_problem = kind.is_some_and(|kind| kind == "application/problem+json");
        if !problem["detail"].is_string() || !is_problem {
            return Err(format!("{shown}: {status} without a problem: {}", String::from_utf8_lossy(&body)));
        }
    }
    Ok(())
}

/// Routes that take a body.
const TAKERS: [(&str, &str); 12] = [
    ("POST", "/api/v1/auth/login"),
    ("POST", "/api/v1/auth/refresh"),
    ("POST", "/api/v1/users/"),
    ("PUT", "/api/v1/users/999999"),
    ("POST", "/api/v1/usuarios"),
    ("POST", "/api/v1/efectivos"),
    ("POST", "/api/v1/posiciones"),
    ("POST", "/api/v1/tasks/"),
    ("POST", "/api/v1/tasks/emergency"),
    ("PUT", "/api/v1/tasks/999999"),
    ("POST", "/api/v1/telegram/tasks/create"),
    ("POST", "/api/v1/admin/agent/command"),
];

const FIELDS: [&str; 16] = [
    "codigo",
    "titulo",
    "tipo",
    "inicio_programado",
    "delegado_usuario_id",
    "lat",
    "lng",
    "telegram_id",
    "email",
    "password",
    "nivel",
    "efectivos_asignados",
    "posiciones",
    "action",
    "estado",
    "nombre",
];

/// JSON with the names of fields, and with anything at all behind them.
fn json() -> impl Strategy<Value = Vec<u8>> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
        prop::sample::select(&["patrullaje", "2026-11-24T12:00:00Z", "ABC-1", "a\0b", "\u{202e}", ""][..])
            .prop_map(Into::into),
    ];
    let any = leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::btree_map(".{0,8}", inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    });
    prop::collection::btree_map(prop::sample::select(&FIELDS[..]), any, 0..12)
        .prop_map(|map| serde_json::to_vec(&map).unwrap())
}

const KINDS: [&str; 3] = ["application/json", "application/x-www-form-urlencoded", "text/plain"];

async fn any_body_gets_an_answer(office: &Office) {
    let administrator = office.administrator().await;
    let body = prop_oneof![3 => json(), 1 => prop::collection::vec(any::<u8>(), 0..300)];
    let request = (prop::sample::select(&TAKERS[..]), body, prop::sample::select(&KINDS[..]));
    holds(&request, async |((method, path), body, kind)| {
        let request = administrator.request(method.parse().unwrap(), path).header("content-type", kind).body(body);
        answered(&administrator, request).await
    });
}

/// Beginnings of paths behind which something stands.
const PREFIXES: [&str; 14] = [
    "/",
    "/api/v1/",
    "/api/v1/users/",
    "/api/v1/usuarios/",
    "/api/v1/tasks/",
    "/api/v1/efectivos/",
    "/api/v1/cache/",
    "/api/v1/cache/invalidate/",
    "/api/v1/cache/invalidate-pattern/",
    "/api/v1/telegram/auth/",
    "/api/v1/telegram/auth/verify/",
    "/api/v1/telegram/tasks/code/",
    "/api/v1/stats/user/",
    "/ws/",
];

const PARAMETERS: [&str; 14] = [
    "skip",
    "limit",
    "cursor",
    "q",
    "desde",
    "hasta",
    "estado",
    "lat",
    "lng",
    "radio_m",
    "bbox",
    "center_lat",
    "days",
    "unidad",
];

const READS: [&str; 9] = [
    "/api/v1/tasks/",
    "/api/v1/efectivos",
    "/api/v1/efectivos/cercanos",
    "/api/v1/geo/map/view",
    "/api/v1/geo/efectivos/mock",
    "/api/v1/geo/efectivos.geojson",
    "/api/v1/geo/tareas.geojson",
    "/api/v1/stats/user/1",
    "/api/v1/users/",
];

const HEADERS: [&str; 8] = [
    "authorization",
    "cookie",
    "if-match",
    "idempotency-key",
    "x-request-id",
    "x-forwarded-for",
    "origin",
    "user-agent",
];

fn percent(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "%{byte:02X}");
        text
    })
}

async fn any_path_query_and_header_get_an_answer(office: &Office) {
    let administrator = office.administrator().await;
    let bytes =
        || prop_oneof![prop::collection::vec(any::<u8>(), 0..40), "[0-9.,-]{0,12}".prop_map(String::into_bytes)];
    let path = prop_oneof![
        (prop::sample::select(&PREFIXES[..]), bytes()).prop_map(|(prefix, rest)| format!("{prefix}{}", percent(&rest))),
        prop::sample::select(&READS[..]).prop_map(str::to_owned),
    ];
    let query = prop::collection::vec((prop::sample::select(&PARAMETERS[..]), bytes()), 0..5);
    let header = prop::option::of((prop::sample::select(&HEADERS[..]), prop::collection::vec(any::<u8>(), 0..60)));
    let methods = prop::sample::select(&["GET", "GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"][..]);
    holds(&(methods, path, query, header), async |(method, path, query, header)| {
        // The one who asks must not remove what the next case asks with.
        if method == "DELETE" && path.contains("/us") || path.contains("/auth/logout") {
            return Ok(());
        }
        let query: Vec<String> = query.iter().map(|(name, value)| format!("{name}={}", percent(value))).collect();
        let path = format!("{path}?{}", query.join("&"));
        let mut request = administrator.request(method.parse::<Method>().unwrap(), &path);
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        answered(&administrator, request).await
    });
}

async fn any_bytes_on_the_wire_leave_the_office_well(office: &Office) {
    let stranger = office.stranger();
    let address = stranger.address().to_owned();
    let begin = prop_oneof![
        Just(Vec::new()),
        Just(b"POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\n".to_vec()),
        Just(b"GET /api/v1/tasks/ HTTP/1.1\r\n".to_vec()),
    ];
    let bytes = (begin, prop::collection::vec(any::<u8>(), 0..400));
    holds(&bytes, async |(mut begin, rest)| {
        begin.extend(rest);
        let mut stream = TcpStream::connect(&address).await.map_err(|error| error.to_string())?;
        // A refusal may come, and the connection end, before all is sent.
        let _ = stream.write_all(&begin).await;
        let _ = stream.shutdown().await;
        let mut said = Vec::new();
        let _ = stream.read_to_end(&mut said).await;
        if said.starts_with(b"HTTP/1.1 5") {
            return Err(String::from_utf8_lossy(&said).into_owned());
        }
        Ok(())
    });
    assert_eq!(stranger.gets("/api/v1/health/live").await.status, 200);
}
