//! Dispatch under load while replicas are killed: two processes on one PostgreSQL with Redis between
//! them, officers who answer at random, and emergencies without end.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use domain::{Availability, Point};
use rand::RngExt;
use serde_json::{Value, json};

use crate::dispatch_queue::{add_officer, open};
use crate::intruder::Intruder;
use crate::keep::Keep;
use crate::office::On;
use crate::person::Person;
use crate::redis_server::RedisServer;
use crate::replica::Replica;

/// Seconds of load in the normal run; `GAD_SOAK_SECONDS` sets another number.
const SECONDS: u64 = 6;
const OFFICERS: usize = 200;
/// Answers that are given at once.
const AT_ONCE: usize = 16;
/// Emergencies per second at most.
const RATE: f64 = 2.0;
/// Between two kills, in the long run and at least.
const KILLS: Duration = Duration::from_secs(30);
/// Longest time without any call served after the load.
const QUIESCENCE: Duration = Duration::from_secs(60);

/// What a simulated officer will do about one assignment.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Plan {
    Accept(Instant),
    Decline(Instant),
    Ignore,
    Done,
}

/// What the simulated people have in hand.
#[derive(Default)]
struct Desk {
    plans: BTreeMap<i64, Plan>,
    accepted: BTreeMap<i64, Instant>,
    raised: usize,
    joined: usize,
    declined: usize,
    ignored: usize,
    finished: usize,
    refused: usize,
    unreachable: usize,
}

fn chance() -> f64 {
    rand::rng().random::<f64>()
}

/// Sends a request to one of the doors, and to the other when that is dead; `None` when both are.
async fn sends(doors: &[Person; 2], method: reqwest::Method, path: &str, body: Option<&Value>) -> Option<(u16, Value)> {
    let first = usize::from(chance() < 0.5);
    for door in [first, 1 - first] {
        let request = doors[door].request(method.clone(), path).timeout(Duration::from_secs(10));
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        let Ok(response) = request.send().await else { continue };
        let status = response.status().as_u16();
        if status == 503 || status == 401 {
            continue;
        }
        let Ok(text) = response.text().await else { continue };
        return Some((status, serde_json::from_str(&text).unwrap_or(Value::Null)));
    }
    None
}

impl Desk {
    async fn raises(&mut self, doors: &[Person; 2]) {
        let lat = -34.60 + chance() * 0.2;
        let call = json!({ "telegram_id": 0, "lat": lat, "lng": -58.38 });
        match sends(doors, reqwest::Method::POST, "/api/v1/tasks/emergency", Some(&call)).await {
            Some((status, answer)) if status < 300 => {
                self.raised += 1;
                self.joined += usize::from(answer["unida"] == true);
            }
            Some((status, answer)) => panic!("{status} {answer}"),
            None => self.unreachable += 1,
        }
    }

    /// Looks at what was sent and not answered, and answers what is due. With `willing`, all accept.
    async fn answers(&mut self, doors: &[Person; 2], willing: bool) -> usize {
        let path = "/api/v1/asignaciones/pendientes?limit=500";
        let Some((200, page)) = sends(doors, reqwest::Method::GET, path, None).await else { return usize::MAX };
        let rows = page["asignaciones"].as_array().cloned().unwrap_or_default();
        let now = Instant::now();
        let mut due = Vec::new();
        for row in &rows {
            let id = row["id"].as_i64().unwrap();
            let plan = *self.plans.entry(id).or_insert_with(|| {
                let after = now + Duration::from_secs_f64(chance() * 5.0);
                match chance() {
                    share if share < 0.55 => Plan::Accept(after),
                    share if share < 0.75 => Plan::Decline(after),
                    _ => {
                        self.ignored += 1;
                        Plan::Ignore
                    }
                }
            });
            let plan = if willing { Plan::Accept(now) } else { plan };
            let body = match plan {
                Plan::Accept(at) if at <= now => json!({ "estado": "aceptada", "canal": "voz" }),
                Plan::Decline(at) if at <= now => {
                    json!({ "estado": "rechazada", "canal": "voz", "motivo": "no puedo" })
                }
                _ => continue,
            };
            due.push((id, body));
        }
        // In any order, so that those that are refused do not hide the others.
        due.sort_by_cached_key(|_| rand::rng().random::<u64>());
        let sent = futures::future::join_all(due.into_iter().take(AT_ONCE).map(|(id, body)| async move {
            let path = format!("/api/v1/asignaciones/{id}/pasos");
            let answer = sends(doors, reqwest::Method::POST, &path, Some(&body)).await;
            (id, body["estado"] == "aceptada", answer)
        }));
        for (id, accepts, answer) in sent.await {
            match answer {
                Some((200, done)) => {
                    self.plans.insert(id, Plan::Done);
                    if accepts {
                        let until = Instant::now() + Duration::from_secs_f64(1.0 + chance() * 6.0);
                        self.accepted.insert(done["tarea"]["id"].as_i64().unwrap(), until);
                    } else {
                        self.declined += 1;
                    }
                }
                Some((status, answer)) => {
                    assert!([400, 404, 409].contains(&status), "{status} {answer}");
                    // Another officer had it first, or this one has another task: asked no more.
                    if !willing {
                        self.plans.insert(id, Plan::Ignore);
                    }
                    self.refused += 1;
                }
                None => self.unreachable += 1,
            }
        }
        rows.len()
    }

    async fn finishes(&mut self, doors: &[Person; 2]) {
        let due: Vec<i64> =
            self.accepted.iter().filter(|(_, until)| **until <= Instant::now()).map(|(task, _)| *task).collect();
        for task in due {
            let body = json!({ "estado": "finalizada" });
            match sends(doors, reqwest::Method::PUT, &format!("/api/v1/tasks/{task}"), Some(&body)).await {
                Some((200, _)) => {
                    self.accepted.remove(&task);
                    self.finished += 1;
                }
                // The officer who had accepted declined, so that the task waits again.
                Some((status, answer)) => {
                    assert!([400, 409].contains(&status), "{status} {answer}");
                    self.accepted.remove(&task);
                }
                None => self.unreachable += 1,
            }
        }
    }
}

async fn count(intruder: &mut Intruder, query: &str) -> i64 {
    intruder.numbers(query).await[0]
}

const TWICE: &str = "SELECT count(*) FROM (SELECT te.efectivo_id FROM tarea_efectivos te \
    JOIN tareas t ON t.id = te.tarea_id WHERE t.estado = 'en_curso' AND t.deleted_at IS NULL \
    GROUP BY te.efectivo_id HAVING count(*) > 1) d";
const LOST: &str = "SELECT count(*) FROM tareas t WHERE emergencia AND deleted_at IS NULL \
    AND estado IN ('programada', 'en_curso', 'pausada') AND NOT espera_efectivo \
    AND NOT EXISTS (SELECT 1 FROM tarea_efectivos te WHERE te.tarea_id = t.id)";
const OPEN: &str = "SELECT count(*) FROM tareas WHERE estado IN ('programada', 'en_curso', 'pausada')";

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one story: load, kills, quiescence, counts")]
async fn dispatch_soak_keeps_every_call_while_replicas_are_killed_on_postgres() {
    let chosen = std::env::var("GAD_SOAK_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    let load = Duration::from_secs(chosen.unwrap_or(SECONDS));
    let kills = KILLS.min(load / 3);
    let _alone = crate::replica::alone().await;
    let redis = RedisServer::start().await;
    let keep = Keep::open(On::Postgres).await;
    let place = keep.place();
    place.hires().await;
    {
        let store = open(&keep).await;
        let mut tx = store.write().await.unwrap();
        for n in 0..OFFICERS {
            let lat = -34.60 + f64::from(u32::try_from(n).unwrap()) * 0.001;
            let point = Point::new(lat, -58.381).unwrap();
            add_officer(&mut *tx, &format!("EF-{n}"), point, Availability::Available).await;
        }
        tx.commit().await.unwrap();
        store.close().await;
    }
    let url = redis.url();
    let arguments = ["--redis-url", &url, "--ack-seconds", "2,4,6"];
    let mut replicas = [Replica::starts(&place, &arguments).await, Replica::starts(&place, &arguments).await];
    let supervisor = replicas[0].supervisor().await;
    let doors = [supervisor.at(&replicas[0].url()), supervisor.at(&replicas[1].url())];
    let mut intruder = keep.intruder().await;
    let mut desk = Desk::default();
    let begun = Instant::now();

    let people = async {
        let (mut twice, mut lost) = (0, 0);
        let mut next_call = Instant::now();
        while begun.elapsed() < load {
            if next_call <= Instant::now() {
                desk.raises(&doors).await;
                // A slow machine raises fewer calls; it does not make up for those that it left out.
                next_call = (next_call + Duration::from_secs_f64(1.0 / RATE)).max(Instant::now());
            }
            desk.answers(&doors, false).await;
            desk.finishes(&doors).await;
            twice += count(&mut intruder, TWICE).await;
            lost += count(&mut intruder, LOST).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        (twice, lost)
    };
    let killer = async {
        let mut killed = 0;
        let mut next = kills;
        while next < load {
            tokio::time::sleep_until((begun + next).into()).await;
            let replica = &mut replicas[killed % 2];
            replica.dies().await;
            replica.starts_again().await;
            killed += 1;
            next += kills;
        }
        killed
    };
    let ((twice, lost), killed) = tokio::join!(people, killer);

    // All are willing now: whatever is open is served.
    let quiet = Instant::now();
    let (mut fewest, mut progressed) = (i64::MAX, Instant::now());
    let open_at_end = loop {
        desk.answers(&doors, true).await;
        desk.accepted.values_mut().for_each(|until| *until = Instant::now());
        desk.finishes(&doors).await;
        let path = "/api/v1/tasks/?limit=500&estado=en_curso";
        if let Some((200, tasks)) = sends(&doors, reqwest::Method::GET, path, None).await {
            let held = tasks.as_array().into_iter().flatten().map(|task| task["id"].as_i64().unwrap());
            desk.accepted.extend(held.map(|task| (task, Instant::now())));
        }
        let open = count(&mut intruder, OPEN).await;
        if open < fewest {
            (fewest, progressed) = (open, Instant::now());
        }
        if open == 0 || progressed.elapsed() > QUIESCENCE {
            break open;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    let quiescence = quiet.elapsed();

    assert_eq!((twice, lost), (0, 0), "during the load: officers with two active tasks, calls without owner");
    assert_eq!(count(&mut intruder, LOST).await, 0, "calls without owner at the end");
    assert_eq!(count(&mut intruder, TWICE).await, 0, "officers with two active tasks at the end");
    assert_eq!(open_at_end, 0, "calls that nobody got although all were willing");
    let calls = count(&mut intruder, "SELECT count(*) FROM tareas").await;
    assert!(calls >= i64::try_from(desk.raised).unwrap(), "what was acknowledged is there");
    // A line of the history for each step that was taken, and no more.
    let steps = count(&mut intruder, "SELECT count(*) FROM escalamientos").await;
    let lines = "SELECT count(*) FROM historial_estados WHERE motivo ~ '^Escalamiento [123]:'";
    assert_eq!(count(&mut intruder, lines).await, steps, "no escalation step twice");
    let late = intruder
        .numbers(
            "SELECT (1000 * extract(epoch FROM e.ocurrido_en - d.ronda_desde - e.paso * interval '2 seconds'))::bigint \
             FROM escalamientos e JOIN despachos d ON d.tarea_id = e.tarea_id AND d.ronda = e.ronda",
        )
        .await;
    let stuck = "SELECT count(*) FROM efectivos WHERE estado_disponibilidad = 'en_tarea'";
    assert_eq!(count(&mut intruder, stuck).await, 0, "all officers are free again");
    let open_rows = "SELECT count(*) FROM asignaciones WHERE estado NOT IN ('liberada', 'rechazada', 'relevada')";
    assert_eq!(count(&mut intruder, open_rows).await, 0, "no assignment of an ended task is open");

    let (median, p99, worst) = (percentile(&late, 50), percentile(&late, 99), percentile(&late, 100));
    let summary = format!(
        "{calls} calls, {killed} kills, 0 without owner, 0 officers twice, {steps} steps once each, p99 {p99} ms late"
    );
    let figures = json!({
        "store": "postgres", "seconds": load.as_secs(), "officers": OFFICERS, "calls": calls, "kills": killed,
        "declined": desk.declined, "ignored": desk.ignored, "finished": desk.finished, "refused": desk.refused,
        "unreachable": desk.unreachable, "joined": desk.joined, "escalation_steps": steps,
        "measured_steps": late.len(), "step_late_ms": { "p50": median, "p99": p99, "max": worst },
        "quiescence_s": quiescence.as_secs_f64(), "calls_without_owner": 0, "officers_twice": 0, "summary": summary,
    });
    println!("{figures}");
    crate::acceptance::append(&figures);
    for mut replica in replicas {
        assert!(replica.ends().await, "SIGTERM ends it well");
    }
    keep.close().await;
}

/// The smallest value that is not below `share` percent of all.
fn percentile(values: &[i64], share: usize) -> i64 {
    let sorted: Vec<i64> = {
        let mut sorted = values.to_vec();
        sorted.sort_unstable();
        sorted
    };
    let at = (sorted.len() * share).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or_default()
}
