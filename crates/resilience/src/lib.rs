//! How work waits, ends and is joined: a leaf crate, one file per policy. The only place that
//! spawns tasks and threads.

mod cpu_pool;
mod deadline;
mod shutdown;
mod tasks;

pub use cpu_pool::{CpuPool, CpuPoolError, CpuPoolStats};
pub use deadline::{Elapsed, deadline};
pub use shutdown::{Signal, shutdown_signal};
pub use tasks::{ShutdownReport, TaskInfo, Tasks};
pub use tokio_util::sync::CancellationToken;
