//! The binary as operators run it: started, killed, started again.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStderr, Command};

use crate::person::Person;

/// How a binary is told where its record is.
#[derive(Clone)]
pub struct Place {
    arguments: Vec<OsString>,
    /// A directory that each command sees mounted to be read only.
    read_only: Option<PathBuf>,
}

/// A served office in a process of its own.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub url: String,
}

/// With what the supervisor signs in.
pub const EMAIL: &str = "supervisora@prueba.gad";
/// The password.
pub const PASSWORD: &str = "una clave larga";

/// The program under test: the one built with the tests, or the release build that an acceptance check measures.
pub fn program() -> PathBuf {
    std::env::var_os("GAD_ACCEPTANCE_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_gad").into()).into()
}

/// A port on which nothing listens now.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Place {
    /// A directory with an embedded record.
    pub fn directory(dir: &Path) -> Self {
        Self { arguments: vec!["--data-dir".into(), dir.into()], read_only: None }
    }

    /// A PostgreSQL database.
    pub fn database(url: &str) -> Self {
        Self { arguments: vec!["--database-url".into(), url.into()], read_only: None }
    }

    /// The same place, where each command sees a directory mounted to be read only.
    pub fn mounted_read_only(self, dir: &Path) -> Self {
        Self { read_only: Some(dir.to_owned()), ..self }
    }

    /// The same place with one more flag.
    pub fn with(mut self, flag: &str, value: &str) -> Self {
        self.arguments.extend([flag.into(), value.into()]);
        self
    }

    /// A connection to the record that goes past the program.
    pub async fn intruder(&self) -> crate::intruder::Intruder {
        let record = self.arguments[1].to_str().unwrap();
        if self.arguments[0] == "--data-dir" {
            crate::intruder::Intruder::in_directory(Path::new(record)).await
        } else {
            crate::intruder::Intruder::in_database(record).await
        }
    }

    /// `gad` with some arguments, in this place and with no settings of the machine.
    pub fn gad(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.args(arguments).args(&self.arguments);
        for name in ["DATABASE_URL", "REDIS_URL", "GAD_DATABASE_URL", "GAD_DATA_DIR"] {
            command.env_remove(name);
        }
        command
            // Stories of load are told by one person, who may not be told to wait.
            .env("RATE_LIMITING_ENABLED", "false")
            .env("SECRET_KEY", "a secret of the tests that is long enough")
            // A story that waits for a start must not wait for ever.
            .env("GAD_START_TIMEOUT", "60")
            .kill_on_drop(true)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let Some(dir) = &self.read_only else { return command };
        let script = "mount --bind \"$1\" \"$1\" && mount -o remount,bind,ro \"$1\" && shift && exec \"$@\"";
        let mut command = Self::behind(&command, "unshare", &["-rm", "sh", "-ec", script, "sh", dir.to_str().unwrap()]);
        command.stderr(Stdio::piped());
        command
    }

    /// Makes the supervisor with whom the tests sign in.
    pub async fn hires(&self) {
        self.hires_as(EMAIL, "P1234567", 2).await;
    }

    /// Makes somebody with the password of the tests.
    pub async fn hires_as(&self, email: &str, dni: &str, level: u8) {
        let level = level.to_string();
        let arguments = ["user", "create", "--email", email, "--password", PASSWORD, "--nombre", "Prueba"];
        let more = ["--apellido", "Prueba", "--dni", dni, "--nivel", &level, "--verificado"];
        let output = self.gad(&[&arguments[..], &more[..]].concat()).output().await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Serves, and waits until it says where.
    pub async fn serves(&self) -> Server {
        let mut command = self.gad(&["serve", "--listen", "127.0.0.1:0"]);
        command.stderr(Stdio::null());
        Server::started_by(command).await
    }

    /// `gad serve` by these arguments and the place.
    pub async fn serves_by(&self, arguments: &[&str]) -> Server {
        let mut command = self.gad(arguments);
        command.stderr(Stdio::null());
        Server::started_by(command).await
    }

    /// The same with its log in a file.
    pub async fn serves_by_logging(&self, arguments: &[&str], file: std::fs::File) -> Server {
        let mut command = self.gad(arguments);
        command.stderr(file);
        Server::started_by(command).await
    }

    /// Serves with every line of the log, down to `level`, in a file.
    pub async fn serves_logging(&self, level: &str, file: std::fs::File) -> Server {
        self.serves_logging_by(&["--log-level", level], file).await
    }

    /// Serves by these arguments, with its log in a file.
    pub async fn serves_logging_by(&self, arguments: &[&str], file: std::fs::File) -> Server {
        let mut command = self.gad(&[&["serve", "--listen", "127.0.0.1:0"], arguments].concat());
        command.stderr(file);
        Server::started_by(command).await
    }

    /// Serves with some settings in the environment; an empty value takes one away.
    pub async fn serves_with(&self, settings: &[(&str, &str)]) -> Server {
        let mut command = self.gad(&["serve", "--listen", "127.0.0.1:0"]);
        for (name, value) in settings {
            match *value {
                "" => command.env_remove(name),
                value => command.env(name, value),
            };
        }
        command.stderr(Stdio::null());
        Server::started_by(command).await
    }

    /// Serves where a limit on the size of files refuses a write instead of ending the process.
    pub async fn serves_under_limits(&self) -> Server {
        let gad = self.gad(&["serve", "--listen", "127.0.0.1:0"]);
        Server::started_by(Self::behind(&gad, "sh", &["-c", "trap '' XFSZ; exec \"$@\"", "sh"])).await
    }

    /// `gad` as the last arguments of another program, with the same environment.
    fn behind(gad: &Command, program: &str, arguments: &[&str]) -> Command {
        let mut outer = Command::new(program);
        outer.args(arguments).arg(gad.as_std().get_program()).args(gad.as_std().get_args());
        for (name, value) in gad.as_std().get_envs() {
            match value {
                Some(value) => outer.env(name, value),
                None => outer.env_remove(name),
            };
        }
        outer.kill_on_drop(true).stdin(Stdio::null()).stdout(Stdio::piped());
        outer
    }

    /// Hires and serves in a new directory on a file system of `megabytes` that nobody else has,
    /// and that ends with the process.
    pub async fn serves_on_a_disk_of(megabytes: u32, dir: &Path) -> Server {
        let script = "mount -t tmpfs -o size=$1m,mode=700 tmpfs \"$2\" && shift 2 && \
            \"$@\" user create --email supervisora@prueba.gad --password 'una clave larga' --nombre Prueba \
            --apellido Prueba --dni P1234567 --nivel 2 --verificado >&2 && exec \"$@\" serve --listen 127.0.0.1:0";
        let place = Self::directory(dir);
        let (size, at) = (megabytes.to_string(), dir.to_str().unwrap());
        let arguments = ["-rm", "sh", "-ec", script, "sh", &size, at];
        let command = Self::behind(&place.gad(&[]), "unshare", &arguments);
        Server::started_by(command).await
    }
}

impl Server {
    /// The server that a command starts.
    pub async fn started_by(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next_line().await.unwrap().expect("one line with the URL; what went wrong stands above");
        let start = line.find("http").unwrap_or_else(|| panic!("no URL in {line:?}"));
        let url: String = line[start..].chars().take_while(|c| !c.is_whitespace()).collect();
        Self { child, url: url.trim_end_matches('/').to_owned() }
    }

    /// Lets no file grow beyond `bytes`, or any.
    pub async fn limits_files(&self, bytes: Option<u64>) {
        let limit = bytes.map_or("unlimited".to_owned(), |bytes| bytes.to_string());
        let pid = self.child.id().unwrap().to_string();
        let arguments = ["--pid", &pid, &format!("--fsize={limit}:unlimited")];
        assert!(Command::new("prlimit").args(arguments).status().await.unwrap().success());
    }

    /// Resident memory in bytes.
    pub fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id().unwrap())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// The log, where the command put it into a pipe.
    pub fn takes_log(&mut self) -> ChildStderr {
        self.child.stderr.take().unwrap()
    }

    /// A directory as the process sees it.
    pub fn sees(&self, dir: &Path) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.child.id().unwrap()));
        root.join(dir.strip_prefix("/").unwrap())
    }

    /// Somebody without a token.
    pub fn stranger(&self) -> Person {
        Person::new(self.url.clone())
    }

    /// The supervisor, signed in.
    pub async fn supervisor(&self) -> Person {
        self.signs_in(EMAIL).await
    }

    /// Somebody hired, signed in.
    pub async fn signs_in(&self, email: &str) -> Person {
        let mut person = Person::new(self.url.clone());
        person.signs_in(email, PASSWORD).await.ok();
        person.user = person.gets("/api/v1/users/me").await.body["id"].as_i64().map(domain::UserId);
        person
    }

    /// `kill -9`.
    pub async fn dies(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Sends a signal, like `STOP`.
    pub async fn is_told(&self, signal: &str) {
        let pid = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-s", signal, &pid]).status().await.unwrap().success());
    }

    /// SIGTERM; whether it ended well.
    pub async fn ends(self) -> bool {
        self.is_told("TERM").await;
        self.has_ended().await
    }

    /// Waits for its end, of which it has been told; whether it ended well.
    pub async fn has_ended(mut self) -> bool {
        self.child.wait().await.unwrap().success()
    }
}
