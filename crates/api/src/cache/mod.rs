//! `/cache/`, for level 3.

use app::{Context, Error, Kind};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Result;
use crate::extract::{Authenticated, Json, TextPath};
use crate::problem::Problem;

/// How the cache does.
#[derive(Serialize, ToSchema)]
pub struct CacheStatsOut {
    /// Whether there is one.
    connected: bool,
    /// Values kept.
    keys_count: u64,
    /// Questions answered.
    keyspace_hits: u64,
    /// Questions not answered.
    keyspace_misses: u64,
    /// Share of questions answered, in percent.
    hit_rate: f64,
    /// Values dropped for want of room.
    evicted_keys: u64,
    /// What every key begins with.
    prefix: &'static str,
}

/// What was done.
#[derive(Serialize, ToSchema)]
pub struct MessageOut {
    /// In words.
    message: String,
}

/// What was dropped.
#[derive(Serialize, ToSchema)]
pub struct DeletedOut {
    /// In words.
    message: String,
    /// How many.
    deleted_count: u64,
}

/// How the cache does.
#[utoipa::path(get, path = "/api/v1/cache/stats", tag = "cache",
    operation_id = "cache_stats", security(("bearer" = [])),
    responses((status = 200, body = CacheStatsOut), (status = "4XX", body = Problem)))]
pub async fn stats(State(cx): State<Context>, Authenticated(actor): Authenticated) -> Result<Json<CacheStatsOut>> {
    let stats = app::cache::stats(&cx, &actor).await?;
    Ok(Json(CacheStatsOut {
        connected: true,
        keys_count: stats.keys,
        keyspace_hits: stats.hits,
        keyspace_misses: stats.misses,
        hit_rate: (stats.hit_rate() * 100.0).round() / 100.0,
        evicted_keys: stats.evicted,
        prefix: bus::PREFIX,
    }))
}

/// Drops one value.
#[utoipa::path(post, path = "/api/v1/cache/invalidate/{key}", tag = "cache",
    operation_id = "cache_invalidate", security(("bearer" = [])),
    params(("key" = String, Path, description = "Without the prefix")),
    responses((status = 200, body = MessageOut), (status = 404, body = MessageOut), (status = "4XX", body = Problem)))]
pub async fn invalidate(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    TextPath(key): TextPath,
) -> Result<Response> {
    match app::cache::remove(&cx, &actor, &key).await {
        Ok(()) => Ok(Json(MessageOut { message: format!("Clave '{key}' invalidada") }).into_response()),
        // The contract has `message` here where other refusals have `detail`.
        Err(Error::NotFound { kind: Kind::CacheKey, .. }) => {
            let message = format!("Clave '{key}' no encontrada");
            Ok((StatusCode::NOT_FOUND, Json(MessageOut { message })).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Drops all values whose key matches.
#[utoipa::path(post, path = "/api/v1/cache/invalidate-pattern/{*pattern}", tag = "cache",
    operation_id = "cache_invalidate_pattern", security(("bearer" = [])),
    params(("pattern" = String, Path, description = "Without the prefix; `*` stands for any text")),
    responses((status = 200, body = DeletedOut), (status = "4XX", body = Problem)))]
pub async fn invalidate_pattern(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    TextPath(pattern): TextPath,
) -> Result<Json<DeletedOut>> {
    let deleted_count = app::cache::remove_matching(&cx, &actor, &pattern).await?;
    Ok(Json(DeletedOut { message: format!("Patrón '{pattern}' invalidado"), deleted_count }))
}

/// Drops all values.
#[utoipa::path(post, path = "/api/v1/cache/clear", tag = "cache",
    operation_id = "cache_clear", security(("bearer" = [])),
    responses((status = 200, body = MessageOut), (status = "4XX", body = Problem)))]
pub async fn clear(State(cx): State<Context>, Authenticated(actor): Authenticated) -> Result<Json<MessageOut>> {
    app::cache::clear(&cx, &actor).await?;
    Ok(Json(MessageOut { message: "Caché limpiado exitosamente".to_owned() }))
}
