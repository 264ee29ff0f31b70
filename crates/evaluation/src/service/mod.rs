//! What a scaled-out office stands on: a PostgreSQL, a Redis and, where one is installed, a balancer
//! of its own, which end with us.

mod balancer;
mod postgres;
mod redis;

pub use balancer::Balancer;
pub use postgres::Postgres;
pub use redis::Redis;

use std::net::TcpListener;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use tokio::net::TcpStream;

/// Longest wait for a service to take connections.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where a program lies. Those of the administrator are not in every path.
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let sbin = ["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from);
    std::env::split_paths(&path).chain(sbin).map(|dir| dir.join(name)).find(|file| file.is_file())
}

/// A port that nobody listens on at this moment.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Waits until somebody takes connections.
async fn answers(what: &str, port: u16) -> Result<()> {
    let until = Instant::now() + PATIENCE;
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        ensure!(Instant::now() < until, "{what} does not take connections");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// What has to be installed before a scaled-out office can be evaluated; nothing when all is there.
pub fn missing() -> Option<String> {
    let mut packages = Vec::new();
    if postgres::programs().is_none() {
        packages.extend(["postgresql", "postgresql-postgis"]);
    }
    if program("redis-server").is_none() {
        packages.push("redis-server");
    }
    (!packages.is_empty()).then(|| packages.join(" "))
}
