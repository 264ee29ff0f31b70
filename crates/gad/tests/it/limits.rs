//! How often somebody may ask (contract §7.3), and that nobody can use it against somebody else.

use domain::Level;
use serde_json::json;

use crate::office::{Office, On, proxies};
use crate::person::{Answer, Person};

/// An office that counts requests. Where it counts is not the record, so one store will do.
async fn counting() -> Office {
    Office::open_with(On::Sqlite, |values| values.rate_limiting = true).await
}

/// Asks until told to wait; gives how many were answered, and the refusal.
async fn asks_until_refused(person: &Person, path: &str) -> (u32, Answer) {
    for answered in 0..1000 {
        let answer = person.gets(path).await;
        if answer.status == 429 {
            return (answered, answer);
        }
    }
    panic!("{path} was never refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_often_is_told_when_to_come_back() {
    let office = counting().await;
    let (answered, refused) = asks_until_refused(&office.stranger(), "/api/v1/nada").await;
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=61).contains(&wait), "{wait} seconds");
    let expected = json!({ "type": "about:blank", "title": "Too Many Requests", "status": 429,
        "code": "too_many_requests", "detail": "Demasiadas solicitudes", "error": "rate_limit_exceeded",
        "message": "Demasiadas solicitudes; intente de nuevo en unos segundos",
        "details": "Se permiten 100 solicitudes por minuto", "retry_after_seconds": wait, "rate_limit": 100,
        "window_seconds": 60, "government_service": "GRUPO_GAD",
        "citizen_support": "Si el problema persiste, avise a la administración de la oficina",
        "timestamp": "2025-10-09T08:53:20Z" });
    assert_eq!((answered, &refused.body), (100, &expected));
    let names = [
        "content-type",
        "x-ratelimit-limit",
        "x-ratelimit-window",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-ratelimit-policy",
        "x-government-service",
    ];
    let wait = wait.to_string();
    let policy = "government_citizen_protection";
    let expected = ["application/problem+json", "100", "60", "0", &wait, policy, "GRUPO_GAD"];
    assert_eq!(names.map(|name| refused.header(name)), expected);
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_says_how_many_more_there_may_be() {
    let office = counting().await;
    let stranger = office.stranger();
    let mut said = Vec::new();
    for _ in 0..3 {
        let answer = stranger.gets("/api/v1/users/me").await;
        assert_eq!((answer.status, answer.header("x-ratelimit-limit")), (401, "100"));
        assert_eq!((answer.header("x-ratelimit-window"), answer.header("x-ratelimit-reset")), ("60", "0"));
        said.push(answer.header("x-ratelimit-remaining").to_owned());
    }
    assert_eq!(said, ["99", "98", "97"]);
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_passwords_is_stopped_sooner_and_stops_nothing_else() {
    let office = counting().await;
    let stranger = office.stranger();
    let administrator = office.administrator().await;
    let mut guesses = 0;
    let refused = loop {
        // Without a password nothing is hashed; it is counted all the same.
        let request = stranger.request(reqwest::Method::POST, "/api/v1/auth/login");
        let answer = stranger.sends(request.form(&[("username", "ana@prueba.gad")])).await;
        if answer.status == 429 {
            break answer;
        }
        guesses += 1;
    };
    // One of the thirty was the administrator's.
    assert_eq!((guesses, refused.header("x-ratelimit-limit")), (29, "30"));
    assert_eq!(administrator.gets("/api/v1/users/me").await.status, 200);
    assert_eq!(stranger.gets("/api/v1/health/live").await.status, 200);
    assert_eq!(stranger.gets("/api/v1/users/me").await.status, 401);
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_user_who_floods_locks_out_nobody_else_at_the_same_address() {
    let office = counting().await;
    let (one, other) = (office.user(Level::Officer).await, office.user(Level::Officer).await);
    let (answered, _) = asks_until_refused(&one, "/api/v1/users/me").await;
    assert_eq!(answered, 100);
    assert_eq!(other.gets("/api/v1/users/me").await.status, 200);
    assert_eq!(office.stranger().gets("/api/v1/users/me").await.status, 401);
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_token_fills_the_bucket_of_nobody_but_its_address() {
    let office = counting().await;
    let officer = office.user(Level::Officer).await;
    let forger = office.stranger().with_token("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.");
    let (answered, _) = asks_until_refused(&forger, "/api/v1/users/me").await;
    assert_eq!(answered, 100);
    assert_eq!(officer.gets("/api/v1/users/me").await.status, 200);
    assert_eq!(office.stranger().gets("/api/v1/users/me").await.status, 429, "strangers share their address");
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn administration_has_a_limit_of_its_own() {
    let office = counting().await;
    let administrator = office.administrator().await;
    let mut carried_out = 0;
    let refused = loop {
        let answer = administrator.posts("/api/v1/admin/agent/command", json!({ "action": "ping" })).await;
        if answer.status == 429 {
            break answer;
        }
        carried_out += 1;
    };
    assert_eq!((carried_out, refused.header("x-ratelimit-limit")), (200, "200"));
    assert_eq!(administrator.gets("/api/v1/users/me").await.status, 200);
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_watches_the_office_may_always_ask() {
    let office = counting().await;
    let stranger = office.stranger();
    asks_until_refused(&stranger, "/api/v1/nada").await;
    let exempt = [
        "/health",
        "/health/live",
        "/health/ready",
        "/metrics",
        "/api/v1/health",
        "/api/v1/health/live",
        "/api/v1/health/ready",
        "/api/v1/metrics/prometheus",
    ];
    for path in exempt {
        let answer = stranger.gets(path).await;
        assert_ne!(answer.status, 429, "{path}");
        assert_eq!(answer.header("x-ratelimit-limit"), "", "{path}");
    }
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stands_behind_a_trusted_proxy_is_told_apart_by_address() {
    let office = Office::open_with(On::Sqlite, |values| {
        values.rate_limiting = true;
        values.trusted_proxies = proxies(&["127.0.0.1"]);
    })
    .await;
    let stranger = office.stranger();
    let remaining = async |hops: &str| {
        let request = stranger.request(reqwest::Method::GET, "/api/v1/nada").header("x-forwarded-for", hops);
        stranger.sends(request).await.header("x-ratelimit-remaining").to_owned()
    };
    assert_eq!([remaining("192.0.2.1").await, remaining("192.0.2.1").await], ["99", "98"]);
    assert_eq!(remaining("192.0.2.2").await, "99");
    // What stands further left was written by the client and is believed by nobody.
    assert_eq!(remaining("198.51.100.9, 192.0.2.2").await, "98");
    // Nor what stands in a line above: HAProxy adds a line of its own.
    let request = stranger.request(reqwest::Method::GET, "/api/v1/nada");
    let request = request.header("x-forwarded-for", "198.51.100.10").header("x-forwarded-for", "192.0.2.2");
    assert_eq!(stranger.sends(request).await.header("x-ratelimit-remaining"), "97");
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_trusted_proxy_nobody_is_believed_to_stand_elsewhere() {
    let office = counting().await;
    let stranger = office.stranger();
    for (hop, remaining) in [("192.0.2.1", "99"), ("192.0.2.2", "98"), ("192.0.2.3", "97")] {
        let request = stranger.request(reqwest::Method::GET, "/api/v1/nada").header("x-forwarded-for", hop);
        assert_eq!(stranger.sends(request).await.header("x-ratelimit-remaining"), remaining);
    }
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_that_counts_nothing_refuses_nobody() {
    let office = Office::open(On::Sqlite).await;
    let stranger = office.stranger();
    for _ in 0..150 {
        let answer = stranger.gets("/api/v1/nada").await;
        assert_eq!((answer.status, answer.header("x-ratelimit-limit")), (404, ""));
    }
    office.closes().await;
}
