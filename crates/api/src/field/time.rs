//! Times and periods as they are written in requests.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use domain::{Time, to_micros};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use utoipa::openapi::schema::{AnyOfBuilder, KnownFormat, SchemaFormat};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

const TIME: &str = "must be an ISO 8601 time between 1970 and 2200, like 2026-01-31T10:00:00Z";
const BOUND: &str = "must be a day or an ISO 8601 time between 1970 and 2200, like 2026-01-31 or 2026-01-31T10:00:00Z";

/// Forms of a day.
const DAYS: [&str; 2] = ["%Y-%m-%d", "%Y%m%d"];
/// Forms of a time of day.
const CLOCKS: [&str; 5] = ["%H:%M:%S%.f", "%H:%M", "%H%M%S%.f", "%H%M", "%H"];

/// A time. An offset is honoured; without one it is UTC. A number is seconds since 1970.
pub fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
    from_value(&Value::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// The same, or nothing.
pub fn time_opt<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Time>, D::Error> {
    let given = Option::<Value>::deserialize(deserializer)?;
    given.map(|value| from_value(&value)).transpose().map_err(D::Error::custom)
}

fn from_value(value: &Value) -> Result<Time, &'static str> {
    match value {
        Value::String(text) => parse_time(text),
        Value::Number(number) => number.as_f64().and_then(from_epoch).ok_or(TIME),
        _ => Err(TIME),
    }
}

/// Seconds since 1970, as trackers send them. Numbers that can only be milliseconds are read as such.
fn from_epoch(number: f64) -> Option<Time> {
    const LAST_SECOND: f64 = 7_289_654_400.0;
    let seconds = if number.abs() > LAST_SECOND { number / 1000.0 } else { number };
    if !(0.0..LAST_SECOND).contains(&seconds) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "held to the years before 2201 above")]
    let micros = (seconds * 1e6).round() as i64;
    DateTime::from_timestamp_micros(micros)
}

/// Reads a time of ISO 8601 between the years 1970 and 2200: extended or basic form, with or without
/// seconds, with an offset of hours or of hours and minutes, or seconds since 1970.
pub fn parse_time(text: &str) -> Result<Time, &'static str> {
    let text = text.trim();
    let time = match parse_day(text) {
        Some(day) => Some(day.and_time(NaiveTime::MIN).and_utc()),
        None => instant(text).or_else(|| text.parse().ok().and_then(from_epoch)),
    };
    match time {
        Some(time) if (1970..=2200).contains(&time.year()) => Ok(to_micros(time)),
        _ => Err(TIME),
    }
}

fn parse_day(text: &str) -> Option<NaiveDate> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits != 8 || text.len() > 10 {
        return None;
    }
    DAYS.iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok())
}

fn instant(text: &str) -> Option<Time> {
    let (day, rest) = text.split_once(['T', 't', ' '])?;
    let day = parse_day(day)?;
    let (clock, offset) = split_offset(rest)?;
    // A comma is a decimal sign of ISO 8601 too.
    let clock = clock.replace(',', ".");
    let clock = CLOCKS.iter().find_map(|form| clock_of(&clock, form))?;
    Some(offset.from_local_datetime(&NaiveDateTime::new(day, clock)).single()?.to_utc())
}

fn clock_of(text: &str, form: &str) -> Option<NaiveTime> {
    let digits = text.split('.').next().unwrap_or_default().bytes().filter(u8::is_ascii_digit).count();
    let wanted = form.matches('%').count() - usize::from(form.ends_with("%.f"));
    if digits != wanted * 2 {
        return None;
    }
    // chrono wants minutes.
    if form == "%H" {
        NaiveTime::from_hms_opt(text.parse().ok()?, 0, 0)
    } else {
        NaiveTime::parse_from_str(text, form).ok()
    }
}

/// The time of day and the offset of `10:00Z`, `10:00+0000`, `10:00-03`, `10:00 +05:30`, or UTC for none.
fn split_offset(text: &str) -> Option<(&str, FixedOffset)> {
    if let Some(clock) = text.strip_suffix(['Z', 'z']) {
        return Some((clock.trim_end(), FixedOffset::east_opt(0)?));
    }
    // In a query string `+` is a space.
    let Some(at) = text.find(['+', '-', '\u{2212}', ' ']) else { return Some((text, FixedOffset::east_opt(0)?)) };
    let at = if text[at..].starts_with(' ') && text[at..].trim_start().starts_with(['+', '-', '\u{2212}']) {
        at + text[at..].len() - text[at..].trim_start().len()
    } else {
        at
    };
    let (clock, offset) = text.split_at(at);
    let sign = offset.chars().next()?;
    let offset = &offset[sign.len_utf8()..];
    let (hours, minutes) = match offset.split_once(':') {
        Some(parts) => parts,
        None if offset.len() == 4 && offset.is_ascii() => offset.split_at(2),
        None => (offset, "00"),
    };
    let number = |text: &str| {
        let is_two_digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        is_two_digits.then(|| text.parse::<i32>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    if minutes > 59 {
        return None;
    }
    let seconds = hours * 3600 + minutes * 60;
    Some((clock.trim_end(), FixedOffset::east_opt(if matches!(sign, '+' | ' ') { seconds } else { -seconds })?))
}

/// Where a period begins or ends: a day of the office, which is in the period from its beginning to its end,
/// or an instant, which is in the period where it begins and not where it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeriodBound {
    /// A day, as the clocks of the office have it.
    Day(NaiveDate),
    /// An instant.
    Instant(Time),
}

impl PeriodBound {
    /// Reads one.
    ///
    /// # Errors
    /// Neither a day nor a time, or not between 1970 and 2200.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        match parse_day(text.trim()) {
            Some(day) if (1970..=2200).contains(&day.year()) => Ok(Self::Day(day)),
            Some(_) => Err(BOUND),
            None => parse_time(text).map(Self::Instant).map_err(|_| BOUND),
        }
    }

    /// The first instant of a period that begins here.
    pub fn begins(self, zone: Tz) -> Time {
        match self {
            Self::Day(day) => domain::report::day_begins(day, zone),
            Self::Instant(time) => time,
        }
    }

    /// The first instant after a period that ends here.
    pub fn ends(self, zone: Tz) -> Time {
        match self {
            Self::Day(day) => domain::report::day_begins(day + TimeDelta::days(1), zone),
            Self::Instant(time) => time,
        }
    }

    /// The day on which a period that begins here begins.
    pub fn first_day(self, zone: Tz) -> NaiveDate {
        match self {
            Self::Day(day) => day,
            Self::Instant(time) => domain::report::office_day(time, zone),
        }
    }

    /// The last day of which a period that ends here has a part.
    pub fn last_day(self, zone: Tz) -> NaiveDate {
        match self {
            Self::Day(day) => day,
            Self::Instant(time) => domain::report::office_day(time - TimeDelta::microseconds(1), zone),
        }
    }
}

impl<'de> Deserialize<'de> for PeriodBound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl PartialSchema for PeriodBound {
    fn schema() -> RefOr<Schema> {
        let text =
            |format| ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(format)));
        // Seconds since 1970, as trackers send them.
        let seconds = ObjectBuilder::new().schema_type(Type::Number).minimum(Some(0));
        AnyOfBuilder::new().item(text(KnownFormat::Date)).item(text(KnownFormat::DateTime)).item(seconds).into()
    }
}

impl ToSchema for PeriodBound {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms_of_iso_8601_that_name_an_instant_are_read() {
        let noon = parse_time("2026-01-31T12:00:00Z").unwrap();
        let forms = [
            "2026-01-31T12:00Z",
            "2026-01-31T12Z",
            "2026-01-31T12:00:00+0000",
            "2026-01-31T12:00:00.000+00:00",
            "2026-01-31T12:00:00,000Z",
            "2026-01-31T09:00-03",
            "2026-01-31T09:00:00-03:00",
            "2026-01-31T17:30+0530",
            "2026-01-31 09:00:00 -0300",
            "2026-01-31T17:30:00 0530",
            "2026-01-31T12:00:00.000",
            "2026-01-31 12:00:00",
            "2026-01-31t12:00:00z",
            "2026-01-31T09:00:00\u{2212}03:00",
            "20260131T120000Z",
            "20260131T1200Z",
            "20260131T090000-0300",
            "1769860800",
            "1769860800.0",
            "1769860800000",
        ];
        for form in forms {
            assert_eq!(parse_time(form), Ok(noon), "{form}");
        }
        assert_eq!(parse_time("2026-01-31"), parse_time("20260131T000000Z"));
        assert_eq!(from_value(&Value::from(1_769_860_800)), Ok(noon));
        assert_eq!(from_value(&Value::from(1_769_860_800.0)), Ok(noon));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        let bad = [
            "2026-02-30T12:00:00Z",
            "ayer",
            "",
            "9999-01-01T00:00:00Z",
            "2026-01-31T25:00:00Z",
            "2026-01-31T12:00+3",
            "2026-01-31T12:00+030",
            "2026-01-31T12:00:00+00:60",
            "2026-01-31T1:00Z",
            "2026-01-31T",
            "-5",
            "NaN",
            "inf",
            "1969-12-31",
            "2026-1-31",
            "2026-01-31T12:00:00-",
            "2026-01-31T12:00:00+25:00",
            "é026-01-31T12:00Z",
        ];
        for bad in bad {
            assert!(parse_time(bad).is_err(), "{bad:?} was taken");
            assert!(PeriodBound::parse(bad).is_err(), "{bad:?} was taken");
        }
        for bad in [Value::Null, Value::from(true), Value::from(-1), Value::from(1e300)] {
            assert!(from_value(&bad).is_err(), "{bad} was taken");
        }
    }

    #[test]
    fn a_day_is_in_a_period_as_a_whole_in_the_time_of_the_office() {
        for (zone, begins, ends) in [
            (chrono_tz::America::Argentina::Buenos_Aires, "2026-11-30T03:00:00Z", "2026-12-01T03:00:00Z"),
            (chrono_tz::Asia::Kolkata, "2026-11-29T18:30:00Z", "2026-11-30T18:30:00Z"),
        ] {
            let day = PeriodBound::parse("2026-11-30").unwrap();
            assert_eq!(day.begins(zone), parse_time(begins).unwrap());
            assert_eq!(day.ends(zone), parse_time(ends).unwrap());
            let end = PeriodBound::parse(ends).unwrap();
            assert_eq!(
                (end.first_day(zone), end.last_day(zone)),
                (day.last_day(zone) + TimeDelta::days(1), day.last_day(zone))
            );
        }
    }
}
