//! What becomes of an update.

use domain::Time;

use super::{Language, Outgoing};
use crate::talk::Dialogue;

/// What becomes of an update. All of it is written in one transaction with the update's being
/// worked; changes of the record itself were made before, by use cases that may be repeated.
#[derive(Debug, Default, PartialEq)]
pub struct Answer {
    /// What becomes of the dialogue.
    pub dialogue: Change<Dialogue>,
    /// What is said, in this order.
    pub messages: Vec<Outgoing>,
    /// The language from now on.
    pub language: Option<Language>,
    /// Quiet mode from now on.
    pub quiet: Option<Quiet>,
    /// What is counted of it.
    pub marks: Vec<Mark>,
}

/// What becomes of something that is kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Change<T> {
    /// It stays, if there is one. Its time to live begins anew.
    #[default]
    Keep,
    /// This stands in its place.
    Set(T),
    /// It ends.
    End,
}

/// Quiet mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quiet {
    /// Everything is pushed.
    Off,
    /// Only emergencies are, until then.
    Until(Time),
}

/// What is counted of how people get on with the bot (contract §5.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A command, a button or a text was worked, by its name in a short list.
    Handled(&'static str),
    /// A wizard was opened.
    WizardStarted(&'static str),
    /// A step of a wizard was taken.
    WizardStep {
        /// Which wizard.
        wizard: &'static str,
        /// The step that was left.
        step: &'static str,
    },
    /// A wizard came to its end.
    WizardCompleted(&'static str),
    /// A wizard was given up.
    WizardAbandoned {
        /// Which wizard.
        wizard: &'static str,
        /// At which step.
        step: &'static str,
    },
    /// Something was written that a step does not take.
    Rejected {
        /// Which wizard, or `none`.
        wizard: &'static str,
        /// At which step.
        step: &'static str,
    },
}
