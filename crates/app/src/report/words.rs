//! Words of tables and pictures, in two languages.

use chrono::{Datelike, NaiveDate, TimeDelta};
use domain::report::{Milestone, Period};
use domain::{Language, Priority, TaskKind, TaskState};

/// The words of a language.
pub(super) trait Words: Copy {
    /// One of two texts.
    fn say(self, spanish: &'static str, english: &'static str) -> &'static str;
    fn state(self, state: TaskState) -> &'static str;
    fn kind(self, kind: TaskKind) -> &'static str;
    fn priority(self, priority: Priority) -> &'static str;
    fn milestone(self, milestone: Milestone) -> &'static str;
    /// Monday first.
    fn weekdays(self) -> [&'static str; 7];
    /// A day in few letters: `5 ene`.
    fn short_date(self, day: NaiveDate) -> String;
    /// What the title says of a period.
    fn period(self, period: &Period) -> String;
    /// A number with a mark at thousands and `digits` decimals, as people write it.
    fn number(self, value: f64, digits: usize) -> String;
    /// A count.
    fn count(self, count: u64) -> String;
}

impl Words for Language {
    fn say(self, spanish: &'static str, english: &'static str) -> &'static str {
        match self {
            Self::Spanish => spanish,
            Self::English => english,
        }
    }

    fn state(self, state: TaskState) -> &'static str {
        match state {
            TaskState::Scheduled => self.say("Programadas", "Scheduled"),
            TaskState::InProgress => self.say("En curso", "In progress"),
            TaskState::Finished => self.say("Finalizadas", "Finished"),
            TaskState::Cancelled => self.say("Canceladas", "Cancelled"),
            TaskState::Paused => self.say("Pausadas", "Paused"),
        }
    }

    fn kind(self, kind: TaskKind) -> &'static str {
        match kind {
            TaskKind::Patrol => self.say("Patrullaje", "Patrol"),
            TaskKind::Investigation => self.say("Investigación", "Investigation"),
            TaskKind::Surveillance => self.say("Vigilancia", "Surveillance"),
            TaskKind::Intervention => self.say("Intervención", "Intervention"),
            TaskKind::Administrative => self.say("Administrativa", "Administrative"),
            TaskKind::Training => self.say("Entrenamiento", "Training"),
        }
    }

    fn priority(self, priority: Priority) -> &'static str {
        match priority {
            Priority::Low => self.say("Baja", "Low"),
            Priority::Medium => self.say("Media", "Medium"),
            Priority::High => self.say("Alta", "High"),
            Priority::Urgent => self.say("Urgente", "Urgent"),
            Priority::Critical => self.say("Crítica", "Critical"),
        }
    }

    fn milestone(self, milestone: Milestone) -> &'static str {
        match milestone {
            Milestone::Assigned => self.say("Asignada", "Assigned"),
            Milestone::Notified => self.say("Avisada", "Notified"),
            Milestone::Accepted => self.say("Aceptada", "Accepted"),
            Milestone::EnRoute => self.say("En camino", "En route"),
            Milestone::OnScene => self.say("En el lugar", "On scene"),
            Milestone::Cleared => self.say("Liberada", "Cleared"),
        }
    }

    fn weekdays(self) -> [&'static str; 7] {
        match self {
            Self::Spanish => ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
            Self::English => ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        }
    }

    fn short_date(self, day: NaiveDate) -> String {
        let month: String = months(self)[day.month0() as usize].chars().take(3).collect();
        format!("{} {month}", day.day())
    }

    fn period(self, period: &Period) -> String {
        let (first, last) = (period.first(), period.last());
        if first == last {
            let weekday = self.weekdays()[first.weekday().num_days_from_monday() as usize];
            return match self {
                Self::Spanish => format!("{} {}", capital(weekday), date(self, first)),
                Self::English => format!("{weekday}, {}", date(self, first)),
            };
        }
        let begin = if first.year() == last.year() {
            self.short_date(first)
        } else {
            format!("{} {}", self.short_date(first), first.year())
        };
        format!("{begin} – {} {}", self.short_date(last), last.year())
    }

    fn number(self, value: f64, digits: usize) -> String {
        let (thousands, decimal) = match self {
            Self::Spanish => ('.', ','),
            Self::English => (',', '.'),
        };
        let text = format!("{value:.digits$}");
        let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
        let mut grouped = String::new();
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && digit.is_ascii_digit() && (whole.len() - place).is_multiple_of(3) {
                grouped.push(thousands);
            }
            grouped.push(digit);
        }
        if rest.is_empty() { grouped } else { format!("{grouped}{decimal}{rest}") }
    }

    fn count(self, count: u64) -> String {
        #[expect(clippy::cast_precision_loss, reason = "counts of tasks stay below 2^53")]
        self.number(count as f64, 0)
    }
}

const fn months(language: Language) -> [&'static str; 12] {
    match language {
        Language::Spanish => [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
        Language::English => [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
    }
}

/// A day in full, without its weekday.
fn date(language: Language, day: NaiveDate) -> String {
    let month = months(language)[day.month0() as usize];
    match language {
        Language::Spanish => format!("{} de {month} de {}", day.day(), day.year()),
        Language::English => format!("{} {month} {}", day.day(), day.year()),
    }
}

/// A span as people say it: its two greatest units.
pub(super) fn span(seconds: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "spans of stored times")]
    let span = TimeDelta::seconds(seconds.round() as i64);
    let (days, hours) = (span.num_days(), span.num_hours() % 24);
    let (minutes, seconds) = (span.num_minutes() % 60, span.num_seconds() % 60);
    match (days, span.num_hours(), span.num_minutes()) {
        (1.., _, _) => format!("{days} d {hours} h"),
        (_, 1.., _) => format!("{hours} h {minutes:02} min"),
        (_, _, 10..) => format!("{minutes} min"),
        (_, _, 1..) => format!("{minutes} min {seconds:02} s"),
        _ => format!("{seconds} s"),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Language::{English, Spanish};
    use super::*;

    #[test]
    fn numbers_and_spans_read_as_people_write_them() {
        assert_eq!([Spanish.number(1_234_567.25, 1), English.number(999.0, 0)], ["1.234.567,2", "999"]);
        let said = [9.4, 61.0, 660.0, 3_660.0, 90_000.0].map(span);
        assert_eq!(said, ["9 s", "1 min 01 s", "11 min", "1 h 01 min", "1 d 1 h"]);
    }

    #[test]
    fn periods_read_as_people_write_them() {
        let of = |first: &str, last: &str| {
            Period::new(first.parse().unwrap(), last.parse().unwrap(), chrono_tz::Tz::UTC).unwrap()
        };
        assert_eq!(Spanish.period(&of("2026-11-25", "2026-11-25")), "Miércoles 25 de noviembre de 2026");
        assert_eq!(English.period(&of("2026-11-25", "2026-11-25")), "Wednesday, 25 November 2026");
        assert_eq!(Spanish.period(&of("2026-11-01", "2026-11-30")), "1 nov – 30 nov 2026");
        assert_eq!(Spanish.period(&of("2025-12-01", "2026-01-31")), "1 dic 2025 – 31 ene 2026");
    }
}
