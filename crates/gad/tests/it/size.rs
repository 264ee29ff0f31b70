//! How much one request may bring (contract §1.2, §7.2).

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::office::{Office, On};

const HEAD: &str = "POST /api/v1/auth/refresh HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\
                    content-type: application/json\r\n";

/// Sends bytes as they are, and gives all that comes back.
async fn answered(office: &Office, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(office.stranger().address()).await.unwrap();
    // The answer may come, and the connection end, before all is sent.
    let _ = stream.write_all(bytes).await;
    let mut said = Vec::new();
    let mut part = [0; 4096];
    while let Ok(1..) = stream.read(&mut part).await.inspect(|read| said.extend_from_slice(&part[..*read])) {}
    String::from_utf8_lossy(&said).into_owned()
}

#[track_caller]
fn is_refused(answer: &str) {
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("content-type: application/problem+json"), "{answer}");
    assert!(answer.contains(r#""detail":"Request body too large""#), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_says_it_is_too_large_is_refused_before_it_is_sent() {
    let office = Office::open(On::Sqlite).await;
    let too_long = 10 * 1024 * 1024 + 1;
    is_refused(&answered(&office, format!("{HEAD}content-length: {too_long}\r\n\r\n").as_bytes()).await);
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_says_nothing_of_its_size_is_refused_when_it_grows_too_large() {
    let office = Office::open_with(On::Sqlite, |values| values.body_limit = 1000).await;
    let chunk = format!("1f4\r\n{}\r\n", "x".repeat(500));
    let body = format!("{HEAD}transfer-encoding: chunked\r\n\r\n{}0\r\n\r\n", chunk.repeat(3));
    is_refused(&answered(&office, body.as_bytes()).await);
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_body_under_an_idempotency_key_is_refused_alike() {
    let office = Office::open_with(On::Sqlite, |values| values.body_limit = 1000).await;
    let chunk = format!("1f4\r\n{}\r\n", "x".repeat(500));
    let head = format!("{HEAD}idempotency-key: una-vez\r\ntransfer-encoding: chunked\r\n\r\n");
    is_refused(&answered(&office, format!("{head}{}0\r\n\r\n", chunk.repeat(3)).as_bytes()).await);
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_just_the_allowed_size_is_read() {
    let office = Office::open_with(On::Sqlite, |values| values.body_limit = 1000).await;
    let stranger = office.stranger();
    let around = json!({ "refresh_token": "" }).to_string().len();
    let just = stranger.posts("/api/v1/auth/refresh", json!({ "refresh_token": "x".repeat(1000 - around) })).await;
    assert_eq!(just.refusal(), "403 Could not validate credentials");
    let more = stranger.posts("/api/v1/auth/refresh", json!({ "refresh_token": "x".repeat(1001 - around) })).await;
    assert_eq!(more.refusal(), "413 Request body too large");
    office.closes().await;
}
