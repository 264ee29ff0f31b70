//! Stored JSON that this program cannot read: it is counted, and readers go on.

use metrics::Counter;

/// Where JSON is that programs of other versions wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnreadableIn {
    /// The log of events.
    Events,
    /// Messages of other replicas about the log.
    Bus,
    /// Answers to requests with a key.
    Answers,
    /// Dialogues of the bot.
    Dialogues,
}

impl UnreadableIn {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Events, Self::Bus, Self::Answers, Self::Dialogues];

    /// Table, or `bus`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Events => "eventos",
            Self::Bus => "bus",
            Self::Answers => "claves_idempotencia",
            Self::Dialogues => "telegram_dialogos",
        }
    }

    /// How often something there could not be read.
    pub fn counter(self) -> Counter {
        metrics::counter!("gad_stored_rows_unreadable_total", "table" => self.name())
    }
}
