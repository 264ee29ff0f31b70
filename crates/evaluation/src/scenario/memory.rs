//! What memory does under even load: a line through it, and how sure that is.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::time::{MissedTickBehavior, interval};

use super::{Stage, mix};
use crate::load::open;
use crate::measure::{Curve, Evidence, Picture, count};
use crate::sampler::MEBIBYTE;
use crate::target::Role;
use crate::text::text;
use crate::usage;

/// Between two looks.
const EVERY: Duration = Duration::from_millis(100);
/// Connections.
const CONNECTIONS: usize = 32;
/// Standard errors that 95 of 100 lie within.
const SURE: f64 = 1.96;

/// Loads and looks.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    // Memory that earlier loads took and that goes back bit by bit would hide what is lost.
    stage.target.rest().await?;
    let client = stage.target.client(Role::Supervisor).await?;
    let (profile, pid) = (stage.profile, stage.target.pid()?);
    let rate = (profile.nominal_rate / 4).max(1);
    // Only what reads: tasks that are kept are no leak.
    let mix = mix::readers(&client, profile.tasks, stage.seed);
    open(client.address, rate, profile.memory / 4, CONNECTIONS, &mix).await?;
    let begun = Instant::now();
    let look = async {
        let (mut points, mut ticks) = (Vec::new(), interval(EVERY));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while begun.elapsed() < profile.memory {
            ticks.tick().await;
            points.push((begun.elapsed().as_secs_f64(), count(usage::memory(pid)?.anonymous)));
        }
        Ok::<_, anyhow::Error>(points)
    };
    let (load, points) = tokio::join!(open(client.address, rate, profile.memory, CONNECTIONS, &mix), look);
    let (load, points) = (load?, points?);
    let (slope, error) = line(&points).context("too few looks at memory")?;
    let a_request = |slope: f64| slope / load.per_second().max(1.0);
    let mut evidence = Evidence::default();
    let what = text("crecimiento de memoria por petición", "growth of memory a request");
    evidence.note("memory.slope_bytes", a_request(slope), "B", what);
    let what = text("lo mismo, extremo inferior al 95 %", "the same, lower end at 95 %");
    evidence.note("memory.slope_low_bytes", a_request(slope - SURE * error).max(0.0), "B", what);
    evidence.note(
        "memory.requests",
        count(load.answered),
        "",
        text("peticiones en ese tiempo", "requests in that time"),
    );
    let points = points.into_iter().map(|(at, bytes)| (at, bytes / MEBIBYTE)).collect();
    let title =
        text("Memoria sin archivo detrás, bajo carga pareja", "Memory without a file behind it, under even load");
    let (across, up) = (text("segundos", "seconds"), text("MiB", "MiB"));
    let curves = vec![Curve { name: text("gad", "gad"), points }];
    evidence.pictures.push(Picture { name: "pendiente", line: "9.2", title, across, up, logarithmic: false, curves });
    Ok(evidence)
}

/// Slope of the line of least squares, and its standard error.
///
/// Looks that follow each other are alike, so the error counts blocks of them and not each.
fn line(points: &[(f64, f64)]) -> Option<(f64, f64)> {
    const BLOCKS: usize = 10;
    let size = points.len().div_ceil(BLOCKS).max(1);
    let mean = |part: &[(f64, f64)]| {
        let sum = part.iter().fold((0.0, 0.0), |sum, point| (sum.0 + point.0, sum.1 + point.1));
        (sum.0 / count(part.len()), sum.1 / count(part.len()))
    };
    let blocks: Vec<(f64, f64)> = points.chunks(size).map(mean).collect();
    if blocks.len() < 4 {
        return None;
    }
    let (x, y) = mean(&blocks);
    let spread: f64 = blocks.iter().map(|point| (point.0 - x).powi(2)).sum();
    let slope = blocks.iter().map(|point| (point.0 - x) * (point.1 - y)).sum::<f64>() / spread;
    let rest: f64 = blocks.iter().map(|point| (point.1 - y - slope * (point.0 - x)).powi(2)).sum();
    Some((slope, (rest / (count(blocks.len()) - 2.0) / spread).sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leak_is_told_from_noise() {
        let points = |leak: f64| {
            (0..200_u32)
                .map(f64::from)
                .map(move |at| (at, 5e7 + leak * at + 2e5 * (at * 7.3).sin()))
                .collect::<Vec<_>>()
        };
        let (slope, error) = line(&points(1e5)).unwrap();
        assert!((slope - 1e5).abs() < 3e3 && slope - SURE * error > 9e4, "{slope} ± {error}");
        let (slope, error) = line(&points(0.0)).unwrap();
        assert!(slope - SURE * error < 500.0, "{slope} ± {error}");
        assert!(line(&points(1.0)[..3]).is_none());
    }
}
