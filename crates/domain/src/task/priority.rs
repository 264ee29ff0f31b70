//! How soon a task must be begun.

use serde::{Deserialize, Serialize};

/// `prioridad`, 1 to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "i64")]
pub enum Priority {
    /// 1, `baja`.
    Low,
    /// 2, `media`: the default.
    Medium,
    /// 3, `alta`.
    High,
    /// 4, `urgente`.
    Urgent,
    /// 5, `critica`: emergencies.
    Critical,
}

/// A number or word that is no priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one of: 1, 2, 3, 4, 5")]
pub struct NoSuchPriority;

impl Priority {
    /// All of them, lowest first.
    pub const ALL: [Self; 5] = [Self::Low, Self::Medium, Self::High, Self::Urgent, Self::Critical];

    /// 1 to 5.
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    /// The word of the bot, in lower case; the map shows it in capitals.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Low => "baja",
            Self::Medium => "media",
            Self::High => "alta",
            Self::Urgent => "urgente",
            Self::Critical => "critica",
        }
    }

    /// The priority that a word names, in lower case.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|priority| priority.word() == word)
    }
}

impl TryFrom<i64> for Priority {
    type Error = NoSuchPriority;

    fn try_from(number: i64) -> Result<Self, NoSuchPriority> {
        Self::ALL.into_iter().find(|p| i64::from(p.number()) == number).ok_or(NoSuchPriority)
    }
}

impl From<Priority> for u8 {
    fn from(priority: Priority) -> Self {
        priority.number()
    }
}
