//! Who may hear of what.

use domain::{Event, Level, Task};

use super::Permission;
use super::matrix::require;
use crate::Actor;

/// Whether the actor may hear of an event, as things are now. Asked anew for each event, so that
/// nothing is told to somebody whose rights or tasks have changed.
pub fn may_hear(actor: &Actor, event: &Event) -> bool {
    let supervises = require(actor, Permission::ViewAllTasks).is_ok();
    match event {
        Event::TaskCreated { task } | Event::TaskStatusChanged { task, .. } | Event::TaskDeleted { task } => {
            supervises || concerns(actor, task)
        }
        Event::TaskUpdated { task, left, .. } => {
            supervises || concerns(actor, task) || actor.officer().is_some_and(|officer| left.contains(&officer))
        }
        Event::TaskAssigned { task, .. } => supervises || concerns(actor, task),
        Event::AssignmentChanged { task, assignment, .. } => {
            supervises || concerns(actor, task) || actor.officer() == Some(assignment.officer)
        }
        Event::DispatchEscalated { .. } | Event::AlertTaken { .. } => supervises,
        // Everybody, as the contract has it (§4.4): whoever is near can help.
        Event::EmergencyRaised { .. } => actor.level().is_some(),
        Event::OfficerStatusChanged { officer, .. } | Event::OfficerChanged { officer, .. } => {
            require(actor, Permission::ViewPeople).is_ok() || actor.officer() == Some(officer.id)
        }
        Event::PositionsReported { .. } => require(actor, Permission::ViewPeople).is_ok(),
        Event::UserChanged { user, .. } => require(actor, Permission::ManageUsers).is_ok() || actor.is(*user),
        Event::Announcement { group, .. } => match group.as_str() {
            "supervisores" | "operaciones" => actor.level() >= Some(Level::Supervisor),
            _ => actor.level().is_some(),
        },
    }
}

fn concerns(actor: &Actor, task: &Task) -> bool {
    actor.is_office()
        || actor.is(task.delegate)
        || actor.is(task.creator)
        || actor.officer().is_some_and(|officer| task.officers.contains(&officer))
}
