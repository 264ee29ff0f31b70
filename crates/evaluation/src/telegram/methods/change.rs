//! Changes of what the bot has said.

use serde_json::{Value, json};

use super::super::answer::Refused;
use super::super::breach::Kind;
use super::super::call::Call;
use super::super::chat::Did;
use super::super::keyboard;
use super::super::message::Message;
use super::super::state::State;
use super::Refusal;
use super::send::{CAPTION, TEXT, formatted};

/// `editMessageText`.
pub fn text(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let (chat, mut message) = meant(state, call)?;
    let said = formatted(call, "text", TEXT)?;
    if message.json.get("text").is_none() {
        return Err((Some(Kind::Malformed), Refused::bad("there is no text in the message to edit")));
    }
    if said.text.is_empty() {
        return Err((Some(Kind::Malformed), Refused::bad("message text is empty")));
    }
    (message.json["text"], message.json["entities"]) = (json!(said.text), json!(said.entities));
    put_keyboard(&mut message, call)?;
    replace(state, chat, message)
}

/// `editMessageCaption`.
pub fn caption(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let (chat, mut message) = meant(state, call)?;
    let said = formatted(call, "caption", CAPTION)?;
    (message.json["caption"], message.json["caption_entities"]) = (json!(said.text), json!(said.entities));
    put_keyboard(&mut message, call)?;
    replace(state, chat, message)
}

/// `editMessageReplyMarkup`.
pub fn keyboard(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let (chat, mut message) = meant(state, call)?;
    put_keyboard(&mut message, call)?;
    replace(state, chat, message)
}

/// `deleteMessage`.
pub fn delete(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let chat = call.chat().and_then(|chat| state.chats.get_mut(&chat));
    let chat = chat.ok_or_else(|| (None, Refused::bad("chat not found")))?;
    let gone = call.int("message_id").and_then(|id| chat.messages.remove(&id));
    if gone.is_none() {
        return Err((Some(Kind::UnknownMessage), Refused::bad("message to delete not found")));
    }
    chat.note(None, Did::Removed);
    Ok(json!(true))
}

/// The message of the bot that is meant; an edit counts like a message.
fn meant(state: &mut State, call: &Call) -> Result<(i64, Message), Refusal> {
    let chat = state.may_write(call.chat())?;
    let message = call.int("message_id").and_then(|id| state.chats[&chat].messages.get(&id)).cloned();
    let message = message.ok_or_else(|| (Some(Kind::UnknownMessage), Refused::bad("message to edit not found")))?;
    if !message.is_the_bots() {
        return Err((Some(Kind::UnknownMessage), Refused::bad("message can't be edited")));
    }
    Ok((chat, message))
}

/// An edit without a keyboard takes it away.
fn put_keyboard(message: &mut Message, call: &Call) -> Result<(), Refusal> {
    let markup = keyboard::read(call).map_err(|(kind, refused)| (Some(kind), refused))?;
    if markup.reply.is_some() {
        return Err((Some(Kind::BadKeyboard), Refused::bad("inline keyboard expected")));
    }
    match (markup.inline, message.json.as_object_mut()) {
        (Some(inline), _) => message.json["reply_markup"] = inline,
        (None, Some(fields)) => _ = fields.remove("reply_markup"),
        (None, None) => {}
    }
    Ok(())
}

fn replace(state: &mut State, chat: i64, mut message: Message) -> Result<Value, Refusal> {
    let now = state.unix();
    let Some(place) = state.chats.get_mut(&chat) else { return Err((None, Refused::bad("chat not found"))) };
    if place.messages.get(&message.id()).is_some_and(|before| before.json == message.json) {
        let words = "message is not modified: specified new message content and reply markup are exactly the same \
            as a current content and reply markup of the message";
        return Err((Some(Kind::NotModified), Refused::bad(words)));
    }
    message.json["edit_date"] = json!(now);
    let json = message.json.clone();
    place.messages.insert(message.id(), message.clone());
    place.note(None, Did::Changed(message));
    Ok(json)
}
