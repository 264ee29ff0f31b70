//! One row of the old database, as `row_to_json` gives it: which columns there are differs from
//! schema to schema, so each is asked for by name, and what is wrong with it is said by name.

use std::collections::HashMap;

use anyhow::{Context as _, Result};
use chrono::{DateTime, NaiveDateTime, Utc};
use domain::text::is_invisible;
use domain::{InvalidText, JsonObject, StoredText, Time};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;

/// Why a row is left out, or something that was found in one that is not. Never holds a personal
/// value.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// The column.
    pub field: &'static str,
    /// What is wrong with it.
    pub reason: String,
}

/// A row, and what was noticed while reading it.
#[derive(Debug)]
pub struct Row {
    /// Its number.
    pub id: i64,
    /// What was noticed and does not keep the row out.
    pub notes: Vec<Problem>,
    fields: HashMap<String, Box<RawValue>>,
}

impl Problem {
    /// What is wrong with a column.
    pub fn new(field: &'static str, reason: impl Into<String>) -> Self {
        Self { field, reason: reason.into() }
    }
}

impl Row {
    /// Parses what `row_to_json` gave.
    pub fn parse(id: i64, json: &str) -> Result<Self> {
        let fields = serde_json::from_str(json).with_context(|| format!("row {id} cannot be read"))?;
        Ok(Self { id, notes: Vec::new(), fields })
    }

    /// Notices something that does not keep the row out.
    pub fn note(&mut self, field: &'static str, reason: impl Into<String>) {
        self.notes.push(Problem::new(field, reason));
    }

    /// The JSON text of a column that is there and not null.
    fn raw(&self, field: &str) -> Option<&str> {
        self.fields.get(field).map(|raw| raw.get()).filter(|text| *text != "null")
    }

    fn maybe<T: DeserializeOwned>(&self, field: &'static str, what: &str) -> Result<Option<T>, Problem> {
        let value = self.raw(field).map(serde_json::from_str).transpose();
        value.map_err(|_| Problem::new(field, format!("is not {what}")))
    }

    /// Text or nothing, as it stands.
    pub fn maybe_text(&self, field: &'static str) -> Result<Option<String>, Problem> {
        self.maybe(field, "text")
    }

    /// Text as it stands.
    pub fn text(&self, field: &'static str) -> Result<String, Problem> {
        needed(field, self.maybe_text(field)?)
    }

    /// Text that the domain holds to a form. What is taken out of it is noted, and so is what new text may
    /// not be and comes in nevertheless.
    pub fn checked<T: ImportedText>(&mut self, field: &'static str) -> Result<T, Problem> {
        let text = self.text(field)?;
        self.form(field, text)
    }

    /// The same, or nothing; blank text that the domain has no room for counts as nothing, which is noted.
    pub fn maybe_checked<T>(&mut self, field: &'static str) -> Result<Option<T>, Problem>
    where
        T: ImportedText,
    {
        let Some(text) = self.maybe_text(field)? else { return Ok(None) };
        if text.trim().is_empty() && T::try_from(text.clone()).is_err() {
            self.note(field, "blank, taken for absent");
            return Ok(None);
        }
        self.form(field, text).map(Some)
    }

    fn form<T: ImportedText>(&mut self, field: &'static str, text: String) -> Result<T, Problem> {
        let is_padded = text.trim().len() != text.len();
        let is_unseen = text.chars().any(|c| is_invisible(c) && !matches!(c, '\n' | '\r' | '\t'));
        let formed = match T::try_from(text.clone()) {
            Ok(formed) => formed,
            Err(InvalidText::Unclear(reason)) => {
                self.note(field, format!("{reason}; kept as it is"));
                // Spaces at the ends go, as for all texts.
                return Ok(T::from_stored(text.trim().to_owned()));
            }
            Err(InvalidText::Length { has: 0, .. }) if is_unseen => {
                self.note(field, "nothing of it can be seen; kept as it is");
                return Ok(T::from_stored(text.trim().to_owned()));
            }
            Err(error) => return Err(Problem::new(field, error.to_string())),
        };
        if is_unseen {
            self.note(field, "characters that cannot be seen taken out");
        }
        if is_padded {
            self.note(field, "spaces at the ends cut off");
        }
        Ok(formed)
    }

    /// One of an enum's words, case ignored, or nothing.
    pub fn maybe_word<T>(&self, field: &'static str, known: fn(&str) -> Option<T>) -> Result<Option<T>, Problem> {
        // Enums of PostgreSQL come as text; a column that somebody made a number comes as one.
        let Some(word) = self.maybe::<Value>(field, "a word")? else { return Ok(None) };
        let word = word.as_str().map_or_else(|| word.to_string(), str::to_owned);
        match known(&word.to_lowercase()) {
            Some(value) => Ok(Some(value)),
            None => Err(Problem::new(field, format!("'{}' is not a known word", shortened(&word)))),
        }
    }

    /// One of an enum's words, case ignored.
    pub fn word<T>(&self, field: &'static str, known: fn(&str) -> Option<T>) -> Result<T, Problem> {
        needed(field, self.maybe_word(field, known)?)
    }

    /// A whole number or nothing.
    pub fn maybe_int(&self, field: &'static str) -> Result<Option<i64>, Problem> {
        self.maybe(field, "a whole number of at most 64 bits")
    }

    /// A whole number.
    pub fn int(&self, field: &'static str) -> Result<i64, Problem> {
        needed(field, self.maybe_int(field)?)
    }

    /// A finite number or nothing. PostgreSQL writes NaN and infinities as text.
    pub fn maybe_number(&self, field: &'static str) -> Result<Option<f64>, Problem> {
        let Some(text) = self.raw(field) else { return Ok(None) };
        // `str::parse` gives the nearest number to any text; serde_json may miss it by the last bit.
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            _ => Err(Problem::new(field, "is not a finite number")),
        }
    }

    /// A finite number.
    pub fn number(&self, field: &'static str) -> Result<f64, Problem> {
        needed(field, self.maybe_number(field)?)
    }

    /// Yes, no or nothing.
    pub fn maybe_flag(&self, field: &'static str) -> Result<Option<bool>, Problem> {
        self.maybe(field, "true or false")
    }

    /// Yes or no.
    pub fn flag(&self, field: &'static str) -> Result<bool, Problem> {
        needed(field, self.maybe_flag(field)?)
    }

    /// A UUID.
    pub fn uuid(&self, field: &'static str) -> Result<Uuid, Problem> {
        Uuid::parse_str(&self.text(field)?).map_err(|_| Problem::new(field, "is not a UUID"))
    }

    /// An instant or nothing; one without a zone is UTC.
    pub fn maybe_time(&self, field: &'static str) -> Result<Option<Time>, Problem> {
        let Some(text) = self.maybe_text(field)? else { return Ok(None) };
        let zoned = DateTime::parse_from_rfc3339(&text).map(|time| time.with_timezone(&Utc));
        let naive = || NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f").map(|time| time.and_utc());
        // "infinity", and years that need more than four digits.
        zoned.or_else(|_| naive()).map(Some).map_err(|_| Problem::new(field, "is not a time of the years 0 to 9999"))
    }

    /// An instant; one without a zone is UTC.
    pub fn time(&self, field: &'static str) -> Result<Time, Problem> {
        needed(field, self.maybe_time(field)?)
    }

    /// A JSON object; nothing is an empty one.
    pub fn object(&self, field: &'static str) -> Result<JsonObject, Problem> {
        Ok(self.maybe_object(field)?.unwrap_or_default())
    }

    /// A JSON object or nothing.
    pub fn maybe_object(&self, field: &'static str) -> Result<Option<JsonObject>, Problem> {
        let Some(text) = self.raw(field) else { return Ok(None) };
        if has_long_number(text) {
            return Err(Problem::new(field, "holds a number of more than 17 digits, which would lose some"));
        }
        let object: JsonObject =
            serde_json::from_str(text).map_err(|_| Problem::new(field, "is not a JSON object that can be read"))?;
        if has_nul(&object) {
            return Err(Problem::new(field, "holds the character U+0000, which PostgreSQL cannot store"));
        }
        Ok(Some(object))
    }

    /// The whole numbers of an array column, in order and each once; nothing is an empty one.
    pub fn ints(&self, field: &'static str) -> Result<Vec<i64>, Problem> {
        let mut numbers: Vec<i64> = self.maybe(field, "a list of whole numbers")?.unwrap_or_default();
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }
}

fn needed<T>(field: &'static str, value: Option<T>) -> Result<T, Problem> {
    value.ok_or_else(|| Problem::new(field, "is missing"))
}

/// A text type of the domain that an old row may have.
pub trait ImportedText: TryFrom<String, Error = InvalidText> + StoredText {}

impl<T: TryFrom<String, Error = InvalidText> + StoredText> ImportedText for T {}

/// Enough of a word to find it by.
pub fn shortened(word: &str) -> String {
    word.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// Whether JSON text holds a number that a double cannot: more than 17 significant digits, and
/// not a whole one of 64 bits.
fn has_long_number(json: &str) -> bool {
    let mut rest = json;
    while let Some(start) = rest.find(|c: char| c == '"' || c == '-' || c.is_ascii_digit()) {
        rest = &rest[start..];
        if let Some(text) = rest.strip_prefix('"') {
            let mut escaped = false;
            let end = text.find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            rest = end.map_or("", |end| &text[end + 1..]);
        } else {
            let end = rest.find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E')).unwrap_or(rest.len());
            let (number, after) = rest.split_at(end);
            let mantissa = number.split(['e', 'E']).next().unwrap_or_default();
            let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
            let whole = number.parse::<i64>().is_ok() || number.parse::<u64>().is_ok();
            if !whole && digits.trim_matches('0').len() > 17 {
                return true;
            }
            rest = after;
        }
    }
    false
}

fn has_nul(object: &JsonObject) -> bool {
    object.iter().any(|(key, value)| key.contains('\0') || nul_within(value))
}

fn nul_within(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(nul_within),
        Value::Object(object) => has_nul(object),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use domain::personal::{Name, Phone};
    use serde_json::json;

    use super::*;

    fn row(value: &Value) -> Row {
        Row::parse(1, &value.to_string()).unwrap()
    }

    #[test]
    fn times_with_and_without_a_zone_are_one_instant() {
        let row = row(&json!({ "a": "2025-10-01T09:30:00.25-03:00", "b": "2025-10-01T12:30:00.25", "c": "infinity" }));
        assert_eq!(row.time("a"), row.time("b"));
        assert_eq!(row.time("c").unwrap_err().field, "c");
        assert_eq!(row.time("d"), Err(Problem::new("d", "is missing")));
    }

    #[test]
    fn what_is_cut_off_or_taken_for_absent_is_noted() {
        let mut row = row(&json!({ "nombre": " Prueba ", "telefono": "" }));
        assert_eq!(row.checked::<Name>("nombre").unwrap().reveal(), "Prueba");
        assert_eq!(row.maybe_checked::<Phone>("telefono"), Ok(None));
        let noted: Vec<_> = row.notes.iter().map(|note| note.field).collect();
        assert_eq!(noted, ["nombre", "telefono"]);
    }

    #[test]
    fn a_number_that_would_lose_digits_is_not_taken() {
        for (json, long) in [
            (r#"{"a":0.30000000000000004}"#, false),
            (r#"{"a":18446744073709551615}"#, false),
            (r#"{"a":"123456789012345678901234567890 \" 1"}"#, false),
            (r#"{"a":[1e300,-100000000000000000000]}"#, false),
            (r#"{"a":123456789012345678901}"#, true),
            (r#"{"\\":1.234567890123456789}"#, true),
        ] {
            assert_eq!(has_long_number(json), long, "{json}");
        }
    }

    #[test]
    fn no_value_stands_in_a_problem_of_a_personal_field() {
        let mut row = row(&json!({ "nombre": "x".repeat(300), "extra_data": "secreta" }));
        let problem = row.checked::<Name>("nombre").unwrap_err();
        assert_eq!(problem.reason, "must have 2 to 100 characters, has 300");
        assert!(!row.object("extra_data").unwrap_err().reason.contains("secreta"));
    }
}
