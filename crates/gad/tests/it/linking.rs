//! Which Telegram account is whose: codes from the API, links made and ended.

use std::sync::Arc;

use app::telegram::link::{Linked, redeem};
use app::{Error, IdempotencyKey, Request};
use chrono::TimeDelta;
use domain::telegram::{Content, NewMessage, Update, Urgency};
use domain::user::Attempts;
use domain::{ChatId, Event, Level, TelegramId, UpdateId, UserId};
use serde_json::{Value, json};
use store::Rule;
use store::telegram::Hold;

use crate::conversations;
use crate::office::{Office, logged};
use crate::person::Person;

conversations! {
    a_code_links_an_account_once,
    a_new_link_takes_the_place_of_the_old_one,
    a_code_is_good_for_a_day_and_only_the_newest_is,
    of_eight_accounts_with_one_code_one_is_linked,
    wrong_codes_close_a_chat_for_an_hour,
    wrong_codes_from_everywhere_close_the_office_and_leave_their_trace,
    a_link_is_ended_by_its_owner_or_an_administrator,
    whoever_is_shut_out_is_not_linked,
    what_is_over_is_forgotten,
    what_was_said_is_kept_for_a_month,
    more_than_one_step_removes_is_removed_at_once,
    one_locked_credential_closes_no_other,
}

async fn a_code(administrator: &Person, user: UserId) -> Value {
    administrator.posts(&format!("/api/v1/users/{user}/link-code"), json!({})).await.ok()
}

/// Writes `/vincular CODE` from an account, as the update `update`.
async fn writes(office: &Office, account: i64, update: i64, code: &str) -> Result<Linked, Error> {
    let idempotency = Some(IdempotencyKey { key: format!("tg:{update}"), request_hash: [7; 32] });
    let (endpoint, method) = ("/vincular".to_owned(), "BOT".to_owned());
    let request = Request { id: format!("tg-{update}"), endpoint, method, idempotency, ..Request::default() };
    redeem(&office.cx, &Arc::new(request), TelegramId(account), ChatId(account), code).await
}

fn is_wrong(outcome: &Result<Linked, Error>) -> bool {
    matches!(outcome, Err(Error::NotFound { .. }))
}

async fn account_of(administrator: &Person, user: UserId) -> Value {
    administrator.gets(&format!("/api/v1/users/{user}")).await.ok()["telegram_id"].clone()
}

async fn a_code_links_an_account_once(office: &Office) {
    let administrator = office.administrator().await;
    let ema = office.member(Level::Officer).await;
    let given = a_code(&administrator, ema.id).await;
    let code = given["codigo"].as_str().unwrap();
    assert!(code.len() == 10 && code.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase()), "{code}");
    assert_eq!((&given["orden"], &given["enlace"]), (&json!(format!("/vincular {code}")), &Value::Null));
    let linked = writes(office, 71, 1, code).await.unwrap();
    assert_eq!((linked.user, linked.name.as_str(), linked.earlier), (ema.id, ema.given_name.reveal(), None));
    assert_eq!(account_of(&administrator, ema.id).await, json!(71));
    assert_eq!(writes(office, 71, 1, code).await.unwrap(), linked, "the same update worked twice");
    assert!(is_wrong(&writes(office, 72, 2, code).await), "somebody who saw the code");
    app::audit::seal(&office.cx).await.unwrap();
    let lines = administrator.gets(&format!("/api/v1/audit?resource_type=usuario&resource_id={}", ema.id)).await.ok();
    let text = lines.to_string();
    assert!(text.contains("Código de vínculo emitido") && text.contains("Cuenta de Telegram vinculada"), "{text}");
    assert_eq!(text.matches("Cuenta de Telegram vinculada").count(), 1);
    assert!(!text.contains(code));
    let told: Vec<_> = logged(office).await.into_iter().map(|logged| logged.event).collect();
    let changed = Event::UserChanged { user: ema.id, changed: vec!["telegram_id".to_owned()] };
    assert_eq!(told.iter().filter(|event| **event == changed).count(), 1, "{told:?}");
}

async fn a_new_link_takes_the_place_of_the_old_one(office: &Office) {
    let administrator = office.administrator().await;
    let (ema, ana) = (office.member(Level::Officer).await, office.member(Level::Officer).await);
    let first = a_code(&administrator, ema.id).await;
    writes(office, 71, 1, first["codigo"].as_str().unwrap()).await.unwrap();
    let second = a_code(&administrator, ema.id).await;
    let second = second["codigo"].as_str().unwrap();
    let linked = writes(office, 72, 2, second).await.unwrap();
    assert_eq!(linked.earlier, Some(TelegramId(71)), "who is told");
    assert_eq!(writes(office, 72, 2, second).await.unwrap(), linked, "and told again when worked twice");
    let third = a_code(&administrator, ana.id).await;
    let third = third["codigo"].as_str().unwrap();
    let taken = writes(office, 72, 3, third).await;
    assert!(matches!(taken, Err(Error::Conflict(Rule::UserTelegram))), "{taken:?}");
    assert_eq!(writes(office, 71, 4, third).await.unwrap().user, ana.id, "the code was not spent on the refusal");
}

async fn a_code_is_good_for_a_day_and_only_the_newest_is(office: &Office) {
    let administrator = office.administrator().await;
    let ema = office.member(Level::Officer).await;
    let void = a_code(&administrator, ema.id).await;
    let late = a_code(&administrator, ema.id).await;
    assert!(is_wrong(&writes(office, 71, 1, void["codigo"].as_str().unwrap()).await));
    office.clock.advance(TimeDelta::hours(24));
    assert!(is_wrong(&writes(office, 71, 2, late["codigo"].as_str().unwrap()).await));
    let text = writes(office, 71, 3, "no es un código").await;
    assert!(matches!(text, Err(Error::Invalid(_))), "{text:?}");
}

async fn of_eight_accounts_with_one_code_one_is_linked(office: &Office) {
    let administrator = office.administrator().await;
    let ema = office.member(Level::Officer).await;
    let code = a_code(&administrator, ema.id).await;
    let code = code["codigo"].as_str().unwrap();
    let outcomes = futures::future::join_all((1..=8).map(|n| writes(office, 70 + n, n, code))).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| is_wrong(outcome)).count(), 7, "{outcomes:?}");
}

async fn wrong_codes_close_a_chat_for_an_hour(office: &Office) {
    let administrator = office.administrator().await;
    let ema = office.member(Level::Officer).await;
    let code = a_code(&administrator, ema.id).await;
    let code = code["codigo"].as_str().unwrap();
    for n in 0..5 {
        assert!(is_wrong(&writes(office, 71, n, "0000000000").await));
    }
    let closed = writes(office, 71, 9, code).await;
    assert!(matches!(closed, Err(Error::TooMany { .. })), "{closed:?}");
    app::audit::seal(&office.cx).await.unwrap();
    let lines = administrator.gets("/api/v1/audit?event_type=permission_denied").await.ok().to_string();
    assert_eq!(lines.matches("Código de vínculo rechazado").count(), 5, "{lines}");
    assert_eq!(lines.matches("Código de vínculo no atendido: chat cerrado").count(), 1, "{lines}");
    office.clock.advance(TimeDelta::minutes(61));
    writes(office, 71, 10, code).await.unwrap();
}

async fn wrong_codes_from_everywhere_close_the_office_and_leave_their_trace(office: &Office) {
    let administrator = office.administrator().await;
    let ema = office.member(Level::Officer).await;
    let code = a_code(&administrator, ema.id).await;
    let code = code["codigo"].as_str().unwrap();
    for n in 0..100 {
        assert!(is_wrong(&writes(office, 100 + n / 4, n, "0000000000").await), "{n}");
    }
    let closed = writes(office, 71, 200, code).await;
    assert!(matches!(closed, Err(Error::TooMany { .. })), "{closed:?}");
    app::audit::seal(&office.cx).await.unwrap();
    let path = "/api/v1/audit?event_type=permission_denied&limit=500";
    let lines = administrator.gets(path).await.ok().to_string();
    assert_eq!(lines.matches("Código de vínculo no atendido: oficina cerrada").count(), 1, "{lines}");
    assert!(!lines.contains(code));
    office.clock.advance(TimeDelta::minutes(61));
    writes(office, 71, 201, code).await.unwrap();
}

async fn a_link_is_ended_by_its_owner_or_an_administrator(office: &Office) {
    let administrator = office.administrator().await;
    let officer = office.user(Level::Officer).await;
    let user = officer.user.unwrap();
    let path = format!("/api/v1/users/{user}/telegram");
    for (account, who) in [(71, &officer), (72, &administrator)] {
        let code = a_code(&administrator, user).await;
        writes(office, account, account, code["codigo"].as_str().unwrap()).await.unwrap();
        assert_eq!(office.supervisor().await.deletes(&path).await.status, 403);
        assert_eq!(who.deletes(&path).await.status, 204);
        assert_eq!(account_of(&administrator, user).await, Value::Null);
        assert_eq!(who.deletes(&path).await.status, 204, "once more changes nothing");
    }
    let refused = officer.posts(&format!("/api/v1/users/{user}/link-code"), json!({})).await;
    assert_eq!(refused.refusal(), "403 The user doesn't have enough privileges");
}

async fn whoever_is_shut_out_is_not_linked(office: &Office) {
    let administrator = office.administrator().await;
    let ema = office.member(Level::Officer).await;
    let code = a_code(&administrator, ema.id).await;
    let path = format!("/api/v1/users/{}", ema.id);
    administrator.puts(&path, json!({ "verificado": false })).await.ok();
    assert!(is_wrong(&writes(office, 71, 1, code["codigo"].as_str().unwrap()).await));
    let refused = administrator.posts(&format!("{path}/link-code"), json!({})).await;
    assert_eq!(refused.fields(), ["body.verificado: must be true before the user gets a code"]);
    administrator.deletes(&format!("/api/v1/usuarios/{}", ema.id)).await;
    assert_eq!(administrator.posts(&format!("{path}/link-code"), json!({})).await.status, 404);
    assert!(is_wrong(&writes(office, 71, 2, code["codigo"].as_str().unwrap()).await));
}

async fn what_is_over_is_forgotten(office: &Office) {
    let administrator = office.administrator().await;
    let (ema, ana) = (office.member(Level::Officer).await, office.member(Level::Officer).await);
    a_code(&administrator, ema.id).await;
    assert!(is_wrong(&writes(office, 71, 1, "0000000000").await));
    office.clock.advance(TimeDelta::hours(26));
    let code = a_code(&office.administrator().await, ana.id).await;
    app::housekeeping::clean(&office.cx).await.unwrap();
    let long_ago = office.cx.clock.now() - TimeDelta::days(9);
    let mut tx = office.cx.store.write().await.unwrap();
    assert_eq!(tx.link_codes().failures(ChatId(71), long_ago).await.unwrap().of_office, 0);
    assert_eq!(tx.link_codes().prune(office.cx.clock.now()).await.unwrap(), 0, "nothing is left of it");
    tx.commit().await.unwrap();
    writes(office, 71, 2, code["codigo"].as_str().unwrap()).await.unwrap();
}

/// What is kept of conversations and is over: updates, messages, dialogues.
async fn over(office: &Office) -> [u64; 3] {
    let later = office.cx.clock.now() + TimeDelta::days(100);
    // Dropped again.
    let mut tx = office.cx.store.write().await.unwrap();
    let updates = tx.inbox().prune(later, 99).await.unwrap();
    let messages = tx.messages().prune(later, 99).await.unwrap();
    [updates, messages, tx.dialogues().prune(later).await.unwrap()]
}

async fn what_was_said_is_kept_for_a_month(office: &Office) {
    let (now, chat) = (office.cx.clock.now(), ChatId(71));
    let update = |id| Update { id: UpdateId(id), chat, received_at: now, content: Content(json!({})), attempts: 0 };
    let message = NewMessage {
        chat,
        urgency: Urgency::Answer,
        method: "sendMessage".to_owned(),
        body: Content(json!({ "text": "Hola" })),
        attachment: None,
        unique_key: None,
        slot: None,
        assignment: None,
        created_at: now,
        not_before: now,
    };
    let holder = uuid::Uuid::from_u128(1);
    let state = Content(json!({ "dialogo": "crear" }));
    let mut tx = office.cx.store.write().await.unwrap();
    tx.inbox().receive(&[update(1), update(2)]).await.unwrap();
    tx.inbox().take_chat(holder, now, TimeDelta::minutes(1)).await.unwrap().unwrap();
    for id in [UpdateId(1), UpdateId(2)] {
        assert!(tx.inbox().finish(Hold { chat, holder }, id, now).await.unwrap());
    }
    tx.messages().push(&[message]).await.unwrap();
    tx.messages().fail_chat(chat, Urgency::Emergency, "blocked", now).await.unwrap();
    let said = (&state, now + TimeDelta::minutes(30));
    assert!(tx.dialogues().compare_and_set(chat, TelegramId(71), None, Some(said), now).await.unwrap());
    tx.commit().await.unwrap();
    // The newest update stays for ever: Telegram is asked for those after it.
    assert_eq!(over(office).await, [1, 1, 1]);
    office.clock.advance(TimeDelta::days(29));
    app::housekeeping::clean(&office.cx).await.unwrap();
    assert_eq!(over(office).await, [1, 1, 0]);
    office.clock.advance(TimeDelta::days(2));
    app::housekeeping::clean(&office.cx).await.unwrap();
    assert_eq!(over(office).await, [0, 0, 0]);
}

/// Whatever housekeeping removes in steps of a thousand, by one more.
async fn more_than_one_step_removes_is_removed_at_once(office: &Office) {
    const MANY: i64 = 1001;
    let (now, user) = (office.cx.clock.now(), office.bare_member().await);
    let administrator = office.administrator().await;
    let mut tx = office.cx.store.write().await.unwrap();
    for n in 0..MANY {
        let key = format!("clave {n}");
        tx.idempotency().claim(user, &key, &[7; 32], now, now).await.unwrap();
        tx.idempotency().keep(user, &key, &json!({})).await.unwrap();
        tx.sessions().note_attempts(user, &format!("lugar {n}"), &Attempts::none(now)).await.unwrap();
        tx.link_codes().note_failure(ChatId(71), now).await.unwrap();
        let state = Content(json!({}));
        let said = Some((&state, now + TimeDelta::minutes(30)));
        assert!(tx.dialogues().compare_and_set(ChatId(n + 1), TelegramId(n + 1), None, said, now).await.unwrap());
    }
    tx.commit().await.unwrap();
    drop(administrator);
    office.clock.advance(TimeDelta::days(200));
    app::housekeeping::clean(&office.cx).await.unwrap();
    let later = office.cx.clock.now();
    let mut tx = office.cx.store.write().await.unwrap();
    let left = [
        tx.idempotency().prune(later).await.unwrap(),
        tx.sessions().forget_attempts(later).await.unwrap(),
        tx.link_codes().prune(later).await.unwrap(),
        tx.dialogues().prune(later).await.unwrap(),
        tx.sessions().prune(later).await.unwrap(),
    ];
    assert_eq!(left, [0; 5]);
}

/// A password, a session and a Telegram account are credentials of one person: each is locked in every
/// way, and the others work.
async fn one_locked_credential_closes_no_other(office: &Office) {
    let bot = office.stranger().with_token(crate::office::SERVICE_TOKEN);
    let administrator = office.administrator().await;
    let owner = office.supervisor().await;
    let path = format!("/api/v1/users/{}", owner.user.unwrap());
    let email = administrator.gets(&path).await.ok()["email"].as_str().unwrap().to_owned();
    office.links(owner.user.unwrap(), 71).await;
    let account_works = async |when: &str| {
        let answer = bot.gets("/api/v1/telegram/tasks/user/71").await;
        assert_eq!(answer.status, 200, "the account, {when}");
    };
    // The Telegram account: its chat is closed to codes, by wrong ones.
    for update in 0..6 {
        _ = writes(office, 71, 100 + update, "0000000000").await;
    }
    let again = office.signs_in_again(&owner).await;
    assert_eq!(again.gets("/api/v1/users/me").await.status, 200, "the password, after wrong codes");
    account_works("after wrong codes").await;
    // The password: from one place, then from everywhere.
    for round in 0..10 {
        for _ in 0..5 {
            office.stranger().tries_to_sign_in(&email, "otra clave larga").await;
        }
        account_works(&format!("after {} wrong passwords", 5 * (round + 1))).await;
        if round < 9 {
            office.clock.advance(TimeDelta::minutes(31));
        }
    }
    let found = bot.gets("/api/v1/telegram/auth/71").await.ok();
    assert_eq!(found["message"], "Usuario bloqueado", "as the contract has it");
    // By an import.
    let mut intruder = office.intruder().await;
    let until = match &intruder {
        crate::intruder::Intruder::File(_) => "4102444800000000",
        crate::intruder::Intruder::Database(_) => "'2100-01-01T00:00:00Z'",
    };
    intruder.does(&format!("UPDATE usuarios SET bloqueado_hasta = {until} WHERE id = {}", owner.user.unwrap())).await;
    account_works("after an import").await;
    let task = json!({ "telegram_id": 71, "tipo": "INSPECCION", "codigo": "cred-1", "titulo": "Recorrer el puerto" });
    assert_eq!(bot.posts("/api/v1/telegram/tasks/create", task).await.status, 200, "a task, after an import");
}
