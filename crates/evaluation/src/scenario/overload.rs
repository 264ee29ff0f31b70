//! Twice as much as can be done: what still gets done, and how the rest is told no.

use anyhow::Result;

use super::nominal::first;
use super::{Stage, mix};
use crate::load::{apart, open};
use crate::measure::{Evidence, count, share};
use crate::peak::{peak, twice};
use crate::swarm::raise_file_limit;
use crate::target::Role;
use crate::text::text;

/// Clients that find the peak.
const BUSY: usize = 64;

/// Loads.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    raise_file_limit()?;
    let client = stage.target.client(Role::Supervisor).await?;
    let profile = stage.profile;
    let mix = mix::office(&client, profile.tasks, stage.seed);
    let clients = BUSY.min(profile.overload_connections);
    let (peak, rate, load) = apart(async move {
        // Just before, since what else the machine does drifts.
        let peak = peak(client.address, clients, profile.step, &mix).await?.per_second();
        let rate = twice(peak);
        let load = open(client.address, rate, profile.overload, profile.overload_connections, mix).await?;
        anyhow::Ok((peak, rate, load))
    })
    .await?;
    let mut evidence = Evidence::default();
    evidence.note(
        "overload.rate",
        f64::from(rate),
        "/s",
        text("carga ofrecida, el doble del máximo", "load offered, twice the peak"),
    );
    let what = text("trabajo útil frente al máximo", "useful work against the peak");
    evidence.note("overload.goodput_ratio", share(load.per_second(), peak), "", what);
    evidence.note("overload.p99_ms", load.latency_ms(0.99), "ms", text("p99 de lo admitido", "p99 of what was let in"));
    let all = count(load.answered + load.failed);
    evidence.note(
        "overload.shed_share",
        share(count(load.shed()), all),
        "",
        text("parte rechazada (503)", "share refused (503)"),
    );
    evidence.note(
        "overload.shed_p50_ms",
        load.shed_ms(0.5),
        "ms",
        text("mediana de los rechazos", "median of refusals"),
    );
    let lost = load.failed - load.shed();
    evidence.note("overload.lost", count(lost), "", text("fallidas de otro modo", "failed otherwise"));
    if lost > 0 {
        evidence.notes.extend(load.failure.map(first));
    }
    Ok(evidence)
}
