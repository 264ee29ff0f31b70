//! Whole copies of the database, taken while it is in use.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use sqlx::{Connection, Row};
use store::{Error, Result, SchemaState};

use crate::error::{from_sqlx, unavailable};
use crate::owner::file_error;
use crate::{SqliteStore, connect, schema};

impl SqliteStore {
    /// Writes a copy to `file`, which must not exist, as of the moment of the call; nobody waits
    /// for it meanwhile. The copy is on the disk when this returns.
    ///
    /// # Errors
    /// `Full` when there is no room; `Unavailable` when `file` is there already or cannot be made.
    pub async fn backup_to(&self, file: &Path) -> Result<()> {
        let target = file.to_str().ok_or_else(|| unavailable("the name of a backup must be UTF-8"))?;
        // SQLite takes an empty file for a new one; so it is for the owner's eyes only.
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
        made.map_err(|error| file_error(file, error))?;
        let (mut copying, _) = connect::alone(self.file()).await?;
        let outcome = sqlx::query("VACUUM INTO ?").bind(target).execute(&mut copying).await.map_err(from_sqlx);
        let outcome = match outcome {
            Ok(_) => sync(file).map_err(|error| file_error(file, error)),
            Err(error) => Err(error),
        };
        if outcome.is_err() {
            // Half a backup is worse than none; the error that is told is the first one.
            let _ = std::fs::remove_file(file);
        }
        outcome
    }
}

/// Puts a file and its name on the disk.
fn sync(file: &Path) -> std::io::Result<()> {
    File::open(file)?.sync_all()?;
    match file.parent() {
        Some(dir) if dir.as_os_str().is_empty() => File::open(".")?.sync_all(),
        Some(dir) => File::open(dir)?.sync_all(),
        None => Ok(()),
    }
}

/// Checks that `file` is a whole database of this program, and tells which schema it has.
///
/// # Errors
/// `Internal` with what is broken; `SchemaTooNew` when it is of a newer program; `Unavailable`
/// when it cannot be opened.
pub async fn verify(file: &Path) -> Result<SchemaState> {
    let broken = |what: String| Error::Internal(format!("{} is not whole: {what}", file.display()).into());
    let (mut connection, _) = connect::alone(file).await?;
    let check = sqlx::query("PRAGMA integrity_check(1)").fetch_one(&mut connection).await;
    let verdict: String = check.and_then(|row| row.try_get(0)).map_err(|error| broken(error.to_string()))?;
    if verdict != "ok" {
        return Err(broken(verdict));
    }
    if sqlx::query("PRAGMA foreign_key_check").fetch_optional(&mut connection).await.map_err(from_sqlx)?.is_some() {
        return Err(broken("a row names another that is not there".to_owned()));
    }
    let state = schema::state(&mut connection).await?;
    connection.close().await.map_err(from_sqlx)?;
    match state {
        SchemaState { found: 0, .. } => Err(broken("it holds no schema".to_owned())),
        SchemaState { found, known, .. } if found > known => Err(Error::SchemaTooNew { found, known }),
        state => Ok(state),
    }
}
