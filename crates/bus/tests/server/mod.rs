//! A Redis of a test's own.

pub mod tls;

use std::fmt::Write as _;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Ends with the test.
pub struct RedisServer {
    process: Child,
    port: u16,
    arguments: Vec<String>,
}

fn spawn(port: u16, arguments: &[String]) -> Child {
    // An argument given later wins: `--port 0` of a server that speaks TLS only.
    Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("redis-server is installed by `cargo xtask test`")
}

impl RedisServer {
    /// Starts on a free port.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same with arguments of its own; `PORT` in one becomes the port.
    pub async fn start_with(arguments: &[&str]) -> Self {
        loop {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let filled = arguments.iter().map(|argument| argument.replace("PORT", &port.to_string()));
            let arguments: Vec<String> = filled.collect();
            let mut server = Self { process: spawn(port, &arguments), port, arguments };
            // Another process may have taken the port since; then this one ends, and another port is tried.
            if server.listens().await {
                return server;
            }
        }
    }

    /// Waits until this process accepts connections; `false` when it has ended instead.
    async fn listens(&mut self) -> bool {
        let listening = async {
            loop {
                let ended = self.process.try_wait().unwrap().is_some();
                if ended || self.owns_its_port() {
                    return !ended;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), listening).await.expect("Redis starts")
    }

    /// Whether the listening socket of the port belongs to this process and not to another.
    fn owns_its_port(&self) -> bool {
        let listening = std::fs::read_to_string("/proc/net/tcp").unwrap();
        let local = format!("0100007F:{:04X}", self.port);
        let mut sockets = listening.lines().filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            (*fields.get(1)? == local && *fields.get(3)? == "0A").then(|| format!("socket:[{}]", fields[9]))
        });
        let Some(socket) = sockets.next() else { return false };
        let open = std::fs::read_dir(format!("/proc/{}/fd", self.process.id())).into_iter().flatten().flatten();
        open.filter_map(|file| std::fs::read_link(file.path()).ok()).any(|target| target.as_os_str() == socket.as_str())
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Where it listens on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Runs one command as an administrator, over a connection of its own; lines of the answer.
    pub async fn runs(&self, command: &[&str]) -> Vec<String> {
        self.runs_all(&[command]).await
    }

    /// Runs commands over one connection.
    pub async fn runs_all(&self, commands: &[&[&str]]) -> Vec<String> {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        let mut text = String::new();
        for command in commands.iter().copied().chain([&["QUIT"][..]]) {
            write!(text, "*{}\r\n", command.len()).unwrap();
            for word in command {
                write!(text, "${}\r\n{word}\r\n", word.len()).unwrap();
            }
        }
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer.lines().map(ToOwned::to_owned).collect()
    }

    /// How often each command was called since the figures were reset, by `INFO commandstats`.
    pub async fn calls(&self) -> std::collections::BTreeMap<String, u64> {
        let lines = self.runs(&["INFO", "commandstats"]).await;
        let count = |line: &String| {
            let (name, rest) = line.strip_prefix("cmdstat_")?.split_once(":calls=")?;
            Some((name.to_owned(), rest.split(',').next()?.parse().ok()?))
        };
        lines.iter().filter_map(count).collect()
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Starts again, empty, where it was.
    pub async fn restart(&mut self) {
        self.process = spawn(self.port, &self.arguments);
        assert!(self.listens().await, "the port of a server that ended is free again");
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill").args([name, &self.process.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Stops its process, which keeps its connections.
    pub fn pause(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on.
    pub fn resume(&self) {
        self.signal("-CONT");
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.signal_quietly();
        let stats = self.command_stats().unwrap_or_default();
        let _ = self.process.kill();
        let _ = self.process.wait();
        let sweeps = stats.lines().find(|line| line.starts_with("cmdstat_scan:") || line.starts_with("cmdstat_keys:"));
        if !std::thread::panicking() {
            assert_eq!(sweeps, None, "a test swept the keys of Redis");
        }
    }
}

impl RedisServer {
    /// `INFO commandstats`; `None` where nothing answers in plain text without a password.
    fn command_stats(&self) -> Option<String> {
        use std::io::{Read as _, Write as _};
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(Duration::from_millis(500))).ok()?;
        stream.write_all(b"INFO commandstats\r\nQUIT\r\n").ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer)
    }

    /// A paused process is only reaped once it goes on.
    fn signal_quietly(&self) {
        let _ = Command::new("kill").args(["-CONT", &self.process.id().to_string()]).stderr(Stdio::null()).status();
    }
}
