//! A bad way to the database and to Redis: what clients are answered meanwhile, how soon nobody asks
//! any more, and how soon all is as before.

use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::time::sleep;

use super::{Stage, mix};
use crate::client::{Client, Figures};
use crate::load::{Load, closed};
use crate::measure::{Evidence, Table, count, share};
use crate::relay::{Fault, Relay};
use crate::target::{Role, Target};
use crate::text::{Text, text};

/// Who asks as fast as each can.
const CLIENTS: usize = 16;
/// Between two looks.
const LOOK: Duration = Duration::from_millis(50);
/// Longest wait until all is as before.
const PATIENCE: Duration = Duration::from_secs(30);
/// Requests in a row that must be well before it is.
const WELL: usize = 5;

/// One fault of the way to one dependency.
struct Case {
    dependency: &'static str,
    fault: Fault,
    name: Text,
    /// Whether nothing comes through, so that nobody should go on asking.
    hard: bool,
}

static CASES: [Case; 6] = [
    Case {
        dependency: "postgres",
        fault: Fault::Late(Duration::from_millis(100)),
        name: text("100 ms de demora", "100 ms late"),
        hard: false,
    },
    Case {
        dependency: "postgres",
        fault: Fault::Resets,
        name: text("conexiones cortadas", "connections reset"),
        hard: true,
    },
    Case { dependency: "postgres", fault: Fault::Swallows, name: text("silencio", "silence"), hard: true },
    Case {
        dependency: "redis",
        fault: Fault::Late(Duration::from_secs(1)),
        name: text("1 s de demora", "1 s late"),
        hard: true,
    },
    Case {
        dependency: "redis",
        fault: Fault::Resets,
        name: text("conexiones cortadas", "connections reset"),
        hard: true,
    },
    Case { dependency: "redis", fault: Fault::Swallows, name: text("silencio", "silence"), hard: true },
];

/// What came of one.
struct Came {
    load: Load,
    opened: Option<Duration>,
    back: Option<Duration>,
    amplification: f64,
}

/// Breaks and mends, one after the other.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    let (postgres, redis) = {
        let (postgres, redis) = stage.target.services()?;
        (postgres.port(), redis.port())
    };
    let to_postgres = Relay::to(format!("127.0.0.1:{postgres}")).await?;
    let to_redis = Relay::to(format!("127.0.0.1:{redis}")).await?;
    let way = Target::by_way_of(to_postgres.port, to_redis.port);
    let way: Vec<(&str, &str)> = way.iter().map(|(name, value)| (*name, value.as_str())).collect();
    stage.target.serve(&way).await?;
    let outcome = all(stage, &to_postgres, &to_redis).await;
    stage.target.rest().await?;
    outcome
}

async fn all(stage: &mut Stage, to_postgres: &Relay, to_redis: &Relay) -> Result<Evidence> {
    let client = stage.target.client(Role::Supervisor).await?;
    let (mut evidence, mut rows, mut came) = (Evidence::default(), Vec::new(), Vec::new());
    for case in &CASES {
        let relay = if case.dependency == "redis" { to_redis } else { to_postgres };
        let one = suffers(stage, &client, relay, case).await?;
        let seconds =
            |time: Option<Duration>| time.map_or_else(|| "–".to_owned(), |time| format!("{:.2}", time.as_secs_f64()));
        let lost = one.load.failed - one.load.shed();
        rows.push(vec![
            case.dependency.into(),
            case.name.clone(),
            one.load.answered.to_string().into(),
            one.load.shed().to_string().into(),
            lost.to_string().into(),
            format!("{:.0}", one.load.latency_ms(0.99).max(one.load.shed_ms(0.99))).into(),
            seconds(one.opened).into(),
            seconds(one.back).into(),
            format!("{:.3}", one.amplification).into(),
        ]);
        came.push((case, one));
    }
    let head = vec![
        text("dependencia", "dependency"),
        text("falla del camino", "fault of the way"),
        text("servidas", "served"),
        text("503", "503"),
        text("sin respuesta clara", "without a plain answer"),
        text("p99 ms", "p99 ms"),
        text("cortacircuitos abierto a los s", "breaker open after s"),
        text("normal a los s", "well again after s"),
        text("amplificación", "amplification"),
    ];
    let title =
        text("Fallas inyectadas delante de la base y de Redis", "Faults injected before the database and Redis");
    evidence.tables.push(Table { line: "8.1", title, head, rows });
    let worst = |value: fn(&Came) -> f64| came.iter().map(|(_, one)| value(one)).fold(0.0, f64::max);
    let unclear: u64 = came.iter().map(|(_, one)| one.load.failed - one.load.shed()).sum();
    evidence.note(
        "faults.unclear",
        count(unclear),
        "",
        text(
            "peticiones sin respuesta clara (ni servida ni 503)",
            "requests without a plain answer (neither served nor 503)",
        ),
    );
    let hard = || came.iter().filter(|(case, _)| case.hard);
    let open = share(count(hard().filter(|(_, one)| one.opened.is_some()).count()), count(hard().count()));
    evidence.note(
        "faults.opened_share",
        open,
        "",
        text(
            "parte de las fallas totales que abrieron el cortacircuitos",
            "share of total faults that opened the breaker",
        ),
    );
    let what = text("lo que más tardó en abrirse", "longest until it opened");
    evidence.note("faults.open_seconds", worst(|one| one.opened.unwrap_or_default().as_secs_f64()), "s", what);
    let what = text("lo que más tardó en volver todo a la normalidad", "longest until all was as before");
    evidence.note("faults.back_seconds", worst(|one| one.back.unwrap_or(PATIENCE).as_secs_f64()), "s", what);
    let what = text("mayor amplificación por reintentos", "greatest amplification by retries");
    evidence.note("faults.amplification", worst(|one| one.amplification), "", what);
    let without_redis = came.iter().filter(|(case, _)| case.dependency == "redis");
    let (served, refused) =
        without_redis.fold((0, 0), |sum, (_, one)| (sum.0 + one.load.answered, sum.1 + one.load.failed));
    let what = text("parte servida mientras Redis falla", "share served while Redis fails");
    evidence.note("faults.redis_served_share", share(count(served), count(served + refused)), "", what);
    Ok(evidence)
}

async fn suffers(stage: &Stage, client: &Client, relay: &Relay, case: &Case) -> Result<Came> {
    let before = client.figures().await?;
    relay.suffers(case.fault);
    let begun = Instant::now();
    let mix = mix::office(client, stage.profile.tasks, stage.seed);
    let looks = async {
        let mut opened = None;
        while begun.elapsed() < stage.profile.fault {
            let figures = client.figures().await?;
            if opened.is_none() && figures.sum_where("gad_breaker_state", "dependency", case.dependency) > 0.0 {
                opened = Some(begun.elapsed());
            }
            sleep(LOOK).await;
        }
        anyhow::Ok(opened)
    };
    let (load, opened) = tokio::join!(closed(client.address, CLIENTS, stage.profile.fault, mix), looks);
    relay.mends();
    let back = back(client).await;
    let (load, opened, after) = (load?, opened?, client.figures().await?);
    Ok(Came { load, opened, back, amplification: amplification(&before, &after, case.dependency) })
}

/// How long until requests are answered well and readiness says so.
async fn back(client: &Client) -> Option<Duration> {
    let (begun, mut well) = (Instant::now(), 0);
    while well < WELL {
        if begun.elapsed() > PATIENCE {
            return None;
        }
        let body = serde_json::from_str(&mix::body(&mix::code(), client.user)).ok()?;
        let made = client.send("POST", "/api/v1/tasks/", Some(&body)).await;
        let ready = client.get("/health/ready").await;
        let is_well = made.is_ok_and(|made| made.status < 300)
            && ready.is_ok_and(|ready| ready.status == 200 && ready.json()["checks"]["redis"] == "ok");
        well = if is_well { well + 1 } else { 0 };
        if !is_well {
            sleep(LOOK).await;
        }
    }
    Some(begun.elapsed())
}

/// Questions sent for each that was meant.
fn amplification(before: &Figures, after: &Figures, dependency: &str) -> f64 {
    let since = |name: &str| after.since_where(before, name, "dependency", dependency);
    let retries = since("gad_retries_total");
    1.0 + share(retries, since("gad_dependency_requests_total") - retries)
}
