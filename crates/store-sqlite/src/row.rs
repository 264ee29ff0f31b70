//! Values as they stand in the file, and back.

use std::str::FromStr;

use chrono::DateTime;
use domain::{JsonObject, Point, StoredText, Time};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Row, Sqlite, Type};
use store::{BoxError, Error, Result};

/// Microseconds since 1970 UTC.
pub(crate) fn micros(time: Time) -> i64 {
    time.timestamp_micros()
}

/// JSON text of a value of the domain.
pub(crate) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Internal(error.into()))
}

/// The fields of one row, each read as the domain's type. What cannot be read is an `Internal`
/// error that names table and field.
pub(crate) struct Fields<'r> {
    table: &'static str,
    row: &'r SqliteRow,
}

impl<'r> Fields<'r> {
    pub(crate) const fn of(table: &'static str, row: &'r SqliteRow) -> Self {
        Self { table, row }
    }

    /// A value as SQLite holds it.
    pub(crate) fn get<T: Decode<'r, Sqlite> + Type<Sqlite>>(&self, field: &'static str) -> Result<T> {
        self.row.try_get(field).map_err(|error| Error::unreadable(self.table, field, error))
    }

    /// A value that the domain checks.
    pub(crate) fn checked<S, T>(&self, field: &'static str) -> Result<T>
    where
        S: Decode<'r, Sqlite> + Type<Sqlite>,
        T: TryFrom<S, Error: Into<BoxError>>,
    {
        T::try_from(self.get(field)?).map_err(|error| Error::unreadable(self.table, field, error))
    }

    /// Text of the domain.
    pub(crate) fn text<T: StoredText>(&self, field: &'static str) -> Result<T> {
        Ok(T::from_stored(self.get(field)?))
    }

    /// Text of the domain, or none.
    pub(crate) fn maybe_text<T: StoredText>(&self, field: &'static str) -> Result<Option<T>> {
        Ok(self.get::<Option<String>>(field)?.map(T::from_stored))
    }

    /// A word of one of the domain's enums, or an address.
    pub(crate) fn word<T: FromStr<Err: Into<BoxError>>>(&self, field: &'static str) -> Result<T> {
        self.get::<&str>(field)?.parse().map_err(|error: T::Err| Error::unreadable(self.table, field, error))
    }

    /// Likewise, or none.
    pub(crate) fn maybe_word<T: FromStr<Err: Into<BoxError>>>(&self, field: &'static str) -> Result<Option<T>> {
        let word: Option<&str> = self.get(field)?;
        word.map(str::parse).transpose().map_err(|error: T::Err| Error::unreadable(self.table, field, error))
    }

    /// An instant.
    pub(crate) fn time(&self, field: &'static str) -> Result<Time> {
        self.instant(field, self.get(field)?)
    }

    /// An instant, or none.
    pub(crate) fn maybe_time(&self, field: &'static str) -> Result<Option<Time>> {
        self.get::<Option<i64>>(field)?.map(|micros| self.instant(field, micros)).transpose()
    }

    /// An instant of microseconds that were read from `field`.
    pub(crate) fn instant(&self, field: &'static str, micros: i64) -> Result<Time> {
        DateTime::from_timestamp_micros(micros).ok_or_else(|| Error::unreadable(self.table, field, "no such time"))
    }

    /// A value kept as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self, field: &'static str) -> Result<T> {
        serde_json::from_str(self.get(field)?).map_err(|error| Error::unreadable(self.table, field, error))
    }

    /// A JSON object, or none.
    pub(crate) fn maybe_object(&self, field: &'static str) -> Result<Option<JsonObject>> {
        let text: Option<&str> = self.get(field)?;
        text.map(serde_json::from_str).transpose().map_err(|error| Error::unreadable(self.table, field, error))
    }

    /// A place.
    pub(crate) fn point(&self, lat: &'static str, lon: &'static str) -> Result<Point> {
        self.place(lat, self.get(lat)?, self.get(lon)?)
    }

    /// A place, or none.
    pub(crate) fn maybe_point(&self, lat: &'static str, lon: &'static str) -> Result<Option<Point>> {
        match (self.get::<Option<f64>>(lat)?, self.get::<Option<f64>>(lon)?) {
            (Some(degrees_north), Some(degrees_east)) => self.place(lat, degrees_north, degrees_east).map(Some),
            _ => Ok(None),
        }
    }

    fn place(&self, field: &'static str, lat: f64, lon: f64) -> Result<Point> {
        Point::new(lat, lon).map_err(|error| Error::unreadable(self.table, field, error))
    }
}
