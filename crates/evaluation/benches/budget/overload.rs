//! Twice as much as the office can do: what it still does, and how it says no to the rest.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Result;
use evaluation::load::{Load, Writer, open, sender};
use evaluation::swarm::raise_file_limit;
use rand::RngExt;
use tokio::time::sleep;

use crate::bench::{Bench, Pair, Round, chance, median};
use crate::meter::Cost;
use crate::office::{Caller, Office, Size, Store};
use crate::report::{Goal, Row};
use crate::weighed::{Kind, Mix, Overload};
use crate::{get, post};

/// Clients that find the peak.
const BUSY: usize = 64;
/// Connections that twice the peak is spread over: enough that a late answer holds up no other.
const MANY: usize = 3000;
/// Emergencies a second beside it.
const EMERGENCIES: u32 = 5;
/// For how long they are called at a time.
const A_MOMENT: Duration = Duration::from_secs(1);
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
    let sender = sender()?;
    let mix = sender.block_on(Mix::weigh(server.address, kinds(caller), BUSY, bench.round))?;
    let mut pair = Pair { ours: Vec::new(), reference: Vec::new() };
    let (mut p99, mut shed, mut share, mut lost, mut urgent) = (Vec::new(), Vec::new(), Vec::new(), 0, Vec::new());
    let (mut works, mut by_kinds, mut why, mut failed_at_peak) = (Vec::new(), Vec::new(), None, 0);
    for _ in 0..TIMES {
        // Emergencies take their part of the peak too.
        let (best, _) = beside_emergencies(office, || sender.block_on(mix.peak(bench.round)))?;
        let peak = best.per_second();
        failed_at_peak += best.failed;
        let crowd = || sender.block_on(mix.overload(peak, lasts, MANY));
        let (Overload { work, by_kind, load }, emergencies) = beside_emergencies(office, crowd)?;
        pair.reference.push(Round::new(peak, Cost::new()));
        pair.ours.push(Round::new(load.per_second(), Cost::new()));
        works.push(work);
        by_kinds.push(by_kind);
        if load.failed > load.shed() {
            why = why.or(load.failure.clone());
        }
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
    let by_kinds: Vec<String> = (mix.names().enumerate())
        .map(|(kind, name)| format!("{name} {:.2}", median(by_kinds.iter().map(|round: &Vec<f64>| round[kind]))))
        .collect();
    row.notes.push(format!(
        "by what each kind costs {:.2}; {}; \
         let in: p99 {p99:.0} ms (< 500); refused: {:.0} %, median {shed:.1} ms (< 5); failed otherwise: {lost}; \
         emergencies refused: {refused} of {}, p99 {:.0} ms",
        median(works),
        by_kinds.join(", "),
        100.0 * median(share),
        urgent.iter().map(|load| load.answered + load.failed).sum::<u64>(),
        median(urgent.iter().map(|load| load.latency_ms(0.99))),
    ));
    if failed_at_peak > 0 {
        row.notes.push(format!("failed at the peak itself, which is then one of another mix: {failed_at_peak}"));
    }
    row.notes.extend(why.map(|why| format!("the first that failed otherwise: {why}")));
    Ok(row)
}

/// A load, and emergencies beside it from a thread of their own for as long as it takes.
fn beside_emergencies<T>(office: &Office, load: impl FnOnce() -> Result<T>) -> Result<(T, Load)> {
    let (server, caller) = office.served()?;
    let (address, calls, is_over) = (server.address, calls(caller), &AtomicBool::new(false));
    std::thread::scope(|scope| {
        let urgent = scope.spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let mut all = Load::new()?;
            while !is_over.load(Ordering::Relaxed) {
                let moment = async { tokio::join!(open(address, EMERGENCIES, A_MOMENT, 32, &calls), sleep(A_MOMENT)) };
                all.add(runtime.block_on(moment).0?)?;
            }
            anyhow::Ok(all)
        });
        let load = load();
        is_over.store(true, Ordering::Relaxed);
        Ok((load?, urgent.join().expect("a load does not panic")?))
    })
}

/// What an office asks for: mostly tasks by number, some lists, some new tasks.
fn kinds(caller: &Caller) -> Vec<Kind> {
    let token = caller.token.clone();
    let list = move |_| -> Writer {
        let token = token.clone();
        Box::new(move |request| request.get("/api/v1/tasks/?limit=20", Some(&token)))
    };
    vec![
        Kind { name: "tasks", share: 75, client: Box::new(get::client(&caller.token)) },
        Kind { name: "lists", share: 15, client: Box::new(list) },
        Kind { name: "new tasks", share: 10, client: Box::new(post::client(caller, &post::codes())) },
    ]
}

fn calls(caller: &Caller) -> impl Fn(usize) -> Writer + use<> {
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
