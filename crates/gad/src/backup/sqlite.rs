//! Backups of the embedded record.

use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use domain::{Rng as _, Time};
use store::Store as _;
use store_sqlite::{DATABASE_FILE, SqliteOptions, SqliteStore};

use super::archive::{self, Packed};
use crate::clock::SystemRng;

/// Copies the database in `data_dir` into `file`; gives what was written and its schema.
pub async fn copy(data_dir: &Path, file: &Path) -> Result<(Packed, i64)> {
    let options = SqliteOptions { reading: true, ..SqliteOptions::default() };
    let store = SqliteStore::open(data_dir, options).await?;
    // In the target's directory, where there must be room anyway.
    let parent = file.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let scratch = tempfile::Builder::new().prefix(".gad-backup-").tempdir_in(parent)?;
    let copy = scratch.path().join(DATABASE_FILE);
    store.backup_to(&copy).await.context("the record was not copied")?;
    store.close().await;
    let state = store_sqlite::verify(&copy).await.context("the copy is not whole")?;
    let packed = archive::pack(&mut File::open(&copy)?, file)?;
    Ok((packed, state.found))
}

/// Whether the database in a backup is whole.
pub async fn verify(file: &Path) -> Result<()> {
    let scratch = tempfile::Builder::new().prefix("gad-verify-").tempdir()?;
    unpack(file, scratch.path()).await.map(drop)
}

/// Puts the database of a backup into `dir`, and checks it there.
async fn unpack(file: &Path, dir: &Path) -> Result<PathBuf> {
    let database = dir.join(DATABASE_FILE);
    let mut to = archive::make(&database)?;
    io::copy(&mut archive::open(file)?, &mut to).with_context(|| format!("cannot unpack {}", file.display()))?;
    to.sync_all()?;
    store_sqlite::verify(&database).await.with_context(|| format!("{} is not whole", file.display()))?;
    Ok(database)
}

/// Puts the database of a backup in the place of the one in `data_dir`. The old one is kept
/// beside it, under the name that is given back.
pub async fn restore(data_dir: &Path, file: &Path, now: Time) -> Result<Option<PathBuf>> {
    // Held until the end: nobody serves from the directory meanwhile. Opening also folds what a
    // dead process left in the WAL into the database, so that the file alone is the whole record.
    let exclusive = SqliteOptions { exclusive: true, ..SqliteOptions::default() };
    let old = SqliteStore::open(data_dir, exclusive).await?;
    let was_new = old.schema().await?.found == 0;
    let scratch = tempfile::Builder::new().prefix(".gad-restore-").tempdir_in(data_dir)?;
    unpack(file, scratch.path()).await?;
    let new = SqliteStore::open(scratch.path(), SqliteOptions::default()).await?;
    new.migrate().await.context("the backup cannot be brought up to date")?;
    new.renew_epoch(SystemRng.uuid()).await?;
    new.close().await;
    old.close_files().await;
    let database = data_dir.join(DATABASE_FILE);
    let kept = data_dir.join(format!("{DATABASE_FILE}.before-{}", now.format("%Y%m%dT%H%M%SZ")));
    if !was_new {
        // A second name first: at no moment is there no database under its own.
        std::fs::hard_link(&database, &kept).with_context(|| format!("cannot keep {}", kept.display()))?;
    }
    let restored = scratch.path().join(DATABASE_FILE);
    // The account that serves from the directory must be able to open it.
    let about = std::fs::metadata(&database).with_context(|| format!("cannot look at {}", database.display()))?;
    if about.uid() != std::fs::metadata(&restored)?.uid() {
        std::os::unix::fs::chown(&restored, Some(about.uid()), Some(about.gid()))
            .with_context(|| format!("cannot give the restored record to the owner of {}", database.display()))?;
    }
    std::fs::rename(restored, &database)?;
    archive::sync_directory(&database)?;
    old.close().await;
    Ok((!was_new).then_some(kept))
}
