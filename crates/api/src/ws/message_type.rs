//! What a message to a client may be.

use domain::Event;
use serde::{Serialize, Serializer};

/// `event_type` of a message to a client. Whatever is sent is one of these, and the `AsyncAPI`
/// document has a schema for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageType {
    /// The greeting.
    ConnectionAck,
    /// A sign of life.
    Ping,
    /// A task was made.
    TaskCreated,
    /// A task changed but for its state, or was deleted.
    TaskUpdated,
    /// A task went from one state to another.
    TaskStatusChanged,
    /// Officers were sent to a task.
    TaskAssigned,
    /// An officer was made, changed or deleted, or the availability changed.
    OfficerStatusChanged,
    /// Where an officer is.
    OfficerLocation,
    /// A call for help, or an urgent task.
    Alert,
    /// A user was made, changed, disabled or deleted.
    UserActivity,
    /// An announcement, or an answer to what a client said.
    Notification,
    /// The office at a glance.
    DashboardUpdate,
    /// Figures.
    MetricsUpdate,
    /// What was missed is no longer known.
    SystemStatus,
    /// What a client said was not understood or not allowed.
    Error,
    /// An assignment or an offer took a step.
    AssignmentChanged,
    /// The dispatch of a task was escalated.
    DispatchEscalated,
    /// A user took an emergency alert on.
    AlertTaken,
}

impl MessageType {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::ConnectionAck,
        Self::Ping,
        Self::TaskCreated,
        Self::TaskUpdated,
        Self::TaskStatusChanged,
        Self::TaskAssigned,
        Self::OfficerStatusChanged,
        Self::OfficerLocation,
        Self::Alert,
        Self::UserActivity,
        Self::Notification,
        Self::DashboardUpdate,
        Self::MetricsUpdate,
        Self::SystemStatus,
        Self::Error,
        Self::AssignmentChanged,
        Self::DispatchEscalated,
        Self::AlertTaken,
    ];

    /// As it stands in the envelope.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConnectionAck => "connection_ack",
            Self::Ping => "ping",
            Self::TaskCreated => "task_created",
            Self::TaskUpdated => "task_updated",
            Self::TaskStatusChanged => "task_status_changed",
            Self::TaskAssigned => "task_assigned",
            Self::OfficerStatusChanged => "efectivo_status_changed",
            Self::OfficerLocation => "efectivo_location_update",
            Self::Alert => "alert",
            Self::UserActivity => "user_activity",
            Self::Notification => "notification",
            Self::DashboardUpdate => "dashboard_update",
            Self::MetricsUpdate => "metrics_update",
            Self::SystemStatus => "system_status",
            Self::Error => "error",
            Self::AssignmentChanged => "assignment_changed",
            Self::DispatchEscalated => "dispatch_escalated",
            Self::AlertTaken => "alert_taken",
        }
    }

    /// What an event is told as.
    pub const fn of(event: &Event) -> Self {
        match event {
            Event::TaskCreated { .. } => Self::TaskCreated,
            // The contract has no type for a deleted task: to its clients it is a change like others.
            Event::TaskUpdated { .. } | Event::TaskDeleted { .. } => Self::TaskUpdated,
            Event::TaskStatusChanged { .. } => Self::TaskStatusChanged,
            Event::TaskAssigned { .. } => Self::TaskAssigned,
            // The contract has one type for officers; `sub_event_type` says what happened.
            Event::OfficerStatusChanged { .. } | Event::OfficerChanged { .. } => Self::OfficerStatusChanged,
            Event::PositionsReported { .. } => Self::OfficerLocation,
            Event::EmergencyRaised { .. } => Self::Alert,
            Event::UserChanged { .. } => Self::UserActivity,
            Event::Announcement { .. } => Self::Notification,
            Event::AssignmentChanged { .. } => Self::AssignmentChanged,
            Event::DispatchEscalated { .. } => Self::DispatchEscalated,
            Event::AlertTaken { .. } => Self::AlertTaken,
        }
    }
}

impl Serialize for MessageType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_kept_in_the_order_of_the_list() {
        for (n, one) in MessageType::ALL.into_iter().enumerate() {
            assert_eq!(one as usize, n, "{one:?}");
        }
    }
}
