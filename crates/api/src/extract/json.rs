//! From JSON text to a type, or to what is wrong with it.

use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use super::faults::{MOST_FAULTS, Needs, merge, read_json};
use super::field_fault::FieldFault;

/// How many faults are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Search {
    /// All, at most [`MOST_FAULTS`].
    All,
    /// Those that one reading finds.
    First,
}

/// JSON text that cannot be read as a type.
pub enum UnreadableJson {
    /// It is no JSON.
    Syntax(serde_json::Error),
    /// It has these faults, of which there is at least one.
    Faults {
        /// The JSON.
        whole: Value,
        /// What is wrong in it.
        faults: Vec<FieldFault>,
    },
}

/// Reads JSON text, a body or an element of its list.
///
/// # Errors
/// What is wrong with it.
pub fn read_text<T: DeserializeOwned + ToSchema>(text: &[u8], search: Search) -> Result<T, UnreadableJson> {
    // In JSON it can stand as an escape only; one store would keep it and the other not.
    let may_hold_nul = text.windows(6).any(|six| six == br"\u0000");
    // Derived types read a list as the fields of a structure, and an object as a word of an enumeration;
    // `Node` does not. A flat object holds neither.
    let is_flat = text.trim_ascii_start().starts_with(b"{")
        && text.iter().filter(|byte| matches!(byte, b'{' | b'[')).count() == 1;
    let repeated = match serde_json::from_slice(text) {
        Ok(value) if !may_hold_nul && is_flat => return Ok(value),
        Ok(_) => None,
        Err(error) => repeated_field(&error),
    };
    let whole: Value = serde_json::from_slice(text).map_err(UnreadableJson::Syntax)?;
    let mut faults = Vec::new();
    nul(&whole, &mut Vec::new(), &mut faults);
    // A value holds a repeated field once.
    faults.extend(repeated);
    match read_json(&whole, text.len(), search, Needs::from_schema::<T>) {
        Ok(value) if faults.is_empty() => return Ok(value),
        Ok(_) => {}
        Err(others) => merge(&mut faults, others),
    }
    Err(UnreadableJson::Faults { whole, faults })
}

/// The field that serde found a second time.
fn repeated_field(error: &serde_json::Error) -> Option<FieldFault> {
    let text = error.to_string();
    let name = text.strip_prefix("duplicate field `")?.split('`').next()?;
    Some(FieldFault { way: vec![name.into()], kind: "value_error", msg: "must be given once".to_owned() })
}

/// Text with the character NUL, at every depth.
fn nul(value: &Value, at: &mut Vec<Value>, found: &mut Vec<FieldFault>) {
    let fault = |at: &[Value]| FieldFault {
        way: at.to_vec(),
        kind: "value_error",
        msg: "must not contain the character NUL".to_owned(),
    };
    match value {
        Value::String(text) if text.contains('\0') => found.push(fault(at)),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                if found.len() >= MOST_FAULTS {
                    break;
                }
                at.push(index.into());
                nul(item, at, found);
                at.pop();
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                if name.contains('\0') {
                    found.push(fault(at));
                    continue;
                }
                at.push(name.as_str().into());
                nul(value, at, found);
                at.pop();
            }
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
