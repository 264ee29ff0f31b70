//! From serde's errors to fields.

use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use crate::problem::FieldError;

/// Fields whose value is never shown again.
const SECRET: [&str; 5] = ["password", "password_actual", "refresh_token", "token", "client_secret"];

/// The field that serde stumbled over in part `of` of a request; `given` looks up what was there.
pub fn field_error(of: &str, path: &Path, message: &str, given: impl Fn(&[Value]) -> Value) -> FieldError {
    let mut way: Vec<Value> = path
        .iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(Value::from(*index)),
            Segment::Map { key } => Some(Value::from(key.as_str())),
            Segment::Enum { variant } => Some(Value::from(variant.as_str())),
            Segment::Unknown => None,
        })
        .collect();
    let missing = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    let kind = if let Some(name) = missing {
        way.push(Value::from(name));
        "missing"
    } else if message.starts_with("invalid type") {
        "type_error"
    } else {
        "value_error"
    };
    let secret = way.iter().any(|step| step.as_str().is_some_and(|name| SECRET.contains(&name)));
    let input = if secret { Value::from("…") } else { shorten(given(&way)) };
    // serde_json adds where in the text it stopped; the field says it better.
    let msg = message.split(" at line ").next().unwrap_or(message);
    let msg = if secret { msg.split(':').next().unwrap_or(msg) } else { msg };
    let msg = if missing.is_some() { "Field required".to_owned() } else { msg.chars().take(300).collect() };
    let mut loc = vec![Value::from(of)];
    loc.extend(way);
    FieldError { kind: kind.to_owned(), loc, msg, input }
}

/// What was given, short enough to be given back.
fn shorten(value: Value) -> Value {
    match value {
        Value::String(text) if text.chars().count() > 100 => {
            Value::from(text.chars().take(100).chain(['…']).collect::<String>())
        }
        Value::Array(_) | Value::Object(_) => Value::Null,
        value => value,
    }
}
