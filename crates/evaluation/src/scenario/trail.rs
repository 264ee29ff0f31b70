//! One request followed by its name: in its answer, in its trace, and in the log.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::{Stage, mix};
use crate::load::{Connection, Request};
use crate::measure::{Evidence, count, share};
use crate::target::Role;
use crate::text::text;

/// With these every request leaves lines, and machines can read them.
const SETTINGS: [(&str, &str); 4] =
    [("ENVIRONMENT", "production"), ("LOG_LEVEL", "debug"), ("GAD_SLOW_REQUEST_MS", "0"), ("GAD_SLOW_QUERY_MS", "0")];
/// The name that the request brings.
const NAME: &str = "0193e0aa-7c11-7d0f-8f3a-5b6f00000001";
/// The trace that it belongs to.
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
/// Longest wait for its lines.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks, and looks for it.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    let settings: Vec<(&str, &str)> = SETTINGS.to_vec();
    stage.target.serve(&settings).await?;
    let outcome = follow(stage).await;
    stage.target.rest().await?;
    outcome
}

async fn follow(stage: &mut Stage) -> Result<Evidence> {
    let client = stage.target.client(Role::Supervisor).await?;
    let before = stage.target.said()?.len();
    let body = mix::body(&mix::code(), client.user);
    let trace = format!("00-{TRACE}-00f067aa0ba902b7-01");
    let mut request = Request::default();
    let more = [("x-request-id", NAME), ("traceparent", trace.as_str())];
    request.named("POST", "/api/v1/tasks/", client.token.as_deref(), &more, Some("application/json"), body.as_bytes());
    let mut connection = Connection::open(client.address).await.context("cannot connect")?;
    let answer = connection.exchange(request.bytes()).await?;
    let (status, head) = (answer.status, connection.answered_head().to_lowercase());
    let until = Instant::now() + PATIENCE;
    let lines = loop {
        let said = stage.target.said()?;
        let lines: Vec<Value> =
            said[before.min(said.len())..].lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let mine = |line: &&Value| line.to_string().contains(NAME);
        if lines.iter().filter(mine).count() >= 2 || Instant::now() > until {
            break lines;
        }
        sleep(Duration::from_millis(50)).await;
    };
    let named: Vec<&Value> = lines.iter().filter(|line| line.to_string().contains(NAME)).collect();
    // Lines of tasks of the process belong to no request.
    let with_a_name = lines.iter().filter(|line| line.to_string().contains("request_id")).count();
    let holds = |word: &str| named.iter().any(|line| line.to_string().contains(word));
    let mut evidence = Evidence::default();
    evidence.note(
        "trail.status",
        f64::from(status),
        "",
        text("respuesta a la petición seguida", "answer to the request that is followed"),
    );
    let what = text("su nombre vuelve en la respuesta", "its name comes back with the answer");
    evidence.answer("trail.echoed", head.contains(NAME), what);
    evidence.note(
        "trail.lines",
        count(named.len()),
        "",
        text("líneas del registro con su nombre", "lines of the log with its name"),
    );
    let what = text("su traza está en el registro", "its trace is in the log");
    evidence.answer("trail.traced", holds(TRACE), what);
    let what = text(
        "parte de todas las líneas que dicen de qué petición son",
        "share of all lines that tell of which request they are",
    );
    evidence.note("trail.named_share", share(count(with_a_name), count(lines.len())), "", what);
    let what = text(
        "consultas lentas en el registro con el nombre de su petición",
        "slow queries in the log with the name of their request",
    );
    let slow = named.iter().filter(|line| line.to_string().contains("slow query")).count();
    evidence.note("trail.slow_queries", count(slow), "", what);
    let what = text(
        "líneas con un dato de la petición que no debe estar",
        "lines with something of the request that must not be there",
    );
    let told = lines.iter().filter(|line| line.to_string().contains("Recorrer la plaza")).count();
    evidence.note("trail.personal", count(told), "", what);
    Ok(evidence)
}
