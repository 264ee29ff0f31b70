//! HAProxy before two replicas, by the configuration that operators get.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use super::{free_port, program};

/// The configuration; addresses come from the environment.
const CONFIGURATION: &str = include_str!("../../../../deploy/haproxy/haproxy.cfg");
/// Longest wait for a replica to be taken for well.
const WELL: Duration = Duration::from_secs(20);
/// Between two looks at how the replicas are.
const LOOK: Duration = Duration::from_millis(50);

/// A balancer on a port of its own. Killed when dropped.
#[derive(Debug)]
pub struct Balancer {
    _process: Child,
    _dir: TempDir,
    /// Where the office is reached through it.
    pub address: SocketAddr,
    itself: SocketAddr,
}

impl Balancer {
    /// Starts one, and waits until it sends to both; none when it is not installed.
    ///
    /// # Errors
    /// When it does not start, or takes a replica for unwell.
    pub async fn before(replicas: [SocketAddr; 2]) -> Result<Option<Self>> {
        let Some(program) = program("haproxy") else { return Ok(None) };
        let dir = tempfile::Builder::new().prefix("gad-evaluate-haproxy-").tempdir()?;
        let file = dir.path().join("haproxy.cfg");
        tokio::fs::write(&file, CONFIGURATION).await?;
        let [address, itself] = [free_port()?, free_port()?].map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
        let mut command = Command::new(program);
        command.arg("-db").arg("-f").arg(&file);
        for (name, value) in [
            ("GAD_BIND", address),
            ("GAD_STATS", itself),
            ("GAD_REPLICA_1", replicas[0]),
            ("GAD_REPLICA_2", replicas[1]),
        ] {
            command.env(name, value.to_string());
        }
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        let process = command.spawn().context("HAProxy does not start")?;
        let balancer = Self { _process: process, _dir: dir, address, itself };
        for replica in 1..=2 {
            balancer.sends_to(replica).await?;
        }
        Ok(Some(balancer))
    }

    /// Waits until it has looked at a replica, counted from 1, and found it well.
    ///
    /// # Errors
    /// When it does not within twenty seconds.
    pub async fn sends_to(&self, replica: usize) -> Result<()> {
        let start = format!("replicas,replica-{replica},");
        let is_well = async {
            loop {
                let table = self.table().await.unwrap_or_default();
                let row = table.lines().find(|line| line.starts_with(&start));
                // Before its first look it takes them all to be well.
                if row.is_some_and(|row| row.contains(",UP,") && row.contains("L7OK")) {
                    return;
                }
                sleep(LOOK).await;
            }
        };
        timeout(WELL, is_well).await.with_context(|| format!("HAProxy does not take replica {replica} for well"))
    }

    /// What it says of itself, a line for each replica.
    async fn table(&self) -> Result<String> {
        let mut table = String::new();
        let mut stream = TcpStream::connect(self.itself).await?;
        stream.write_all(b"GET /;csv HTTP/1.0\r\n\r\n").await?;
        stream.read_to_string(&mut table).await?;
        Ok(table)
    }
}
