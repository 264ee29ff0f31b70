//! Numbers that name things, each a type of its own so that no call can mix them up: one person
//! signs in as a [`UserId`], goes out as an [`OfficerId`] and chats as a [`TelegramId`].

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! number_id {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
    )+};
}

number_id! {
    /// Who signs in (`usuarios.id`).
    UserId;
    /// Who goes out to tasks (`efectivos.id`).
    OfficerId;
    /// A task (`tareas.id`).
    TaskId;
    /// A Telegram account. Personal data: never logged, shown only to those who may see it.
    TelegramId;
    /// A conversation on Telegram: with one person, its number is that of the account; a group has a
    /// negative one. Personal data, as [`TelegramId`] is.
    ChatId;
    /// An update as Telegram numbers it: growing, and the same each time that it is sent.
    UpdateId;
    /// A message in a chat, as Telegram numbers it.
    MessageId;
    /// What somebody left with a task (`notas_de_tarea.id`).
    NoteId;
    /// A message that waits to be sent, or was (`telegram_mensajes.id`).
    OutgoingId;
    /// One officer sent, or asked, to take on one task (`asignaciones.id`).
    AssignmentId;
}

/// One sign-in on one device; its refresh tokens form one family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(pub Uuid);

impl std::fmt::Display for SessionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
