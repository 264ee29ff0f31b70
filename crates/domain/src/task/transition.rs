//! From one state to the next, with the times that this sets (contract §2.4).

use chrono::TimeDelta;

use super::{IllegalTransition, Task, TaskState, hours};
use crate::Time;

impl Task {
    /// The task after a change to `to` at `now`.
    ///
    /// A clock that went back does not make a task end before it began: the change is then
    /// dated with the last time that the task knows.
    pub fn transition(self, to: TaskState, now: Time) -> Result<Self, IllegalTransition> {
        self.transition_said_at(to, None, now)
    }

    /// The same where the change was said before `now`, when it reached the office: real start, end and
    /// pause have the time at which it was said, as far as what is known of the task allows.
    ///
    /// # Errors
    /// As [`Self::transition`].
    pub fn transition_said_at(
        mut self,
        to: TaskState,
        said_at: Option<Time>,
        now: Time,
    ) -> Result<Self, IllegalTransition> {
        self.state.check(to)?;
        let received_at = now.max(self.updated_at);
        // Not before what it follows: the task, its real start, its pause.
        let follows = [Some(self.created_at), self.started_at, self.paused_at];
        let earliest = follows.into_iter().flatten().max().unwrap_or(received_at);
        let now = said_at.map_or(received_at, |at| at.max(earliest).min(received_at.max(earliest)));
        if let Some(since) = self.paused_at.take() {
            self.paused_total += now - since;
        }
        match to {
            TaskState::InProgress => {
                self.started_at.get_or_insert(now);
            }
            TaskState::Paused => self.paused_at = Some(now),
            TaskState::Finished => {
                let start = *self.started_at.get_or_insert(now);
                self.finished_at = Some(now);
                self.duration_hours = Some(hours(now - start - self.paused_total).max(0.0));
            }
            // A task that was never begun has no end either: CHECK chk_tareas_fechas_reales.
            TaskState::Cancelled => self.finished_at = self.started_at.map(|_| now),
            // No state leads back to it, so `check` has refused it above.
            TaskState::Scheduled => {}
        }
        self.awaits_officer &= to == TaskState::Scheduled;
        self.state = to;
        self.sync_waiting();
        self.updated_at = received_at;
        Ok(self)
    }

    /// Time paused so far, an open pause included.
    pub fn paused_until(&self, now: Time) -> TimeDelta {
        self.paused_total + self.paused_at.map_or(TimeDelta::zero(), |since| (now - since).max(TimeDelta::zero()))
    }
}
