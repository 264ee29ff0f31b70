//! When a chat that wants quiet may be told something that can wait.

use chrono::{Days, NaiveTime, TimeZone, Timelike};
use chrono_tz::Tz;
use domain::Time;
use domain::telegram::Chat;

use crate::model::Urgency;

/// When something may be told to a chat: now, or at the end of its quiet. Only what can wait does.
pub fn may_be_told_at(chat: &Chat, urgency: Urgency, now: Time, zone: Tz) -> Time {
    if urgency != Urgency::Notice {
        return now;
    }
    let at = chat.quiet_until.map_or(now, |until| until.max(now));
    let Some(hours) = chat.quiet_hours else { return at };
    let local = at.with_timezone(&zone);
    let minute = u16::try_from(local.hour() * 60 + local.minute()).unwrap_or(0);
    if !hours.hold(minute) {
        return at;
    }
    let end = NaiveTime::from_hms_opt(u32::from(hours.to() / 60), u32::from(hours.to() % 60), 0).unwrap_or_default();
    let mut day = local.date_naive();
    // At the minute of the end the hours do not hold, so the end is later today or tomorrow.
    if end <= local.time() {
        day = day.checked_add_days(Days::new(1)).unwrap_or(day);
    }
    // Of an hour that comes twice the first, of one that the clocks leave out what they show after.
    let mut over = day.and_time(end);
    for _ in 0..24 {
        if let Some(over) = zone.from_local_datetime(&over).earliest() {
            return over.to_utc();
        }
        over += chrono::TimeDelta::minutes(30);
    }
    at
}

#[cfg(test)]
mod tests {
    use domain::ChatId;
    use domain::telegram::QuietHours;

    use super::*;

    fn at(text: &str) -> Time {
        text.parse().unwrap()
    }

    fn told(chat: &Chat, urgency: Urgency, now: &str) -> String {
        let zone = chrono_tz::America::Argentina::Buenos_Aires;
        may_be_told_at(chat, urgency, at(now), zone).format("%dT%H:%M").to_string()
    }

    #[test]
    fn what_can_wait_waits_until_the_quiet_is_over() {
        let mut chat = Chat::new(ChatId(7));
        assert_eq!(told(&chat, Urgency::Notice, "2026-11-25T03:00:00Z"), "25T03:00");
        // Ten in the evening to six in the morning in Buenos Aires, which is three hours behind.
        chat.quiet_hours = QuietHours::new(22 * 60, 6 * 60);
        assert_eq!(told(&chat, Urgency::Notice, "2026-11-25T00:59:00Z"), "25T00:59");
        assert_eq!(told(&chat, Urgency::Notice, "2026-11-25T01:00:00Z"), "25T09:00");
        assert_eq!(told(&chat, Urgency::Notice, "2026-11-25T08:59:00Z"), "25T09:00");
        assert_eq!(told(&chat, Urgency::Notice, "2026-11-25T09:00:00Z"), "25T09:00");
        chat.quiet_until = Some(at("2026-11-25T02:30:00Z"));
        assert_eq!(told(&chat, Urgency::Notice, "2026-11-24T18:00:00Z"), "25T09:00", "one quiet ends in the other");
        chat.quiet_until = Some(at("2026-11-25T12:00:00Z"));
        assert_eq!(told(&chat, Urgency::Notice, "2026-11-25T03:00:00Z"), "25T12:00");
    }

    #[test]
    fn emergencies_and_answers_go_through() {
        let mut chat = Chat::new(ChatId(7));
        chat.quiet_until = Some(at("2026-11-25T12:00:00Z"));
        for urgency in [Urgency::Emergency, Urgency::Answer] {
            assert_eq!(told(&chat, urgency, "2026-11-25T03:00:00Z"), "25T03:00");
        }
    }

    #[test]
    fn an_end_that_the_clocks_leave_out_comes_after_the_gap() {
        let mut chat = Chat::new(ChatId(7));
        chat.quiet_hours = QuietHours::new(0, 2 * 60 + 30);
        // In New York clocks went from two to three on 8 March 2026.
        let over = may_be_told_at(&chat, Urgency::Notice, at("2026-03-08T06:00:00Z"), chrono_tz::America::New_York);
        assert_eq!(over, at("2026-03-08T07:00:00Z"));
    }
}
