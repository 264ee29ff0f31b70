//! How long each route takes, by its template and never by the raw path, so that it is bounded.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use metrics::{Counter, Histogram};
use serde::Serialize;
use utoipa::ToSchema;

/// Figures of all routes since the start.
#[derive(Default)]
pub struct Endpoints {
    // By path and method, so that a route is found without making a text of it. Held for one look-up
    // and a few additions.
    figures: Mutex<HashMap<String, HashMap<&'static str, Route>>>,
}

/// One route.
#[derive(Default)]
struct Route {
    figures: Figures,
    /// How often it was answered by each status. A counter that is kept costs one addition; looked
    /// up by its labels it costs more than all else that surrounds a request.
    counters: BTreeMap<u16, Counter>,
    durations: Option<Histogram>,
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

impl Route {
    fn note(&mut self, method: &'static str, path: &str, status: u16, took: Duration) {
        self.counters
            .entry(status)
            .or_insert_with(|| {
                metrics::counter!("http_requests_total", "method" => method, "path" => path.to_owned(),
                    "status" => status.to_string())
            })
            .increment(1);
        self.durations
            .get_or_insert_with(
                || metrics::histogram!("http_request_duration_seconds", "method" => method, "path" => path.to_owned()),
            )
            .record(took);
        let (figures, took) = (&mut self.figures, took.as_secs_f64());
        figures.count += 1;
        figures.total_duration += took;
        figures.max_duration = figures.max_duration.max(took);
        *figures.status_codes.entry(status).or_default() += 1;
        figures.errors += u64::from(status >= 500);
    }
}

impl Endpoints {
    /// Notes one answer of a route, such as `GET` and `/api/v1/tasks/{task_id}`.
    pub fn note(&self, method: &'static str, path: &str, status: u16, took: Duration) {
        let mut all = self.figures.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(methods) = all.get_mut(path) {
            methods.entry(method).or_default().note(method, path, status, took);
        } else {
            all.entry(path.to_owned()).or_default().entry(method).or_default().note(method, path, status, took);
        }
    }

    /// All figures, by method and path.
    pub fn all(&self) -> BTreeMap<String, Figures> {
        let all = self.figures.lock().unwrap_or_else(PoisonError::into_inner);
        let routes = all.iter().flat_map(|(path, methods)| methods.iter().map(move |(method, it)| (method, path, it)));
        routes
            .map(|(method, path, route)| {
                let mut figures = route.figures.clone();
                #[expect(clippy::cast_precision_loss, reason = "a mean needs no more")]
                let count = figures.count as f64;
                figures.avg_duration = figures.total_duration / count;
                (format!("{method} {path}"), figures)
            })
            .collect()
    }

    /// Mean duration of all answers in milliseconds; none when there were none.
    pub fn mean_ms(&self) -> Option<f64> {
        let all = self.figures.lock().unwrap_or_else(PoisonError::into_inner);
        let figures = || all.values().flat_map(HashMap::values).map(|route| &route.figures);
        let count: u64 = figures().map(|figures| figures.count).sum();
        let total: f64 = figures().map(|figures| figures.total_duration).sum();
        #[expect(clippy::cast_precision_loss, reason = "a mean needs no more")]
        (count > 0).then(|| total / count as f64 * 1000.0)
    }
}
