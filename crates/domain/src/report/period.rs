//! Days of an office, in its time zone.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use crate::Time;

/// Most days of one report.
pub const MOST_DAYS: i64 = 366;

/// Some days, from the first to the last, both included, as the clocks of the office have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    first: NaiveDate,
    last: NaiveDate,
    zone: Tz,
}

/// Why some days are no period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPeriod {
    /// It ends before it begins.
    #[error("must not be before 'desde'")]
    Backwards,
    /// Too long.
    #[error("must be at most {MOST_DAYS} days from 'desde', the first one included")]
    Long,
    /// Years in which there was no office.
    #[error("must be a day between 1970 and 2200, like 2026-01-31")]
    Year,
}

impl Period {
    /// The days from `first` to `last` where the clocks are those of `zone`.
    pub fn new(first: NaiveDate, last: NaiveDate, zone: Tz) -> Result<Self, BadPeriod> {
        if ![first, last].iter().all(|day| (1970..=2200).contains(&day.year())) {
            return Err(BadPeriod::Year);
        }
        match (last - first).num_days() {
            ..0 => Err(BadPeriod::Backwards),
            MOST_DAYS.. => Err(BadPeriod::Long),
            _ => Ok(Self { first, last, zone }),
        }
    }

    /// The day of `now`.
    pub fn today(now: Time, zone: Tz) -> Self {
        let day = office_day(now, zone);
        Self { first: day, last: day, zone }
    }

    /// First day.
    pub const fn first(&self) -> NaiveDate {
        self.first
    }

    /// Last day.
    pub const fn last(&self) -> NaiveDate {
        self.last
    }

    /// Whose clocks.
    pub const fn zone(&self) -> Tz {
        self.zone
    }

    /// When the first day begins.
    pub fn from(&self) -> Time {
        day_begins(self.first, self.zone)
    }

    /// When the last day is over.
    pub fn until(&self) -> Time {
        day_begins(self.last + TimeDelta::days(1), self.zone)
    }

    /// All its days.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> {
        self.first.iter_days().take_while({
            let last = self.last;
            move |day| *day <= last
        })
    }

    /// A time as the clocks of the office show it.
    pub fn local(&self, time: Time) -> DateTime<Tz> {
        time.with_timezone(&self.zone)
    }
}

/// The day of an instant, by the clocks of the office. Codes, reports and screens take no other day.
pub fn office_day(at: Time, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// An instant as people read it, day and time by the clocks of the office.
pub fn office_time(at: Time, zone: Tz) -> String {
    at.with_timezone(&zone).format("%d/%m/%Y %H:%M").to_string()
}

/// The first moment of a day. Where clocks are put forward at midnight, it begins at one.
pub fn day_begins(day: NaiveDate, zone: Tz) -> Time {
    let midnight = day.and_time(NaiveTime::MIN);
    let moment = |hours: i64| zone.from_local_datetime(&(midnight + TimeDelta::hours(hours))).earliest();
    let first = (0..=3).find_map(moment).map(|time| time.with_timezone(&Utc));
    // No clock was ever put forward by more than a day; the date line was moved by one (Samoa, 2011).
    first.unwrap_or_else(|| midnight.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn days_are_those_of_the_office() {
        let zone = Tz::America__Argentina__Buenos_Aires;
        let period = Period::new(day("2026-01-31"), day("2026-02-01"), zone).unwrap();
        let edges = [period.from(), period.until()].map(|time| time.to_rfc3339());
        assert_eq!(edges, ["2026-01-31T03:00:00+00:00", "2026-02-02T03:00:00+00:00"]);
        assert_eq!(period.days().count(), 2);
        let late = "2026-02-01T02:59:59Z".parse().unwrap();
        assert_eq!(Period::today(late, zone).first(), day("2026-01-31"));
    }

    #[test]
    fn a_day_without_midnight_begins_later_and_has_23_hours() {
        let period = Period::new(day("2017-10-15"), day("2017-10-15"), Tz::America__Sao_Paulo).unwrap();
        assert_eq!(period.from().to_rfc3339(), "2017-10-15T03:00:00+00:00", "midnight is one o'clock");
        assert_eq!((period.until() - period.from()).num_hours(), 23);
    }

    #[test]
    fn a_period_has_one_day_to_366() {
        let of = |first, last| Period::new(day(first), day(last), Tz::UTC).map(|period| period.days().count());
        assert_eq!(of("2024-01-01", "2024-12-31"), Ok(366));
        assert_eq!(of("2024-01-01", "2025-01-01"), Err(BadPeriod::Long));
        assert_eq!(of("2024-01-02", "2024-01-01"), Err(BadPeriod::Backwards));
        assert_eq!(of("1969-12-31", "1970-01-01"), Err(BadPeriod::Year));
    }
}
