//! Figures of this process, under the names that Prometheus' own libraries give them.

use std::sync::{Mutex, PoisonError};

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

/// Reads them; asks the system, so not for a thread of the runtime.
pub fn refresh(system: &Mutex<System>) {
    let own = Pid::from_u32(std::process::id());
    let mut system = system.lock().unwrap_or_else(PoisonError::into_inner);
    let kind = ProcessRefreshKind::nothing().with_memory().with_cpu();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[own]), true, kind);
    let Some(process) = system.process(own) else { return };
    #[expect(clippy::cast_precision_loss, reason = "bytes, seconds and files stay below 2^52")]
    let gauge = |name: &'static str, value: u64| metrics::gauge!(name).set(value as f64);
    gauge("process_resident_memory_bytes", process.memory());
    gauge("process_start_time_seconds", process.start_time());
    let files = |count: Option<usize>| count.and_then(|count| u64::try_from(count).ok());
    if let Some(open) = files(process.open_files()) {
        gauge("process_open_fds", open);
    }
    if let Some(most) = files(process.open_files_limit()) {
        gauge("process_max_fds", most);
    }
    // A counter of seconds would lose their parts, since counters are whole numbers here.
    metrics::gauge!("process_cpu_seconds_total")
        .set(std::time::Duration::from_millis(process.accumulated_cpu_time()).as_secs_f64());
}
