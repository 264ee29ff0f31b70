//! What others must hear of. Each change pushes its events to the outbox in its own transaction.

mod logged;
mod stored;

use serde::{Deserialize, Serialize};

pub use logged::{LogPage, LogPosition, Logged, NoLogPosition, UnreadableEvent};

use crate::dispatch::{EscalationReason, LastChoice};
use crate::wire::wire_enum;
use crate::{Assignment, AssignmentStep, Availability, Officer, OfficerId, Position, Task, TaskState, UserId};

/// Among the names of changed fields: the user or officer was made.
pub const CREATED: &str = "creado";
/// Among the names of changed fields: the user or officer was deleted.
pub const DELETED: &str = "eliminado";

wire_enum! {
    /// `event_type` on the wire.
    pub enum EventKind {
        /// See [`Event::TaskCreated`].
        TaskCreated = "task_created",
        /// See [`Event::TaskUpdated`].
        TaskUpdated = "task_updated",
        /// See [`Event::TaskStatusChanged`].
        TaskStatusChanged = "task_status_changed",
        /// See [`Event::TaskAssigned`].
        TaskAssigned = "task_assigned",
        /// See [`Event::TaskDeleted`].
        TaskDeleted = "task_deleted",
        /// See [`Event::OfficerStatusChanged`].
        OfficerStatusChanged = "efectivo_status_changed",
        /// See [`Event::OfficerChanged`].
        OfficerChanged = "efectivo_changed",
        /// See [`Event::PositionsReported`].
        PositionsReported = "efectivo_location_update",
        /// See [`Event::EmergencyRaised`].
        EmergencyRaised = "alert",
        /// See [`Event::UserChanged`].
        UserChanged = "user_activity",
        /// See [`Event::Announcement`].
        Announcement = "notification",
        /// See [`Event::AssignmentChanged`].
        AssignmentChanged = "assignment_changed",
        /// See [`Event::DispatchEscalated`].
        DispatchEscalated = "dispatch_escalated",
        /// See [`Event::AlertTaken`].
        AlertTaken = "alert_taken",
    }
}

/// Who made a change of a task, and why. Consumers report this and not what the history holds by the
/// time they read the event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeCause {
    /// The user who acted; `None` when the system did.
    pub by: Option<UserId>,
    /// For whom, where another one acted.
    pub on_behalf_of: Option<UserId>,
    /// The officer whose report it is, where it is one.
    pub officer: Option<OfficerId>,
    /// The motive, as it is written to the history.
    pub reason: Option<String>,
}

/// One thing that happened. The edges turn it into what their readers expect.
///
/// Stored by [`Event::to_stored`], together with the types in it, and read by programs of other versions:
/// a change keeps to the rules of [`crate::stored`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A task was made.
    TaskCreated {
        /// As it is now.
        task: Box<Task>,
    },
    /// A task changed other than in its state.
    TaskUpdated {
        /// As it is now.
        task: Box<Task>,
        /// Wire names of the fields that changed.
        changed: Vec<String>,
        /// Officers who were taken off it.
        left: Vec<OfficerId>,
        /// Who changed it, and why; `None` in events of programs before 0.2.0.
        #[serde(default)]
        cause: Option<ChangeCause>,
    },
    /// A task went from one state to another.
    TaskStatusChanged {
        /// As it is now.
        task: Box<Task>,
        /// What it was.
        from: TaskState,
        /// Who did it; `None` when the system did.
        by: Option<UserId>,
        /// Why, as in the history; `None` in events of programs before 0.2.0.
        #[serde(default)]
        reason: Option<String>,
    },
    /// Officers were sent to a task.
    TaskAssigned {
        /// As it is now.
        task: Box<Task>,
        /// Those who are new on it.
        officers: Vec<OfficerId>,
    },
    /// A task was deleted.
    TaskDeleted {
        /// As it was.
        task: Box<Task>,
    },
    /// An officer's availability changed.
    OfficerStatusChanged {
        /// As the officer is now.
        officer: Box<Officer>,
        /// What it was.
        from: Availability,
    },
    /// An officer was made, changed other than in availability, or deleted.
    OfficerChanged {
        /// As the officer is now.
        officer: Box<Officer>,
        /// Wire names of the fields that changed, or [`CREATED`], or [`DELETED`].
        changed: Vec<String>,
    },
    /// Officers reported where they are, one entry an officer.
    PositionsReported {
        /// The newest of each.
        positions: Vec<Position>,
    },
    /// Somebody called for help.
    EmergencyRaised {
        /// The task that it became.
        task: Box<Task>,
        /// Who was sent; `None` while nobody is free.
        assigned: Option<OfficerId>,
        /// How far that officer was, in metres.
        distance_m: Option<f64>,
        /// Why that officer was a last choice; empty where the officer was not.
        #[serde(default)]
        last_choice: Vec<LastChoice>,
    },
    /// A user was made, changed, disabled or deleted.
    UserChanged {
        /// Who.
        user: UserId,
        /// Wire names of the fields that changed, or [`CREATED`], or [`DELETED`].
        changed: Vec<String>,
    },
    /// A message to one of the office's groups.
    Announcement {
        /// `general`, `supervisores`, `emergencias` or `operaciones`.
        group: String,
        /// `normal`, `alert`, `urgent` or `info`.
        level: String,
        /// The text.
        message: String,
    },
    /// An assignment or an offer took a step.
    AssignmentChanged {
        /// Its task as it is now.
        task: Box<Task>,
        /// As it is now.
        assignment: Box<Assignment>,
        /// The steps that were added, oldest first.
        added: Vec<AssignmentStep>,
    },
    /// The dispatch of a task was escalated.
    DispatchEscalated {
        /// The task.
        task: Box<Task>,
        /// Why.
        reason: EscalationReason,
        /// The step of the round: 1 a second officer, 2 a third, 3 all in the radius; 0 for none of
        /// these.
        step: u32,
        /// Officers to whom it was offered now.
        offered: Vec<OfficerId>,
    },
    /// A user at the desk took an emergency alert on.
    AlertTaken {
        /// The task.
        task: Box<Task>,
        /// Who.
        by: UserId,
    },
}

impl Event {
    /// Its type on the wire.
    pub const fn kind(&self) -> EventKind {
        match self {
            Self::TaskCreated { .. } => EventKind::TaskCreated,
            Self::TaskUpdated { .. } => EventKind::TaskUpdated,
            Self::TaskStatusChanged { .. } => EventKind::TaskStatusChanged,
            Self::TaskAssigned { .. } => EventKind::TaskAssigned,
            Self::TaskDeleted { .. } => EventKind::TaskDeleted,
            Self::OfficerStatusChanged { .. } => EventKind::OfficerStatusChanged,
            Self::OfficerChanged { .. } => EventKind::OfficerChanged,
            Self::PositionsReported { .. } => EventKind::PositionsReported,
            Self::EmergencyRaised { .. } => EventKind::EmergencyRaised,
            Self::UserChanged { .. } => EventKind::UserChanged,
            Self::Announcement { .. } => EventKind::Announcement,
            Self::AssignmentChanged { .. } => EventKind::AssignmentChanged,
            Self::DispatchEscalated { .. } => EventKind::DispatchEscalated,
            Self::AlertTaken { .. } => EventKind::AlertTaken,
        }
    }

    /// The task it is about.
    pub fn task(&self) -> Option<&Task> {
        match self {
            Self::TaskCreated { task }
            | Self::TaskUpdated { task, .. }
            | Self::TaskStatusChanged { task, .. }
            | Self::TaskAssigned { task, .. }
            | Self::TaskDeleted { task }
            | Self::EmergencyRaised { task, .. }
            | Self::AssignmentChanged { task, .. }
            | Self::DispatchEscalated { task, .. }
            | Self::AlertTaken { task, .. } => Some(task),
            Self::OfficerStatusChanged { .. }
            | Self::OfficerChanged { .. }
            | Self::PositionsReported { .. }
            | Self::UserChanged { .. }
            | Self::Announcement { .. } => None,
        }
    }
}
