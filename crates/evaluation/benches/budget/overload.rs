//! Twice as much as the office can do: what it still does, and how it says no to the rest.

use std::time::Duration;

use anyhow::Result;
use evaluation::load::{Load, Request, closed, open};
use evaluation::swarm::raise_file_limit;
use rand::RngExt;

use crate::bench::{Bench, Pair, Round, chance, median, one_of};
use crate::meter::Cost;
use crate::office::{Caller, Office, Size, Store, TASKS};
use crate::post;
use crate::report::{Goal, Row};

/// Clients that find the peak.
const BUSY: usize = 64;
/// Connections that twice the peak is spread over: enough that a late answer holds up no other.
const MANY: usize = 1500;
/// Emergencies a second beside it.
const EMERGENCIES: u32 = 5;
/// How long the overload lasts, unless rounds are short.
const LASTS: Duration = Duration::from_secs(30);
/// How often.
const TIMES: usize = 3;

/// On SQLite.
pub fn sqlite(bench: &mut Bench) -> Result<Row> {
    overload(bench, Store::Sqlite, "2 x peak for 30 s, SQLite")
}

/// On PostgreSQL.
pub fn postgres(bench: &mut Bench) -> Result<Row> {
    overload(bench, Store::Postgres, "2 x peak for 30 s, PostgreSQL")
}

fn overload(bench: &mut Bench, store: Store, work: &'static str) -> Result<Row> {
    raise_file_limit()?;
    bench.office(store, Size::City)?;
    let bench = &*bench;
    let office = bench.at(store, Size::City)?;
    let (server, caller) = office.served()?;
    let lasts = if bench.round < Duration::from_secs(4) { bench.round * 3 } else { LASTS };
    let codes = post::codes();
    let mix = |caller: &Caller| mix(caller, &codes);
    let peak = |time| bench.generator.block_on(closed(server.address, BUSY, time, mix(caller)));
    peak(Duration::from_secs(1))?;
    let mut pair = Pair { ours: Vec::new(), reference: Vec::new() };
    let (mut p99, mut shed, mut share, mut lost, mut urgent) = (Vec::new(), Vec::new(), Vec::new(), 0, Vec::new());
    for _ in 0..TIMES {
        let best = peak(bench.round)?.per_second();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some thousands")]
        let rate = (2.0 * best) as u32;
        let (load, emergencies) = both(bench, office, rate, lasts, mix(caller))?;
        pair.reference.push(Round::new(best, Cost::new()));
        pair.ours.push(Round::new(load.per_second(), Cost::new()));
        p99.push(load.latency_ms(0.99));
        shed.push(load.shed_ms(0.5));
        #[expect(clippy::cast_precision_loss, reason = "a share")]
        share.push(load.shed() as f64 / (load.answered + load.failed).max(1) as f64);
        lost += load.failed - load.shed();
        urgent.push(emergencies);
    }
    let mut row = Row::compared(work, "own peak", "/s", &pair, Goal::ratio(0.9));
    let (p99, shed) = (median(p99), median(shed));
    let refused: u64 = urgent.iter().map(|load| load.failed).sum();
    row.holds &= p99 < 500.0 && shed < 5.0 && refused == 0 && lost == 0;
    row.notes.push(format!(
        "let in: p99 {p99:.0} ms (< 500); refused: {:.0} %, median {shed:.1} ms (< 5); failed otherwise: {lost}; \
         emergencies refused: {refused} of {}, p99 {:.0} ms",
        100.0 * median(share),
        urgent.iter().map(|load| load.answered + load.failed).sum::<u64>(),
        median(urgent.iter().map(|load| load.latency_ms(0.99))),
    ));
    Ok(row)
}

/// The overload, and emergencies beside it from a thread of their own.
fn both<W>(bench: &Bench, office: &Office, rate: u32, time: Duration, mix: impl Fn(usize) -> W) -> Result<(Load, Load)>
where
    W: FnMut(&mut Request) + Send + 'static,
{
    let (server, caller) = office.served()?;
    let (address, calls) = (server.address, calls(caller));
    std::thread::scope(|scope| {
        let urgent = scope.spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(open(address, EMERGENCIES, time, 32, calls))
        });
        let load = bench.generator.block_on(open(address, rate, time, MANY, mix))?;
        Ok((load, urgent.join().expect("a load does not panic")?))
    })
}

/// What an office asks for: mostly tasks by number, some lists, some new tasks.
fn mix(caller: &Caller, codes: &post::Codes) -> impl Fn(usize) -> Box<dyn FnMut(&mut Request) + Send> + use<> {
    let (token, make) = (caller.token.clone(), post::client(caller, codes));
    move |number| {
        let (token, mut make, mut chance) = (token.clone(), make(number), chance(number));
        Box::new(move |request| match chance.random_range(0..100) {
            0..75 => request.get(&format!("/api/v1/tasks/{}", one_of(&mut chance, TASKS)), Some(&token)),
            75..90 => request.get("/api/v1/tasks/?limit=20", Some(&token)),
            _ => make(request),
        })
    }
}

fn calls(caller: &Caller) -> impl Fn(usize) -> Box<dyn FnMut(&mut Request) + Send> + use<> {
    let token = caller.token.clone();
    move |number| {
        let (token, mut chance) = (token.clone(), chance(number));
        Box::new(move |request| {
            let (lat, lng) = (chance.random_range(-34.69..-34.52), chance.random_range(-58.5..-58.33));
            let body = format!(r#"{{"telegram_id":0,"lat":{lat:.6},"lng":{lng:.6}}}"#);
            request.post("/api/v1/tasks/emergency", Some(&token), "application/json", body.as_bytes());
        })
    }
}
