//! How spans of time are spread.

use chrono::TimeDelta;

use crate::metrics::quantile;

/// The spread of some spans, in seconds. Quantiles lie between neighbours, as PostgreSQL's
/// `percentile_cont` has them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Times {
    /// How many spans.
    pub count: usize,
    /// Mean.
    pub mean: f64,
    /// Median.
    pub p50: f64,
    /// What nine of ten do not exceed.
    pub p90: f64,
    /// What ninety-nine of a hundred do not exceed.
    pub p99: f64,
}

impl Times {
    /// The spread of `spans`; all zero without any.
    pub fn of(spans: impl Iterator<Item = TimeDelta>) -> Self {
        // Whole microseconds are summed, so that the mean does not hang on the order.
        let mut micros: Vec<i64> = spans.filter_map(|span| span.num_microseconds()).collect();
        micros.sort_unstable();
        if micros.is_empty() {
            return Self::default();
        }
        let sum: i128 = micros.iter().copied().map(i128::from).sum();
        let seconds: Vec<f64> = micros.iter().map(|micros| of_micros((*micros).into())).collect();
        #[expect(clippy::cast_precision_loss, reason = "counts of tasks stay below 2^53")]
        let count = seconds.len() as f64;
        Self {
            count: seconds.len(),
            mean: of_micros(sum) / count,
            p50: quantile(&seconds, 0.5),
            p90: quantile(&seconds, 0.9),
            p99: quantile(&seconds, 0.99),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "sums of spans stay far below 2^53 microseconds a task")]
fn of_micros(micros: i128) -> f64 {
    micros as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_neighbours_in_any_order() {
        let times = Times::of([40, 10, 30, 20].into_iter().map(TimeDelta::seconds));
        assert_eq!((times.count, times.mean, times.p50, times.p90), (4, 25.0, 25.0, 37.0));
        let times = Times::of((0..=100).rev().map(TimeDelta::seconds));
        assert_eq!(times, Times { count: 101, mean: 50.0, p50: 50.0, p90: 90.0, p99: 99.0 });
        assert_eq!(Times::of(std::iter::empty()), Times::default());
    }
}
