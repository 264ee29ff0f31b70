//! SIGTERM in full load: how long the end takes, what it cuts, and what screens are told.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::Stage;
use super::mix::{self, Writer};
use crate::load::{Connection, Request};
use crate::measure::{Evidence, count, share};
use crate::swarm::Swarm;
use crate::target::Role;
use crate::text::text;

/// Who asks without a pause.
const CLIENTS: usize = 32;
/// Screens that are open.
const SCREENS: usize = 100;

/// What clients saw.
#[derive(Debug, Default)]
struct Seen {
    answered: AtomicUsize,
    /// Sent, and never answered.
    cut: AtomicUsize,
    /// Not let in any more, which a balancer sends elsewhere.
    away: AtomicUsize,
}

/// Loads and ends.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    let client = stage.target.client(Role::Supervisor).await?;
    let screens = SCREENS.min(stage.profile.sockets);
    let token = client.token.clone().unwrap_or_default();
    let mut swarm = Swarm::open(client.address, "/ws/connect", &token, screens, "nothing").await?;
    let write = mix::office(&client, stage.profile.tasks, stage.seed);
    let (seen, mut clients) = (Arc::new(Seen::default()), JoinSet::new());
    for number in 0..CLIENTS {
        clients.spawn(ask(client.address, write(number), Arc::clone(&seen)));
    }
    sleep(stage.profile.step.min(Duration::from_secs(2))).await;
    let before = seen.answered.load(Ordering::Relaxed);
    let mut server = stage.target.take()?;
    let begun = Instant::now();
    server.signal("TERM").await?;
    let ended = server.ended(stage.profile.patience).await?;
    let took = begun.elapsed().as_secs_f64();
    if ended.is_none() {
        server.kill().await?;
    }
    // What a process that is killed cuts is not what it cut when it was asked to end.
    let cut = seen.cut.load(Ordering::Relaxed);
    timeout(Duration::from_secs(5), async { while clients.join_next().await.is_some() {} }).await.ok();
    swarm.sent_away(Duration::from_secs(2)).await;
    let mut evidence = Evidence::default();
    evidence.note(
        "shutdown.ended",
        if ended.is_some() { 1.0 } else { 0.0 },
        "",
        text("atendió SIGTERM", "heeded SIGTERM"),
    );
    evidence.note(
        "shutdown.well",
        if ended == Some(true) { 1.0 } else { 0.0 },
        "",
        text("terminó con código 0", "ended with code 0"),
    );
    evidence.note("shutdown.seconds", took, "s", text("duración del apagado", "how long the end took"));
    let cut = if ended.is_some() { seen.cut.load(Ordering::Relaxed) } else { cut };
    evidence.note(
        "shutdown.cut",
        count(cut),
        "",
        text("peticiones enviadas y nunca respondidas", "requests sent and never answered"),
    );
    let answered = seen.answered.load(Ordering::Relaxed);
    evidence.note(
        "shutdown.answered_before",
        count(before),
        "",
        text("respondidas antes de la señal", "answered before the signal"),
    );
    let what = text("respondidas durante el apagado", "answered during the end");
    evidence.note("shutdown.answered_during", count(answered.saturating_sub(before)), "", what);
    let what = text("clientes que ya no pudieron entrar", "clients that could not come in any more");
    evidence.note("shutdown.away", count(seen.away.load(Ordering::Relaxed)), "", what);
    let told = share(count(swarm.resumable()), count(screens));
    evidence.note(
        "shutdown.resumable_share",
        told,
        "",
        text("pantallas que saben desde dónde seguir", "screens told where to resume"),
    );
    swarm.close().await;
    Ok(evidence)
}

/// Asks without a pause until it is not let in any more.
async fn ask(address: SocketAddr, mut write: Writer, seen: Arc<Seen>) {
    let (mut open, mut request): (Option<Connection>, _) = (None, Request::default());
    loop {
        let mut connection = match open.take() {
            Some(connection) => connection,
            None => match Connection::open(address).await {
                Ok(connection) => connection,
                Err(_) => {
                    seen.away.fetch_add(1, Ordering::Relaxed);
                    return;
                }
            },
        };
        write(&mut request);
        match connection.exchange(request.bytes()).await {
            Ok(_) => {
                seen.answered.fetch_add(1, Ordering::Relaxed);
                open = (!connection.closing()).then_some(connection);
            }
            Err(_) => {
                seen.cut.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}
