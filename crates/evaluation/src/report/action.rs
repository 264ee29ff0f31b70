//! The plan of action: what is not as it should be, worst first.

use crate::text::{Language, Text, text};
use crate::threshold::{Effort, Grade, Threshold};
use crate::verdict::{Judged, Verdict};

/// Something to be done.
#[derive(Debug)]
pub struct Action {
    /// Lines of the plan that it is for.
    pub lines: Vec<&'static str>,
    /// What.
    pub what: Text,
    /// What is gained.
    pub gain: Text,
    /// How much work it is.
    pub effort: Effort,
    urgency: Urgency,
}

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
enum Urgency {
    /// Beyond its threshold, by this much.
    Beyond(f64),
    /// Holds in part, by this much.
    Partly(f64),
    /// A line that nothing is known of.
    Unknown,
    /// A line of which a part is not known.
    PartlyUnknown,
}

impl Urgency {
    /// Greater comes first.
    fn rank(self) -> (u8, f64) {
        match self {
            Self::Beyond(times) => (3, times),
            Self::Partly(times) => (2, times),
            Self::Unknown => (1, 0.0),
            Self::PartlyUnknown => (0, 0.0),
        }
    }
}

/// All actions, most urgent first; of those alike, the one that is less work.
pub fn ranked(lines: &[Judged]) -> Vec<Action> {
    let mut actions: Vec<Action> = Vec::new();
    let mut missing: Vec<Action> = Vec::new();
    for judged in lines {
        for check in &judged.checks {
            let threshold = &check.threshold;
            match (check.grade, check.value) {
                (Some(Grade::Holds), _) => {}
                (Some(grade), Some(value)) => {
                    let known =
                        |action: &&mut Action| action.what == threshold.remedy && action.gain == gain(threshold, value);
                    if let Some(action) = actions.iter_mut().find(known) {
                        action.lines.push(judged.line);
                        continue;
                    }
                    let beyond = threshold.beyond(value);
                    let urgency =
                        if grade == Grade::Broken { Urgency::Beyond(beyond) } else { Urgency::Partly(beyond) };
                    actions.push(Action {
                        lines: vec![judged.line],
                        what: threshold.remedy.clone(),
                        gain: gain(threshold, value),
                        effort: threshold.effort,
                        urgency,
                    });
                }
                _ => add_missing(&mut missing, judged, threshold),
            }
        }
        if let Some(open) = &judged.open {
            let unknown = judged.verdict == Verdict::Unmeasured;
            actions.push(Action {
                lines: vec![judged.line],
                what: Text::made(
                    format!("medir lo pendiente: {}", open.es),
                    format!("measure what is open: {}", open.en),
                ),
                gain: text("una línea del plan con cifra", "a line of the plan with a figure"),
                effort: Effort::Medium,
                urgency: if unknown { Urgency::Unknown } else { Urgency::PartlyUnknown },
            });
        }
    }
    actions.extend(missing);
    actions.sort_by(|one, other| {
        let (one_rank, other_rank) = (one.urgency.rank(), other.urgency.rank());
        (other_rank.0.cmp(&one_rank.0)).then(other_rank.1.total_cmp(&one_rank.1)).then(one.effort.cmp(&other.effort))
    });
    actions
}

/// A figure that there should be, since a scenario measures it.
fn add_missing(missing: &mut Vec<Action>, judged: &Judged, threshold: &Threshold) {
    let figure = format!("`{}`", threshold.measure);
    let what = Text::made(
        format!("volver a correr el escenario que mide {figure}: esta vez no dio esa cifra"),
        format!("run the scenario that measures {figure} again: it gave no figure this time"),
    );
    if let Some(action) = missing.iter_mut().find(|action| action.what == what) {
        action.lines.push(judged.line);
        return;
    }
    let urgency = if judged.verdict == Verdict::Unmeasured { Urgency::Unknown } else { Urgency::PartlyUnknown };
    let gain = text("una cifra que falta", "a figure that is missing");
    missing.push(Action { lines: vec![judged.line], what, gain, effort: Effort::Low, urgency });
}

fn gain(threshold: &Threshold, value: f64) -> Text {
    let in_words = |language: Language| {
        let to = bound(threshold, language);
        format!("`{}` {} → {to}", threshold.measure, language.number(value))
    };
    Text::made(in_words(Language::Spanish), in_words(Language::English))
}

/// A threshold in words.
pub fn bound(threshold: &Threshold, language: Language) -> String {
    let number = |value: f64| language.number(value);
    match (threshold.at_least, threshold.at_most) {
        (Some(least), Some(most)) if least == most => format!("= {}", number(least)),
        (least, most) => {
            let least = least.map(|least| format!("≥ {}", number(least)));
            let most = most.map(|most| format!("≤ {}", number(most)));
            [least, most].into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
    }
}

/// How much work something is, in words.
pub const fn effort(effort: Effort) -> Text {
    match effort {
        Effort::Low => text("bajo (horas)", "low (hours)"),
        Effort::Medium => text("medio (días)", "medium (days)"),
        Effort::High => text("alto (semanas)", "high (weeks)"),
    }
}

/// The lines for which something is planned.
pub fn lines_of_plan(lines: &[Judged]) -> Vec<&'static str> {
    ranked(lines).into_iter().flat_map(|action| action.lines).collect()
}
