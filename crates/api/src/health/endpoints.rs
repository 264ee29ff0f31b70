//! How long each route takes, by its template and never by the raw path, so that it is bounded.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use utoipa::ToSchema;

/// Figures of all routes since the start.
#[derive(Default)]
pub struct Endpoints {
    // Held for one look-up and a few additions.
    figures: Mutex<HashMap<String, Figures>>,
}

/// Figures of one route. Durations in seconds.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Figures {
    pub count: u64,
    pub total_duration: f64,
    pub avg_duration: f64,
    pub max_duration: f64,
    /// Answers by status.
    #[schema(value_type = BTreeMap<String, u64>)]
    pub status_codes: BTreeMap<u16, u64>,
    /// Answers with 500 or above.
    pub errors: u64,
}

impl Endpoints {
    /// Notes one answer of `route`, such as `GET /api/v1/tasks/{task_id}`.
    pub fn note(&self, route: String, status: u16, took: Duration) {
        let mut all = self.figures.lock().unwrap_or_else(PoisonError::into_inner);
        let figures = all.entry(route).or_default();
        let took = took.as_secs_f64();
        figures.count += 1;
        figures.total_duration += took;
        figures.max_duration = figures.max_duration.max(took);
        *figures.status_codes.entry(status).or_default() += 1;
        figures.errors += u64::from(status >= 500);
    }

    /// All figures.
    pub fn all(&self) -> BTreeMap<String, Figures> {
        let all = self.figures.lock().unwrap_or_else(PoisonError::into_inner).clone();
        all.into_iter()
            .map(|(route, mut figures)| {
                #[expect(clippy::cast_precision_loss, reason = "a mean needs no more")]
                let count = figures.count as f64;
                figures.avg_duration = figures.total_duration / count;
                (route, figures)
            })
            .collect()
    }

    /// Mean duration of all answers in milliseconds; none when there were none.
    pub fn mean_ms(&self) -> Option<f64> {
        let all = self.figures.lock().unwrap_or_else(PoisonError::into_inner);
        let count: u64 = all.values().map(|figures| figures.count).sum();
        let total: f64 = all.values().map(|figures| figures.total_duration).sum();
        #[expect(clippy::cast_precision_loss, reason = "a mean needs no more")]
        (count > 0).then(|| total / count as f64 * 1000.0)
    }
}
