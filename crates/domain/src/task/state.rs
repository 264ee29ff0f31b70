//! The state machine of contract §2.4.

use crate::wire::wire_enum;

wire_enum! {
    /// `estado_tarea`.
    pub enum TaskState {
        /// Not begun.
        Scheduled = "programada",
        /// Begun, and not paused, finished or cancelled.
        InProgress = "en_curso",
        /// Done.
        Finished = "finalizada",
        /// Called off.
        Cancelled = "cancelada",
        /// Begun, and for now interrupted.
        Paused = "pausada",
    }
}

/// A change of state that the machine does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a task that is {from} cannot become {to}")]
pub struct IllegalTransition {
    /// What it is.
    pub from: TaskState,
    /// What was asked for.
    pub to: TaskState,
}

impl TaskState {
    /// The states that may follow this one, without itself.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Scheduled => &[Self::InProgress, Self::Cancelled, Self::Finished],
            Self::InProgress => &[Self::Paused, Self::Finished, Self::Cancelled],
            Self::Paused => &[Self::InProgress, Self::Finished, Self::Cancelled],
            Self::Finished | Self::Cancelled => &[],
        }
    }

    /// Whether nothing may follow.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Finished | Self::Cancelled)
    }

    /// Whether the task has begun and not ended, so that its officers are taken.
    pub const fn holds_officers(self) -> bool {
        matches!(self, Self::InProgress | Self::Paused)
    }

    /// Holds the change to `to` against the machine.
    pub fn check(self, to: Self) -> Result<(), IllegalTransition> {
        if self.next().contains(&to) { Ok(()) } else { Err(IllegalTransition { from: self, to }) }
    }
}
