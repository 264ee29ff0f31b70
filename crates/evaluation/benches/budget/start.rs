//! From the start of the process to the line that it is ready, and what it then holds.

use std::time::Duration;

use anyhow::Result;
use evaluation::load::closed;
use evaluation::usage;

use crate::bench::{Bench, median, sound};
use crate::get;
use crate::office::{Size, Store};
use crate::report::{Goal, Row};

/// Idle memory that is let pass, MiB.
const MEMORY: f64 = 30.0;

/// Start of an embedded office with data, and its memory: at rest after the start, and after load.
pub fn start(bench: &mut Bench) -> Result<Row> {
    bench.office(Store::Sqlite, Size::City)?;
    let (after_load, after_load_anonymous) = loaded(bench)?;
    bench.close()?;
    let bench = &*bench;
    let office = bench.at(Store::Sqlite, Size::City)?;
    let (mut starts, mut resident, mut anonymous) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..bench.rounds.max(5) {
        bench.generator.block_on(async {
            let server = office.started().await?;
            starts.push(server.ready_after.as_secs_f64() * 1000.0);
            // What it does right after the start is done by then.
            tokio::time::sleep(Duration::from_secs(2)).await;
            let memory = usage::memory(server.pid()?)?;
            resident.push(mebibytes(memory.resident));
            anonymous.push(mebibytes(memory.anonymous));
            server.stop().await
        })?;
    }
    let idle = median(resident);
    let mut row = Row::alone("start to ready, embedded", "ms", &starts, Goal::at_most(100.0));
    row.holds &= idle < MEMORY;
    row.goal.push_str("; idle RSS < 30 MiB");
    row.notes.push(format!("idle RSS {idle:.1} MiB, of it {:.1} MiB not of files", median(anonymous)));
    row.notes
        .push(format!("RSS after load and a rest {after_load:.1} MiB, of it {after_load_anonymous:.1} not of files"));
    Ok(row)
}

/// Memory after sign-ins and look-ups, and a rest.
fn loaded(bench: &Bench) -> Result<(f64, f64)> {
    let (server, caller) = bench.at(Store::Sqlite, Size::City)?.served()?;
    let memory = bench.generator.block_on(async {
        sound(closed(server.address, 8, Duration::from_secs(1), |_| crate::office::write_sign_in).await?)?;
        sound(closed(server.address, 32, Duration::from_secs(2), get::client(&caller.token)).await?)?;
        tokio::time::sleep(Duration::from_secs(12)).await;
        usage::memory(server.pid()?)
    })?;
    Ok((mebibytes(memory.resident), mebibytes(memory.anonymous)))
}

fn mebibytes(bytes: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "memory of one machine")]
    let bytes = bytes as f64;
    bytes / 1024.0 / 1024.0
}
