//! From faults to the errors of a 422.

use serde_json::Value;

use super::field_fault::FieldFault;
use super::sent::{is_secret, shown};
use crate::error::ApiError;
use crate::problem::{FieldError, Problem};

/// The refusal for faults in part `part` of a request; `given` looks up what was sent at a place.
pub fn refusal(part: &str, faults: Vec<FieldFault>, given: impl Fn(&[Value]) -> Option<Value>) -> ApiError {
    Problem::invalid(faults.into_iter().map(|fault| field_error(part, fault, &given)).collect()).into()
}

/// One fault in part `part` of a request.
pub fn field_error(part: &str, fault: FieldFault, given: impl Fn(&[Value]) -> Option<Value>) -> FieldError {
    let FieldFault { way, kind, msg } = fault;
    let secret = way.iter().filter_map(Value::as_str).any(is_secret);
    let input = if kind == "missing" { Value::Null } else { shown(&way, given(&way)) };
    // serde_json adds where in the text it stopped, and types quote what they were given.
    let msg = msg.split(" at line ").next().unwrap_or(&msg);
    let msg = if secret { msg.split(':').next().unwrap_or(msg) } else { msg };
    let msg = msg.chars().take(300).collect();
    let loc = [Value::from(part)].into_iter().chain(way).collect();
    FieldError { kind: kind.to_owned(), loc, msg, input }
}
