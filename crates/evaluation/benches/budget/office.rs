//! A demo office on either store, with a server in front of it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use evaluation::load::{Connection, Request};
use evaluation::process::Server;
use sqlx::{AssertSqlSafe, Connection as _, Executor, PgConnection};
use tokio::process::Command;
use url::Url;

use crate::meter::Party;

const EMAIL: &str = "supervisor@demo.gad";
const PASSWORD: &str = "una clave de prueba";

/// Where the record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Store {
    Sqlite,
    Postgres,
}

/// How many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    /// 500 officers.
    City,
    /// 100,000 officers.
    Country,
}

/// Tasks of every office.
pub const TASKS: i64 = 10_000;

impl Size {
    /// Officers in the street.
    pub const fn officers(self) -> i64 {
        match self {
            Self::City => 500,
            Self::Country => 100_000,
        }
    }
}

/// Who is signed in for the load.
#[derive(Debug, Clone)]
pub struct Caller {
    pub token: String,
    pub user: i64,
}

/// A demo office.
pub struct Office {
    gad: PathBuf,
    /// Of SQLite's file, or unused.
    pub data: PathBuf,
    /// Of the database, on PostgreSQL.
    pub url: Option<String>,
    /// First process of the database's server.
    postmaster: Option<u32>,
    served: Option<(Server, Caller)>,
}

impl Office {
    /// Makes one and fills it.
    pub async fn make(gad: &Path, postgres: &str, dir: &Path, store: Store, size: Size) -> Result<Self> {
        let name = format!("{store:?}_{size:?}").to_lowercase();
        let mut office = Self { gad: gad.to_owned(), data: dir.join(&name), url: None, postmaster: None, served: None };
        if store == Store::Postgres {
            let mut connection = PgConnection::connect(postgres).await.context("the database does not answer")?;
            let backend: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut connection).await?;
            office.postmaster = Some(evaluation::usage::times(backend.try_into()?)?.parent);
            connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE template_gad"))).await?;
            let mut url = Url::parse(postgres)?;
            url.set_path(&name);
            office.url = Some(url.into());
        }
        let (officers, tasks) = (size.officers().to_string(), TASKS.to_string());
        let mut seed = office.command();
        seed.args(["seed", "--demo", "--password", PASSWORD, "--officers", &officers, "--tasks", &tasks]);
        let output = seed.output().await.context("gad cannot be started")?;
        ensure!(output.status.success(), "gad seed failed: {}", String::from_utf8_lossy(&output.stderr));
        if let Some(url) = &office.url {
            // As autovacuum would soon do, in the middle of a round.
            PgConnection::connect(url).await?.execute("VACUUM ANALYZE").await?;
        }
        Ok(office)
    }

    /// `gad`, told where this office is, and with none of the settings of the machine.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.gad);
        for name in ["DATABASE_URL", "DB_URL", "GAD_DATABASE_URL", "GAD_DATA_DIR", "REDIS_URL"] {
            command.env_remove(name);
        }
        command
            .env("SECRET_KEY", "a secret of the benches that is long enough")
            .env("RATE_LIMITING_ENABLED", "false")
            .env("LOG_LEVEL", "warn")
            .env("ACCESS_TOKEN_EXPIRE_MINUTES", "1440")
            .arg("--data-dir")
            .arg(&self.data);
        if let Some(url) = &self.url {
            command.args(["--database-url", url]);
        }
        command
    }

    /// A server in front of it, without anybody signed in.
    pub async fn started(&self) -> Result<Server> {
        let mut command = self.command();
        // What it refuses is counted; a line for each would bury the table.
        command.args(["serve", "--listen", "127.0.0.1:0"]).stderr(std::process::Stdio::null());
        Server::start(command).await.context("gad serve")
    }

    /// Serves it and signs in, unless that is done.
    pub async fn serve(&mut self) -> Result<()> {
        if self.served.is_none() {
            let server = self.started().await?;
            let caller = sign_in(&server).await.context("signing in")?;
            self.served = Some((server, caller));
        }
        Ok(())
    }

    /// Stops its server.
    pub async fn rest(&mut self) -> Result<()> {
        match self.served.take() {
            Some((server, _)) => server.stop().await,
            None => Ok(()),
        }
    }

    /// Its server, and who is signed in.
    pub fn served(&self) -> Result<(&Server, &Caller)> {
        let (server, caller) = self.served.as_ref().context("the office is at rest")?;
        Ok((server, caller))
    }

    /// Who spends CPU time when it works.
    pub fn parties(&self) -> Result<Vec<(&'static str, Party)>> {
        let mut parties = vec![("load", Party::Ourselves), ("gad", Party::Process(self.served()?.0.pid()?))];
        parties.extend(self.database());
        Ok(parties)
    }

    /// The database's server, where there is one.
    pub fn database(&self) -> Option<(&'static str, Party)> {
        Some(("database", Party::Family(self.postmaster?)))
    }
}

/// The form of sign-in.
pub fn write_sign_in(request: &mut Request) {
    let form = format!("username={}&password={}", EMAIL.replace('@', "%40"), PASSWORD.replace(' ', "+"));
    request.post("/api/v1/auth/login", None, "application/x-www-form-urlencoded", form.as_bytes());
}

async fn sign_in(server: &Server) -> Result<Caller> {
    let mut connection = Connection::open(server.address).await?;
    let mut request = Request::default();
    write_sign_in(&mut request);
    let answer = ask(&mut connection, &request).await?;
    let token = answer["access_token"].as_str().context("no token")?.to_owned();
    request.get("/api/v1/users/me", Some(&token));
    let user = ask(&mut connection, &request).await?["id"].as_i64().context("no id")?;
    Ok(Caller { token, user })
}

async fn ask(connection: &mut Connection, request: &Request) -> Result<serde_json::Value> {
    let answer = connection.exchange(request.bytes()).await?;
    ensure!(answer.status == 200, "{}: {}", answer.status, String::from_utf8_lossy(answer.body));
    Ok(serde_json::from_slice(answer.body)?)
}
