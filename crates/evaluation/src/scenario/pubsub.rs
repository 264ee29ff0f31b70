//! Two replicas and what screens of one hear of changes at the other: with Redis, without it, and
//! when it comes back.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::{Stage, mix};
use crate::client::Client;
use crate::measure::{Curve, Evidence, Picture, count, quantile};
use crate::swarm::Swarm;
use crate::target::Role;
use crate::text::text;
use crate::witness::Witnesses;

/// Screens, by turns at each replica.
const SCREENS: usize = 20;
/// Events of each phase.
const EVENTS: usize = 15;
/// Longest wait for one event, and for Redis to be used again.
const PATIENCE: Duration = Duration::from_secs(15);
/// What stands in every message that is waited for.
const SIGN: &str = "\"event_type\":\"task_created\"";

/// Tells, takes Redis away, tells, brings it back, tells.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    let client = stage.target.client(Role::Administrator).await?;
    let other = stage.target.replica(&[]).await?;
    let token = client.token.clone().unwrap_or_default();
    let witnesses = Witnesses::gather(&[client.address, other.address], &token, SCREENS).await?;
    let mut screen = Swarm::open(other.address, "/ws/connect", &token, 1, SIGN).await?;
    let mut points = Vec::new();
    let mut with = tell(&client, &mut screen, EVENTS, &mut points).await?;
    stage.target.services()?.1.dies().await?;
    let mut without = tell(&client, &mut screen, EVENTS, &mut points).await?;
    stage.target.services()?.1.comes_back().await?;
    let (begun, usual) = (Instant::now(), quantile(&mut with, 0.95).context("no event was heard")?);
    let mut back = None;
    while back.is_none() && begun.elapsed() < PATIENCE {
        let late = tell(&client, &mut screen, 3, &mut points).await?;
        let most = late.iter().copied().fold(0.0, f64::max);
        back = (most <= 2.0 * usual + 20.0).then(|| begun.elapsed());
    }
    screen.close().await;
    let (faults, _) = witnesses.compare(&client, PATIENCE).await?;
    other.stop().await?;
    let mut evidence = Evidence::default();
    evidence.note("pubsub.screens", count(SCREENS), "", text("pantallas en dos réplicas", "screens at two replicas"));
    evidence.note(
        "pubsub.with_p95_ms",
        usual,
        "ms",
        text("p95 de réplica a réplica, con Redis", "p95 from replica to replica, with Redis"),
    );
    if let Some(late) = quantile(&mut without, 0.95) {
        evidence.note(
            "pubsub.without_p95_ms",
            late,
            "ms",
            text("p95 de réplica a réplica, sin Redis", "p95 from replica to replica, without Redis"),
        );
    }
    if let Some(back) = back {
        let what = text("desde que Redis volvió hasta que se usa", "from Redis' return until it is used");
        evidence.note("pubsub.back_seconds", back.as_secs_f64(), "s", what);
    }
    evidence.answer("pubsub.back", back.is_some(), text("Redis volvió a usarse", "Redis is used again"));
    faults.tell(&mut evidence, ["pubsub.expected", "pubsub.lost", "pubsub.doubled", "pubsub.out_of_order"]);
    let title = text(
        "De un cambio a la pantalla de la otra réplica, sin Redis en el medio",
        "From a change to the screen of the other replica, Redis away in the middle",
    );
    let (across, up) = (text("evento", "event"), text("ms", "ms"));
    let curves = vec![Curve { name: text("demora", "delay"), points }];
    evidence.pictures.push(Picture {
        name: "entre-replicas",
        line: "5.2",
        title,
        across,
        up,
        logarithmic: false,
        curves,
    });
    Ok(evidence)
}

/// Makes tasks one after the other; how long each took until the screen heard, in milliseconds.
async fn tell(client: &Client, screen: &mut Swarm, events: usize, points: &mut Vec<(f64, f64)>) -> Result<Vec<f64>> {
    let mut late = Vec::with_capacity(events);
    for _ in 0..events {
        let begun = Instant::now();
        let body = serde_json::from_str(&mix::body(&mix::code(), client.user))?;
        let (made, heard) = tokio::join!(client.send("POST", "/api/v1/tasks/", Some(&body)), screen.hears(PATIENCE));
        made?.ok()?;
        let at = heard?.into_iter().next().context("nobody heard")?;
        let took = at.saturating_duration_since(begun).as_secs_f64() * 1000.0;
        points.push((count(points.len()) + 1.0, took));
        late.push(took);
    }
    Ok(late)
}
