//! Our generator beside an independent one: the same requests, as fast as as many connections can,
//! and what each says of their latency.

use std::fmt::Write as _;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use evaluation::load::closed;

use crate::bench::{Bench, CONNECTIONS, Pair, Round, median, sound};
use crate::get;
use crate::meter::Cost;
use crate::office::{Caller, Size, Store, TASKS};
use crate::report::{Goal, Row};

/// The latencies that are compared.
const PARTS: [f64; 3] = [0.5, 0.9, 0.99];
/// How far apart they may be.
const WITHIN: f64 = 0.1;

/// Tasks by their number on SQLite, beside wrk.
pub fn wrk(bench: &mut Bench) -> Result<Row> {
    bench.office(Store::Sqlite, Size::City)?;
    let bench = &*bench;
    let wrk = bench.wrk.as_deref().context("wrk is missing; install with: apt-get install wrk")?;
    let (server, caller) = bench.at(Store::Sqlite, Size::City)?.served()?;
    let script = bench.dir.path().join("tasks.lua");
    std::fs::write(&script, lua(caller))?;
    let ours = |time| {
        let load = bench.generator.block_on(closed(server.address, CONNECTIONS, time, get::client(&caller.token)))?;
        // As wrk does, unasked and untold (`stats_correct` in its source).
        let load = sound(load)?.with_the_unsent(u32::try_from(CONNECTIONS)?)?;
        anyhow::Ok(PARTS.map(|part| load.latency_ms(part)))
    };
    let theirs = |time: Duration| {
        let output = Command::new(wrk)
            .args(["--latency", "--threads=1"])
            .args([format!("--connections={CONNECTIONS}"), format!("--duration={}s", time.as_secs().max(1))])
            .arg("--script")
            .arg(&script)
            .arg(format!("http://{}/", server.address))
            .output()
            .context("cannot start wrk")?;
        let told = String::from_utf8_lossy(&output.stdout);
        ensure!(output.status.success() && !told.contains("Non-2xx"), "wrk ended badly: {told}");
        let mut found = [0.0; PARTS.len()];
        for (found, part) in found.iter_mut().zip(PARTS) {
            *found = quantile(&told, part).with_context(|| format!("wrk does not tell its latencies: {told}"))?;
        }
        Ok(found)
    };
    let warm = Duration::from_secs(1);
    ours(warm)?;
    theirs(warm)?;
    let (mut our_rounds, mut their_rounds) = (Vec::new(), Vec::new());
    for _ in 0..bench.rounds {
        our_rounds.push(ours(bench.round)?);
        their_rounds.push(theirs(bench.round)?);
    }
    let rounds = |of: &[[f64; PARTS.len()]]| of.iter().map(|found| Round::new(found[2], Cost::new())).collect();
    let pair = Pair { ours: rounds(&our_rounds), reference: rounds(&their_rounds) };
    let work = "p99 of GET task by id, 32 connections";
    let mut row = Row::compared(work, "wrk", "ms", &pair, Goal::ratio(1.0 - WITHIN));
    let mut said = String::from("ours / wrk");
    for (at, part) in PARTS.iter().enumerate() {
        let figures = |of: &[[f64; PARTS.len()]]| median(of.iter().map(|found| found[at]));
        let ratio = median(our_rounds.iter().zip(&their_rounds).map(|(ours, theirs)| ours[at] / theirs[at]));
        row.holds &= (1.0 - WITHIN..=1.0 + WITHIN).contains(&ratio);
        let (ours, theirs) = (figures(&our_rounds), figures(&their_rounds));
        write!(said, "; p{:.0}: {ours:.3} / {theirs:.3} ms ({ratio:.2})", 100.0 * part)?;
    }
    said.push_str(" (each within 10 %)");
    row.notes.push(said);
    Ok(row)
}

/// Asks for any task, as our own generator does.
fn lua(caller: &Caller) -> String {
    format!(
        "wrk.headers['Authorization'] = 'Bearer {}'\nfunction request()\n  return wrk.format('GET', '/api/v1/tasks/' .. \
         math.random(1, {TASKS}))\nend\n",
        caller.token
    )
}

/// What wrk says of a part of all latencies, in milliseconds.
fn quantile(told: &str, part: f64) -> Option<f64> {
    let name = format!("{:.0}%", 100.0 * part);
    let figure = told.lines().find_map(|line| line.trim().strip_prefix(&name))?.trim();
    [("us", 0.001), ("ms", 1.0), ("s", 1000.0)]
        .into_iter()
        .find_map(|(unit, factor)| Some(figure.strip_suffix(unit)?.parse::<f64>().ok()? * factor))
}
