//! Users.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::personal::{Dni, Email, Name, Phone};
use domain::user::{Lockout, NewUser};
use domain::{Level, TelegramId, User, UserId};
use futures::future::join_all;
use serde_json::json;

use super::given;
use crate::{Cursor, Error, Page, Result, Rule, Store};

async fn insert(store: &Arc<dyn Store>, new: &NewUser) -> Result<User> {
    let mut tx = store.write().await?;
    let user = tx.users().insert(new, None).await?;
    tx.commit().await?;
    Ok(user)
}

async fn save(store: &Arc<dyn Store>, user: &User) -> Result<i64> {
    let mut tx = store.write().await?;
    let version = tx.users().save(user).await?;
    tx.commit().await?;
    Ok(version)
}

async fn by_id(store: &Arc<dyn Store>, id: UserId) -> Option<User> {
    store.read().await.expect("a connection").users().by_id(id).await.expect("an answer")
}

async fn delete(store: &Arc<dyn Store>, user: &User) {
    let deleted = User { deleted_at: Some(given::minutes(1)), ..user.clone() };
    save(store, &deleted).await.expect("a deleted user");
}

/// All fields, letters of any kind and single microseconds come back as they went in.
pub async fn every_field_of_a_user_comes_back(store: &Arc<dyn Store>) {
    let extra = json!({"turno": "noche", "ñ": [1, 2.5, null, true]}).as_object().cloned().expect("an object");
    let new = NewUser {
        phone: Phone::try_from("+54 (11) 4321-0000".to_owned()).ok(),
        given_name: Name::try_from("Ñusta 李".to_owned()).expect("within length"),
        extra,
        created_at: given::noon() + TimeDelta::microseconds(123_457),
        ..given::a_new_user(Level::Administrator)
    };
    let made = insert(store, &new).await.expect("a new user");
    assert_eq!((made.version, made.updated_at, made.deleted_at), (1, new.created_at, None));
    assert_eq!((made.last_access, made.lockout), (None, Lockout::default()));
    assert_eq!(by_id(store, made.id).await.as_ref(), Some(&made));
    let changed = User {
        dni: Dni::try_from("X-30.111.222".to_owned()).ok(),
        given_name: Name::try_from("Zoë".to_owned()).expect("within length"),
        family_name: None,
        email: Email::try_from(format!("Ärzte{}@Oficina.GOB", given::unique())).ok(),
        phone: None,
        telegram: Some(TelegramId(-1_001_234_567_890)),
        level: Level::Officer,
        verified: false,
        last_access: Some(given::noon() + TimeDelta::microseconds(1)),
        lockout: Lockout { failures: 5, until: Some(given::minutes(30)) },
        extra: domain::JsonObject::new(),
        updated_at: given::minutes(2) + TimeDelta::microseconds(999_999),
        ..made.clone()
    };
    assert_eq!(save(store, &changed).await.expect("a saved user"), 2);
    let read = by_id(store, made.id).await.expect("the user");
    assert_eq!(read, User { version: 2, ..changed.clone() });
    // Addresses compare without regard to case, but are kept as they were given.
    assert_eq!(read.email.map(String::from), changed.email.map(String::from));
}

/// E-mail (in any case), DNI and Telegram account are one user's; the conflict says which.
pub async fn what_is_unique_of_a_user_is_refused_by_name(store: &Arc<dyn Store>) {
    let first = given::a_new_user(Level::Officer);
    insert(store, &first).await.expect("a new user");
    let email = first.email.as_ref().map(|email| email.reveal().to_uppercase()).expect("an e-mail");
    let other = || given::a_new_user(Level::Officer);
    let taken = [
        (NewUser { email: Email::try_from(email).ok(), ..other() }, Rule::UserEmail),
        (NewUser { dni: first.dni.clone(), ..other() }, Rule::UserDni),
        (NewUser { telegram: first.telegram, ..other() }, Rule::UserTelegram),
        (NewUser { uuid: first.uuid, ..other() }, Rule::Uuid),
    ];
    for (new, rule) in taken {
        assert_eq!(given::broken_rule(&insert(store, &new).await), Some(rule));
    }
    let second = insert(store, &other()).await.expect("a new user");
    let renamed = User { dni: first.dni.clone(), ..second.clone() };
    assert_eq!(given::broken_rule(&save(store, &renamed).await), Some(Rule::UserDni));
    assert_eq!(by_id(store, second.id).await.as_ref(), Some(&second), "a refused change changed something");
}

/// Users without e-mail, DNI or Telegram account are as many as one likes.
pub async fn users_may_lack_what_is_unique(store: &Arc<dyn Store>) {
    for _ in 0..2 {
        let bare =
            NewUser { email: None, dni: None, telegram: None, family_name: None, ..given::a_new_user(Level::Officer) };
        insert(store, &bare).await.expect("a bare user");
    }
}

/// A deleted user is in no answer, and what was unique is free for another.
pub async fn a_deleted_user_is_invisible_and_leaves_its_names_free(store: &Arc<dyn Store>) {
    let new = given::a_new_user(Level::Administrator);
    let user = insert(store, &new).await.expect("a new user");
    delete(store, &user).await;
    let email = new.email.clone().expect("an e-mail");
    let telegram = new.telegram.expect("a Telegram account");
    let mut tx = store.read().await.expect("a connection");
    assert_eq!(tx.users().by_id(user.id).await.expect("an answer"), None);
    assert_eq!(tx.users().by_email(&email).await.expect("an answer"), None);
    assert_eq!(tx.users().by_telegram(telegram).await.expect("an answer"), None);
    assert_eq!(tx.users().password_hash(user.id).await.expect("an answer"), None);
    assert_eq!(tx.users().list(Page::first(10)).await.expect("an answer"), []);
    assert!(!tx.users().has_administrator().await.expect("an answer"));
    drop(tx);
    let mut tx = store.write().await.expect("a transaction");
    assert_eq!(tx.users().lock(user.id).await.expect("an answer"), None);
    drop(tx);
    let again = NewUser { uuid: given::a_new_user(Level::Officer).uuid, ..new };
    let heir = insert(store, &again).await.expect("a user under the same names");
    assert_ne!(heir.id, user.id);
}

/// By e-mail in any case, and by Telegram account.
pub async fn a_user_is_found_by_email_and_telegram(store: &Arc<dyn Store>) {
    let email = |text: &str| Email::try_from(text.to_owned()).expect("an e-mail");
    let new = NewUser { email: Some(email("ÑANDÚ@oficina.gob")), ..given::a_new_user(Level::Officer) };
    let user = insert(store, &new).await.expect("a new user");
    given::a_user(store, Level::Officer).await;
    let mut tx = store.read().await.expect("a connection");
    assert_eq!(tx.users().by_email(&email("ñandú@OFICINA.GOB")).await.expect("an answer").as_ref(), Some(&user));
    assert_eq!(tx.users().by_email(&email("nandu@oficina.gob")).await.expect("an answer"), None);
    let telegram = new.telegram.expect("a Telegram account");
    assert_eq!(tx.users().by_telegram(telegram).await.expect("an answer").as_ref(), Some(&user));
    assert_eq!(tx.users().by_telegram(TelegramId(-7)).await.expect("an answer"), None);
}

/// Who read before another's change cannot write over it.
pub async fn a_user_who_changed_meanwhile_is_not_overwritten(store: &Arc<dyn Store>) {
    let user = given::a_user(store, Level::Officer).await;
    let verified = User { verified: false, ..user.clone() };
    assert_eq!(save(store, &verified).await.expect("a saved user"), 2);
    let late = User { level: Level::Administrator, ..user.clone() };
    assert!(matches!(save(store, &late).await, Err(Error::Stale)));
    assert_eq!(by_id(store, user.id).await, Some(User { version: 2, ..verified }));
}

/// Whoever locks a user sees what the one before wrote: fifty at once lose no change.
pub async fn editors_of_a_user_wait_for_each_other(store: &Arc<dyn Store>) {
    let user = given::a_user(store, Level::Officer).await;
    let fail = |_| async {
        let mut tx = store.write().await?;
        let mut user = tx.users().lock(user.id).await?.expect("the user");
        user.lockout.failures += 1;
        tx.users().save(&user).await?;
        tx.commit().await
    };
    for outcome in join_all((0..50).map(fail)).await {
        outcome.expect("a change");
    }
    assert_eq!(by_id(store, user.id).await.expect("the user").lockout.failures, 50);
}

/// A hash goes in with the user and is replaced, which leaves the version: who holds the user may
/// still save it.
pub async fn a_password_hash_is_kept_beside_the_user(store: &Arc<dyn Store>) {
    let with = given::a_user(store, Level::Officer).await;
    let without = insert(store, &given::a_new_user(Level::Officer)).await.expect("a new user");
    let mut tx = store.write().await.expect("a transaction");
    assert_eq!(tx.users().password_hash(with.id).await.expect("an answer").as_deref(), Some("hash"));
    assert_eq!(tx.users().password_hash(without.id).await.expect("an answer"), None);
    tx.users().set_password_hash(without.id, "$argon2id$ñ", given::minutes(5)).await.expect("a new hash");
    assert_eq!(tx.users().password_hash(without.id).await.expect("an answer").as_deref(), Some("$argon2id$ñ"));
    tx.commit().await.expect("a commit");
    let changed = by_id(store, without.id).await.expect("the user");
    assert_eq!((changed.updated_at, changed.version), (given::minutes(5), 1));
}

/// An administrator who cannot sign in is none: not verified, without an e-mail or a password, deleted,
/// or locked for longer than failed sign-ins lock.
pub async fn an_administrator_is_noticed(store: &Arc<dyn Store>) {
    given::a_user(store, Level::Supervisor).await;
    let mut tx = store.write().await.expect("a transaction");
    let now = given::noon();
    let new = || given::a_new_user(Level::Administrator);
    let bare = tx.users().insert(&NewUser { email: None, ..new() }, None).await.expect("a new user");
    tx.users().insert(&new(), None).await.expect("a new user");
    tx.users().insert(&NewUser { email: None, ..new() }, Some("hash")).await.expect("a new user");
    tx.users().insert(&NewUser { verified: false, ..new() }, Some("hash")).await.expect("a new user");
    let gone = tx.users().insert(&new(), Some("hash")).await.expect("a new user");
    tx.users().save(&User { deleted_at: Some(now), ..gone }).await.expect("a deleted user");
    assert!(!tx.users().has_administrator().await.expect("an answer"));
    assert!(!tx.users().has_other_administrator(bare.id, now).await.expect("an answer"));
    let one = tx.users().insert(&new(), Some("hash")).await.expect("a new user");
    assert!(tx.users().has_administrator().await.expect("an answer"));
    assert!(!tx.users().has_other_administrator(one.id, now).await.expect("an answer"));
    assert!(tx.users().has_other_administrator(bare.id, now).await.expect("an answer"));
    let locked = |until| Lockout { failures: 50, until: Some(until) };
    let until = now + TimeDelta::days(3650);
    let version = tx.users().save(&User { lockout: locked(until), ..one.clone() }).await.expect("a locked user");
    assert!(!tx.users().has_other_administrator(bare.id, now).await.expect("an answer"), "locked for years");
    let until = now + TimeDelta::minutes(30);
    tx.users().save(&User { lockout: locked(until), version, ..one }).await.expect("a locked user");
    assert!(tx.users().has_other_administrator(bare.id, now).await.expect("an answer"), "locked for half an hour");
}

/// From either end, by number of rows or after a row.
pub async fn users_come_in_pages(store: &Arc<dyn Store>) {
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(given::a_user(store, Level::Officer).await.id);
    }
    let mut tx = store.read().await.expect("a connection");
    let mut numbers = async |page| -> Vec<UserId> {
        tx.users().list(page).await.expect("a page").iter().map(|user| user.id).collect()
    };
    let first = Page::first(2);
    assert_eq!(numbers(first).await, ids[..2]);
    assert_eq!(numbers(Page { skip: 3, limit: 10, ..first }).await, ids[3..]);
    assert_eq!(numbers(Page { after: Some(Cursor(ids[1].0)), ..first }).await, ids[2..4]);
    assert_eq!(numbers(Page { descending: true, ..first }).await, [ids[4], ids[3]]);
    let before = Page { after: Some(Cursor(ids[3].0)), descending: true, ..first };
    assert_eq!(numbers(before).await, [ids[2], ids[1]]);
    assert_eq!(numbers(Page { skip: 1, ..before }).await, [ids[1], ids[0]]);
    assert_eq!(numbers(Page { limit: 0, ..first }).await, []);
}
