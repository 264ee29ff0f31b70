//! `GET /api/v1/health/performance`.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::Context;
use app::policy::{self, Permission};
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::endpoints::{Endpoints, Figures};
use crate::error::Result;
use crate::extract::{Authenticated, Json};
use crate::problem::Problem;

/// How many of the slowest are named.
const SLOWEST: usize = 10;
/// A route whose slowest answer took longer is called slow, seconds.
const SLOW: f64 = 0.5;

/// How long routes take. Durations in seconds.
#[derive(Serialize, ToSchema)]
pub struct PerformanceOut {
    timestamp: DateTime<Utc>,
    query_performance: QueriesOut,
    endpoint_performance: EndpointsOut,
    /// By mean duration, slowest first.
    slowest_endpoints: Vec<SlowOut>,
    /// Routes with an answer above half a second.
    slow_queries: Vec<SlowOut>,
    /// Always empty: the indexes are part of the schema.
    index_suggestions: Vec<String>,
}

/// The record's pool.
#[derive(Serialize, ToSchema)]
pub struct QueriesOut {
    connections: u32,
    idle: u32,
    max_connections: u32,
}

/// By method and route.
#[derive(Serialize, ToSchema)]
pub struct EndpointsOut {
    endpoints: BTreeMap<String, Figures>,
}

/// One slow route.
#[derive(Serialize, ToSchema)]
pub struct SlowOut {
    endpoint: String,
    avg_duration: f64,
    max_duration: f64,
    count: u64,
}

/// How long routes take since the start.
#[utoipa::path(get, path = "/api/v1/health/performance", tag = "health",
    operation_id = "health_performance", security(("bearer" = [])),
    responses((status = 200, body = PerformanceOut), (status = "4XX", body = Problem)))]
pub async fn performance(
    State(cx): State<Context>,
    State(endpoints): State<Arc<Endpoints>>,
    Authenticated(actor): Authenticated,
) -> Result<Json<PerformanceOut>> {
    policy::require(&actor, Permission::ViewSystemMetrics)?;
    let info = cx.store.info().await.map_err(app::Error::from)?;
    let endpoints = endpoints.all();
    let mut slowest: Vec<SlowOut> = endpoints
        .iter()
        .map(|(endpoint, figures)| SlowOut {
            endpoint: endpoint.clone(),
            avg_duration: figures.avg_duration,
            max_duration: figures.max_duration,
            count: figures.count,
        })
        .collect();
    slowest.sort_by(|a, b| b.avg_duration.total_cmp(&a.avg_duration));
    let (slow_queries, rest): (Vec<_>, Vec<_>) = slowest.into_iter().partition(|slow| slow.max_duration > SLOW);
    let slowest_endpoints = slow_queries.iter().chain(&rest).take(SLOWEST).map(SlowOut::copy).collect();
    Ok(Json(PerformanceOut {
        timestamp: cx.clock.now(),
        query_performance: QueriesOut {
            connections: info.connections,
            idle: info.idle,
            max_connections: info.max_connections,
        },
        endpoint_performance: EndpointsOut { endpoints },
        slowest_endpoints,
        slow_queries,
        index_suggestions: Vec::new(),
    }))
}

impl SlowOut {
    fn copy(&self) -> Self {
        Self { endpoint: self.endpoint.clone(), ..*self }
    }
}
