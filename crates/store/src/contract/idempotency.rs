//! Answers to requests that may be repeated.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::{Time, UserId};
use futures::future::join_all;
use serde_json::{Value, json};

use super::given;
use crate::idempotency::Claim;
use crate::{Result, Store};

const USER: UserId = UserId(7);

fn day_before(at: Time) -> Time {
    at - TimeDelta::days(1)
}

/// Claims and, when new, answers with `answer`.
async fn request(store: &Arc<dyn Store>, key: &str, hash: u8, at: Time, answer: Value) -> Result<Claim> {
    let mut tx = store.write().await?;
    let claim = tx.idempotency().claim(USER, key, &[hash; 32], at, day_before(at)).await?;
    if claim == Claim::New {
        tx.idempotency().keep(USER, key, &answer).await?;
    }
    tx.commit().await?;
    Ok(claim)
}

fn seen(hash: u8, answer: Value) -> Claim {
    Claim::Seen { request_hash: [hash; 32], answer: Some(answer) }
}

/// The first is new; the second gets the first one's hash and answer, whatever it asks itself.
pub async fn a_repeated_request_gets_the_first_answer(store: &Arc<dyn Store>) {
    let answer = json!({"id": 1, "notas": ["ñ", null, 2.5], "vacio": {}});
    let first = request(store, "clave", 1, given::noon(), answer.clone()).await.expect("an answer");
    assert_eq!(first, Claim::New);
    for hash in [1, 2] {
        let again = request(store, "clave", hash, given::minutes(1), json!("otra")).await.expect("an answer");
        assert_eq!(again, seen(1, answer.clone()));
    }
    let other = request(store, "Clave", 1, given::noon(), json!(1)).await.expect("an answer");
    assert_eq!(other, Claim::New, "keys differ by case");
    let mut tx = store.write().await.expect("a transaction");
    let claim = tx.idempotency().claim(UserId(8), "clave", &[1; 32], given::noon(), day_before(given::noon())).await;
    assert_eq!(claim.expect("an answer"), Claim::New, "each user has keys of their own");
}

/// Twenty at the same time with one key: one is carried out, the others wait and get its answer.
pub async fn racing_requests_with_one_key_are_carried_out_once(store: &Arc<dyn Store>) {
    let racers = (0..20).map(|n: u8| request(store, "carrera", n, given::noon(), json!({"por": n})));
    let claims: Vec<Claim> = join_all(racers).await.into_iter().map(|claim| claim.expect("an answer")).collect();
    assert_eq!(claims.iter().filter(|claim| **claim == Claim::New).count(), 1);
    let winner = claims.iter().position(|claim| *claim == Claim::New).expect("the one");
    let winner = u8::try_from(winner).expect("small");
    let answered = claims.iter().filter(|claim| **claim == seen(winner, json!({"por": winner}))).count();
    assert_eq!(answered, 19);
}

/// What was rolled back was never claimed.
pub async fn a_request_that_failed_leaves_its_key_free(store: &Arc<dyn Store>) {
    let mut tx = store.write().await.expect("a transaction");
    let claim = tx.idempotency().claim(USER, "clave", &[1; 32], given::noon(), day_before(given::noon())).await;
    assert_eq!(claim.expect("an answer"), Claim::New);
    tx.idempotency().keep(USER, "clave", &json!("perdida")).await.expect("kept");
    drop(tx);
    let retry = request(store, "clave", 1, given::noon(), json!("hecha")).await.expect("an answer");
    assert_eq!(retry, Claim::New);
}

/// A key lives as long as the caller says.
pub async fn an_expired_key_counts_as_new(store: &Arc<dyn Store>) {
    request(store, "clave", 1, given::noon(), json!(1)).await.expect("an answer");
    let last = given::noon() + TimeDelta::days(1);
    assert_eq!(request(store, "clave", 2, last, json!(2)).await.expect("an answer"), seen(1, json!(1)));
    let late = last + TimeDelta::microseconds(1);
    assert_eq!(request(store, "clave", 2, late, json!(2)).await.expect("an answer"), Claim::New);
    assert_eq!(request(store, "clave", 3, late, json!(3)).await.expect("an answer"), seen(2, json!(2)));
}

/// Old keys go, newer ones stay.
pub async fn old_keys_are_cleared_away(store: &Arc<dyn Store>) {
    request(store, "vieja", 1, given::noon(), json!(1)).await.expect("an answer");
    request(store, "nueva", 1, given::minutes(1), json!(1)).await.expect("an answer");
    let mut tx = store.write().await.expect("a transaction");
    assert_eq!(tx.idempotency().prune(given::minutes(1)).await.expect("an answer"), 1);
    assert_eq!(tx.idempotency().prune(given::minutes(1)).await.expect("an answer"), 0);
    tx.commit().await.expect("a commit");
    assert_eq!(request(store, "vieja", 2, given::minutes(2), json!(2)).await.expect("an answer"), Claim::New);
    assert_eq!(request(store, "nueva", 2, given::minutes(2), json!(2)).await.expect("an answer"), seen(1, json!(1)));
}
