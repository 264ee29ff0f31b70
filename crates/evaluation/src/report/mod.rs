//! The report: one document, written as Markdown, as a page and as JSON, with pictures beside it.

mod action;
mod compose;
mod diagram;
mod document;
mod html;
mod markdown;
mod plot;
mod section;
mod tables;

pub use action::lines_of_plan;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::run::Findings;
use crate::text::Language;

/// The report that the office's plan names.
pub const MARKDOWN: &str = "04_patrones_async_concurrency.md";
/// The same as one page that needs nothing else.
pub const PAGE: &str = "informe.html";
/// All figures, for programs.
pub const RESULTS: &str = "resultados.json";

/// Writes all of it into a directory; gives the report's file.
///
/// # Errors
/// When something cannot be written.
pub fn write(findings: &Findings, language: Language, out: &Path) -> Result<PathBuf> {
    std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let put = |name: &str, text: &str| {
        let file = out.join(name);
        std::fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
    };
    put(RESULTS, &(serde_json::to_string_pretty(findings)? + "\n"))?;
    let pictures: Vec<(String, String)> = findings
        .evidence
        .pictures
        .iter()
        .map(|picture| (format!("{}.svg", picture.name), plot::svg(picture, language)))
        .collect();
    for (name, svg) in &pictures {
        put(name, svg)?;
    }
    let document = compose::document(findings, language);
    put(MARKDOWN, &markdown::render(&document))?;
    put(PAGE, &html::render(&document, &pictures, language))?;
    Ok(out.join(MARKDOWN))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::machine::Machine;
    use crate::measure::{Curve, Evidence, Picture};
    use crate::plan::LINES;
    use crate::profile::Profile;
    use crate::target::SetUp;
    use crate::text::text;
    use crate::threshold::Demands;
    use crate::verdict::judge;

    fn findings() -> Findings {
        let mut evidence = Evidence::default();
        evidence.note("nominal.p95_ms", 250.0, "ms", text("p95 a carga nominal", "p95 at nominal load"));
        evidence.note("shutdown.ended", 0.0, "", text("atendió SIGTERM", "heeded SIGTERM"));
        evidence.note("inventory.parts", 9.0, "", text("partes <de> la pila", "parts of the stack"));
        let curves = vec![Curve { name: text("p95", "p95"), points: vec![(1.0, 2.0), (512.0, 90.5)] }];
        let (title, across, up) = (text("Latencia", "Latency"), text("clientes", "clients"), text("ms", "ms"));
        evidence.pictures.push(Picture { name: "latencia", line: "2.2", title, across, up, logarithmic: true, curves });
        let lines = judge(&Demands::committed().unwrap(), SetUp::Embedded, &evidence.figures());
        let machine = Machine {
            cores: 2,
            processor: "test".to_owned(),
            memory_mib: 4096,
            kernel: "6".to_owned(),
            load_before: "0".to_owned(),
            gad: "gad 0".to_owned(),
            unoptimised: true,
            began: "2026-11-25T12:00:00Z".to_owned(),
        };
        let command = "gad evaluate --embedded".to_owned();
        let (profile, scenarios) = (Profile::SMOKE, Vec::new());
        let set_up = SetUp::Embedded;
        Findings {
            format: 1,
            machine,
            set_up,
            profile,
            seed: 1,
            command,
            seconds: 9.0,
            interrupted: true,
            scenarios,
            lines,
            comparison: None,
            evidence,
        }
    }

    #[test]
    fn the_report_has_each_line_of_the_plan_with_its_verdict_in_both_languages() {
        for (language, partial, broken, unmeasured) in [
            (Language::Spanish, "parcial", "no cumple", "no medido"),
            (Language::English, "partial", "does not hold", "not measured"),
        ] {
            let dir = tempfile::tempdir().unwrap();
            let report = std::fs::read_to_string(write(&findings(), language, dir.path()).unwrap()).unwrap();
            for line in &LINES {
                let row = format!("| {} | {} |", line.number, line.title.of(language));
                assert!(report.contains(&row), "no row {row}");
                let heading = format!("### {} {}", line.number, line.title.of(language));
                assert!(report.contains(&heading), "no {heading}");
            }
            assert!(report.contains(partial) && report.contains(broken) && report.contains(unmeasured));
            assert!(report.contains("](latencia.svg)"), "a picture is shown");
            let page = std::fs::read_to_string(dir.path().join(PAGE)).unwrap();
            assert!(page.contains("<svg") && !page.contains("partes <de>") && !page.contains("src=\"http"));
        }
    }

    #[test]
    fn every_line_that_does_not_hold_has_an_action_and_the_broken_ones_come_first() {
        let findings = findings();
        let answered: BTreeSet<&str> = lines_of_plan(&findings.lines).into_iter().collect();
        for judged in &findings.lines {
            let wants = judged.verdict != crate::verdict::Verdict::Holds;
            assert!(!wants || answered.contains(judged.line), "nothing is planned for {}", judged.line);
        }
        let dir = tempfile::tempdir().unwrap();
        let report = std::fs::read_to_string(write(&findings, Language::Spanish, dir.path()).unwrap()).unwrap();
        let plan = report.split("## Plan de acción").nth(1).unwrap();
        let first = plan.lines().find(|line| line.starts_with("| 1 |")).unwrap();
        assert!(first.contains("8.2") && first.contains("atender la señal"), "{first}");
    }

    #[test]
    fn what_programs_read_names_each_line_and_its_verdict() {
        let json = serde_json::to_value(findings()).unwrap();
        let verdicts: Vec<_> = json["lineas"].as_array().unwrap().iter().map(|line| &line["veredicto"]).collect();
        assert_eq!(verdicts.len(), 24);
        assert_eq!((verdicts[15], verdicts[0]), (&"no cumple".into(), &"cumple".into()));
    }
}
