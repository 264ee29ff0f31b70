//! `cargo xtask run --replicas N`: a scaled-out office on this machine.

use std::io::Read;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::install;
use crate::postgres::PrivatePostgres;
use crate::serve::Served;
use crate::shell::succeed;

/// The balancer that operators get; the lines of its servers are written anew.
const HAPROXY: &str = include_str!("../../deploy/haproxy/haproxy.cfg");
/// The database of the demo office.
const DATABASE: &str = "gad";
/// Between two looks whether everything still runs.
const LOOK: Duration = Duration::from_millis(500);
/// Longest wait for Redis or HAProxy to take connections.
const PATIENCE: Duration = Duration::from_secs(20);

/// A program beside the replicas, which ends with us.
pub struct Beside {
    name: &'static str,
    child: Child,
}

impl Beside {
    fn start(name: &'static str, command: &mut Command, address: SocketAddr) -> Result<Self> {
        // In a group of its own, so that a Ctrl-C reaches us alone and we end all in order.
        let child = command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        let mut beside = Self { name, child: child.with_context(|| format!("cannot run {command:?}"))? };
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect(address).is_err() {
            if beside.has_ended() || Instant::now() > deadline {
                bail!("{name} does not take connections at {address}");
            }
            #[expect(clippy::disallowed_methods, reason = "no runtime here; it comes up at once")]
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(beside)
    }

    fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).stderr(Stdio::null()).status();
        if !told.is_ok_and(|status| status.success()) {
            let _killed = self.child.kill();
        }
        let _ended = self.child.wait();
    }
}

/// Serves by `count` replicas until it is told to stop; what must last lies in `dir`.
pub fn run(gad: &Path, count: u16, listen: &str, dir: &Path) -> Result<()> {
    let bin = install::postgres(true)?;
    install::beside_replicas(true)?;
    std::fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
    let dir = dir.canonicalize()?;
    let (tell, told) = mpsc::channel();
    ctrlc::set_handler(move || {
        // An error only says that we are ending already.
        let _ = tell.send(());
    })
    .context("cannot wait for signals")?;

    // Ended in the opposite order: who is used ends after its users.
    let postgres = PrivatePostgres::keep(&bin, &dir.join("postgres"))?;
    let secret = secret(&dir)?;
    if postgres.has(&bin, DATABASE)? {
        eprintln!("office in {} (the log-in was printed when it was made)", dir.display());
    } else {
        eprintln!("making a demo office in {}", dir.display());
        // Under its name only when it is whole.
        let url = postgres.database(&bin, "gad_new")?;
        succeed(Command::new(gad).env("SECRET_KEY_FILE", &secret).args(["seed", "--demo", "--database-url", &url]))?;
        postgres.rename(&bin, "gad_new", DATABASE)?;
    }
    let (database, redis_at) = (postgres.database_url(DATABASE), free()?);
    let mut redis = redis(redis_at)?;
    let mut replicas = Vec::new();
    for _ in 0..count {
        let mut command = Command::new(gad);
        command.env("SECRET_KEY_FILE", &secret).process_group(0);
        command.args(["serve", "--trusted-proxies", "127.0.0.1", "--database-url", &database]);
        replicas.push(Served::start(command.args(["--redis-url", &format!("redis://{redis_at}")]))?);
    }
    let bind = bind(listen)?;
    let mut balancer = balancer(&dir, bind, &replicas)?;
    for replica in &replicas {
        eprintln!("replica at {}", replica.url);
    }
    println!("{count} replicas of gad are ready at http://{bind}");

    let outcome = watch(&told, &mut [&mut balancer, &mut redis], &mut replicas);
    eprintln!("stopping");
    // All at once: each tells its sockets where to resume, which takes some seconds.
    std::thread::scope(|scope| {
        for replica in replicas {
            scope.spawn(move || drop(replica));
        }
    });
    drop((balancer, redis));
    drop(postgres);
    outcome
}

/// Waits until we are told to stop; fails when something ends by itself.
fn watch(told: &mpsc::Receiver<()>, beside: &mut [&mut Beside], replicas: &mut [Served]) -> Result<()> {
    loop {
        if !matches!(told.recv_timeout(LOOK), Err(mpsc::RecvTimeoutError::Timeout)) {
            return Ok(());
        }
        if let Some(ended) = beside.iter_mut().find_map(|one| one.has_ended().then_some(one.name)) {
            bail!("{ended} ended by itself");
        }
        if let Some(ended) = replicas.iter_mut().find_map(|one| one.has_ended().then(|| one.url.clone())) {
            bail!("the replica at {ended} ended by itself");
        }
    }
}

/// A free address of this machine.
pub fn free() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// Where the balancer is to listen; port 0 takes a free one.
fn bind(listen: &str) -> Result<SocketAddr> {
    let listener = TcpListener::bind(listen).with_context(|| format!("cannot listen on {listen}"))?;
    Ok(listener.local_addr()?)
}

/// A Redis that keeps nothing.
pub fn redis(address: SocketAddr) -> Result<Beside> {
    let program = install::program("redis-server").context("redis-server")?;
    let port = address.port().to_string();
    let arguments = ["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
    Beside::start("Redis", Command::new(program).args(arguments), address)
}

fn balancer(dir: &Path, bind: SocketAddr, replicas: &[Served]) -> Result<Beside> {
    let file = dir.join("haproxy.cfg");
    let addresses: Vec<&str> = replicas.iter().map(|replica| replica.url.trim_start_matches("http://")).collect();
    std::fs::write(&file, configuration(&addresses))?;
    let program = install::program("haproxy").context("haproxy")?;
    let mut command = Command::new(program);
    command.arg("-db").arg("-f").arg(&file).stderr(Stdio::null());
    command.env("GAD_BIND", bind.to_string()).env("GAD_STATS", free()?.to_string());
    Beside::start("HAProxy", &mut command, bind)
}

/// The balancer's configuration with these servers.
fn configuration(addresses: &[&str]) -> String {
    let kept = HAPROXY.lines().filter(|line| !line.trim_start().starts_with("server "));
    let servers = (1..).zip(addresses).map(|(n, address)| format!("    server replica-{n} {address}"));
    let lines: Vec<String> = kept.map(str::to_owned).chain(servers).collect();
    lines.join("\n") + "\n"
}

/// The key with which all replicas sign, made on first use.
fn secret(dir: &Path) -> Result<PathBuf> {
    let file = dir.join("secret");
    if !file.exists() {
        let mut bytes = ([0; 16], [0; 16]);
        let mut random = std::fs::File::open("/dev/urandom")?;
        random.read_exact(&mut bytes.0)?;
        random.read_exact(&mut bytes.1)?;
        let text = format!("{:032x}{:032x}", u128::from_be_bytes(bytes.0), u128::from_be_bytes(bytes.1));
        let mut options = std::fs::OpenOptions::new();
        let mut opened = options.write(true).create_new(true).mode(0o600).open(&file)?;
        std::io::Write::write_all(&mut opened, text.as_bytes())?;
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_balancer_of_operators_gets_as_many_servers_as_there_are_replicas() {
        let text = configuration(&["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"]);
        let servers: Vec<&str> = text.lines().map(str::trim).filter(|line| line.starts_with("server ")).collect();
        assert_eq!(
            servers,
            ["server replica-1 127.0.0.1:1", "server replica-2 127.0.0.1:2", "server replica-3 127.0.0.1:3"]
        );
        assert!(text.contains("option httpchk") && text.ends_with("127.0.0.1:3\n"), "{text}");
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("haproxy.cfg");
        std::fs::write(&file, text).unwrap();
        let program = install::program("haproxy").expect("haproxy is installed by `cargo xtask test`");
        let mut check = Command::new(program);
        // A check of the file listens nowhere, so any port will do.
        check.arg("-c").arg("-f").arg(&file).env("GAD_BIND", "127.0.0.1:80").env("GAD_STATS", "127.0.0.1:81");
        let said = check.output().unwrap();
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    }
}
