//! A private PostgreSQL with PostGIS that ends with us, whatever happens.

use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::shell::{is_root, output};

/// The superuser of new clusters.
const SUPERUSER: &str = "postgres";
/// Longest wait for a server to come up, and to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server of our own in a directory of its own. The role `gad` is what an office has: it may make
/// databases, which it owns, and is no superuser.
pub struct PrivatePostgres {
    server: Child,
    port: u16,
    /// Who makes roles and extensions.
    superuser: &'static str,
    // Removed after the server has ended: fields drop in this order.
    _dir: Option<tempfile::TempDir>,
}

/// How to start one.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Whether commits reach the disk: not needed where only gad is killed, needed where
    /// speed is measured.
    pub fsync: bool,
}

impl PrivatePostgres {
    /// Starts a server from the programs in `bin`, and makes the database `template_gad` with
    /// PostGIS in it, of which tests copy theirs.
    pub fn start(bin: &Path, options: Options) -> Result<Self> {
        let dir = tempfile::Builder::new().prefix("gad-postgres-").tempdir()?;
        initialise(bin, dir.path())?;
        let (server, port) = launch(server(bin, dir.path(), options)?)?;
        let started = Self { server, port, superuser: SUPERUSER, _dir: Some(dir) };
        started.wait(bin)?;
        started.make_role(bin)?;
        started.make_template(bin)?;
        Ok(started)
    }

    /// Starts a server whose data stay in `dir`, made on first use. A Ctrl-C does not reach it: it
    /// ends when we let it, after those that use it.
    pub fn keep(bin: &Path, dir: &Path) -> Result<Self> {
        let is_new = !dir.join("data").join("PG_VERSION").exists();
        if is_new {
            std::fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
            initialise(bin, dir)?;
        }
        let mut server = server(bin, dir, Options { fsync: true })?;
        server.process_group(0);
        let (server, port) = launch(server)?;
        let mut started = Self { server, port, superuser: SUPERUSER, _dir: None };
        started.wait(bin)?;
        if is_new {
            started.make_role(bin)?;
        } else if started.psql_as(SUPERUSER, bin, "postgres", "SELECT 1").is_err() {
            // In clusters of former versions `gad` is the superuser.
            started.superuser = "gad";
        }
        if !started.has(bin, "template_gad")? {
            started.make_template(bin)?;
        }
        Ok(started)
    }

    fn make_role(&self, bin: &Path) -> Result<()> {
        self.psql_as(self.superuser, bin, "postgres", "CREATE ROLE gad LOGIN CREATEDB NOSUPERUSER")
    }

    fn make_template(&self, bin: &Path) -> Result<()> {
        // Under its name only when it is whole.
        self.psql_as(self.superuser, bin, "postgres", "DROP DATABASE IF EXISTS template_gad_new")?;
        self.psql_as(self.superuser, bin, "postgres", "CREATE DATABASE template_gad_new OWNER gad")?;
        self.psql_as(self.superuser, bin, "template_gad_new", "CREATE EXTENSION postgis")?;
        self.rename(bin, "template_gad_new", "template_gad")
    }

    /// Gives a database another name.
    pub fn rename(&self, bin: &Path, from: &str, to: &str) -> Result<()> {
        self.psql(bin, "postgres", &format!("ALTER DATABASE {from} RENAME TO {to}"))
    }

    /// Whether there is a database of this name.
    pub fn has(&self, bin: &Path, name: &str) -> Result<bool> {
        let sql = format!("SELECT 1 FROM pg_database WHERE datname = '{name}'");
        let port = self.port.to_string();
        let arguments = ["-h", "127.0.0.1", "-p", &port, "-U", "gad", "-d", "postgres", "-Atqc", &sql];
        Ok(!output(Command::new(bin.join("psql")).args(arguments))?.stdout.is_empty())
    }

    /// Where a database of this name is.
    pub fn database_url(&self, name: &str) -> String {
        format!("postgres://gad@127.0.0.1:{}/{name}", self.port)
    }

    /// Where its maintenance database is.
    pub fn url(&self) -> String {
        self.database_url("postgres")
    }

    /// The same for the superuser.
    pub fn superuser_url(&self) -> String {
        format!("postgres://{}@127.0.0.1:{}/postgres", self.superuser, self.port)
    }

    /// Makes an empty database with PostGIS, in place of one of this name, and gives its URL.
    pub fn database(&self, bin: &Path, name: &str) -> Result<String> {
        self.psql(bin, "postgres", &format!("DROP DATABASE IF EXISTS {name}"))?;
        self.psql(bin, "postgres", &format!("CREATE DATABASE {name} TEMPLATE template_gad"))?;
        Ok(self.database_url(name))
    }

    fn psql(&self, bin: &Path, database: &str, sql: &str) -> Result<()> {
        self.psql_as("gad", bin, database, sql)
    }

    fn psql_as(&self, role: &str, bin: &Path, database: &str, sql: &str) -> Result<()> {
        let port = self.port.to_string();
        let arguments = ["-h", "127.0.0.1", "-p", &port, "-U", role, "-d", database, "-v", "ON_ERROR_STOP=1"];
        output(Command::new(bin.join("psql")).args(arguments).arg("-qc").arg(sql))?;
        Ok(())
    }

    fn wait(&self, bin: &Path) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        let port = self.port.to_string();
        loop {
            let ready = Command::new(bin.join("pg_isready"))
                .args(["-q", "-h", "127.0.0.1", "-p", &port, "-U", "gad", "-t", "1"])
                .status()?;
            if ready.success() {
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("PostgreSQL did not answer within a minute");
            }
            #[expect(clippy::disallowed_methods, reason = "no runtime here; pg_isready answers at once")]
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        let is_running = |server: &mut Child| matches!(server.try_wait(), Ok(None));
        // The pid of a server that was waited for may be another process's.
        if !is_running(&mut self.server) {
            return;
        }
        // SIGINT is PostgreSQL's fast shutdown.
        let pid = self.server.id().to_string();
        let asked = Command::new("kill").args(["-INT", &pid]).status().is_ok_and(|status| status.success());
        let deadline = Instant::now() + PATIENCE;
        while asked && is_running(&mut self.server) && Instant::now() < deadline {
            #[expect(clippy::disallowed_methods, reason = "no runtime here, and a drop cannot wait otherwise")]
            std::thread::sleep(Duration::from_millis(20));
        }
        if is_running(&mut self.server) {
            let _killed = self.server.kill();
            let _ended = self.server.wait();
        }
    }
}

/// Makes a cluster in `dir`.
fn initialise(bin: &Path, dir: &Path) -> Result<()> {
    if is_root()? {
        output(Command::new("chown").arg("postgres").arg(dir))?;
    }
    let initdb = ["-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-D"];
    output(as_server(&bin.join("initdb"), dir)?.args(initdb).arg(dir.join("data")))?;
    Ok(())
}

/// The server over the cluster in `dir`, but for its port.
fn server(bin: &Path, dir: &Path, options: Options) -> Result<Command> {
    let mut server = as_server(&bin.join("postgres"), dir)?;
    server.arg("-D").arg(dir.join("data"));
    let durable = if options.fsync { "on" } else { "off" };
    for setting in [
        "listen_addresses=127.0.0.1".to_owned(),
        "unix_socket_directories=".to_owned(),
        "max_connections=400".to_owned(),
        "shared_buffers=128MB".to_owned(),
        format!("fsync={durable}"),
        // A worker of autovacuum belongs to the superuser: in a database of a test it would keep the plain role
        // from dropping it or from ending its connections.
        format!("autovacuum={durable}"),
        format!("full_page_writes={durable}"),
    ] {
        server.arg("-c").arg(setting);
    }
    Ok(server)
}

/// Starts it on a free port.
fn launch(mut server: Command) -> Result<(Child, u16)> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    server.arg("-c").arg(format!("port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
    Ok((server.spawn().context("cannot start PostgreSQL")?, port))
}

/// A program of the server: PostgreSQL refuses to run as root, so then as `postgres`.
fn as_server(program: &Path, dir: &Path) -> Result<Command> {
    let mut command = if is_root()? {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir(dir).env_remove("PGHOST").env_remove("PGPORT");
    Ok(command)
}

/// Programs of PostgreSQL, for the tests of this module.
#[cfg(test)]
fn installed() -> std::path::PathBuf {
    crate::install::postgres(false).expect("PostgreSQL is installed by `cargo xtask test`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_server_knows_postgis_and_is_gone_when_dropped() {
        let bin = installed();
        let server = PrivatePostgres::start(&bin, Options { fsync: false }).unwrap();
        let port = server.port;
        server.psql(&bin, "template_gad", "SELECT postgis_version()").unwrap();
        let database = server.database(&bin, "oficina").unwrap();
        assert_eq!(database, format!("postgres://gad@127.0.0.1:{port}/oficina"));
        assert!(server.psql(&bin, "oficina", "CREATE ROLE otra").is_err(), "gad is what an office has");
        drop(server);
        assert!(TcpListener::bind(("127.0.0.1", port)).is_ok(), "the port is free again");
    }
}
