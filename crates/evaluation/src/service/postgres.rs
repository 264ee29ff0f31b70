//! A private PostgreSQL with PostGIS.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use super::{answers, free_port};

/// A server in a directory of its own. It is told to end when dropped.
#[derive(Debug)]
pub struct Postgres {
    // Killed before its directory goes: fields drop in this order.
    server: Child,
    port: u16,
    programs: PathBuf,
    _dir: TempDir,
}

/// Where the programs of the newest PostgreSQL with PostGIS lie, as Debian lays them.
pub fn programs() -> Option<PathBuf> {
    let entries = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut versions: Vec<u32> =
        entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    versions.sort_unstable();
    versions.into_iter().rev().find_map(|version| {
        let bin = Path::new("/usr/lib/postgresql").join(version.to_string()).join("bin");
        let postgis = format!("/usr/share/postgresql/{version}/extension/postgis.control");
        (bin.join("postgres").exists() && Path::new(&postgis).exists()).then_some(bin)
    })
}

impl Postgres {
    /// Starts one that keeps what it acknowledges, and makes an empty database with PostGIS in it.
    ///
    /// # Errors
    /// When it is not installed, or does not start.
    pub async fn start(database: &str) -> Result<Self> {
        let programs = programs().context("PostgreSQL with PostGIS is not installed")?;
        let dir = tempfile::Builder::new().prefix("gad-evaluate-postgres-").tempdir()?;
        if is_root().await? {
            done(Command::new("chown").arg("postgres").arg(dir.path())).await?;
        }
        let data = dir.path().join("data");
        let mut initdb = as_server(&programs.join("initdb"), dir.path()).await?;
        initdb.args(["-U", "gad", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-D"]).arg(&data);
        done(&mut initdb).await?;
        let port = free_port()?;
        let mut command = as_server(&programs.join("postgres"), dir.path()).await?;
        command.arg("-D").arg(&data).args(["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]);
        command.args(["-c", "max_connections=200", "-c", "shared_buffers=128MB", "-c", &format!("port={port}")]);
        // A Ctrl-C is for the evaluation, which ends it after those that use it.
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        let server = command.spawn().context("PostgreSQL does not start")?;
        let started = Self { server, port, programs, _dir: dir };
        answers("PostgreSQL", port).await?;
        started.ready().await?;
        started.asks("postgres", &format!("CREATE DATABASE {database}")).await?;
        started.asks(database, "CREATE EXTENSION IF NOT EXISTS postgis").await?;
        Ok(started)
    }

    /// Where it listens.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// What it answers to a statement, without heads.
    ///
    /// # Errors
    /// When it refuses.
    pub async fn asks(&self, database: &str, sql: &str) -> Result<String> {
        let mut psql = Command::new(self.programs.join("psql"));
        let port = self.port.to_string();
        psql.args(["-h", "127.0.0.1", "-p", &port, "-U", "gad", "-d", database, "-v", "ON_ERROR_STOP=1", "-Atqc", sql]);
        psql.env_remove("PGHOST").env_remove("PGPORT");
        done(&mut psql).await
    }

    /// Waits until it takes statements: it takes connections a moment before.
    async fn ready(&self) -> Result<()> {
        let until = std::time::Instant::now() + super::PATIENCE;
        while let Err(error) = self.asks("postgres", "SELECT 1").await {
            ensure!(std::time::Instant::now() < until, "PostgreSQL does not take statements: {error:#}");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Asks it to end, and waits until it has.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub async fn stop(mut self) -> Result<()> {
        let Some(pid) = self.server.id() else { return Ok(()) };
        // SIGINT is PostgreSQL's fast shutdown.
        Command::new("kill").args(["-INT", &pid.to_string()]).status().await?;
        self.server.wait().await?;
        Ok(())
    }
}

async fn is_root() -> Result<bool> {
    Ok(done(Command::new("id").arg("-u")).await?.trim() == "0")
}

/// A program of the server: PostgreSQL refuses to run as root, so then as `postgres`.
async fn as_server(program: &Path, dir: &Path) -> Result<Command> {
    let mut command = if is_root().await? {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir(dir).env_remove("PGHOST").env_remove("PGPORT");
    Ok(command)
}

async fn done(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().await.with_context(|| format!("cannot run {command:?}"))?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
