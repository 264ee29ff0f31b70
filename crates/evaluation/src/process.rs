//! A server in a process of its own.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// Longest wait for the line that says that it is ready.
const START: Duration = Duration::from_secs(60);
/// Longest wait for its end.
const STOP: Duration = Duration::from_secs(35);

/// Which process serves, and where.
#[derive(Debug, Clone, Copy)]
pub struct Serving {
    /// Its number.
    pub pid: u32,
    /// Where it listens.
    pub address: SocketAddr,
}

/// A server that has said where it listens. Killed when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From the start of the process to the line that said so.
    pub ready_after: Duration,
}

impl Server {
    /// Starts a server, and waits for the line on its standard output that ends in its URL.
    ///
    /// # Errors
    /// When it cannot be started, ends, or is not ready within a minute.
    pub async fn start(mut command: Command) -> Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let start = Instant::now();
        let mut child = command.spawn().with_context(|| format!("cannot start {command:?}"))?;
        let stdout = child.stdout.take().context("no standard output")?;
        let mut lines = BufReader::new(stdout).lines();
        let address = timeout(START, async {
            while let Some(line) = lines.next_line().await? {
                if let Some(address) = address_in(&line) {
                    return Ok(address);
                }
            }
            bail!("it ended before it was ready")
        });
        let address = address.await.context("it was not ready within a minute")??;
        Ok(Self { child, address, ready_after: start.elapsed() })
    }

    /// Number of its process.
    pub fn pid(&self) -> Result<u32> {
        self.child.id().context("the server has ended")
    }

    /// Sends it a signal, like `TERM`.
    ///
    /// # Errors
    /// When it has ended.
    pub async fn signal(&self, name: &str) -> Result<()> {
        let told = Command::new("kill").args(["-s", name, &self.pid()?.to_string()]).status().await?;
        if told.success() { Ok(()) } else { bail!("it could not be told") }
    }

    /// Waits for its end; whether it ended well, or `None` when it does not end within `patience`.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub async fn ended(&mut self, patience: Duration) -> Result<Option<bool>> {
        match timeout(patience, self.child.wait()).await {
            Ok(status) => Ok(Some(status?.success())),
            Err(_) => Ok(None),
        }
    }

    /// Ends it at once, as a loss of power would.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub async fn kill(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }

    /// Asks it to end, and waits until it has.
    ///
    /// # Errors
    /// When it does not end in time, or not well.
    pub async fn stop(mut self) -> Result<()> {
        self.signal("TERM").await?;
        ensure!(self.ended(STOP).await?.context("the server does not end")?, "the server did not end well");
        Ok(())
    }
}

fn address_in(line: &str) -> Option<SocketAddr> {
    line.rsplit_once("http://")?.1.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_server_is_there_when_it_has_said_where() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo hello; echo it is ready at http://127.0.0.1:81"]);
        let server = Server::start(command).await.unwrap();
        assert_eq!(server.address, "127.0.0.1:81".parse().unwrap());
    }

    #[tokio::test]
    async fn a_server_that_ends_at_once_is_told_from_one_that_is_ready() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo no room"]);
        assert_eq!(Server::start(command).await.unwrap_err().to_string(), "it ended before it was ready");
    }
}
