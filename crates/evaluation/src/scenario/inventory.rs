//! What runs: parts and their versions, routes, tasks, lints.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::Stage;
use crate::client::{Client, label};
use crate::measure::{Evidence, Table, count};
use crate::target::{Role, SetUp};
use crate::text::{Text, text};

/// By what this binary was built.
const LOCK: &str = include_str!("../../../../Cargo.lock");
/// Lints of all crates.
const WORKSPACE: &str = include_str!("../../../../Cargo.toml");

/// What the office's old system used, what takes its place, and for what.
static PARTS: [(&str, &str, Text); 9] = [
    ("FastAPI / Starlette", "axum", text("marco web", "web framework")),
    ("uvicorn", "hyper", text("servidor HTTP", "HTTP server")),
    ("asyncio / uvloop", "tokio", text("bucle de eventos", "event loop")),
    ("SQLAlchemy / asyncpg", "sqlx", text("base de datos y PostGIS", "database and PostGIS")),
    ("aiosqlite", "libsqlite3-sys", text("base embebida", "embedded database")),
    ("redis.asyncio", "redis", text("cliente de Redis", "Redis client")),
    ("websockets", "tokio-tungstenite", text("WebSocket", "WebSocket")),
    (
        "python-telegram-bot",
        "hyper-rustls",
        text("cliente propio de Telegram, sobre", "Telegram client of our own, on"),
    ),
    ("prometheus-client", "metrics-exporter-prometheus", text("métricas", "metrics")),
];

#[derive(Deserialize)]
struct Lock {
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
}

/// Looks.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    let mut evidence = Evidence::default();
    let is_ours = stage.target.set_up() != SetUp::Remote;
    if is_ours {
        parts(&mut evidence)?;
        lints(&mut evidence)?;
    }
    let client = stage.target.client(Role::Administrator).await?;
    routes(&client, &mut evidence).await?;
    let figures = match client.figures().await {
        Ok(figures) => figures,
        // Others show their figures to their own machines only.
        Err(error) if !is_ours => {
            evidence.notes.push(Text::made(format!("Sin métricas: {error:#}"), format!("No figures: {error:#}")));
            return Ok(evidence);
        }
        Err(error) => return Err(error),
    };
    let mut tasks: Vec<&str> = figures.all("gad_task_up").filter_map(|(labels, _)| label(labels, "task")).collect();
    tasks.sort_unstable();
    evidence.note("inventory.tasks", count(tasks.len()), "", text("tareas con nombre", "tasks with a name"));
    evidence.note("inventory.figures", count(figures.names()), "", text("métricas exportadas", "figures exported"));
    let rows = tasks.into_iter().map(|task| vec![task.into()]).collect();
    let title = text("Tareas supervisadas, por nombre", "Supervised tasks, by name");
    evidence.tables.push(Table { line: "6.2", title, head: vec![text("tarea", "task")], rows });
    Ok(evidence)
}

fn parts(evidence: &mut Evidence) -> Result<()> {
    let lock: Lock = toml::from_str(LOCK).context("Cargo.lock")?;
    let versions: BTreeMap<_, _> = lock.package.into_iter().map(|package| (package.name, package.version)).collect();
    let found = || PARTS.iter().filter_map(|part| Some((part, versions.get(part.1)?)));
    let rows =
        found().map(|((old, new, what), version)| vec![what.clone(), (*old).into(), format!("{new} {version}").into()]);
    let head = vec![text("para qué", "for what"), text("antes", "before"), text("ahora", "now")];
    let title = text("La pila anterior y la de este binario", "The stack before and that of this binary");
    evidence.tables.push(Table { line: "1.1", title, head, rows: rows.collect() });
    let what = text("partes de la pila con versión conocida", "parts of the stack with a known version");
    evidence.note("inventory.parts", count(found().count()), "", what);
    evidence.note("inventory.packages", count(versions.len()), "", text("paquetes fijados", "packages locked"));
    Ok(())
}

fn lints(evidence: &mut Evidence) -> Result<()> {
    let manifest: toml::Table = toml::from_str(WORKSPACE).context("Cargo.toml")?;
    let groups = manifest["workspace"]["lints"].as_table().context("no lints in Cargo.toml")?;
    let mut rows = Vec::new();
    for (group, lints) in groups {
        for (lint, level) in lints.as_table().into_iter().flatten() {
            let level = level.as_str().or_else(|| level.get("level")?.as_str()).unwrap_or_default();
            if matches!(level, "deny" | "forbid") {
                rows.push(vec![format!("{group}: {lint}").into(), level.into()]);
            }
        }
    }
    evidence.note(
        "inventory.lints",
        count(rows.len()),
        "",
        text("reglas cuyo incumplimiento impide construir", "lints that stop a build"),
    );
    let head = vec![text("regla", "lint"), text("nivel", "level")];
    let title = text("Reglas de análisis estático", "Lints");
    evidence.tables.push(Table { line: "10.1", title, head, rows });
    Ok(())
}

async fn routes(client: &Client, evidence: &mut Evidence) -> Result<()> {
    let document = client.get("/api/v1/openapi.json").await?.ok()?;
    let paths = document["paths"].as_object().context("the OpenAPI document has no paths")?;
    let mut groups: BTreeMap<String, usize> = BTreeMap::new();
    for path in paths.keys() {
        let group = path.trim_start_matches("/api/v1").split('/').nth(1).unwrap_or_default();
        *groups.entry(format!("/{group}")).or_default() += 1;
    }
    evidence.note("inventory.routes", count(paths.len()), "", text("rutas declaradas", "routes declared"));
    let rows = groups.into_iter().map(|(group, routes)| vec![group.into(), routes.to_string().into()]).collect();
    let head = vec![text("grupo", "group"), text("rutas", "routes")];
    evidence.tables.push(Table { line: "1.2", title: text("Rutas por grupo", "Routes by group"), head, rows });
    Ok(())
}
