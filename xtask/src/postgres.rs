//! A private PostgreSQL with PostGIS that ends with us, whatever happens.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::shell::{is_root, output};

/// A server of our own in a directory of its own.
pub struct PrivatePostgres {
    server: Child,
    port: u16,
    // Removed after the server has ended: fields drop in this order.
    _dir: tempfile::TempDir,
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
        let data = dir.path().join("data");
        if is_root()? {
            output(Command::new("chown").arg("postgres").arg(dir.path()))?;
        }
        let initdb = ["-U", "gad", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-D"];
        output(as_server(&bin.join("initdb"), dir.path())?.args(initdb).arg(&data))?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut server = as_server(&bin.join("postgres"), dir.path())?;
        server.arg("-D").arg(&data).arg("-k").arg(dir.path());
        let durable = if options.fsync { "on" } else { "off" };
        for setting in [
            format!("port={port}"),
            "listen_addresses=127.0.0.1".to_owned(),
            "max_connections=400".to_owned(),
            "shared_buffers=128MB".to_owned(),
            format!("fsync={durable}"),
            format!("full_page_writes={durable}"),
        ] {
            server.arg("-c").arg(setting);
        }
        let server = server.stdout(Stdio::null()).stderr(Stdio::null()).spawn().context("cannot start PostgreSQL")?;
        let started = Self { server, port, _dir: dir };
        started.wait(bin)?;
        let sql = "CREATE DATABASE template_gad";
        started.psql(bin, "postgres", sql)?;
        started.psql(bin, "template_gad", "CREATE EXTENSION postgis")?;
        Ok(started)
    }

    /// Where its maintenance database is.
    pub fn url(&self) -> String {
        format!("postgres://gad@127.0.0.1:{}/postgres", self.port)
    }

    /// Makes an empty database with PostGIS, and gives its URL.
    pub fn database(&self, bin: &Path, name: &str) -> Result<String> {
        self.psql(bin, "postgres", &format!("CREATE DATABASE {name} TEMPLATE template_gad"))?;
        Ok(format!("postgres://gad@127.0.0.1:{}/{name}", self.port))
    }

    fn psql(&self, bin: &Path, database: &str, sql: &str) -> Result<()> {
        let port = self.port.to_string();
        let arguments = ["-h", "127.0.0.1", "-p", &port, "-U", "gad", "-d", database, "-v", "ON_ERROR_STOP=1"];
        output(Command::new(bin.join("psql")).args(arguments).arg("-qc").arg(sql))?;
        Ok(())
    }

    fn wait(&self, bin: &Path) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(60);
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
        // SIGINT is PostgreSQL's fast shutdown.
        let pid = self.server.id().to_string();
        let told = Command::new("kill").args(["-INT", &pid]).status();
        if told.is_ok_and(|status| status.success()) {
            let _ended = self.server.wait();
        } else {
            let _killed = self.server.kill();
        }
    }
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
        drop(server);
        assert!(TcpListener::bind(("127.0.0.1", port)).is_ok(), "the port is free again");
    }
}
