//! One table of requests and the client that each comes from, held against everything that depends
//! on the client's address.

use std::collections::BTreeMap;
use std::net::IpAddr;

use app::auth::place_of;
use domain::Level;
use reqwest::Method;
use serde_json::Value;

use crate::binary::{EMAIL, PASSWORD, Place};
use crate::office::{Office, On, proxies};
use crate::person::{Answer, Person};

const TRUSTED: [&str; 4] = ["127.0.0.1", "10.0.0.0/8", "localhost", "nadie.invalid"];

/// Address of the peer, headers, address of the client.
type Row = (&'static str, &'static [(&'static str, &'static str)], &'static str);

const TABLE: &[Row] = &[
    // A peer that is not listed is the client, whatever it says.
    ("127.0.0.2", &[], "127.0.0.2"),
    ("127.0.0.2", &[("x-forwarded-for", "203.0.113.7")], "127.0.0.2"),
    ("127.0.0.2", &[("x-real-ip", "203.0.113.7")], "127.0.0.2"),
    ("127.0.0.2", &[("forwarded", "for=203.0.113.7")], "127.0.0.2"),
    ("127.0.0.1", &[], "127.0.0.1"),
    ("127.0.0.1", &[("x-forwarded-for", "203.0.113.7")], "203.0.113.7"),
    ("127.0.0.1", &[("x-forwarded-for", "203.0.113.7:51234")], "203.0.113.7"),
    ("127.0.0.1", &[("x-forwarded-for", "::ffff:203.0.113.7")], "203.0.113.7"),
    ("127.0.0.1", &[("x-forwarded-for", "[::ffff:203.0.113.7]:51234")], "203.0.113.7"),
    ("127.0.0.1", &[("x-forwarded-for", "6.6.6.6, 203.0.113.7, 10.2.2.2")], "203.0.113.7"),
    ("127.0.0.1", &[("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "203.0.113.7")], "203.0.113.7"),
    ("127.0.0.1", &[("x-forwarded-for", "203.0.113.7"), ("x-real-ip", "6.6.6.6")], "203.0.113.7"),
    ("127.0.0.1", &[("x-real-ip", "203.0.113.7")], "203.0.113.7"),
    ("127.0.0.1", &[("forwarded", "for=6.6.6.6, for=\"203.0.113.7:80\"")], "203.0.113.7"),
    ("127.0.0.1", &[("x-forwarded-for", "2001:db8:1:2::1")], "2001:db8:1:2::1"),
    ("127.0.0.1", &[("x-forwarded-for", "[2001:db8:1:2:ffff::9]:443")], "2001:db8:1:2:ffff::9"),
    ("127.0.0.1", &[("forwarded", "for=\"[2001:db8:1:2::7]:443\";proto=https")], "2001:db8:1:2::7"),
    ("127.0.0.1", &[("x-forwarded-for", "2001:db8:1:3::1")], "2001:db8:1:3::1"),
    ("127.0.0.1", &[("x-forwarded-for", "unknown")], "127.0.0.1"),
    ("127.0.0.1", &[("x-forwarded-for", "203.0.113.7, ?, 10.2.2.2")], "10.2.2.2"),
];

fn expected(row: &Row) -> IpAddr {
    row.2.parse().unwrap()
}

/// Sends a request from one of this machine's addresses.
async fn sends(office: &Office, row: &Row, method: Method, path: &str, form: &[(&str, &str)]) -> (u16, String, Value) {
    let client = reqwest::Client::builder()
        .local_address(row.0.parse::<IpAddr>().unwrap())
        .timeout(std::time::Duration::from_secs(30))
        .build()
        .unwrap();
    let mut request = client.request(method, format!("{}{path}", office.url()));
    for (name, value) in row.1 {
        request = request.header(*name, *value);
    }
    if !form.is_empty() {
        request = request.form(form);
    }
    let response = request.send().await.unwrap();
    let left = response.headers().get("x-ratelimit-remaining").map(|value| value.to_str().unwrap().to_owned());
    let status = response.status().as_u16();
    (status, left.unwrap_or_default(), response.json().await.unwrap_or_default())
}

async fn counting() -> Office {
    Office::open_with(On::Sqlite, |values| {
        values.rate_limiting = true;
        values.trusted_proxies = proxies(&TRUSTED);
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn rates_count_the_client() {
    let office = counting().await;
    let mut seen = BTreeMap::new();
    for row in TABLE {
        let asked: &mut u32 = seen.entry(place_of(expected(row))).or_default();
        *asked += 1;
        let (_, left, _) = sends(&office, row, Method::GET, "/api/v1/nada", &[]).await;
        assert_eq!(left, (100 - *asked).to_string(), "{row:?}");
    }
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_from_one_subscriber_count_together() {
    let office = counting().await;
    let mut answers = Vec::new();
    for n in 0..32 {
        let from = format!("2001:db8:1:2::{n:x}");
        let stranger = office.stranger();
        let request = stranger.request(Method::POST, "/api/v1/auth/login").header("x-forwarded-for", from);
        // Without a password nothing is hashed; it is counted all the same.
        answers.push(stranger.sends(request.form(&[("username", "ana@prueba.gad")])).await.status);
    }
    assert_eq!(answers.iter().filter(|status| **status == 429).count(), 2, "{answers:?}");
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn audit_sessions_and_locks_name_the_client() {
    let office = Office::open_with(On::Sqlite, |values| values.trusted_proxies = proxies(&TRUSTED)).await;
    let administrator = office.administrator().await;
    for row in TABLE {
        let victim = office.member(Level::Officer).await;
        let email = victim.email.as_ref().unwrap().reveal();
        let wrong = [("username", email), ("password", "otra clave larga")];
        assert_eq!(sends(&office, row, Method::POST, "/api/v1/auth/login", &wrong).await.0, 401, "{row:?}");
        let mut tx = office.cx.store.read().await.unwrap();
        let place = place_of(expected(row)).to_string();
        let attempts = tx.sessions().attempts(victim.id, &place).await.unwrap();
        assert_eq!(attempts.map(|attempts| attempts.lockout.failures), Some(1), "{row:?}: counted at {place}");
        drop(tx);
        let path = format!("/api/v1/audit?event_type=login_failed&user_id={}", victim.id);
        let lines = administrator.gets(&path).await.ok();
        assert_eq!(addresses(&lines, "ip_address"), [row.2], "{row:?}: {lines}");
        let right = [("username", email), ("password", crate::office::PASSWORD)];
        let (status, _, tokens) = sends(&office, row, Method::POST, "/api/v1/auth/login", &right).await;
        assert_eq!(status, 200, "{row:?}");
        let person = office.stranger().with_token(tokens["access_token"].as_str().unwrap());
        let sessions = person.gets("/api/v1/auth/sessions").await.ok();
        assert_eq!(addresses(&sessions, "ip"), [row.2], "{row:?}");
    }
    office.closes().await;
}

/// All values of a key in a list, or in the list of a page.
fn addresses(found: &Value, key: &str) -> Vec<String> {
    let list = found.as_array().or_else(|| found["items"].as_array()).unwrap_or_else(|| panic!("{found}"));
    list.iter().map(|line| line[key].as_str().unwrap_or("none").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_program_of_this_machine_reads_metrics() {
    let office = Office::open_with(On::Sqlite, |values| values.trusted_proxies = proxies(&TRUSTED)).await;
    for row in TABLE {
        let (status, ..) = sends(&office, row, Method::GET, "/metrics", &[]).await;
        let is_local = row.1.is_empty() && expected(row).is_loopback();
        assert_eq!(status, if is_local { 200 } else { 403 }, "{row:?}");
    }
    office.closes().await;
}

/// The binary on all addresses of both families: IPv4 clients arrive as IPv4-mapped ones.
#[tokio::test(flavor = "multi_thread")]
async fn an_office_on_all_addresses_knows_its_proxy_and_its_clients() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    place.hires().await;
    let log = tempfile::NamedTempFile::new().unwrap();
    let arguments = ["serve", "--listen", "[::]:0", "--trusted-proxies", "localhost,nadie.invalid,127.0.0.1"];
    let server = place.serves_by_logging(&arguments, log.reopen().unwrap()).await;
    let stranger = Person::new(server.url.replace("[::]", "127.0.0.1"));
    assert_eq!(stranger.gets("/metrics").await.status, 200, "this machine");
    let signs_in = async |from: Option<&str>| -> Answer {
        let mut request = stranger.request(Method::POST, "/api/v1/auth/login");
        if let Some(from) = from {
            request = request.header("x-forwarded-for", from);
        }
        stranger.sends(request.form(&[("username", EMAIL), ("password", PASSWORD)])).await
    };
    signs_in(None).await.ok();
    for from in ["203.0.113.7:51234", "::ffff:203.0.113.8", "[2001:db8::1]:443", "nadie", "nadie"] {
        signs_in(Some(from)).await.ok();
    }
    let last = signs_in(Some("203.0.113.9")).await.ok();
    let person = stranger.with_token(last["access_token"].as_str().unwrap());
    let mut seen = addresses(&person.gets("/api/v1/auth/sessions").await.ok(), "ip");
    seen.sort_unstable();
    let expected = ["127.0.0.1", "127.0.0.1", "127.0.0.1", "2001:db8::1", "203.0.113.7", "203.0.113.8", "203.0.113.9"];
    assert_eq!(seen, expected);
    assert!(server.ends().await);
    let log = std::fs::read_to_string(log.path()).unwrap();
    assert_eq!(log.matches("forwarded_unreadable").count(), 1, "{log}");
    assert_eq!(log.matches("trusted_proxy_unknown").count(), 1, "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_is_not_listed_is_named_once() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    let log = tempfile::NamedTempFile::new().unwrap();
    let server = place.serves_logging("info", log.reopen().unwrap()).await;
    let stranger = server.stranger();
    for n in 0..20 {
        let request = stranger.request(Method::GET, "/health").header("x-forwarded-for", format!("203.0.113.{n}"));
        stranger.sends(request).await.ok();
    }
    assert!(server.ends().await);
    let log = std::fs::read_to_string(log.path()).unwrap();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("proxy_not_trusted")).collect();
    assert_eq!(lines.len(), 1, "{log}");
    assert!(lines[0].contains("127.0.0.1") && lines[0].contains("trusted_proxies"), "{}", lines[0]);
}
