//! One server a data directory.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use chrono::{DateTime, SecondsFormat, Utc};
use store::{Error, Result};

use crate::LOCK_FILE;
use crate::error::from_io;

/// Holds the data directory until dropped. The operating system lets go of it when the process
/// dies, so a file that stays behind locks nobody out.
#[derive(Debug)]
pub(crate) struct DirLock {
    _file: File,
}

impl DirLock {
    /// Takes the directory, and writes down who has it.
    ///
    /// # Errors
    /// `InUse` naming the process that has it.
    pub(crate) fn take(dir: &Path) -> Result<Self> {
        let path = dir.join(LOCK_FILE);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(from_io)?;
        match file.try_lock() {
            Ok(()) => {
                note_holder(&mut file).map_err(from_io)?;
                Ok(Self { _file: file })
            }
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                file.read_to_string(&mut holder).map_err(from_io)?;
                Err(Error::InUse { holder: holder.trim().to_owned() })
            }
            Err(TryLockError::Error(error)) => Err(from_io(error)),
        }
    }
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
