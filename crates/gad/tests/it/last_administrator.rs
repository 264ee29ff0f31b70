//! No change leaves the office without an administrator who can sign in, and no other is refused.

use std::sync::Arc;

use app::auth::Credentials;
use app::user::UserChange;
use app::{Actor, Error};
use chrono::TimeDelta;
use domain::personal::{Email, Name};
use domain::session::Platform;
use domain::user::{Lockout, NewUser, Password, UserEdit};
use domain::{Clock, Level, TelegramId, User, UserId};
use serde_json::json;

use crate::office::{Office, PASSWORD, bare_user};
use crate::{accounts, conversations};

conversations! {
    the_guard_refuses_what_would_shut_every_administrator_out_and_nothing_else,
    an_administrator_of_the_bot_alone_does_not_count,
}

/// What an account is.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "the table has every combination of them")]
struct Account {
    level: Level,
    verified: bool,
    has_email: bool,
    has_password: bool,
    is_deleted: bool,
    is_locked: bool,
}

const ADMINISTRATOR: Account = Account {
    level: Level::Administrator,
    verified: true,
    has_email: true,
    has_password: true,
    is_deleted: false,
    is_locked: false,
};

/// The accounts of which one thing is missing, and the one of which nothing is.
const ACCOUNTS: [Account; 7] = [
    ADMINISTRATOR,
    Account { level: Level::Supervisor, ..ADMINISTRATOR },
    Account { verified: false, ..ADMINISTRATOR },
    Account { has_email: false, ..ADMINISTRATOR },
    Account { has_password: false, ..ADMINISTRATOR },
    Account { is_deleted: true, ..ADMINISTRATOR },
    Account { is_locked: true, ..ADMINISTRATOR },
];

#[derive(Debug, Clone, Copy)]
enum Change {
    Demoted,
    Disabled,
    Deleted,
    Renamed,
    Unlinked,
}

const CHANGES: [Change; 5] = [Change::Demoted, Change::Disabled, Change::Deleted, Change::Renamed, Change::Unlinked];

async fn makes(office: &Office, hash: &str, account: Account) -> User {
    let n = uuid::Uuid::new_v4();
    let now = office.clock.now();
    let new = NewUser {
        uuid: n,
        email: account.has_email.then(|| Email::try_from(format!("{}@prueba.gad", n.simple())).unwrap()),
        telegram: Some(TelegramId(i64::from(n.as_fields().0))),
        level: account.level,
        verified: account.verified,
        ..bare_user(now)
    };
    let mut tx = office.cx.store.write().await.unwrap();
    let mut user = tx.users().insert(&new, account.has_password.then_some(hash)).await.unwrap();
    user.deleted_at = account.is_deleted.then_some(now);
    user.lockout = Lockout { failures: 0, until: account.is_locked.then(|| now + TimeDelta::days(36_500)) };
    tx.users().save(&user).await.unwrap();
    tx.commit().await.unwrap();
    user
}

/// Whether one of these people signs in and is an administrator then: tried at the door, not computed.
async fn somebody_administers(office: &Office, people: &[UserId]) -> bool {
    for id in people {
        let user = office.cx.store.read().await.unwrap().users().by_id(*id).await.unwrap();
        let Some(email) = user.and_then(|user| user.email) else { continue };
        let credentials = Credentials {
            username: email.reveal().to_owned(),
            password: PASSWORD.to_owned().into(),
            platform: Platform::Web,
            devices: Vec::new(),
        };
        let signed_in = app::auth::login(&office.cx, &Arc::default(), credentials).await;
        if signed_in.is_ok_and(|signed_in| signed_in.user.level == Level::Administrator) {
            return true;
        }
    }
    false
}

async fn changes(office: &Office, id: UserId, change: Change) -> Result<(), Error> {
    let operator = Actor::operator("prueba".to_owned(), "prueba");
    let (edit, none) = (UserEdit::default(), UserChange::default());
    let edit = match change {
        Change::Demoted => UserEdit { level: Some(Level::Supervisor), ..edit },
        Change::Disabled => UserEdit { verified: Some(false), ..edit },
        Change::Renamed => UserEdit { given_name: Name::try_from("Otra".to_owned()).ok(), ..edit },
        Change::Deleted => return app::user::delete(&office.cx, &operator, id, None).await,
        Change::Unlinked => return app::telegram::link::unlink(&office.cx, &operator, id).await.map(drop),
    };
    app::user::update(&office.cx, &operator, id, UserChange { edit, ..none }).await.map(drop)
}

async fn the_guard_refuses_what_would_shut_every_administrator_out_and_nothing_else(office: &Office) {
    let hash = office.cx.hasher.hash(&Password::try_from(PASSWORD.to_owned()).unwrap()).await.unwrap();
    let (mut wrong, mut refusals) = (Vec::new(), 0);
    for changed in ACCOUNTS.into_iter().filter(|account| !account.is_deleted && !account.is_locked) {
        for other in ACCOUNTS {
            // Where neither administers there is nothing to guard.
            if changed != ADMINISTRATOR && other != ADMINISTRATOR {
                continue;
            }
            for change in CHANGES {
                let (one, two) = (makes(office, &hash, changed).await, makes(office, &hash, other).await);
                let people = [one.id, two.id];
                let before = somebody_administers(office, &people).await;
                let outcome = changes(office, one.id, change).await;
                let after = somebody_administers(office, &people).await;
                let is_refused = match outcome {
                    Ok(()) => false,
                    Err(Error::LastAdministrator) => true,
                    Err(error) => panic!("{changed:?} {other:?} {change:?}: {error}"),
                };
                refusals += usize::from(is_refused);
                let case = format!("{changed:?}, {change:?}, beside {other:?}");
                if before && !after {
                    wrong.push(format!("{case}: no administrator is left"));
                }
                if is_refused {
                    // Refused for nothing, unless doing it all the same would have shut everybody out.
                    let mut tx = office.cx.store.write().await.unwrap();
                    let mut user = tx.users().lock(one.id).await.unwrap().unwrap();
                    user.verified = false;
                    tx.users().save(&user).await.unwrap();
                    tx.commit().await.unwrap();
                    if !before || somebody_administers(office, &people).await {
                        wrong.push(format!("{case}: refused for nothing"));
                    }
                }
                // The next case begins without anybody.
                let mut intruder = office.intruder().await;
                intruder.does("UPDATE usuarios SET nivel = 1 WHERE nivel = 3").await;
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(refusals > 10, "{refusals}");
}

async fn an_administrator_of_the_bot_alone_does_not_count(office: &Office) {
    let administrator = office.administrator().await;
    let bot_only = json!({ "telegram_id": 700, "nombre": "Solo Bot", "nivel": "3" });
    let bot_only = administrator.posts("/api/v1/usuarios", bot_only).await.ok();
    accounts::stays_administrator(&administrator).await;
    // One who cannot sign in is not needed.
    assert_eq!(administrator.deletes(&format!("/api/v1/usuarios/{}", bot_only["id"])).await.status, 204);
    office.member(Level::Administrator).await;
    let own = format!("/api/v1/users/{}", administrator.user.unwrap());
    administrator.puts(&own, json!({ "nivel": 1 })).await.ok();
}
