//! Many screens: how fast they connect, how soon all hear of one event, and what is left of them.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use tokio::time::sleep;

use super::{Stage, mix};
use crate::client::Client;
use crate::measure::{Curve, Evidence, Picture, count, quantile, share};
use crate::swarm::{Swarm, raise_file_limit};
use crate::target::Role;
use crate::text::text;
use crate::usage;

/// What stands in every message that is waited for.
const SIGN: &str = "\"event_type\":\"task_created\"";
/// Longest wait for all to hear of it, or to be gone.
const PATIENCE: Duration = Duration::from_secs(15);

/// Opens, tells, closes.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    let files = raise_file_limit()?;
    let (count_of, events) = (stage.profile.sockets, stage.profile.events);
    ensure!(count(files) > count(count_of) + 200.0, "the system lets a process have {files} files open");
    let client = stage.target.client(Role::Supervisor).await?;
    let (token, pid) = (client.token.clone().unwrap_or_default(), stage.target.pid()?);
    // The first ones fill what later ones find: pages of the program, pools of the allocator.
    Swarm::open(client.address, "/ws/connect", &token, count_of / 5 + 1, SIGN).await?.close().await;
    settled(&client, |open| open == 0.0).await?;
    let before = usage::memory(pid)?.resident;
    let begun = Instant::now();
    let mut swarm = Swarm::open(client.address, "/ws/connect", &token, count_of, SIGN).await?;
    let took = begun.elapsed().as_secs_f64();
    let open = settled(&client, |open| open >= count(count_of)).await?;
    let each = count(usage::memory(pid)?.resident.saturating_sub(before)) / count(count_of).max(1.0);
    let (mut times, mut slowest) = (Vec::new(), Vec::new());
    for _ in 0..events {
        let begun = Instant::now();
        let body = serde_json::from_str(&mix::body(&mix::code(), client.user))?;
        let (made, heard) = tokio::join!(client.send("POST", "/api/v1/tasks/", Some(&body)), swarm.hears(PATIENCE));
        made?.ok()?;
        let took: Vec<f64> = heard?.into_iter().map(|at| (at - begun).as_secs_f64() * 1000.0).collect();
        slowest.push((count(slowest.len()) + 1.0, took.iter().copied().fold(0.0, f64::max)));
        times.extend(took);
    }
    swarm.close().await;
    let left = settled(&client, |open| open == 0.0).await?;
    let mut evidence = Evidence::default();
    evidence.note("swarm.sockets", count(count_of), "", text("conexiones", "sockets"));
    evidence.note(
        "swarm.opened_share",
        share(open, count(count_of)),
        "",
        text("parte de ellas abierta", "share of them open"),
    );
    evidence.note(
        "swarm.opened_per_second",
        count(count_of) / took,
        "/s",
        text("ritmo de apertura", "rate of opening"),
    );
    for (name, part, what) in [
        ("swarm.fan_out_p50_ms", 0.5, text("mediana del reparto de un evento", "median of the fan-out of an event")),
        ("swarm.fan_out_p99_ms", 0.99, text("p99 del reparto de un evento", "p99 of the fan-out of an event")),
    ] {
        if let Some(value) = quantile(&mut times, part) {
            evidence.note(name, value, "ms", what);
        }
    }
    evidence.note("swarm.bytes_each", each, "B", text("memoria residente de cada una", "resident memory of each"));
    evidence.note(
        "swarm.left_over",
        left,
        "",
        text("conexiones que quedan tras el cierre", "sockets left after they closed"),
    );
    let title = text("Última pantalla que oye cada evento", "Last screen to hear each event");
    let (across, up) = (text("evento", "event"), text("ms", "ms"));
    let curves = vec![Curve { name: text("la más lenta", "the slowest"), points: slowest }];
    evidence.pictures.push(Picture { name: "reparto", line: "5.1", title, across, up, logarithmic: false, curves });
    Ok(evidence)
}

/// Waits until so many sockets are open at the server as are wanted; how many there are, also when
/// that has not come about after a while.
async fn settled(client: &Client, is_wanted: impl Fn(f64) -> bool) -> Result<f64> {
    let until = Instant::now() + PATIENCE;
    loop {
        let open = client.figures().await?.sum("ws_connections_active");
        if is_wanted(open) || Instant::now() > until {
            return Ok(open);
        }
        sleep(Duration::from_millis(200)).await;
    }
}
