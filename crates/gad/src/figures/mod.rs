//! Figures of the process and its machine.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};
use api::Resources;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use resilience::{CpuPool, Tasks};
use sysinfo::{Disks, System};
use tokio::sync::watch;

/// Edges of request durations in seconds; `.2`, `.5` and `2` are those of the objectives.
const DURATIONS: [f64; 13] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0];
/// The same of the contract for messages on sockets.
const MESSAGES: [f64; 12] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// The same for whole connections.
const CONNECTIONS: [f64; 8] = [10.0, 60.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0, 14400.0];
/// Between two measurements of the machine.
const MEASURE: Duration = Duration::from_secs(10);
/// Between two clearings of what scrapers have not fetched.
const UPKEEP: Duration = Duration::from_secs(5);

/// Collects figures from now on.
pub fn collect() -> Result<PrometheusHandle> {
    let mut builder = PrometheusBuilder::new();
    for (name, edges) in [
        ("http_request_duration_seconds", &DURATIONS[..]),
        ("gad_dependency_seconds", &MESSAGES[..]),
        ("ggrt_message_latency_seconds", &MESSAGES[..]),
        ("ggrt_ws_message_duration_seconds", &MESSAGES[..]),
        ("ggrt_ws_connection_duration_seconds", &CONNECTIONS[..]),
    ] {
        builder = builder.set_buckets_for_metric(Matcher::Full(name.to_owned()), edges)?;
    }
    builder.install_recorder().context("figures are collected already")
}

/// Keeps what nobody fetches from growing.
pub fn upkeep(tasks: &Tasks, metrics: PrometheusHandle) {
    tasks.supervise("metrics-upkeep", move |stop| {
        let metrics = metrics.clone();
        async move {
            while !stop.is_cancelled() {
                metrics.run_upkeep();
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = tokio::time::sleep(UPKEEP) => {}
                }
            }
        }
    });
}

/// Measures the machine from time to time, off the runtime.
pub fn machine(tasks: &Tasks, pool: &CpuPool, dir: &Path) -> watch::Receiver<Option<Resources>> {
    let (tell, told) = watch::channel(None);
    let (tell, pool, dir) = (Arc::new(tell), pool.clone(), dir.to_owned());
    // Locked by one job at a time, which is the only one that asks.
    let system = Arc::new(Mutex::new(System::new()));
    tasks.supervise("machine", move |stop| {
        let (tell, pool, dir, system) = (tell.clone(), pool.clone(), dir.clone(), system.clone());
        async move {
            while !stop.is_cancelled() {
                let (dir, system) = (dir.clone(), system.clone());
                // A pool that is too busy for this is measured again later.
                if let Ok(now) = pool.run("machine", move || measure(&system, &dir)).await {
                    tell.send_replace(Some(now));
                }
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = tokio::time::sleep(MEASURE) => {}
                }
            }
        }
    });
    told
}

fn measure(system: &Mutex<System>, dir: &Path) -> Resources {
    let mut system = system.lock().unwrap_or_else(PoisonError::into_inner);
    system.refresh_memory();
    system.refresh_cpu_usage();
    Resources {
        memory_percent: percent(system.used_memory(), system.total_memory()),
        disk_percent: disk_used_percent(dir),
        cpu_percent: f64::from(system.global_cpu_usage()),
    }
}

/// Use, in percent, of the file system that holds `dir`: the one with the longest mount point
/// above it.
pub fn disk_used_percent(dir: &Path) -> Option<f64> {
    let dir = dir.canonicalize().or_else(|_| std::env::current_dir()).ok()?;
    let disks = Disks::new_with_refreshed_list();
    let holder = disks
        .iter()
        .filter(|disk| dir.starts_with(disk.mount_point()) && disk.total_space() > 0)
        .max_by_key(|disk| disk.mount_point().components().count())?;
    Some(percent(holder.total_space().saturating_sub(holder.available_space()), holder.total_space()))
}

fn percent(part: u64, whole: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a percentage needs no more")]
    let (part, whole) = (part as f64, whole as f64);
    if whole == 0.0 { 0.0 } else { part / whole * 100.0 }
}
