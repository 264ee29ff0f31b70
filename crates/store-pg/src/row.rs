//! How values stand in rows.

use std::str::FromStr;

use domain::{JsonObject, Point, StoredText};
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{Decode, Postgres, Row, Type};
use store::{BoxError, Error, Result};

/// A row, and the table that its unreadable fields are blamed on.
pub(crate) struct Fields<'r> {
    row: &'r PgRow,
    table: &'static str,
}

impl<'r> Fields<'r> {
    pub fn of(table: &'static str, row: &'r PgRow) -> Self {
        Self { row, table }
    }

    /// A value as the driver gives it.
    pub fn get<T: Decode<'r, Postgres> + Type<Postgres>>(&self, name: &'static str) -> Result<T> {
        self.row.try_get(name).map_err(|error| Error::unreadable(self.table, name, error))
    }

    /// Text that the domain holds to a form.
    pub fn text<T: StoredText>(&self, name: &'static str) -> Result<T> {
        Ok(T::from_stored(self.get(name)?))
    }

    /// The same, or nothing.
    pub fn maybe_text<T: StoredText>(&self, name: &'static str) -> Result<Option<T>> {
        Ok(self.get::<Option<String>>(name)?.map(T::from_stored))
    }

    /// A level or priority.
    pub fn grade<T: TryFrom<i64, Error: Into<BoxError>>>(&self, name: &'static str) -> Result<T> {
        let number: i16 = self.get(name)?;
        T::try_from(number.into()).map_err(|error| Error::unreadable(self.table, name, error))
    }

    /// One of an enum's words.
    pub fn word<T: FromStr<Err: Into<BoxError>>>(&self, name: &'static str) -> Result<T> {
        self.parse(name, self.get(name)?)
    }

    /// The same, or nothing.
    pub fn maybe_word<T: FromStr<Err: Into<BoxError>>>(&self, name: &'static str) -> Result<Option<T>> {
        let word: Option<&str> = self.get(name)?;
        word.map(|word| self.parse(name, word)).transpose()
    }

    fn parse<T: FromStr<Err: Into<BoxError>>>(&self, name: &'static str, word: &str) -> Result<T> {
        word.parse().map_err(|error: T::Err| Error::unreadable(self.table, name, error))
    }

    pub fn json(&self, name: &'static str) -> Result<JsonObject> {
        Ok(self.get::<Json<JsonObject>>(name)?.0)
    }

    pub fn maybe_json(&self, name: &'static str) -> Result<Option<JsonObject>> {
        Ok(self.get::<Option<Json<JsonObject>>>(name)?.map(|json| json.0))
    }

    /// A place in two columns, both or neither of which hold something.
    pub fn maybe_point(&self, lat: &'static str, lon: &'static str) -> Result<Option<Point>> {
        let (Some(lat_deg), Some(lon_deg)) = (self.get(lat)?, self.get(lon)?) else { return Ok(None) };
        Point::new(lat_deg, lon_deg).map(Some).map_err(|error| Error::unreadable(self.table, lat, error))
    }

    pub fn point(&self, lat: &'static str, lon: &'static str) -> Result<Point> {
        self.maybe_point(lat, lon)?.ok_or_else(|| Error::unreadable(self.table, lat, "no place"))
    }
}
