//! The section of one line of the plan.

use super::action::bound;
use super::diagram;
use super::document::{Block, Document};
use super::tables::verdict;
use crate::plan::Line;
use crate::run::Findings;
use crate::text::{Language, Text};
use crate::threshold::Grade;
use crate::verdict::{Judged, Verdict};

/// Writes it.
pub fn section(document: &mut Document, line: &Line, judged: &Judged, findings: &Findings, language: Language) {
    let say = |es, en| language.say(es, en);
    document.heading(3, format!("{} {}", line.number, line.title.of(language)));
    document.paragraph(format!("**{}**", verdict(judged.verdict, language)));
    document.list(vec![
        format!("{}: {}.", say("El plan pide", "The plan asks for"), line.asks.of(language)),
        format!("{}: {}.", say("Aquí lo da", "Here it is given by"), line.product.of(language)),
        format!("{}: {}.", say("Se mide", "Measured by"), line.evidence.of(language)),
    ]);
    checks(document, judged, findings, language);
    if let Some(open) = &judged.open {
        document.paragraph(format!("{}: {}.", say("Pendiente", "Open"), open.of(language)));
    }
    for table in findings.evidence.tables.iter().filter(|table| table.line == line.number) {
        document.paragraph(format!("**{}**", table.title.of(language)));
        let head: Vec<&str> = table.head.iter().map(|head| head.of(language)).collect();
        let said = |row: &Vec<Text>| row.iter().map(|cell| cell.of(language).to_owned()).collect();
        document.table(&head, table.rows.iter().map(said).collect());
    }
    for picture in findings.evidence.pictures.iter().filter(|picture| picture.line == line.number) {
        document.0.push(Block::Picture(format!("{}.svg", picture.name), picture.title.of(language).to_owned()));
    }
    match line.number {
        "2.1" => {
            document.0.extend(diagram::composition(&findings.evidence, findings.set_up, language).map(Block::Diagram));
        }
        "8.2" => document.0.push(Block::Diagram(diagram::shutdown(language))),
        _ => {}
    }
}

/// Each threshold, its figure, and how to measure it again.
fn checks(document: &mut Document, judged: &Judged, findings: &Findings, language: Language) {
    let mut repeats: Vec<&str> = Vec::new();
    let rows = judged.checks.iter().map(|check| {
        let name = check.threshold.measure.as_str();
        let measured = findings.evidence.measurements.iter().find(|measurement| measurement.name == name);
        if let Some(repeat) = measured.map(|measurement| measurement.repeat.as_str())
            && !repeats.contains(&repeat)
        {
            repeats.push(repeat);
        }
        let mark = match check.grade {
            Some(Grade::Holds) => Verdict::Holds,
            Some(Grade::Partly) => Verdict::Partly,
            Some(Grade::Broken) => Verdict::Broken,
            None => Verdict::Unmeasured,
        };
        let what = measured.map_or("", |measurement| measurement.what.of(language));
        let value = check.value.map_or_else(|| "–".to_owned(), |value| language.number(value));
        let unit = measured.map_or("", |measurement| measurement.unit);
        let held = bound(&check.threshold, language);
        vec![verdict(mark, language), format!("`{name}`"), what.to_owned(), format!("{value} {unit}"), held]
    });
    let head = match language {
        Language::Spanish => ["", "cifra", "qué es", "valor", "umbral"],
        Language::English => ["", "figure", "what it is", "value", "threshold"],
    };
    document.table(&head, rows.collect());
    if !repeats.is_empty() {
        document.0.push(Block::Code(repeats.join("\n")));
    }
}
