//! One replica and two: how much more gets done, whether who signed in at one is known at the other,
//! and whether anybody notices when replicas are renewed or killed.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::kill::codes;
use super::{Stage, mix};
use crate::client::Client;
use crate::load::{Connection, Request, closed};
use crate::measure::{Evidence, Table, count, share};
use crate::process::Server;
use crate::service::Balancer;
use crate::target::Role;
use crate::text::{Text, text};

/// Who asks as fast as each can.
const CLIENTS: usize = 64;
/// Who asks while replicas come and go.
const PEOPLE: usize = 16;
/// How long people are watched before and after what is done to a replica; after its death twice that.
const WATCHED: Duration = Duration::from_secs(1);
/// Longest wait for a revoked session to be refused at the other replica.
const PATIENCE: Duration = Duration::from_secs(10);
/// Requests over one connection.
const STAY: usize = 20;
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(20);
/// How long a replica that was told to end goes on answering: a balancer needs most of a second to
/// notice.
const DRAINS: [(&str, &str); 1] = [("GAD_DRAIN_DELAY", "2")];

/// Scales, signs in and out, renews, kills.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    let client = stage.target.client(Role::Supervisor).await?;
    let (profile, one) = (stage.profile, client.address);
    let mix = mix::office(&client, profile.tasks, stage.seed);
    let alone = closed(one, CLIENTS, profile.step, &mix).await?.per_second();
    let other = stage.target.replica(&DRAINS).await?;
    let two = other.address;
    let (first, second) =
        tokio::join!(closed(one, CLIENTS / 2, profile.step, &mix), closed(two, CLIENTS / 2, profile.step, &mix),);
    let (first, second) = (first?.per_second(), second?.per_second());
    let mut evidence = Evidence::default();
    evidence.note("scale.one_per_second", alone, "/s", text("caudal de una réplica", "rate of one replica"));
    evidence.note("scale.two_per_second", first + second, "/s", text("caudal de dos réplicas", "rate of two replicas"));
    evidence.note(
        "scale.factor",
        share(first + second, alone),
        "",
        text("factor de 1 a 2 réplicas", "factor from 1 to 2 replicas"),
    );
    let spread = share(first.min(second), first.max(second));
    evidence.note(
        "scale.spread",
        spread,
        "",
        text("reparto: la que menos hizo frente a la que más", "spread: who did least against who did most"),
    );
    sessions(stage, &mut evidence, one, two).await?;
    renewed_and_killed(stage, &mut evidence, client, other).await?;
    invariants(stage, &mut evidence).await?;
    Ok(evidence)
}

/// Whether anybody notices when the other replica is renewed, and then killed.
async fn renewed_and_killed(stage: &Stage, evidence: &mut Evidence, client: Client, mut other: Server) -> Result<()> {
    let (one, two) = (client.address, other.address);
    let balancer = Balancer::before([one, two]).await?;
    evidence.answer(
        "scale.balancer",
        balancer.is_some(),
        text(
            "HAProxy ante las réplicas, con la configuración de `deploy/`",
            "HAProxy before the replicas, set up as in `deploy/`",
        ),
    );
    if balancer.is_none() {
        evidence.notes.push(text(
            "Sin HAProxy (`apt-get install haproxy`), quien pide elige la réplica por sí mismo.",
            "Without HAProxy (`apt-get install haproxy`) whoever asks chooses the replica by itself.",
        ));
    }
    let entrances = |open: &[SocketAddr]| balancer.as_ref().map_or(open.to_vec(), |balancer| vec![balancer.address]);
    let (doors, told) = watch::channel(entrances(&[one, two]));
    let (seen, mut people) = (Arc::new(Seen::default()), JoinSet::new());
    for number in 0..PEOPLE {
        people.spawn(asks(told.clone(), number, client.clone(), Arc::clone(&seen)));
    }
    sleep(WATCHED).await;
    // Renewed. Without a balancer, which notices by itself, people must be told.
    let begun = Instant::now();
    doors.send_replace(entrances(&[one]));
    other.stop().await.context("a replica that is renewed")?;
    other = stage.target.replica_at(two, &DRAINS).await?;
    if let Some(balancer) = &balancer {
        balancer.sends_to(2).await?;
    }
    doors.send_replace(entrances(&[one, two]));
    sleep(WATCHED).await;
    let rolled = seen.taken();
    evidence.note(
        "rolling.seconds",
        begun.elapsed().as_secs_f64(),
        "s",
        text("renovar una réplica bajo carga", "renewing a replica under load"),
    );
    evidence.note(
        "rolling.answered",
        count(rolled.answered),
        "",
        text("peticiones respondidas mientras tanto", "requests answered meanwhile"),
    );
    let what = text("peticiones fallidas mientras se renovaba", "requests that failed while it was renewed");
    evidence.note("rolling.failed", count(rolled.failed + rolled.cut), "", what);
    // Killed: nobody knows beforehand.
    other.kill().await?;
    sleep(2 * WATCHED).await;
    let killed = seen.taken();
    evidence.note(
        "failover.answered",
        count(killed.answered),
        "",
        text("peticiones respondidas tras matar una réplica", "requests answered after a replica was killed"),
    );
    let what = text(
        "peticiones cortadas al matar una réplica (cada cliente repite las suyas)",
        "requests cut when a replica was killed (each client repeats its own)",
    );
    evidence.note("failover.cut", count(killed.cut + killed.failed), "", what);
    let gap = killed.gap.as_secs_f64() * 1000.0;
    evidence.note(
        "failover.gap_ms",
        gap,
        "ms",
        text("mayor pausa entre dos respuestas cualesquiera", "longest pause between any two answers"),
    );
    drop(doors);
    people.shutdown().await;
    let present = timeout(PATIENCE, codes(&client)).await.context("the record does not answer")??;
    let made = seen.made.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let lost = made.difference(&present).count();
    evidence.note(
        "failover.acknowledged",
        count(made.len()),
        "",
        text("tareas confirmadas en todo ese tiempo", "tasks acknowledged in all that time"),
    );
    evidence.note("failover.lost", count(lost), "", text("confirmadas y perdidas", "acknowledged and lost"));
    Ok(())
}

/// Whether a session is one at both replicas, at its beginning and at its end.
async fn sessions(stage: &Stage, evidence: &mut Evidence, one: SocketAddr, two: SocketAddr) -> Result<()> {
    let here = stage.target.signs_in(one, Role::Supervisor).await?;
    let there = Client { address: two, ..here.clone() };
    let known = there.get("/api/v1/users/me").await?.status == 200;
    evidence.answer(
        "sessions.shared",
        known,
        text(
            "quien entró por una réplica es conocido en la otra",
            "who signed in at one replica is known at the other",
        ),
    );
    here.send("POST", "/api/v1/auth/logout", None).await?.ok().context("signing out")?;
    let begun = Instant::now();
    while there.get("/api/v1/users/me").await?.status == 200 && begun.elapsed() < PATIENCE {
        sleep(PAUSE).await;
    }
    let what = text(
        "hasta que una sesión revocada se rechaza en la otra réplica",
        "until a revoked session is refused at the other replica",
    );
    evidence.note("sessions.revoked_seconds", begun.elapsed().as_secs_f64(), "s", what);
    Ok(())
}

/// What must hold whatever happened, one query each.
async fn invariants(stage: &mut Stage, evidence: &mut Evidence) -> Result<()> {
    static QUERIES: [(Text, &str); 3] = [
        (
            text("efectivos con más de una tarea en curso", "officers with more than one task in progress"),
            "SELECT count(*) FROM (SELECT te.efectivo_id FROM tarea_efectivos te JOIN tareas t ON t.id = te.tarea_id \
             WHERE t.estado::text = 'en_curso' AND t.deleted_at IS NULL GROUP BY 1 HAVING count(*) > 1) x",
        ),
        (
            text("códigos repetidos", "codes given twice"),
            "SELECT count(*) FROM (SELECT codigo FROM tareas GROUP BY 1 HAVING count(*) > 1) x",
        ),
        (
            text("saltos en la numeración de los eventos", "gaps in the numbers of events"),
            "SELECT coalesce(max(numero) - min(numero) + 1 - count(*), 0) FROM eventos WHERE numero IS NOT NULL",
        ),
    ];
    let (mut broken, mut rows) = (0_usize, Vec::new());
    for (what, sql) in &QUERIES {
        let found = stage.target.asks(sql).await.with_context(|| what.en.to_string())?;
        let found = found.trim().to_owned();
        broken += usize::from(found != "0");
        rows.push(vec![what.clone(), found.into()]);
    }
    let head = vec![text("lo que no debe haber", "what there must not be"), text("hallado", "found")];
    let title =
        text("Invariantes tras todas las fallas, una consulta cada uno", "Invariants after all faults, one query each");
    evidence.tables.push(Table { line: "10.2", title, head, rows });
    evidence.note(
        "invariants.broken",
        count(broken),
        "",
        text("invariantes rotos tras todas las fallas", "invariants broken after all faults"),
    );
    Ok(())
}

/// What people saw since the last look.
#[derive(Debug, Default, Clone, Copy)]
struct Taken {
    answered: usize,
    /// Answered by an error that is no refusal.
    failed: usize,
    /// Sent, and never answered.
    cut: usize,
    /// Longest time without any answer to anybody.
    gap: Duration,
    last: Option<Instant>,
}

#[derive(Debug, Default)]
struct Seen {
    taken: Mutex<Taken>,
    /// Codes that were acknowledged.
    made: Mutex<BTreeSet<String>>,
}

impl Seen {
    fn taken(&self) -> Taken {
        std::mem::take(&mut *self.taken.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, of: impl FnOnce(&mut Taken)) {
        of(&mut self.taken.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Asks without a pause at whatever door is open: the balancer's, or as behind one.
async fn asks(mut doors: watch::Receiver<Vec<SocketAddr>>, number: usize, client: Client, seen: Arc<Seen>) {
    let (mut open, mut turn, mut sent): (Option<(SocketAddr, Connection)>, usize, usize) = (None, number, 0);
    let mut request = Request::default();
    loop {
        let now = doors.borrow_and_update().clone();
        // A balancer sends nothing more over a door that it has closed, and now and then chooses anew.
        sent += 1;
        open = open.filter(|(door, connection)| now.contains(door) && !connection.closing() && sent % STAY != 0);
        let (door, mut connection) = match open.take() {
            Some(open) => open,
            None => {
                turn += 1;
                let door = now[turn % now.len()];
                match Connection::open(door).await {
                    Ok(connection) => (door, connection),
                    Err(_) => {
                        sleep(PAUSE).await;
                        continue;
                    }
                }
            }
        };
        let code = (sent % 3 == 0).then(mix::code);
        match &code {
            Some(code) => mix::make_once(&client, code, &mut request),
            None => request.get("/api/v1/tasks/?limit=5", client.token.as_deref()),
        }
        match connection.exchange(request.bytes()).await {
            Ok(answer) if answer.status < 400 => {
                seen.note(|taken| {
                    let now = Instant::now();
                    taken.answered += 1;
                    taken.gap = taken.last.map_or(taken.gap, |last| taken.gap.max(now - last));
                    taken.last = Some(now);
                });
                if let Some(code) = code {
                    seen.made.lock().unwrap_or_else(PoisonError::into_inner).insert(code);
                }
                open = Some((door, connection));
            }
            Ok(_) => {
                seen.note(|taken| taken.failed += 1);
                open = Some((door, connection));
            }
            Err(_) => seen.note(|taken| taken.cut += 1),
        }
    }
}
