//! A gentle load that only reads: what may be asked of an office that somebody else serves.

use std::time::Duration;

use anyhow::{Context, Result};

use super::nominal::first;
use super::{Stage, mix};
use crate::load::open;
use crate::measure::{Evidence, count, share};
use crate::target::Role;
use crate::text::text;

/// Requests a second: a fraction of what an office sends by itself, and below its limits of requests.
const RATE: u32 = 5;
/// Connections that they are spread over.
const CONNECTIONS: usize = 4;
/// How long.
const TIME: Duration = Duration::from_secs(10);

/// Looks.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    let client = stage.target.client(Role::Administrator).await?;
    // Whoever is asked may have few tasks: the newest are there.
    let tasks = client.get("/api/v1/tasks/?limit=20").await?.ok()?;
    let ids: Vec<i64> = tasks.as_array().into_iter().flatten().filter_map(|task| task["id"].as_i64()).collect();
    let load = open(client.address, RATE, TIME, CONNECTIONS, mix::some(&client, ids, stage.seed)).await?;
    let mut evidence = Evidence::default();
    evidence.note(
        "look.rate",
        f64::from(RATE),
        "/s",
        text("peticiones de sólo lectura por segundo", "requests a second that only read"),
    );
    let all = load.answered + load.failed;
    let all = Some(all).filter(|all| *all > 0).context("no request was sent")?;
    evidence.note("look.p95_ms", load.latency_ms(0.95), "ms", text("p95 de la lectura", "p95 of reading"));
    evidence.note("look.p99_ms", load.latency_ms(0.99), "ms", text("p99 de la lectura", "p99 of reading"));
    let failed = share(count(load.failed), count(all));
    evidence.note("look.errors_share", failed, "", text("parte de lecturas fallidas", "share of reads that failed"));
    evidence.notes.extend(load.failure.map(first));
    Ok(evidence)
}
