//! Many tasks of one kind that come and go, like connections: told to stop together, and joined.

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Owner of such tasks. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Group {
    tracker: TaskTracker,
    stop: CancellationToken,
    cut: CancellationToken,
}

impl Group {
    /// Nobody in it yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins a task, which ends when it is done or is cut.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let cut = self.cut.clone();
        // Kept by the tracker, which is the owner that the lint on tokio::spawn asks for.
        self.tracker.spawn(async move {
            cut.run_until_cancelled(work).await;
        });
    }

    /// Cancelled when the tasks are to come to an end.
    pub const fn stopping(&self) -> &CancellationToken {
        &self.stop
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.tracker.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.tracker.is_empty()
    }

    /// Tells all to come to an end.
    pub fn stop(&self) {
        self.stop.cancel();
        self.tracker.close();
    }

    /// Waits, after [`Self::stop`], until the last has ended.
    pub async fn ended(&self) {
        self.tracker.wait().await;
    }

    /// Cuts those that are left, and says how many they were.
    pub async fn cut(&self) -> usize {
        self.stop();
        let left = self.len();
        self.cut.cancel();
        self.ended().await;
        left
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn those_who_listen_end_by_themselves_and_the_rest_is_cut() {
        let group = Group::new();
        let stop = group.stopping().clone();
        group.spawn(async move { stop.cancelled().await });
        group.spawn(std::future::pending());
        assert_eq!(group.len(), 2);
        group.stop();
        let all = tokio::time::timeout(Duration::from_millis(50), group.ended()).await;
        assert!(all.is_err(), "one does not listen");
        assert_eq!((group.cut().await, group.len()), (1, 0));
    }

    #[tokio::test]
    async fn a_task_that_panics_is_not_waited_for() {
        let group = Group::new();
        group.spawn(async { panic!("a defect") });
        group.stop();
        group.ended().await;
        assert!(group.is_empty());
    }
}
