//! A repeated exchange of a refresh token is the same exchange; a stolen token is still found out.

use app::auth::SignedIn;
use chrono::TimeDelta;
use domain::session::Platform;
use domain::{Clock, Level, User};
use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::conversations;
use crate::keep::Keep;
use crate::office::{Office, On, PASSWORD};
use crate::person::{Answer, Person};
use crate::sign_out::{lives, session};

conversations! {
    a_refresh_whose_answer_was_lost_is_repeated,
    eight_refreshes_at_once_leave_a_session_that_works,
    a_repetition_by_cookie_serves_two_tabs,
    a_token_whose_successor_was_used_is_stolen,
    a_token_that_comes_back_late_is_stolen,
    a_token_of_an_ended_session_is_no_theft,
    every_request_of_the_way_in_may_come_twice,
    announced_lifetimes_are_the_stored_ones,
}

async fn a_session(office: &Office) -> (User, SignedIn) {
    let user = office.member(Level::Supervisor).await;
    let tokens = session(office, &user, TimeDelta::zero(), Platform::Api).await;
    (user, tokens)
}

async fn refreshes(person: &Person, token: &str) -> Answer {
    person.posts("/api/v1/auth/refresh", json!({ "refresh_token": token })).await
}

fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().unwrap()
}

/// Whether both tokens of an answer open something, and the access token twice.
async fn works(office: &Office, tokens: &Value) {
    let person = office.stranger().with_token(text(tokens, "access_token"));
    person.gets("/api/v1/users/me").await.ok();
    refreshes(&office.stranger(), text(tokens, "refresh_token")).await.ok();
    person.gets("/api/v1/users/me").await.ok();
}

async fn critical_lines(office: &Office, user: &User) -> usize {
    app::audit::seal(&office.cx).await.unwrap();
    let administrator = office.administrator().await;
    let path = format!("/api/v1/audit?event_type=token_refresh&user_id={}&limit=500", user.id);
    administrator.gets(&path).await.ok().to_string().matches("\"critical\"").count()
}

async fn a_refresh_whose_answer_was_lost_is_repeated(office: &Office) {
    let (user, tokens) = a_session(office).await;
    let stranger = office.stranger();
    let lost = refreshes(&stranger, &tokens.refresh_token).await.ok();
    office.clock.advance(TimeDelta::seconds(40));
    let repeated = refreshes(&stranger, &tokens.refresh_token).await.ok();
    assert_eq!(lost["refresh_token"], repeated["refresh_token"], "one token has one successor");
    works(office, &repeated).await;
    assert!(lives(office, tokens.session).await);
    assert_eq!(critical_lines(office, &user).await, 0);
}

async fn eight_refreshes_at_once_leave_a_session_that_works(office: &Office) {
    let (user, tokens) = a_session(office).await;
    let stranger = office.stranger();
    let answers = join_all((0..8).map(|_| refreshes(&stranger, &tokens.refresh_token))).await;
    let answers: Vec<Value> = answers.into_iter().map(Answer::ok).collect();
    for tokens in &answers {
        assert_eq!(tokens["refresh_token"], answers[0]["refresh_token"]);
        let person = stranger.with_token(text(tokens, "access_token"));
        person.gets("/api/v1/users/me").await.ok();
    }
    works(office, &answers[7]).await;
    assert!(lives(office, tokens.session).await);
    assert_eq!(critical_lines(office, &user).await, 0);
}

async fn a_repetition_by_cookie_serves_two_tabs(office: &Office) {
    let (_, tokens) = a_session(office).await;
    let stranger = office.stranger();
    let mut cookie = format!("refresh_token={}", tokens.refresh_token);
    // Over plain HTTP tabs cannot take turns: each time both show what the browser had.
    for _ in 0..4 {
        let tab = || {
            let request = stranger.request(Method::POST, "/api/v1/auth/refresh").header("origin", office.url());
            stranger.sends(request.header("cookie", &cookie).json(&json!({})))
        };
        let (one, two) = tokio::join!(tab(), tab());
        assert_eq!((one.status, two.status), (200, 200), "{} {}", one.text, two.text);
        let set = |answer: &Answer| {
            let all = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
            let refresh = all.into_iter().find(|cookie| cookie.starts_with("refresh_token=")).unwrap();
            refresh.split(';').next().unwrap().to_owned()
        };
        // Whichever answer the browser takes last.
        assert_eq!(set(&one), set(&two));
        cookie = set(&one);
        office.clock.advance(TimeDelta::minutes(15));
    }
    assert!(lives(office, tokens.session).await);
}

async fn is_found_out(office: &Office, user: &User, stolen: &str, newest: &str, session: domain::SessionId) {
    let stranger = office.stranger();
    assert_eq!(refreshes(&stranger, stolen).await.refusal(), "403 Could not validate credentials");
    assert!(!lives(office, session).await);
    assert_eq!(refreshes(&stranger, newest).await.refusal(), "403 Could not validate credentials");
    assert_eq!(refreshes(&stranger, stolen).await.refusal(), "403 Could not validate credentials");
    assert_eq!(critical_lines(office, user).await, 1, "once a session");
}

async fn a_token_whose_successor_was_used_is_stolen(office: &Office) {
    let (user, tokens) = a_session(office).await;
    let second = refreshes(&office.stranger(), &tokens.refresh_token).await.ok();
    let third = refreshes(&office.stranger(), text(&second, "refresh_token")).await.ok();
    is_found_out(office, &user, &tokens.refresh_token, text(&third, "refresh_token"), tokens.session).await;
    let person = office.stranger().with_token(text(&third, "access_token"));
    assert_eq!(person.gets("/api/v1/users/me").await.refusal(), "403 Could not validate credentials");
}

async fn a_token_that_comes_back_late_is_stolen(office: &Office) {
    let (user, tokens) = a_session(office).await;
    let second = refreshes(&office.stranger(), &tokens.refresh_token).await.ok();
    office.clock.advance(TimeDelta::seconds(61));
    is_found_out(office, &user, &tokens.refresh_token, text(&second, "refresh_token"), tokens.session).await;
}

async fn a_token_of_an_ended_session_is_no_theft(office: &Office) {
    let (user, tokens) = a_session(office).await;
    let second = refreshes(&office.stranger(), &tokens.refresh_token).await.ok();
    refreshes(&office.stranger(), text(&second, "refresh_token")).await.ok();
    office.stranger().posts("/api/v1/auth/logout", json!({ "refresh_token": tokens.refresh_token })).await.ok();
    assert!(!lives(office, tokens.session).await, "also an exchanged token names its session");
    assert_eq!(refreshes(&office.stranger(), &tokens.refresh_token).await.status, 403);
    assert_eq!(critical_lines(office, &user).await, 0);
}

async fn every_request_of_the_way_in_may_come_twice(office: &Office) {
    let mut person = office.user(Level::Supervisor).await;
    let id = person.user.unwrap();
    let email = person.gets("/api/v1/users/me").await.ok()["email"].as_str().unwrap().to_owned();
    let stranger = office.stranger();
    let signs_in = |password: &'static str| stranger.tries_to_sign_in(&email, password);
    let (one, two) = tokio::join!(signs_in(PASSWORD), signs_in(PASSWORD));
    works(office, &one.ok()).await;
    works(office, &two.ok()).await;
    // A new password: the repetition finds it made, and ends no session that began since.
    let path = format!("/api/v1/users/{id}");
    let change = json!({ "password": "otra clave larga", "password_actual": PASSWORD });
    person.puts(&path, change.clone()).await.ok();
    let since = signs_in("otra clave larga").await.ok();
    person.puts(&path, change.clone()).await.ok();
    let (one, two) = tokio::join!(person.puts(&path, change.clone()), person.puts(&path, change));
    assert_eq!((one.status, two.status), (200, 200));
    works(office, &since).await;
    let back = json!({ "password": PASSWORD, "password_actual": "otra clave larga" });
    let (one, two) = tokio::join!(person.puts(&path, back.clone()), person.puts(&path, back));
    assert_eq!((one.status, two.status), (200, 200), "the same change at once: {} {}", one.text, two.text);
    person.signs_in(&email, PASSWORD).await.ok();
    // Ending a session, and signing out.
    let other = signs_in(PASSWORD).await.ok();
    let mut sessions = Vec::new();
    for one in person.gets("/api/v1/auth/sessions").await.ok().as_array().unwrap() {
        if one["actual"] == false {
            sessions.push(one["id"].as_str().unwrap().to_owned());
        }
    }
    assert!(!sessions.is_empty());
    for session in sessions {
        let end = format!("/api/v1/auth/sessions/{session}");
        let (one, two) = tokio::join!(person.deletes(&end), person.deletes(&end));
        assert_eq!((one.status, two.status, person.deletes(&end).await.status), (204, 204, 204));
    }
    let other = stranger.with_token(text(&other, "access_token"));
    assert_eq!(other.gets("/api/v1/users/me").await.status, 403);
    let out = || person.posts("/api/v1/auth/logout", json!({}));
    let (one, two) = tokio::join!(out(), out());
    assert_eq!((one.status, two.status, out().await.status), (200, 200, 200));
    assert_eq!(person.gets("/api/v1/users/me").await.status, 403);
}

async fn announced_lifetimes_are_the_stored_ones(office: &Office) {
    let member = office.member(Level::Supervisor).await;
    let stranger = office.stranger();
    let mut answer = stranger.tries_to_sign_in(member.email.as_ref().unwrap().reveal(), PASSWORD).await;
    let lives = [0, 1, 60 * 24 * 5, 60 * 24 * 9 - 30, 25, 3].map(TimeDelta::minutes);
    for wait in lives {
        office.clock.advance(wait);
        let token = text(&answer.body, "refresh_token").to_owned();
        if wait > TimeDelta::zero() {
            answer = refreshes(&stranger, &token).await;
        }
        let person = stranger.with_token(text(&answer.body, "access_token"));
        let sessions = person.gets("/api/v1/auth/sessions").await.ok();
        let ends: chrono::DateTime<chrono::Utc> = sessions[0]["expira_en"].as_str().unwrap().parse().unwrap();
        let left = (ends - office.clock.now()).num_seconds();
        let announced =
            (answer.body["refresh_expires_in"].as_i64().unwrap(), answer.body["expires_in"].as_i64().unwrap());
        assert_eq!(announced, (left, left.min(1800)), "after {wait}");
        let cookies: Vec<&str> =
            answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
        for (name, age) in [("access_token=", announced.1), ("refresh_token=", announced.0)] {
            let cookie = cookies.iter().find(|cookie| cookie.starts_with(name)).unwrap();
            assert!(cookie.contains(&format!("Max-Age={age}")), "{cookie}");
        }
        let claims = office.cx.keys.check(person.token().unwrap(), office.clock.now()).unwrap();
        assert_eq!(claims.exp - office.clock.now().timestamp(), announced.1);
    }
    let left = answer.body["refresh_expires_in"].as_i64().unwrap();
    office.clock.advance(TimeDelta::seconds(left));
    assert_eq!(refreshes(&stranger, text(&answer.body, "refresh_token")).await.status, 403, "and not a second more");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_replicas_give_one_successor_on_postgres() {
    let one = Office::open(On::Postgres).await;
    let Keep::Database(database) = one.data() else { panic!("a database") };
    let keys = one.audit_keys.lock().unwrap().clone();
    let two = Office::open_in(Keep::Database(database.shared()), one.clock.now(), keys).await;
    let (user, tokens) = a_session(&one).await;
    let (here, there) = (one.stranger(), two.stranger());
    let answers = join_all((0..16).map(|n| refreshes(if n % 2 == 0 { &here } else { &there }, &tokens.refresh_token)));
    let answers: Vec<Value> = answers.await.into_iter().map(Answer::ok).collect();
    assert!(answers.iter().all(|tokens| tokens["refresh_token"] == answers[0]["refresh_token"]));
    let third = refreshes(&there, text(&answers[0], "refresh_token")).await.ok();
    is_found_out(&one, &user, &tokens.refresh_token, text(&third, "refresh_token"), tokens.session).await;
    two.ends_only().await;
    one.closes().await;
}
