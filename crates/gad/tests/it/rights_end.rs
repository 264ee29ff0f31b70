//! Whatever ends a right ends it for every credential and everywhere: requests, sockets, streams, the
//! bot.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use domain::session::Platform;
use domain::{Level, TelegramId, UserId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::conversations;
use crate::office::{Office, PASSWORD, SERVICE_TOKEN};
use crate::person::Person;
use crate::screen::Seen;

conversations! {
    each_way_in_which_a_right_ends_ends_it_everywhere,
    a_token_for_telegram_is_not_prolonged_by_itself,
    the_number_of_sessions_for_telegram_is_bounded,
    a_token_does_not_come_back_with_its_account,
    an_administrator_lists_and_ends_the_sessions_of_others,
}

/// How a right ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Unlinked,
    Relinked,
    Disabled,
    Deleted,
    Demoted,
    PasswordChanged,
    PasswordReset,
    SignedOut,
    RevokedByAdministrator,
    Expired,
}

const ENDS: [End; 10] = [
    End::Unlinked,
    End::Relinked,
    End::Disabled,
    End::Deleted,
    End::Demoted,
    End::PasswordChanged,
    End::PasswordReset,
    End::SignedOut,
    End::RevokedByAdministrator,
    End::Expired,
];

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Credential {
    /// Of a sign-in by password.
    Api,
    /// Given to the bot for its owner.
    Telegram,
    /// Of the owner's own look-up with a token of the API.
    LookedUp,
}

/// What becomes of a credential: whether requests go on, and whether what is open stays open.
fn expected(end: End, credential: Credential) -> (bool, bool) {
    match (end, credential) {
        // The account is none of a token of the API.
        (End::Unlinked | End::Relinked, Credential::Api) => (true, true),
        // Requests follow the record at once; what is open comes again with what it may now.
        (End::Demoted, _) => (true, false),
        _ => (false, false),
    }
}

async fn links(office: &Office, user: UserId, account: Option<i64>) {
    let mut tx = office.cx.store.write().await.unwrap();
    let mut user = tx.users().lock(user).await.unwrap().unwrap();
    user.telegram = account.map(TelegramId);
    tx.users().save(&user).await.unwrap();
    tx.commit().await.unwrap();
}

/// Links by a one-time code, as people do.
async fn links_by_code(office: &Office, administrator: &Person, user: UserId, account: i64) {
    let path = format!("/api/v1/users/{user}/link-code");
    let code = administrator.posts(&path, json!({})).await.ok()["codigo"].as_str().unwrap().to_owned();
    let request = std::sync::Arc::default();
    let linked =
        app::telegram::link::redeem(&office.cx, &request, TelegramId(account), domain::ChatId(account), &code).await;
    assert_eq!(linked.unwrap().user, user);
}

async fn token_for(office: &Office, account: i64) -> String {
    let bot = office.stranger().with_token(SERVICE_TOKEN);
    let body = json!({ "telegram_id": account });
    bot.posts("/api/v1/telegram/auth/authenticate", body).await.ok()["token"].as_str().unwrap().to_owned()
}

/// The session that a token names.
fn sid(office: &Office, token: &str) -> domain::SessionId {
    office.cx.keys.session_of(token).unwrap().1
}

#[expect(clippy::too_many_lines, reason = "one case for each way in which a right ends")]
async fn each_way_in_which_a_right_ends_ends_it_everywhere(office: &Office) {
    let administrator = office.administrator().await;
    let mut wrong = Vec::new();
    let mut account = 7000;
    for end in ENDS {
        for credential in [Credential::Api, Credential::Telegram, Credential::LookedUp] {
            account += 2;
            let person = office.supervisor().await;
            let id = person.user.unwrap();
            links(office, id, Some(account)).await;
            let own = format!("/api/v1/users/{id}");
            let looks_up = format!("/api/v1/telegram/auth/{account}");
            let token = match credential {
                Credential::Api => person.token().unwrap().to_owned(),
                Credential::Telegram => token_for(office, account).await,
                Credential::LookedUp => person.gets(&looks_up).await.ok()["token"].as_str().unwrap().to_owned(),
            };
            let holder = person.with_token(&token);
            let works = async || {
                let path = format!("/api/v1/telegram/tasks/user/{account}");
                let by_rest = match credential {
                    Credential::Api => holder.gets("/api/v1/users/me").await,
                    Credential::Telegram | Credential::LookedUp => holder.gets(&path).await,
                };
                by_rest.status == 200
            };
            assert!(works().await, "{credential:?}");
            let mut screen = holder.opens_a_screen("").await;
            screen.reads_a("connection_ack").await;
            let mut stream = match credential {
                Credential::Api => {
                    let request = holder.request(Method::GET, "/api/v1/eventos").header("accept", "text/event-stream");
                    Some(request.send().await.unwrap())
                }
                // Only sockets take a token for Telegram.
                Credential::Telegram | Credential::LookedUp => None,
            };
            // Another token of the user, by which the user acts: not the one that is tried, where it can be.
            let acts = office.signs_in_again(&person).await;
            match end {
                End::Unlinked => {
                    assert_eq!(administrator.deletes(&format!("{own}/telegram")).await.status, 204);
                }
                End::Relinked => links_by_code(office, &administrator, id, account + 1).await,
                End::Disabled => drop(administrator.puts(&own, json!({ "verificado": false })).await.ok()),
                End::Deleted => {
                    assert_eq!(administrator.deletes(&format!("/api/v1/usuarios/{id}")).await.status, 204);
                }
                End::Demoted => drop(administrator.puts(&own, json!({ "nivel": 1 })).await.ok()),
                End::PasswordChanged => {
                    let change = json!({ "password": "otra clave larga", "password_actual": PASSWORD });
                    acts.puts(&own, change).await.ok();
                }
                End::PasswordReset => {
                    drop(administrator.puts(&own, json!({ "password": "otra clave larga" })).await.ok());
                }
                End::SignedOut => drop(holder.posts("/api/v1/auth/logout", json!({})).await.ok()),
                End::RevokedByAdministrator => {
                    let path = format!("/api/v1/auth/sessions/{}", sid(office, &token));
                    assert_eq!(administrator.deletes(&path).await.status, 204);
                }
                End::Expired => {
                    office.clock.advance(TimeDelta::days(7));
                }
            }
            let ended = Instant::now();
            let (goes_on, stays_open) = expected(end, credential);
            if works().await != goes_on {
                wrong.push(format!("{end:?}, {credential:?}: requests go on: {}", !goes_on));
            }
            if end == End::Expired {
                // The clock of a test moves at once; what is open notices at its next message.
                office.clock.advance(TimeDelta::days(-7));
                drop(screen);
                continue;
            }
            if stays_open {
                let heard = tokio::time::timeout(Duration::from_millis(1700), screen.hears()).await;
                if let Ok(seen @ (Seen::Closed(..) | Seen::Cut)) = heard {
                    wrong.push(format!("{end:?}, {credential:?}: the socket was closed: {seen:?}"));
                }
            } else {
                let seen = screen.ends().await;
                let took = ended.elapsed();
                if seen != Seen::Closed(4401, "Session or rights changed".to_owned()) || took > Duration::from_secs(2) {
                    wrong.push(format!("{end:?}, {credential:?}: the socket ended with {seen:?} after {took:?}"));
                }
                if let Some(stream) = &mut stream {
                    let all = async { while let Ok(Some(_)) = stream.chunk().await {} };
                    if tokio::time::timeout(Duration::from_secs(2), all).await.is_err() {
                        wrong.push(format!("{end:?}, {credential:?}: the stream goes on"));
                    }
                }
                let again = holder.opens_a_screen("").await.sees().await;
                if goes_on != matches!(&again, Seen::Message(_)) {
                    wrong.push(format!("{end:?}, {credential:?}: the socket was opened again: {again:?}"));
                }
            }
            // The bot, by its own secret, in the name of the account.
            let bot = office.stranger().with_token(SERVICE_TOKEN);
            let by_bot = bot.gets(&looks_up).await.ok();
            let may_bot = !matches!(end, End::Unlinked | End::Relinked | End::Disabled | End::Deleted);
            if (by_bot["authenticated"] == true) != may_bot || by_bot["token"].is_string() != may_bot {
                wrong.push(format!("{end:?}, {credential:?}: the bot was answered {by_bot}"));
            }
            let task = json!({ "telegram_id": account, "tipo": "INSPECCION", "codigo": format!("FIN-{account}-{}",
                u8::from(credential == Credential::Api)), "titulo": "Recorrer el puerto" });
            let made = bot.posts("/api/v1/telegram/tasks/create", task).await.status == 200;
            if made != (may_bot && end != End::Demoted) {
                wrong.push(format!("{end:?}, {credential:?}: the bot makes tasks: {made}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

async fn sessions_of(office: &Office, user: UserId) -> Vec<domain::session::Session> {
    let now = domain::Clock::now(&*office.clock);
    office.cx.store.read().await.unwrap().sessions().live_of(user, now).await.unwrap()
}

async fn expiry(office: &Office, token: &str) -> i64 {
    let bot = office.stranger().with_token(SERVICE_TOKEN);
    bot.gets(&format!("/api/v1/telegram/auth/verify/{token}")).await.ok()["expires"].as_i64().unwrap()
}

async fn a_token_for_telegram_is_not_prolonged_by_itself(office: &Office) {
    let person = office.supervisor().await;
    let id = person.user.unwrap();
    links(office, id, Some(700)).await;
    let first = token_for(office, 700).await;
    let ends = expiry(office, &first).await;
    let mut token = first.clone();
    for _ in 0..10 {
        office.clock.advance(TimeDelta::hours(12));
        let seen = person.with_token(&token).gets("/api/v1/telegram/auth/700").await.ok();
        assert_eq!((&seen["authenticated"], &seen["role"]), (&json!(true), &json!("LEVEL_2")), "{seen}");
        token = seen["token"].as_str().unwrap().to_owned();
        assert_eq!(expiry(office, &token).await, ends, "a look-up moved the end");
    }
    let telegram = |sessions: Vec<domain::session::Session>| {
        sessions.into_iter().filter(|session| session.platform == Platform::Telegram).count()
    };
    assert_eq!(telegram(sessions_of(office, id).await), 1, "looking up begins no session");
    let refused = person.with_token(&token).posts("/api/v1/auth/refresh", json!({ "refresh_token": token })).await;
    assert_eq!(refused.status, 403);
    office.clock.advance(TimeDelta::days(2));
    let late = person.with_token(&token).gets("/api/v1/telegram/auth/700").await;
    assert_eq!(late.refusal(), "403 Could not validate credentials");
    // A token of the API gives one of its own session, which ends with it.
    let person = office.signs_in_again(&person).await;
    let before = sessions_of(office, id).await.len();
    let looked_up = person.gets("/api/v1/telegram/auth/700").await.ok()["token"].as_str().unwrap().to_owned();
    assert_eq!(sessions_of(office, id).await.len(), before);
    assert_eq!(sid(office, &looked_up), sid(office, person.token().unwrap()));
    let ends = expiry(office, &looked_up).await;
    office.clock.advance(TimeDelta::hours(1));
    let again = person.with_token(&looked_up).gets("/api/v1/telegram/auth/700").await.ok()["token"].clone();
    assert_eq!(expiry(office, again.as_str().unwrap()).await, ends);
}

async fn the_number_of_sessions_for_telegram_is_bounded(office: &Office) {
    let person = office.supervisor().await;
    let id = person.user.unwrap();
    links(office, id, Some(700)).await;
    let mut tokens = Vec::new();
    for _ in 0..12 {
        office.clock.advance(TimeDelta::seconds(1));
        tokens.push(token_for(office, 700).await);
    }
    let bot = office.stranger().with_token(SERVICE_TOKEN);
    for _ in 0..12 {
        let seen: Value = bot.gets("/api/v1/telegram/auth/700").await.ok();
        assert_eq!(sid(office, seen["token"].as_str().unwrap()), sid(office, &tokens[11]), "the newest");
    }
    futures::future::join_all((0..8).map(|_| token_for(office, 700))).await;
    let sessions = sessions_of(office, id).await;
    let telegram = sessions.iter().filter(|session| session.platform == Platform::Telegram).count();
    assert_eq!((telegram, sessions.len()), (5, 6), "those of the web are no part of it");
    let path = "/api/v1/telegram/tasks/user/700";
    assert_eq!(person.with_token(&tokens[0]).gets(path).await.refusal(), "403 Could not validate credentials");
    person.gets("/api/v1/users/me").await.ok();
    // Half of its life is over: the bot is given a new one.
    let newest = token_for(office, 700).await;
    office.clock.advance(TimeDelta::days(4));
    let seen = bot.gets("/api/v1/telegram/auth/700").await.ok();
    assert_ne!(sid(office, seen["token"].as_str().unwrap()), sid(office, &newest));
}

async fn a_token_does_not_come_back_with_its_account(office: &Office) {
    let administrator = office.administrator().await;
    let person = office.supervisor().await;
    let id = person.user.unwrap();
    links(office, id, Some(700)).await;
    let token = token_for(office, 700).await;
    assert_eq!(administrator.deletes(&format!("/api/v1/users/{id}/telegram")).await.status, 204);
    links_by_code(office, &administrator, id, 700).await;
    let path = "/api/v1/telegram/tasks/user/700";
    assert_eq!(person.with_token(&token).gets(path).await.refusal(), "403 Could not validate credentials");
    let token = token_for(office, 700).await;
    links_by_code(office, &administrator, id, 701).await;
    links_by_code(office, &administrator, id, 700).await;
    assert_eq!(person.with_token(&token).gets(path).await.status, 403);
}

async fn an_administrator_lists_and_ends_the_sessions_of_others(office: &Office) {
    let (administrator, supervisor) = (office.administrator().await, office.supervisor().await);
    let person = office.user(Level::Officer).await;
    let stolen = office.signs_in_again(&person).await;
    let path = format!("/api/v1/users/{}/sessions", person.user.unwrap());
    let sessions = administrator.gets(&path).await.ok();
    let sessions = sessions.as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    assert!(sessions.iter().all(|session| session["actual"] == false && session["ip"].is_string()), "{sessions:?}");
    assert_eq!(supervisor.gets(&path).await.status, 403);
    assert_eq!(person.gets(&path).await.ok().as_array().unwrap().len(), 2, "one's own");
    assert_eq!(administrator.gets("/api/v1/users/999999/sessions").await.status, 404);
    let end = format!("/api/v1/auth/sessions/{}", sid(office, stolen.token().unwrap()));
    assert_eq!(supervisor.deletes(&end).await.status, 404);
    assert_eq!(administrator.deletes(&end).await.status, 204);
    assert_eq!(stolen.gets("/api/v1/users/me").await.refusal(), "403 Could not validate credentials");
    person.gets("/api/v1/users/me").await.ok();
    app::audit::seal(&office.cx).await.unwrap();
    let by = administrator.user.unwrap();
    let lines = administrator.gets(&format!("/api/v1/audit?user_id={by}&limit=500")).await.ok().to_string();
    assert!(lines.contains("Sesiones de un usuario consultadas") && lines.contains("Sesión revocada"), "{lines}");
    let own = administrator.gets(&format!("/api/v1/users/{by}/sessions")).await.ok();
    assert_eq!(own.as_array().unwrap().iter().filter(|session| session["actual"] == true).count(), 1);
}
