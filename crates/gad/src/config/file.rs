//! The file with settings.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::environment::variable;
use super::layers::Origin;

/// Names the file with settings.
pub const FILE_VARIABLE: &str = "GAD_CONFIG";
/// The file that is read when it is there and no other is named.
const FILE: &str = "gad.toml";

/// What the file with settings gives, by key; nothing when there is none and none was asked for.
///
/// # Errors
/// A file that cannot be read, and a key that is not among `keys`.
pub(super) fn in_file(arguments: &[OsString], keys: &[&str]) -> Result<BTreeMap<String, (String, Origin)>> {
    match named(arguments) {
        Some((file, must_exist)) => read(&file, must_exist, keys),
        None => Ok(BTreeMap::new()),
    }
}

/// The file with settings, and whether it was asked for.
fn named(arguments: &[OsString]) -> Option<(PathBuf, bool)> {
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--config") => return arguments.next().map(|file| (file.into(), true)),
            Some(text) if text.starts_with("--config=") => return Some((text["--config=".len()..].into(), true)),
            _ => {}
        }
    }
    Some(variable(FILE_VARIABLE).map_or((FILE.into(), false), |file| (file.into(), true)))
}

fn read(file: &Path, must_exist: bool, keys: &[&str]) -> Result<BTreeMap<String, (String, Origin)>> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !must_exist => return Ok(BTreeMap::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot read the settings in {}", file.display())),
    };
    let table: toml::Table = toml::from_str(&text).with_context(|| format!("{} is no TOML", file.display()))?;
    let mut given = BTreeMap::new();
    for (key, value) in table {
        let known = key.replace('-', "_");
        if !keys.contains(&known.as_str()) {
            bail!("{}: there is no setting '{key}'; there are: {}", file.display(), keys.join(", "));
        }
        let value = scalar(&value).with_context(|| {
            format!("{}: {key} must be a string, a number, true or false, or a list of strings", file.display())
        })?;
        given.insert(known, (value, Origin::File(file.to_owned())));
    }
    Ok(given)
}

/// A value of the file as it would stand on the command line.
fn scalar(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(flag) => Some(flag.to_string()),
        toml::Value::Array(items) => {
            items.iter().map(toml::Value::as_str).collect::<Option<Vec<_>>>().map(|items| items.join(","))
        }
        toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Table(_) => None,
    }
}
