//! Clients that are slow on purpose, or many: they get what they are due, and keep nobody else out.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::binary::{Place, Server};
use crate::person::Person;
use crate::raw::Raw;
use crate::screen::Seen;

/// An office with little patience. What is waited for below is longer than what is granted here.
async fn hasty(more: &[&str]) -> (Server, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    place.hires().await;
    let limits = ["--header-timeout", "1", "--keep-alive", "2", "--stall-timeout", "1", "--slowest-client", "1000"];
    let arguments = ["serve", "--listen", "127.0.0.1:0"];
    (place.serves_by(&[&arguments[..], &limits[..], more].concat()).await, dir)
}

/// How many clients were given up, by where.
async fn given_up(person: &Person, at: &str) -> u64 {
    let text = person.gets("/metrics").await.text;
    let name = format!("gad_slow_clients_total{{at=\"{at}\"}} ");
    text.lines().find_map(|line| line.strip_prefix(&name)).expect("it is counted").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_head_of_a_request_must_come_in_time() {
    let (server, _dir) = hasty(&[]).await;
    let silent = Raw::connects(&server.url).await;
    let mut dripping = Raw::connects(&server.url).await;
    dripping.says("GET /health HTTP/1.1\r\nhost: a\r\nx-long: ").await;
    let (silent, dripping) = tokio::join!(silent.waits_until_cut(), dripping.drips_until_cut(b'x'));
    for (said, after) in [silent, dripping] {
        assert_eq!(said, "");
        assert!(after >= Duration::from_secs(1) && after < Duration::from_secs(5), "{after:?}");
    }
    assert_eq!(given_up(&server.stranger(), "head").await, 2);
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_may_be_silent_for_longer_between_two_requests() {
    let (server, _dir) = hasty(&[]).await;
    let mut kept = Raw::connects(&server.url).await;
    for _ in 0..2 {
        kept.says("GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n").await;
        assert!(kept.hears().await.starts_with("HTTP/1.1 200 OK\r\n"));
    }
    let (said, after) = kept.waits_until_cut().await;
    assert_eq!(said, "");
    assert!(after >= Duration::from_secs(2) && after < Duration::from_secs(8), "{after:?}");
    let mut next = Raw::connects(&server.url).await;
    next.says("GET /health/live HTTP/1.1\r\nhost: a\r\n\r\nGET /hea").await;
    next.hears().await;
    let (said, after) = next.drips_until_cut(b'l').await;
    assert_eq!(said, "", "the head of a later request must come in time too");
    assert!(after < Duration::from_secs(8), "{after:?}");
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_must_come_at_a_certain_pace() {
    let (server, _dir) = hasty(&[]).await;
    let head = "POST /api/v1/auth/refresh HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n";
    for more in ["content-length: 5000\r\n\r\n", "idempotency-key: k\r\ncontent-length: 5000\r\n\r\n"] {
        let mut slow = Raw::connects(&server.url).await;
        slow.says(&format!("{head}{more}{{")).await;
        let (said, after) = slow.drips_until_cut(b' ').await;
        assert!(said.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{said}");
        assert!(said.contains(r#""code":"body_too_slow""#) && said.contains("x-content-type-options"), "{said}");
        assert!(after >= Duration::from_secs(1) && after < Duration::from_secs(5), "{after:?}");
    }
    assert_eq!(given_up(&server.stranger(), "body").await, 2);
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_must_be_taken() {
    let (server, _dir) = hasty(&[]).await;
    let mut slow = Raw::connects_narrowly(&server.url).await;
    // More than all buffers on the way can hold.
    slow.says(&"GET /api/v1/openapi.json HTTP/1.1\r\nhost: a\r\n\r\n".repeat(300)).await;
    let stranger = server.stranger();
    let counted = async { while given_up(&stranger, "answer").await == 0 {} };
    tokio::time::timeout(Duration::from_secs(20), counted).await.expect("it is given up");
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_and_streams_may_be_silent_for_as_long_as_they_like() {
    let (server, _dir) = hasty(&["--ws-heartbeat", "30"]).await;
    let supervisor = server.supervisor().await;
    let mut screen = supervisor.opens_a_screen("").await;
    screen.reads_a("connection_ack").await;
    let request = supervisor.request(Method::GET, "/api/v1/eventos").header("accept", "text/event-stream");
    let mut stream = request.send().await.unwrap();
    // Whoever is cut after this long has been silent for longer than a request may be.
    let mut kept = Raw::connects(&server.url).await;
    kept.says("GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n").await;
    kept.waits_until_cut().await;
    let task = json!({ "codigo": "TARDE-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": supervisor.user.unwrap().0 });
    supervisor.posts("/api/v1/tasks/", task).await.ok();
    assert!(matches!(screen.sees().await, Seen::Message(message) if message["event_type"] == "task_created"));
    let part = tokio::time::timeout(Duration::from_secs(10), stream.chunk()).await.expect("a part in time");
    assert!(String::from_utf8_lossy(&part.unwrap().expect("the stream lives")).contains("TARDE-1"));
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_all_room_is_taken_newcomers_are_told_at_once_and_it_is_free_again_soon() {
    let (server, _dir) = hasty(&["--max-connections", "20"]).await;
    let mut silent = Vec::new();
    for _ in 0..20 {
        silent.push(Raw::connects(&server.url).await);
    }
    let (said, after) = Raw::connects(&server.url).await.waits_until_cut().await;
    assert!(said.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{said}");
    assert!(said.contains("Retry-After: 1\r\n") && said.contains("too_many_connections"), "{said}");
    assert!(after < Duration::from_secs(1), "{after:?}");
    for client in silent {
        assert_eq!(client.waits_until_cut().await.0, "");
    }
    let text = server.stranger().gets("/metrics").await.text;
    assert!(text.contains("gad_connections_refused_total{reason=\"full\"} 1\n"), "{text}");
    assert!(text.contains("gad_connections 1\n"), "none of them is counted any more");
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn hundreds_of_slow_clients_slow_nobody_down() {
    let (server, _dir) = hasty(&[]).await;
    let mut slow = tokio::task::JoinSet::new();
    for n in 0..400 {
        let mut client = Raw::connects(&server.url).await;
        let head = "POST /api/v1/auth/login HTTP/1.1\r\nhost: a\r\n";
        client.says(if n % 2 == 0 { "GET /hea" } else { head }).await;
        slow.spawn(client.drips_until_cut(b'x'));
    }
    let stranger = server.stranger();
    let mut slowest = Duration::ZERO;
    while !slow.is_empty() {
        let begun = std::time::Instant::now();
        assert_eq!(stranger.gets("/health/live").await.status, 200);
        slowest = slowest.max(begun.elapsed());
        while slow.try_join_next().is_some() {}
    }
    println!("beside 400 slow clients the slowest answer took {slowest:?}");
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    assert_eq!(given_up(&stranger, "head").await, 400);
    assert!(server.ends().await);
}

async fn answered(server: &Server, request: &str) -> String {
    let mut client = Raw::connects(&server.url).await;
    client.says(request).await;
    client.waits_until_cut().await.0
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_addresses_and_depths_have_bounds() {
    let (server, _dir) = hasty(&[]).await;
    let close = "host: a\r\nconnection: close\r\n";
    let large = format!("GET /health HTTP/1.1\r\n{close}x-large: {}\r\n\r\n", "x".repeat(33 * 1024));
    let many = format!("GET /health HTTP/1.1\r\n{close}{}\r\n", "x-one: 1\r\n".repeat(101));
    for request in [large, many] {
        let said = answered(&server, &request).await;
        assert!(said.starts_with("HTTP/1.1 431 Request Header Fields Too Large\r\n"), "{said}");
    }
    let said = answered(&server, &format!("GET /{} HTTP/1.1\r\n{close}\r\n", "x".repeat(9000))).await;
    assert!(said.starts_with("HTTP/1.1 414 URI Too Long\r\n") && said.contains("address_too_long"), "{said}");
    assert!(said.contains("application/problem+json"), "{said}");
    let supervisor = server.supervisor().await;
    let deep = format!("{{\"titulo\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let request = supervisor.request(Method::POST, "/api/v1/tasks/").header("content-type", "application/json");
    let refused = supervisor.sends(request.body(deep)).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(server.ends().await);
}
