//! What is evaluated: an office of its own on a private directory, served by the very binary.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use tokio::process::Command;
use tokio::sync::watch;

use crate::client::Client;
use crate::process::Server;
use crate::profile::Profile;

/// Password of all demo log-ins.
const PASSWORD: &str = "una clave de evaluacion";
/// Variables that a process needs, or that a test plants a defect by.
const KEPT: [&str; 5] = ["PATH", "TMPDIR", "RUST_BACKTRACE", "LLVM_PROFILE_FILE", "GAD_SABOTAGE"];

/// With what the office is served; nothing else of the machine's settings reaches it.
pub const SETTINGS: [(&str, &str); 4] = [
    ("RATE_LIMITING_ENABLED", "false"),
    ("LOG_LEVEL", "warn"),
    ("ACCESS_TOKEN_EXPIRE_MINUTES", "1440"),
    ("SECRET_KEY", "a secret of the evaluation, long enough"),
];

/// Which demo log-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Level 3.
    Administrator,
    /// Level 2.
    Supervisor,
}

impl Role {
    const fn email(self) -> &'static str {
        match self {
            Self::Administrator => "admin@demo.gad",
            Self::Supervisor => "supervisor@demo.gad",
        }
    }
}

/// An office of its own.
#[derive(Debug)]
pub struct Target {
    binary: PathBuf,
    dir: TempDir,
    log: PathBuf,
    more: Vec<(String, String)>,
    server: Option<Server>,
    pid: watch::Sender<Option<u32>>,
}

impl Target {
    /// Makes an office and fills it; `log` takes what its processes say.
    ///
    /// # Errors
    /// When the binary cannot fill it; what it said is told.
    pub async fn make(binary: &Path, log: PathBuf, profile: &Profile, seed: u64) -> Result<Self> {
        let dir = tempfile::Builder::new().prefix("gad-evaluate-").tempdir().context("no private directory")?;
        File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let (pid, _) = watch::channel(None);
        let target = Self { binary: binary.to_owned(), dir, log, more: Vec::new(), server: None, pid };
        let (officers, tasks, seed) = (profile.officers.to_string(), profile.tasks.to_string(), seed.to_string());
        let (size, chance) = (["--officers", &officers, "--tasks", &tasks], ["--seed", &seed]);
        let who = ["seed", "--demo", "--password", PASSWORD, "--users", "4"];
        let output = target.gad(&[&who[..], &size[..], &chance[..]].concat()).await?;
        ensure!(output.status.success(), "gad seed: {}", String::from_utf8_lossy(&output.stderr));
        Ok(target)
    }

    /// What `gad` says to these arguments about this office.
    ///
    /// # Errors
    /// When it cannot be started.
    pub async fn gad(&self, arguments: &[&str]) -> Result<Output> {
        let mut command = self.command();
        command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
        command.output().await.with_context(|| format!("cannot start {}", self.binary.display()))
    }

    /// A file beside the office.
    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Serves it with these settings besides, unless it is served.
    ///
    /// # Errors
    /// When it is not ready within a minute.
    pub async fn serve(&mut self, more: &[(&str, &str)]) -> Result<&Server> {
        let more: Vec<_> = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        if self.server.is_some() && self.more != more {
            self.rest().await?;
        }
        if self.server.is_none() {
            let mut command = self.command();
            command.args(["serve", "--listen", "127.0.0.1:0"]).envs(more.clone());
            // Ctrl-C is for the evaluation, which then writes what there is.
            command.process_group(0).stderr(OpenOptions::new().append(true).open(&self.log)?);
            let server = Server::start(command).await.context("gad serve")?;
            self.pid.send_replace(Some(server.pid()?));
            (self.server, self.more) = (Some(server), more);
        }
        self.server.as_ref().context("it was just started")
    }

    /// Somebody signed in at an office that is served as usual.
    ///
    /// # Errors
    /// When it cannot be served or the log-in fails.
    pub async fn client(&mut self, role: Role) -> Result<Client> {
        let address = match &self.server {
            Some(server) => server.address,
            None => self.serve(&[]).await?.address,
        };
        Client::sign_in(address, role.email(), PASSWORD).await
    }

    /// Number of the process that serves.
    ///
    /// # Errors
    /// When nobody does.
    pub fn pid(&self) -> Result<u32> {
        self.server.as_ref().context("nobody serves")?.pid()
    }

    /// The number of the process that serves, and of those after it.
    pub fn pids(&self) -> watch::Receiver<Option<u32>> {
        self.pid.subscribe()
    }

    /// The process that serves, for whoever ends it.
    ///
    /// # Errors
    /// When nobody does.
    pub fn take(&mut self) -> Result<Server> {
        self.pid.send_replace(None);
        self.server.take().context("nobody serves")
    }

    /// Ends the process that serves, well or by force.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub async fn rest(&mut self) -> Result<()> {
        const PATIENCE: Duration = Duration::from_secs(10);
        let Ok(mut server) = self.take() else { return Ok(()) };
        server.signal("TERM").await?;
        if server.ended(PATIENCE).await?.is_none() {
            server.kill().await?;
        }
        Ok(())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command.env_clear();
        for name in KEPT {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command.envs(SETTINGS).arg("--data-dir").arg(self.dir.path().join("oficina"));
        command
    }
}
