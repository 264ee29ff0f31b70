//! Whose the files of a data directory are: the service must be able to open what an operator made
//! as root, and what it cannot open is named with its owner.

use std::fs::{Metadata, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use store::{BoxError, Error};

/// The number of root.
const ROOT: u32 = 0;
/// `EINVAL`: the owner is not known in this user namespace.
const UNKNOWN_HERE: i32 = 22;

fn parent(path: &Path) -> &Path {
    path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Gives what root has just made to the owner of the directory that it is in: a service with a
/// directory of its own could not open it otherwise. Does nothing for other users.
///
/// # Errors
/// When root may not give files away; the caller removes what it made.
pub fn adopt_owner(path: &Path) -> std::io::Result<()> {
    let (made, dir) = (std::fs::symlink_metadata(path)?, std::fs::metadata(parent(path))?);
    if made.uid() != ROOT || dir.uid() == ROOT {
        return Ok(());
    }
    match std::os::unix::fs::lchown(path, Some(dir.uid()), Some(dir.gid())) {
        Err(error) if error.raw_os_error() == Some(UNKNOWN_HERE) => Ok(()),
        outcome => outcome,
    }
}

/// A user by number, and by name where the machine knows one.
fn user(uid: u32) -> String {
    let known = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name = known.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(uid)).then(|| name.to_owned())
    });
    match name {
        Some(name) => format!("{name} (uid {uid})"),
        None => format!("uid {uid}"),
    }
}

/// Who this process works as.
fn own_user() -> String {
    std::fs::metadata("/proc/self").map_or_else(|_| "another user".to_owned(), |own| user(own.uid()))
}

fn owned(path: &Path, about: &Metadata) -> String {
    let mode = about.permissions().mode() & 0o777;
    format!("{} belongs to {} with mode {mode:o}", path.display(), user(about.uid()))
}

/// The error of a file or directory, with its path, and with its owner where that is the cause.
pub fn file_error(path: &Path, error: std::io::Error) -> Error {
    let source = |error: std::io::Error| -> BoxError { format!("{}: {error}", path.display()).into() };
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::Full(source(error)),
        ErrorKind::ReadOnlyFilesystem => Error::ReadOnly(source(error)),
        ErrorKind::PermissionDenied => {
            let of = [path, parent(path)].into_iter().find_map(|path| Some((path, std::fs::metadata(path).ok()?)));
            let Some((owned_path, about)) = of else { return Error::Denied(source(error)) };
            let owned = owned(owned_path, &about);
            let text = format!(
                "{}: {error}; {owned}, and this process runs as {}: run it as that owner, or chown the file",
                path.display(),
                own_user()
            );
            Error::Denied(text.into())
        }
        _ => crate::error::unavailable(source(error)),
    }
}

/// What keeps `file` from being opened for changes, where SQLite only said that it cannot.
pub(crate) fn cause(file: &Path, said: Error) -> Error {
    if !matches!(said, Error::Unavailable { .. } | Error::ReadOnly(_) | Error::Internal(_)) {
        return said;
    }
    if let Err(error) = OpenOptions::new().read(true).write(true).open(file) {
        return file_error(file, error);
    }
    // SQLite makes files beside the database.
    let trial = file.with_file_name(format!(".gad-trial-{}", std::process::id()));
    match OpenOptions::new().write(true).create_new(true).open(&trial) {
        Ok(_) => {
            // It was only made to see whether it can be.
            let _ = std::fs::remove_file(&trial);
            said
        }
        Err(error) => file_error(&trial, error),
    }
}

/// What keeps `file` from being opened for reading.
pub(crate) fn cause_of_reading(file: &Path, said: Error) -> Error {
    match std::fs::File::open(file) {
        Err(error) => file_error(file, error),
        Ok(_) => said,
    }
}
