//! What a request sent, for as long as it is answered: a refusal of any layer below can say where the wrong
//! value is and what it was.

use std::cell::RefCell;

use bytes::Bytes;
use serde_json::Value;

use crate::problem::FieldError;

/// Largest body that is kept for that.
const MOST_KEPT: usize = 1024 * 1024;

tokio::task_local! {
    static SENT: RefCell<SentRequest>;
}

#[derive(Default)]
struct SentRequest {
    body: Option<Bytes>,
    query: Vec<(String, Value)>,
}

/// Answers a request with what it sends at hand.
pub async fn with_sent<F: Future>(answer: F) -> F::Output {
    SENT.scope(RefCell::default(), answer).await
}

/// Keeps a JSON body.
pub fn keep_body(body: &Bytes) {
    if body.len() <= MOST_KEPT {
        let _outside_of_a_request = SENT.try_with(|sent| sent.borrow_mut().body = Some(body.clone()));
    }
}

/// Keeps the fields of a query string.
pub fn keep_query(fields: &[(String, Value)]) {
    let _outside_of_a_request = SENT.try_with(|sent| sent.borrow_mut().query = fields.to_vec());
}

/// Which part of the request a field of this name is in: a body where one was sent.
pub fn part_of_field() -> &'static str {
    let has_body = SENT.try_with(|sent| sent.borrow().body.is_some()).unwrap_or(false);
    let has_query = SENT.try_with(|sent| !sent.borrow().query.is_empty()).unwrap_or(false);
    if has_query && !has_body { "query" } else { "body" }
}

/// Adds to errors without `input` what was sent at their place. Secrets are never given back.
pub fn add_input(errors: &mut [FieldError]) {
    if errors.iter().all(|error| !error.input.is_null()) {
        return;
    }
    let _outside_of_a_request = SENT.try_with(|sent| {
        let sent = sent.borrow();
        let mut body = None;
        for error in errors.iter_mut().filter(|error| error.input.is_null() && error.kind != "missing") {
            let Some((part, way)) = error.loc.split_first() else { continue };
            let given = match part.as_str() {
                Some("body") => {
                    let whole = body.get_or_insert_with(|| {
                        let read = sent.body.as_deref().map(serde_json::from_slice::<Value>);
                        read.and_then(Result::ok).unwrap_or_default()
                    });
                    look_up(whole, way)
                }
                Some("query") => {
                    let name = way.last().and_then(Value::as_str).unwrap_or_default();
                    sent.query.iter().find(|(given, _)| given == name).map(|(_, value)| value.clone())
                }
                _ => None,
            };
            error.input = shown(way, given);
        }
    });
}

/// The value at a place of a body.
pub fn look_up(whole: &Value, way: &[Value]) -> Option<Value> {
    let step = |at: &'_ Value, step: &Value| match step {
        Value::String(name) => at.get(name).cloned(),
        Value::Number(index) => at.get(usize::try_from(index.as_u64()?).ok()?).cloned(),
        _ => None,
    };
    let (first, rest) = way.split_first()?;
    rest.iter().try_fold(step(whole, first)?, |at, next| step(&at, next))
}

/// Whether the value of a field of this name is never shown again.
pub fn is_secret(name: &str) -> bool {
    const MARKS: [&str; 4] = ["password", "token", "secret", "clave"];
    let name = name.to_ascii_lowercase();
    MARKS.iter().any(|mark| name.contains(mark))
}

/// What was given, as it may be given back: secrets as `…`, long text cut, nothing for what has parts.
pub fn shown(way: &[Value], given: Option<Value>) -> Value {
    let given = given.unwrap_or_default();
    if way.iter().filter_map(Value::as_str).any(is_secret) {
        return if given.is_null() { given } else { Value::from("…") };
    }
    match given {
        Value::String(text) if text.chars().count() > 100 => {
            Value::from(text.chars().take(100).chain(['…']).collect::<String>())
        }
        Value::Array(_) | Value::Object(_) => Value::Null,
        value => value,
    }
}
