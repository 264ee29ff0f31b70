//! Where the time of requests goes, what could be gained there, and what is used up first.

use crate::client::Figures;
use crate::measure::{Evidence, Table, count, share};
use crate::text::{Text, text};

/// How much of each resource was in use, as a share of it.
#[derive(Debug, Default)]
pub struct Usage {
    /// How often it was looked at.
    pub looks: usize,
    /// Of all processors, by anybody.
    pub machine: f64,
    /// Of all processors, by the process.
    pub own: f64,
    /// Of each pool of connections.
    pub pools: Vec<(String, f64)>,
}

/// Where the time of requests went, by layer.
pub fn spent(evidence: &mut Evidence, before: &Figures, after: &Figures) {
    let spent = |name: &str| after.since(before, name).max(0.0);
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
pub fn busiest(evidence: &mut Evidence, usage: &Usage) {
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
