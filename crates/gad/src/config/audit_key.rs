//! The keys that sign checkpoints of the audit.

use std::path::{Path, PathBuf};

use app::audit::AuditKeys;
use domain::audit::{AuditKey, InvalidKey};
use store::BoxError;

use super::office::own_secret;
use crate::clock::SystemRng;

/// Name of the file in the data directory that holds the key of an embedded office.
const AUDIT_KEY_FILE: &str = "audit.key";

/// Keys, comma-separated or a line each.
pub fn parse(text: &str) -> Result<Vec<AuditKey>, InvalidKey> {
    text.split([',', '\n']).map(str::trim).filter(|key| !key.is_empty()).map(AuditKey::parse).collect()
}

/// The key of an embedded office, made on first use. Under [`Self::next`] stands one that is about
/// to take over.
pub struct OwnKeys {
    file: PathBuf,
}

impl OwnKeys {
    /// Of the office in `data_dir`.
    pub fn of(data_dir: &Path) -> Self {
        Self { file: data_dir.join(AUDIT_KEY_FILE) }
    }

    /// The file of the key.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The file of a key that is about to take over.
    pub fn next(&self) -> PathBuf {
        self.file.with_extension("key.new")
    }

    fn read_files(&self) -> Result<Vec<AuditKey>, BoxError> {
        let mut keys = Vec::new();
        match std::fs::read_to_string(self.next()) {
            Ok(text) => keys.push(AuditKey::parse(&text)?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(format!("cannot read {}: {error}", self.next().display()).into()),
        }
        let text = own_secret(&self.file, &SystemRng).map_err(|error| format!("{error:#}"))?;
        keys.push(AuditKey::parse(&text).map_err(|error| format!("{}: {error}", self.file.display()))?);
        Ok(keys)
    }
}

impl AuditKeys for OwnKeys {
    fn read(&self) -> Result<Vec<AuditKey>, BoxError> {
        self.read_files()
    }
}
