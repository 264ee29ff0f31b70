//! Many for one officer: each begins another task of the same officer at the same moment.

use anyhow::{Context, Result};
use futures::future::join_all;
use serde_json::json;

use super::{Stage, mix};
use crate::measure::{Evidence, count};
use crate::target::Role;
use crate::text::text;

/// Races.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    let client = stage.target.client(Role::Administrator).await?;
    let free = client.get("/api/v1/efectivos?estado_disponibilidad=disponible&limit=1").await?.ok()?;
    let officer = free[0]["id"].as_i64().context("no officer is free")?;
    let mut tasks = Vec::with_capacity(stage.profile.racers);
    for _ in 0..stage.profile.racers {
        let body = json!({ "codigo": mix::code(), "titulo": "Carrera por un efectivo", "tipo": "patrullaje",
            "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": client.user,
            "efectivos_asignados": [officer] });
        let made = client.send("POST", "/api/v1/tasks/", Some(&body)).await?.ok()?;
        tasks.push(made["id"].as_i64().context("a task without a number")?);
    }
    let begin = json!({ "estado": "en_curso" });
    let paths: Vec<String> = tasks.iter().map(|task| format!("/api/v1/tasks/{task}")).collect();
    let replies = join_all(paths.iter().map(|path| client.send("PUT", path, Some(&begin)))).await;
    let (mut winners, mut losers, mut others) = (0_usize, 0_usize, 0_usize);
    for reply in replies {
        match reply {
            Ok(reply) if reply.status < 300 => winners += 1,
            Ok(reply) if matches!(reply.status, 400 | 409 | 412) => losers += 1,
            _ => others += 1,
        }
    }
    let mut evidence = Evidence::default();
    evidence.note("racers.racers", count(tasks.len()), "", text("competidores", "racers"));
    evidence.note("racers.winners", count(winners), "", text("ganadores", "winners"));
    evidence.note("racers.losers", count(losers), "", text("rechazados con su causa", "refused with the cause"));
    evidence.note("racers.others", count(others), "", text("sin un rechazo claro", "without a plain refusal"));
    Ok(evidence)
}
