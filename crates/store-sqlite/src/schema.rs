//! Migrations.

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{Connection, Row, SqliteConnection};
use store::{Error, Result, SchemaState};

use crate::audit_chain::link_all;
use crate::error::from_sqlx;
use crate::fold::{fold_all, refold_searches};

static MIGRATIONS: Migrator = sqlx::migrate!();

/// Version of the migration since which searches fold all letters.
const FULL_FOLDING: i64 = 22;
/// Name of the migration that makes the chain over the audit.
const CHAIN: &str = "cadena";

/// Versions applied, in order; none when there is no table of them yet.
async fn applied(connection: &mut SqliteConnection) -> Result<Vec<i64>> {
    let table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations'";
    if sqlx::query(table).fetch_optional(&mut *connection).await.map_err(from_sqlx)?.is_none() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query("SELECT version FROM _sqlx_migrations ORDER BY version").fetch_all(connection).await;
    rows.map_err(from_sqlx)?.iter().map(|row| row.try_get(0).map_err(from_sqlx)).collect()
}

fn known() -> impl Iterator<Item = i64> {
    MIGRATIONS.iter().map(|migration| migration.version)
}

/// How the schema stands.
pub(crate) async fn state(connection: &mut SqliteConnection) -> Result<SchemaState> {
    let applied = applied(connection).await?;
    Ok(SchemaState {
        found: applied.last().copied().unwrap_or_default(),
        known: known().max().unwrap_or_default(),
        pending: known().filter(|version| !applied.contains(version)).count(),
    })
}

/// Applies what is missing in one transaction, so that a second process waits for the first and
/// then finds nothing to do. Gives the versions applied.
pub(crate) async fn migrate(connection: &mut SqliteConnection) -> Result<Vec<i64>> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(from_sqlx)?;
    let before = applied(&mut transaction).await?;
    let (found, known_newest) = (before.last().copied().unwrap_or_default(), known().max().unwrap_or_default());
    if found > known_newest {
        return Err(Error::SchemaTooNew { found, known: known_newest });
    }
    MIGRATIONS.run_direct(None, &mut *transaction, false).await.map_err(refused)?;
    let made_chain =
        MIGRATIONS.iter().any(|migration| migration.description == CHAIN && !before.contains(&migration.version));
    if made_chain {
        // Hashes are the program's work; what stands here now is what is vouched for.
        link_all(&mut transaction).await?;
    }
    fold_all(&mut transaction).await?;
    if !before.contains(&FULL_FOLDING) {
        refold_searches(&mut transaction).await?;
    }
    transaction.commit().await.map_err(from_sqlx)?;
    Ok(known().filter(|version| !before.contains(version)).collect())
}

fn refused(error: MigrateError) -> Error {
    match error {
        MigrateError::Execute(error) => from_sqlx(error),
        MigrateError::VersionMismatch(version) => Error::Internal(
            format!("migration {version} was changed after it had been applied to this database").into(),
        ),
        other => Error::Internal(other.into()),
    }
}
