//! What the parts of the bot say to each other: updates as they come, messages as they go.

mod answer;
mod chat;
mod keyboard;
mod message;
mod outgoing;
mod record;
#[cfg(test)]
mod tests;
mod update;

pub use answer::{Answer, Change, Mark, Quiet};
pub use chat::{ChatKind, ChatState, Destination, language_named};
pub use domain::telegram::Urgency;
pub use domain::{ChatId, Language, MessageId};
pub use keyboard::{Button, CallbackData, DataTooLong, Keyboard, Markup};
pub use message::{Attachment, AttachmentKind, Body, Message, Place, Sender};
pub use outgoing::{File, Method, Outgoing, Slot};
pub use update::{Callback, Content, Membership, Update};
