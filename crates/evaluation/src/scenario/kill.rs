//! SIGKILL in full writing: all that was acknowledged must be there afterwards.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::{Stage, mix};
use crate::client::Client;
use crate::load::{Connection, Request};
use crate::measure::{Evidence, count};
use crate::target::Role;
use crate::text::text;

/// Who writes without a pause.
const WRITERS: usize = 8;
/// Codes that were acknowledged.
type Acknowledged = Arc<Mutex<BTreeSet<String>>>;

/// Writes, kills, looks.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    let client = stage.target.client(Role::Supervisor).await?;
    let acknowledged = Acknowledged::default();
    let mut writers = JoinSet::new();
    for _ in 0..WRITERS {
        writers.spawn(write(client.clone(), Arc::clone(&acknowledged)));
    }
    sleep(stage.profile.step.min(Duration::from_secs(2))).await;
    stage.target.take()?.kill().await?;
    timeout(Duration::from_secs(5), async { while writers.join_next().await.is_some() {} }).await.ok();
    let back = stage.target.serve(&[]).await?.ready_after;
    let client = stage.target.client(Role::Supervisor).await?;
    let present = codes(&client).await?;
    let acknowledged = acknowledged.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let lost = acknowledged.difference(&present).count();
    let mut evidence = Evidence::default();
    evidence.note(
        "kill.acknowledged",
        count(acknowledged.len()),
        "",
        text("tareas confirmadas antes de la muerte", "tasks acknowledged before the kill"),
    );
    evidence.note("kill.lost", count(lost), "", text("confirmadas y perdidas", "acknowledged and lost"));
    evidence.note(
        "kill.back_seconds",
        back.as_secs_f64(),
        "s",
        text("hasta volver a atender", "until it served again"),
    );
    Ok(evidence)
}

async fn write(client: Client, acknowledged: Acknowledged) {
    let Ok(mut connection) = Connection::open(client.address).await else { return };
    let mut request = Request::default();
    loop {
        let code = mix::code();
        mix::make(&client, &code, &mut request);
        match connection.exchange(request.bytes()).await {
            Ok(answer) if answer.status < 300 => {
                acknowledged.lock().unwrap_or_else(PoisonError::into_inner).insert(code);
            }
            // A refusal acknowledges nothing.
            Ok(_) => {}
            Err(_) => return,
        }
    }
}

/// Codes of all tasks.
pub async fn codes(client: &Client) -> Result<BTreeSet<String>> {
    let (mut codes, mut cursor) = (BTreeSet::new(), None::<i64>);
    loop {
        let after = cursor.map(|last| format!("&cursor={last}")).unwrap_or_default();
        let page = client.get(&format!("/api/v1/tasks/?limit=500{after}")).await?.ok()?;
        let tasks = page.as_array().map(Vec::as_slice).unwrap_or_default();
        codes.extend(tasks.iter().filter_map(|task| task["codigo"].as_str()).map(str::to_owned));
        let Some(last) = tasks.last().and_then(|task| task["id"].as_i64()) else { return Ok(codes) };
        cursor = Some(last);
    }
}
