//! What can be wrong with the record of who did what.

use std::fmt;

use uuid::Uuid;

/// Where the proof breaks first, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// Number in the chain, where there is one.
    pub number: Option<i64>,
    /// Number of the row in `audit_logs`, where it is known.
    pub line: Option<i64>,
    /// The line's number for the outside, where it is known.
    pub event_id: Option<Uuid>,
    /// How.
    pub fault: Fault,
}

/// How the proof breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The line is not what was linked.
    Changed,
    /// Something stands in the line that the program never writes.
    Unreadable(String),
    /// The line is gone before its time, or its place in the chain is.
    Missing,
    /// The line was put in by another way than the program's.
    Inserted,
    /// Another line stands here; the one that belongs here stands at this number.
    Reordered(i64),
    /// The link does not follow from the one before.
    Unlinked,
    /// The chain holds, but the lines from here to `last` are not those that the checkpoint signed.
    Rewritten {
        /// Number of the checkpoint.
        checkpoint: i64,
        /// Last line in question.
        last: i64,
    },
    /// Lines that a checkpoint signed are not there any more.
    TailCut {
        /// Number of the checkpoint.
        checkpoint: i64,
        /// Lines that it signed.
        lines: i64,
    },
    /// A checkpoint that was not signed by the key of its time, or does not follow.
    Forged {
        /// Number of the checkpoint, or its place.
        checkpoint: i64,
        /// What is wrong with it.
        why: String,
    },
    /// The keys do not vouch for each other, or for the one that is trusted.
    Keys(String),
}

impl Fault {
    /// One Spanish word for it, for screens.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Changed => "cambiada",
            Self::Unreadable(_) => "ilegible",
            Self::Missing => "falta",
            Self::Inserted => "insertada",
            Self::Reordered(_) => "reordenada",
            Self::Unlinked => "no_sigue",
            Self::Rewritten { .. } => "reescrita",
            Self::TailCut { .. } => "cola_cortada",
            Self::Forged { .. } => "punto_falso",
            Self::Keys(_) => "clave",
        }
    }
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.number, &self.fault) {
            (_, Fault::Forged { .. } | Fault::Keys(_) | Fault::TailCut { .. }) => {}
            (Some(number), _) => write!(f, "line {number}")?,
            (None, _) => f.write_str("a line without a place in the chain")?,
        }
        match (self.line, self.event_id) {
            (Some(line), Some(event)) => write!(f, " (row {line}, event {event}): ")?,
            (Some(line), None) => write!(f, " (row {line}): ")?,
            _ if matches!(self.fault, Fault::Forged { .. } | Fault::Keys(_) | Fault::TailCut { .. }) => {}
            _ => f.write_str(": ")?,
        }
        match &self.fault {
            Fault::Changed => f.write_str("changed: it is not what was linked"),
            Fault::Unreadable(what) => write!(f, "changed: {what}"),
            Fault::Missing => f.write_str("missing: it was removed before its time"),
            Fault::Inserted => f.write_str("inserted: the program did not put it there"),
            Fault::Reordered(at) => write!(f, "reordered: the line that belongs here stands at {at}"),
            Fault::Unlinked => f.write_str(
                "the chain does not follow from the line before: one was changed, removed or put in between here",
            ),
            Fault::Rewritten { checkpoint, last } => {
                write!(f, "rewritten: the lines from here to {last} are not those that checkpoint {checkpoint} signed")
            }
            Fault::TailCut { checkpoint, lines } => {
                let there = self.number.unwrap_or_default();
                write!(f, "tail cut after line {there}: checkpoint {checkpoint} signed {lines} lines")
            }
            Fault::Forged { checkpoint, why } => write!(f, "checkpoint {checkpoint} is forged: {why}"),
            Fault::Keys(why) => write!(f, "the keys do not hold: {why}"),
        }
    }
}
