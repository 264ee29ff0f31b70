//! Figures over all tasks of one kind and priority (`metricas_tareas`).

use serde::{Deserialize, Serialize};

use crate::{Priority, TaskKind, Time};

/// One row of `metricas_tareas`. Durations in hours, pauses left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskMetrics {
    /// Of this kind.
    pub kind: TaskKind,
    /// And this priority.
    pub priority: Priority,
    /// Tasks that have ended, finished or cancelled.
    pub total: i64,
    /// Sum of the hours of the finished ones.
    pub total_hours: f64,
    /// Share of `total` that was finished, in percent.
    pub success_rate: Option<f64>,
    /// Distribution of the durations of the finished ones; `None` without any.
    pub spread: Option<Spread>,
    /// When it was reckoned.
    pub updated_at: Time,
}

/// The distribution of some durations, in hours.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// First quartile.
    pub p25: f64,
    /// Median.
    pub p50: f64,
    /// Third quartile.
    pub p75: f64,
    /// Least.
    pub min: f64,
    /// Greatest.
    pub max: f64,
}

impl TaskMetrics {
    /// Reckons the row from the durations (hours) of the finished tasks and the number of
    /// cancelled ones.
    pub fn of(kind: TaskKind, priority: Priority, mut durations: Vec<f64>, cancelled: u64, now: Time) -> Self {
        durations.sort_by(f64::total_cmp);
        let finished = durations.len();
        let total = finished as u64 + cancelled;
        let total_hours: f64 = durations.iter().sum();
        #[expect(clippy::cast_precision_loss, reason = "counts of tasks stay below 2^53")]
        let (finished_f, total_f) = (finished as f64, total as f64);
        let spread = (finished > 0).then(|| Spread {
            mean: total_hours / finished_f,
            p25: quantile(&durations, 0.25),
            p50: quantile(&durations, 0.5),
            p75: quantile(&durations, 0.75),
            min: durations[0],
            max: durations[finished - 1],
        });
        let success_rate = (total > 0).then(|| (finished_f / total_f * 10_000.0).round() / 100.0);
        Self {
            kind,
            priority,
            total: i64::try_from(total).unwrap_or(i64::MAX),
            total_hours,
            success_rate,
            spread,
            updated_at: now,
        }
    }
}

/// The `q`-quantile of sorted values with linear interpolation between neighbours, as
/// PostgreSQL's `percentile_cont` reckons it.
pub(crate) fn quantile(sorted: &[f64], q: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts of tasks stay below 2^53")]
    let place = q * (sorted.len() - 1) as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 ≤ place < len")]
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * place.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_interpolate_as_percentile_cont_does() {
        let now = chrono::DateTime::from_timestamp(1_760_000_000, 0).unwrap();
        let row = TaskMetrics::of(TaskKind::Patrol, Priority::Low, vec![4.0, 1.0, 2.0, 3.0], 1, now);
        let spread = row.spread.unwrap();
        assert_eq!([spread.p25, spread.p50, spread.p75, spread.mean], [1.75, 2.5, 3.25, 2.5]);
        assert_eq!((row.total, row.success_rate), (5, Some(80.0)));
    }
}
