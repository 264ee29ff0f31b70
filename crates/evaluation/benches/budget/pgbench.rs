//! pgbench: the leanest client of PostgreSQL that everybody knows.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use sqlx::{Connection, Executor, PgConnection};

use crate::bench::{CONNECTIONS, Round};
use crate::meter::{Party, metered};

/// Its own tables, as many rows as there are tasks, in the office's database.
pub async fn make_accounts(pgbench: &Path, url: &str, rows: i64) -> Result<()> {
    let output = Command::new(pgbench).args(["-i", "-q", "-s", "1", url]).output().context("pgbench -i")?;
    ensure!(output.status.success(), "pgbench -i failed: {}", String::from_utf8_lossy(&output.stderr));
    let mut connection = PgConnection::connect(url).await?;
    sqlx::query("DELETE FROM pgbench_accounts WHERE aid > $1").bind(rows).execute(&mut connection).await?;
    connection.execute("VACUUM FULL ANALYZE pgbench_accounts").await?;
    Ok(())
}

/// What it runs.
#[derive(Clone)]
pub enum Script {
    /// Its own select by number; the scale says among how many.
    Select { scale: f64 },
    /// A file.
    File(PathBuf),
}

/// One round with as many connections as our own load has.
pub fn round(
    pgbench: &Path,
    url: &str,
    script: &Script,
    database: Option<(&'static str, Party)>,
    time: Duration,
) -> Result<Round> {
    let mut command = Command::new(pgbench);
    let (clients, seconds) = (CONNECTIONS.to_string(), time.as_secs().max(1).to_string());
    command.args(["-n", "-M", "prepared", "-c", &clients, "-j", "1", "-T", &seconds]);
    match script {
        Script::Select { scale } => command.args(["-S", "-D", &format!("scale={scale}")]),
        Script::File(file) => command.arg("-f").arg(file),
    };
    command.arg(url);
    let mut parties = vec![("load", Party::Programs)];
    parties.extend(database);
    let run = || {
        let output = command.output().context("pgbench")?;
        ensure!(output.status.success(), "pgbench failed: {}", String::from_utf8_lossy(&output.stderr));
        parse(&String::from_utf8_lossy(&output.stdout)).context("pgbench said something odd")
    };
    let ((figure, _), cost) = metered(&parties, run, |(_, count)| *count)?;
    Ok(Round::new(figure, cost))
}

/// Transactions a second, and how many there were.
fn parse(said: &str) -> Option<(f64, f64)> {
    let after = |start: &str| said.lines().find_map(|line| line.strip_prefix(start));
    let per_second = after("tps = ")?.split(' ').next()?.parse().ok()?;
    let count = after("number of transactions actually processed: ")?.split('/').next()?.parse().ok()?;
    Some((per_second, count))
}
