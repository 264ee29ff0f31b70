//! One table of requests by pages and whether each page may act, held against every route that a
//! cookie opens, sign-in, and the socket.

use api::ApiValues;
use domain::Level;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::office::{Office, On, PASSWORD, proxies};
use crate::person::Person;
use crate::screen::{Screen, Seen};

/// How an office is set up.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    /// By itself.
    Plain,
    /// Where cookies need TLS.
    Secure,
    /// With the peer of the tests as a trusted proxy.
    Proxied,
    /// With its public URL.
    Named,
}

/// Set-up, headers of the request (`host` among them), and whether the page may act.
type Row = (Kind, &'static [(&'static str, &'static str)], bool);

const LISTED: &str = "https://mapa.example";

const TABLE: &[Row] = &[
    (Kind::Plain, &[("host", "oficina.example"), ("origin", "http://oficina.example")], true),
    (Kind::Plain, &[("host", "oficina.example:80"), ("origin", "http://oficina.example")], true),
    (Kind::Plain, &[("host", "Oficina.Example:8000"), ("origin", "http://oficina.example:8000")], true),
    (Kind::Plain, &[("host", "[::1]:8000"), ("origin", "http://[::1]:8000")], true),
    (Kind::Plain, &[("host", "oficina.example"), ("origin", "http://oficina.example:8080")], false),
    (Kind::Plain, &[("host", "oficina.example"), ("origin", "https://oficina.example")], false),
    (Kind::Plain, &[("host", "oficina.example"), ("origin", "x://oficina.example")], false),
    (Kind::Plain, &[("host", "oficina.example"), ("origin", "http://oficina.example.evil.example")], false),
    (Kind::Plain, &[("host", "oficina.example"), ("origin", "null")], false),
    (Kind::Plain, &[("host", "oficina.example"), ("origin", LISTED)], true),
    (Kind::Plain, &[("host", "oficina.example"), ("origin", "http://mapa.example")], false),
    // The upstream's address in place of the public one, as `proxy_pass` alone has it.
    (Kind::Plain, &[("host", "127.0.0.1:8000"), ("origin", "http://oficina.example:8080")], false),
    (
        Kind::Plain,
        &[
            ("host", "127.0.0.1:8000"),
            ("x-forwarded-host", "oficina.example"),
            ("x-forwarded-proto", "https"),
            ("origin", "https://oficina.example"),
        ],
        false,
    ),
    (Kind::Secure, &[("host", "oficina.example"), ("origin", "https://oficina.example")], true),
    (Kind::Secure, &[("host", "oficina.example:443"), ("origin", "https://oficina.example")], true),
    (Kind::Secure, &[("host", "oficina.example"), ("origin", "http://oficina.example")], false),
    (Kind::Secure, &[("host", "oficina.example"), ("origin", "x://oficina.example")], false),
    (
        Kind::Proxied,
        &[
            ("host", "127.0.0.1:8000"),
            ("x-forwarded-host", "oficina.example"),
            ("x-forwarded-proto", "https"),
            ("origin", "https://oficina.example"),
        ],
        true,
    ),
    (
        Kind::Proxied,
        &[
            ("host", "127.0.0.1:8000"),
            ("forwarded", "for=192.0.2.1;proto=https;host=\"oficina.example:8443\""),
            ("origin", "https://oficina.example:8443"),
        ],
        true,
    ),
    (
        Kind::Proxied,
        &[
            ("host", "oficina.example"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-port", "8443"),
            ("origin", "https://oficina.example:8443"),
        ],
        true,
    ),
    (
        Kind::Proxied,
        &[("host", "oficina.example"), ("x-forwarded-proto", "https"), ("origin", "http://oficina.example")],
        false,
    ),
    // The password of a proxy in front is no credential of the office.
    (
        Kind::Plain,
        &[("host", "oficina.example"), ("origin", "http://oficina.example"), ("authorization", "Basic eDp5")],
        true,
    ),
    (
        Kind::Plain,
        &[("host", "oficina.example"), ("origin", "http://evil.example"), ("authorization", "Basic eDp5")],
        false,
    ),
    // Traefik names the protocol of a socket so.
    (
        Kind::Proxied,
        &[("host", "oficina.example"), ("x-forwarded-proto", "wss"), ("origin", "https://oficina.example")],
        true,
    ),
    (
        Kind::Proxied,
        &[("host", "oficina.example"), ("x-forwarded-proto", "WS"), ("origin", "http://oficina.example")],
        true,
    ),
    (
        Kind::Proxied,
        &[("host", "oficina.example"), ("x-forwarded-proto", "wss"), ("origin", "http://oficina.example")],
        false,
    ),
    // What the client wrote stands to the left.
    (
        Kind::Proxied,
        &[
            ("host", "127.0.0.1:8000"),
            ("x-forwarded-host", "evil.example, oficina.example"),
            ("origin", "http://evil.example"),
        ],
        false,
    ),
    (Kind::Proxied, &[("host", "oficina.example"), ("origin", "http://oficina.example")], true),
    (Kind::Named, &[("host", "127.0.0.1:8000"), ("origin", "https://oficina.example")], true),
    (Kind::Named, &[("host", "127.0.0.1:8000"), ("origin", LISTED)], true),
    (Kind::Named, &[("host", "127.0.0.1:8000"), ("origin", "http://127.0.0.1:8000")], false),
];

async fn set_up(kind: Kind) -> Office {
    Office::open_with(On::Sqlite, |values: &mut ApiValues| {
        values.cors_origins = vec![LISTED.parse().unwrap()];
        values.secure_cookies = kind == Kind::Secure;
        if kind == Kind::Proxied {
            values.trusted_proxies = proxies(&["127.0.0.1"]);
        }
        if kind == Kind::Named {
            values.public_url = Some("https://oficina.example".to_owned());
        }
    })
    .await
}

fn with(mut request: RequestBuilder, headers: &[(&'static str, &'static str)]) -> RequestBuilder {
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request
}

/// Tokens of a new session: of access, and to refresh it.
async fn signs_in(person: &Person, email: &str) -> (String, String) {
    let body = person.tries_to_sign_in(email, PASSWORD).await.ok();
    let token = |key: &str| body[key].as_str().unwrap().to_owned();
    (token("access_token"), token("refresh_token"))
}

/// All routes that change something, with ids that do not exist.
fn changes() -> Vec<(Method, String)> {
    let document: Value = serde_json::to_value(api::openapi()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["post", "put", "patch", "delete"] {
            if item.get(method).is_some() && !path.starts_with("/api/v1/auth/") {
                let uuid = path.replace("{session_id}", "00000000-0000-0000-0000-000000000000");
                let parts: Vec<&str> =
                    uuid.split('/').map(|part| if part.starts_with('{') { "999999" } else { part }).collect();
                found.push((method.to_uppercase().parse().unwrap(), parts.join("/")));
            }
        }
    }
    assert!(found.len() > 25, "{found:?}");
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_of_a_cookie_sign_in_and_sockets_agree_on_which_page_may_act() {
    for kind in [Kind::Plain, Kind::Secure, Kind::Proxied, Kind::Named] {
        let office = set_up(kind).await;
        let person = office.stranger();
        let email = office.member(Level::Administrator).await.email.unwrap().reveal().to_owned();
        let (access, _) = signs_in(&person, &email).await;
        let cookie = format!("access_token={access}");
        for (_, headers, may_act) in TABLE.iter().filter(|(of, ..)| *of == kind) {
            let said = |answer: &crate::person::Answer| {
                let is_foreign = answer.status == 403 && answer.body["code"] == "origin_not_allowed";
                if is_foreign {
                    let origin = headers.iter().find(|(name, _)| *name == "origin").unwrap().1;
                    let (detail, errors) = (answer.body["detail"].as_str().unwrap(), &answer.body["errors"][0]);
                    assert!(detail.contains(origin) && detail.contains("public_url"), "{detail}");
                    assert_eq!((&errors["loc"], &errors["input"]), (&json!(["header", "Origin"]), &json!(origin)));
                }
                !is_foreign
            };
            for (method, path) in changes() {
                let request = with(person.request(method.clone(), &path), headers).header("cookie", &cookie);
                let answer = person.sends(request.json(&json!({}))).await;
                assert_eq!(said(&answer), *may_act, "{kind:?} {headers:?} {method} {path}: {}", answer.text);
                assert_ne!(answer.status, 401, "{kind:?} {headers:?} {method} {path}");
            }
            let form = [("username", email.as_str()), ("password", PASSWORD)];
            let login = with(person.request(Method::POST, "/api/v1/auth/login"), headers).form(&form);
            let answer = person.sends(login).await;
            assert_eq!(said(&answer), *may_act, "{kind:?} {headers:?} sign-in: {}", answer.text);
            assert_eq!(answer.status == 200, *may_act, "{kind:?} {headers:?} sign-in");
            assert_eq!(answer.header("set-cookie").is_empty(), !may_act, "{kind:?} {headers:?} sign-in");

            let (access, refresh) = signs_in(&person, &email).await;
            let refreshed = with(person.request(Method::POST, "/api/v1/auth/refresh"), headers);
            let refreshed = refreshed.header("cookie", format!("refresh_token={refresh}"));
            let answer = person.sends(refreshed.json(&json!({}))).await;
            assert_eq!((said(&answer), answer.status == 200), (*may_act, *may_act), "{kind:?} {headers:?} refresh");
            let out = with(person.request(Method::POST, "/api/v1/auth/logout"), headers);
            let answer = person.sends(out.header("cookie", format!("access_token={access}"))).await;
            assert_eq!((said(&answer), answer.status == 200), (*may_act, *may_act), "{kind:?} {headers:?} logout");

            let mut shown: Vec<(&'static str, String)> =
                headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
            shown.push(("cookie", cookie.clone()));
            let mut screen = Screen::opens(office.url(), "", &shown).await;
            match screen.sees().await {
                Seen::Message(message) => assert!(*may_act, "{kind:?} {headers:?}: {message}"),
                end => {
                    assert!(!may_act, "{kind:?} {headers:?}: {end:?}");
                    assert_eq!(end, Seen::Closed(1008, "Origin not allowed".to_owned()));
                }
            }
        }
        office.closes().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_shows_no_cookie_or_changes_nothing_is_not_asked_for_its_origin() {
    let office = set_up(Kind::Plain).await;
    let supervisor = office.supervisor().await;
    let foreign = [("host", "oficina.example"), ("origin", "https://evil.example")];
    let read = with(supervisor.without_token().request(Method::GET, "/api/v1/users/me"), &foreign);
    assert_eq!(supervisor.sends(read.header("cookie", supervisor.cookie())).await.status, 200, "a reading");
    let by_token = with(supervisor.request(Method::POST, "/api/v1/tasks/"), &foreign).json(&json!({}));
    assert_eq!(supervisor.sends(by_token).await.status, 422, "a token in the header");
    let nothing = with(office.stranger().request(Method::POST, "/api/v1/tasks/"), &foreign).json(&json!({}));
    assert_eq!(supervisor.sends(nothing).await.status, 401, "no credential");
    // A cookie without a word on the page is not enough.
    let silent = office.stranger().request(Method::POST, "/api/v1/tasks/").header("cookie", supervisor.cookie());
    assert_eq!(supervisor.sends(silent.json(&json!({}))).await.body["code"], "origin_not_allowed");
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_need_tls_where_browsers_come_by_tls() {
    let office = set_up(Kind::Proxied).await;
    let person = office.stranger();
    let email = office.member(Level::Officer).await.email.unwrap().reveal().to_owned();
    for (proto, is_secure) in [("https", true), ("http", false)] {
        let request = person.request(Method::POST, "/api/v1/auth/login").header("x-forwarded-proto", proto);
        let answer = person.sends(request.form(&[("username", email.as_str()), ("password", PASSWORD)])).await;
        let set: Vec<&str> =
            answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
        assert!(!set.is_empty() && set.iter().all(|cookie| cookie.ends_with("; Secure") == is_secure), "{set:?}");
    }
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_one_host_is_refused() {
    let office = set_up(Kind::Plain).await;
    for (lines, status) in [
        ("HTTP/1.1\r\nhost: a\r\n", "200"),
        ("HTTP/1.0\r\n", "200"),
        ("HTTP/1.1\r\n", "400"),
        ("HTTP/1.1\r\nhost: a\r\nhost: a\r\n", "400"),
        ("HTTP/1.1\r\nhost: a/b\r\n", "400"),
    ] {
        let mut raw = crate::raw::Raw::connects(office.url()).await;
        raw.says(&format!("GET /health {lines}connection: close\r\n\r\n")).await;
        let (said, _) = raw.waits_until_cut().await;
        assert_eq!(said.split(' ').nth(1), Some(status), "{lines:?}: {said}");
        assert!(said.to_lowercase().contains("x-request-id"), "{said}");
    }
    office.closes().await;
}
