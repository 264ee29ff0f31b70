//! What the process uses while the scenarios run.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::measure::{Curve, Evidence, Picture, count};
use crate::text::text;
use crate::usage;

/// Between two looks.
const EVERY: Duration = Duration::from_millis(250);
/// Bytes of a mebibyte.
pub const MEBIBYTE: f64 = 1024.0 * 1024.0;

/// One look.
#[derive(Debug, Clone, Copy)]
struct Sample {
    /// Seconds since the sampler began.
    at: f64,
    /// Processors in use since the look before.
    processors: Option<f64>,
    /// Resident bytes.
    resident: f64,
}

/// Looks at the process that serves, whichever it is, until it is dropped.
#[derive(Debug)]
pub struct Sampler {
    samples: Arc<Mutex<Vec<Sample>>>,
    _task: JoinSet<()>,
}

impl Sampler {
    /// Begins.
    pub fn begin(pids: watch::Receiver<Option<u32>>) -> Self {
        let samples: Arc<Mutex<Vec<Sample>>> = Arc::default();
        let (kept, mut task) = (Arc::clone(&samples), JoinSet::new());
        task.spawn(async move {
            let (start, mut before) = (Instant::now(), None);
            let mut ticks = interval(EVERY);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                let pid = *pids.borrow();
                let Some(pid) = pid else { continue };
                // A process that has just ended has no figures.
                let (Ok(times), Ok(memory)) = (usage::times(pid), usage::memory(pid)) else { continue };
                let now = Instant::now();
                let processors =
                    before.filter(|(of, _, _)| *of == pid).map(|(_, then, spent): (u32, Instant, Duration)| {
                        times.own.saturating_sub(spent).as_secs_f64() / (now - then).as_secs_f64()
                    });
                before = Some((pid, now, times.own));
                let sample = Sample { at: (now - start).as_secs_f64(), processors, resident: count(memory.resident) };
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(sample);
            }
        });
        Self { samples, _task: task }
    }

    /// What it has seen.
    pub fn evidence(&self) -> Evidence {
        let samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut evidence = Evidence::default();
        if samples.is_empty() {
            return evidence;
        }
        let processors: Vec<(f64, f64)> =
            samples.iter().filter_map(|sample| Some((sample.at, sample.processors?))).collect();
        let resident: Vec<(f64, f64)> = samples.iter().map(|sample| (sample.at, sample.resident / MEBIBYTE)).collect();
        let peak = |points: &[(f64, f64)]| points.iter().map(|point| point.1).fold(0.0, f64::max);
        evidence.note("series.samples", count(samples.len()), "", text("muestras de recursos", "samples of resources"));
        evidence.note(
            "series.resident_peak_mib",
            peak(&resident),
            "MiB",
            text("memoria residente máxima", "peak resident memory"),
        );
        evidence.note(
            "series.processors_peak",
            peak(&processors),
            "CPU",
            text("procesadores en uso, máximo", "processors in use, peak"),
        );
        let seconds = text("segundos desde el comienzo", "seconds since the start");
        for (name, title, up, points) in [
            (
                "procesador",
                text("Procesadores en uso", "Processors in use"),
                text("procesadores", "processors"),
                processors,
            ),
            ("memoria", text("Memoria residente", "Resident memory"), text("MiB", "MiB"), resident),
        ] {
            let curves = vec![Curve { name: text("gad", "gad"), points }];
            let (across, logarithmic) = (seconds.clone(), false);
            evidence.pictures.push(Picture { name, line: "7.2", title, across, up, logarithmic, curves });
        }
        evidence
    }
}
