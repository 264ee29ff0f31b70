//! Guessing closes an account to those who guess, and nobody can use that to keep its owner out.

use chrono::TimeDelta;
use domain::Level;
use reqwest::Method;

use crate::office::{Office, On, PASSWORD, proxies};
use crate::person::{Answer, Person};

const WRONG: &str = "otra clave larga";

/// An office behind a proxy that says from where each request comes.
async fn behind_a_proxy(on: On) -> Office {
    Office::open_with(on, |values| values.trusted_proxies = proxies(&["127.0.0.1"])).await
}

async fn tries(person: &Person, from: &str, email: &str, password: &str) -> Answer {
    let request = person.request(Method::POST, "/api/v1/auth/login").header("x-forwarded-for", from);
    person.sends(request.form(&[("username", email), ("password", password)])).await
}

async fn email_of_a_victim(office: &Office) -> String {
    office.member(Level::Supervisor).await.email.unwrap().reveal().to_owned()
}

async fn one_who_guesses_is_locked_out_and_the_owner_is_not(office: &Office) {
    let (email, person) = (email_of_a_victim(office).await, office.stranger());
    for guess in 1..=7 {
        let refused = tries(&person, "192.0.2.66", &email, WRONG).await;
        assert_eq!(refused.refusal(), "401 Incorrect email or password");
        let wait = if guess < 5 { "" } else { "1800" };
        assert_eq!(refused.header("retry-after"), wait, "guess {guess}");
    }
    let right = tries(&person, "192.0.2.66", &email, PASSWORD).await;
    assert_eq!(right.refusal(), "401 Incorrect email or password", "a guess that is right opens nothing there");
    tries(&person, "198.51.100.1", &email, PASSWORD).await.ok();
    office.clock.advance(TimeDelta::minutes(31));
    tries(&person, "192.0.2.66", &email, PASSWORD).await.ok();
}

async fn addresses_of_one_subscriber_guess_together(office: &Office) {
    let (email, person) = (email_of_a_victim(office).await, office.stranger());
    for n in 1..=5 {
        tries(&person, &format!("2001:db8:6:6::{n}"), &email, WRONG).await;
    }
    assert_eq!(tries(&person, "2001:db8:6:6:ffff::1", &email, PASSWORD).await.status, 401);
    tries(&person, "2001:db8:6:7::1", &email, PASSWORD).await.ok();
}

async fn guesses_from_everywhere_close_an_account_to_strange_places_only(office: &Office) {
    let (email, person) = (email_of_a_victim(office).await, office.stranger());
    tries(&person, "198.51.100.1", &email, PASSWORD).await.ok();
    // No place guesses often enough to be closed by itself.
    for n in 0..50 {
        assert_eq!(tries(&person, &format!("192.0.2.{}", n / 4), &email, WRONG).await.status, 401);
    }
    let strange = tries(&person, "203.0.113.9", &email, PASSWORD).await;
    assert_eq!((strange.status, strange.header("retry-after")), (401, "1800"));
    // Where the owner has been before, the owner comes in, one slip or not.
    assert_eq!(tries(&person, "198.51.100.1", &email, WRONG).await.header("retry-after"), "");
    tries(&person, "198.51.100.1", &email, PASSWORD).await.ok();
}

/// The device cookies of an answer, as a browser sends them back.
fn devices(answer: &Answer) -> String {
    let set = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    let devices: Vec<&str> =
        set.filter(|cookie| cookie.starts_with("device_")).filter_map(|cookie| cookie.split(';').next()).collect();
    assert_eq!(devices.len(), 1, "{:?}", answer.headers);
    devices[0].to_owned()
}

async fn tries_on(person: &Person, device: &str, email: &str, password: &str) -> Answer {
    let request = person.request(Method::POST, "/api/v1/auth/login").header("x-forwarded-for", "192.0.2.1");
    let request = request.header("cookie", device);
    person.sends(request.form(&[("username", email), ("password", password)])).await
}

async fn guessing_beside_a_known_device_does_not_shut_it_out(office: &Office) {
    let (email, person) = (email_of_a_victim(office).await, office.stranger());
    let first = tries(&person, "192.0.2.1", &email, PASSWORD).await;
    let (known, set) = (devices(&first), first.header("set-cookie").to_owned());
    assert!(!set.is_empty());
    // A guesser at the same address fails until the account is closed to the address.
    for _ in 0..6 {
        assert_eq!(tries(&person, "192.0.2.1", &email, WRONG).await.status, 401);
    }
    assert_eq!(tries(&person, "192.0.2.1", &email, PASSWORD).await.header("retry-after"), "1800");
    let entered = tries_on(&person, &known, &email, PASSWORD).await;
    assert_eq!(entered.status, 200, "the known device enters: {}", entered.text);
    // The guesser's count was not reset by it.
    assert_eq!(tries(&person, "192.0.2.1", &email, PASSWORD).await.header("retry-after"), "1800");
    // The device has a count of its own, five as well.
    let known = devices(&entered);
    for guess in 1..=5 {
        let wait = if guess < 5 { "" } else { "1800" };
        assert_eq!(tries_on(&person, &known, &email, WRONG).await.header("retry-after"), wait, "guess {guess}");
    }
    assert_eq!(tries_on(&person, &known, &email, PASSWORD).await.header("retry-after"), "1800");
    office.clock.advance(TimeDelta::minutes(31));
    tries_on(&person, &known, &email, PASSWORD).await.ok();
}

async fn a_device_is_known_to_its_own_account_only(office: &Office) {
    let (email, other) = (email_of_a_victim(office).await, email_of_a_victim(office).await);
    let person = office.stranger();
    let of_other = devices(&tries(&person, "192.0.2.1", &other, PASSWORD).await);
    let own = devices(&tries(&person, "198.51.100.1", &email, PASSWORD).await);
    for _ in 0..5 {
        tries(&person, "192.0.2.1", &email, WRONG).await;
    }
    let (number, rest) = own.trim_start_matches("device_").split_once('=').unwrap();
    let forged = format!("device_{number}={}", rest.replacen('.', ".0", 1));
    for cookie in [&of_other, &forged, "device_1=1.x.1.x"] {
        assert_eq!(tries_on(&person, cookie, &email, PASSWORD).await.header("retry-after"), "1800", "{cookie}");
    }
    // Two people at one desk: their browser sends both.
    tries_on(&person, &format!("{of_other}; {own}"), &email, PASSWORD).await.ok();
    // After ninety days without a sign-in it is a strange device again.
    office.clock.advance(TimeDelta::days(90));
    for _ in 0..5 {
        tries(&person, "192.0.2.1", &email, WRONG).await;
    }
    assert_eq!(tries_on(&person, &own, &email, PASSWORD).await.header("retry-after"), "1800");
}

async fn a_known_device_enters_an_account_that_is_closed_to_strange_places(office: &Office) {
    let (email, person) = (email_of_a_victim(office).await, office.stranger());
    let own = devices(&tries(&person, "198.51.100.1", &email, PASSWORD).await);
    for n in 0..50 {
        // A busy machine may answer 503, which counts nothing.
        while tries(&person, &format!("203.0.113.{}", n / 4), &email, WRONG).await.status != 401 {}
    }
    assert_eq!(tries(&person, "192.0.2.1", &email, PASSWORD).await.header("retry-after"), "1800");
    tries_on(&person, &own, &email, PASSWORD).await.ok();
}

async fn a_locked_place_opens_other_accounts(office: &Office) {
    let (email, other) = (email_of_a_victim(office).await, email_of_a_victim(office).await);
    let person = office.stranger();
    for _ in 0..6 {
        tries(&person, "192.0.2.66", &email, WRONG).await;
    }
    tries(&person, "192.0.2.66", &other, PASSWORD).await.ok();
}

async fn an_attack_ends_no_session(office: &Office) {
    let supervisor = office.supervisor().await;
    let email = supervisor.gets("/api/v1/users/me").await.ok()["email"].as_str().unwrap().to_owned();
    for n in 0..60 {
        tries(&office.stranger(), &format!("192.0.2.{n}"), &email, WRONG).await;
    }
    supervisor.gets("/api/v1/tasks/").await.ok();
}

macro_rules! on_both {
    ($($name:ident,)+) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let office = super::behind_a_proxy(super::On::Sqlite).await;
                super::$name(&office).await;
                office.closes().await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let office = super::behind_a_proxy(super::On::Postgres).await;
                super::$name(&office).await;
                office.closes().await;
            })+
        }
    };
}

on_both! {
    one_who_guesses_is_locked_out_and_the_owner_is_not,
    addresses_of_one_subscriber_guess_together,
    guesses_from_everywhere_close_an_account_to_strange_places_only,
    guessing_beside_a_known_device_does_not_shut_it_out,
    a_device_is_known_to_its_own_account_only,
    a_known_device_enters_an_account_that_is_closed_to_strange_places,
    a_locked_place_opens_other_accounts,
    an_attack_ends_no_session,
}

/// The limit on requests counts them by place too. Where it counts is not the record, so one store
/// will do.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_sends_only_bad_requests_locks_out_nobody_else() {
    let office = Office::open_with(On::Sqlite, |values| {
        values.trusted_proxies = proxies(&["127.0.0.1"]);
        values.rate_limiting = true;
    })
    .await;
    let stranger = office.stranger();
    let email = email_of_a_victim(&office).await;
    let supervisor = office.supervisor().await;
    let asks = |person: Person, path: &'static str, body: &'static str| async move {
        let request = person.request(Method::POST, path).header("x-forwarded-for", "192.0.2.66");
        person.sends(request.header("content-type", "application/json").body(body)).await.status
    };
    let mut seen = std::collections::BTreeMap::new();
    for _ in 0..60 {
        for (path, body) in [("/api/v1/auth/login", "{"), ("/api/v1/auth/refresh", "{"), ("/api/v1/nada", "")] {
            *seen.entry(asks(stranger.clone(), path, body).await).or_insert(0) += 1;
        }
        *seen.entry(asks(stranger.with_token("x.y.z"), "/api/v1/tasks/", "[]").await).or_insert(0) += 1;
    }
    assert!(seen[&429] > 100 && seen.keys().all(|status| *status < 500), "{seen:?}");
    tries(&stranger, "198.51.100.1", &email, PASSWORD).await.ok();
    let request = supervisor.request(Method::GET, "/api/v1/tasks/").header("x-forwarded-for", "192.0.2.66");
    assert_eq!(supervisor.sends(request).await.status, 200, "a user is counted as a user, at the same address too");
    office.closes().await;
}
