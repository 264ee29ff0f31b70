//! The steps of a history, and how they are drawn.

use domain::{AssignmentState, Availability, TaskState};
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

/// One step of a history. Numbers choose among what there is, so that a shorter history stays one.
#[derive(Debug, Clone)]
pub(super) enum Move {
    /// A call for help by an officer, or by the supervisor.
    Raise {
        by: Option<u8>,
        place: u8,
    },
    /// A call for which the supervisor chooses the officer.
    RaiseChosen {
        officer: u8,
        place: u8,
        force: bool,
    },
    /// A task for later or for now.
    Plan {
        officer: Option<u8>,
        place: u8,
        in_minutes: u8,
    },
    /// What an officer answers to an open assignment, or now and then to any task.
    Answer {
        officer: u8,
        pick: u8,
        what: Answered,
    },
    /// A step that the supervisor, or the officer, reports of any assignment.
    Report {
        pick: u8,
        state: AssignmentState,
        own: bool,
    },
    /// A change of state by the supervisor, or by the first officer of the task.
    SetState {
        pick: u8,
        to: TaskState,
        own: bool,
    },
    /// The end of a task by its code, by its first officer.
    Finish {
        pick: u8,
    },
    /// A change of who is sent.
    Send {
        pick: u8,
        officer: u8,
        how: How,
        force: bool,
    },
    /// A new programmed start.
    Postpone {
        pick: u8,
        minutes: u8,
    },
    DeleteTask {
        pick: u8,
    },
    DeleteOfficer {
        officer: u8,
    },
    DeleteUser {
        officer: u8,
    },
    SetVerified {
        officer: u8,
        verified: bool,
    },
    Unlink {
        officer: u8,
    },
    Block {
        officer: u8,
    },
    SetAvailability {
        officer: u8,
        to: Availability,
        own: bool,
    },
    Stand {
        officer: u8,
        place: u8,
        accuracy_m: u16,
    },
    Hire {
        place: u8,
    },
    Undo {
        officer: u8,
    },
    Take {
        pick: u8,
    },
    /// Time goes by, and what is due happens.
    Wait {
        seconds: u16,
    },
    /// Another process goes on with the same record.
    Restart,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Answered {
    Accept,
    EnRoute,
    Arrive,
    Decline,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum How {
    Exactly,
    Also,
    Without,
}

pub(super) fn moves() -> BoxedStrategy<Move> {
    let n = any::<u8>;
    let state = prop::sample::select(vec![
        AssignmentState::Notified,
        AssignmentState::Accepted,
        AssignmentState::EnRoute,
        AssignmentState::OnScene,
        AssignmentState::Cleared,
        AssignmentState::Declined,
    ]);
    let to = prop::sample::select(vec![
        TaskState::InProgress,
        TaskState::InProgress,
        TaskState::Paused,
        TaskState::Paused,
        TaskState::Cancelled,
        TaskState::Finished,
    ]);
    let what = prop::sample::select(vec![
        Answered::Accept,
        Answered::Accept,
        Answered::EnRoute,
        Answered::Arrive,
        Answered::Decline,
        Answered::Decline,
    ]);
    let availability =
        prop::sample::select(vec![Availability::Available, Availability::OutOfService, Availability::Unavailable]);
    let how = prop::sample::select(vec![How::Exactly, How::Also, How::Without]);
    let seconds = prop::sample::select(vec![1_u16, 30, 61, 61, 61, 61, 61, 125, 200, 301, 1000]);
    prop_oneof![
        6 => (prop::option::of(n()), n()).prop_map(|(by, place)| Move::Raise { by, place }),
        1 => (n(), n(), any::<bool>()).prop_map(|(officer, place, force)| Move::RaiseChosen { officer, place, force }),
        2 => (prop::option::of(n()), n(), n())
            .prop_map(|(officer, place, in_minutes)| Move::Plan { officer, place, in_minutes }),
        10 => (n(), n(), what).prop_map(|(officer, pick, what)| Move::Answer { officer, pick, what }),
        4 => (n(), state, any::<bool>()).prop_map(|(pick, state, own)| Move::Report { pick, state, own }),
        4 => (n(), to, any::<bool>()).prop_map(|(pick, to, own)| Move::SetState { pick, to, own }),
        2 => n().prop_map(|pick| Move::Finish { pick }),
        4 => (n(), n(), how, any::<bool>())
            .prop_map(|(pick, officer, how, force)| Move::Send { pick, officer, how, force }),
        1 => (n(), n()).prop_map(|(pick, minutes)| Move::Postpone { pick, minutes }),
        1 => n().prop_map(|pick| Move::DeleteTask { pick }),
        1 => n().prop_map(|officer| Move::DeleteOfficer { officer }),
        1 => n().prop_map(|officer| Move::DeleteUser { officer }),
        2 => (n(), any::<bool>()).prop_map(|(officer, verified)| Move::SetVerified { officer, verified }),
        1 => n().prop_map(|officer| Move::Unlink { officer }),
        1 => n().prop_map(|officer| Move::Block { officer }),
        5 => (n(), availability, any::<bool>())
            .prop_map(|(officer, to, own)| Move::SetAvailability { officer, to, own }),
        6 => (n(), n(), prop::sample::select(vec![5_u16, 5, 5, 5000]))
            .prop_map(|(officer, place, accuracy_m)| Move::Stand { officer, place, accuracy_m }),
        2 => n().prop_map(|place| Move::Hire { place }),
        1 => n().prop_map(|officer| Move::Undo { officer }),
        1 => n().prop_map(|pick| Move::Take { pick }),
        8 => seconds.prop_map(|seconds| Move::Wait { seconds }),
        1 => Just(Move::Restart),
    ]
    .boxed()
}
