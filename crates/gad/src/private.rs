//! What an office keeps in files is not for others on the machine. Nobody is told so by a table in
//! some document: an office whose keys others can read does not begin to serve.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Result, bail};

use crate::config::{OWN_SECRET, Settings, Wire};

/// Permissions of group and others.
const GROUP_AND_OTHERS: u32 = 0o077;
/// That of others to write.
const OTHERS_WRITE: u32 = 0o002;
/// That of others to read.
const OTHERS_READ: u32 = 0o004;

/// Looks at the files of an office that is about to be served; warns of what others may look at.
///
/// # Errors
/// When others may read a key, or put another record in the place of ours.
pub fn look(settings: &Settings, wire: &Wire) -> Result<()> {
    if settings.record.database_url.is_none() {
        record(&settings.record.data_dir)?;
    }
    if let Some(key) = &wire.tls_key
        && let Some(mode) = mode(key)
        && mode & OTHERS_READ != 0
    {
        bail!("tls_key: everybody on this machine may read {} (mode {mode:o}): run chmod 640", key.display());
    }
    Ok(())
}

fn record(dir: &Path) -> Result<()> {
    // What is not there yet is made for the owner alone.
    let Some(of_dir) = mode(dir) else { return Ok(()) };
    if of_dir & OTHERS_WRITE != 0 {
        bail!("data_dir: everybody on this machine may write into {0} (mode {of_dir:o}): run chmod 700", dir.display());
    }
    let secret = dir.join(OWN_SECRET);
    if let Some(mode) = mode(&secret)
        && mode & GROUP_AND_OTHERS != 0
    {
        bail!(
            "others on this machine may read {} (mode {mode:o}): run chmod 600, and replace the key",
            secret.display()
        );
    }
    for path in [dir, &dir.join(store_sqlite::DATABASE_FILE)] {
        if let Some(mode) = mode(path)
            && mode & GROUP_AND_OTHERS != 0
        {
            let (path, mode) = (path.display(), format!("{mode:o}"));
            tracing::warn!(%path, mode, "others on this machine may look into the record: run chmod go=");
        }
    }
    Ok(())
}

fn mode(path: &Path) -> Option<u32> {
    std::fs::metadata(path).ok().map(|about| about.permissions().mode() & 0o777)
}
