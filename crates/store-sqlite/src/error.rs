//! From the driver's errors to the store's.

use std::time::Duration;

use store::{Error, Result, Rule};

/// How long one statement may take.
const STATEMENT: Duration = Duration::from_secs(10);

/// Runs one statement within its deadline.
pub(crate) async fn timed<T>(statement: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T> {
    match resilience::deadline("SQLite", STATEMENT, statement).await {
        Ok(outcome) => outcome.map_err(from_driver),
        Err(elapsed) => Err(unavailable(elapsed)),
    }
}

pub(crate) fn unavailable(source: impl Into<store::BoxError>) -> Error {
    Error::Unavailable { retry_after: Duration::from_secs(1), source: source.into() }
}

/// Columns by which SQLite names a broken UNIQUE, and the rule behind each.
const UNIQUE: &[(&str, Rule)] = &[
    ("usuarios.email_plegado", Rule::UserEmail),
    ("usuarios.dni", Rule::UserDni),
    ("usuarios.telegram_id", Rule::UserTelegram),
    ("usuarios.uuid", Rule::Uuid),
    ("efectivos.uuid", Rule::Uuid),
    ("efectivos.usuario_id", Rule::OfficerUser),
    ("efectivos.codigo_interno", Rule::OfficerCode),
    ("tareas.uuid", Rule::Uuid),
    ("tareas.codigo", Rule::TaskCode),
    ("tarea_efectivos.efectivo_id", Rule::OneActiveTask),
    ("tokens_refresco.huella", Rule::RefreshToken),
];

// Primary result codes, https://www.sqlite.org/rescode.html
const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const READONLY: i32 = 8;
const IOERR: i32 = 10;
const FULL: i32 = 13;
const CANTOPEN: i32 = 14;
const IOERR_WRITE: i32 = IOERR | (3 << 8);
const IOERR_FSYNC: i32 = IOERR | (4 << 8);
const IOERR_TRUNCATE: i32 = IOERR | (6 << 8);
const IOERR_SHMSIZE: i32 = IOERR | (19 << 8);

pub(crate) fn from_driver(error: sqlx::Error) -> Error {
    match &error {
        sqlx::Error::Database(database) => {
            let message = database.message();
            if let Some(rule) = broken_rule(message) {
                return Error::Conflict(rule);
            }
            let code: i32 = database.code().and_then(|code| code.parse().ok()).unwrap_or(0);
            match (code, code & 0xff) {
                (IOERR_WRITE | IOERR_FSYNC | IOERR_TRUNCATE | IOERR_SHMSIZE, _) | (_, FULL | READONLY) => {
                    Error::Full(error.into())
                }
                (_, BUSY | LOCKED | CANTOPEN) => unavailable(error),
                _ => Error::Internal(error.into()),
            }
        }
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed | sqlx::Error::Io(_) => {
            unavailable(error)
        }
        _ => Error::Internal(error.into()),
    }
}

fn broken_rule(message: &str) -> Option<Rule> {
    if message.contains("audit_logs_solo_se_agrega") {
        return Some(Rule::AuditIsAppendOnly);
    }
    if let Some((_, columns)) = message.split_once("UNIQUE constraint failed: ") {
        return UNIQUE.iter().find(|(column, _)| columns.contains(column)).map(|(_, rule)| *rule);
    }
    if let Some((_, name)) = message.split_once("CHECK constraint failed: ") {
        return Some(Rule::by_name(name.trim()).unwrap_or(Rule::Check));
    }
    None
}

/// SQLite does not say which foreign key was broken; the statement knows which it can be.
pub(crate) fn foreign_key(rule: Rule) -> impl Fn(Error) -> Error {
    move |error| match &error {
        Error::Internal(source) if source.to_string().contains("FOREIGN KEY constraint failed") => {
            Error::Conflict(rule)
        }
        _ => error,
    }
}
