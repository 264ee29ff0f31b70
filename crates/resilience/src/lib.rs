//! How work waits, ends and is joined: a leaf crate, one file per policy. The only place that
//! spawns tasks and threads.

mod admission;
mod breaker;
mod cpu_pool;
mod deadline;
mod defect;
mod dependency;
mod group;
mod polls;
mod retry_budget;
mod shutdown;
mod spent;
mod tasks;
mod watchdog;

pub use admission::{Admission, Bounds, Place, Priority};
pub use breaker::{Breaker, BreakerState, Leave, Open, Pauses, Trip};
pub use cpu_pool::{CpuPool, CpuPoolError, CpuPoolStats};
pub use deadline::{Elapsed, deadline, remaining, within};
pub use defect::Defect;
pub use dependency::{Dependency, Outcome};
pub use group::Group;
pub use shutdown::{Hangup, Signal, shutdown_signal};
pub use spent::Spent;
pub use tasks::{ShutdownReport, TaskInfo, Tasks};
pub use tokio_util::sync::CancellationToken;
pub use watchdog::watch_runtime;
