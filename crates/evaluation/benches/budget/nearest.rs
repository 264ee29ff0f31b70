//! The nearest ten among a hundred thousand officers, beside the load of tasks by number.

use std::time::Duration;

use anyhow::{Context, Result};
use evaluation::load::{Load, Writer, closed, open};
use rand::RngExt;

use crate::bench::{Bench, CONNECTIONS, chance, median, sound};
use crate::office::{Caller, Office, Size, Store};
use crate::report::{Goal, Row};
use crate::{get, intake};

/// Requests a second.
const RATE: u32 = 50;
/// Connections that they are spread over, so that one that waits holds up no other.
const SPREAD: usize = 16;

/// On PostgreSQL.
pub fn postgres(bench: &mut Bench) -> Result<Row> {
    nearest(bench, Store::Postgres, "nearest 10 of 100,000, PostgreSQL")
}

/// On SQLite.
pub fn sqlite(bench: &mut Bench) -> Result<Row> {
    nearest(bench, Store::Sqlite, "nearest 10 of 100,000, SQLite")
}

fn nearest(bench: &mut Bench, store: Store, work: &'static str) -> Result<Row> {
    bench.office(store, Size::Country)?;
    let bench = &*bench;
    let office = bench.at(store, Size::Country)?;
    intake::refresh(bench, office, Size::Country.officers())?;
    // Alone first: what is beside it explains the rest.
    round(bench, office, Duration::from_secs(1), true)?;
    let alone = round(bench, office, bench.round, false)?.0;
    let (mut p99, mut p50, mut beside, mut failed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..bench.rounds {
        let (nearest, tasks) = round(bench, office, bench.round, true)?;
        p99.push(nearest.latency_ms(0.99));
        p50.push(nearest.latency_ms(0.5));
        let tasks = tasks.context("it was asked for")?;
        beside.push(tasks.per_second());
        failed.extend([nearest, tasks].map(|load| (load.failed, load.failure)));
    }
    let mut row = Row::alone(work, "ms p99", &p99, Goal::at_most(10.0));
    row.refused(failed);
    row.notes.push(format!(
        "p50 {:.1} ms beside {:.0} tasks/s; without them p50 {:.1} ms, p99 {:.1} ms",
        median(p50),
        median(beside),
        alone.latency_ms(0.5),
        alone.latency_ms(0.99)
    ));
    Ok(row)
}

/// Both loads at once, each from a thread of its own, so that neither delays the other's clock.
fn round(bench: &Bench, office: &Office, time: Duration, beside: bool) -> Result<(Load, Option<Load>)> {
    let (server, caller) = office.served()?;
    let (address, tasks) = (server.address, get::client(&caller.token));
    std::thread::scope(|scope| {
        let tasks = beside.then(|| {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
                sound(runtime.block_on(closed(address, CONNECTIONS, time, tasks))?)
            })
        });
        let nearest = sound(bench.generator.block_on(open(address, RATE, time, SPREAD, client(caller)))?)?;
        let tasks = tasks.map(|tasks| tasks.join().expect("a load does not panic")).transpose()?;
        Ok((nearest, tasks))
    })
}

fn client(caller: &Caller) -> impl Fn(usize) -> Writer + use<> {
    let token = caller.token.clone();
    move |number| {
        let (token, mut chance) = (token.clone(), chance(number));
        Box::new(move |request| {
            // Where the demo office's officers are.
            let (lat, lng) = (chance.random_range(-34.69..-34.52), chance.random_range(-58.5..-58.33));
            request.get(&format!("/api/v1/efectivos/cercanos?lat={lat:.6}&lng={lng:.6}&limite=10"), Some(&token));
        })
    }
}
