//! More and more at once, and where more brings no more: the knee.

use anyhow::Result;

use super::nominal::first;
use super::{Stage, mix};
use crate::capacity;
use crate::load::closed;
use crate::measure::{Curve, Evidence, Picture, Table, count, share};
use crate::swarm::raise_file_limit;
use crate::target::Role;
use crate::text::{Text, text};
use crate::usage;

/// What counts as the peak: this much of the best step.
const NEARLY: f64 = 0.9;

/// Climbs.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    raise_file_limit()?;
    let client = stage.target.client(Role::Supervisor).await?;
    let profile = stage.profile;
    let mix = mix::office(&client, profile.tasks, stage.seed);
    closed(client.address, 8, profile.step / 3, &mix).await?;
    let mut evidence = Evidence::default();
    let (mut rates, mut rows, mut sums) = (Vec::new(), Vec::new(), (0.0, 0.0));
    let mut curves = [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)].map(|(name, part)| (name, part, Vec::new()));
    // Of an office that somebody else serves it is not known.
    let pid = stage.target.pid().ok();
    let spent = || pid.and_then(|pid| usage::times(pid).ok()).map(|times| times.own);
    let (before, mut answered) = (spent(), 0);
    let earlier = client.figures().await?;
    for &clients in profile.steps {
        let load = closed(client.address, clients, profile.step, &mix).await?;
        answered += load.answered;
        rates.push((count(clients), load.per_second()));
        for (_, part, points) in &mut curves {
            points.push((count(clients), load.latency_ms(*part)));
        }
        let cells = [load.per_second(), load.latency_ms(0.5), load.latency_ms(0.95), load.latency_ms(0.99)];
        let lost = load.failed - load.shed();
        let ends = [load.shed().to_string(), lost.to_string()];
        let cells = [clients.to_string()].into_iter().chain(cells.map(|cell| format!("{cell:.1}"))).chain(ends);
        rows.push(cells.map(Text::from).collect());
        sums = (sums.0 + count(lost), sums.1 + count(load.failed + load.answered));
        if lost > 0 {
            evidence.notes.extend(load.failure.map(first));
        }
    }
    let each =
        before.zip(spent()).and_then(|(before, after)| capacity::each_us(after.saturating_sub(before), answered));
    if let Some(each) = each {
        let what = text("tiempo de procesador de gad por respuesta", "processor time of gad an answer");
        evidence.note("steps.processor_us", each, "µs", what);
    }
    let later = client.figures().await?;
    let [waited, waits] = ["sum", "count"].map(|part| later.since(&earlier, &format!("gad_pool_wait_seconds_{part}")));
    let what = text("espera media por una conexión de la base", "mean wait for a connection of the database");
    evidence.note("steps.wait_ms", 1000.0 * share(waited, waits), "ms", what);
    capacity::tell(&mut evidence, &rates, each);
    let peak = rates.iter().map(|(_, rate)| *rate).fold(0.0, f64::max);
    let knee = rates.iter().find(|(_, rate)| *rate >= NEARLY * peak).map_or(0.0, |(clients, _)| *clients);
    evidence.note("steps.peak_per_second", peak, "/s", text("caudal máximo", "peak rate"));
    evidence.note(
        "steps.knee",
        knee,
        "",
        text("codo: clientes desde los que no hay más", "knee: clients beyond which there is no more"),
    );
    let what = text(
        "parte de peticiones fallidas en todos los escalones, sin las rechazadas a tiempo (503)",
        "share of failed requests over all steps, without those refused in time (503)",
    );
    evidence.note("steps.errors_share", share(sums.0, sums.1), "", what);
    let across = text("clientes a la vez", "clients at once");
    let curve = |name: &'static str, points| Curve { name: text(name, name), points };
    let (title, up) = (text("Caudal por concurrencia", "Rate by concurrency"), text("respuestas/s", "answers/s"));
    let line = "2.2";
    let (logarithmic, curves_of_rate) = (true, vec![curve("gad", rates)]);
    let picture =
        Picture { name: "caudal", line, title, across: across.clone(), up, logarithmic, curves: curves_of_rate };
    evidence.pictures.push(picture);
    let (title, up) = (text("Latencia por concurrencia", "Latency by concurrency"), text("ms", "ms"));
    let curves = curves.into_iter().map(|(name, _, points)| curve(name, points)).collect();
    evidence.pictures.push(Picture { name: "latencia", line, title, across, up, logarithmic, curves });
    let head = vec![
        text("clientes", "clients"),
        text("respuestas/s", "answers/s"),
        text("p50 ms", "p50 ms"),
        text("p95 ms", "p95 ms"),
        text("p99 ms", "p99 ms"),
        text("rechazadas (503)", "refused (503)"),
        text("fallidas", "failed"),
    ];
    evidence.tables.push(Table { line, title: text("Escalones", "Steps"), head, rows });
    Ok(evidence)
}
