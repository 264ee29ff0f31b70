//! Searches for the nearest officers beside people who write.

use anyhow::Result;

use super::nominal::first;
use super::{Stage, mix};
use crate::load::{closed, open};
use crate::measure::{Evidence, count, share};
use crate::target::Role;
use crate::text::text;

/// Searches a second.
const RATE: u32 = 50;
/// Connections that they are spread over.
const SPREAD: usize = 16;
/// Who writes as fast as each can.
const WRITERS: usize = 4;

/// Searches.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    let client = stage.target.client(Role::Supervisor).await?;
    let time = stage.profile.nearest;
    let (searches, writes) = tokio::join!(
        open(client.address, RATE, time, SPREAD, mix::searchers(&client, stage.seed)),
        closed(client.address, WRITERS, time, mix::writers(&client)),
    );
    let (searches, writes) = (searches?, writes?);
    let mut evidence = Evidence::default();
    let what = text("p50 de los más cercanos junto a escritores", "p50 of the nearest beside writers");
    evidence.note("nearest.p50_ms", searches.latency_ms(0.5), "ms", what);
    let what = text("p99 de los más cercanos junto a escritores", "p99 of the nearest beside writers");
    evidence.note("nearest.p99_ms", searches.latency_ms(0.99), "ms", what);
    let failed = share(count(searches.failed), count(searches.failed + searches.answered));
    evidence.note(
        "nearest.errors_share",
        failed,
        "",
        text("parte de búsquedas fallidas", "share of searches that failed"),
    );
    let what = text("tareas creadas por segundo al mismo tiempo", "tasks made a second at the same time");
    evidence.note("nearest.writes_per_second", writes.per_second(), "/s", what);
    evidence.notes.extend(searches.failure.or(writes.failure).map(first));
    Ok(evidence)
}
