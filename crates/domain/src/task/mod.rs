//! Tasks: what is to be done, by when, by whom, and how far it has come.

mod code;
mod edit;
mod kind;
mod priority;
mod state;
mod transition;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use code::TaskCode;
pub use edit::{EndsBeforeStart, TaskEdit};
pub use kind::{TaskKind, TelegramKind};
pub use priority::{NoSuchPriority, Priority};
pub use state::{IllegalTransition, TaskState};

use crate::{JsonObject, MultiLine, OfficerId, Point, TaskId, Text, Time, UserId};

/// `titulo` as stored: new ones have at least 5 characters, which the edge asks for.
pub type Title = Text<1, 200>;
/// `descripcion`. 1000 characters on input; stored ones may be longer.
pub type Description = MultiLine<0, 100_000>;
/// `ubicacion_descripcion`.
pub type PlaceDescription = MultiLine<0, 100_000>;

/// A task (`tarea`).
///
/// Invariant, held by [`Task::transition`] and checked by [`Task::is_legal`]: which of the time
/// fields are set follows from the state.
///
/// Stored as JSON in events and answers: a new field needs `#[serde(default)]`, see [`crate::stored`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Number.
    pub id: TaskId,
    /// Number for the outside.
    pub uuid: Uuid,
    /// Short name.
    pub code: TaskCode,
    /// Title.
    #[serde(deserialize_with = "crate::text::stored")]
    pub title: Title,
    /// What is to be done.
    #[serde(default, deserialize_with = "crate::text::maybe_stored")]
    pub description: Option<Description>,
    /// What it is about.
    pub kind: TaskKind,
    /// How soon.
    pub priority: Priority,
    /// How far it has come.
    pub state: TaskState,
    /// When it should begin.
    pub scheduled_start: Time,
    /// When it should end; after the start.
    pub scheduled_end: Option<Time>,
    /// When it began.
    pub started_at: Option<Time>,
    /// When it ended.
    pub finished_at: Option<Time>,
    /// Sum of all closed pauses.
    pub paused_total: TimeDelta,
    /// Since when it is paused.
    pub paused_at: Option<Time>,
    /// Hours of work, pauses left out; set when finished.
    pub duration_hours: Option<f64>,
    /// The supervisor who answers for it.
    pub delegate: UserId,
    /// Who made it.
    pub creator: UserId,
    /// Where.
    pub location: Option<Point>,
    /// Where, in words.
    #[serde(default, deserialize_with = "crate::text::maybe_stored")]
    pub location_description: Option<PlaceDescription>,
    /// Who is sent, in order of number.
    pub officers: Vec<OfficerId>,
    /// An emergency that waits for the first officer who becomes free and near.
    pub awaits_officer: bool,
    /// Whether it was raised as a call for help. Until it ends it has an officer or waits for one:
    /// see [`Task::sync_waiting`].
    #[serde(default)]
    pub emergency: bool,
    /// From when a waiting emergency may be given an officer by itself; later than its creation only
    /// for a caller who raised more calls than the office allows at once.
    #[serde(default)]
    pub dispatch_from: Option<Time>,
    /// Free data.
    pub notes: JsonObject,
    /// Free data.
    pub extra: JsonObject,
    /// When made.
    pub created_at: Time,
    /// When last changed.
    pub updated_at: Time,
    /// When deleted; a deleted task is invisible.
    pub deleted_at: Option<Time>,
    /// Grows by one with each change.
    pub version: i64,
}

/// A task to be made; it begins as `programada`.
#[derive(Debug, Clone, PartialEq)]
pub struct NewTask {
    /// Number for the outside.
    pub uuid: Uuid,
    /// Short name.
    pub code: TaskCode,
    /// Title.
    pub title: Title,
    /// What is to be done.
    pub description: Option<Description>,
    /// What it is about.
    pub kind: TaskKind,
    /// How soon.
    pub priority: Priority,
    /// When it should begin.
    pub scheduled_start: Time,
    /// When it should end.
    pub scheduled_end: Option<Time>,
    /// The supervisor who answers for it.
    pub delegate: UserId,
    /// Who made it.
    pub creator: UserId,
    /// Where.
    pub location: Option<Point>,
    /// Where, in words.
    pub location_description: Option<PlaceDescription>,
    /// Whether it waits for the first officer who becomes free and near.
    pub awaits_officer: bool,
    /// Whether it is a call for help.
    pub emergency: bool,
    /// From when it may be given an officer by itself; `None` for at once.
    pub dispatch_from: Option<Time>,
    /// Free data.
    pub extra: JsonObject,
    /// When made.
    pub created_at: Time,
}

impl NewTask {
    /// Holds the programmed span to having its end after its start.
    pub fn check(&self) -> Result<(), EndsBeforeStart> {
        edit::check_span(self.scheduled_start, self.scheduled_end)
    }

    /// The task that a store makes of it under the number `id`.
    pub fn into_task(self, id: TaskId) -> Task {
        Task {
            id,
            uuid: self.uuid,
            code: self.code,
            title: self.title,
            description: self.description,
            kind: self.kind,
            priority: self.priority,
            state: TaskState::Scheduled,
            scheduled_start: self.scheduled_start,
            scheduled_end: self.scheduled_end,
            started_at: None,
            finished_at: None,
            paused_total: TimeDelta::zero(),
            paused_at: None,
            duration_hours: None,
            delegate: self.delegate,
            creator: self.creator,
            location: self.location,
            location_description: self.location_description,
            officers: Vec::new(),
            awaits_officer: self.awaits_officer,
            emergency: self.emergency,
            dispatch_from: self.dispatch_from,
            notes: JsonObject::new(),
            extra: self.extra,
            created_at: self.created_at,
            updated_at: self.created_at,
            deleted_at: None,
            version: 1,
        }
    }
}

impl Task {
    /// Programmed span in hours, else 2.0 + (5 − priority) × 0.5 (contract §2.1).
    pub fn estimated_hours(&self) -> f64 {
        match self.scheduled_end {
            Some(end) => hours(end - self.scheduled_start),
            None => 2.0 + (5.0 - f64::from(self.priority.number())) * 0.5,
        }
    }

    /// Whether it began later than programmed.
    pub fn is_late(&self) -> bool {
        self.started_at.is_some_and(|started| started > self.scheduled_start)
    }

    /// Sets whether the task waits for an officer: an emergency that has not ended and has no officer
    /// does. Called after every change of state, officers or deletion, and held by triggers in both
    /// stores, so that no call is left without an officer and outside of the queue.
    pub fn sync_waiting(&mut self) {
        if self.emergency {
            self.awaits_officer = self.officers.is_empty() && !self.state.is_final() && self.deleted_at.is_none();
        }
    }

    /// Whether the time fields agree with the state and with each other.
    pub fn is_legal(&self) -> bool {
        let spans = match (self.started_at, self.finished_at) {
            (Some(start), Some(end)) => start <= end && self.paused_total <= end - start,
            (None, Some(_)) => false,
            _ => true,
        };
        let fields = match self.state {
            TaskState::Scheduled => self.started_at.is_none() && self.finished_at.is_none(),
            TaskState::InProgress | TaskState::Paused => self.started_at.is_some() && self.finished_at.is_none(),
            TaskState::Finished => self.finished_at.is_some() && self.duration_hours.is_some(),
            // One that was called off before it began has neither time.
            TaskState::Cancelled => self.started_at.is_some() == self.finished_at.is_some(),
        };
        spans
            && fields
            && self.paused_at.is_some() == (self.state == TaskState::Paused)
            && self.paused_total >= TimeDelta::zero()
            && self.scheduled_end.is_none_or(|end| end > self.scheduled_start)
    }
}

/// Hours of a span, to the microsecond.
pub fn hours(span: TimeDelta) -> f64 {
    // Spans of stored times are far below 2^53 µs (285 years), so no digit is lost.
    #[expect(clippy::cast_precision_loss, reason = "spans stay below 2^53 microseconds")]
    let micros = span.num_microseconds().unwrap_or(i64::MAX) as f64;
    micros / 3_600_000_000.0
}
