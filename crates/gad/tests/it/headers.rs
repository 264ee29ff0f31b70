//! What every answer carries, refusals of the outer layers among them (contract §7.2).

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::json;

use crate::office::{Office, On};
use crate::person::Answer;

const ALWAYS: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("x-xss-protection", "1; mode=block"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("x-government-service", "GRUPO_GAD"),
];

#[track_caller]
fn carries_what_every_answer_does(answer: &Answer) {
    for (name, value) in ALWAYS {
        assert_eq!(answer.header(name), value, "{} {name}", answer.status);
    }
    assert_eq!(answer.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none';");
    assert_eq!(answer.header("permissions-policy"), "geolocation=(), microphone=(), camera=()");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("server"), "", "what serves is nobody's business");
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_and_refusals_alike_carry_the_security_headers() {
    let office = Office::open_with(On::Sqlite, |values| {
        values.rate_limiting = true;
        values.body_limit = 1000;
    })
    .await;
    let stranger = office.stranger();
    let mut seen = BTreeSet::new();
    let mut check = |answer: Answer| {
        carries_what_every_answer_does(&answer);
        seen.insert(answer.status);
    };
    check(stranger.gets("/api/v1/health").await);
    check(stranger.gets("/api/v1/nada").await);
    check(stranger.gets("/api/v1/users/me").await);
    check(stranger.with_token("x").gets("/api/v1/users/me").await);
    check(stranger.sends(stranger.request(Method::PATCH, "/api/v1/tasks/")).await);
    check(stranger.posts("/api/v1/auth/refresh", json!({})).await);
    check(stranger.posts("/api/v1/auth/refresh", json!({ "refresh_token": "x".repeat(1000) })).await);
    for _ in 0..100 {
        check(stranger.gets("/api/v1/nada").await);
    }
    assert_eq!(seen, BTreeSet::from([200, 401, 403, 404, 405, 413, 422, 429]));
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_behind_tls_asks_browsers_to_stay_there() {
    let kept = "max-age=31536000; includeSubDomains";
    for (secure, expected) in [(true, kept), (false, "")] {
        let office = Office::open_with(On::Sqlite, |values| values.secure_cookies = secure).await;
        for path in ["/login", "/api/v1/health", "/api/v1/nada"] {
            assert_eq!(office.stranger().gets(path).await.header("strict-transport-security"), expected, "{path}");
        }
        office.closes().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_keeps_the_name_that_its_sender_gave_it() {
    let office = Office::open(On::Sqlite).await;
    let stranger = office.stranger();
    let longest = "a".repeat(128);
    for id in ["b7e2-42", "tablero:2026.11_24", longest.as_str()] {
        for path in ["/api/v1/health", "/api/v1/nada"] {
            let request = stranger.request(Method::GET, path).header("x-request-id", id);
            assert_eq!(stranger.sends(request).await.header("x-request-id"), id);
        }
    }
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_a_sane_name_is_given_one_of_its_own() {
    let office = Office::open(On::Sqlite).await;
    let stranger = office.stranger();
    let long = "a".repeat(129);
    let odd: [Option<&[u8]>; 6] =
        [None, Some(b""), Some(b"two words"), Some(b"a\"b"), Some("ñandú".as_bytes()), Some(long.as_bytes())];
    let mut given = BTreeSet::new();
    for id in odd {
        let request = stranger.request(Method::GET, "/api/v1/health");
        let request = match id {
            Some(id) => request.header("x-request-id", id),
            None => request,
        };
        let answer = stranger.sends(request).await;
        let name = answer.header("x-request-id");
        assert!(uuid::Uuid::parse_str(name).is_ok(), "{name}");
        given.insert(name.to_owned());
    }
    assert_eq!(given.len(), odd.len(), "no two requests share a name");
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_told_nothing_of_a_strange_idempotency_key() {
    let office = Office::open(On::Sqlite).await;
    let asks = async |person: &crate::person::Person| {
        let request = person.request(Method::POST, "/api/v1/tasks/").header("idempotency-key", "");
        person.sends(request.json(&json!({}))).await
    };
    assert_eq!(asks(&office.stranger()).await.refusal(), "401 Not authenticated");
    let said = asks(&office.supervisor().await).await.fields();
    assert_eq!(said, ["header.Idempotency-Key: must be 1 to 255 visible ASCII characters"]);
    office.closes().await;
}
