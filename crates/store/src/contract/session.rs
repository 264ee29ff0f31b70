//! Sign-ins and their refresh tokens.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;
use domain::session::{Platform, RefreshToken, Session};
use domain::{Level, OfficerId, SessionId, Time, User, UserId};
use futures::future::join_all;
use uuid::Uuid;

use super::given;
use crate::{Rule, Store};

/// Stands for the SHA-256 of a token.
fn hash(n: u64) -> [u8; 32] {
    let mut hash = [7; 32];
    hash[..8].copy_from_slice(&n.to_be_bytes());
    hash
}

fn a_new_session(user: &User, created_at: Time) -> (Session, RefreshToken) {
    let n = given::unique();
    let session = Session {
        id: SessionId(Uuid::from_u128(u128::from(n))),
        user: user.id,
        platform: Platform::Web,
        created_at,
        last_used_at: created_at,
        expires_at: created_at + TimeDelta::days(7),
        revoked_at: None,
        revoked_reason: None,
        ip: Some("2001:db8::7".parse().expect("an address")),
        user_agent: Some("Navegador/1.0 (ñ)".to_owned()),
    };
    let token = RefreshToken { hash: hash(n), session: session.id, issued_at: created_at, used_at: None, salt: None };
    (session, token)
}

async fn a_session(store: &Arc<dyn Store>, user: &User, created_at: Time) -> (Session, RefreshToken) {
    let (session, token) = a_new_session(user, created_at);
    let mut tx = store.write().await.expect("a transaction");
    tx.sessions().insert(&session, &token).await.expect("a new session");
    tx.commit().await.expect("a commit");
    (session, token)
}

async fn by_id(store: &Arc<dyn Store>, id: SessionId) -> Option<Session> {
    store.read().await.expect("a connection").sessions().by_id(id).await.expect("an answer")
}

/// Every field, also with nothing known of the client.
pub async fn every_field_of_a_session_comes_back(store: &Arc<dyn Store>) {
    let user = given::a_user(store, Level::Officer).await;
    let (full, token) = a_session(store, &user, given::noon()).await;
    assert_eq!(by_id(store, full.id).await.as_ref(), Some(&full));
    let (bare, bare_token) = a_new_session(&user, given::noon() + TimeDelta::microseconds(1));
    let bare = Session {
        platform: Platform::Telegram,
        revoked_at: Some(given::minutes(3)),
        revoked_reason: Some("theft".to_owned()),
        ip: None,
        user_agent: None,
        ..bare
    };
    let mut tx = store.write().await.expect("a transaction");
    tx.sessions().insert(&bare, &bare_token).await.expect("a new session");
    tx.commit().await.expect("a commit");
    assert_eq!(by_id(store, bare.id).await, Some(bare));
    assert_eq!(by_id(store, SessionId(Uuid::nil())).await, None);
    let mut tx = store.write().await.expect("a transaction");
    let found = tx.sessions().lock_by_token(&token.hash).await.expect("an answer").expect("the token");
    assert_eq!((found.0.hash, found.0.session, found.0.issued_at), (token.hash, full.id, token.issued_at));
    assert_eq!((found.0.used_at, found.1), (None, full));
    assert!(tx.sessions().lock_by_token(&hash(0)).await.expect("an answer").is_none());
}

/// A token's hash is unique, and a session has a user.
pub async fn a_session_without_user_or_with_a_known_token_is_refused(store: &Arc<dyn Store>) {
    let user = given::a_user(store, Level::Officer).await;
    let (_, token) = a_session(store, &user, given::noon()).await;
    let (session, _) = a_new_session(&user, given::noon());
    let mut tx = store.write().await.expect("a transaction");
    let again = RefreshToken { session: session.id, ..token };
    let outcome = tx.sessions().insert(&session, &again).await;
    assert_eq!(given::broken_rule(&outcome), Some(Rule::RefreshToken));
    drop(tx);
    let (session, token) = a_new_session(&user, given::noon());
    let nobody = Session { user: UserId(9_999_999), ..session };
    let mut tx = store.write().await.expect("a transaction");
    // A store may hold foreign keys at the end of the statement or of the transaction.
    let outcome = match tx.sessions().insert(&nobody, &token).await {
        Ok(()) => tx.commit().await,
        refused => refused,
    };
    assert_eq!(given::broken_rule(&outcome), Some(Rule::UnknownUser));
}

/// The old token is marked, the new one leads to the same session, whose last use moves.
pub async fn a_token_is_exchanged_for_the_next(store: &Arc<dyn Store>) {
    let user = given::a_user(store, Level::Officer).await;
    let (session, first) = a_session(store, &user, given::noon()).await;
    let at = given::minutes(20);
    let next =
        RefreshToken { hash: hash(given::unique()), session: session.id, issued_at: at, used_at: None, salt: None };
    let mut tx = store.write().await.expect("a transaction");
    tx.sessions().rotate(&first.hash, &[3; 32], &next, at).await.expect("an exchange");
    tx.commit().await.expect("a commit");
    let moved = Session { last_used_at: at, ..session };
    let mut tx = store.write().await.expect("a transaction");
    let used = tx.sessions().lock_by_token(&first.hash).await.expect("an answer").expect("the first token");
    assert_eq!((used.0.used_at, used.0.salt, used.1), (Some(at), Some([3; 32]), moved.clone()));
    let fresh = tx.sessions().lock_by_token(&next.hash).await.expect("an answer").expect("the next token");
    assert_eq!((fresh.0.used_at, fresh.0.salt, fresh.0.issued_at, fresh.1), (None, None, at, moved));
}

/// Of ten who exchange one token at the same time, one finds it unused.
pub async fn racing_exchanges_of_one_token_leave_one_winner(store: &Arc<dyn Store>) {
    let user = given::a_user(store, Level::Officer).await;
    let (session, first) = a_session(store, &user, given::noon()).await;
    let exchange = |_| async {
        let mut tx = store.write().await?;
        let (token, _) = tx.sessions().lock_by_token(&first.hash).await?.expect("the token");
        if token.used_at.is_some() {
            return Ok(false);
        }
        let next = RefreshToken { hash: hash(given::unique()), session: session.id, ..token };
        tx.sessions().rotate(&token.hash, &[3; 32], &next, given::minutes(1)).await?;
        tx.commit().await?;
        Ok::<_, crate::Error>(true)
    };
    let outcomes = join_all((0..10).map(exchange)).await;
    assert_eq!(outcomes.into_iter().filter(|outcome| *outcome.as_ref().expect("an answer")).count(), 1);
}

/// Newest first; ended, expired and other people's sessions are not among them.
pub async fn live_sessions_are_listed(store: &Arc<dyn Store>) {
    let (user, other) = (given::a_user(store, Level::Officer).await, given::a_user(store, Level::Officer).await);
    let (old, _) = a_session(store, &user, given::noon()).await;
    let (new, _) = a_session(store, &user, given::minutes(1)).await;
    let (ended, _) = a_session(store, &user, given::minutes(2)).await;
    a_session(store, &other, given::noon()).await;
    let mut tx = store.write().await.expect("a transaction");
    assert!(tx.sessions().revoke(ended.id, "logout", given::minutes(3)).await.expect("an answer"));
    assert!(!tx.sessions().revoke(ended.id, "revoked", given::minutes(4)).await.expect("an answer"), "ended already");
    assert!(!tx.sessions().revoke(SessionId(Uuid::nil()), "revoked", given::noon()).await.expect("an answer"));
    tx.commit().await.expect("a commit");
    let ended = by_id(store, ended.id).await.expect("the session");
    assert_eq!((ended.revoked_at, ended.revoked_reason.as_deref()), (Some(given::minutes(3)), Some("logout")));
    let mut tx = store.read().await.expect("a connection");
    let live = tx.sessions().live_of(user.id, given::minutes(5)).await.expect("an answer");
    assert_eq!(live, [new.clone(), old.clone()]);
    let live = tx.sessions().live_of(user.id, old.expires_at).await.expect("an answer");
    assert_eq!(live, [new], "the older one has run out to the microsecond");
}

/// All but one, and only those that still live.
pub async fn all_sessions_but_one_are_ended(store: &Arc<dyn Store>) {
    let (user, other) = (given::a_user(store, Level::Officer).await, given::a_user(store, Level::Officer).await);
    let mut mine = Vec::new();
    for minute in 0..4 {
        mine.push(a_session(store, &user, given::minutes(minute)).await.0);
    }
    let (kept, _) = a_session(store, &other, given::noon()).await;
    let mut tx = store.write().await.expect("a transaction");
    let at = given::minutes(10);
    assert!(tx.sessions().revoke(mine[3].id, "logout", given::minutes(9)).await.expect("an answer"));
    assert_eq!(tx.sessions().revoke_all(user.id, Some(mine[0].id), "password", at).await.expect("an answer"), 2);
    tx.commit().await.expect("a commit");
    let mut tx = store.write().await.expect("a transaction");
    assert_eq!(tx.sessions().live_of(user.id, at).await.expect("an answer"), [mine[0].clone()]);
    assert_eq!(tx.sessions().live_of(other.id, at).await.expect("an answer"), [kept]);
    assert_eq!(tx.sessions().revoke_all(user.id, None, "disabled", at).await.expect("an answer"), 1);
    let first = tx.sessions().by_id(mine[3].id).await.expect("an answer").expect("the session");
    assert_eq!(first.revoked_reason.as_deref(), Some("logout"), "what ended before stays as it was");
}

/// The newest stay, as do other platforms and other people.
pub async fn the_oldest_sessions_of_a_platform_are_ended(store: &Arc<dyn Store>) {
    let (user, other) = (given::a_user(store, Level::Officer).await, given::a_user(store, Level::Officer).await);
    let mut telegram = Vec::new();
    for (minute, user) in [(0, &user), (1, &user), (2, &user), (3, &user), (0, &other)] {
        let (session, token) = a_new_session(user, given::minutes(minute));
        let session = Session { platform: Platform::Telegram, ..session };
        let mut tx = store.write().await.expect("a transaction");
        tx.sessions().insert(&session, &token).await.expect("a new session");
        tx.commit().await.expect("a commit");
        telegram.push(session.id);
    }
    let (web, _) = a_session(store, &user, given::noon()).await;
    let at = given::minutes(10);
    let mut tx = store.write().await.expect("a transaction");
    assert!(tx.sessions().revoke(telegram[3], "logout", at).await.expect("an answer"));
    let ended = tx.sessions().revoke_platform(user.id, Platform::Telegram, 1, "limit", at).await.expect("an answer");
    assert_eq!(ended.into_iter().collect::<BTreeSet<_>>(), BTreeSet::from([telegram[0], telegram[1]]));
    let again = tx.sessions().revoke_platform(user.id, Platform::Telegram, 1, "limit", at).await.expect("an answer");
    assert_eq!(again, [], "those that ended have ended");
    tx.commit().await.expect("a commit");
    let reason = by_id(store, telegram[0]).await.expect("the session").revoked_reason;
    assert_eq!(reason.as_deref(), Some("limit"));
    let mut tx = store.read().await.expect("a connection");
    let live = tx.sessions().live_of(user.id, at).await.expect("an answer");
    assert_eq!(live.iter().map(|session| session.id).collect::<Vec<_>>(), [telegram[2], web.id]);
    assert_eq!(tx.sessions().live_of(other.id, at).await.expect("an answer").len(), 1);
}

/// What the bearer of a token is, in each state of user, officer and session.
pub async fn a_bearer_is_known_as_of_now(store: &Arc<dyn Store>) {
    let officer = given::an_officer(store).await;
    let mut tx = store.read().await.expect("a connection");
    let user = tx.users().by_id(officer.user).await.expect("an answer").expect("the user");
    drop(tx);
    let (session, _) = a_session(store, &user, given::noon()).await;
    let (foreign, _) = a_session(store, &given::a_user(store, Level::Officer).await, given::noon()).await;
    let principal = |session: SessionId, now: Time| async move {
        let mut tx = store.read().await.expect("a connection");
        tx.sessions().principal(officer.user, session, now).await.expect("an answer")
    };
    let now = given::minutes(1);
    let bearer = principal(session.id, now).await.expect("the user");
    assert_eq!((bearer.user, bearer.level, bearer.verified), (user.id, Level::Officer, true));
    assert_eq!((bearer.telegram, bearer.officer, bearer.session), (user.telegram, Some(officer.id), Some(session.id)));
    let seen = |bearer: Option<crate::session::Principal>| bearer.expect("the user").session;
    assert_eq!(seen(principal(session.id, session.expires_at).await), None, "run out");
    assert_eq!(seen(principal(foreign.id, now).await), None, "another's session");
    assert_eq!(seen(principal(SessionId(Uuid::nil()), now).await), None, "never was");
    let asked = [session.id, foreign.id, SessionId(Uuid::nil())];
    let live = |now: Time| async move {
        let mut tx = store.read().await.expect("a connection");
        let found = tx.sessions().live_principals(&asked, now).await.expect("an answer");
        found.into_iter().filter_map(|bearer| Some((bearer.user, bearer.session?))).collect::<BTreeSet<_>>()
    };
    let both = BTreeSet::from([(user.id, session.id), (foreign.user, foreign.id)]);
    assert_eq!(live(now).await, both);
    let mut tx = store.write().await.expect("a transaction");
    assert!(tx.sessions().revoke(session.id, "revoked", now).await.expect("an answer"));
    let raised = User { level: Level::Supervisor, verified: false, telegram: None, ..user };
    let version = tx.users().save(&raised).await.expect("a saved user");
    let gone = domain::Officer { deleted_at: Some(now), ..officer.clone() };
    tx.officers().save(&gone).await.expect("a saved officer");
    tx.commit().await.expect("a commit");
    let bearer = principal(session.id, now).await.expect("the user");
    assert_eq!((bearer.level, bearer.verified, bearer.telegram), (Level::Supervisor, false, None));
    assert_eq!((bearer.officer, bearer.session), (None::<OfficerId>, None));
    assert_eq!(live(now).await, BTreeSet::from([(foreign.user, foreign.id)]), "the other was ended");
    let mut tx = store.write().await.expect("a transaction");
    tx.users().save(&User { deleted_at: Some(now), version, ..raised }).await.expect("a deleted user");
    tx.commit().await.expect("a commit");
    assert!(principal(session.id, now).await.is_none(), "the user is gone");
}

/// The user and the hash, whatever the case of the e-mail; deleted users cannot sign in.
pub async fn a_sign_in_finds_the_user_by_email(store: &Arc<dyn Store>) {
    let mut new = given::a_new_user(Level::Officer);
    new.email = domain::personal::Email::try_from("Ñandú.Pérez@Oficina.GOB".to_owned()).ok();
    let mut tx = store.write().await.expect("a transaction");
    let user = tx.users().insert(&new, Some("$argon2id$x")).await.expect("a new user");
    let bare = tx.users().insert(&given::a_new_user(Level::Officer), None).await.expect("a new user");
    tx.commit().await.expect("a commit");
    let mut tx = store.write().await.expect("a transaction");
    for email in ["Ñandú.Pérez@Oficina.GOB", "ñandú.pérez@oficina.gob", "ÑANDÚ.PÉREZ@OFICINA.GOB"] {
        let found = tx.sessions().sign_in_record(email).await.expect("an answer");
        assert_eq!(found, Some((user.clone(), Some("$argon2id$x".to_owned()))), "{email}");
    }
    let email = bare.email.as_ref().expect("an e-mail").reveal().to_owned();
    assert_eq!(tx.sessions().sign_in_record(&email).await.expect("an answer"), Some((bare, None)));
    for nobody in ["nadie@oficina.gob", "", "%", "nandu.perez@oficina.gob"] {
        assert_eq!(tx.sessions().sign_in_record(nobody).await.expect("an answer"), None, "{nobody}");
    }
    tx.users().save(&User { deleted_at: Some(given::minutes(1)), ..user }).await.expect("a deleted user");
    assert_eq!(tx.sessions().sign_in_record("ñandú.pérez@oficina.gob").await.expect("an answer"), None);
}

/// What ended before goes with its tokens; the rest stays.
pub async fn ended_sessions_are_cleared_away(store: &Arc<dyn Store>) {
    let user = given::a_user(store, Level::Officer).await;
    let (expired, token) = a_session(store, &user, given::noon() - TimeDelta::days(30)).await;
    let (revoked, _) = a_session(store, &user, given::noon()).await;
    let (live, _) = a_session(store, &user, given::noon()).await;
    let mut tx = store.write().await.expect("a transaction");
    tx.sessions().revoke(revoked.id, "logout", given::minutes(1)).await.expect("an answer");
    assert_eq!(tx.sessions().prune(given::minutes(1)).await.expect("an answer"), 1);
    assert_eq!(tx.sessions().by_id(expired.id).await.expect("an answer"), None);
    assert!(tx.sessions().lock_by_token(&token.hash).await.expect("an answer").is_none());
    assert!(tx.sessions().by_id(revoked.id).await.expect("an answer").is_some(), "it ended then, not before");
    assert_eq!(tx.sessions().prune(given::minutes(2)).await.expect("an answer"), 1);
    assert!(tx.sessions().by_id(live.id).await.expect("an answer").is_some());
}
