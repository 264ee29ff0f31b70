//! The tables that stand before and after the sections.

use super::action::{self, bound};
use super::document::Document;
use crate::baseline::{Change, Comparison};
use crate::measure::Evidence;
use crate::plan;
use crate::run::Findings;
use crate::text::Language;
use crate::threshold::Grade;
use crate::verdict::{Judged, Verdict};

/// The most telling figure of a line, and what it is held against.
pub fn figure(judged: &Judged, evidence: &Evidence, language: Language) -> String {
    let worst = judged.checks.iter().filter(|check| check.grade.is_some()).max_by_key(|check| check.grade);
    let Some((check, value)) = worst.and_then(|check| Some((check, check.value?))) else {
        return "–".to_owned();
    };
    let measured = evidence.measurements.iter().find(|measurement| measurement.name == check.threshold.measure);
    let (what, unit) = measured.map_or(("", ""), |measured| (measured.what.of(language), measured.unit));
    let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
    format!("{what}: {}{unit} ({})", language.number(value), bound(&check.threshold, language))
}

/// A verdict with its sign.
pub fn verdict(verdict: Verdict, language: Language) -> String {
    format!("{} {}", verdict.sign(), verdict.word().of(language))
}

/// Every line of the plan with its verdict.
pub fn verdicts(document: &mut Document, findings: &Findings, language: Language) {
    let rows = findings.lines.iter().filter_map(|judged| {
        let line = plan::line(judged.line)?;
        Some(vec![
            line.number.to_owned(),
            line.title.of(language).to_owned(),
            verdict(judged.verdict, language),
            figure(judged, &findings.evidence, language),
        ])
    });
    let head = match language {
        Language::Spanish => ["§", "línea del plan", "veredicto", "cifra que decide (umbral)"],
        Language::English => ["§", "line of the plan", "verdict", "figure that decides (threshold)"],
    };
    document.table(&head, rows.collect());
}

/// What was found wrong, once each.
pub fn wrong(document: &mut Document, findings: &Findings, language: Language) {
    let mut seen: Vec<&str> = Vec::new();
    let mut rows = Vec::new();
    for judged in &findings.lines {
        for check in &judged.checks {
            let (Some(grade @ (Grade::Broken | Grade::Partly)), Some(value)) = (check.grade, check.value) else {
                continue;
            };
            if seen.contains(&check.threshold.measure.as_str()) {
                continue;
            }
            seen.push(&check.threshold.measure);
            let grave = match grade {
                Grade::Broken => verdict(Verdict::Broken, language),
                _ => verdict(Verdict::Partly, language),
            };
            let held = format!(
                "`{}` = {} ({})",
                check.threshold.measure,
                language.number(value),
                bound(&check.threshold, language)
            );
            rows.push(vec![check.threshold.wrong.of(language).to_owned(), grave, held, judged.line.to_owned()]);
        }
    }
    if rows.is_empty() {
        let none = ("Ninguno con las cifras de esta corrida.", "None by the figures of this run.");
        document.paragraph(language.say(none.0, none.1));
    }
    let head = match language {
        Language::Spanish => ["antipatrón", "gravedad", "cifra", "§"],
        Language::English => ["anti-pattern", "gravity", "figure", "§"],
    };
    document.table(&head, rows);
}

/// What is to be done, most urgent first.
pub fn actions(document: &mut Document, findings: &Findings, language: Language) {
    let rows = action::ranked(&findings.lines).into_iter().enumerate().map(|(place, action)| {
        vec![
            (place + 1).to_string(),
            action.what.of(language).to_owned(),
            action.lines.join(", "),
            action.gain.of(language).to_owned(),
            action::effort(action.effort).of(language).to_owned(),
        ]
    });
    let head = match language {
        Language::Spanish => ["n.º", "acción", "§", "ganancia esperada", "esfuerzo"],
        Language::English => ["no.", "action", "§", "expected gain", "effort"],
    };
    document.table(&head, rows.collect());
}

/// Standards, and the figures that speak for them.
pub fn standards(document: &mut Document, findings: &Findings, language: Language) {
    const CONTROLS: [(&str, (&str, &str), &[&str]); 6] = [
        (
            "NIST SP 800-53 AU-9",
            ("protección de la auditoría", "protection of audit information"),
            &["audit.whole", "audit.forgery_found"],
        ),
        ("NIST SP 800-53 AU-10", ("no repudio", "non-repudiation"), &["audit.forgery_found"]),
        (
            "NIST SP 800-53 SC-5",
            ("protección contra denegación de servicio", "denial-of-service protection"),
            &["overload.goodput_ratio", "overload.p99_ms"],
        ),
        ("NIST SP 800-53 CP-10", ("recuperación", "recovery"), &["kill.lost", "kill.back_seconds"]),
        ("OWASP ASVS 5.0 V8", ("autorización", "authorisation"), &["walk.unguarded"]),
        (
            "OWASP ASVS 5.0 V16",
            ("errores y registros", "error handling and logging"),
            &["walk.shapeless", "walk.server_errors"],
        ),
    ];
    let rows = CONTROLS.iter().map(|(control, (es, en), figures)| {
        let told: Vec<String> = figures
            .iter()
            .map(|name| {
                let value = findings.evidence.figure(name);
                let value =
                    value.map_or_else(|| verdict(Verdict::Unmeasured, language), |value| language.number(value));
                format!("`{name}` = {value}")
            })
            .collect();
        vec![(*control).to_owned(), language.say(es, en).to_owned(), told.join("; ")]
    });
    let head = match language {
        Language::Spanish => ["control", "de qué trata", "cifras de esta corrida"],
        Language::English => ["control", "what it is about", "figures of this run"],
    };
    document.table(&head, rows.collect());
}

/// This run beside an earlier one, worst changes first.
pub fn comparison(document: &mut Document, comparison: &Comparison, language: Language) {
    let say = |es, en| language.say(es, en);
    document.paragraph(format!("{}: {}.", say("Corrida anterior", "Earlier run"), comparison.of));
    for reservation in &comparison.reservations {
        let what = say("Las dos corridas no son comparables del todo", "The two runs are not quite comparable");
        document.paragraph(format!("{what}: {}.", reservation.of(language)));
    }
    let count = |change| comparison.figures.iter().filter(|figure| figure.change == change).count();
    let (better, worse, alike) = (count(Change::Better), count(Change::Worse), count(Change::Alike));
    document.paragraph(match language {
        Language::Spanish => {
            format!("**{better} cifras mejores**, **{worse} peores**, {alike} iguales dentro del ruido (25 %; 1 ms).")
        }
        Language::English => {
            format!("**{better} figures better**, **{worse} worse**, {alike} alike within noise (25 %; 1 ms).")
        }
    });
    let rows = comparison.figures.iter().filter(|figure| figure.change != Change::Alike).map(|figure| {
        let number = |value| language.number(value);
        let word = figure.change.word().of(language).to_owned();
        vec![format!("`{}`", figure.name), number(figure.before), number(figure.now), word]
    });
    let head = [say("cifra", "figure"), say("antes", "before"), say("ahora", "now"), say("cambio", "change")];
    document.table(&head, rows.collect());
}
