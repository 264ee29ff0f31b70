//! One server a data directory.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use chrono::{DateTime, SecondsFormat, Utc};
use store::{Error, Result};

use crate::LOCK_FILE;
use crate::owner::{adopt_owner, file_error};

/// Holds the data directory until dropped. The operating system lets go of it when the process
/// dies, so a file that stays behind locks nobody out.
///
/// What is locked is the directory itself, which cannot be removed while a record is in it; the file
/// says who holds it, and is locked for programs of former versions, which know nothing else.
#[derive(Debug)]
pub(crate) struct DirLock {
    _directory: File,
    _file: File,
}

impl DirLock {
    /// Takes the directory, and writes down who has it.
    ///
    /// # Errors
    /// `InUse` naming the process that has it.
    pub(crate) fn take(dir: &Path) -> Result<Self> {
        let directory = File::open(dir).map_err(|error| file_error(dir, error))?;
        let path = dir.join(LOCK_FILE);
        match directory.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Error::InUse { holder: holder(&path) }),
            Err(TryLockError::Error(error)) => {
                // Some network file systems lock no directories; the file is still locked there.
                tracing::warn!(%error, dir = %dir.display(), "the data directory cannot be locked, only its file");
            }
        }
        let is_new = !path.exists();
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(|error| file_error(&path, error))?;
        if is_new {
            adopt_owner(&path).map_err(|error| file_error(&path, error))?;
        }
        match file.try_lock() {
            Ok(()) => {
                note_holder(&mut file).map_err(|error| file_error(&path, error))?;
                Ok(Self { _directory: directory, _file: file })
            }
            Err(TryLockError::WouldBlock) => Err(Error::InUse { holder: holder(&path) }),
            Err(TryLockError::Error(error)) => Err(file_error(&path, error)),
        }
    }
}

/// Who holds the directory, as written down there.
fn holder(path: &Path) -> String {
    let mut text = String::new();
    let read = File::open(path).and_then(|mut file| file.read_to_string(&mut text));
    if read.is_err() || text.trim().is_empty() {
        return format!("of unknown number ({} was removed)", path.display());
    }
    text.trim().to_owned()
}

fn note_holder(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    write!(file, "{}", std::process::id())?;
    // The file system's clock tells since when, so that none of ours is needed here.
    let since = DateTime::<Utc>::from(file.metadata()?.modified()?);
    write!(file, " (since {})", since.to_rfc3339_opts(SecondsFormat::Secs, true))?;
    file.sync_all()
}
