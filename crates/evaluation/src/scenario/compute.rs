//! Reading, writing and computing, each alone and all together: what they take from each other,
//! where the time goes, and what is used up first.

use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::time::{MissedTickBehavior, interval};

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

/// How much of each resource was in use, as a share of it.
#[derive(Default)]
struct Usage {
    looks: usize,
    /// Of all processors, by anybody.
    machine: f64,
    /// Of all processors, by the process.
    own: f64,
    /// Of each pool of connections.
    pools: Vec<(String, f64)>,
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
    layers(&mut evidence, together);
    saturation(&mut evidence, &together.usage);
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
    usage.own = share((usage::times(pid)?.own - own).as_secs_f64(), took);
    usage.machine = usage::machine()?.busy_since(&machine);
    usage.pools = pools.into_iter().map(|(name, (sum, looks))| (name, share(sum, count(looks)))).collect();
    Ok(usage)
}

/// Where the time of requests went, by layer.
fn layers(evidence: &mut Evidence, came: &Came) {
    let spent = |name: &str| (came.after.sum(name) - came.before.sum(name)).max(0.0);
    let whole = spent("http_request_duration_seconds_sum");
    let requests = spent("http_request_duration_seconds_count");
    let waits = spent("gad_pool_wait_seconds_sum");
    let record = spent("gad_dependency_seconds_sum");
    let rest = (whole - waits - record).max(0.0);
    let mut rows = Vec::new();
    for (name, part) in [
        (text("espera por una conexión de la base", "wait for a database connection"), waits),
        (text("base de datos y otras dependencias", "database and other dependencies"), record),
        (
            text(
                "el proceso: reglas, codificación, cálculo y la base embebida",
                "the process: rules, encoding, computing and the embedded database",
            ),
            rest,
        ),
        (text("todo", "all"), whole),
    ] {
        let each = 1000.0 * share(part, requests);
        rows.push(vec![name, format!("{each:.3}").into(), format!("{:.0} %", 100.0 * share(part, whole)).into()]);
    }
    let head = vec![text("capa", "layer"), text("ms por petición", "ms a request"), text("parte", "share")];
    let title = text("Adónde va el tiempo, con todo junto", "Where the time goes, with all together");
    evidence.tables.push(Table { line: "7.1", title, head, rows });
    ranked(evidence, &[(waits, &WAITS), (record, &RECORD), (rest, &REST)], whole);
    let what = text(
        "parte del tiempo que se espera por una conexión de la base",
        "share of time that a database connection is waited for",
    );
    evidence.note("compute.wait_share", share(waits, whole), "", what);
    let what = text(
        "parte del tiempo en la base y otras dependencias",
        "share of time in the database and other dependencies",
    );
    evidence.note("compute.dependency_share", share(record, whole), "", what);
    evidence.note(
        "compute.own_share",
        share(rest, whole),
        "",
        text("parte del tiempo en el proceso mismo", "share of time in the process itself"),
    );
}

/// What to do about a layer, and how much work that is.
type Remedy = (Text, Text);

static WAITS: Remedy = (
    text("soltar antes las conexiones, o ampliar el grupo", "give connections back sooner, or more of them"),
    text("bajo (horas)", "low (hours)"),
);
static RECORD: Remedy = (
    text(
        "menos consultas por petición; revisar planes e índices",
        "fewer queries a request; look at plans and indexes",
    ),
    text("medio (días)", "medium (days)"),
);
static REST: Remedy = (
    text(
        "perfilar el proceso por función: codificación, asignaciones, cambios de hilo",
        "profile the process by function: encoding, allocations, switches of threads",
    ),
    text("medio (días)", "medium (days)"),
);

/// Optimisations by how much they could bring at most: what a layer takes is all that it can give back.
fn ranked(evidence: &mut Evidence, layers: &[(f64, &Remedy)], whole: f64) {
    let mut parts: Vec<(f64, &Remedy)> = layers.iter().map(|(part, remedy)| (share(*part, whole), *remedy)).collect();
    parts.sort_by(|one, other| other.0.total_cmp(&one.0));
    let rows = parts.iter().enumerate().map(|(place, (part, (what, effort)))| {
        let most = format!("{:.0} %", 100.0 * part);
        let gain = Text::made(
            format!("hasta {most} del tiempo de una petición"),
            format!("up to {most} of the time of a request"),
        );
        vec![(place + 1).to_string().into(), what.clone(), gain, effort.clone()]
    });
    let head = vec![
        text("n.º", "no."),
        text("optimización", "optimisation"),
        text("ganancia esperada", "expected gain"),
        text("esfuerzo", "effort"),
    ];
    let title = text("Optimizaciones, por lo que pueden devolver", "Optimisations, by what they can give back");
    evidence.tables.push(Table { line: "12.1", title, head, rows: rows.collect() });
    let known = parts.iter().filter(|(part, _)| part.is_finite() && whole > 0.0).count();
    evidence.note(
        "compute.layers",
        count(known),
        "",
        text("capas con su parte del tiempo", "layers with their share of time"),
    );
}

/// What is used up first.
fn saturation(evidence: &mut Evidence, usage: &Usage) {
    let pool = |name: &str| Text::made(format!("conexiones de {name}"), format!("connections of {name}"));
    let mut parts: Vec<(Text, f64)> = usage.pools.iter().map(|(name, part)| (pool(name), *part)).collect();
    parts.push((text("procesadores de la máquina", "processors of the machine"), usage.machine));
    parts.sort_by(|one, other| other.1.total_cmp(&one.1));
    let rows = parts.iter().map(|(name, part)| vec![name.clone(), format!("{:.0} %", 100.0 * part).into()]).collect();
    let head = vec![text("recurso", "resource"), text("en uso", "in use")];
    let title = text("Lo que se agota primero, con todo junto", "What is used up first, with all together");
    evidence.tables.push(Table { line: "7.1", title, head, rows });
    if let Some((name, part)) = parts.first() {
        let what =
            Text::made(format!("uso de lo más cargado: {}", name.es), format!("use of what is busiest: {}", name.en));
        evidence.note("compute.busiest_share", *part, "", what);
    }
    evidence.note(
        "compute.looks",
        count(usage.looks),
        "",
        text("miradas a lo que está en uso", "looks at what is in use"),
    );
}
