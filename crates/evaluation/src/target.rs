//! What is evaluated: an office of its own, served by the very binary, or one that somebody else serves.

use std::fs::{File, OpenOptions};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;
use tokio::process::Command;
use tokio::sync::watch;

use crate::client::Client;
use crate::process::{Server, Serving};
use crate::profile::Profile;
use crate::service::{self, Postgres, Redis};
pub use crate::whereabouts::{Remote, SetUp, Whereabouts};

/// Password of all demo log-ins.
const PASSWORD: &str = "una clave de evaluacion";
/// Variables that a process needs, or that a test plants a defect by.
const KEPT: [&str; 5] = ["PATH", "TMPDIR", "RUST_BACKTRACE", "LLVM_PROFILE_FILE", "GAD_SABOTAGE"];

/// With what the office is served; nothing else of the machine's settings reaches it.
pub const SETTINGS: [(&str, &str); 4] = [
    ("RATE_LIMITING_ENABLED", "false"),
    ("LOG_LEVEL", "warn"),
    ("ACCESS_TOKEN_EXPIRE_MINUTES", "1440"),
    ("SECRET_KEY", "a secret of the evaluation that is long enough"),
];

/// Name of the database of a scaled-out office.
const DATABASE: &str = "oficina";

/// What the office stands on.
#[derive(Debug)]
enum Base {
    Directory,
    Services(Box<Services>),
    Remote(Remote),
}

/// What a scaled-out office stands on.
#[derive(Debug)]
struct Services {
    postgres: Postgres,
    redis: Redis,
    /// The file of the key that signs its audit.
    key: PathBuf,
}

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

/// What a demo log-in sends.
pub fn form(role: Role) -> String {
    crate::client::form(role.email(), PASSWORD)
}

/// What is evaluated.
#[derive(Debug)]
pub struct Target {
    binary: PathBuf,
    dir: TempDir,
    log: PathBuf,
    base: Base,
    more: Vec<(String, String)>,
    server: Option<Server>,
    serving: watch::Sender<Option<Serving>>,
    signed_in: Option<Client>,
}

impl Target {
    /// Makes an office and fills it, or finds one; `log` takes what processes of its own say.
    ///
    /// # Errors
    /// When services are missing or do not start, or the binary cannot fill it; what it said is told.
    pub async fn make(binary: &Path, at: &Whereabouts, log: PathBuf, profile: &Profile, seed: u64) -> Result<Self> {
        let dir = tempfile::Builder::new().prefix("gad-evaluate-").tempdir().context("no private directory")?;
        File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let base = match at {
            Whereabouts::Embedded => Base::Directory,
            Whereabouts::Scaled => {
                if let Some(packages) = service::missing() {
                    bail!(
                        "a scaled-out office needs more than is installed; install it with: apt-get install {packages}"
                    );
                }
                let (postgres, redis) = tokio::try_join!(Postgres::start(DATABASE), Redis::start())?;
                let key = dir.path().join("clave-de-auditoria");
                Base::Services(Box::new(Services { postgres, redis, key }))
            }
            Whereabouts::Remote(remote) => Base::Remote(remote.clone()),
        };
        let (serving, _) = watch::channel(None);
        let binary = binary.to_owned();
        let target = Self { binary, dir, log, base, more: Vec::new(), server: None, serving, signed_in: None };
        target.fill(profile, seed).await?;
        Ok(target)
    }

    async fn fill(&self, profile: &Profile, seed: u64) -> Result<()> {
        match &self.base {
            Base::Remote(_) => return Ok(()),
            Base::Directory => {}
            Base::Services(services) => {
                let file = services.key.to_str().context("a path that is no text")?;
                // By itself: the settings of this office name the file.
                let mut command = self.bare();
                command.args(["audit", "key", "new", "--out", file]).stdin(Stdio::null());
                let made = command.output().await?;
                ensure!(made.status.success(), "gad audit key new: {}", String::from_utf8_lossy(&made.stderr));
            }
        }
        let (officers, tasks, seed) = (profile.officers.to_string(), profile.tasks.to_string(), seed.to_string());
        let (size, chance) = (["--officers", &officers, "--tasks", &tasks], ["--seed", &seed]);
        let who = ["seed", "--demo", "--password", PASSWORD, "--users", "4"];
        let output = self.gad(&[&who[..], &size[..], &chance[..]].concat()).await?;
        ensure!(output.status.success(), "gad seed: {}", String::from_utf8_lossy(&output.stderr));
        if let Base::Services(services) = &self.base {
            // As autovacuum would soon do, in the middle of a scenario.
            services.postgres.asks(DATABASE, "VACUUM ANALYZE").await?;
        }
        Ok(())
    }

    /// How it is set up.
    pub const fn set_up(&self) -> SetUp {
        match self.base {
            Base::Directory => SetUp::Embedded,
            Base::Services(_) => SetUp::Scaled,
            Base::Remote(_) => SetUp::Remote,
        }
    }

    /// The database and Redis of a scaled-out office.
    ///
    /// # Errors
    /// When it is none.
    pub fn services(&mut self) -> Result<(&Postgres, &mut Redis)> {
        match &mut self.base {
            Base::Services(services) => Ok((&services.postgres, &mut services.redis)),
            _ => bail!("this office stands on no services"),
        }
    }

    /// What the database answers.
    ///
    /// # Errors
    /// When there is none, or it refuses.
    pub async fn asks(&mut self, sql: &str) -> Result<String> {
        self.services()?.0.asks(DATABASE, sql).await
    }

    /// The settings of the database and of Redis, where these are reached at other ports.
    pub fn by_way_of(postgres: u16, redis: u16) -> [(&'static str, String); 2] {
        [("GAD_DATABASE_URL", database(postgres)), ("GAD_REDIS_URL", format!("redis://127.0.0.1:{redis}"))]
    }

    /// One more process that serves the same office, with these settings besides.
    ///
    /// # Errors
    /// When it does not get ready.
    pub async fn replica(&self, more: &[(&str, &str)]) -> Result<Server> {
        self.replica_at(SocketAddr::from(([127, 0, 0, 1], 0)), more).await
    }

    /// The same where an earlier one was.
    ///
    /// # Errors
    /// When it does not get ready.
    pub async fn replica_at(&self, address: SocketAddr, more: &[(&str, &str)]) -> Result<Server> {
        let mut command = self.command();
        command.args(["serve", "--listen", &address.to_string()]).envs(more.iter().copied());
        command.process_group(0).stderr(OpenOptions::new().append(true).open(&self.log)?);
        Server::start(command).await.context("gad serve")
    }

    /// What processes of the office have said.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn said(&self) -> Result<String> {
        Ok(std::fs::read_to_string(&self.log)?)
    }

    /// Ends what serves, and what it stands on.
    ///
    /// # Errors
    /// When something cannot be waited for.
    pub async fn close(mut self) -> Result<()> {
        self.rest().await?;
        match self.base {
            Base::Services(services) => services.postgres.stop().await,
            _ => Ok(()),
        }
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
        ensure!(self.set_up() != SetUp::Remote, "somebody else serves this office");
        let more: Vec<_> = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        if self.server.is_some() && self.more != more {
            self.rest().await?;
        }
        if self.server.is_none() {
            let given: Vec<(&str, &str)> = more.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            // Ctrl-C is for the evaluation, which then writes what there is.
            let server = self.replica(&given).await?;
            self.serving.send_replace(Some(Serving { pid: server.pid()?, address: server.address }));
            (self.server, self.more) = (Some(server), more);
        }
        self.server.as_ref().context("it was just started")
    }

    /// Where it is served; that it is, is seen to.
    ///
    /// # Errors
    /// When it cannot be served.
    pub async fn address(&mut self) -> Result<SocketAddr> {
        match (&self.base, &self.server) {
            (Base::Remote(remote), _) => Ok(remote.address),
            (_, Some(server)) => Ok(server.address),
            (_, None) => Ok(self.serve(&[]).await?.address),
        }
    }

    /// Somebody signed in at an office that is served as usual.
    ///
    /// # Errors
    /// When it cannot be served or the log-in fails.
    pub async fn client(&mut self, role: Role) -> Result<Client> {
        let address = self.address().await?;
        let Base::Remote(remote) = &self.base else { return self.signs_in(address, role).await };
        // Once only: others count how often.
        let client = match self.signed_in.take() {
            Some(client) => client,
            None => Client::sign_in(address, &remote.email, &remote.password).await?,
        };
        self.signed_in = Some(client.clone());
        Ok(client)
    }

    /// Somebody of the demo office, signed in at one of its processes.
    ///
    /// # Errors
    /// When that is refused.
    pub async fn signs_in(&self, address: SocketAddr, role: Role) -> Result<Client> {
        Client::sign_in(address, role.email(), PASSWORD).await
    }

    /// Number of the process that serves.
    ///
    /// # Errors
    /// When nobody does.
    pub fn pid(&self) -> Result<u32> {
        self.server.as_ref().context("nobody serves")?.pid()
    }

    /// The process that serves, and those after it.
    pub fn serving(&self) -> watch::Receiver<Option<Serving>> {
        self.serving.subscribe()
    }

    /// The process that serves, for whoever ends it.
    ///
    /// # Errors
    /// When nobody does.
    pub fn take(&mut self) -> Result<Server> {
        self.serving.send_replace(None);
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

    /// `gad` with none of the machine's settings.
    fn bare(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command.env_clear();
        for name in KEPT {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
    }

    fn command(&self) -> Command {
        let mut command = self.bare();
        command.envs(SETTINGS).arg("--data-dir").arg(self.dir.path().join("oficina"));
        if let Base::Services(services) = &self.base {
            let Services { postgres, redis, key } = &**services;
            command.envs(Self::by_way_of(postgres.port(), redis.port())).env("GAD_AUDIT_KEY_FILE", key);
        }
        command
    }
}

fn database(port: u16) -> String {
    format!("postgres://gad@127.0.0.1:{port}/{DATABASE}")
}
