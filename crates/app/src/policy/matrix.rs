//! Permissions by level. A higher level includes the lower.

use domain::Level;

use crate::{Actor, Error, Forbidden, Result};

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

/// Refuses an actor whose level lacks the permission.
pub fn require(actor: &Actor, permission: Permission) -> Result<()> {
    if actor.level() >= permission.level() { Ok(()) } else { Err(Error::Forbidden(Forbidden::Level)) }
}
