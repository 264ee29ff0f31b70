//! Why a use case did not do what was asked, by what the caller does next.

use std::time::Duration;

use domain::assignment::IllegalStep;
use domain::task::{EndsBeforeStart, IllegalTransition};
use domain::{Officer, Task, TaskCode, User, UserId};
use store::Rule;

/// Result of a use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a use case did not do what was asked. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Fields that must be otherwise.
    #[error("{} invalid field(s)", .0.len())]
    Invalid(Vec<FieldProblem>),
    /// No credentials.
    #[error("not authenticated")]
    Unauthenticated,
    /// Sign-in refused; a lock says how long it holds.
    #[error("incorrect e-mail or password")]
    LoginRefused {
        /// Time left of a lock.
        retry_after: Option<Duration>,
    },
    /// The present password, which a change of it asks for, is another one; a lock says how long it holds.
    #[error("the present password is another one")]
    WrongPassword {
        /// Time left of a lock.
        retry_after: Option<Duration>,
    },
    /// A token that is forged, expired or revoked, or meant for something else.
    #[error("could not validate credentials")]
    BadToken,
    /// The token is good, but its user is not verified or was deleted.
    #[error("inactive user")]
    Inactive,
    /// The actor may not do it.
    #[error("forbidden: {0:?}")]
    Forbidden(Forbidden),
    /// There is no such thing, or the actor may not know of it.
    #[error("no {kind:?} {id}")]
    NotFound {
        /// Of what.
        kind: Kind,
        /// As it was asked for.
        id: String,
        /// It is there, and policy hides it from the actor. The answer does not say so; the audit does.
        hidden: bool,
    },
    /// A rule of the record forbids it.
    #[error("{0} forbids it")]
    Conflict(Rule),
    /// The officer is held by these tasks.
    #[error("the officer is held by {} task(s)", .0.len())]
    Occupied(Vec<TaskCode>),
    /// Another user has taken the alert on.
    #[error("taken by user {0}")]
    Taken(UserId),
    /// The lifecycle of assignments forbids it.
    #[error(transparent)]
    IllegalStep(#[from] IllegalStep),
    /// Another transaction was in the way and nothing was committed: the use case is run again.
    #[error("another transaction was in the way")]
    Contention(#[source] store::BoxError),
    /// Nobody would be left who manages users.
    #[error("the last administrator stays one")]
    LastAdministrator,
    /// The state machine forbids it.
    #[error(transparent)]
    IllegalTransition(#[from] IllegalTransition),
    /// What the caller has read is no longer so.
    #[error("changed by somebody else in the meantime")]
    Outdated(Current),
    /// The key of a repeated request came with another request.
    #[error("idempotency key used for another request")]
    IdempotencyMismatch,
    /// The request was carried out before, but its stored answer cannot be read.
    #[error("carried out before, with an answer that cannot be read")]
    UnreadableAnswer,
    /// Too often.
    #[error("too many requests")]
    TooMany {
        /// When it may be tried again.
        retry_after: Duration,
    },
    /// Something that we need is away or busy.
    #[error("temporarily unavailable")]
    Unavailable {
        /// When it may be worth another try.
        retry_after: Duration,
        /// What is away.
        #[source]
        source: store::BoxError,
    },
    /// No room for more.
    #[error("the record cannot store more")]
    StorageFull(#[source] store::BoxError),
    /// The record takes no changes: a standby, or a file system that is mounted to be read only.
    #[error("the record is read-only")]
    ReadOnly(#[source] store::BoxError),
    /// The account of this process may not do that in the record.
    #[error("the record does not let this account do that")]
    Denied(#[source] store::BoxError),
    /// A defect of ours.
    #[error("internal error")]
    Internal(#[source] store::BoxError),
}

/// A field that must be otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// Wire name.
    pub field: String,
    /// Kind of problem, for programs: `value_error`, `missing`, …
    pub code: &'static str,
    /// What was wrong and what is allowed.
    pub message: String,
}

/// Why the actor may not do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forbidden {
    /// Below the level that it needs.
    Level,
    /// The thing belongs to others.
    NotYours,
    /// A field that only others may set.
    Field(&'static str),
    /// Statistics of somebody else.
    OthersStatistics,
}

/// How policy refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The answer says so.
    Forbidden(Forbidden),
    /// The answer says that there is no such thing.
    Hidden(Kind),
}

/// Kinds of things that may not be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `usuario`.
    User,
    /// The user of a token.
    TokenUser,
    /// A user by Telegram account.
    TelegramUser,
    /// `efectivo`.
    Officer,
    /// `tarea`.
    Task,
    /// `tarea` by its code.
    TaskCode,
    /// `asignacion`.
    Assignment,
    /// What somebody left with a task.
    Note,
    /// The file of such a note.
    NoteFile,
    /// A code that links a Telegram account.
    LinkCode,
    /// A session.
    Session,
    /// A position.
    Position,
    /// A cache key.
    CacheKey,
    /// What is logged, where nobody can choose it.
    Log,
}

/// The present state of what the caller had read before.
#[derive(Debug, Clone, PartialEq)]
pub enum Current {
    /// A task.
    Task(Box<Task>),
    /// An officer.
    Officer(Box<Officer>),
    /// A user.
    User(Box<User>),
}

impl Error {
    /// There is no such thing.
    pub fn not_found(kind: Kind, id: impl ToString) -> Self {
        Self::NotFound { kind, id: id.to_string(), hidden: false }
    }

    /// It is there, and the actor may not know of it.
    pub fn hidden(kind: Kind, id: impl ToString) -> Self {
        Self::NotFound { kind, id: id.to_string(), hidden: true }
    }

    /// The refusal by policy that this is, if it is one: each leaves an audit line.
    pub const fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Forbidden(why) => Some(Refusal::Forbidden(*why)),
            Self::NotFound { hidden: true, kind, .. } => Some(Refusal::Hidden(*kind)),
            _ => None,
        }
    }

    /// Whether it says that a credential opens nothing. Every other error says nothing about it: a
    /// record that does not answer knows neither a good nor a bad one.
    pub const fn is_about_credential(&self) -> bool {
        matches!(
            self,
            Self::Unauthenticated | Self::BadToken | Self::Inactive | Self::NotFound { kind: Kind::TokenUser, .. }
        )
    }

    /// A field that is needed is not there.
    pub fn missing(field: impl Into<String>, message: impl ToString) -> Self {
        Self::Invalid(vec![FieldProblem { field: field.into(), code: "missing", message: message.to_string() }])
    }

    /// One field must be otherwise.
    pub fn invalid(field: impl Into<String>, message: impl ToString) -> Self {
        Self::Invalid(vec![FieldProblem { field: field.into(), code: "value_error", message: message.to_string() }])
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Conflict(rule) => Self::Conflict(rule),
            store::Error::Unavailable { retry_after, source } => Self::Unavailable { retry_after, source },
            error @ (store::Error::Stale | store::Error::Contention(_)) => Self::Contention(error.into()),
            error @ store::Error::Internal(_) => Self::Internal(error.into()),
            store::Error::Full(source) => Self::StorageFull(source),
            store::Error::ReadOnly(source) => Self::ReadOnly(source),
            store::Error::Denied(source) => Self::Denied(source),
            error @ (store::Error::SchemaTooNew { .. }
            | store::Error::SchemaTooOld { .. }
            | store::Error::Unprepared(_)
            | store::Error::InUse { .. }) => {
                Self::Unavailable { retry_after: Duration::from_secs(30), source: error.into() }
            }
        }
    }
}

impl From<EndsBeforeStart> for Error {
    fn from(error: EndsBeforeStart) -> Self {
        Self::invalid("fin_programado", error)
    }
}

impl From<resilience::CpuPoolError> for Error {
    fn from(error: resilience::CpuPoolError) -> Self {
        match error {
            resilience::CpuPoolError::Busy | resilience::CpuPoolError::Late => {
                Self::Unavailable { retry_after: Duration::from_secs(1), source: error.into() }
            }
            resilience::CpuPoolError::Lost => Self::Internal(error.into()),
        }
    }
}
