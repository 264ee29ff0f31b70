//! Figures that are read when somebody asks for them.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use resilience::{CpuPool, Tasks};
use store::Store;
use sysinfo::System;

use super::process;
use crate::log::Log;

/// What they are read from.
pub struct Live {
    tasks: Vec<Tasks>,
    pool: CpuPool,
    store: Arc<dyn Store>,
    system: Arc<Mutex<System>>,
    log: Log,
}

impl Live {
    /// Of a serving office and its owners of tasks.
    pub fn new(tasks: Vec<Tasks>, pool: &CpuPool, store: &Arc<dyn Store>, log: Log) -> Self {
        let system = Arc::new(Mutex::new(System::new()));
        Self { tasks, pool: pool.clone(), store: Arc::clone(store), system, log }
    }

    fn tasks(&self) {
        for task in self.tasks.iter().flat_map(Tasks::list) {
            let name = task.name;
            metrics::gauge!("gad_task_up", "task" => name).set(if task.running { 1.0 } else { 0.0 });
            metrics::counter!("gad_task_restarts_total", "task" => name).absolute(task.restarts);
            metrics::counter!("gad_task_polls_total", "task" => name).absolute(task.polls);
            metrics::gauge!("gad_task_poll_seconds_total", "task" => name).set(task.busy.as_secs_f64());
        }
    }

    fn cpu_pool(&self) {
        let stats = self.pool.stats();
        #[expect(clippy::cast_precision_loss, reason = "jobs stay far below 2^52")]
        let (queued, running) = (stats.queued as f64, stats.running as f64);
        metrics::gauge!("gad_cpu_pool_queued").set(queued);
        metrics::gauge!("gad_cpu_pool_running").set(running);
        metrics::counter!("gad_cpu_pool_done_total").absolute(stats.done);
        metrics::counter!("gad_cpu_pool_refused_total").absolute(stats.refused);
        metrics::counter!("gad_cpu_pool_late_total").absolute(stats.late);
    }

    fn pools(&self) {
        for pool in self.store.pools() {
            metrics::gauge!("gad_pool_size", "dependency" => pool.dependency).set(f64::from(pool.size));
            metrics::gauge!("gad_pool_in_use", "dependency" => pool.dependency).set(f64::from(pool.in_use));
        }
    }
}

#[async_trait]
impl api::Gauges for Live {
    async fn refresh(&self) {
        self.tasks();
        self.cpu_pool();
        self.pools();
        metrics::counter!("gad_log_lines_dropped_total").absolute(self.log.dropped());
        let system = Arc::clone(&self.system);
        // A pool that is too busy for this leaves what was read before.
        let _ = self.pool.run("process", move || process::refresh(&system)).await;
    }
}
