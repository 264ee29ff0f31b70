//! Figures of the process and its machine.

mod help;
mod live;
mod machine;
mod process;
mod runtime;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context as _, Result};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use resilience::Tasks;

pub use live::Live;
pub use machine::{disk_used_percent, machine};

use self::runtime::Busy;

/// Edges of request durations in seconds; `.2`, `.5` and `2` are those of the objectives.
const DURATIONS: [f64; 13] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0];
/// The same of the contract for messages on sockets.
const MESSAGES: [f64; 12] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// The same for whole connections.
const CONNECTIONS: [f64; 8] = [10.0, 60.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0, 14400.0];
/// The same for waits that should be none: for a connection to the record, for a thread.
const WAITS: [f64; 13] = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
/// Between two clearings of what scrapers have not fetched, and two looks at the runtime.
const UPKEEP: Duration = Duration::from_secs(5);

/// Collects figures from now on. What was looked up before is not collected.
pub fn collect() -> Result<PrometheusHandle> {
    let mut builder = PrometheusBuilder::new();
    for (name, edges) in [
        ("http_request_duration_seconds", &DURATIONS[..]),
        ("gad_dependency_seconds", &MESSAGES[..]),
        ("ggrt_message_latency_seconds", &MESSAGES[..]),
        ("ggrt_ws_message_duration_seconds", &MESSAGES[..]),
        ("ggrt_ws_connection_duration_seconds", &CONNECTIONS[..]),
        ("gad_pool_wait_seconds", &WAITS[..]),
        ("gad_runtime_stall_seconds", &WAITS[..]),
    ] {
        builder = builder.set_buckets_for_metric(Matcher::Full(name.to_owned()), edges)?;
    }
    let handle = builder.install_recorder().context("figures are collected already")?;
    help::describe();
    // An alert on an increase needs the zero before it.
    for reason in app::auth::LoginFailure::ALL {
        reason.counter().increment(0);
    }
    for reason in app::telegram::link::LinkRefusal::ALL {
        reason.counter().increment(0);
    }
    for place in store::UnreadableIn::ALL {
        place.counter().increment(0);
    }
    for reason in domain::dispatch::EscalationReason::ALL {
        metrics::counter!("gad_dispatch_escalations_total", "reason" => reason.as_str()).increment(0);
    }
    metrics::counter!("gad_use_case_retries_total").increment(0);
    metrics::counter!("gad_slow_requests_total").increment(0);
    for outcome in ["sent", "dropped"] {
        crate::otlp::count(outcome, 0);
    }
    Ok(handle)
}

/// Watches whether the runtime goes on; the log is told even where nobody collects figures.
pub fn watch(tasks: &Tasks) -> Result<()> {
    let stalls = metrics::histogram!("gad_runtime_stall_seconds");
    resilience::watch_runtime(tasks, move |late| stalls.record(late)).context("no thread for the watchdog")
}

/// Keeps what nobody fetches from growing, and looks at the runtime from time to time.
pub fn upkeep(tasks: &Tasks, metrics: PrometheusHandle) {
    // Locked by one run of the task at a time, which is the only one that asks.
    let busy = Arc::new(Mutex::new(Busy::now()));
    tasks.supervise("metrics-upkeep", move |stop| {
        let (metrics, busy) = (metrics.clone(), Arc::clone(&busy));
        async move {
            while !stop.is_cancelled() {
                metrics.run_upkeep();
                runtime::refresh(&busy);
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = tokio::time::sleep(UPKEEP) => {}
                }
            }
        }
    });
}
