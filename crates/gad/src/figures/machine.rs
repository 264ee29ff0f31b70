//! Use of the machine.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use api::Resources;
use resilience::{CpuPool, Tasks};
use sysinfo::{Disks, System};
use tokio::sync::watch;

/// Between two measurements of the machine.
const MEASURE: Duration = Duration::from_secs(10);

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
