//! The record of who did what (contract §2.5 and §10.3), and the proof that nobody has altered it
//! (docs/audit.md, docs/decisions/0014-audit-chain.md).

mod canonical;
mod chain;
mod checkpoint;
mod fault;
mod hash;
mod key;
mod merkle;
mod verify;

use std::net::IpAddr;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::wire::wire_enum;
use crate::{JsonObject, SessionId, TelegramId, Time, UserId};

pub use canonical::{HashRule, InvalidRule, canonical, columns, hash_of_columns, instant, rfc8785};
pub use chain::{ChainHead, Link};
pub use checkpoint::{Checkpoint, Signed};
pub use fault::{Break, Fault};
pub use hash::{Hash, InvalidHash};
pub use key::{AuditKey, InvalidKey, KeyId, KeyStatement, Keys, PublicKey, Statement};
pub use merkle::{Frontier, proof, root_by_proof};
pub use verify::{Content, Entry, Verification, Verifier};

wire_enum! {
    /// `audit_event_type`.
    pub enum AuditEvent {
        /// Signed in.
        Login = "login",
        /// Signed out.
        Logout = "logout",
        /// Sign-in refused.
        LoginFailed = "login_failed",
        /// Not allowed.
        PermissionDenied = "permission_denied",
        /// Session prolonged.
        TokenRefresh = "token_refresh",
        /// Made.
        Create = "create",
        /// Personal data read.
        Read = "read",
        /// Changed.
        Update = "update",
        /// Deleted.
        Delete = "delete",
        /// Many changed at once.
        BulkUpdate = "bulk_update",
        /// Many deleted at once.
        BulkDelete = "bulk_delete",
        /// Officers sent to a task.
        TaskAssigned = "task_assigned",
        /// Task done.
        TaskCompleted = "task_completed",
        /// Task went to another state.
        TaskStatusChanged = "task_status_changed",
        /// Emergency raised.
        EmergencyCreated = "emergency_created",
        /// User made.
        UserCreated = "user_created",
        /// User shut out.
        UserDisabled = "user_disabled",
        /// Level changed.
        RoleChanged = "role_changed",
        /// Settings or caches changed.
        SystemConfigChanged = "system_config_changed",
        /// Data taken out in bulk.
        DataExport = "data_export",
        /// Data brought in in bulk.
        DataImport = "data_import",
        /// Backup made.
        BackupCreated = "backup_created",
        /// Maintenance began.
        MaintenanceStart = "maintenance_start",
        /// Maintenance ended.
        MaintenanceEnd = "maintenance_end",
    }
}

wire_enum! {
    /// `audit_severity`.
    pub enum Severity {
        /// Kept 1 year.
        Low = "low",
        /// Kept 6 years.
        Medium = "medium",
        /// Kept 10 years.
        High = "high",
        /// Kept 20 years.
        Critical = "critical",
    }
}

impl Severity {
    /// How long a line is kept.
    pub const fn retention(self) -> TimeDelta {
        TimeDelta::days(match self {
            Self::Low => 365,
            Self::Medium => 2190,
            Self::High => 3650,
            Self::Critical => 7300,
        })
    }
}

impl AuditEvent {
    /// How grave an event of this kind is when nothing more is known of it.
    pub const fn severity(self) -> Severity {
        match self {
            Self::Read | Self::TokenRefresh | Self::Logout => Severity::Low,
            Self::LoginFailed
            | Self::PermissionDenied
            | Self::Delete
            | Self::BulkDelete
            | Self::UserDisabled
            | Self::RoleChanged
            | Self::EmergencyCreated
            | Self::SystemConfigChanged
            | Self::DataExport
            | Self::DataImport => Severity::High,
            Self::Login
            | Self::Create
            | Self::Update
            | Self::BulkUpdate
            | Self::TaskAssigned
            | Self::TaskCompleted
            | Self::TaskStatusChanged
            | Self::UserCreated
            | Self::BackupCreated
            | Self::MaintenanceStart
            | Self::MaintenanceEnd => Severity::Medium,
        }
    }
}

/// One line of `audit_logs`, before the store gives it a number.
///
/// Passwords and tokens never stand in `old_values` or `new_values`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditLine {
    /// Number for the outside.
    pub event_id: Uuid,
    /// What kind of thing.
    pub event: AuditEvent,
    /// How grave.
    pub severity: Severity,
    /// When.
    pub at: Time,
    /// Who, if known.
    pub user: Option<UserId>,
    /// Through which Telegram account.
    pub telegram: Option<TelegramId>,
    /// In which session.
    pub session: Option<SessionId>,
    /// The request it belongs to.
    pub request_id: Option<String>,
    /// Path of the request, as a template.
    pub endpoint: Option<String>,
    /// Method of the request.
    pub method: Option<String>,
    /// What the client called itself.
    pub user_agent: Option<String>,
    /// Address of the client.
    pub ip: Option<IpAddr>,
    /// `usuario`, `efectivo`, `tarea`, `authentication`, …
    pub resource_type: Option<String>,
    /// Which one.
    pub resource_id: Option<String>,
    /// In words, in Spanish.
    pub description: String,
    /// Changed fields before.
    pub old_values: Option<JsonObject>,
    /// Changed fields after.
    pub new_values: Option<JsonObject>,
    /// More.
    pub metadata: JsonObject,
    /// Whether it was done.
    pub success: bool,
    /// Why it was not.
    pub error: Option<String>,
    /// Comma-separated tags of the contract.
    pub tags: Option<String>,
    /// Kept at least until then.
    pub retain_until: Time,
    /// Which kind of identity acted: `usuario`, `servicio`, `operador`, `sistema:JOB` or `anonimo`;
    /// `None` in lines of the first rule.
    #[serde(default)]
    pub identity: Option<String>,
    /// For which user, where another one acted.
    #[serde(default)]
    pub on_behalf_of: Option<UserId>,
    /// By which rule its hash is made.
    #[serde(default)]
    pub rule: HashRule,
}
