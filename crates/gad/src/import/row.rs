//! One row of the old database, as `row_to_json` gives it: which columns there are differs from
//! schema to schema, so each is asked for by name, and what is wrong with it is said by name.

use std::collections::HashMap;

use anyhow::{Context as _, Result};
use chrono::{DateTime, NaiveDateTime, Utc};
use domain::text::is_invisible;
use domain::{InvalidText, JsonObject, StoredText, Time};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{json, sync};

/// Why a row is left out, or something that was found in one that is not. Never holds a personal
/// value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The column.
    pub field: &'static str,
    /// What is wrong with it.
    pub reason: String,
    /// The other row because of which this one is left out.
    pub cause: Option<Cause>,
}

/// A row of the old database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Cause {
    /// Its table.
    pub table: &'static str,
    /// Its number.
    pub id: i64,
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.table, self.id)
    }
}

/// The side on which a time is beyond what a date with four digits of a year can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beyond {
    /// `-infinity`, or before our era.
    Past,
    /// `infinity`, or after the year 9999.
    Future,
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
        Self { field, reason: reason.into(), cause: None }
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

    /// Text of the domain. What is taken out of it is noted, and so is what new text may not be: it comes in
    /// as it is, for the old system took it.
    pub fn checked<T: ImportedText>(&mut self, field: &'static str) -> Result<T, Problem> {
        let text = self.text(field)?;
        Ok(self.form(field, text))
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
        Ok(Some(self.form(field, text)))
    }

    fn form<T: ImportedText>(&mut self, field: &'static str, text: String) -> T {
        let is_padded = text.trim().len() != text.len();
        let is_unseen = text.chars().any(|c| is_invisible(c) && !matches!(c, '\n' | '\r' | '\t'));
        let formed = match T::try_from(text.clone()) {
            Ok(formed) => formed,
            Err(InvalidText::Length { has: 0, .. }) if is_unseen => {
                self.note(field, "nothing of it can be seen; kept as it is");
                return T::from_stored(text.trim().to_owned());
            }
            Err(error) => {
                self.note(field, format!("{error}; kept as it is"));
                // Spaces at the ends go, as for all texts.
                return T::from_stored(text.trim().to_owned());
            }
        };
        if is_unseen {
            self.note(field, "characters that cannot be seen taken out");
        }
        if is_padded {
            self.note(field, "spaces at the ends cut off");
        }
        formed
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

    /// An instant or nothing; one that cannot be a date here counts as nothing, which is noted.
    pub fn lenient_time(&mut self, field: &'static str) -> Option<Time> {
        self.maybe_time(field).unwrap_or_else(|problem| {
            self.note(field, format!("{}; taken for absent", problem.reason));
            None
        })
    }

    /// An instant that only says when a row was written; `otherwise` where it cannot be a date here, which
    /// is noted.
    pub fn stamp(&mut self, field: &'static str, otherwise: Time) -> Result<Time, Problem> {
        if self.beyond(field).is_some() {
            self.note(field, "is not a time of the years 0 to 9999; another time of the row or of the import taken");
            return Ok(otherwise);
        }
        self.time(field)
    }

    /// When the row was deleted; one deleted at a time that cannot be a date here is deleted at `otherwise`.
    pub fn deleted_at(&mut self, otherwise: Time) -> Result<Option<Time>, Problem> {
        if self.beyond("deleted_at").is_some() {
            self.stamp("deleted_at", otherwise).map(Some)
        } else {
            self.maybe_time("deleted_at")
        }
    }

    /// On which side a time is beyond what a date can be here; `None` for other times and for none.
    pub fn beyond(&self, field: &'static str) -> Option<Beyond> {
        if self.maybe_time(field).is_ok() {
            return None;
        }
        let text = self.maybe_text(field).ok()??;
        let is_past = text.starts_with('-') || text.ends_with("BC");
        Some(if is_past { Beyond::Past } else { Beyond::Future })
    }

    /// A JSON object; nothing is an empty one. What is none, or cannot be held, is dropped, which is noted.
    pub fn lenient_object(&mut self, field: &'static str) -> JsonObject {
        self.lenient_maybe_object(field).unwrap_or_default()
    }

    /// The same, or nothing.
    pub fn lenient_maybe_object(&mut self, field: &'static str) -> Option<JsonObject> {
        self.maybe_object(field).unwrap_or_else(|problem| {
            self.note(field, format!("{}; the field is dropped", problem.reason));
            None
        })
    }

    /// A JSON object or nothing.
    fn maybe_object(&self, field: &'static str) -> Result<Option<JsonObject>, Problem> {
        let Some(text) = self.raw(field) else { return Ok(None) };
        json::object(text).map(Some).map_err(|reason| Problem::new(field, reason))
    }

    /// A finite number or nothing; another one counts as nothing, which is noted.
    pub fn lenient_number(&mut self, field: &'static str) -> Option<f64> {
        self.maybe_number(field).unwrap_or_else(|problem| {
            self.note(field, format!("{}; taken for absent", problem.reason));
            None
        })
    }

    /// A digest of the row, without columns that do not count, and with more that does.
    pub fn digest(&self, without: &[&str], more: &str) -> String {
        let mut fields: Vec<(&str, &str)> = self.fields.iter().map(|(name, raw)| (name.as_str(), raw.get())).collect();
        fields.retain(|(name, _)| !without.contains(name));
        fields.sort_unstable();
        let parts = fields.iter().flat_map(|(name, value)| [*name, *value]).chain([more]);
        sync::digest(parts)
    }

    /// The whole numbers of an array column, of any depth; nothing is an empty one, and what is no whole
    /// number is left off, which is noted.
    pub fn ints(&mut self, field: &'static str) -> Result<Vec<i64>, Problem> {
        let Some(value) = self.maybe::<Value>(field, "a list")? else { return Ok(Vec::new()) };
        let (mut numbers, mut others) = (Vec::new(), 0_u32);
        let mut rest = vec![&value];
        while let Some(value) = rest.pop() {
            match value {
                Value::Array(values) => rest.extend(values),
                value => match value.as_i64() {
                    Some(number) => numbers.push(number),
                    None => others += 1,
                },
            }
        }
        if others > 0 {
            self.note(field, format!("{others} element(s) that are no whole number left off"));
        }
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
        assert_eq!((row.beyond("c"), row.beyond("a"), row.beyond("d")), (Some(Beyond::Future), None, None));
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
    fn no_value_stands_in_a_problem_of_a_personal_field() {
        let mut row = row(&json!({ "nombre": "x".repeat(300), "extra_data": "secreta" }));
        assert_eq!(row.checked::<Name>("nombre").unwrap().reveal().len(), 300, "kept");
        assert!(row.lenient_object("extra_data").is_empty(), "dropped");
        let reasons: Vec<_> = row.notes.iter().map(|note| note.reason.as_str()).collect();
        assert_eq!(
            reasons,
            [
                "must have 2 to 100 characters, has 300; kept as it is",
                "is not a JSON object that can be read; the field is dropped"
            ]
        );
    }
}
