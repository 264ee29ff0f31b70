//! Reading, writing and computing, each alone and all together: what they take from each other,
//! where the time goes, and what is used up first.

use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::time::{MissedTickBehavior, interval};

use super::layers::{self, Usage};
use super::supervision::stall;
use super::{Stage, mix};
use crate::client::{Client, Figures, label};
use crate::load::{Load, closed, open};
use crate::measure::{Evidence, Table, count, share};
use crate::target::Role;
use crate::text::{Text, text};
use crate::usage;

/// Connections of the readers.
const READERS: usize = 64;
/// Who writes as fast as each can.
const WRITERS: usize = 4;
/// Who signs in as fast as each can: a password's hash is the dearest computation of the office.
const SIGNERS: usize = 4;
/// Between two looks at what is in use.
const EVERY: Duration = Duration::from_millis(200);

/// What else goes on while people read.
struct Beside {
    name: Text,
    writers: bool,
    signers: bool,
}

static LOADS: [Beside; 4] = [
    Beside { name: text("sólo lectura", "reading alone"), writers: false, signers: false },
    Beside { name: text("lectura y escritura", "reading and writing"), writers: true, signers: false },
    Beside { name: text("lectura y cálculo", "reading and computing"), writers: false, signers: true },
    Beside { name: text("todo junto", "all together"), writers: true, signers: true },
];

/// What one load came to.
struct Came {
    reads: Load,
    writes: Option<Load>,
    sign_ins: Option<Load>,
    before: Figures,
    after: Figures,
    usage: Usage,
}

/// Loads.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    let client = stage.target.client(Role::Supervisor).await?;
    let pid = stage.target.pid()?;
    let (mut evidence, mut rows, mut all) = (Evidence::default(), Vec::new(), Vec::new());
    for beside in &LOADS {
        let came = load(stage, &client, pid, beside).await?;
        let rate = |load: &Option<Load>| {
            load.as_ref().map_or_else(|| "–".to_owned(), |load| format!("{:.0}", load.per_second()))
        };
        let late = stall(Some(&came.before), &came.after, 0.99).map_or(f64::NAN, |late| late * 1000.0);
        let times = [0.5, 0.95, 0.99].map(|part| format!("{:.1}", came.reads.latency_ms(part)));
        let cells = [rate(&Some(came.reads.clone())), rate(&came.writes), rate(&came.sign_ins)];
        let rest = [format!("{late:.1}"), format!("{:.0} %", 100.0 * came.usage.own)];
        let figures = cells.into_iter().chain(times).chain(rest).map(Text::from);
        rows.push(std::iter::once(beside.name.clone()).chain(figures).collect());
        all.push((came, late));
    }
    let head = vec![
        text("carga", "load"),
        text("lecturas/s", "reads/s"),
        text("tareas creadas/s", "tasks made/s"),
        text("ingresos/s", "sign-ins/s"),
        text("p50 ms", "p50 ms"),
        text("p95 ms", "p95 ms"),
        text("p99 ms", "p99 ms"),
        text("demora del planificador, p99 ms", "delay of the scheduler, p99 ms"),
        text("procesadores de la máquina en uso por gad", "processors of the machine in use by gad"),
    ];
    let title = text("Las cargas por separado y juntas", "The loads alone and together");
    evidence.tables.push(Table { line: "7.1", title, head, rows });
    let [(alone, alone_late), _, (computing, late), (together, _)] = &all[..] else {
        return Err(anyhow::anyhow!("not all loads were done"));
    };
    evidence.note(
        "compute.stall_alone_ms",
        *alone_late,
        "ms",
        text("p99 de la demora del planificador sin cálculo", "p99 of the delay of the scheduler without computing"),
    );
    evidence.note(
        "compute.stall_p99_ms",
        *late,
        "ms",
        text(
            "p99 de la demora del planificador junto al cálculo",
            "p99 of the delay of the scheduler beside computing",
        ),
    );
    // Without a pool a hash would hold a thread of the runtime for as long as it computes.
    if let Some(sign_ins) = &computing.sign_ins {
        let held = 1000.0 * count(threads()) / sign_ins.per_second().max(0.001);
        let what = text(
            "lo que cada ingreso tendría tomado un hilo sin el grupo de cálculo",
            "what each sign-in would hold a thread for without the CPU pool",
        );
        evidence.note("compute.held_without_pool_ms", held, "ms", what);
    }
    let what = text("p99 de la lectura sola", "p99 of reading alone");
    evidence.note("compute.alone_p99_ms", alone.reads.latency_ms(0.99), "ms", what);
    let what = text("p99 de la lectura con todo lo demás junto", "p99 of reading with all else together");
    evidence.note("compute.together_p99_ms", together.reads.latency_ms(0.99), "ms", what);
    let failed: u64 = all.iter().map(|(came, _)| came.reads.failed).sum();
    let answered: u64 = all.iter().map(|(came, _)| came.reads.answered).sum();
    let what = text("parte de lecturas fallidas en las cuatro cargas", "share of reads that failed in the four loads");
    evidence.note("compute.errors_share", share(count(failed), count(failed + answered)), "", what);
    layers::spent(&mut evidence, &together.before, &together.after);
    layers::busiest(&mut evidence, &together.usage);
    Ok(evidence)
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

async fn load(stage: &Stage, client: &Client, pid: u32, beside: &Beside) -> Result<Came> {
    let (address, time) = (client.address, stage.profile.mixed);
    let rate = (stage.profile.nominal_rate / 4).max(1);
    let before = client.figures().await?;
    let reads = open(address, rate, time, READERS, mix::readers(client, stage.profile.tasks, stage.seed));
    let writes = async {
        if !beside.writers {
            return Ok(None);
        }
        closed(address, WRITERS, time, mix::writers(client)).await.map(Some)
    };
    let sign_ins = async {
        if !beside.signers {
            return Ok(None);
        }
        closed(address, SIGNERS, time, mix::signers()).await.map(Some)
    };
    let (reads, writes, sign_ins, usage) = tokio::join!(reads, writes, sign_ins, watch(client, pid, time));
    let (reads, writes, sign_ins, usage) = (reads?, writes?, sign_ins?, usage?);
    Ok(Came { reads, writes, sign_ins, before, after: client.figures().await?, usage })
}

/// Looks at what is in use for a while.
async fn watch(client: &Client, pid: u32, time: Duration) -> Result<Usage> {
    let (begun, mut usage, mut ticks) = (Instant::now(), Usage::default(), interval(EVERY));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (machine, own) = (usage::machine()?, usage::times(pid)?.own);
    let mut pools: std::collections::BTreeMap<String, (f64, usize)> = std::collections::BTreeMap::new();
    while begun.elapsed() < time {
        ticks.tick().await;
        let figures = client.figures().await?;
        for (labels, used) in figures.all("gad_pool_in_use") {
            let Some(name) = label(labels, "dependency") else { continue };
            let size = figures.sum_where("gad_pool_size", "dependency", name);
            let sum = pools.entry(name.to_owned()).or_default();
            *sum = (sum.0 + share(used, size), sum.1 + 1);
        }
        usage.looks += 1;
    }
    let took = begun.elapsed().as_secs_f64() * count(threads());
    usage.own = share(usage::times(pid)?.own.saturating_sub(own).as_secs_f64(), took);
    usage.machine = usage::machine()?.busy_since(&machine);
    usage.pools = pools.into_iter().map(|(name, (sum, looks))| (name, share(sum, count(looks)))).collect();
    Ok(usage)
}
