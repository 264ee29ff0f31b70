//! What the process uses while the scenarios run.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::client::Client;
use crate::measure::{Curve, Evidence, Picture, count};
use crate::process::Serving;
use crate::text::{Text, text};
use crate::usage;

/// Between two looks.
const EVERY: Duration = Duration::from_millis(250);
/// Between two looks at the page of figures, in looks.
const PAGE: u32 = 4;
/// Longest wait for that page; a busy office is not waited for.
const PATIENCE: Duration = Duration::from_millis(200);
/// Bytes of a mebibyte.
pub const MEBIBYTE: f64 = 1024.0 * 1024.0;

/// One look.
#[derive(Debug, Clone, Copy)]
struct Sample {
    /// Seconds since the sampler began.
    at: f64,
    /// Processors in use since the look before.
    processors: Option<f64>,
    /// Bytes of memory; see [`usage::footprint`].
    memory: f64,
    /// Bytes a second between processes of this machine, since the look before.
    network: Option<f64>,
    /// Connections of the database in hand.
    database: Option<f64>,
}

/// What the look before found.
#[derive(Debug, Clone, Copy)]
struct Before {
    pid: u32,
    at: Instant,
    spent: Duration,
    loopback: Option<u64>,
}

/// Looks at the process that serves, whichever it is, until it is dropped.
#[derive(Debug)]
pub struct Sampler {
    samples: Arc<Mutex<Vec<Sample>>>,
    _task: JoinSet<()>,
}

impl Sampler {
    /// Begins.
    pub fn begin(serving: watch::Receiver<Option<Serving>>) -> Self {
        let samples: Arc<Mutex<Vec<Sample>>> = Arc::default();
        let (kept, mut task) = (Arc::clone(&samples), JoinSet::new());
        task.spawn(async move {
            let (start, mut before, mut looks) = (Instant::now(), None::<Before>, 0_u32);
            let mut ticks = interval(EVERY);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                let serving = *serving.borrow();
                let Some(Serving { pid, address }) = serving else { continue };
                // A process that has just ended has no figures.
                let (Ok(times), Ok(memory)) = (usage::times(pid), usage::footprint(pid)) else { continue };
                let now = Before { pid, at: Instant::now(), spent: times.own, loopback: usage::loopback().ok() };
                let (processors, network) = before.filter(|before| before.pid == pid).map_or((None, None), |before| {
                    let seconds = (now.at - before.at).as_secs_f64();
                    let moved = now.loopback.zip(before.loopback).map(|(now, then)| now.saturating_sub(then));
                    let spent = now.spent.saturating_sub(before.spent).as_secs_f64();
                    (Some(spent / seconds), moved.map(|bytes| count(bytes) / seconds))
                });
                before = Some(now);
                let database = if looks.is_multiple_of(PAGE) {
                    let page = timeout(PATIENCE, async { Client::stranger(address).figures().await }).await;
                    page.ok().and_then(Result::ok).map(|figures| figures.sum("gad_pool_in_use"))
                } else {
                    None
                };
                looks = looks.wrapping_add(1);
                let at = (now.at - start).as_secs_f64();
                let sample = Sample { at, processors, memory: count(memory), network, database };
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
        let series = |of: fn(&Sample) -> Option<f64>| -> Vec<(f64, f64)> {
            samples.iter().filter_map(|sample| Some((sample.at, of(sample)?))).collect()
        };
        evidence.note("series.samples", count(samples.len()), "", text("muestras de recursos", "samples of resources"));
        let seconds = text("segundos desde el comienzo", "seconds since the start");
        for Shown { name, picture, what, title, unit, points } in [
            Shown {
                name: "series.memory_peak_mib",
                picture: "memoria",
                what: text("memoria del proceso, máximo", "peak memory of the process"),
                title: text("Memoria del proceso", "Memory of the process"),
                unit: ("MiB", text("MiB", "MiB")),
                points: series(|sample| Some(sample.memory / MEBIBYTE)),
            },
            Shown {
                name: "series.processors_peak",
                picture: "procesador",
                what: text("procesadores en uso, máximo", "processors in use, peak"),
                title: text("Procesadores en uso", "Processors in use"),
                unit: ("CPU", text("procesadores", "processors")),
                points: series(|sample| sample.processors),
            },
            Shown {
                name: "series.network_peak_mib_s",
                picture: "red",
                what: text("red entre los procesos de esta máquina, máximo", "network between processes, peak"),
                title: text("Red entre los procesos de esta máquina", "Network between the processes of this machine"),
                unit: ("MiB/s", text("MiB/s", "MiB/s")),
                points: series(|sample| Some(sample.network? / MEBIBYTE)),
            },
            Shown {
                name: "series.database_peak",
                picture: "conexiones-base",
                what: text("conexiones de la base en uso, máximo", "database connections in use, peak"),
                title: text("Conexiones de la base en uso", "Database connections in use"),
                unit: ("", text("conexiones", "connections")),
                points: series(|sample| sample.database),
            },
        ] {
            if points.is_empty() {
                continue;
            }
            let (unit, up) = unit;
            evidence.note(name, points.iter().map(|point| point.1).fold(0.0, f64::max), unit, what);
            let curves = vec![Curve { name: text("gad", "gad"), points }];
            let (across, logarithmic) = (seconds.clone(), false);
            evidence.pictures.push(Picture { name: picture, line: "7.2", title, across, up, logarithmic, curves });
        }
        evidence
    }
}

/// One series, as it is shown.
struct Shown {
    name: &'static str,
    picture: &'static str,
    what: Text,
    title: Text,
    unit: (&'static str, Text),
    points: Vec<(f64, f64)>,
}
