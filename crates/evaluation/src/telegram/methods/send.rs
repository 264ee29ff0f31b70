//! Messages of the bot.

use serde_json::{Value, json};

use super::super::answer::Refused;
use super::super::breach::Kind;
use super::super::call::Call;
use super::super::entities::{self, Formatted};
use super::super::keyboard;
use super::super::message::Message;
use super::super::state::State;
use super::{Refusal, plain};

/// Longest text.
pub const TEXT: usize = 4096;
/// Longest caption.
pub const CAPTION: usize = 1024;
/// Largest picture, and largest other file, in bytes.
const PHOTO: usize = 10 << 20;
const DOCUMENT: usize = 50 << 20;

/// `sendMessage`.
pub fn message(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let chat = state.may_write(call.chat())?;
    let said = formatted(call, "text", TEXT)?;
    if said.text.is_empty() {
        return Err((Some(Kind::Malformed), Refused::bad("message text is empty")));
    }
    write(state, call, chat, json!({ "text": said.text, "entities": said.entities }), None)
}

/// `sendLocation` and `sendVenue`.
pub fn place(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let chat = state.may_write(call.chat())?;
    let (latitude, longitude) = (call.number("latitude"), call.number("longitude"));
    let on_earth = latitude.is_some_and(|lat| lat.abs() <= 90.0) && longitude.is_some_and(|lng| lng.abs() <= 180.0);
    if !on_earth {
        return Err((Some(Kind::Malformed), Refused::bad("LOCATION_INVALID")));
    }
    let mut location = json!({ "latitude": latitude, "longitude": longitude });
    if let Some(period) = call.int("live_period") {
        location["live_period"] = json!(period);
    }
    let body = match (call.text("title"), call.text("address")) {
        _ if call.method == "sendLocation" => json!({ "location": location }),
        (Some(title), Some(address)) => {
            let venue = json!({ "location": location, "title": title, "address": address });
            json!({ "venue": venue, "location": location })
        }
        _ => return Err((Some(Kind::Malformed), Refused::bad("VENUE_TITLE_EMPTY"))),
    };
    write(state, call, chat, body, None)
}

/// `sendPhoto` and `sendDocument`: what comes with the call, or a file that was sent before.
pub fn file(state: &mut State, call: &Call, kind: &str) -> Result<Value, Refusal> {
    let chat = state.may_write(call.chat())?;
    let caption = formatted(call, "caption", CAPTION)?;
    let (id, name, content) = match (call.file(kind), call.text(kind)) {
        (Some(upload), _) => {
            let most = if kind == "photo" { PHOTO } else { DOCUMENT };
            if upload.content.is_empty() || upload.content.len() > most {
                let words = if upload.content.is_empty() { "file must be non-empty" } else { "file is too big" };
                return Err((Some(Kind::Malformed), Refused::bad(words)));
            }
            let id = format!("BQACAgEAAxkDAAI{:08x}", state.number());
            state.files.insert(id.clone(), upload.content.clone());
            (id, upload.name.clone(), upload.content.clone())
        }
        (None, Some(id)) if state.files.contains_key(id) => (id.to_owned(), String::new(), state.files[id].clone()),
        _ => return Err((Some(Kind::Malformed), Refused::bad("wrong file identifier/HTTP URL specified"))),
    };
    let about = json!({ "file_id": id, "file_unique_id": &id[8..], "file_size": content.len() });
    let mut body = match kind {
        "photo" => {
            let mut size = about;
            (size["width"], size["height"]) = (json!(1280), json!(960));
            json!({ "photo": [size] })
        }
        _ => {
            let mut document = about;
            document["file_name"] = json!(name);
            json!({ "document": document })
        }
    };
    if !caption.text.is_empty() {
        (body["caption"], body["caption_entities"]) = (json!(caption.text), json!(caption.entities));
    }
    write(state, call, chat, body, Some(content))
}

/// A text parameter as people see it, if it is not too long.
pub fn formatted(call: &Call, name: &str, most: usize) -> Result<Formatted, Refusal> {
    let said = entities::parse(call.text(name).unwrap_or_default(), call.text("parse_mode"))
        .map_err(|refused| (Some(Kind::BrokenEntities), refused))?;
    if entities::length(&said.text) > most {
        let words = if name == "text" { "message is too long" } else { "message caption is too long" };
        return Err((Some(Kind::TooLong), Refused::bad(words)));
    }
    Ok(said)
}

fn write(state: &mut State, call: &Call, chat: i64, body: Value, file: Option<bytes::Bytes>) -> Result<Value, Refusal> {
    let markup = keyboard::read(call).map_err(|(kind, refused)| (Some(kind), refused))?;
    let answers = call.json("reply_parameters").map_err(plain)?;
    let answers = answers.and_then(|about| about["message_id"].as_i64()).or_else(|| call.int("reply_to_message_id"));
    let mut json = state.envelope(chat, state.bot.clone());
    if let (Some(fields), Value::Object(more)) = (json.as_object_mut(), body) {
        fields.extend(more);
    }
    if let Some(topic) = call.int("message_thread_id") {
        (json["message_thread_id"], json["is_topic_message"]) = (json!(topic), json!(true));
    }
    if let Some(inline) = markup.inline {
        json["reply_markup"] = inline;
    }
    if let Some(place) = state.chats.get_mut(&chat) {
        if let Some(answered) = answers.and_then(|id| place.messages.get(&id)) {
            json["reply_to_message"] = answered.json.clone();
        }
        if let Some(rows) = markup.reply {
            place.keyboard = rows;
        }
    }
    let message = Message { json: json.clone(), silent: call.flag("disable_notification"), file };
    state.keep(chat, None, message);
    Ok(json)
}
