//! Trouble on demand.

use std::time::Duration;

/// What goes wrong.
#[derive(Debug, Clone)]
pub enum Fault {
    /// 429 with these seconds to wait.
    TooMany(u64),
    /// Another status, like 500 or 502.
    Status(u16),
    /// This status with this description.
    Refusal(u16, String),
    /// No answer until the caller gives up; nothing is done.
    Silence,
    /// The connection ends without an answer; nothing is done.
    Reset,
    /// It is done, and the connection ends without an answer.
    LostAnswer,
    /// It is done after a while.
    Slow(Duration),
}

/// When it goes wrong.
#[derive(Debug, Clone)]
pub struct Rule {
    fault: Fault,
    method: Option<String>,
    chat: Option<i64>,
    left: Option<u32>,
    every: u32,
    seen: u32,
}

impl Rule {
    /// Every call fails so, until it is mended.
    pub fn new(fault: Fault) -> Self {
        Self { fault, method: None, chat: None, left: None, every: 1, seen: 0 }
    }

    /// Only calls of this method.
    #[must_use]
    pub fn on(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// Only calls about this chat.
    #[must_use]
    pub fn to(mut self, chat: i64) -> Self {
        self.chat = Some(chat);
        self
    }

    /// Only so many times.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.left = Some(times);
        self
    }

    /// Only each `every`th call.
    #[must_use]
    pub fn one_in(mut self, every: u32) -> Self {
        self.every = every.max(1);
        self
    }

    /// What happens to a call by this rule.
    pub(super) fn strikes(&mut self, method: &str, chat: Option<i64>) -> Option<Fault> {
        let meant = self.method.as_deref().is_none_or(|meant| meant.eq_ignore_ascii_case(method))
            && self.chat.is_none_or(|meant| Some(meant) == chat)
            && self.left != Some(0);
        if !meant {
            return None;
        }
        self.seen += 1;
        if !self.seen.is_multiple_of(self.every) {
            return None;
        }
        self.left = self.left.map(|left| left - 1);
        Some(self.fault.clone())
    }
}
