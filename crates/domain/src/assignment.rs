//! The lifecycle of sending one officer to one task: offered or assigned, notified, accepted, en
//! route, on scene, cleared. Each step keeps when, by which channel, by which user and for whom.

use serde::{Deserialize, Serialize};

use crate::wire::wire_enum;
use crate::{AssignmentId, OfficerId, TaskId, Time, UserId};

wire_enum! {
    /// How far an assignment or an offer has come (`asignaciones.estado`).
    pub enum AssignmentState {
        /// Offered to a further officer; holds no one.
        Offered = "ofrecida",
        /// Assigned; the officer is held.
        Assigned = "asignada",
        /// The officer's device, or a voice call, confirmed that the officer knows.
        Notified = "avisada",
        /// The officer takes the task on.
        Accepted = "aceptada",
        /// The officer is on the way.
        EnRoute = "en_camino",
        /// The officer is at the place.
        OnScene = "en_lugar",
        /// The officer is free of it again. Final.
        Cleared = "liberada",
        /// The officer refused. Final.
        Declined = "rechazada",
        /// Not accepted in time. An assignment still holds the officer until another accepts.
        Expired = "vencida",
        /// Another officer has the task, or it needs no one any more. Final.
        Superseded = "relevada",
    }
}

wire_enum! {
    /// Whether a row holds its officer (`asignaciones.tipo`).
    pub enum AssignmentKind {
        /// Holds the officer: there is a row of `tarea_efectivos` beside it.
        Assignment = "asignacion",
        /// Holds no one; accepting it makes it an assignment.
        Offer = "oferta",
    }
}

wire_enum! {
    /// By which channel a step was reported.
    pub enum Channel {
        /// Dashboard.
        Web = "web",
        /// Telegram bot.
        Telegram = "telegram",
        /// A program through the REST API.
        Api = "api",
        /// Radio or telephone, recorded by a supervisor.
        Voice = "voz",
        /// The server itself.
        System = "sistema",
    }
}

/// One step of an assignment, as it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentStep {
    /// What it became.
    pub state: AssignmentState,
    /// When; never before the step that precedes it.
    pub at: Time,
    /// The user who did it; `None` for the server itself.
    pub by: Option<UserId>,
    /// The officer's user, where another user acted for the officer.
    pub on_behalf_of: Option<UserId>,
    /// By which channel.
    pub channel: Channel,
    /// Why, in words.
    pub reason: Option<String>,
}

/// One officer sent, or asked, to take on one task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Number.
    pub id: AssignmentId,
    /// The task.
    pub task: TaskId,
    /// The officer.
    pub officer: OfficerId,
    /// Whether it holds the officer.
    pub kind: AssignmentKind,
    /// How far it has come.
    pub state: AssignmentState,
    /// From when its deadlines run: at once for an emergency, else from the programmed start.
    /// `None` for rows that are older than the lifecycle: they never expire.
    pub runs_from: Option<Time>,
    /// By when it must be accepted; `None` without a deadline.
    pub ack_due: Option<Time>,
    /// Its steps, oldest first; none for rows that are older than the lifecycle.
    pub steps: Vec<AssignmentStep>,
}

/// An assignment to be inserted, with its first step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAssignment {
    /// The task.
    pub task: TaskId,
    /// The officer.
    pub officer: OfficerId,
    /// Whether it holds the officer.
    pub kind: AssignmentKind,
    /// From when its deadlines run.
    pub runs_from: Time,
    /// By when it must be accepted; `None` without a deadline.
    pub ack_due: Option<Time>,
    /// The first step: `ofrecida` or `asignada`.
    pub first: AssignmentStep,
}

impl NewAssignment {
    /// The assignment that a store makes of it under the number `id`.
    pub fn into_assignment(self, id: AssignmentId) -> Assignment {
        Assignment {
            id,
            task: self.task,
            officer: self.officer,
            kind: self.kind,
            state: self.first.state,
            runs_from: Some(self.runs_from),
            ack_due: self.ack_due,
            steps: vec![self.first],
        }
    }
}

/// A step that the state machine does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an assignment that is {from} cannot become {to}")]
pub struct IllegalStep {
    /// What it is.
    pub from: AssignmentState,
    /// What was requested.
    pub to: AssignmentState,
}

impl AssignmentState {
    /// Whether nothing may follow.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Cleared | Self::Declined | Self::Superseded)
    }

    /// Whether the officer has taken the task on and is not done with it.
    pub const fn is_accepted(self) -> bool {
        matches!(self, Self::Accepted | Self::EnRoute | Self::OnScene)
    }

    /// Whether the officer was sent or asked and has not answered.
    pub const fn is_unanswered(self) -> bool {
        matches!(self, Self::Offered | Self::Assigned | Self::Notified | Self::Expired)
    }

    /// Position on the way from offered to on scene; `None` for ends.
    const fn rank(self) -> Option<u8> {
        match self {
            Self::Offered | Self::Assigned => Some(0),
            Self::Notified => Some(1),
            // Late acceptance is allowed as long as no other officer has accepted.
            Self::Expired => Some(2),
            Self::Accepted => Some(3),
            Self::EnRoute => Some(4),
            Self::OnScene => Some(5),
            Self::Cleared | Self::Declined | Self::Superseded => None,
        }
    }
}

impl Assignment {
    /// Whether it is not at an end.
    pub const fn is_open(&self) -> bool {
        !self.state.is_final()
    }

    /// Whether it holds its officer now.
    pub fn holds_officer(&self) -> bool {
        self.kind == AssignmentKind::Assignment && self.is_open()
    }

    /// When it first became `state`.
    pub fn reached_at(&self, state: AssignmentState) -> Option<Time> {
        self.steps.iter().find(|step| step.state == state).map(|step| step.at)
    }

    /// Takes `step`, and records the acceptance that a later step implies. Returns the steps that
    /// were added: none when the assignment is already as far, so that a repeated request changes
    /// nothing.
    ///
    /// A notification that arrives after the deadline is recorded and leaves the state as it is.
    pub fn advance(&mut self, step: AssignmentStep) -> Result<Vec<AssignmentStep>, IllegalStep> {
        let to = step.state;
        let illegal = IllegalStep { from: self.state, to };
        let Some(rank) = self.state.rank() else {
            return if self.state == to { Ok(Vec::new()) } else { Err(illegal) };
        };
        let mut added = Vec::with_capacity(2);
        let at = self.steps.last().map_or(step.at, |last| step.at.max(last.at));
        let step = AssignmentStep { at, ..step };
        match to {
            AssignmentState::Offered | AssignmentState::Assigned => {
                if self.state != to {
                    return Err(illegal);
                }
            }
            AssignmentState::Notified => {
                if rank < 3 && self.reached_at(to).is_none() {
                    if self.state != AssignmentState::Expired {
                        self.state = to;
                    }
                    added.push(step);
                }
            }
            AssignmentState::Expired => {
                if self.state.is_accepted() {
                    return Err(illegal);
                }
                if self.state != to {
                    self.state = to;
                    added.push(step);
                }
            }
            AssignmentState::Accepted | AssignmentState::EnRoute | AssignmentState::OnScene => {
                if to.rank().is_some_and(|wanted| wanted > rank) {
                    if to != AssignmentState::Accepted && !self.state.is_accepted() {
                        added.push(AssignmentStep { state: AssignmentState::Accepted, reason: None, ..step.clone() });
                    }
                    self.kind = AssignmentKind::Assignment;
                    self.state = to;
                    added.push(step);
                }
            }
            AssignmentState::Cleared => {
                if self.kind == AssignmentKind::Offer {
                    return Err(illegal);
                }
                self.state = to;
                added.push(step);
            }
            AssignmentState::Superseded => {
                if self.state.is_accepted() {
                    return Err(illegal);
                }
                self.state = to;
                added.push(step);
            }
            AssignmentState::Declined => {
                self.state = to;
                added.push(step);
            }
        }
        self.steps.extend(added.iter().cloned());
        Ok(added)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn step(state: AssignmentState, seconds: i64) -> AssignmentStep {
        let at = chrono::DateTime::from_timestamp(1_760_000_000, 0).unwrap() + TimeDelta::seconds(seconds);
        AssignmentStep { state, at, by: None, on_behalf_of: None, channel: Channel::System, reason: None }
    }

    fn made(kind: AssignmentKind) -> Assignment {
        let state = if kind == AssignmentKind::Offer { AssignmentState::Offered } else { AssignmentState::Assigned };
        let first = step(state, 0);
        let new =
            NewAssignment { task: TaskId(1), officer: OfficerId(2), kind, runs_from: first.at, ack_due: None, first };
        new.into_assignment(AssignmentId(3))
    }

    fn states(assignment: &Assignment) -> Vec<AssignmentState> {
        assignment.steps.iter().map(|step| step.state).collect()
    }

    #[test]
    fn arriving_implies_acceptance_and_makes_an_offer_an_assignment() {
        let mut offer = made(AssignmentKind::Offer);
        offer.advance(step(AssignmentState::OnScene, 30)).unwrap();
        assert_eq!(states(&offer), [AssignmentState::Offered, AssignmentState::Accepted, AssignmentState::OnScene]);
        assert!(offer.holds_officer());
    }

    #[test]
    fn a_repeated_or_earlier_step_changes_nothing() {
        let mut one = made(AssignmentKind::Assignment);
        one.advance(step(AssignmentState::EnRoute, 30)).unwrap();
        let before = one.clone();
        for state in [AssignmentState::EnRoute, AssignmentState::Accepted, AssignmentState::Notified] {
            assert_eq!(one.advance(step(state, 40)), Ok(Vec::new()));
        }
        assert_eq!(one, before);
    }

    #[test]
    fn an_expired_assignment_can_still_be_notified_and_accepted() {
        let mut one = made(AssignmentKind::Assignment);
        one.advance(step(AssignmentState::Expired, 60)).unwrap();
        one.advance(step(AssignmentState::Notified, 70)).unwrap();
        assert_eq!(one.state, AssignmentState::Expired);
        one.advance(step(AssignmentState::Accepted, 80)).unwrap();
        assert_eq!(one.state, AssignmentState::Accepted);
    }

    #[test]
    fn nothing_follows_an_end_and_times_never_go_back() {
        let mut one = made(AssignmentKind::Assignment);
        one.advance(step(AssignmentState::Accepted, 50)).unwrap();
        one.advance(step(AssignmentState::Declined, 20)).unwrap();
        assert!(one.steps.is_sorted_by_key(|step| step.at));
        for to in AssignmentState::ALL {
            let expected = *to == AssignmentState::Declined;
            assert_eq!(one.advance(step(*to, 90)).is_ok(), expected, "{to}");
        }
    }

    #[test]
    fn an_accepted_assignment_neither_expires_nor_is_superseded() {
        let mut one = made(AssignmentKind::Assignment);
        one.advance(step(AssignmentState::Accepted, 5)).unwrap();
        assert!(one.advance(step(AssignmentState::Expired, 60)).is_err());
        assert!(one.advance(step(AssignmentState::Superseded, 60)).is_err());
        one.advance(step(AssignmentState::Cleared, 60)).unwrap();
    }
}
