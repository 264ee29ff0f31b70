//! A PostgreSQL cluster of a test's own, where the test decides on roles, rights and certificates.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection};

use crate::binary::free_port;

/// Longest wait for a server.
const PATIENCE: Duration = Duration::from_secs(60);
/// Password of every role.
pub const PASSWORD: &str = "clave: 100%/segura@casa";
/// The same as a URL has it.
pub const ENCODED: &str = "clave%3A%20100%25%2Fsegura%40casa";

/// A server that ends with the test. Over its socket, which is in its directory, everybody signs in
/// as anybody; over TCP a password is asked for.
pub struct Cluster {
    server: Child,
    port: u16,
    bin: PathBuf,
    dir: tempfile::TempDir,
}

/// Where the programs of the server are.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").exists())
        .collect();
    found.sort();
    found.pop().expect("PostgreSQL is installed by `cargo xtask test`").1
}

/// The user and group that own nothing, of which root makes a service for a test.
pub const NOBODY: u32 = 65534;

/// Whether the tests run as root.
pub fn is_root() -> bool {
    std::fs::metadata("/proc/self").unwrap().uid() == 0
}

/// A program of the server, which refuses to run as root.
fn as_server(program: &Path) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PG")) {
        command.env_remove(name);
    }
    command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null());
    command
}

fn does(command: &mut Command) {
    let output = command.stderr(Stdio::piped()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn belongs_to_the_server(path: &Path) {
    if is_root() {
        does(Command::new("chown").arg("-R").arg("postgres").arg(path));
    }
}

impl Cluster {
    /// A new cluster with the superuser `postgres` and the database `con_postgis`, of which others
    /// are copied.
    pub async fn start() -> Self {
        let dir = tempfile::Builder::new().prefix("gad-cluster-").tempdir().unwrap();
        belongs_to_the_server(dir.path());
        let bin = programs();
        let data = dir.path().join("data");
        let arguments = ["-U", "postgres", "--auth-local=trust", "--auth-host=scram-sha-256", "--encoding=UTF8"];
        let more = ["--locale=C.UTF-8", "--no-sync", "-D"];
        does(as_server(&bin.join("initdb")).args(arguments).args(more).arg(&data));
        let cluster = Self::launch(bin, dir, &[]).await;
        cluster.sql("postgres", "CREATE DATABASE con_postgis").await;
        cluster.sql("con_postgis", "CREATE EXTENSION postgis").await;
        let password = format!("ALTER ROLE postgres PASSWORD '{PASSWORD}'");
        cluster.sql("postgres", &password).await;
        cluster
    }

    async fn launch(bin: PathBuf, dir: tempfile::TempDir, settings: &[String]) -> Self {
        let port = free_port();
        let mut server = as_server(&bin.join("postgres"));
        server.arg("-D").arg(dir.path().join("data"));
        let own = [
            format!("port={port}"),
            "listen_addresses=127.0.0.1".to_owned(),
            format!("unix_socket_directories={}", dir.path().display()),
            "fsync=off".to_owned(),
            "full_page_writes=off".to_owned(),
            "shared_buffers=16MB".to_owned(),
            "wal_level=replica".to_owned(),
            "max_wal_senders=2".to_owned(),
        ];
        for setting in own.iter().chain(settings) {
            server.arg("-c").arg(setting);
        }
        let server = server.stderr(Stdio::null()).spawn().unwrap();
        let cluster = Self { server, port, bin, dir };
        let answers = async {
            while cluster.options("postgres").connect().await.is_err() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, answers).await.expect("PostgreSQL comes up");
        cluster
    }

    /// The same data under other settings, on another port.
    pub async fn restarted_with(mut self, settings: &[String]) -> Self {
        self.stop();
        let empty = tempfile::tempdir().unwrap();
        let (bin, dir) = (self.bin.clone(), std::mem::replace(&mut self.dir, empty));
        Self::launch(bin, dir, settings).await
    }

    /// A standby of this cluster.
    pub async fn standby(&self) -> Self {
        let dir = tempfile::Builder::new().prefix("gad-standby-").tempdir().unwrap();
        belongs_to_the_server(dir.path());
        let mut copying = as_server(&self.bin.join("pg_basebackup"));
        copying.arg("-h").arg(self.dir.path()).args(["-p", &self.port.to_string(), "-U", "postgres"]);
        does(
            copying
                .args(["--checkpoint=fast", "--no-sync", "--write-recovery-conf", "-X", "stream", "-D"])
                .arg(dir.path().join("data")),
        );
        Self::launch(self.bin.clone(), dir, &[]).await
    }

    fn options(&self, database: &str) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .host(self.dir.path().to_str().unwrap())
            .port(self.port)
            .username("postgres")
            .database(database)
    }

    /// A connection of the superuser's.
    pub async fn superuser(&self, database: &str) -> PgConnection {
        self.options(database).connect().await.unwrap()
    }

    /// Statements of the superuser's.
    pub async fn sql(&self, database: &str, statements: &str) {
        let mut connection = self.superuser(database).await;
        let done = sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut connection).await;
        done.unwrap_or_else(|error| panic!("{statements}: {error}"));
    }

    /// A role that may sign in and nothing else.
    pub async fn role(&self, name: &str) {
        self.sql("postgres", &format!("CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}'")).await;
    }

    /// A database with PostGIS that belongs to a role, and its URL for this role.
    pub async fn database(&self, name: &str, owner: &str) -> String {
        self.sql("postgres", &format!("CREATE DATABASE {name} TEMPLATE con_postgis OWNER {owner}")).await;
        self.url(owner, name)
    }

    /// The URL with which a role signs in over TCP.
    pub fn url(&self, role: &str, database: &str) -> String {
        format!("postgres://{role}:{ENCODED}@127.0.0.1:{}/{database}", self.port)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The directory of its socket.
    pub fn directory(&self) -> &Path {
        self.dir.path()
    }

    /// Puts a file into its directory, which only the server may read.
    pub fn gets_a_file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        belongs_to_the_server(&path);
        path
    }

    fn stop(&mut self) {
        let is_running = |server: &mut Child| matches!(server.try_wait(), Ok(None));
        // The pid of a server that was waited for may be another process's.
        if !is_running(&mut self.server) {
            return;
        }
        // SIGINT is PostgreSQL's fast shutdown.
        let _ = Command::new("kill").args(["-INT", &self.server.id().to_string()]).stderr(Stdio::null()).status();
        let deadline = Instant::now() + PATIENCE;
        while is_running(&mut self.server) {
            if Instant::now() > deadline {
                let _ = self.server.kill();
                let _ = self.server.wait();
                return;
            }
            #[expect(clippy::disallowed_methods, reason = "a drop cannot wait otherwise")]
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}
