//! Permissions by level. A higher level includes the lower.

use domain::Level;

use crate::{Actor, Error, Forbidden, Identity, Result};

/// What a level may allow. The first eleven carry the contract's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// `view_assigned_tasks`.
    ViewAssignedTasks,
    /// `update_task_status`, of tasks of one's own.
    UpdateTaskStatus,
    /// `send_task_updates`.
    SendTaskUpdates,
    /// `create_tasks`.
    CreateTasks,
    /// `assign_tasks`.
    AssignTasks,
    /// `view_team_metrics`.
    ViewTeamMetrics,
    /// `view_all_tasks`. Level 2 as well, as contract §1.6 proposes for the lists.
    ViewAllTasks,
    /// `modify_tasks`: code and delegate; the other fields go with [`Self::CreateTasks`].
    ModifyTasks,
    /// `delete_tasks`.
    DeleteTasks,
    /// `manage_users`.
    ManageUsers,
    /// `view_system_metrics`.
    ViewSystemMetrics,
    /// `configure_system`.
    ConfigureSystem,
    /// Lists of users, of officers and where those are.
    ViewPeople,
    /// DNI and other personal data of users.
    ViewPersonalData,
    /// Make and change officers.
    ManageOfficers,
    /// Call for help.
    RaiseEmergency,
    /// Take data out in bulk.
    ExportData,
    /// Who did what.
    ViewAudit,
}

impl Permission {
    /// The lowest level that has it.
    pub const fn level(self) -> Level {
        match self {
            Self::ViewAssignedTasks | Self::UpdateTaskStatus | Self::SendTaskUpdates | Self::RaiseEmergency => {
                Level::Officer
            }
            Self::CreateTasks
            | Self::AssignTasks
            | Self::ViewTeamMetrics
            | Self::ViewAllTasks
            | Self::ViewPeople
            | Self::ManageOfficers => Level::Supervisor,
            Self::ModifyTasks
            | Self::DeleteTasks
            | Self::ManageUsers
            | Self::ViewSystemMetrics
            | Self::ConfigureSystem
            | Self::ViewPersonalData
            | Self::ExportData
            | Self::ViewAudit => Level::Administrator,
        }
    }
}

/// Refuses an actor whose level lacks the permission, and every one without credentials.
pub fn require(actor: &Actor, permission: Permission) -> Result<()> {
    match actor.level() {
        Some(level) if level >= permission.level() => Ok(()),
        None if actor.identity == Identity::Anonymous => Err(Error::Unauthenticated),
        Some(_) | None => Err(Error::Forbidden(Forbidden::Level)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::{Level, OfficerId, UserId};

    use super::*;
    use crate::{Represented, Request};

    const ALL: [Permission; 18] = [
        Permission::ViewAssignedTasks,
        Permission::UpdateTaskStatus,
        Permission::SendTaskUpdates,
        Permission::CreateTasks,
        Permission::AssignTasks,
        Permission::ViewTeamMetrics,
        Permission::ViewAllTasks,
        Permission::ModifyTasks,
        Permission::DeleteTasks,
        Permission::ManageUsers,
        Permission::ViewSystemMetrics,
        Permission::ConfigureSystem,
        Permission::ViewPeople,
        Permission::ViewPersonalData,
        Permission::ManageOfficers,
        Permission::RaiseEmergency,
        Permission::ExportData,
        Permission::ViewAudit,
    ];

    fn user(level: Level) -> Identity {
        Identity::User { id: UserId(1), level, telegram: None, officer: Some(OfficerId(1)), session: None }
    }

    #[test]
    fn each_identity_may_do_what_is_its_own() {
        let request = Arc::new(Request::default());
        let actor = |identity| Actor::new(identity, Arc::clone(&request));
        let other = |level| Represented { id: UserId(2), level, telegram: None, officer: None };
        for permission in ALL {
            let is_allowed = |actor: &Actor| require(actor, permission).is_ok();
            assert!(matches!(require(&actor(Identity::Anonymous), permission), Err(Error::Unauthenticated)));
            assert!(matches!(require(&actor(Identity::Service), permission), Err(Error::Forbidden(_))));
            assert!(is_allowed(&actor(Identity::Operator)) && is_allowed(&actor(Identity::System("a job"))));
            for level in [Level::Officer, Level::Supervisor, Level::Administrator] {
                let own = level >= permission.level();
                assert_eq!(is_allowed(&actor(user(level))), own, "{permission:?} {level:?}");
                // On behalf of another, the rights are those of the other: no more, no less.
                for identity in [Identity::Service, user(Level::Administrator), user(Level::Officer)] {
                    let acting = actor(identity).on_behalf_of(other(level));
                    assert_eq!(is_allowed(&acting), own, "{permission:?} {level:?}");
                    assert_eq!((acting.user(), acting.acting_user()), (Some(UserId(2)), identity.user()));
                    assert_eq!(acting.officer(), None, "the officer of the other one");
                }
            }
        }
    }
}
