//! Updates as Telegram sends them, read leniently: what we do not know is `Unknown`, and never an
//! error that would be sent to us again and again.

use domain::{Point, TelegramId, Time};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::message::time_of;
use super::{Attachment, AttachmentKind, Body, ChatId, ChatKind, Message, MessageId, Place, Sender};

/// One update.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// `update_id`: grows, and is the same when the update is sent again.
    pub id: i64,
    /// What happened.
    pub content: Content,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Somebody wrote.
    Message(Message),
    /// Somebody changed what was written, or a live location moved.
    Edited(Message),
    /// Somebody pressed a button.
    Callback(Callback),
    /// The bot was blocked, unblocked, added or removed.
    Membership(Membership),
    /// Something that we do not know.
    Unknown,
}

/// A pressed button.
#[derive(Debug, Clone, PartialEq)]
pub struct Callback {
    /// By which it is answered.
    pub query: String,
    /// Who pressed it.
    pub from: Sender,
    /// In which chat; absent for messages that Telegram has forgotten.
    pub chat: Option<ChatId>,
    /// Who is in the chat.
    pub chat_kind: ChatKind,
    /// The topic of the forum in which it stands.
    pub topic: Option<i64>,
    /// The message that it stands under; absent when that can no longer be edited.
    pub message: Option<MessageId>,
    /// What the button says; may be anything, since anybody can make such an update up.
    pub data: String,
}

/// What the bot may do in a chat from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// In which chat.
    pub chat: ChatId,
    /// Whether messages can still be sent there.
    pub reachable: bool,
    /// When it changed: seconds since 1970, 0 where Telegram gave no time.
    pub at: i64,
}

impl Update {
    /// Reads an update; `None` when it has no number.
    pub fn read(value: &Value) -> Option<Self> {
        let id = value.get("update_id")?.as_i64()?;
        let message = |name| value.get(name).and_then(|message| RawMessage::deserialize(message).ok());
        let content = if let Some(raw) = message("message") {
            Content::Message(raw.into())
        } else if let Some(raw) = message("edited_message") {
            Content::Edited(raw.into())
        } else if let Some(raw) = value.get("callback_query").and_then(|raw| RawCallback::deserialize(raw).ok()) {
            Content::Callback(raw.into())
        } else if let Some(raw) = value.get("my_chat_member").and_then(|raw| RawMembership::deserialize(raw).ok()) {
            Content::Membership(raw.into())
        } else {
            Content::Unknown
        };
        Some(Self { id, content })
    }

    /// The chat in whose order it is worked; a button of a forgotten message counts to the chat
    /// with the person.
    pub fn chat(&self) -> Option<ChatId> {
        match &self.content {
            Content::Message(message) | Content::Edited(message) => Some(message.chat),
            Content::Callback(callback) => Some(callback.chat.unwrap_or(ChatId(callback.from.id.0))),
            Content::Membership(membership) => Some(membership.chat),
            Content::Unknown => None,
        }
    }

    /// The topic of the forum in which it happened, and to which an answer goes.
    pub fn topic(&self) -> Option<i64> {
        match &self.content {
            Content::Message(message) | Content::Edited(message) => message.topic,
            Content::Callback(callback) => callback.topic,
            Content::Membership(_) | Content::Unknown => None,
        }
    }

    /// When a message was sent or last edited, or a chat blocked, by Telegram's clock. Of a pressed button Telegram gives no
    /// time: there it is `None`, and the time of receipt counts.
    pub fn said_at(&self) -> Option<Time> {
        match &self.content {
            Content::Message(message) | Content::Edited(message) => message.said_at(),
            Content::Membership(membership) => time_of(membership.at),
            Content::Callback(_) | Content::Unknown => None,
        }
    }

    /// Who is behind it.
    pub fn sender(&self) -> Option<Sender> {
        match &self.content {
            Content::Message(message) | Content::Edited(message) => message.from,
            Content::Callback(callback) => Some(callback.from),
            Content::Membership(_) | Content::Unknown => None,
        }
    }
}

#[derive(Deserialize)]
struct RawChat {
    id: i64,
    #[serde(rename = "type", default)]
    kind: String,
}

impl RawChat {
    fn kind(&self) -> ChatKind {
        if self.kind == "private" { ChatKind::Private } else { ChatKind::Shared }
    }
}

/// Groups without topics number threads of replies too, and take no message to these.
#[derive(Deserialize)]
struct RawTopic {
    message_thread_id: Option<i64>,
    #[serde(default)]
    is_topic_message: bool,
}

impl RawTopic {
    fn number(&self) -> Option<i64> {
        self.message_thread_id.filter(|_| self.is_topic_message)
    }
}

#[derive(Deserialize)]
struct RawSender {
    id: i64,
    #[serde(default)]
    is_bot: bool,
}

impl From<RawSender> for Sender {
    fn from(raw: RawSender) -> Self {
        Self { id: TelegramId(raw.id), is_bot: raw.is_bot }
    }
}

#[derive(Deserialize)]
struct RawMessage {
    message_id: i64,
    #[serde(default)]
    date: i64,
    edit_date: Option<i64>,
    chat: RawChat,
    #[serde(flatten)]
    topic: RawTopic,
    from: Option<RawSender>,
    forward_origin: Option<IgnoredAny>,
    forward_date: Option<IgnoredAny>,
    text: Option<String>,
    caption: Option<String>,
    media_group_id: Option<String>,
    location: Option<RawPlace>,
    photo: Option<Vec<RawFile>>,
    voice: Option<RawFile>,
    audio: Option<RawFile>,
    document: Option<RawFile>,
    video: Option<RawFile>,
    video_note: Option<RawFile>,
    contact: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct RawPlace {
    latitude: f64,
    longitude: f64,
    horizontal_accuracy: Option<f64>,
    live_period: Option<i64>,
}

#[derive(Deserialize)]
struct RawFile {
    file_id: String,
    file_unique_id: String,
    mime_type: Option<String>,
    file_size: Option<i64>,
}

impl RawFile {
    fn attachment(self, kind: AttachmentKind, caption: Option<String>) -> Attachment {
        Attachment {
            kind,
            file_id: self.file_id,
            unique_id: self.file_unique_id,
            mime: self.mime_type,
            bytes: self.file_size,
            caption,
        }
    }
}

impl RawMessage {
    fn body(self) -> Body {
        let place = |raw: RawPlace| {
            let point = Point::new(raw.latitude, raw.longitude).ok()?;
            Some(Place { point, accuracy_m: raw.horizontal_accuracy, live_period: raw.live_period })
        };
        // Sizes of one photo come smallest first; the last one is the photo as it was sent.
        let photo = self.photo.and_then(|sizes| sizes.into_iter().next_back());
        let file = self.document.or(self.video).or(self.video_note).or(self.audio);
        if let Some(text) = self.text {
            Body::Text(text)
        } else if let Some(place) = self.location.and_then(place) {
            Body::Place(place)
        } else if let Some(photo) = photo {
            Body::Attachment(photo.attachment(AttachmentKind::Photo, self.caption))
        } else if let Some(voice) = self.voice {
            Body::Attachment(voice.attachment(AttachmentKind::Voice, self.caption))
        } else if let Some(file) = file {
            Body::Attachment(file.attachment(AttachmentKind::File, self.caption))
        } else if self.contact.is_some() {
            Body::Contact
        } else {
            Body::Other
        }
    }
}

impl From<RawMessage> for Message {
    fn from(raw: RawMessage) -> Self {
        Self {
            id: MessageId(raw.message_id),
            chat: ChatId(raw.chat.id),
            chat_kind: raw.chat.kind(),
            topic: raw.topic.number(),
            at: raw.edit_date.unwrap_or(raw.date),
            forwarded: raw.forward_origin.is_some() || raw.forward_date.is_some(),
            from: raw.from.as_ref().map(|from| Sender { id: TelegramId(from.id), is_bot: from.is_bot }),
            album: raw.media_group_id.clone(),
            body: raw.body(),
        }
    }
}

#[derive(Deserialize)]
struct RawCallback {
    id: String,
    from: RawSender,
    message: Option<RawButtonMessage>,
    #[serde(default)]
    data: String,
}

#[derive(Deserialize)]
struct RawButtonMessage {
    message_id: i64,
    /// 0 for a message that Telegram no longer shows the bot: it cannot be edited either.
    #[serde(default)]
    date: i64,
    chat: RawChat,
    #[serde(flatten)]
    topic: RawTopic,
}

impl From<RawCallback> for Callback {
    fn from(raw: RawCallback) -> Self {
        Self {
            query: raw.id,
            chat: raw.message.as_ref().map(|message| ChatId(message.chat.id)),
            chat_kind: raw.message.as_ref().map_or(ChatKind::Private, |message| message.chat.kind()),
            topic: raw.message.as_ref().and_then(|message| message.topic.number()),
            message: raw
                .message
                .as_ref()
                .filter(|message| message.date != 0)
                .map(|message| MessageId(message.message_id)),
            from: raw.from.into(),
            data: raw.data,
        }
    }
}

#[derive(Deserialize)]
struct RawMembership {
    #[serde(default)]
    date: i64,
    chat: RawChat,
    new_chat_member: RawMember,
}

#[derive(Deserialize)]
struct RawMember {
    status: String,
}

impl From<RawMembership> for Membership {
    fn from(raw: RawMembership) -> Self {
        let reachable = !matches!(raw.new_chat_member.status.as_str(), "kicked" | "left");
        Self { chat: ChatId(raw.chat.id), reachable, at: raw.date }
    }
}
