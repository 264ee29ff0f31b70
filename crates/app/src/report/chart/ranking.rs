//! Kinds and units, those with most tasks first.

use domain::report::Group;

use super::Picture;
use super::canvas::{BLUE, BODY, Canvas, INNER, MARGIN, RULE, Rect, SMALL, short};
use super::page::share;
use crate::report::Language;
use crate::report::words::{Words, span};

/// Most units of a picture; the tables have all.
const MOST: usize = 8;

/// A line of a ranking.
struct Line {
    name: String,
    tasks: u64,
    more: String,
}

/// By kind, with how soon they were begun.
pub(super) fn kinds(canvas: &mut Canvas, picture: &Picture) {
    let language = picture.language;
    let lines = picture.figures.kinds.iter().filter(|(_, group)| group.tally.tasks > 0).map(|(kind, group)| Line {
        name: language.kind(*kind).to_owned(),
        tasks: group.tally.tasks,
        more: response(group, language),
    });
    let mut lines: Vec<Line> = lines.collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.tasks));
    canvas.heading(language.say("Por tipo", "By kind"));
    draw(canvas, language, &lines);
}

/// By unit, with its hours.
pub(super) fn units(canvas: &mut Canvas, picture: &Picture) {
    let language = picture.language;
    if picture.units.is_empty() || picture.unit.is_some() {
        return;
    }
    let lines: Vec<Line> = picture
        .units
        .iter()
        .take(MOST)
        .map(|work| Line {
            name: work.unit.as_ref().map_or(language.say("Sin unidad", "No unit"), |unit| unit.as_str()).to_owned(),
            tasks: work.group.tally.tasks,
            more: format!(
                "{} {} · {} h",
                language.count(work.officers),
                match work.officers {
                    1 => language.say("efectivo", "officer"),
                    _ => language.say("efectivos", "officers"),
                },
                language.number(work.hours, 1)
            ),
        })
        .collect();
    let heading = language.say("Por unidad", "By unit");
    match picture.units.len().saturating_sub(MOST) {
        0 => canvas.heading(heading),
        others => canvas.heading(&format!("{heading} ({} {others})", language.say("no se muestran", "not shown:"))),
    }
    draw(canvas, language, &lines);
    if picture.units.len() > MOST {
        let rest = (picture.units.len() - MOST) as u64;
        let said = format!("… {} {}", language.count(rest), language.say("unidades más", "more units"));
        canvas.text(MARGIN, canvas.y + 40.0, SMALL, &said);
        canvas.y += 48.0;
    }
}

fn response(group: &Group, language: Language) -> String {
    if group.response.count == 0 {
        return String::new();
    }
    format!("{} {}", language.say("respuesta", "response"), span(group.response.p50))
}

fn draw(canvas: &mut Canvas, language: Language, lines: &[Line]) {
    let most = lines.iter().map(|line| line.tasks).max().unwrap_or_default();
    let room = if most < 10_000 { 110.0 } else { 160.0 };
    for line in lines {
        let y = canvas.y;
        canvas.text(MARGIN, y + 40.0, BODY, &short(&line.name, if most < 10_000 { 28 } else { 24 }));
        canvas.text(MARGIN + INNER, y + 40.0, BODY.bold().end(), &language.count(line.tasks));
        canvas.text(MARGIN + INNER - room, y + 40.0, SMALL.end(), &line.more);
        canvas.rect(Rect { x: MARGIN, y: y + 56.0, width: INNER, height: 18.0 }, 9.0, RULE);
        let width = (INNER * share(line.tasks, most)).max(18.0);
        canvas.rect(Rect { x: MARGIN, y: y + 56.0, width, height: 18.0 }, 9.0, BLUE);
        canvas.y += 92.0;
    }
}
