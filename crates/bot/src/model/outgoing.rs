//! Messages to Telegram, before they are sent.

use serde_json::{Map, Value, json};

use super::{ChatId, Markup, MessageId, Urgency};

/// Methods of the Bot API that are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// A text.
    SendMessage,
    /// A text in place of an earlier one.
    EditMessageText,
    /// Other buttons under an earlier one, or none.
    EditMessageReplyMarkup,
    /// Ends the waiting of a pressed button.
    AnswerCallbackQuery,
    /// A pin on a map.
    SendLocation,
    /// A pin with a name.
    SendVenue,
    /// A picture.
    SendPhoto,
    /// A file.
    SendDocument,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::SendMessage,
        Self::EditMessageText,
        Self::EditMessageReplyMarkup,
        Self::AnswerCallbackQuery,
        Self::SendLocation,
        Self::SendVenue,
        Self::SendPhoto,
        Self::SendDocument,
    ];

    /// Its name in the Bot API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SendMessage => "sendMessage",
            Self::EditMessageText => "editMessageText",
            Self::EditMessageReplyMarkup => "editMessageReplyMarkup",
            Self::AnswerCallbackQuery => "answerCallbackQuery",
            Self::SendLocation => "sendLocation",
            Self::SendVenue => "sendVenue",
            Self::SendPhoto => "sendPhoto",
            Self::SendDocument => "sendDocument",
        }
    }

    /// The field of its form that holds a file; `None` where it takes none.
    pub const fn file_field(self) -> Option<&'static str> {
        match self {
            Self::SendPhoto => Some("photo"),
            Self::SendDocument => Some("document"),
            _ => None,
        }
    }

    /// The method of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == name)
    }
}

/// The field of the Bot API that names a topic.
const TOPIC: &str = "message_thread_id";

/// A place in a chat that holds one message: what comes later stands there instead.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Slot(String);

impl Slot {
    /// The card of a task.
    pub fn task(task: domain::TaskId) -> Self {
        Self(format!("tarea:{task}"))
    }

    /// A place by its name in the record.
    pub fn named(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// Its name in the record.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A file to be sent with a message.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    /// The field of the form: `photo` or `document`.
    pub field: &'static str,
    /// What it is called.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for File {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "File({}, {} bytes)", self.field, self.bytes.len())
    }
}

/// One call of the Bot API that is to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing {
    /// To which chat.
    pub chat: ChatId,
    /// What is sent first.
    pub urgency: Urgency,
    /// Which call.
    pub method: Method,
    /// Its fields, `chat_id` included where the method has it.
    pub body: Map<String, Value>,
    /// A file that goes with it.
    pub file: Option<File>,
    /// The place in the chat that it takes: what stood there loses its buttons, and what still waits
    /// to stand there is not sent (docs/decisions/0025-one-card-a-task.md).
    pub slot: Option<Slot>,
    /// A second message under the same key is not sent.
    pub unique: Option<String>,
    /// The assignment or offer of which it notifies the officer whose chat it is.
    pub assignment: Option<domain::AssignmentId>,
}

impl Outgoing {
    fn new(chat: ChatId, method: Method, fields: Value) -> Self {
        let body = if let Value::Object(fields) = fields { fields } else { Map::new() };
        let (slot, unique, assignment) = (None, None, None);
        let mut outgoing = Self { chat, urgency: Urgency::Answer, method, body, file: None, slot, unique, assignment };
        if method != Method::AnswerCallbackQuery {
            outgoing.body.insert("chat_id".to_owned(), chat.0.into());
        }
        outgoing
    }

    /// A text; `html` is escaped where it holds what people wrote.
    pub fn text(chat: ChatId, html: impl Into<String>) -> Self {
        let fields = json!({
            "text": html.into(), "parse_mode": "HTML", "link_preview_options": { "is_disabled": true },
        });
        Self::new(chat, Method::SendMessage, fields)
    }

    /// A text in place of an earlier one. When that cannot be edited any more, it is sent.
    pub fn edit(chat: ChatId, message: MessageId, html: impl Into<String>) -> Self {
        let mut edit = Self::text(chat, html);
        edit.method = Method::EditMessageText;
        edit.body.insert("message_id".to_owned(), message.0.into());
        edit
    }

    /// An earlier message without its buttons.
    pub fn without_buttons(chat: ChatId, message: MessageId) -> Self {
        Self::new(chat, Method::EditMessageReplyMarkup, json!({ "message_id": message.0 }))
    }

    /// The end of a pressed button's waiting; `notice` is plain text of at most 200 characters.
    pub fn callback_answer(chat: ChatId, query: &str, notice: Option<&str>, alert: bool) -> Self {
        let mut fields = json!({ "callback_query_id": query });
        if let Some(notice) = notice {
            fields["text"] = notice.chars().take(200).collect::<String>().into();
            fields["show_alert"] = alert.into();
        }
        Self::new(chat, Method::AnswerCallbackQuery, fields)
    }

    /// A pin on a map.
    pub fn location(chat: ChatId, point: domain::Point) -> Self {
        Self::new(chat, Method::SendLocation, json!({ "latitude": point.lat(), "longitude": point.lng() }))
    }

    /// A pin with a name and an address; plain texts, not empty.
    pub fn venue(chat: ChatId, point: domain::Point, title: &str, address: &str) -> Self {
        let fields = json!({
            "latitude": point.lat(), "longitude": point.lng(), "title": title, "address": address,
        });
        Self::new(chat, Method::SendVenue, fields)
    }

    /// A picture with a caption in HTML.
    pub fn photo(chat: ChatId, name: impl Into<String>, bytes: Vec<u8>, caption: impl Into<String>) -> Self {
        let fields = json!({ "caption": caption.into(), "parse_mode": "HTML" });
        let mut photo = Self::new(chat, Method::SendPhoto, fields);
        photo.file = Some(File { field: "photo", name: name.into(), bytes });
        photo
    }

    /// A file with a caption in HTML.
    pub fn document(chat: ChatId, name: impl Into<String>, bytes: Vec<u8>, caption: impl Into<String>) -> Self {
        let fields = json!({ "caption": caption.into(), "parse_mode": "HTML" });
        let mut document = Self::new(chat, Method::SendDocument, fields);
        document.file = Some(File { field: "document", name: name.into(), bytes });
        document
    }

    /// An edit as a message of its own, for when what it was to edit is gone.
    #[must_use]
    pub fn anew(mut self) -> Self {
        if self.method == Method::EditMessageText {
            self.method = Method::SendMessage;
            self.body.remove("message_id");
        }
        self
    }

    /// To a topic of the chat, where it is a message of its own or may have to become one.
    #[must_use]
    pub fn in_topic(mut self, topic: Option<i64>) -> Self {
        let is_message = !matches!(self.method, Method::AnswerCallbackQuery | Method::EditMessageReplyMarkup);
        if let Some(topic) = topic.filter(|_| is_message) {
            self.body.insert(TOPIC.to_owned(), topic.into());
        }
        self
    }

    /// Whether it goes to a topic of the chat.
    pub fn is_in_topic(&self) -> bool {
        self.body.contains_key(TOPIC)
    }

    /// To the chat, and to no topic of it.
    #[must_use]
    pub fn without_topic(mut self) -> Self {
        self.body.remove(TOPIC);
        self
    }

    /// The same to another chat.
    #[must_use]
    pub fn to(mut self, chat: ChatId) -> Self {
        self.chat = chat;
        if let Some(id) = self.body.get_mut("chat_id") {
            *id = chat.0.into();
        }
        self
    }

    /// With what stands under it.
    #[must_use]
    pub fn with(mut self, markup: impl Into<Markup>) -> Self {
        if let Some(markup) = markup.into().json() {
            self.body.insert("reply_markup".to_owned(), markup);
        }
        self
    }

    /// In a place of the chat.
    #[must_use]
    pub fn in_slot(mut self, slot: Slot) -> Self {
        self.slot = Some(slot);
        self
    }

    /// Once it is sent, an assignment or offer is delivered.
    #[must_use]
    pub fn about(mut self, assignment: Option<domain::AssignmentId>) -> Self {
        self.assignment = assignment;
        self
    }

    /// Sooner or later than an answer.
    #[must_use]
    pub fn at(mut self, urgency: Urgency) -> Self {
        self.urgency = urgency;
        self
    }

    /// Once only, under `key`.
    #[must_use]
    pub fn once(mut self, key: impl Into<String>) -> Self {
        self.unique = Some(key.into());
        self
    }
}
