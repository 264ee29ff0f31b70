//! Rights on single tasks.

use domain::{Task, UserId};

use super::Permission;
use super::matrix::require;
use crate::task::TaskChange;
use crate::{Actor, Error, Forbidden, Kind, Result};

/// Whose tasks a list may show: `None` for all.
pub fn task_scope(actor: &Actor) -> Option<UserId> {
    if require(actor, Permission::ViewAllTasks).is_ok() { None } else { actor.user() }
}

fn is_sent(actor: &Actor, task: &Task) -> bool {
    actor.officer().is_some_and(|officer| task.officers.contains(&officer))
}

/// One's own: delegated to or made by the actor, or the actor is sent to it.
fn is_own(actor: &Actor, task: &Task) -> bool {
    actor.is(task.delegate) || actor.is(task.creator) || is_sent(actor, task)
}

/// A task that the actor may not see is not found, so that its existence is not told either.
pub fn may_see_task(actor: &Actor, task: &Task) -> Result<()> {
    if require(actor, Permission::ViewAllTasks).is_ok() || is_own(actor, task) {
        Ok(())
    } else {
        Err(Error::hidden(Kind::Task, task.id))
    }
}

/// Level 2 edits; level 1 changes only the state of own tasks; code and delegate need level 3.
pub fn may_edit_task(actor: &Actor, task: &Task, change: &TaskChange) -> Result<()> {
    may_see_task(actor, task)?;
    if require(actor, Permission::CreateTasks).is_err() {
        let only_state = change.edit.is_empty() && change.officers.is_none();
        return if only_state && is_own(actor, task) { Ok(()) } else { Err(Error::Forbidden(Forbidden::Level)) };
    }
    let changes_code = change.edit.code.as_ref().is_some_and(|code| *code != task.code);
    let changes_delegate = change.edit.delegate.is_some_and(|delegate| delegate != task.delegate);
    for (changes, field) in [(changes_code, "codigo"), (changes_delegate, "delegado_usuario_id")] {
        if changes && require(actor, Permission::ModifyTasks).is_err() {
            return Err(Error::Forbidden(Forbidden::Field(field)));
        }
    }
    Ok(())
}

/// Delegate, creator, assigned officers and level 3 (contract §1.7).
pub fn may_finish_task(actor: &Actor, task: &Task) -> Result<()> {
    if is_own(actor, task) || require(actor, Permission::ModifyTasks).is_ok() {
        Ok(())
    } else {
        Err(Error::Forbidden(Forbidden::NotYours))
    }
}

/// Move a task by its buttons, and leave notes with it: those whose task it is, and level 2.
pub fn may_act_on_task(actor: &Actor, task: &Task) -> Result<()> {
    if is_own(actor, task) || require(actor, Permission::CreateTasks).is_ok() {
        Ok(())
    } else {
        Err(Error::Forbidden(Forbidden::NotYours))
    }
}
