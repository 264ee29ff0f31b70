//! What is kept of Telegram: what it told, where conversations stand, what it is to be told.

mod chat;
mod dialogue;
mod inbox;
mod message;

pub use chat::ChatRepo;
pub use dialogue::DialogueRepo;
pub use inbox::{Hold, InboxBacklog, InboxRepo, LONGEST_PAUSE};
pub use message::{EMERGENCY_HOLDS_BACK, GivenUp, HOLDS_BACK, LeftOut, MessageRepo, QueueFigures};
