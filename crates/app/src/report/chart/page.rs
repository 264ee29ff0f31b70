//! The parts of a picture, one below the other.

use domain::TaskState;
use domain::officer::Unit;
use domain::report::{Milestone, ResponseTimes, Tally, Times};

use super::Picture;
use super::canvas::{
    BLUE, BODY, Canvas, GREEN, GREY, INNER, MARGIN, ORANGE, Rect, SKY, SMALL, SOFT, TILE, VERMILION, WIDTH, short,
};
use super::{hours, ranking};
use crate::report::Language;
use crate::report::words::{Words, span};

/// Space between two tiles.
const GAP: f64 = 24.0;
/// Space between two columns of text.
const COLUMNS: f64 = 72.0;
/// Height of a tile.
const TALL: f64 = 190.0;

/// The picture as SVG.
pub(super) fn compose(picture: &Picture) -> String {
    let mut canvas = Canvas::default();
    let title = head(&mut canvas, picture);
    tiles(&mut canvas, picture);
    emergencies(&mut canvas, picture);
    if picture.figures.all.tally.tasks > 0 {
        states(&mut canvas, picture);
        hours::by_day(&mut canvas, picture);
        hours::by_hour(&mut canvas, picture);
        ranking::kinds(&mut canvas, picture);
        ranking::units(&mut canvas, picture);
    }
    foot(&mut canvas, picture);
    canvas.finish(&title)
}

fn head(canvas: &mut Canvas, picture: &Picture) -> String {
    let language = picture.language;
    let days = language.period(&picture.period);
    canvas.rect(Rect { x: 0.0, y: 0.0, width: WIDTH, height: 14.0 }, 0.0, BLUE);
    canvas.text(MARGIN, 84.0, SMALL, &short(&picture.office, 50));
    canvas.text(MARGIN, 152.0, BODY.bold().size(60.0), language.say("Informe de tareas", "Report on tasks"));
    canvas.text(MARGIN, 208.0, BODY.size(40.0), &days);
    canvas.y = 248.0;
    if let Some(unit) = &picture.unit {
        let of = format!("{} {}", language.say("Unidad:", "Unit:"), unit.as_str());
        canvas.text(MARGIN, 262.0, BODY.colour(SOFT), &short(&of, 52));
        canvas.y = 300.0;
    }
    let unit = picture.unit.as_ref().map_or("", Unit::as_str);
    format!("{} {days} {unit}", language.say("Informe de tareas", "Report on tasks"))
}

fn tiles(canvas: &mut Canvas, picture: &Picture) {
    let (language, all) = (picture.language, &picture.figures.all);
    let median = |times: Times| if times.count == 0 { "–".to_owned() } else { span(times.p50) };
    let ninth = |times: Times| {
        if times.count == 0 {
            return language.say("sin datos", "no data").to_owned();
        }
        format!("{} {}", language.say("9 de 10 en", "9 in 10 within"), span(times.p90))
    };
    let finished = all.tally.of(TaskState::Finished);
    let open = all.tally.of(TaskState::InProgress) + all.tally.of(TaskState::Paused);
    let share = format!("{} {}", percent(finished, all.tally.tasks, language), language.say("del total", "of all"));
    let going = format!("{} {}", language.count(open), language.say("en marcha", "under way"));
    let tiles = [
        (language.say("Tareas", "Tasks"), language.count(all.tally.tasks), going),
        (language.say("Finalizadas", "Finished"), language.count(finished), share),
        (language.say("Respuesta (mediana)", "Response (median)"), median(all.response), ninth(all.response)),
        (language.say("Resolución (mediana)", "Resolution (median)"), median(all.resolution), ninth(all.resolution)),
    ];
    let width = (INNER - GAP) / 2.0;
    for (place, (name, value, more)) in tiles.into_iter().enumerate() {
        let (column, line) = if place % 2 == 0 { (0.0, place / 2) } else { (1.0, place / 2) };
        let x = MARGIN + column * (width + GAP);
        let y = canvas.y + if line == 0 { 0.0 } else { TALL + GAP };
        canvas.rect(Rect { x, y, width, height: TALL }, 18.0, TILE);
        canvas.text(x + 28.0, y + 50.0, SMALL, name);
        canvas.text(x + 28.0, y + 118.0, BODY.bold().size(64.0), &value);
        canvas.text(x + 28.0, y + 164.0, SMALL, &more);
    }
    canvas.y += 2.0 * TALL + GAP;
}

fn emergencies(canvas: &mut Canvas, picture: &Picture) {
    let (language, found) = (picture.language, picture.figures.emergencies);
    if found.total == 0 {
        return;
    }
    let y = canvas.y + GAP;
    let shares = shares_in_target(&found.times, language);
    let height = if shares.is_empty() { 128.0 } else { 176.0 };
    canvas.rect(Rect { x: MARGIN, y, width: INNER, height }, 18.0, "#fdf1e8");
    canvas.rect(Rect { x: MARGIN, y, width: 12.0, height }, 6.0, VERMILION);
    let said = format!(
        "{} {}",
        language.count(found.total),
        match (language, found.total) {
            (Language::Spanish, 1) => "emergencia",
            (Language::Spanish, _) => "emergencias",
            (Language::English, 1) => "emergency",
            (Language::English, _) => "emergencies",
        }
    );
    canvas.text(MARGIN + 40.0, y + 54.0, BODY.bold().size(38.0), &said);
    let mut more = Vec::new();
    for (milestone, name) in [
        (Milestone::Assigned, language.say("asignación mediana", "median assignment")),
        (Milestone::OnScene, language.say("llegada mediana", "median arrival")),
    ] {
        let times = found.times.row(milestone).times;
        if times.count > 0 {
            more.push(format!("{name} {}", span(times.p50)));
        }
    }
    if found.waiting > 0 {
        more.push(format!("{} {}", language.count(found.waiting), language.say("sin efectivo", "without an officer")));
    }
    canvas.text(MARGIN + 40.0, y + 102.0, SMALL, &more.join(" · "));
    canvas.text(MARGIN + 40.0, y + 150.0, SMALL, &shares.join(" · "));
    canvas.y = y + height;
}

/// Which part of the emergencies reached each milestone within its target.
fn shares_in_target(times: &ResponseTimes, language: Language) -> Vec<String> {
    let say = |row: &domain::report::ResponseRow| {
        let found = row.in_target?;
        let name = match row.milestone {
            Milestone::OnScene => language.say("en el lugar en", "on scene within"),
            _ => language.say("asignadas en", "assigned within"),
        };
        #[expect(clippy::cast_precision_loss, reason = "seconds of a day at most")]
        let target = span(found.target.num_seconds() as f64);
        let part = language.number(found.share? * 100.0, 0);
        Some(format!("{part} % {name} {target}"))
    };
    times.rows().iter().filter_map(say).collect()
}

/// States in the order in which the bar shows them, with their colours.
pub(super) const STATES: [(TaskState, &str); 5] = [
    (TaskState::Finished, GREEN),
    (TaskState::InProgress, BLUE),
    (TaskState::Paused, ORANGE),
    (TaskState::Scheduled, SKY),
    (TaskState::Cancelled, GREY),
];

fn states(canvas: &mut Canvas, picture: &Picture) {
    let (language, tally) = (picture.language, &picture.figures.all.tally);
    canvas.heading(language.say("Estado", "State"));
    let mut x = MARGIN;
    for (state, colour) in shown(tally) {
        let width = INNER * share(tally.of(state), tally.tasks);
        // A line of the ground between two parts: they are told apart without their colours.
        canvas.rect(Rect { x, y: canvas.y + 8.0, width: (width - 4.0).max(2.0), height: 52.0 }, 4.0, colour);
        x += width;
    }
    canvas.y += 76.0;
    // Long numbers beside long names need the whole width.
    let (columns, width) = if tally.tasks < 1000 { (2, (INNER - COLUMNS) / 2.0) } else { (1, INNER) };
    for (place, (state, colour)) in shown(tally).enumerate() {
        let left = place % columns == 0;
        let x = if left { MARGIN } else { MARGIN + f64::midpoint(INNER, COLUMNS) };
        canvas.y += if left { 54.0 } else { 0.0 };
        canvas.rect(Rect { x, y: canvas.y - 27.0, width: 28.0, height: 28.0 }, 6.0, colour);
        canvas.text(x + 44.0, canvas.y, BODY, language.state(state));
        let part = percent(tally.of(state), tally.tasks, language);
        let said = format!("{} · {part}", language.count(tally.of(state)));
        canvas.text(x + width, canvas.y, BODY.bold().end(), &said);
    }
    canvas.y += 12.0;
}

fn shown(tally: &Tally) -> impl Iterator<Item = (TaskState, &'static str)> {
    STATES.into_iter().filter(|(state, _)| tally.of(*state) > 0)
}

fn foot(canvas: &mut Canvas, picture: &Picture) {
    let language = picture.language;
    let zone = picture.period.zone();
    let said = language.say("Tareas creadas en estos días.", "Tasks made on these days.");
    canvas.rule(canvas.y + 44.0);
    canvas.text(MARGIN, canvas.y + 96.0, SMALL, said);
    let at = format!(
        "{} {} ({zone})",
        language.say("Calculado el", "Reckoned on"),
        domain::report::office_time(picture.at, zone)
    );
    canvas.text(MARGIN, canvas.y + 138.0, SMALL, &at);
    canvas.y += 176.0;
}

/// A part of a whole, 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "counts of tasks stay below 2^53")]
pub(super) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn percent(part: u64, whole: u64, language: Language) -> String {
    format!("{} %", language.number(share(part, whole) * 100.0, 0))
}
