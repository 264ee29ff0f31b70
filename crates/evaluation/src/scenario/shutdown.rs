//! SIGTERM in full load: how long the end takes, what it cuts, and what screens are told.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::Stage;
use super::kill::codes;
use super::mix;
use crate::client::Client;
use crate::load::{Connection, Request, Writer};
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
    /// Begun to be answered, and not to the end.
    cut: AtomicUsize,
    /// Not answered by a single byte: sent just when an idle connection was closed, which clients and
    /// balancers repeat. The code of the task that it was to make, if it was to make one.
    raced: Mutex<Vec<Option<String>>>,
    /// Not let in any more, which a balancer sends elsewhere.
    away: AtomicUsize,
}

/// Loads and ends.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    let client = stage.target.client(Role::Supervisor).await?;
    let screens = SCREENS.min(stage.profile.sockets);
    let token = client.token.clone().unwrap_or_default();
    let mut swarm = Swarm::open(client.address, "/ws/connect", &token, screens, "nothing").await?;
    let (seen, mut clients) = (Arc::new(Seen::default()), JoinSet::new());
    for number in 0..CLIENTS {
        let write = mix::readers(&client, stage.profile.tasks, stage.seed)(number);
        clients.spawn(ask(client.clone(), write, Arc::clone(&seen)));
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
    let orphans = stage.target.said()?.lines().filter(|line| line.contains("tasks_cut")).count();
    let what = text("procesos cuyas tareas no terminaron a tiempo", "processes whose tasks did not end in time");
    evidence.note("shutdown.orphans", count(orphans), "", what);
    evidence.answer("shutdown.ended", ended.is_some(), text("atendió SIGTERM", "heeded SIGTERM"));
    evidence.answer("shutdown.well", ended == Some(true), text("terminó con código 0", "ended with code 0"));
    evidence.note("shutdown.seconds", took, "s", text("duración del apagado", "how long the end took"));
    let raced = seen.raced.lock().unwrap_or_else(PoisonError::into_inner).clone();
    // Whoever was not answered may repeat, unless it was carried out.
    let present = match ended {
        Some(_) => codes(&stage.target.client(Role::Supervisor).await?).await?,
        None => BTreeSet::new(),
    };
    let carried_out = raced.iter().flatten().filter(|code| present.contains(*code)).count();
    let cut = if ended.is_some() { seen.cut.load(Ordering::Relaxed) + carried_out } else { cut };
    let what = text(
        "no tomadas: enviadas al cerrarse la conexión, sin efecto, se repiten",
        "not taken: sent as the connection closed, without effect, to be repeated",
    );
    evidence.note("shutdown.raced", count(raced.len() - carried_out), "", what);
    evidence.note(
        "shutdown.cut",
        count(cut),
        "",
        text(
            "peticiones cortadas: a medio responder, o hechas y sin respuesta",
            "requests cut: answered in part, or carried out without an answer",
        ),
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

/// Asks without a pause until it is not let in any more; one in ten makes a task.
async fn ask(client: Client, mut write: Writer, seen: Arc<Seen>) {
    let (mut open, mut request): (Option<Connection>, _) = (None, Request::default());
    for number in 0_usize.. {
        let mut connection = match open.take() {
            Some(connection) => connection,
            None => match Connection::open(client.address).await {
                Ok(connection) => connection,
                Err(_) => {
                    seen.away.fetch_add(1, Ordering::Relaxed);
                    return;
                }
            },
        };
        let code = number.is_multiple_of(10).then(mix::code);
        match &code {
            Some(code) => mix::make(&client, code, &mut request),
            None => write(&mut request),
        }
        match connection.exchange(request.bytes()).await.map(|_| ()) {
            Ok(()) => {
                seen.answered.fetch_add(1, Ordering::Relaxed);
                open = (!connection.closing()).then_some(connection);
            }
            Err(_) if connection.is_untouched() => {
                seen.raced.lock().unwrap_or_else(PoisonError::into_inner).push(code);
            }
            Err(_) => {
                seen.cut.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}
