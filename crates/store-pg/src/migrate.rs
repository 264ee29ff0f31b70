//! The schema, brought up to date by one process at a time.

use std::time::Duration;

use resilience::deadline;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection};
use store::{Error, Result, SchemaState};

use crate::error::{from_migrate, from_sqlx, unavailable};
use crate::fold::{fold_all, refold_searches};
use crate::preflight;
use crate::row::Fields;
use crate::statement::sql;
use crate::tx::PgTx;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Serialises everything below among processes. Not the lock that sqlx takes by
/// itself: CREATE EXTENSION must stand under it as well.
const LOCK: i64 = i64::from_be_bytes(*b"\0\0\0\0\0gad");

/// Newest migration that this program knows.
fn newest() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// Applies what is missing and gives the versions applied.
///
/// On a connection of its own, so that the lock ends with it whatever happens.
pub(crate) async fn run(connect: &PgConnectOptions, limit: Duration) -> Result<Vec<i64>> {
    // A migration may rewrite a large table, so it has no deadline; waiting for the others has.
    let connect = connect.clone().options([
        ("statement_timeout", "0"),
        ("idle_in_transaction_session_timeout", "0"),
        ("lock_timeout", "60000"),
        ("default_transaction_read_only", "off"),
    ]);
    let mut conn = deadline("postgresql", limit, connect.connect()).await.map_err(unavailable)?.map_err(unavailable)?;
    let outcome = apply(&mut conn).await;
    // The lock ends with the connection either way.
    let _ = conn.close().await;
    outcome
}

async fn apply(conn: &mut PgConnection) -> Result<Vec<i64>> {
    sqlx::query("SELECT pg_advisory_lock($1)").bind(LOCK).execute(&mut *conn).await.map_err(from_sqlx)?;
    let before = applied(conn).await?;
    let found = before.last().copied().unwrap_or(0);
    if found > newest() {
        return Err(Error::SchemaTooNew { found, known: newest() });
    }
    if MIGRATIONS.iter().any(|migration| !before.contains(&migration.version)) {
        preflight::prepare(conn).await?;
        MIGRATIONS.run_direct(None, conn, false).await.map_err(from_migrate)?;
    } else {
        // Not by sqlx, which makes its table first: a standby takes no changes, and a role that
        // owns nothing may make none.
        are_unchanged(conn).await?;
        if preflight::look(conn).await?.is_standby {
            return Ok(Vec::new());
        }
    }
    fold_all(conn).await?;
    refold_searches(conn).await?;
    let after = applied(conn).await?;
    Ok(after.into_iter().filter(|version| !before.contains(version)).collect())
}

/// Whether what was applied is what this program would apply.
async fn are_unchanged(conn: &mut PgConnection) -> Result<()> {
    let applied: Vec<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations").fetch_all(conn).await.map_err(from_sqlx)?;
    for (version, checksum) in applied {
        if MIGRATIONS.iter().any(|migration| migration.version == version && *migration.checksum != *checksum) {
            return Err(from_migrate(MigrateError::VersionMismatch(version)));
        }
    }
    Ok(())
}

async fn applied(conn: &mut PgConnection) -> Result<Vec<i64>> {
    let exists: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL")
        .fetch_one(&mut *conn)
        .await
        .map_err(from_sqlx)?;
    if !exists {
        return Ok(Vec::new());
    }
    sqlx::query_scalar("SELECT version FROM _sqlx_migrations ORDER BY version").fetch_all(conn).await.map_err(from_sqlx)
}

/// How the schema stands.
pub(crate) async fn state(tx: &mut PgTx) -> Result<SchemaState> {
    let exists = tx.only(sql("SELECT to_regclass('_sqlx_migrations') IS NOT NULL AS hay")).await?;
    let versions = if Fields::of("pg_class", &exists).get("hay")? {
        let rows = tx.all(sql("SELECT version FROM _sqlx_migrations WHERE success ORDER BY version")).await?;
        rows.iter().map(|row| Fields::of("_sqlx_migrations", row).get("version")).collect::<Result<Vec<i64>>>()?
    } else {
        Vec::new()
    };
    let pending = MIGRATIONS.iter().filter(|migration| !versions.contains(&migration.version)).count();
    Ok(SchemaState { found: versions.last().copied().unwrap_or(0), known: newest(), pending })
}
