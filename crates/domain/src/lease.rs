//! Work that one process at a time does for the whole office.

use serde_json::Value;
use uuid::Uuid;

use crate::Time;
use crate::wire::wire_enum;

wire_enum! {
    /// What is leased.
    pub enum LeaseName {
        /// Asking Telegram for updates, or telling it where to bring them.
        TelegramIntake = "telegram-lectura",
        /// Sending messages to Telegram.
        TelegramSending = "telegram-envio",
        /// Turning events into messages.
        TelegramNotices = "telegram-avisos",
    }
}

/// Who does some work, and until when.
#[derive(Debug, Clone, PartialEq)]
pub struct Lease {
    /// What work.
    pub name: LeaseName,
    /// Which process; `None` when it was given up.
    pub holder: Option<Uuid>,
    /// Another may take it after this.
    pub until: Time,
    /// What the next holder needs to know, as how far the log was read.
    pub datum: Option<Value>,
}
