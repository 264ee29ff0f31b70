//! Why a part of what was sent is refused.

use std::fmt::Display;

use serde::de;
use serde_json::Value;

/// Names and indices from the root to a part of a value.
pub type FieldPath = Vec<Value>;

/// A part that a type refused.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldFault {
    /// Where.
    pub way: FieldPath,
    /// `missing`, `type_error` or `value_error`.
    pub kind: &'static str,
    /// What is wrong.
    pub msg: String,
}

impl FieldFault {
    /// That of a whole, where no part of it was at fault.
    pub fn of_whole(error: &FieldRefusal) -> Self {
        Self::new(Vec::new(), error)
    }

    /// That of a part.
    pub fn new(mut way: FieldPath, error: &FieldRefusal) -> Self {
        let (kind, msg) = match error {
            FieldRefusal::Missing(name) => {
                way.push((*name).into());
                ("missing", "Field required".to_owned())
            }
            FieldRefusal::Repeated(name) => {
                way.push((*name).into());
                ("value_error", "must be given once".to_owned())
            }
            FieldRefusal::Type(msg) => ("type_error", msg.clone()),
            FieldRefusal::Value(msg) => ("value_error", msg.clone()),
        };
        Self { way, kind, msg }
    }
}

/// Why a type refused a value.
#[derive(Debug, thiserror::Error)]
pub enum FieldRefusal {
    /// A field is not there.
    #[error("missing field `{0}`")]
    Missing(&'static str),
    /// A field is there twice.
    #[error("duplicate field `{0}`")]
    Repeated(&'static str),
    /// Another type is expected.
    #[error("{0}")]
    Type(String),
    /// Another value is expected.
    #[error("{0}")]
    Value(String),
}

impl de::Error for FieldRefusal {
    fn custom<T: Display>(msg: T) -> Self {
        Self::Value(msg.to_string())
    }

    fn invalid_type(given: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::Type(format!("invalid type: {}, expected {expected}", type_name(given)))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::Repeated(field)
    }
}

/// The type of a value that was sent. What it holds may be secret, and is in `input` where it is not.
const fn type_name(given: de::Unexpected<'_>) -> &'static str {
    match given {
        de::Unexpected::Bool(_) => "boolean",
        de::Unexpected::Unsigned(_) | de::Unexpected::Signed(_) => "integer",
        de::Unexpected::Float(_) => "floating point number",
        de::Unexpected::Str(_) | de::Unexpected::Char(_) => "string",
        de::Unexpected::Unit | de::Unexpected::Option => "null",
        de::Unexpected::Seq => "sequence",
        de::Unexpected::Map => "map",
        _ => "another type",
    }
}

impl From<serde_json::Error> for FieldRefusal {
    fn from(error: serde_json::Error) -> Self {
        let msg = error.to_string();
        if msg.starts_with("invalid type") { Self::Type(msg) } else { Self::Value(msg) }
    }
}
