//! How soon a screen of one replica shows what another did, and how fast events get their number.

use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use evaluation::process::Server;
use evaluation::service::Redis;
use evaluation::swarm::Swarm;
use sqlx::{Connection as _, PgConnection};

use crate::bench::{Bench, median};
use crate::office::{Caller, Office, Size, Store};
use crate::report::{Goal, Row};
use crate::sockets::{SIGN, make_task};

/// Events of one round.
const EVENTS: usize = 50;
/// Events that wait for a number.
const WAITING: i64 = 20_000;
/// Longest wait for one of them.
const PATIENCE: Duration = Duration::from_secs(10);

async fn replica(office: &Office, redis: Option<&str>) -> Result<Server> {
    let mut command = office.command();
    command.args(["serve", "--listen", "127.0.0.1:0"]).stderr(Stdio::null());
    if let Some(url) = redis {
        command.args(["--redis-url", url]);
    }
    Server::start(command).await.context("gad serve")
}

/// From the request to one replica until the screen of another shows it; the median of the p99 of
/// each round, in milliseconds.
fn told(bench: &mut Bench, work: &'static str, through_redis: bool, goal: Goal) -> Result<Row> {
    bench.office(Store::Postgres, Size::City)?;
    let bench = &*bench;
    let office = bench.at(Store::Postgres, Size::City)?;
    let (_, caller) = office.served()?;
    let (p99s, p50s) = bench.bare.block_on(async {
        let redis = if through_redis { Some(Redis::start().await?) } else { None };
        let url = redis.as_ref().map(|redis| format!("redis://127.0.0.1:{}", redis.port()));
        let (one, two) = (replica(office, url.as_deref()).await?, replica(office, url.as_deref()).await?);
        let mut screen = Swarm::open(two.address, "/ws/connect", &caller.token, 1, SIGN).await?;
        let (mut p99s, mut p50s) = (Vec::new(), Vec::new());
        for round in 0..=bench.rounds {
            let mut times = one_round(&one, caller, &mut screen).await?;
            times.sort_unstable_by(f64::total_cmp);
            // The first is not counted: it finds cold pools.
            if round > 0 {
                p99s.push(times[times.len() * 99 / 100]);
                p50s.push(times[times.len() / 2]);
            }
        }
        screen.close().await;
        one.stop().await?;
        two.stop().await?;
        Ok::<_, anyhow::Error>((p99s, p50s))
    })?;
    let mut row = Row::alone(work, "ms", &p99s, goal);
    row.notes.push(format!("p50 {:.1} ms; {EVENTS} events a round, one at a time", median(p50s)));
    Ok(row)
}

async fn one_round(server: &Server, caller: &Caller, screen: &mut Swarm) -> Result<Vec<f64>> {
    let mut times = Vec::with_capacity(EVENTS);
    for _ in 0..EVENTS {
        let begun = Instant::now();
        let (made, heard) = tokio::join!(make_task(server.address, caller), screen.hears(PATIENCE));
        made?;
        let heard = heard?.into_iter().next().context("nobody heard it")?;
        times.push(heard.duration_since(begun).as_secs_f64() * 1000.0);
    }
    Ok(times)
}

/// Through Redis.
pub fn through_redis(bench: &mut Bench) -> Result<Row> {
    told(bench, "change on one replica to screen of another, Redis, p99", true, Goal::at_most(100.0))
}

/// Through the log alone.
pub fn through_log(bench: &mut Bench) -> Result<Row> {
    told(bench, "change on one replica to screen of another, log, p99", false, Goal::at_most(1000.0))
}

/// Events that get their number in a second, of many that wait.
pub fn sequenced(bench: &mut Bench) -> Result<Row> {
    bench.office(Store::Postgres, Size::City)?;
    let bench = &*bench;
    let office = bench.at(Store::Postgres, Size::City)?;
    let url = office.url.as_deref().context("an office on PostgreSQL")?;
    let figures = bench.bare.block_on(async {
        let mut connection = PgConnection::connect(url).await?;
        let mut figures = Vec::new();
        for _ in 0..bench.rounds {
            // As long as events of tasks are. The server that is there numbers them.
            sqlx::query(
                "INSERT INTO outbox (message_id, event_type, payload, created_at) SELECT gen_random_uuid(), \
                 'notification', jsonb_build_object('announcement', jsonb_build_object('group', 'general', 'level', \
                 'info', 'message', repeat('x', 900))), now() FROM generate_series(1, $1)",
            )
            .bind(WAITING)
            .execute(&mut connection)
            .await?;
            let begun = Instant::now();
            loop {
                let left: i64 = sqlx::query_scalar("SELECT count(*) FROM outbox").fetch_one(&mut connection).await?;
                if left == 0 {
                    break;
                }
                ensure!(begun.elapsed() < Duration::from_secs(60), "{left} events have no number after a minute");
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            #[expect(clippy::cast_precision_loss, reason = "a count of events")]
            figures.push(WAITING as f64 / begun.elapsed().as_secs_f64());
        }
        Ok::<_, anyhow::Error>(figures)
    })?;
    Ok(Row::alone("events numbered, PostgreSQL", "/s", &figures, Goal::default().and_at_least(2_000.0)))
}
