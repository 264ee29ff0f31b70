//! How fields of a body become values of the domain, with an error that says what is allowed.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};
use domain::{Time, to_micros};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// A value that must be made of what stands in the body.
pub fn checked<'de, D, S, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    S: Deserialize<'de>,
    T: TryFrom<S, Error: std::fmt::Display>,
{
    T::try_from(S::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// An ISO 8601 time. An offset is honoured; without one it is UTC.
pub fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
    parse_time(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// The same, or nothing.
pub fn time_opt<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Time>, D::Error> {
    Option::<String>::deserialize(deserializer)?.map(|text| parse_time(&text)).transpose().map_err(D::Error::custom)
}

/// A field that tells absent from null: absent is `None` by `#[serde(default)]`.
pub fn patch<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

/// The same for a time.
pub fn patch_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Time>>, D::Error> {
    time_opt(deserializer).map(Some)
}

/// A present field of a partial update that must not be null.
pub fn not_null<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer)?.map(Some).ok_or_else(|| D::Error::custom("must not be null"))
}

/// Reads an ISO 8601 time between the years 1970 and 2200.
pub fn parse_time(text: &str) -> Result<Time, &'static str> {
    const SHAPE: &str = "must be an ISO 8601 time between 1970 and 2200, like 2026-01-31T10:00:00Z";
    let text = text.trim();
    let time = DateTime::parse_from_rfc3339(text).map(|time| time.with_timezone(&Utc)).or_else(|_| {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f")
            .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f"))
            .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M"))
            .map(|naive| naive.and_utc())
            .or_else(|_| {
                NaiveDate::parse_from_str(text, "%Y-%m-%d").map(|date| date.and_time(chrono::NaiveTime::MIN).and_utc())
            })
    });
    match time {
        Ok(time) if (1970..=2200).contains(&time.year()) => Ok(to_micros(time)),
        _ => Err(SHAPE),
    }
}

#[cfg(test)]
mod tests {
    use super::parse_time;

    #[test]
    fn times_with_and_without_offset_are_read_and_impossible_ones_refused() {
        let noon = parse_time("2026-01-31T12:00:00Z").unwrap();
        assert_eq!(parse_time("2026-01-31T09:00:00-03:00"), Ok(noon));
        assert_eq!(parse_time("2026-01-31T12:00:00.000"), Ok(noon));
        for bad in ["2026-02-30T12:00:00Z", "ayer", "", "9999-01-01T00:00:00Z", "2026-01-31T25:00:00Z"] {
            assert!(parse_time(bad).is_err(), "{bad:?} was taken");
        }
    }
}
