//! Verdicts: figures held against thresholds.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::plan::{LINES, Line};
use crate::target::SetUp;
use crate::text::{Text, text};
use crate::threshold::{Demand, Demands, Grade, Threshold};

/// What is found of one line of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Verdict {
    /// All that is asked for was measured and holds.
    #[serde(rename = "cumple")]
    Holds,
    /// What was measured holds nearly, or is not all that is asked for.
    #[serde(rename = "cumple en parte")]
    Partly,
    /// A figure is beyond its threshold.
    #[serde(rename = "no cumple")]
    Broken,
    /// There is no figure.
    #[serde(rename = "no medido")]
    Unmeasured,
}

impl Verdict {
    /// In words.
    pub const fn word(self) -> Text {
        match self {
            Self::Holds => text("cumple", "holds"),
            Self::Partly => text("cumple en parte", "holds in part"),
            Self::Broken => text("no cumple", "does not hold"),
            Self::Unmeasured => text("no medido", "not measured"),
        }
    }

    /// A sign beside the words, for whoever sees no colours.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Holds => "✔",
            Self::Partly => "◐",
            Self::Broken => "✘",
            Self::Unmeasured => "○",
        }
    }
}

/// One threshold and what was measured.
#[derive(Debug, Clone, Serialize)]
pub struct Checked {
    /// The threshold.
    #[serde(rename = "umbral")]
    pub threshold: Threshold,
    /// The figure, when there is one.
    #[serde(rename = "valor")]
    pub value: Option<f64>,
    /// How well it does.
    #[serde(rename = "grado")]
    pub grade: Option<Grade>,
}

/// A line of the plan with its verdict.
#[derive(Debug, Clone, Serialize)]
pub struct Judged {
    /// Its number.
    #[serde(rename = "linea")]
    pub line: &'static str,
    /// What is found.
    #[serde(rename = "veredicto")]
    pub verdict: Verdict,
    /// Why.
    #[serde(rename = "controles")]
    pub checks: Vec<Checked>,
    /// What no scenario measures yet.
    #[serde(rename = "pendiente")]
    pub open: Option<Text>,
}

/// The verdict on every line of the plan.
pub fn judge(demands: &Demands, set_up: SetUp, figures: &BTreeMap<&str, f64>) -> Vec<Judged> {
    LINES.iter().map(|line| of(line, demands.of(line.number), set_up, figures)).collect()
}

fn of(line: &Line, demand: Option<&Demand>, set_up: SetUp, figures: &BTreeMap<&str, f64>) -> Judged {
    let thresholds = demand.map(|demand| demand.threshold.as_slice()).unwrap_or_default();
    let open = demand.and_then(|demand| demand.open(set_up));
    let checks: Vec<Checked> = thresholds
        .iter()
        .filter(|threshold| threshold.set_up.is_none_or(|only| only == set_up))
        .map(|threshold| {
            let value = figures.get(threshold.measure.as_str()).copied().filter(|value| value.is_finite());
            Checked { threshold: threshold.clone(), value, grade: value.map(|value| threshold.grade(value)) }
        })
        .collect();
    let grades = || checks.iter().filter_map(|check| check.grade);
    let verdict = match grades().max() {
        None => Verdict::Unmeasured,
        Some(Grade::Broken) => Verdict::Broken,
        Some(Grade::Partly) => Verdict::Partly,
        Some(Grade::Holds) if open.is_some() || grades().count() < checks.len() => Verdict::Partly,
        Some(Grade::Holds) => Verdict::Holds,
    };
    Judged { line: line.number, verdict, checks, open }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The committed thresholds with these figures; the verdict on one line.
    fn verdict(line: &str, figures: &[(&'static str, f64)]) -> Verdict {
        let figures = figures.iter().copied().collect();
        let judged = judge(&Demands::committed().unwrap(), SetUp::Embedded, &figures);
        judged.into_iter().find(|judged| judged.line == line).unwrap().verdict
    }

    const NOMINAL: [(&str, f64); 4] = [
        ("nominal.p95_ms", 20.0),
        ("nominal.p99_ms", 40.0),
        ("nominal.errors_share", 0.0),
        ("nominal.rate_share", 1.0),
    ];

    #[test]
    fn a_line_without_a_figure_is_not_measured() {
        let judged = judge(&Demands::committed().unwrap(), SetUp::Embedded, &BTreeMap::new());
        assert_eq!(judged.len(), 24);
        assert!(judged.iter().all(|judged| judged.verdict == Verdict::Unmeasured));
    }

    #[test]
    fn a_figure_beyond_its_threshold_breaks_the_line_whatever_else_holds() {
        let mut figures = NOMINAL;
        figures[1].1 = 501.0;
        assert_eq!(verdict("11.1", &figures), Verdict::Broken);
        assert_eq!(verdict("8.2", &figures), Verdict::Unmeasured, "other lines are not touched");
    }

    #[test]
    fn a_line_of_which_a_part_is_open_or_missing_holds_in_part() {
        assert_eq!(verdict("11.1", &NOMINAL), Verdict::Partly, "alert rules are proven elsewhere");
        assert_eq!(verdict("1.1", &[("inventory.parts", 8.0)]), Verdict::Holds);
        let missing = [("inventory.routes", 70.0), ("inventory.tasks", 12.0)];
        assert_eq!(verdict("1.2", &missing), Verdict::Partly, "its coverage was not measured");
    }

    #[test]
    fn a_threshold_may_hold_in_part_on_either_side() {
        let file = |bound: &str| {
            let words = r#"{ es = "", en = "" }"#;
            let rest = format!("wrong = {words}, remedy = {words}, effort = \"low\"");
            toml::from_str::<BTreeMap<String, Threshold>>(&format!("t = {{ measure = \"m\", {bound}, {rest} }}"))
                .unwrap()
                .remove("t")
                .unwrap()
        };
        let most = file("at_most = 200, partly = 300");
        let grades = [200.0, 300.0, 300.1].map(|value| most.grade(value));
        assert_eq!(grades, [Grade::Holds, Grade::Partly, Grade::Broken]);
        let least = file("at_least = 0.9, partly = 0.6");
        let grades = [0.9, 0.6, 0.59].map(|value| least.grade(value));
        assert_eq!(grades, [Grade::Holds, Grade::Partly, Grade::Broken]);
        let one = file("at_least = 1, at_most = 1");
        assert_eq!([0.0, 1.0, 2.0].map(|value| one.grade(value)), [Grade::Broken, Grade::Holds, Grade::Broken]);
        assert_eq!((most.beyond(400.0), one.beyond(0.0), most.beyond(1.0)), (2.0, 2.0, 1.0));
    }

    #[test]
    fn thresholds_that_fit_no_line_or_leave_one_out_are_refused() {
        let said = |file: &str| Demands::read(file).unwrap_err().to_string();
        assert_eq!(said("[line.\"13.1\"]"), "evaluation.toml: the plan has no line 13.1");
        let only = "[line.\"1.1\"]\nopen = { es = \"x\", en = \"x\" }";
        assert_eq!(said(only), "evaluation.toml: nothing is asked of line 1.2");
    }
}
