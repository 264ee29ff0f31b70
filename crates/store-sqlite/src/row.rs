//! How values stand in rows: times as microseconds, the domain's types as their words.

use chrono::DateTime;
use domain::{JsonObject, Time};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use store::{Error, Result};

/// Microseconds since 1970.
pub(crate) fn micros(time: Time) -> i64 {
    time.timestamp_micros()
}

/// A row, and the table that its unreadable fields are blamed on.
pub(crate) struct Fields<'r> {
    row: &'r SqliteRow,
    table: &'static str,
}

impl<'r> Fields<'r> {
    pub fn new(table: &'static str, row: &'r SqliteRow) -> Self {
        Self { row, table }
    }

    /// A value as the driver gives it.
    pub fn get<T>(&self, name: &'static str) -> Result<T>
    where
        T: sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
    {
        self.row.try_get(name).map_err(|error| Error::unreadable(self.table, name, error))
    }

    /// A value that must be made of what the driver gives.
    pub fn parse<S, T>(&self, name: &'static str) -> Result<T>
    where
        S: sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
        T: TryFrom<S, Error: Into<store::BoxError>>,
    {
        T::try_from(self.get(name)?).map_err(|error| Error::unreadable(self.table, name, error))
    }

    /// The same, or nothing.
    pub fn parse_opt<S, T>(&self, name: &'static str) -> Result<Option<T>>
    where
        S: sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
        T: TryFrom<S, Error: Into<store::BoxError>>,
    {
        let value: Option<S> = self.get(name)?;
        value.map(T::try_from).transpose().map_err(|error| Error::unreadable(self.table, name, error))
    }

    /// One of an enum's words.
    pub fn word<T: std::str::FromStr<Err: Into<store::BoxError>>>(&self, name: &'static str) -> Result<T> {
        let word: &str = self.get(name)?;
        word.parse().map_err(|error: T::Err| Error::unreadable(self.table, name, error))
    }

    pub fn time(&self, name: &'static str) -> Result<Time> {
        self.time_opt(name)?.ok_or_else(|| Error::unreadable(self.table, name, "no time"))
    }

    pub fn time_opt(&self, name: &'static str) -> Result<Option<Time>> {
        let micros: Option<i64> = self.get(name)?;
        micros
            .map(|micros| DateTime::from_timestamp_micros(micros).ok_or("time out of range"))
            .transpose()
            .map_err(|error| Error::unreadable(self.table, name, error))
    }

    pub fn json(&self, name: &'static str) -> Result<JsonObject> {
        let text: &str = self.get(name)?;
        serde_json::from_str(text).map_err(|error| Error::unreadable(self.table, name, error))
    }

    pub fn json_opt(&self, name: &'static str) -> Result<Option<JsonObject>> {
        let text: Option<&str> = self.get(name)?;
        text.map(serde_json::from_str).transpose().map_err(|error| Error::unreadable(self.table, name, error))
    }
}

/// A JSON object as text.
pub(crate) fn json(object: &JsonObject) -> String {
    // Maps of strings to values always have a text.
    serde_json::to_string(object).unwrap_or_else(|_| "{}".to_owned())
}
