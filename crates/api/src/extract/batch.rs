//! Lists whose elements are read one by one, so that a wrong one does not refuse the others.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::body::{invalid, json_body, not_json};
use super::field_fault::FieldFault;
use super::json::{Search, UnreadableJson, read_text};
use crate::error::ApiError;
use crate::problem::{FieldError, Problem};

/// An element of a batch.
pub trait BatchElement: DeserializeOwned + ToSchema {
    /// The field of the body that holds the list.
    const LIST: &'static str;
}

/// The elements of a JSON body's list, each with what is wrong with it.
pub struct Batch<T>(pub Vec<Result<T, FieldFault>>);

impl<S: Send + Sync, T: BatchElement> FromRequest<S> for Batch<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = json_body(request, state).await?;
        match elements(&bytes) {
            Ok(elements) => Ok(Self(elements)),
            // Some writers of JSON have words for numbers that JSON has no words for.
            Err(_) if has_word_for_number(&bytes) => elements(&without_words_for_numbers(&bytes)).map(Self),
            Err(error) => Err(error),
        }
    }
}

fn elements<T: BatchElement>(bytes: &[u8]) -> Result<Vec<Result<T, FieldFault>>, ApiError> {
    let whole: &RawValue = serde_json::from_slice(bytes).map_err(|error| not_json(&error))?;
    let Ok(fields) = serde_json::from_str::<BTreeMap<String, &RawValue>>(whole.get()) else {
        return Err(invalid("type_error", format!("must be an object with the list {}", T::LIST)));
    };
    let refuse =
        |kind, msg: &str, given| Err(Problem::invalid(vec![FieldError::new(kind, "body", T::LIST, msg, given)]).into());
    let Some(list) = fields.get(T::LIST) else { return refuse("missing", "Field required", Value::Null) };
    match serde_json::from_str::<Vec<&RawValue>>(list.get()) {
        Ok(list) => Ok(list.into_iter().map(element).collect()),
        Err(_) => refuse("type_error", "must be a list", serde_json::from_str(list.get()).unwrap_or_default()),
    }
}

fn element<T: BatchElement>(raw: &RawValue) -> Result<T, FieldFault> {
    let of_whole = |msg| FieldFault { way: Vec::new(), kind: "value_error", msg };
    read_text(raw.get().as_bytes(), Search::First).map_err(|unreadable| match unreadable {
        UnreadableJson::Syntax(error) => of_whole(error.to_string()),
        UnreadableJson::Faults { faults, .. } => {
            faults.into_iter().next().unwrap_or_else(|| of_whole("cannot be read".to_owned()))
        }
    })
}

const WORDS: [&[u8]; 3] = [b"NaN", b"-Infinity", b"Infinity"];

fn has_word_for_number(bytes: &[u8]) -> bool {
    WORDS.iter().any(|word| bytes.windows(word.len()).any(|part| part == *word))
}

/// The same JSON with `null` for `NaN` and infinities that are not within text.
fn without_words_for_numbers(bytes: &[u8]) -> Vec<u8> {
    let mut clean = Vec::with_capacity(bytes.len());
    let (mut rest, mut is_text) = (bytes, false);
    while let Some((first, tail)) = rest.split_first() {
        let word = WORDS.iter().find(|word| !is_text && rest.starts_with(word));
        if let Some(word) = word {
            clean.extend_from_slice(b"null");
            rest = &rest[word.len()..];
            continue;
        }
        let escaped = if is_text && *first == b'\\' { tail.first() } else { None };
        is_text ^= *first == b'"';
        clean.push(*first);
        clean.extend(escaped);
        rest = tail.get(usize::from(escaped.is_some())..).unwrap_or_default();
    }
    clean
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize, ToSchema)]
    struct Point {
        lat: f64,
        #[serde(default)]
        note: Option<String>,
    }

    impl BatchElement for Point {
        const LIST: &'static str = "points";
    }

    fn read(text: &str) -> Vec<Result<f64, String>> {
        let clean = without_words_for_numbers(text.as_bytes());
        let read: Vec<Result<Point, FieldFault>> = elements(&clean).unwrap_or_else(|_| panic!("{text}"));
        let fault = |fault: FieldFault| format!("{} {}", Value::from(fault.way), fault.kind);
        read.into_iter().map(|one| one.map(|point| point.lat).map_err(fault)).collect()
    }

    #[test]
    fn each_element_is_read_by_itself() {
        let text = r#"{"points": [{"lat": 1}, {"lat": NaN}, 7, {}, {"lat": "x"}, {"lat": 1e999}, {"lat": 1, "lat": 2},
            {"lat": 2, "note": "NaN \" -Infinity \\"}, {"lat": -Infinity}, null]}"#;
        let wrong = |what: &str| Err(what.to_owned());
        let lat = r#"["lat"] type_error"#;
        let wanted = [
            Ok(1.0),
            wrong(lat),
            wrong("[] type_error"),
            wrong(r#"["lat"] missing"#),
            wrong(lat),
            wrong("[] value_error"),
            wrong(r#"["lat"] value_error"#),
            Ok(2.0),
            wrong(lat),
            wrong("[] type_error"),
        ];
        assert_eq!(read(text), wanted);
        let kept: Vec<Result<Point, FieldFault>> =
            elements(&without_words_for_numbers(text.as_bytes())).unwrap_or_else(|_| panic!());
        assert_eq!(
            read(r#"{"points": [[1, "x"], {"lat": 3}]}"#),
            [wrong("[] type_error"), Ok(3.0)],
            "a list is no point"
        );
        assert_eq!(kept[7].as_ref().unwrap().note.as_deref(), Some(r#"NaN " -Infinity \"#));
    }

    #[test]
    fn a_body_without_the_list_is_refused_as_a_whole() {
        for text in ["[]", "{}", r#"{"points": 7}"#, r#"{"points": [}"#, "NaN", ""] {
            assert!(elements::<Point>(text.as_bytes()).is_err(), "{text}");
        }
    }
}
