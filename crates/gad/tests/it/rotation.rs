//! The key that signs tokens is replaced without signing anybody out.

use serde_json::json;

use crate::binary::{EMAIL, PASSWORD, Place, Server};
use crate::office::database;
use crate::person::Person;

const OLD: &str = "the old secret of the tests that is long enough";
const NEW: &str = "the new secret of the tests that is long enough";

/// What names the key of a token.
fn kid(token: &str) -> String {
    let header = jsonwebtoken::decode_header(token).unwrap();
    header.kid.expect("our tokens name their key")
}

async fn serves(place: &Place, secrets: &str) -> (Server, Person) {
    let server = place.serves_with(&[("SECRET_KEY", secrets)]).await;
    let person = Person::new(server.url.clone());
    (server, person)
}

async fn the_key_is_replaced(place: &Place) {
    place.hires().await;
    let (server, mut person) = serves(place, OLD).await;
    let signed_in = person.signs_in(EMAIL, PASSWORD).await.ok();
    let (access, refresh) = (signed_in["access_token"].as_str().unwrap(), &signed_in["refresh_token"]);
    assert!(server.ends().await);

    let (server, person) = serves(place, &format!("{NEW},{OLD}")).await;
    person.with_token(access).gets("/api/v1/tasks/").await.ok();
    let prolonged = person.posts("/api/v1/auth/refresh", json!({ "refresh_token": refresh })).await.ok();
    let next = prolonged["access_token"].as_str().unwrap();
    assert_ne!(kid(next), kid(access), "the new key signs");
    person.with_token(next).gets("/api/v1/tasks/").await.ok();
    assert!(server.ends().await);

    let (server, person) = serves(place, NEW).await;
    let refused = person.with_token(access).gets("/api/v1/tasks/").await.refusal();
    assert_eq!(refused, "403 Could not validate credentials", "the old key is gone");
    person.with_token(next).gets("/api/v1/tasks/").await.ok();
    // A session does not hang on a key: it goes on.
    let refresh = json!({ "refresh_token": prolonged["refresh_token"] });
    let prolonged = person.posts("/api/v1/auth/refresh", refresh).await.ok();
    person.with_token(prolonged["access_token"].as_str().unwrap()).gets("/api/v1/tasks/").await.ok();
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_is_replaced_on_sqlite() {
    the_key_is_replaced(&Place::directory(tempfile::tempdir().unwrap().path())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_is_replaced_on_postgres() {
    let database = database::Private::create().await;
    the_key_is_replaced(&Place::database(&database.url)).await;
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_that_made_its_own_key_replaces_it_by_a_line_above() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    place.hires().await;
    let (server, mut person) = serves(&place, "").await;
    let access = person.signs_in(EMAIL, PASSWORD).await.ok()["access_token"].as_str().unwrap().to_owned();
    assert!(server.ends().await);
    let file = dir.path().join("secret.key");
    let old = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{NEW}\n{old}\n")).unwrap();
    let (server, mut person) = serves(&place, "").await;
    person.with_token(&access).gets("/api/v1/tasks/").await.ok();
    let signed_in = person.signs_in(EMAIL, PASSWORD).await.ok();
    assert_ne!(kid(signed_in["access_token"].as_str().unwrap()), kid(&access));
    assert!(server.ends().await);
}
