//! A stand-in for Telegram's server, and people who talk to a bot through it.
//!
//! It speaks the Bot API as far as gad's bot uses it, refuses what Telegram refuses with the same
//! words, and keeps count of each breach of a limit ([`Breach`]), so that a test can say that there
//! was none. Where Telegram publishes a limit, it is that one:
//!
//! | Limit | From | Here |
//! |---|---|---|
//! | about 30 messages a second in all | bots FAQ, "broadcasting to users" | more than 30 in any one second: 429 |
//! | one message a second in a chat, "short bursts" allowed | bots FAQ | a bucket of 3, one more each second: 429 |
//! | 20 messages a minute in a group | bots FAQ | more than 20 in any sixty seconds: 429 |
//! | text 1 to 4096, caption to 1024 characters after entities | Bot API | counted as UTF-16, the stricter reading: 400 |
//! | `callback_data` 1 to 64 bytes | Bot API | 400 |
//!
//! A change of a message counts like a message: Telegram does not publish that, and is seen to do
//! it. An answer to a tap does not count. What Telegram keeps to itself is stricter here: a tap not
//! answered within [`Limits::answer`] is a breach, and an answer after [`Limits::callback`] is refused.
//! Only HTML is parsed; a webhook may be plain HTTP. All of its time is tokio's, so that a test may
//! pause it.

mod answer;
mod attachment;
mod breach;
mod call;
mod chat;
mod entities;
mod fault;
mod http;
mod keyboard;
mod live;
mod message;
mod methods;
mod person;
mod rate;
mod standin;
mod state;
mod transcript;
mod webhook;

pub use breach::{Breach, Kind};
pub use chat::User;
pub use fault::{Fault, Rule};
pub use live::LiveLocation;
pub use message::{Button, Message};
pub use person::{Person, Tap};
pub use standin::{Group, Standin};
pub use state::{Called, Limits};
