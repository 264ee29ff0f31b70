//! When tasks were made: by day, by hour, and both at once.

use chrono::NaiveDate;
use domain::TaskState;

use super::Picture;
use super::canvas::{BLUE, Canvas, GREEN, INNER, MARGIN, RULE, Rect, SKY, SMALL};
use super::page::share;
use crate::report::words::Words;

/// Height of bars.
const TALL: f64 = 280.0;

/// A bar: how high, of which the lower part is of another colour, and what stands below it.
struct Bar {
    value: u64,
    lower: u64,
    name: Option<String>,
}

/// Tasks of each day (of each week, when there are many); a period of one day has no such part.
pub(super) fn by_day(canvas: &mut Canvas, picture: &Picture) {
    let (language, days) = (picture.language, &picture.figures.days);
    if days.len() < 2 {
        return;
    }
    // More bars than this cannot be seen on a phone.
    let by_week = days.len() > 62;
    let parts: Vec<(NaiveDate, u64, u64)> = days
        .chunks(if by_week { 7 } else { 1 })
        .filter_map(|part| {
            let sum = |of: fn(&domain::report::Day) -> u64| part.iter().map(of).sum();
            Some((part.first()?.date, sum(|day| day.tally.tasks), sum(|day| day.tally.of(TaskState::Finished))))
        })
        .collect();
    let every = parts.len().div_ceil(6);
    let bars = parts.iter().enumerate().map(|(place, (date, value, lower))| Bar {
        value: *value,
        lower: *lower,
        name: place.is_multiple_of(every).then(|| language.short_date(*date)),
    });
    let bars: Vec<Bar> = bars.collect();
    canvas.heading(if by_week {
        language.say("Tareas por semana", "Tasks by week")
    } else {
        language.say("Tareas por día", "Tasks by day")
    });
    let key = [(GREEN, language.say("finalizadas", "finished")), (SKY, language.say("las demás", "the others"))];
    draw(canvas, picture, &bars, &key);
}

/// Tasks of each hour: bars for one day, a board of weekdays and hours for more.
pub(super) fn by_hour(canvas: &mut Canvas, picture: &Picture) {
    let language = picture.language;
    canvas.heading(language.say("Carga por hora", "Load by hour"));
    if picture.figures.days.len() > 1 {
        return board(canvas, picture);
    }
    let bars: Vec<Bar> = (0..24)
        .map(|hour| {
            let value = picture.figures.hours.iter().map(|day| day[hour]).sum();
            let name = hour.is_multiple_of(4).then(|| format!("{hour:02}:00"));
            Bar { value, lower: value, name }
        })
        .collect();
    draw(canvas, picture, &bars, &[]);
}

fn draw(canvas: &mut Canvas, picture: &Picture, bars: &[Bar], key: &[(&'static str, &str)]) {
    let language = picture.language;
    let mut x = MARGIN;
    canvas.y += if key.is_empty() { 0.0 } else { 16.0 };
    for (colour, name) in key {
        canvas.rect(Rect { x, y: canvas.y - 1.0, width: 28.0, height: 28.0 }, 6.0, colour);
        canvas.text(x + 42.0, canvas.y + 26.0, SMALL, name);
        x += 260.0;
    }
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or_default();
    let top = canvas.y + if key.is_empty() { 34.0 } else { 86.0 };
    let floor = top + TALL;
    canvas.text(MARGIN + INNER, top - 14.0, SMALL.end(), &language.count(most));
    for line in [0.0, 0.5, 1.0] {
        canvas.rule(top + TALL * line);
    }
    #[expect(clippy::cast_precision_loss, reason = "some dozens of bars")]
    let step = INNER / bars.len() as f64;
    let width = (step * 0.72).min(90.0);
    let lower_colour = if key.is_empty() { BLUE } else { GREEN };
    let mut x = MARGIN;
    for bar in bars {
        let (height, lower) = (TALL * share(bar.value, most), TALL * share(bar.lower, most));
        let left = x + (step - width) / 2.0;
        if bar.value > bar.lower {
            canvas.rect(Rect { x: left, y: floor - height, width, height: height - lower }, 3.0, SKY);
        }
        if bar.lower > 0 {
            canvas.rect(Rect { x: left, y: floor - lower, width, height: lower }, 3.0, lower_colour);
        }
        if let Some(name) = &bar.name {
            // The first name must not hang over the margin.
            let first = x <= MARGIN;
            let (at, style) = if first { (left, SMALL) } else { (left + width / 2.0, SMALL.middle()) };
            canvas.text(at, floor + 42.0, style, name);
        }
        x += step;
    }
    canvas.y = floor + 52.0;
}

/// Weekdays below each other, hours beside each other; the darker the more.
fn board(canvas: &mut Canvas, picture: &Picture) {
    const NAMES: f64 = 84.0;
    const SIDE: f64 = 46.0;
    let language = picture.language;
    let hours = &picture.figures.hours;
    let most = hours.iter().flatten().copied().max().unwrap_or_default();
    let step = (INNER - NAMES) / 24.0;
    let top = canvas.y + 14.0;
    let mut y = top;
    for (name, day) in language.weekdays().iter().zip(hours) {
        let letters: String = name.chars().take(3).collect();
        canvas.text(MARGIN, y + 33.0, SMALL, &letters);
        let mut x = MARGIN + NAMES;
        for count in day {
            let colour = if *count == 0 { RULE.to_owned() } else { shade(share(*count, most)) };
            canvas.rect(Rect { x, y, width: step - 4.0, height: SIDE }, 5.0, &colour);
            x += step;
        }
        y += SIDE + 6.0;
    }
    for hour in [0_u8, 6, 12, 18] {
        canvas.text(MARGIN + NAMES + f64::from(hour) * step, y + 34.0, SMALL, &format!("{hour:02}:00"));
    }
    canvas.text(MARGIN + INNER, y + 34.0, SMALL.end(), "24:00");
    y += 84.0;
    let (fewest, fullest) = (language.say("menos", "fewer"), language.say("más", "more"));
    canvas.text(MARGIN + NAMES, y, SMALL, fewest);
    let mut x = MARGIN + NAMES + 120.0;
    for part in [0.1, 0.325, 0.55, 0.775, 1.0] {
        canvas.rect(Rect { x, y: y - 28.0, width: 56.0, height: 32.0 }, 5.0, &shade(part));
        x += 60.0;
    }
    let said = format!("{fullest} ({} {})", language.say("hasta", "up to"), language.count(most));
    canvas.text(x + 12.0, y, SMALL, &said);
    canvas.y = y + 14.0;
}

/// From pale to dark blue: lightness alone tells the order, which every eye sees.
fn shade(part: f64) -> String {
    let mix = |pale: f64, dark: f64| (pale + (dark - pale) * part.clamp(0.0, 1.0)).round();
    format!("rgb({},{},{})", mix(200.0, 4.0), mix(226.0, 54.0), mix(244.0, 107.0))
}
