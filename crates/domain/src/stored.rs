//! The JSON form in which values of the domain are stored, and handed from replica to replica.
//!
//! Programs of several versions read the same rows: during a rolling upgrade, after a downgrade, and
//! for as long as rows are kept. So every stored object holds a version under the key `v`. Objects
//! without it were written by 0.1.0, and are of version 1. A value that is no object (a list, or
//! null) has no room for a version, and is of version 1.
//!
//! Rules for a change of a stored type, which are [`crate::Event`] with [`crate::Task`],
//! [`crate::Officer`] and [`crate::Position`] in it, what the use cases give to a request with an
//! `Idempotency-Key` ([`crate::User`] and [`crate::note::Note`] too), and the dialogues of the bot:
//!
//! - A new field has `#[serde(default)]`, or is an `Option`: older rows do not have it.
//! - A new variant needs nothing: programs that do not know it pass over its rows, and count them.
//! - Unknown fields are ignored, so no `deny_unknown_fields`.
//! - Any other change (a field or variant removed, renamed, or of another type or meaning) makes
//!   [`VERSION`] greater, and the older form is brought to the new one in this module.
//!
//! Samples of what each released version wrote are in `tests/stored/`; a test reads all of them.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The version that this program writes, and the newest that it reads.
pub const VERSION: u64 = 1;

/// Where a stored object holds its version.
const KEY: &str = "v";

/// Why a stored value cannot be read. Holds nothing of the value, which may be personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is not JSON.
    #[error("not JSON")]
    Json,
    /// A newer program wrote it.
    #[error("of version {0}, this program reads up to {VERSION}")]
    Version(u64),
    /// It has a variant that this program does not know, or lacks a field, or has one of another type.
    #[error("of an unknown form")]
    Form,
}

/// The stored form of a value.
///
/// # Errors
/// When the value cannot be JSON.
pub fn to_value(value: &impl Serialize) -> serde_json::Result<Value> {
    let mut json = serde_json::to_value(value)?;
    put_version(&mut json);
    Ok(json)
}

/// A value from its stored form.
///
/// # Errors
/// When this program cannot read it.
pub fn from_value<T: DeserializeOwned>(json: Value) -> Result<T, Unreadable> {
    check_version(&json)?;
    serde_json::from_value(json).map_err(|_| Unreadable::Form)
}

/// The same from text.
///
/// # Errors
/// When this program cannot read it.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    from_value(parse(text)?)
}

pub(crate) fn parse(text: &str) -> Result<Value, Unreadable> {
    serde_json::from_str(text).map_err(|_| Unreadable::Json)
}

/// Puts the version into an object; does nothing to another value.
pub(crate) fn put_version(json: &mut Value) {
    if let Value::Object(fields) = json {
        fields.insert(KEY.to_owned(), VERSION.into());
    }
}

/// Refuses what a newer program wrote.
pub(crate) fn check_version(json: &Value) -> Result<(), Unreadable> {
    match json.get(KEY).map(Value::as_u64) {
        None | Some(Some(1..=VERSION)) => Ok(()),
        Some(Some(version)) => Err(Unreadable::Version(version)),
        Some(None) => Err(Unreadable::Form),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Sample {
        a: i64,
    }

    #[test]
    fn a_stored_object_has_a_version_and_one_without_is_of_version_1() {
        assert_eq!(to_value(&Sample { a: 7 }).unwrap(), json!({ "a": 7, "v": 1 }));
        for text in [r#"{"a":7,"v":1}"#, r#"{"a":7}"#, r#"{"a":7,"b":{"c":[]}}"#] {
            assert_eq!(from_str(text), Ok(Sample { a: 7 }), "{text}");
        }
        assert_eq!(to_value(&()).unwrap(), json!(null));
        assert_eq!(from_str("null"), Ok(()));
        assert_eq!(to_value(&[7]).unwrap(), json!([7]));
        assert_eq!(from_str("[7]"), Ok(vec![7]));
    }

    #[test]
    fn what_cannot_be_read_is_given_by_its_reason() {
        let cases = [
            (r#"{"a":7"#, Unreadable::Json),
            (r#"{"a":1e999}"#, Unreadable::Json),
            (r#"{"a":7,"v":2}"#, Unreadable::Version(2)),
            (r#"{"a":7,"v":0}"#, Unreadable::Version(0)),
            (r#"{"a":7,"v":"x"}"#, Unreadable::Form),
            (r#"{"v":1}"#, Unreadable::Form),
            (r#"{"a":"x"}"#, Unreadable::Form),
            ("7", Unreadable::Form),
        ];
        for (text, reason) in cases {
            assert_eq!(from_str::<Sample>(text), Err(reason), "{text}");
        }
    }
}
