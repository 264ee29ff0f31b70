//! Signing in and out.

use chrono::TimeDelta;
use domain::Level;
use serde_json::json;

use crate::conversations;
use crate::office::{Office, PASSWORD};

conversations! {
    a_user_signs_in_and_out,
    a_wrong_password_and_an_unknown_address_are_answered_alike,
    the_fifth_failure_locks_the_account_for_half_an_hour,
    a_token_expires_after_half_an_hour,
}

async fn a_user_signs_in_and_out(office: &Office) {
    let supervisor = office.supervisor().await;
    let sessions = supervisor.gets("/api/v1/auth/sessions").await.ok();
    assert_eq!(sessions.as_array().unwrap().len(), 1);
    assert_eq!(sessions[0]["actual"], true);
    let out = supervisor.posts("/api/v1/auth/logout", json!({})).await;
    assert!(out.header("set-cookie").starts_with("access_token=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"));
    assert_eq!(out.ok(), json!({ "status": "logged_out" }));
    assert_eq!(supervisor.gets("/api/v1/tasks/").await.refusal(), "403 Could not validate credentials");
    assert_eq!(office.stranger().gets("/api/v1/tasks/").await.refusal(), "401 Not authenticated");
}

async fn a_wrong_password_and_an_unknown_address_are_answered_alike(office: &Office) {
    let user = office.member(Level::Officer).await;
    let stranger = office.stranger();
    let wrong = stranger.tries_to_sign_in(user.email.unwrap().reveal(), "otra clave larga").await;
    let unknown = stranger.tries_to_sign_in("nadie@prueba.gad", "otra clave larga").await;
    assert_eq!(wrong.refusal(), "401 Incorrect email or password");
    assert_eq!(wrong.refusal(), unknown.refusal());
    assert_eq!((wrong.header("www-authenticate"), unknown.header("www-authenticate")), ("Bearer", "Bearer"));
}

async fn the_fifth_failure_locks_the_account_for_half_an_hour(office: &Office) {
    let user = office.member(Level::Officer).await;
    let email = user.email.as_ref().unwrap().reveal();
    let stranger = office.stranger();
    for _ in 0..4 {
        assert_eq!(stranger.tries_to_sign_in(email, "otra clave larga").await.header("retry-after"), "");
    }
    assert_eq!(stranger.tries_to_sign_in(email, "otra clave larga").await.header("retry-after"), "1800");
    let right = stranger.tries_to_sign_in(email, PASSWORD).await;
    assert_eq!(right.refusal(), "401 Incorrect email or password");
    office.clock.advance(TimeDelta::minutes(31));
    stranger.tries_to_sign_in(&email.to_uppercase(), PASSWORD).await.ok();
}

async fn a_token_expires_after_half_an_hour(office: &Office) {
    let supervisor = office.supervisor().await;
    office.clock.advance(TimeDelta::minutes(29));
    supervisor.gets("/api/v1/tasks/").await.ok();
    office.clock.advance(TimeDelta::minutes(1));
    assert_eq!(supervisor.gets("/api/v1/tasks/").await.refusal(), "403 Could not validate credentials");
}
