//! How an account becomes somebody's, and ceases to be.

use app::Actor;
use domain::{Level, TelegramId, UserId};
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::office::{Office, Person, shown};
use crate::model::{Change, ChatId};

/// A code for the user, as an administrator gets it.
async fn a_code(office: &Office, user: UserId) -> String {
    let operator = Actor::operator("1".to_owned(), "user link-code");
    let issued = app::telegram::link::issue(&office.cx, &operator, user).await.unwrap();
    issued.code.reveal().to_owned()
}

/// Ema's account 11 is linked; 12 is nobody's.
async fn ema(office: &Office) -> (Person, Person, UserId) {
    let ema = office.person(11, "Ema", Level::Officer, true).await;
    let user = ema.user.as_ref().unwrap().id;
    (ema, Office::stranger(12), user)
}

fn says(person: &Person, update_id: i64, text: &str) -> Value {
    json!({ "update_id": update_id, "message": { "message_id": 1, "date": 1, "text": text,
        "chat": { "id": person.telegram, "type": "private" }, "from": { "id": person.telegram } } })
}

#[tokio::test]
async fn a_code_links_an_account_and_the_earlier_one_is_told() {
    let office = Office::open().await;
    let (mut before, mut after, user) = ema(&office).await;
    let code = a_code(&office, user).await;
    let update = says(&after, 900, &format!("/vincular {}", code.to_lowercase()));
    let answer = office.answer(&after, &update).await;
    assert_eq!(answer.dialogue, Change::End);
    let chats: Vec<ChatId> = answer.messages.iter().map(|message| message.chat).collect();
    assert_eq!(chats, [ChatId(12), ChatId(11)]);
    // The worker died before it could write this down, so the update is worked again.
    let again = office.answer(&after, &update).await;
    assert_eq!(again.messages, answer.messages);
    assert!(office.writes(&mut after, "/start").await.contains("Hola, <b>Ema</b>"));
    assert!(office.writes(&mut before, "/start").await.contains("no está vinculada"));
}

#[tokio::test]
async fn a_code_may_come_as_an_answer_or_in_a_link() {
    let office = Office::open().await;
    let (_, mut stranger, user) = ema(&office).await;
    let code = a_code(&office, user).await;
    assert_snapshot!(office.writes(&mut stranger, "/vincular").await, @"Escriba el código de un solo uso que le dio su administrador.");
    assert!(office.writes(&mut stranger, "no lo encuentro").await.contains("no vale"));
    let spaced = format!("{} {}", &code[..5], &code[5..]);
    assert!(office.writes(&mut stranger, &spaced).await.contains("<b>Ema</b>"));
    let mut other = Office::stranger(13);
    assert!(office.writes(&mut other, &format!("/start {code}")).await.contains("no vale"), "used");
    let next = a_code(&office, user).await;
    assert!(office.writes(&mut other, &format!("/start {next}")).await.contains("<b>Ema</b>"));
}

#[tokio::test]
async fn whoever_guesses_is_not_heard_for_an_hour() {
    let office = Office::open().await;
    let (_, mut guesser, user) = ema(&office).await;
    let code = a_code(&office, user).await;
    for n in 0..5 {
        assert!(office.writes(&mut guesser, &format!("/vincular 000000000{n}")).await.contains("no vale"));
    }
    let refused = office.writes(&mut guesser, &format!("/vincular {code}")).await;
    assert!(refused.contains("60"), "{refused}");
    let mut owner = Office::stranger(13);
    assert!(office.writes(&mut owner, &format!("/vincular {code}")).await.contains("<b>Ema</b>"));
}

#[tokio::test]
async fn somebody_linked_gets_no_other_account_by_a_code() {
    let office = Office::open().await;
    let (_, _, user) = ema(&office).await;
    let mut ana = office.officer(21, "Ana").await;
    let code = a_code(&office, user).await;
    for said in [format!("/vincular {code}"), format!("/start {code}"), "/vincular 0000000000".to_owned()] {
        assert!(office.writes(&mut ana, &said).await.contains("ya está vinculada"), "{said}");
    }
    let mut tx = office.cx.store.read().await.unwrap();
    assert_eq!(tx.users().by_telegram(TelegramId(11)).await.unwrap().map(|user| user.id), Some(user));
}

#[tokio::test]
async fn whoever_unlinks_is_asked_and_then_a_stranger() {
    let office = Office::open().await;
    let (mut ema, ..) = ema(&office).await;
    assert_snapshot!(office.writes(&mut ema, "/desvincular").await, @r"
    ¿Quitar el vínculo de esta cuenta? Dejará de recibir avisos, y para volver necesitará un código nuevo.
    [Sí, quitar el vínculo]
    [❌ No, cancelar]
    ");
    office.presses(&mut ema, "desvincular:confirm:no").await;
    assert!(office.writes(&mut ema, "/start").await.contains("Hola"));
    let press = office.press(&ema, "desvincular:confirm:yes");
    let answer = office.answer(&ema, &press).await;
    let again = office.answer(&ema, &press).await;
    assert_eq!(shown(&again), shown(&answer), "worked twice");
    assert!(office.writes(&mut ema, "/tareas").await.contains("no está vinculada"));
}

#[tokio::test]
async fn the_answer_to_a_choice_of_language_is_in_it() {
    let office = Office::open().await;
    let (mut ema, ..) = ema(&office).await;
    assert!(office.writes(&mut ema, "/idioma en").await.contains("I speak English"));
    assert!(office.writes(&mut ema, "/desvincular").await.contains("End the link"));
}
