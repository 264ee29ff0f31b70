//! Thousands of events, and screens that must see each of them once.

use std::time::Duration;

use anyhow::Result;

use super::{Stage, mix};
use crate::load::closed;
use crate::measure::{Evidence, count};
use crate::target::Role;
use crate::text::text;
use crate::witness::{Faults, Witnesses};

/// Screens that look.
const SCREENS: usize = 10;
/// Who makes tasks.
const WRITERS: usize = 8;
/// Longest wait for screens to have seen all.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Writes and looks.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    let client = stage.target.client(Role::Administrator).await?;
    let token = client.token.clone().unwrap_or_default();
    let witnesses = Witnesses::gather(&[client.address], &token, SCREENS).await?;
    let made = closed(client.address, WRITERS, stage.profile.stream, mix::writers(&client)).await?;
    let (faults, _) = witnesses.compare(&client, PATIENCE).await?;
    let mut evidence = Evidence::default();
    evidence.note("events.made", count(made.answered), "", text("tareas creadas mientras miraban", "tasks made while they looked"));
    tell(&mut evidence, &faults);
    Ok(evidence)
}

fn tell(evidence: &mut Evidence, faults: &Faults) {
    let what = text("eventos que las pantallas debían ver, sumados", "events that screens had to see, added up");
    evidence.note("events.expected", count(faults.expected), "", what);
    evidence.note("events.lost", count(faults.lost), "", text("eventos no vistos", "events not seen"));
    evidence.note("events.doubled", count(faults.doubled), "", text("eventos vistos de nuevo", "events seen again"));
    evidence.note("events.out_of_order", count(faults.out_of_order), "", text("eventos fuera de orden", "events out of order"));
}
