//! Copies of the record, taken while it is in use, and the way back.
//!
//! A backup is three files: `{engine}_{database}_{time}.{db|sql}.gz`, its `.sha256`, and its
//! `.meta`, which says in JSON what it is a copy of.

mod archive;
mod dump;
mod postgres;
mod sqlite;

pub use archive::make as make_file;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use domain::Time;
use serde::{Deserialize, Serialize};

use crate::config::Record;

/// What a backup is a copy of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Meta {
    /// When it was taken.
    pub timestamp: Time,
    /// `sqlite` or `postgres`.
    pub engine: String,
    /// Name of the database.
    pub database: String,
    /// Server it is on, or directory it is in.
    pub host: String,
    /// Who took it, in the database's eyes.
    pub user: Option<String>,
    /// Bytes of the compressed file.
    pub size_bytes: u64,
    /// SHA-256 of the compressed file.
    pub sha256: String,
    /// Newest migration in it.
    pub schema: i64,
    /// Version of the program that took it.
    pub gad: String,
    /// Schema of the tables; absent on SQLite and in backups of former versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema_name: Option<String>,
    /// Schema of the extension PostGIS that the tables need; absent in the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postgis_schema: Option<String>,
}

/// What a restore has done.
#[derive(Debug)]
pub struct Restored {
    /// Where the record before it is kept, if it is.
    pub kept: Option<PathBuf>,
    /// The role that owns the tables on PostgreSQL.
    pub owner: Option<String>,
}

/// A backup in a directory.
#[derive(Debug, Clone)]
pub struct Backup {
    /// The compressed file.
    pub file: PathBuf,
    /// What it is a copy of.
    pub meta: Meta,
}

/// Copies the record into `dir`, which is made when it is not there.
///
/// # Errors
/// A record that cannot be read, or a directory without room; nothing is left behind then.
pub async fn take(record: &Record, dir: &Path, now: Time) -> Result<Backup> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .with_context(|| format!("cannot make {}", dir.display()))?;
    let stamp = now.format("%Y%m%dT%H%M%SZ");
    let (file, meta) = match record.target()? {
        Some(url) => {
            let database = url.database()?;
            let file = dir.join(format!("postgres_{}_{stamp}.sql.gz", database.replace('/', "_")));
            let dumped = postgres::dump(&url, &file).await?;
            let meta = Meta {
                timestamp: now,
                engine: "postgres".to_owned(),
                database,
                host: url.host()?,
                user: Some(dumped.place.role),
                size_bytes: dumped.packed.size_bytes,
                sha256: dumped.packed.sha256,
                schema: dumped.version,
                gad: env!("CARGO_PKG_VERSION").to_owned(),
                schema_name: dumped.place.schema,
                postgis_schema: dumped.place.postgis,
            };
            (file, meta)
        }
        None => {
            let file = dir.join(format!("sqlite_gad_{stamp}.db.gz"));
            let (packed, schema) = sqlite::copy(&record.data_dir, &file).await?;
            let host = record.data_dir.canonicalize().unwrap_or_else(|_| record.data_dir.clone());
            let meta = Meta {
                timestamp: now,
                engine: "sqlite".to_owned(),
                database: store_sqlite::DATABASE_FILE.to_owned(),
                host: host.display().to_string(),
                user: None,
                size_bytes: packed.size_bytes,
                sha256: packed.sha256,
                schema,
                gad: env!("CARGO_PKG_VERSION").to_owned(),
                schema_name: None,
                postgis_schema: None,
            };
            (file, meta)
        }
    };
    let text = serde_json::to_vec_pretty(&meta)?;
    std::io::Write::write_all(&mut archive::make(&archive::beside(&file, ".meta"))?, &text)?;
    Ok(Backup { file, meta })
}

/// The backups in `dir`, oldest first.
pub fn list(dir: &Path) -> Result<Vec<Backup>> {
    let entries = std::fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "meta") {
            let file = path.with_extension("");
            if file.exists() {
                found.push(Backup { meta: meta(&file)?, file });
            }
        }
    }
    found.sort_by_key(|backup| backup.meta.timestamp);
    Ok(found)
}

/// Removes a backup.
pub fn remove(backup: &Backup) -> Result<()> {
    for ending in [".meta", ".sha256", ""] {
        let file = archive::beside(&backup.file, ending);
        std::fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
    }
    Ok(())
}

fn meta(file: &Path) -> Result<Meta> {
    let meta = archive::beside(file, ".meta");
    let text = std::fs::read(&meta).with_context(|| format!("cannot read {}", meta.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} does not say what it is", meta.display()))
}

/// Checks that a backup is whole and that this program could work with it.
///
/// # Errors
/// What is wrong with it.
pub async fn verify(file: &Path) -> Result<Meta> {
    let meta = meta(file)?;
    archive::check(file)?;
    match meta.engine.as_str() {
        "sqlite" => sqlite::verify(file).await?,
        "postgres" => postgres::verify(file)?,
        other => bail!("{} is of an unknown engine, '{other}'", file.display()),
    }
    Ok(meta)
}

/// Puts a verified backup in the place of the record, with a new epoch.
///
/// # Errors
/// A record that is in use, or of another engine; the old one stays as it is then.
pub async fn restore(record: &Record, file: &Path, meta: &Meta, now: Time) -> Result<Restored> {
    match (record.target()?, meta.engine.as_str()) {
        (Some(url), "postgres") => {
            let owner = postgres::restore(&url, file, meta).await?;
            Ok(Restored { kept: None, owner: Some(owner) })
        }
        (None, "sqlite") => {
            let kept = sqlite::restore(&record.data_dir, file, now).await?;
            Ok(Restored { kept, owner: None })
        }
        (Some(_), _) => bail!("{} is a copy of an embedded record: give --data-dir instead", file.display()),
        (None, _) => bail!("{} is a copy of a PostgreSQL record: give --database-url", file.display()),
    }
}
