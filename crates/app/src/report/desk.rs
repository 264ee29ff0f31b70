//! How many reports are made at once, and where they are reckoned.

use std::sync::Arc;
use std::time::Duration;

use resilience::{CpuPool, deadline};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::{Error, Result};

/// Reports of one process at a time. Each may hold [`super::MOST_TASKS`] tasks in memory, some 50 MB.
const AT_ONCE: usize = 2;
/// Longest wait for one's turn.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where reports are made. Cheap to clone.
#[derive(Clone)]
pub struct ReportDesk {
    pool: CpuPool,
    places: Arc<Semaphore>,
}

impl ReportDesk {
    /// A desk that reckons and draws on `pool`.
    pub fn new(pool: CpuPool) -> Self {
        Self { pool, places: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// One's turn, until it is dropped.
    pub(super) async fn turn(&self) -> Result<SemaphorePermit<'_>> {
        match deadline("report", PATIENCE, self.places.acquire()).await {
            Ok(turn) => turn.map_err(|error| Error::Internal(error.into())),
            Err(elapsed) => Err(Error::Unavailable { retry_after: PATIENCE, source: elapsed.into() }),
        }
    }

    /// Does `work` on the pool.
    pub(super) async fn reckon<T: Send + 'static>(
        &self,
        name: &'static str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        Ok(self.pool.run(name, work).await?)
    }
}
