//! What a user may do, in three steps.

use serde::{Deserialize, Serialize};

/// `nivel`: a higher one includes the lower.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "i64")]
pub enum Level {
    /// Level 1, who goes out (`efectivo`).
    Officer,
    /// Level 2, who hands out tasks (`supervisor`).
    Supervisor,
    /// Level 3 (`administrador`).
    Administrator,
}

/// A number that is no level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one of: 1, 2, 3")]
pub struct NoSuchLevel;

impl Level {
    /// 1, 2 or 3.
    pub const fn number(self) -> u8 {
        match self {
            Self::Officer => 1,
            Self::Supervisor => 2,
            Self::Administrator => 3,
        }
    }

    /// `LEVEL_1`, `LEVEL_2` or `LEVEL_3`: the role text in tokens.
    pub const fn role(self) -> &'static str {
        match self {
            Self::Officer => "LEVEL_1",
            Self::Supervisor => "LEVEL_2",
            Self::Administrator => "LEVEL_3",
        }
    }

    /// The scopes of a token for Telegram, space-separated.
    pub const fn scope(self) -> &'static str {
        match self {
            Self::Officer => "read:tasks",
            Self::Supervisor => "read:tasks write:tasks",
            Self::Administrator => "read:tasks write:tasks admin:users",
        }
    }
}

impl TryFrom<i64> for Level {
    type Error = NoSuchLevel;

    fn try_from(number: i64) -> Result<Self, NoSuchLevel> {
        match number {
            1 => Ok(Self::Officer),
            2 => Ok(Self::Supervisor),
            3 => Ok(Self::Administrator),
            _ => Err(NoSuchLevel),
        }
    }
}

impl From<Level> for u8 {
    fn from(level: Level) -> Self {
        level.number()
    }
}
