//! The rules of dispatch as types and pure functions: who is who, what a task may become, who is
//! the nearest officer and why. Nothing here reads a clock, a database or a network.

mod availability;
mod bounds;
mod clock;
mod id;
mod language;
mod level;
mod wire;

pub mod assignment;
pub mod audit;
pub mod dispatch;
pub mod event;
pub mod geodesy;
pub mod history;
pub mod identity;
pub mod lease;
pub mod link;
pub mod metrics;
pub mod note;
pub mod officer;
pub mod personal;
pub mod point;
pub mod position;
pub mod report;
pub mod search;
pub mod session;
pub mod stored;
pub mod task;
pub mod telegram;
pub mod text;
pub mod user;

pub use assignment::{Assignment, AssignmentKind, AssignmentState, AssignmentStep, Channel};
pub use audit::AuditLine;
pub use availability::Availability;
pub use bounds::{Bounds, OutOfRange};
pub use clock::{Clock, Rng, Time, to_micros};
pub use event::Event;
pub use id::{
    AssignmentId, ChatId, MessageId, NoteId, OfficerId, OutgoingId, SessionId, TaskId, TelegramId, UpdateId, UserId,
};
pub use language::Language;
pub use level::Level;
pub use officer::Officer;
pub use point::{GeoBox, Point};
pub use position::Position;
pub use task::{Priority, Task, TaskCode, TaskKind, TaskState};
pub use text::{InvalidText, MultiLine, StoredText, Text};
pub use user::User;
pub use wire::UnknownWord;

/// A JSON object, as `notas` and `extra_data` hold.
pub type JsonObject = serde_json::Map<String, serde_json::Value>;
