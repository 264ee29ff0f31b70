//! Signing in and out.

use chrono::TimeDelta;
use domain::personal::Email;
use domain::{Level, User, UserId};
use serde_json::json;
use uuid::Uuid;

use crate::conversations;
use crate::office::{Office, PASSWORD};

conversations! {
    a_user_signs_in_and_out,
    of_two_with_one_address_each_signs_in_by_its_own_writing,
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

/// Two addresses of another system that look alike: one has an accented letter, the other a letter and
/// an accent.
async fn of_two_with_one_address_each_signs_in_by_its_own_writing(office: &Office) {
    let ours = office.member(Level::Officer).await;
    let stored = |id: i64, email: &str| User {
        id: UserId(id),
        uuid: Uuid::from_u128(u128::from(id.unsigned_abs())),
        email: Some(Email::try_from(email.to_owned()).unwrap()),
        dni: None,
        phone: None,
        telegram: None,
        ..ours.clone()
    };
    let users = [stored(9001, "Jos\u{e9}@prueba.gad"), stored(9002, "Jose\u{301}@prueba.gad")];
    let mut tx = office.cx.store.write().await.unwrap();
    let hash = tx.users().password_hash(ours.id).await.unwrap();
    for user in &users {
        tx.import().user(user, hash.as_deref()).await.unwrap();
    }
    tx.import().finish().await.unwrap();
    tx.commit().await.unwrap();
    for user in users {
        let typed = user.email.as_ref().unwrap().reveal();
        let tokens = office.stranger().tries_to_sign_in(typed, PASSWORD).await.ok();
        let token = tokens["access_token"].as_str().unwrap();
        let signed_in = office.cx.keys.check(token, office.cx.clock.now()).unwrap();
        assert_eq!(signed_in.user_id, user.id.0, "{typed}");
    }
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
