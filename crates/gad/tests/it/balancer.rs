//! HAProxy before the replicas, by the configuration that operators get.

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};

use crate::replica::Replica;

/// HAProxy of a test's own.
pub struct Balancer {
    // Ends with it.
    _process: Child,
    /// Where the office is reached through it.
    pub url: String,
    stats: String,
}

fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

impl Balancer {
    /// Starts before two replicas, and waits until it sends to both.
    pub async fn starts(replicas: &[Replica; 2]) -> Self {
        let (bind, stats) = (free_address(), free_address());
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/haproxy/haproxy.cfg");
        let process = Command::new("haproxy")
            .args(["-db", "-f"])
            .arg(file)
            .env("GAD_BIND", &bind)
            .env("GAD_STATS", &stats)
            .env("GAD_REPLICA_1", replicas[0].address())
            .env("GAD_REPLICA_2", replicas[1].address())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("haproxy is installed by `cargo xtask test`");
        let balancer = Self { _process: process, url: format!("http://{bind}"), stats: format!("http://{stats}/;csv") };
        for replica in 1..=2 {
            balancer.sends_to(replica).await;
        }
        balancer
    }

    /// Waits until it sends requests to a replica, counted from 1.
    pub async fn sends_to(&self, replica: usize) {
        let name = format!("replica-{replica}");
        let sends = async {
            loop {
                if let Ok(answer) = reqwest::get(&self.stats).await {
                    let table = answer.text().await.unwrap_or_default();
                    let row = table.lines().find(|line| line.split(',').nth(1) == Some(&name));
                    // Before the first look at it the balancer takes it to be well.
                    if row.is_some_and(|row| row.split(',').any(|field| field == "UP") && row.contains("L7OK")) {
                        return;
                    }
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), sends).await.expect("the replica is well");
    }
}
