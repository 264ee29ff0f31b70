//! Thousands of events, and screens that must see each of them once.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::{Stage, mix};
use crate::load::closed;
use crate::measure::{Evidence, count};
use crate::target::Role;
use crate::text::text;
use crate::witness::Witnesses;

/// Screens that look.
const SCREENS: usize = 10;
/// Who makes tasks.
const WRITERS: usize = 8;
/// Tasks are made for so long before they are counted.
const PART: Duration = Duration::from_millis(500);
/// Longest time to make them.
const LONGEST: Duration = Duration::from_secs(60);
/// Longest wait for screens to have seen all.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Writes and looks.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    let client = stage.target.client(Role::Administrator).await?;
    let token = client.token.clone().unwrap_or_default();
    let witnesses = Witnesses::gather(&[client.address], &token, SCREENS).await?;
    let (begun, mut made) = (Instant::now(), 0);
    while made < stage.profile.stream && begun.elapsed() < LONGEST {
        made += closed(client.address, WRITERS, PART, mix::writers(&client)).await?.answered;
    }
    let (faults, _) = witnesses.compare(&client, PATIENCE).await?;
    let mut evidence = Evidence::default();
    evidence.note(
        "events.made",
        count(made),
        "",
        text("tareas creadas mientras miraban", "tasks made while they looked"),
    );
    faults.tell(&mut evidence, ["events.expected", "events.lost", "events.doubled", "events.out_of_order"]);
    Ok(evidence)
}
