//! What SQLite says, as what the caller can do about it.

use std::time::Duration;

use store::{BoxError, Error, Rule};

/// Primary result codes, see <https://www.sqlite.org/rescode.html>.
mod code {
    pub(super) const PERM: i32 = 3;
    pub(super) const BUSY: i32 = 5;
    pub(super) const LOCKED: i32 = 6;
    pub(super) const NOMEM: i32 = 7;
    pub(super) const READONLY: i32 = 8;
    pub(super) const INTERRUPT: i32 = 9;
    pub(super) const IOERR: i32 = 10;
    pub(super) const FULL: i32 = 13;
    pub(super) const CANTOPEN: i32 = 14;
    pub(super) const CONSTRAINT: i32 = 19;
    /// What extends `IOERR` when it comes from writing: write, fsync, directory fsync, truncate,
    /// and growing the shared memory of the WAL.
    pub(super) const IOERR_OF_WRITING: [i32; 5] = [3, 4, 5, 6, 19];
}

/// SQLite names the columns of a broken unique index, not the index.
const BY_COLUMNS: &[(&str, &str)] = &[
    ("usuarios.uuid", "uq_usuarios_uuid"),
    ("usuarios.dni_plegado", "uq_usuarios_dni"),
    ("usuarios.email_plegado", "uq_usuarios_email"),
    ("usuarios.telegram_id", "uq_usuarios_telegram_id"),
    ("efectivos.uuid", "uq_efectivos_uuid"),
    ("efectivos.usuario_id", "uq_efectivos_usuario_id"),
    ("efectivos.codigo_plegado", "uq_efectivos_codigo_interno"),
    ("tareas.uuid", "uq_tareas_uuid"),
    ("tareas.codigo", "uq_tareas_codigo"),
    ("tarea_efectivos.efectivo_id", "uq_efectivo_una_tarea_activa"),
    ("asignaciones.tarea_id, asignaciones.efectivo_id", "uq_asignaciones_abierta"),
    ("escalamientos.tarea_id, escalamientos.ronda, escalamientos.paso", "escalamientos_pkey"),
    ("tokens_refresco.huella", "uq_tokens_refresco_huella"),
];

/// Later, the database may answer again.
pub(crate) fn unavailable(source: impl Into<BoxError>) -> Error {
    Error::Unavailable { retry_after: Duration::from_secs(1), source: source.into() }
}

/// Whether SQLite could not open a file.
pub(crate) fn is_not_opened(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.and_then(|code| code.parse::<i32>().ok()).is_some_and(|code| code & 0xff == code::CANTOPEN)
}

/// The error of a statement that can break no foreign key.
pub(crate) fn from_sqlx(error: sqlx::Error) -> Error {
    naming(error, None)
}

/// The error of a statement; a broken foreign key, of which SQLite tells no name, is `foreign_key`.
pub(crate) fn naming(error: sqlx::Error, foreign_key: Option<Rule>) -> Error {
    let sqlx::Error::Database(database) = &error else {
        return match error {
            sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed
            | sqlx::Error::Io(_) => unavailable(error),
            other => Error::Internal(other.into()),
        };
    };
    let extended: i32 = database.code().and_then(|code| code.parse().ok()).unwrap_or_default();
    match extended & 0xff {
        code::CONSTRAINT => match rule(database.message(), foreign_key) {
            Some(rule) => Error::Conflict(rule),
            None => Error::Internal(error.into()),
        },
        code::FULL => Error::Full(error.into()),
        code::READONLY => Error::ReadOnly(error.into()),
        code::PERM => Error::Denied(error.into()),
        code::IOERR if code::IOERR_OF_WRITING.contains(&(extended >> 8)) => Error::Full(error.into()),
        code::BUSY | code::LOCKED | code::NOMEM | code::INTERRUPT | code::IOERR | code::CANTOPEN => unavailable(error),
        _ => Error::Internal(error.into()),
    }
}

fn rule(message: &str, foreign_key: Option<Rule>) -> Option<Rule> {
    if let Some(columns) = message.strip_prefix("UNIQUE constraint failed: ") {
        return BY_COLUMNS.iter().find(|(known, _)| *known == columns).and_then(|(_, index)| Rule::by_name(index));
    }
    if let Some(check) = message.strip_prefix("CHECK constraint failed: ") {
        return Some(Rule::by_name(check).unwrap_or(Rule::Check));
    }
    if message == "FOREIGN KEY constraint failed" {
        return foreign_key;
    }
    // What a trigger raises is its message.
    Rule::by_name(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_index_by_its_columns_is_a_rule() {
        for (columns, index) in BY_COLUMNS {
            assert!(Rule::by_name(index).is_some(), "{columns}");
        }
    }

    #[test]
    fn messages_name_rules() {
        let unique = "UNIQUE constraint failed: usuarios.email_plegado";
        assert_eq!(rule(unique, None), Some(Rule::UserEmail));
        assert_eq!(rule("CHECK constraint failed: chk_tareas_fechas", None), Some(Rule::TaskDates));
        assert_eq!(rule("CHECK constraint failed: nivel IN (1, 2, 3)", None), Some(Rule::Check));
        assert_eq!(rule("FOREIGN KEY constraint failed", Some(Rule::UnknownUser)), Some(Rule::UnknownUser));
        assert_eq!(rule("audit_logs_solo_se_agrega", None), Some(Rule::AuditIsAppendOnly));
        assert_eq!(rule("NOT NULL constraint failed: usuarios.nombre", None), None);
    }
}
