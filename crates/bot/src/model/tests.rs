//! Whatever Telegram sends is read, and whatever we send Telegram takes.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Body, CallbackData, Content, Keyboard, Method, Update};

#[test]
fn what_we_do_not_know_is_unknown_and_what_has_no_number_is_none() {
    let read = |value: Value| Update::read(&value).map(|update| update.content);
    assert_eq!(read(json!({ "update_id": 1, "poll": {} })), Some(Content::Unknown));
    assert_eq!(read(json!({ "update_id": 1, "message": { "text": 5 } })), Some(Content::Unknown));
    assert_eq!(read(json!({ "message": {} })), None);
}

#[test]
fn the_largest_size_of_a_photo_is_the_photo() {
    let size = |id: &str| json!({ "file_id": id, "file_unique_id": id, "width": 1, "height": 1 });
    let message = json!({ "message_id": 1, "date": 1, "chat": { "id": 1, "type": "private" },
        "caption": "La puerta", "photo": [size("small"), size("large")] });
    let update = Update::read(&json!({ "update_id": 1, "message": message })).unwrap();
    let Content::Message(message) = update.content else { panic!("no message") };
    let Body::Attachment(photo) = message.body else { panic!("no photo") };
    assert_eq!((photo.file_id.as_str(), photo.caption.as_deref()), ("large", Some("La puerta")));
}

#[test]
fn a_place_off_the_earth_is_no_place() {
    let message = json!({ "message_id": 1, "date": 1, "chat": { "id": 1, "type": "private" },
        "location": { "latitude": 91.0, "longitude": 0.0 } });
    let update = Update::read(&json!({ "update_id": 1, "message": message })).unwrap();
    assert!(matches!(update.content, Content::Message(message) if message.body == Body::Other));
}

#[test]
fn data_of_a_button_has_at_most_64_bytes() {
    assert!(CallbackData::try_from("ñ".repeat(32)).is_ok());
    assert!(CallbackData::try_from("ñ".repeat(33)).is_err());
    assert!(CallbackData::try_from(String::new()).is_err());
    assert_eq!(Keyboard::new().row([("a", "menu:main")]).buttons().count(), 1);
}

#[test]
fn methods_are_known_by_their_names() {
    for method in Method::ALL {
        assert_eq!(Method::from_name(method.as_str()), Some(method));
    }
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![Just(Value::Null), any::<i64>().prop_map(Value::from), ".{0,8}".prop_map(Value::from)];
    leaf.prop_recursive(4, 32, 6, |inner| {
        let names = prop::sample::select(vec!["chat", "from", "id", "text", "message_id", "data", "location", "photo"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(names, inner, 0..6)
                .prop_map(|fields| fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_update_is_an_error(id in any::<i64>(), content in anything()) {
        for kind in ["message", "edited_message", "callback_query", "my_chat_member"] {
            let update = Update::read(&json!({ "update_id": id, kind: content.clone() })).unwrap();
            prop_assert_eq!(update.id, id);
        }
    }
}

#[test]
fn an_answer_goes_to_the_topic_of_what_it_answers_and_to_no_thread_of_replies() {
    let read = |is_topic: bool| {
        let message = json!({ "message_id": 1, "date": 1, "chat": { "id": -1, "type": "supergroup" },
            "message_thread_id": 45, "is_topic_message": is_topic, "from": { "id": 7 }, "text": "/ayuda" });
        let press = json!({ "id": "1", "from": { "id": 7 }, "message": message, "data": "x" });
        [json!({ "update_id": 1, "message": message }), json!({ "update_id": 2, "callback_query": press })]
            .map(|update| Update::read(&update).unwrap().topic())
    };
    assert_eq!(read(true), [Some(45), Some(45)]);
    assert_eq!(read(false), [None, None]);
}

#[test]
fn only_what_stands_in_a_chat_names_a_topic() {
    use super::{ChatId, MessageId, Outgoing};
    let text = Outgoing::text(ChatId(-1), "a").in_topic(Some(45));
    assert_eq!((text.is_in_topic(), &text.body["message_thread_id"]), (true, &json!(45)));
    assert!(!text.without_topic().is_in_topic());
    assert!(!Outgoing::text(ChatId(-1), "a").in_topic(None).is_in_topic());
    assert!(!Outgoing::without_buttons(ChatId(-1), MessageId(3)).in_topic(Some(45)).is_in_topic());
    assert!(!Outgoing::callback_answer(ChatId(-1), "1", None, false).in_topic(Some(45)).is_in_topic());
}
