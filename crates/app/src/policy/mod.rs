//! Who may do what: the level matrix of contract §3.2 and the rights on single things. The only
//! place that compares levels.

mod hear;
mod matrix;
mod task;

use domain::UserId;
pub use hear::may_hear;
pub use matrix::{Permission, require};
pub use task::{may_act_on_task, may_edit_task, may_finish_task, may_see_task, task_scope};

use crate::{Actor, Error, Forbidden, Result};

/// The user spoken of, or one who manages users of a level that `permission` names.
pub fn self_or(actor: &Actor, user: UserId, permission: Permission) -> Result<()> {
    if actor.is(user) { Ok(()) } else { require(actor, permission) }
}

/// The user spoken of, or one with `permission`; else the contract's text for statistics.
pub fn may_see_statistics(actor: &Actor, user: UserId, permission: Permission) -> Result<()> {
    self_or(actor, user, permission).map_err(|_| Error::Forbidden(Forbidden::OthersStatistics))
}
