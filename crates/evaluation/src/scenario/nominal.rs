//! The load of a busy day: an open model, whose latencies count from when each request was due.

use anyhow::Result;

use super::{Stage, mix};
use crate::load::open;
use crate::measure::{Evidence, count, share};
use crate::target::Role;
use crate::text::{Text, text};

/// Connections that it is spread over: enough that a late answer holds up no other.
const CONNECTIONS: usize = 256;

/// Loads.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    let client = stage.target.client(Role::Supervisor).await?;
    let profile = stage.profile;
    let mix = mix::office(&client, profile.tasks, stage.seed);
    // An office that has just begun opens its connections to the record, which its first second waits
    // for: at less than the full rate it would open but a part of them.
    open(client.address, profile.nominal_rate, profile.nominal / 8, CONNECTIONS, &mix).await?;
    let load = open(client.address, profile.nominal_rate, profile.nominal, CONNECTIONS, mix).await?;
    let mut evidence = Evidence::default();
    let rate = f64::from(profile.nominal_rate);
    evidence.note("nominal.rate", rate, "/s", text("carga nominal pedida", "nominal load asked for"));
    let got = share(load.per_second(), rate);
    evidence.note(
        "nominal.rate_share",
        got,
        "",
        text("parte de ella que se sostuvo", "share of it that was sustained"),
    );
    for (name, part, what) in [
        ("nominal.p50_ms", 0.5, text("mediana a carga nominal", "median at nominal load")),
        ("nominal.p95_ms", 0.95, text("p95 a carga nominal", "p95 at nominal load")),
        ("nominal.p99_ms", 0.99, text("p99 a carga nominal", "p99 at nominal load")),
    ] {
        evidence.note(name, load.latency_ms(part), "ms", what);
    }
    let failed = share(count(load.failed), count(load.failed + load.answered));
    evidence.note("nominal.errors_share", failed, "", text("parte de peticiones fallidas", "share of failed requests"));
    evidence.notes.extend(load.failure.map(first));
    Ok(evidence)
}

/// What the first failure was.
pub fn first(failure: String) -> Text {
    let short: String = failure.chars().take(200).collect();
    Text::made(format!("Primer fallo: {short}"), format!("First failure: {short}"))
}
