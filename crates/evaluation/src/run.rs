//! An evaluation: scenarios one after the other, and what they found.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::Serialize;

use crate::baseline::{Baseline, Comparison};
use crate::machine::Machine;
use crate::measure::{Evidence, count};
use crate::plan::LINES;
use crate::profile::Profile;
use crate::sampler::Sampler;
use crate::scenario::{Scenario, Stage};
use crate::target::{SetUp, Target, Whereabouts};
use crate::text::text;
use crate::threshold::Demands;
use crate::verdict::{Judged, Verdict, judge};

/// What is to be evaluated, and how.
#[derive(Debug, Clone)]
pub struct Order {
    /// The binary that serves.
    pub binary: PathBuf,
    /// What is evaluated.
    pub at: Whereabouts,
    /// Where the report goes.
    pub out: PathBuf,
    /// How long and how hard.
    pub profile: Profile,
    /// Where all chance begins.
    pub seed: u64,
    /// Which scenarios; all of them when empty.
    pub only: Vec<Scenario>,
    /// What each line of the plan must reach.
    pub demands: Demands,
    /// An earlier run to hold this one against.
    pub baseline: Option<Baseline>,
    /// The command line, for the report.
    pub command: String,
}

/// Told to whoever watches.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// The office is being made.
    Preparing,
    /// A scenario begins; its place from 0, and how many there are.
    Begins(Scenario, usize, usize),
    /// It is over; whether it could be done.
    Ended(Scenario, bool),
}

/// How one scenario went.
#[derive(Debug, Clone, Serialize)]
pub struct Went {
    /// Its name.
    #[serde(rename = "escenario")]
    pub scenario: &'static str,
    /// How long it took.
    #[serde(rename = "segundos")]
    pub seconds: f64,
    /// Why it could not be done.
    #[serde(rename = "falla")]
    pub failure: Option<String>,
}

/// What an evaluation found.
#[derive(Debug, Clone, Serialize)]
pub struct Findings {
    /// Version of this form.
    #[serde(rename = "formato")]
    pub format: u32,
    /// The machine.
    #[serde(rename = "maquina")]
    pub machine: Machine,
    /// How it was set up.
    #[serde(rename = "montaje")]
    pub set_up: SetUp,
    /// How long and how hard.
    #[serde(rename = "perfil")]
    pub profile: Profile,
    /// Where all chance began.
    #[serde(rename = "semilla")]
    pub seed: u64,
    /// The command line.
    #[serde(rename = "orden")]
    pub command: String,
    /// How long it took.
    #[serde(rename = "segundos")]
    pub seconds: f64,
    /// Whether it was ended before its end.
    #[serde(rename = "interrumpida")]
    pub interrupted: bool,
    /// How each scenario went.
    #[serde(rename = "escenarios")]
    pub scenarios: Vec<Went>,
    /// Verdict of each line of the plan.
    #[serde(rename = "lineas")]
    pub lines: Vec<Judged>,
    /// This run beside an earlier one.
    #[serde(rename = "comparacion")]
    pub comparison: Option<Comparison>,
    /// All figures.
    #[serde(rename = "evidencia")]
    pub evidence: Evidence,
}

impl Findings {
    /// Whether something is missing that should be there.
    pub fn is_partial(&self) -> bool {
        self.interrupted || self.scenarios.iter().any(|went| went.failure.is_some())
    }

    /// How many lines have a verdict.
    pub fn lines_with(&self, verdict: Verdict) -> usize {
        self.lines.iter().filter(|judged| judged.verdict == verdict).count()
    }
}

/// Carries out an evaluation; when `stop` is ready, what there is by then is judged.
///
/// # Errors
/// When the office cannot be made. A scenario that fails is in the findings.
pub async fn evaluate(order: &Order, mut watch: impl FnMut(Step), stop: impl Future<Output = ()>) -> Result<Findings> {
    let (begun, set_up) = (Instant::now(), order.at.set_up());
    let mut stop = pin!(stop);
    watch(Step::Preparing);
    std::fs::create_dir_all(&order.out).with_context(|| format!("cannot make {}", order.out.display()))?;
    let machine = Machine::look(&order.binary).await?;
    let target = Target::make(&order.binary, &order.at, log_in(&order.out), &order.profile, order.seed).await?;
    let sampler = Sampler::begin(target.serving());
    let mut stage = Stage { target, profile: order.profile, seed: order.seed, found: Evidence::default() };
    let chosen: Vec<Scenario> = Scenario::ALL
        .into_iter()
        .filter(|scenario| order.only.is_empty() || order.only.contains(scenario))
        .filter(|scenario| scenario.fits(&order.at))
        .collect();
    let (mut scenarios, mut interrupted) = (Vec::new(), false);
    for (place, scenario) in chosen.iter().copied().enumerate() {
        watch(Step::Begins(scenario, place, chosen.len()));
        let began = Instant::now();
        let outcome = tokio::select! {
            outcome = tokio::time::timeout(longest(&order.profile), scenario.run(&mut stage)) => outcome,
            () = &mut stop => {
                interrupted = true;
                break;
            }
        };
        let outcome = outcome.context("it took too long").flatten();
        let failure = match outcome {
            Ok(evidence) => {
                stage.found.add(evidence);
                None
            }
            Err(error) => {
                // The next begins with a process of its own; what it was left in is not known.
                stage.target.rest().await.ok();
                Some(format!("{error:#}"))
            }
        };
        watch(Step::Ended(scenario, failure.is_none()));
        scenarios.push(Went { scenario: scenario.name(), seconds: began.elapsed().as_secs_f64(), failure });
    }
    // What it found is of use even where something does not end.
    stage.target.close().await.ok();
    let mut evidence = stage.found;
    let mut series = sampler.evidence();
    for measurement in &mut series.measurements {
        (measurement.scenario, measurement.repeat) = ("series", order.command.clone());
    }
    evidence.add(series);
    answer(&order.demands, set_up, &mut evidence, &order.command);
    let lines = judge(&order.demands, set_up, &evidence.figures());
    let compare = |earlier: &Baseline| {
        earlier.compare(set_up.word(), order.profile.name, machine.cores, &order.demands, &evidence)
    };
    let comparison = order.baseline.as_ref().map(compare);
    Ok(Findings {
        format: 1,
        machine,
        set_up,
        profile: order.profile,
        seed: order.seed,
        command: order.command.clone(),
        seconds: begun.elapsed().as_secs_f64(),
        interrupted,
        scenarios,
        lines,
        comparison,
        evidence,
    })
}

/// Where processes of the office write what went wrong.
fn log_in(out: &Path) -> PathBuf {
    out.join("servidor.log")
}

/// More than any scenario takes on a slow machine.
fn longest(profile: &Profile) -> Duration {
    let steps = u32::try_from(profile.steps.len()).unwrap_or(u32::MAX);
    Duration::from_secs(120) + 2 * (profile.step * steps + profile.memory + profile.nominal)
}

/// How many of the lines that do not hold have an answer in the plan of action.
fn answer(demands: &Demands, set_up: SetUp, evidence: &mut Evidence, command: &str) {
    if evidence.measurements.is_empty() {
        return;
    }
    let judged = judge(demands, set_up, &evidence.figures());
    // The line that this is for is not among them yet.
    let weak: Vec<&Judged> =
        judged.iter().filter(|line| line.verdict != Verdict::Holds && line.line != "12.2").collect();
    let answered = crate::report::lines_of_plan(&judged);
    let share = crate::measure::share(
        count(weak.iter().filter(|line| answered.contains(&line.line)).count()),
        count(weak.len()),
    );
    let share = if weak.is_empty() { 1.0 } else { share };
    let what = text(
        "parte de lo que no cumple con una acción en el plan",
        "share of what does not hold with an action in the plan",
    );
    evidence.note("plan.answered_share", share, "", what);
    if let Some(last) = evidence.measurements.last_mut() {
        (last.scenario, last.repeat) = ("report", command.to_owned());
    }
    debug_assert!(LINES.len() == judged.len(), "every line is judged");
}
