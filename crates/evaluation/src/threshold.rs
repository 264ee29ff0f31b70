//! `evaluation.toml`: what each line of the plan must reach. Nothing else decides a verdict.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::plan;
use crate::target::SetUp;
use crate::text::Text;

/// The file as it is committed.
pub const FILE: &str = include_str!("../evaluation.toml");

/// How much work something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effort {
    /// Hours.
    #[serde(rename(serialize = "bajo"))]
    Low,
    /// Days.
    #[serde(rename(serialize = "medio"))]
    Medium,
    /// Weeks.
    #[serde(rename(serialize = "alto"))]
    High,
}

/// What one figure must be.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// Name of the figure.
    #[serde(rename(serialize = "cifra"))]
    pub measure: String,
    /// Not more.
    #[serde(rename(serialize = "como_mucho"))]
    pub at_most: Option<f64>,
    /// Not less.
    #[serde(rename(serialize = "como_poco"))]
    pub at_least: Option<f64>,
    /// How far beyond it still holds in part.
    #[serde(rename(serialize = "en_parte"))]
    pub partly: Option<f64>,
    /// The only set-up in which it counts.
    #[serde(rename(serialize = "montaje"))]
    pub set_up: Option<SetUp>,
    /// What is wrong where it does not hold: the anti-pattern.
    #[serde(rename(serialize = "defecto"))]
    pub wrong: Text,
    /// What to do then.
    #[serde(rename(serialize = "remedio"))]
    pub remedy: Text,
    /// How much work that is.
    #[serde(rename(serialize = "esfuerzo"))]
    pub effort: Effort,
}

/// What one line of the plan must reach.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demand {
    /// What the plan asks for beside it and no scenario measures yet: then the line holds in part
    /// at best, and without any figure is not measured.
    pub open: Option<Text>,
    /// The same beside it where one process is evaluated.
    pub open_embedded: Option<Text>,
    /// The same beside it where replicas are.
    pub open_scaled: Option<Text>,
    /// Its thresholds.
    #[serde(default)]
    pub threshold: Vec<Threshold>,
}

impl Demand {
    /// What is open where the office is set up like this.
    pub fn open(&self, set_up: SetUp) -> Option<Text> {
        let more = match set_up {
            SetUp::Embedded | SetUp::Remote => &self.open_embedded,
            SetUp::Scaled => &self.open_scaled,
        };
        match (&self.open, more) {
            (Some(open), Some(more)) => {
                Some(Text::made(format!("{}; {}", open.es, more.es), format!("{}; {}", open.en, more.en)))
            }
            (open, more) => open.clone().or_else(|| more.clone()),
        }
    }
}

/// All of them, by number of the line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demands {
    line: BTreeMap<String, Demand>,
}

impl Threshold {
    /// How well a figure does.
    pub fn grade(&self, value: f64) -> Grade {
        let within = |most: Option<f64>, least: Option<f64>| {
            most.is_none_or(|most| value <= most) && least.is_none_or(|least| value >= least)
        };
        if within(self.at_most, self.at_least) {
            return Grade::Holds;
        }
        let Some(partly) = self.partly else { return Grade::Broken };
        let most = self.at_most.map(|most| most.max(partly));
        let least = self.at_least.map(|least| least.min(partly));
        if within(most, least) { Grade::Partly } else { Grade::Broken }
    }

    /// How many times beyond the threshold a figure is, from 1.
    pub fn beyond(&self, value: f64) -> f64 {
        let times = |more: f64, less: f64| if less > 0.0 { (more / less).max(1.0) } else { 1.0 + more };
        let over = self.at_most.filter(|most| value > *most).map(|most| times(value, most));
        let under = self.at_least.filter(|least| value < *least).map(|least| times(least, value));
        over.or(under).unwrap_or(1.0)
    }
}

/// How well one figure does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Grade {
    /// Within the threshold.
    #[serde(rename = "dentro")]
    Holds,
    /// Not far beyond.
    #[serde(rename = "cerca")]
    Partly,
    /// Beyond.
    #[serde(rename = "fuera")]
    Broken,
}

impl Demands {
    /// Those of the committed file.
    ///
    /// # Errors
    /// When it is not well formed, names a line that the plan has not or forgets one.
    pub fn committed() -> Result<Self> {
        Self::read(FILE)
    }

    /// Those of some file.
    ///
    /// # Errors
    /// As [`Self::committed`].
    pub fn read(file: &str) -> Result<Self> {
        let demands: Self = toml::from_str(file).context("evaluation.toml")?;
        for number in demands.line.keys() {
            ensure!(plan::line(number).is_some(), "evaluation.toml: the plan has no line {number}");
        }
        for line in &plan::LINES {
            let demand = demands.line.get(line.number);
            let demand =
                demand.with_context(|| format!("evaluation.toml: nothing is asked of line {}", line.number))?;
            ensure!(
                demand.open.is_some() || !demand.threshold.is_empty(),
                "evaluation.toml: line {} has neither a threshold nor a word on what is open",
                line.number
            );
            for threshold in &demand.threshold {
                let bounded = threshold.at_most.is_some() || threshold.at_least.is_some();
                ensure!(bounded, "evaluation.toml: {} of line {} has no bound", threshold.measure, line.number);
            }
        }
        Ok(demands)
    }

    /// All thresholds, line by line.
    pub fn all(&self) -> impl Iterator<Item = &Threshold> {
        self.line.values().flat_map(|demand| &demand.threshold)
    }

    /// What a line must reach.
    pub fn of(&self, number: &str) -> Option<&Demand> {
        self.line.get(number)
    }
}
