//! What the driver and the database say, as [`store::Error`].

use std::time::Duration;

use deadpool::managed::{PoolError, TimeoutType};
use resilience::{Elapsed, Outcome};
use sqlx::migrate::MigrateError;
use sqlx::postgres::PgDatabaseError;
use store::{BoxError, Error, Rule};

/// A database that is away comes back after seconds.
const AFTER_LOSS: Duration = Duration::from_secs(2);
/// Connections are given back within the time of a few requests.
const AFTER_CROWD: Duration = Duration::from_millis(500);

/// Nothing answered, or the connection was lost.
pub(crate) fn unavailable(source: impl Into<BoxError>) -> Error {
    Error::Unavailable { retry_after: AFTER_LOSS, source: source.into() }
}

/// The database failed lately and is being spared.
pub(crate) fn not_asked(source: resilience::Open) -> Error {
    Error::Unavailable { retry_after: AFTER_LOSS, source: source.into() }
}

/// Too many want the same at this moment.
pub(crate) fn crowded(source: impl Into<BoxError>) -> Error {
    Error::Unavailable { retry_after: AFTER_CROWD, source: source.into() }
}

/// Whether the server gave up on a statement for its time: `query_canceled`.
pub(crate) fn is_too_slow(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|code| code == "57014")
}

/// Whether the server refuses to begin a change since it is a standby: `feature_not_supported`.
pub(crate) fn is_of_standby(error: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    let error = error.downcast_ref::<sqlx::Error>().and_then(sqlx::Error::as_database_error);
    error.and_then(sqlx::error::DatabaseError::code).is_some_and(|code| code == "0A000")
}

/// Whether the connection is of no more use, so that another may do better.
pub(crate) fn is_dead(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => true,
        // 57P01 to 57P05: the server or an administrator ends the connection; 08: lost.
        sqlx::Error::Database(error) => {
            error.code().is_some_and(|code| code.starts_with("57P") || code.starts_with("08"))
        }
        _ => false,
    }
}

/// What an outcome says of the database; nothing when the request had less time than the statement.
pub(crate) fn noted<T>(outcome: &Result<sqlx::Result<T>, Elapsed>, limit: Duration) -> Option<Outcome> {
    match outcome {
        Ok(Err(error)) if is_dead(error) => Some(Outcome::Failed),
        Ok(Err(error)) if is_too_slow(error) => Some(Outcome::TimedOut),
        Ok(_) => Some(Outcome::Answered),
        Err(elapsed) => (elapsed.limit >= limit).then_some(Outcome::TimedOut),
    }
}

/// What a caller does about an error of the driver.
///
/// Serialization failures and deadlocks become `Contention` and are not retried here: the whole
/// transaction has to be decided again, which only the use case can.
pub(crate) fn from_sqlx(error: sqlx::Error) -> Error {
    if is_dead(&error) {
        return unavailable(error);
    }
    match error {
        sqlx::Error::Database(ref database) => match database.try_downcast_ref::<PgDatabaseError>() {
            Some(said) => match verdict(said) {
                Verdict::Broken(rule) => Error::Conflict(rule),
                Verdict::Collided => Error::Contention(error.into()),
                Verdict::Later(retry_after) => Error::Unavailable { retry_after, source: error.into() },
                Verdict::NoRoom => Error::Full(error.into()),
                Verdict::ReadOnly => Error::ReadOnly(error.into()),
                Verdict::Denied => Error::Denied(error.into()),
                Verdict::Unexpected => Error::Internal(error.into()),
            },
            None => Error::Internal(error.into()),
        },
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => unavailable(error),
        _ => Error::Internal(error.into()),
    }
}

enum Verdict {
    Broken(Rule),
    Collided,
    Later(Duration),
    NoRoom,
    ReadOnly,
    Denied,
    Unexpected,
}

/// By SQLSTATE (PostgreSQL's manual, appendix A).
fn verdict(said: &PgDatabaseError) -> Verdict {
    match said.code() {
        // unique_violation, foreign_key_violation
        "23505" | "23503" => said.constraint().and_then(Rule::by_name).map_or(Verdict::Unexpected, Verdict::Broken),
        // check_violation
        "23514" => Verdict::Broken(said.constraint().and_then(Rule::by_name).unwrap_or(Rule::Check)),
        // character_not_in_repertoire, untranslatable_character: a NUL in text or JSON
        "22021" | "22P05" => Verdict::Broken(Rule::Check),
        // serialization_failure, deadlock_detected, lock_not_available
        "40001" | "40P01" | "55P03" => Verdict::Collided,
        // query_canceled (by its deadline), too_many_connections
        "57014" | "53300" => Verdict::Later(AFTER_CROWD),
        // out_of_memory, configuration_limit_exceeded
        "53200" | "53400" => Verdict::Later(AFTER_LOSS),
        // disk_full
        "53100" => Verdict::NoRoom,
        // read_only_sql_transaction: a standby, or default_transaction_read_only
        "25006" => Verdict::ReadOnly,
        // insufficient_privilege
        "42501" => Verdict::Denied,
        _ => Verdict::Unexpected,
    }
}

/// No connection was to be had.
pub(crate) fn from_pool(error: PoolError<sqlx::Error>) -> Error {
    match error {
        PoolError::Backend(error) => match from_sqlx(error) {
            // Whatever keeps a connection from being made, nothing of the request is to blame.
            Error::Internal(source) => unavailable(source),
            other => other,
        },
        PoolError::Timeout(TimeoutType::Wait) => crowded("all connections are in use"),
        PoolError::Timeout(_) => unavailable("a new connection took too long"),
        PoolError::Closed => unavailable("the store is closed"),
        other => unavailable(other.to_string()),
    }
}

/// The schema could not be brought up to date.
pub(crate) fn from_migrate(error: MigrateError) -> Error {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => from_sqlx(error),
        MigrateError::VersionMismatch(version) => {
            Error::Internal(format!("migration {version} was changed after it was applied").into())
        }
        other => Error::Internal(other.into()),
    }
}
