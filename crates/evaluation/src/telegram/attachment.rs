//! Files that people send, and that the bot may fetch.

use bytes::Bytes;
use serde_json::{Value, json};

use super::person::Person;
use super::state::State;

/// Keeps a file; gives what Telegram tells of it.
fn keep(state: &mut State, content: Bytes) -> Value {
    let id = format!("AgACAgEAAxkBAAI{:08x}", state.number());
    let told = json!({ "file_id": id, "file_unique_id": &id[8..], "file_size": content.len() });
    state.files.insert(id, content);
    told
}

/// A message with a picture.
fn picture(state: &mut State, content: Bytes, caption: &str) -> Value {
    let mut size = keep(state, content);
    (size["width"], size["height"]) = (json!(1280), json!(960));
    let mut body = json!({ "photo": [size] });
    if !caption.is_empty() {
        body["caption"] = json!(caption);
    }
    body
}

impl Person {
    /// A picture.
    pub fn send_photo(&self, content: impl Into<Bytes>, caption: &str) -> i64 {
        self.hub.change(|state| {
            let body = picture(state, content.into(), caption);
            self.writes(state, body, None)
        })
    }

    /// Pictures that are sent as one; Telegram makes a message of each.
    pub fn send_album(&self, contents: &[&'static [u8]]) {
        self.hub.change(|state| {
            let album = format!("1345{:013}", state.number());
            for content in contents {
                let mut body = picture(state, Bytes::from_static(content), "");
                body["media_group_id"] = json!(album);
                self.writes(state, body, None);
            }
        });
    }

    /// A voice message.
    pub fn send_voice(&self, content: impl Into<Bytes>) -> i64 {
        self.hub.change(|state| {
            let mut voice = keep(state, content.into());
            (voice["duration"], voice["mime_type"]) = (json!(3), json!("audio/ogg"));
            self.writes(state, json!({ "voice": voice }), None)
        })
    }

    /// A file of some type.
    pub fn send_file(&self, content: impl Into<Bytes>, name: &str, mime: &str) -> i64 {
        self.hub.change(|state| {
            let mut file = keep(state, content.into());
            (file["file_name"], file["mime_type"]) = (json!(name), json!(mime));
            self.writes(state, json!({ "document": file }), None)
        })
    }
}
