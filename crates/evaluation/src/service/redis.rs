//! A private Redis that keeps nothing.

use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use tokio::process::{Child, Command};

use super::{answers, free_port, program};

/// A server on a port of its own. Killed when dropped.
#[derive(Debug)]
pub struct Redis {
    server: Child,
    port: u16,
}

impl Redis {
    /// Starts one.
    ///
    /// # Errors
    /// When it is not installed, or does not start.
    pub async fn start() -> Result<Self> {
        let port = free_port()?;
        let server = spawn(port)?;
        answers("Redis", port).await?;
        Ok(Self { server, port })
    }

    /// Where it listens.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Ends it at once, as a loss of power would.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub async fn dies(&mut self) -> Result<()> {
        Ok(self.server.kill().await?)
    }

    /// Starts again, empty, where it was.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn comes_back(&mut self) -> Result<()> {
        ensure!(self.server.id().is_none(), "Redis has not ended");
        self.server = spawn(self.port)?;
        answers("Redis", self.port).await
    }
}

fn spawn(port: u16) -> Result<Child> {
    let mut command = Command::new(program("redis-server").context("redis-server is not installed")?);
    command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
    command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    command.spawn().context("Redis does not start")
}
