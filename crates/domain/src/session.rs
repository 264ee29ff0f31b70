//! Sign-ins that last: one session a device, its refresh tokens a family in which each has one successor.

use serde::{Deserialize, Serialize};

use crate::wire::wire_enum;
use crate::{SessionId, Time, UserId};

wire_enum! {
    /// Where a session was opened.
    pub enum Platform {
        /// The dashboard.
        Web = "web",
        /// The bot.
        Telegram = "telegram",
        /// Any other client.
        Api = "api",
    }
}

/// One sign-in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Also the `sid` of its access tokens.
    pub id: SessionId,
    /// Whose.
    pub user: UserId,
    /// Through what.
    pub platform: Platform,
    /// When it began.
    pub created_at: Time,
    /// Last refresh.
    pub last_used_at: Time,
    /// No refresh after this.
    pub expires_at: Time,
    /// When it was ended before its time.
    pub revoked_at: Option<Time>,
    /// Why it was ended: `logout`, `revoked`, `theft`, `password`, `disabled`.
    pub revoked_reason: Option<String>,
    /// Address it was opened from.
    pub ip: Option<std::net::IpAddr>,
    /// What the client called itself, cut to 255 characters.
    pub user_agent: Option<String>,
}

/// A refresh token at rest: only the SHA-256 of it.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// SHA-256 of the token that the client holds.
    pub hash: [u8; 32],
    /// Its family.
    pub session: SessionId,
    /// When it was given out.
    pub issued_at: Time,
    /// When it was exchanged for the next one.
    pub used_at: Option<Time>,
    /// From what, together with the token itself, the next one was derived; known once it was exchanged.
    pub salt: Option<[u8; 32]>,
}

impl Session {
    /// Whether it still opens doors at `now`.
    pub fn is_live(&self, now: Time) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}
