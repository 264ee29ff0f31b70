//! Which pages of other origins may ask (contract §7.2).

use reqwest::Method;
use reqwest::header::HeaderValue;

use crate::office::{Office, On};
use crate::person::{Answer, Person};

const LISTED: &str = "https://mapa.example.org";
const UNLISTED: &str = "https://otro.example.org";

async fn open_for_one_origin(credentials: bool) -> Office {
    Office::open_with(On::Sqlite, |values| {
        values.cors_origins = vec![HeaderValue::from_static(LISTED)];
        values.cors_credentials = credentials;
    })
    .await
}

async fn asked_from(person: &Person, origin: &'static str) -> Answer {
    person.sends(person.request(Method::GET, "/api/v1/users/me").header("origin", origin)).await
}

/// What a browser asks before a request that changes something.
async fn announced_from(person: &Person, origin: &'static str) -> Answer {
    let request = person.request(Method::OPTIONS, "/api/v1/tasks/1").header("origin", origin);
    let request = request.header("access-control-request-method", "PUT");
    person.sends(request.header("access-control-request-headers", "authorization,if-match")).await
}

fn allowances(answer: &Answer) -> Vec<&str> {
    answer
        .headers
        .keys()
        .map(axum::http::HeaderName::as_str)
        .filter(|name| name.starts_with("access-control-"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_elses_page_may_ask_unless_the_office_says_so() {
    let office = Office::open(On::Sqlite).await;
    let stranger = office.stranger();
    for origin in [LISTED, UNLISTED, "null", "*"] {
        assert_eq!(allowances(&asked_from(&stranger, origin).await), [""; 0]);
        assert_eq!(allowances(&announced_from(&stranger, origin).await), [""; 0]);
    }
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_page_may_ask_and_read_refusals_too() {
    let office = open_for_one_origin(false).await;
    let supervisor = office.supervisor().await;
    let stranger = office.stranger();
    for (answer, status) in [(asked_from(&supervisor, LISTED).await, 200), (asked_from(&stranger, LISTED).await, 401)] {
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (status, LISTED));
        assert_eq!(answer.header("access-control-allow-credentials"), "");
        let exposed = "etag,retry-after,traceparent,x-request-id,x-ratelimit-limit,x-ratelimit-window,\
                       x-ratelimit-remaining,x-ratelimit-reset,location,x-next-cursor,x-total-count";
        assert_eq!(answer.header("access-control-expose-headers"), exposed);
        // What is kept for one origin may not be shown to another.
        assert!(answer.header("vary").contains("origin"), "{:?}", answer.headers);
    }
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_page_may_announce_a_change() {
    let office = open_for_one_origin(false).await;
    let answer = announced_from(&office.stranger(), LISTED).await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, LISTED));
    assert_eq!(answer.header("access-control-allow-methods"), "PUT");
    assert_eq!(answer.header("access-control-allow-headers"), "authorization,if-match");
    assert_eq!(answer.header("access-control-max-age"), "600");
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_not_listed_is_not_let_in_beside_it() {
    let office = open_for_one_origin(true).await;
    let stranger = office.stranger();
    for origin in [UNLISTED, "http://mapa.example.org", "https://mapa.example.org.evil.example", "null"] {
        assert_eq!(asked_from(&stranger, origin).await.header("access-control-allow-origin"), "", "{origin}");
        assert_eq!(announced_from(&stranger, origin).await.header("access-control-allow-origin"), "", "{origin}");
    }
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_page_may_send_cookies_if_the_office_says_so() {
    let office = open_for_one_origin(true).await;
    let stranger = office.stranger();
    for answer in [asked_from(&stranger, LISTED).await, announced_from(&stranger, LISTED).await] {
        assert_eq!(answer.header("access-control-allow-credentials"), "true");
        assert_eq!(answer.header("access-control-allow-origin"), LISTED, "with cookies never `*`");
    }
    office.closes().await;
}
