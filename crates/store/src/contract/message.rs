//! Messages to Telegram.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::assignment::NewAssignment;
use domain::lease::LeaseName;
use domain::telegram::{Attachment, Content, NewMessage, Outgoing, Urgency};
use domain::{
    AssignmentId, AssignmentKind, AssignmentState, AssignmentStep, Channel, ChatId, Level, MessageId, OutgoingId, Time,
};
use futures::future::join_all;
use serde_json::json;
use uuid::Uuid;

use super::given::{self, minutes, noon};
use crate::Store;
use crate::telegram::{EMERGENCY_HOLDS_BACK, GivenUp, HOLDS_BACK, LeftOut, MessageRepo};

const ME: Uuid = Uuid::from_u128(1);

fn says(chat: i64, urgency: Urgency, text: &str) -> NewMessage {
    NewMessage {
        chat: ChatId(chat),
        urgency,
        method: "sendMessage".to_owned(),
        body: Content(json!({ "chat_id": chat, "text": text })),
        attachment: None,
        unique_key: None,
        slot: None,
        assignment: None,
        created_at: noon(),
        not_before: noon(),
    }
}

/// Keeps messages, and has the lease of a sender until half an hour after noon.
async fn given(store: &Arc<dyn Store>, messages: &[NewMessage]) {
    let mut tx = store.write().await.expect("a transaction");
    tx.messages().push(messages).await.expect("an answer");
    let lease =
        tx.leases().acquire(LeaseName::TelegramSending, ME, noon(), TimeDelta::minutes(30)).await.expect("an answer");
    assert!(lease.is_some());
    tx.commit().await.expect("a commit");
}

async fn due(messages: &mut dyn MessageRepo, at: i64, left: &LeftOut, limit: u32) -> Vec<Outgoing> {
    messages.due(ME, minutes(at), left, limit).await.expect("an answer").expect("the lease")
}

async fn texts(messages: &mut dyn MessageRepo, at: i64, left: &LeftOut) -> Vec<String> {
    let text = |due: Outgoing| due.message.body.0["text"].as_str().expect("a text").to_owned();
    due(messages, at, left, 99).await.into_iter().map(text).collect()
}

/// Every field of a message comes back, with the message that stands in its slot.
pub async fn every_field_of_a_message_comes_back(store: &Arc<dyn Store>) {
    let card = NewMessage { slot: Some("tarea:12".to_owned()), ..says(7, Urgency::Answer, "ficha") };
    let full = NewMessage {
        attachment: Some(Attachment { name: "informe.png".to_owned(), bytes: vec![0, 255, 7] }),
        unique_key: Some("ev:1".to_owned()),
        assignment: Some(AssignmentId(9)),
        not_before: noon() + TimeDelta::milliseconds(1),
        ..card.clone()
    };
    given(store, &[card, full.clone()]).await;
    let mut tx = store.write().await.expect("a transaction");
    let first = due(tx.messages(), 0, &LeftOut::default(), 99).await;
    assert_eq!((first.len(), first[0].card, first[0].attempts), (1, None, 0));
    assert!(tx.messages().sent(first[0].id, Some(MessageId(44)), noon()).await.expect("an answer"));
    assert!(!tx.messages().sent(first[0].id, Some(MessageId(45)), noon()).await.expect("an answer"), "sent already");
    assert_eq!(tx.messages().card(ChatId(7), "tarea:12").await.expect("an answer"), Some(MessageId(44)));
    let second = due(tx.messages(), 1, &LeftOut::default(), 99).await;
    assert_eq!(second, [Outgoing { id: second[0].id, message: full, attempts: 0, card: Some(MessageId(44)) }]);
    tx.messages().forget_card(ChatId(7), "tarea:12").await.expect("an answer");
    assert_eq!(tx.messages().card(ChatId(7), "tarea:12").await.expect("an answer"), None);
}

/// What is sent stands in its slot and in no other, and what waited for the slot before it is given up.
pub async fn a_message_takes_its_place(store: &Arc<dyn Store>) {
    let card = |chat, slot: &str, text| NewMessage { slot: Some(slot.to_owned()), ..says(chat, Urgency::Notice, text) };
    let later = |message| NewMessage { not_before: minutes(9), ..message };
    given(
        store,
        &[
            later(card(7, "tarea:1", "vieja")),
            card(7, "tarea:1", "nueva"),
            later(card(7, "tarea:1", "más nueva")),
            later(card(7, "tarea:2", "de otra tarea")),
            later(card(8, "tarea:1", "de otro chat")),
            says(7, Urgency::Notice, "menú"),
        ],
    )
    .await;
    let mut tx = store.write().await.expect("a transaction");
    let sent = due(tx.messages(), 0, &LeftOut::default(), 99).await;
    assert_eq!(sent.len(), 2);
    assert!(tx.messages().sent(sent[0].id, Some(MessageId(44)), noon()).await.expect("an answer"));
    assert_eq!(tx.messages().card(ChatId(7), "tarea:1").await.expect("an answer"), Some(MessageId(44)));
    let left = texts(tx.messages(), 9, &LeftOut::default()).await;
    assert_eq!(left, ["más nueva", "de otra tarea", "de otro chat", "menú"]);
    // The same message of the chat, edited into something else.
    assert!(tx.messages().sent(sent[1].id, Some(MessageId(44)), noon()).await.expect("an answer"));
    assert_eq!(tx.messages().card(ChatId(7), "tarea:1").await.expect("an answer"), None);
}

fn step(state: AssignmentState, at: Time) -> AssignmentStep {
    AssignmentStep { state, at, by: None, on_behalf_of: None, channel: Channel::Telegram, reason: None }
}

/// What was sent about an assignment without an answer is found until its delivery is recorded; what
/// waits, failed or was superseded is no delivery.
pub async fn deliveries_of_assignments_are_found(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let task = given::a_task(store, &supervisor).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let officer = given::an_officer(store).await.id;
        let first = step(AssignmentState::Offered, noon());
        let (kind, runs_from) = (AssignmentKind::Offer, noon());
        let new = NewAssignment { task: task.id, officer, kind, runs_from, ack_due: None, first };
        let mut tx = store.write().await.expect("a transaction");
        ids.push(tx.assignments().insert(&new).await.expect("an answer").id);
        tx.commit().await.expect("a commit");
    }
    let about =
        |chat, assignment, text| NewMessage { assignment: Some(assignment), ..says(chat, Urgency::Emergency, text) };
    let in_slot = |message| NewMessage { slot: Some("tarea:1".to_owned()), ..message };
    given(
        store,
        &[
            about(1, ids[0], "enviada"),
            about(2, ids[1], "fallada"),
            in_slot(about(3, ids[2], "reemplazada")),
            in_slot(says(3, Urgency::Emergency, "la que reemplaza")),
        ],
    )
    .await;
    let mut tx = store.write().await.expect("a transaction");
    for id in &ids {
        assert!(tx.messages().notifies_of(*id).await.expect("an answer"), "all of them wait");
    }
    assert!(!tx.messages().notifies_of(AssignmentId(9_999_999)).await.expect("an answer"));
    assert_eq!(tx.messages().unrecorded_deliveries(9).await.expect("an answer"), []);
    let waiting: Vec<OutgoingId> =
        due(tx.messages(), 0, &LeftOut::default(), 99).await.into_iter().map(|message| message.id).collect();
    assert_eq!(tx.messages().delivered(&waiting).await.expect("an answer"), []);
    assert!(tx.messages().sent(waiting[0], Some(MessageId(44)), minutes(1)).await.expect("an answer"));
    assert!(tx.messages().fail(waiting[1], "refused", minutes(1)).await.expect("an answer"));
    assert!(tx.messages().sent(waiting[3], Some(MessageId(45)), minutes(1)).await.expect("an answer"));
    assert_eq!(tx.messages().delivered(&waiting).await.expect("an answer"), [ids[0]]);
    let notified = [true, false, false];
    for (id, expected) in ids.iter().zip(notified) {
        assert_eq!(tx.messages().notifies_of(*id).await.expect("an answer"), expected);
    }
    let found = tx.messages().unrecorded_deliveries(9).await.expect("an answer");
    assert_eq!(found, [(ids[0], minutes(1))]);
    let mut assignment = tx.assignments().by_id(ids[0]).await.expect("an answer").expect("the assignment");
    let added = assignment.advance(step(AssignmentState::Notified, minutes(1))).expect("a legal step");
    tx.assignments().save(&assignment, &added).await.expect("an answer");
    assert_eq!(tx.messages().unrecorded_deliveries(9).await.expect("an answer"), []);
    // Its deadline passes: that it was notified stays recorded.
    let added = assignment.advance(step(AssignmentState::Expired, minutes(2))).expect("a legal step");
    tx.assignments().save(&assignment, &added).await.expect("an answer");
    assert_eq!(tx.messages().unrecorded_deliveries(9).await.expect("an answer"), []);
}

/// Of two messages under one key the first is kept, also when eight are pushed at once.
pub async fn a_message_under_a_known_key_is_left_out(store: &Arc<dyn Store>) {
    let keyed = [NewMessage { unique_key: Some("ev:1".to_owned()), ..says(7, Urgency::Notice, "a") }];
    let kept = join_all((0..8).map(|_| async {
        let mut tx = store.write().await.expect("a transaction");
        let kept = tx.messages().push(&keyed).await.expect("an answer");
        tx.commit().await.expect("a commit");
        kept
    }));
    assert_eq!(kept.await.into_iter().sum::<u64>(), 1);
}

/// Emergencies first, then answers, then notices, each by age; whom nothing may be told is left out,
/// but for the answer to a pressed button.
pub async fn the_most_urgent_message_comes_first(store: &Arc<dyn Store>) {
    let button = NewMessage { method: "answerCallbackQuery".to_owned(), ..says(8, Urgency::Answer, "botón") };
    given(
        store,
        &[
            says(7, Urgency::Notice, "aviso 7"),
            says(8, Urgency::Notice, "aviso 8"),
            says(8, Urgency::Answer, "respuesta 8"),
            button,
            says(9, Urgency::Emergency, "emergencia 9"),
        ],
    )
    .await;
    let mut tx = store.read().await.expect("a connection");
    let all = texts(tx.messages(), 0, &LeftOut::default()).await;
    assert_eq!(all, ["emergencia 9", "respuesta 8", "botón", "aviso 7", "aviso 8"]);
    let left = LeftOut { chats: vec![ChatId(8)], notices: vec![ChatId(7), ChatId(9)] };
    assert_eq!(texts(tx.messages(), 0, &left).await, ["emergencia 9", "botón"]);
    assert_eq!(due(tx.messages(), 0, &LeftOut::default(), 2).await.len(), 2);
}

/// Whoever has lost the lease is given nothing to send.
pub async fn only_the_sender_is_given_messages(store: &Arc<dyn Store>) {
    given(store, &[says(7, Urgency::Answer, "a")]).await;
    let mut tx = store.read().await.expect("a connection");
    let nobody = LeftOut::default();
    let other = Uuid::from_u128(2);
    assert_eq!(tx.messages().due(other, noon(), &nobody, 9).await.expect("an answer"), None);
    assert!(tx.messages().due(ME, noon(), &nobody, 9).await.expect("an answer").is_some());
    drop(tx);
    let mut tx = store.write().await.expect("a transaction");
    tx.leases().acquire(LeaseName::TelegramSending, ME, noon(), TimeDelta::zero()).await.expect("an answer");
    assert_eq!(tx.messages().due(ME, noon(), &nobody, 9).await.expect("an answer"), None, "it has expired");
}

/// What is tried again later keeps those behind it in its chat waiting, and nobody else.
pub async fn a_message_tried_in_vain_keeps_its_place(store: &Arc<dyn Store>) {
    let told = ["primero", "segundo"].map(|text| says(7, Urgency::Notice, text));
    given(store, &[told[0].clone(), told[1].clone(), says(8, Urgency::Notice, "otro")]).await;
    let mut tx = store.write().await.expect("a transaction");
    let first = due(tx.messages(), 0, &LeftOut::default(), 1).await.remove(0);
    assert!(tx.messages().defer(first.id, minutes(2)).await.expect("an answer"));
    assert_eq!(texts(tx.messages(), 1, &LeftOut::default()).await, ["otro"]);
    let again = due(tx.messages(), 2, &LeftOut::default(), 1).await.remove(0);
    assert_eq!((again.id, again.attempts), (first.id, 1));
    assert!(tx.messages().fail(first.id, "refused", minutes(5)).await.expect("an answer"));
    assert!(!tx.messages().defer(first.id, minutes(6)).await.expect("an answer"), "given up already");
    assert_eq!(texts(tx.messages(), 5, &LeftOut::default()).await, ["segundo", "otro"]);
    let urgent = [says(7, Urgency::Emergency, "urgente")];
    tx.messages().push(&urgent).await.expect("an answer");
    let less = tx.messages().fail_chat(ChatId(7), Urgency::Answer, "blocked", minutes(5)).await.expect("an answer");
    assert_eq!(less, GivenUp { all: 1, emergencies: 0 });
    assert_eq!(texts(tx.messages(), 5, &LeftOut::default()).await, ["urgente", "otro"]);
    let rest = tx.messages().fail_chat(ChatId(7), Urgency::Emergency, "blocked", minutes(5)).await.expect("an answer");
    assert_eq!(rest, GivenUp { all: 1, emergencies: 1 });
    assert_eq!(texts(tx.messages(), 5, &LeftOut::default()).await, ["otro"]);
}

/// A message that is tried again and again does not hide those behind it for ever, and is counted as
/// late while it waits for its next try.
pub async fn a_message_that_is_never_taken_hides_no_other(store: &Arc<dyn Store>) {
    for (urgency, tries) in [(Urgency::Emergency, EMERGENCY_HOLDS_BACK), (Urgency::Notice, HOLDS_BACK)] {
        let chat = 70 + i64::from(urgency.number());
        let [bad, good] = [format!("{urgency:?} mal"), format!("{urgency:?} bien")];
        given(store, &[says(chat, urgency, &bad), says(chat, urgency, &good)]).await;
        let mut tx = store.write().await.expect("a transaction");
        let all = due(tx.messages(), 0, &LeftOut::default(), 99).await;
        let bad = all.iter().find(|message| message.message.body.0["text"] == bad.as_str()).expect("it is due").id;
        for tried in 1..=tries + 1 {
            assert!(tx.messages().defer(bad, minutes(2)).await.expect("an answer"));
            let seen = texts(tx.messages(), 1, &LeftOut::default()).await.contains(&good);
            assert_eq!(seen, tried > tries, "{urgency:?}, {tried} tries");
        }
        let figures = tx.messages().figures(minutes(1)).await.expect("an answer");
        let late = figures.iter().find(|figures| figures.urgency == urgency).expect("all are there");
        assert_eq!(late.oldest_due, Some(noon()));
        tx.commit().await.expect("a commit");
    }
}

/// Notices that were put off for a chat are put off to another time, sooner or later; what is due, what
/// was tried, what is more urgent and what others wait for stays.
pub async fn notices_that_wait_come_at_another_time(store: &Arc<dyn Store>) {
    let at = |minute, message| NewMessage { not_before: minutes(minute), ..message };
    given(
        store,
        &[
            says(7, Urgency::Notice, "vencido"),
            at(20, says(7, Urgency::Notice, "de noche")),
            at(2, says(7, Urgency::Emergency, "urgente")),
            at(20, says(8, Urgency::Notice, "de otro")),
        ],
    )
    .await;
    let mut tx = store.write().await.expect("a transaction");
    assert_eq!(tx.messages().put_off(ChatId(7), minutes(1), minutes(1)).await.expect("an answer"), 1);
    assert_eq!(texts(tx.messages(), 1, &LeftOut::default()).await, ["vencido", "de noche"]);
    assert_eq!(tx.messages().put_off(ChatId(7), noon(), minutes(25)).await.expect("an answer"), 1);
    assert_eq!(texts(tx.messages(), 24, &LeftOut::default()).await, ["urgente", "vencido", "de otro"]);
    let waits = due(tx.messages(), 25, &LeftOut::default(), 99).await;
    let waits = waits.iter().find(|message| message.message.body.0["text"] == "de noche").expect("it is due");
    assert!(tx.messages().defer(waits.id, minutes(28)).await.expect("an answer"));
    let moved = tx.messages().put_off(ChatId(7), minutes(26), minutes(26)).await.expect("an answer");
    assert_eq!(moved, 0, "Telegram did not take it, which has nothing to do with quiet");
}

/// What waits is counted by urgency; what is done is removed after its time.
pub async fn messages_are_counted_and_removed(store: &Arc<dyn Store>) {
    let late = NewMessage { not_before: minutes(9), ..says(7, Urgency::Notice, "más tarde") };
    given(store, &[says(7, Urgency::Answer, "a"), late]).await;
    let mut tx = store.write().await.expect("a transaction");
    let figures = tx.messages().figures(noon()).await.expect("an answer");
    let seen: Vec<_> = figures.iter().map(|of| (of.urgency, of.waiting, of.oldest_due)).collect();
    assert_eq!(seen, [(Urgency::Emergency, 0, None), (Urgency::Answer, 1, Some(noon())), (Urgency::Notice, 1, None)]);
    let first = due(tx.messages(), 0, &LeftOut::default(), 1).await.remove(0);
    assert!(tx.messages().sent(first.id, Some(MessageId(1)), noon()).await.expect("an answer"));
    assert_eq!(tx.messages().prune(noon(), 9).await.expect("an answer"), 0);
    assert_eq!(tx.messages().prune(minutes(1), 9).await.expect("an answer"), 1);
    assert_eq!(texts(tx.messages(), 9, &LeftOut::default()).await, ["más tarde"]);
}

/// Clocks that are an hour wrong: what is to be sent at once is sent at once, and what was tried is tried
/// again after its pause.
pub async fn a_wrong_clock_keeps_no_message(store: &Arc<dyn Store>) {
    let clocks = [-60, 0, 60];
    given(store, &[]).await;
    let mut tx = store.write().await.expect("a transaction");
    for writer in clocks {
        for reader in clocks {
            // By the clock of the reader the sender has the lease.
            let lease =
                tx.leases().acquire(LeaseName::TelegramSending, ME, minutes(reader), TimeDelta::minutes(5)).await;
            assert!(lease.expect("an answer").is_some());
            let at = minutes(writer);
            let urgencies = [Urgency::Emergency, Urgency::Answer, Urgency::Notice];
            let messages = urgencies.map(|urgency| {
                let chat = 1 + i64::from(urgency.number());
                NewMessage { created_at: at, not_before: at, ..says(chat, urgency, "a") }
            });
            tx.messages().push(&messages).await.expect("an answer");
            let first = due(tx.messages(), reader, &LeftOut::default(), 9).await;
            assert_eq!(first.len(), 3, "{writer} {reader}");
            let pause = TimeDelta::minutes(1);
            for message in &first {
                assert!(tx.messages().defer(message.id, at + pause).await.expect("an answer"));
            }
            let again = due(tx.messages(), reader + 1, &LeftOut::default(), 9).await;
            assert_eq!(again.len(), 3, "{writer} {reader}: tried again");
            for message in &again {
                assert!(tx.messages().sent(message.id, None, noon()).await.expect("an answer"));
            }
        }
    }
}
