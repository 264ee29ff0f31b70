//! The cache in the hands of administrators.

use std::time::Duration;

use bus::CacheStats;
use domain::audit::AuditEvent;

use crate::policy::{self, Permission};
use crate::record::{self, Note};
use crate::{Actor, Context, Error, Kind, Result};

/// How the cache does.
pub async fn stats(cx: &Context, actor: &Actor) -> Result<CacheStats> {
    policy::require(actor, Permission::ViewSystemMetrics)?;
    Ok(cx.bus.cache.stats().await)
}

/// Drops one value.
///
/// # Errors
/// `NotFound` when it was not there.
pub async fn remove(cx: &Context, actor: &Actor, key: &str) -> Result<()> {
    policy::require(actor, Permission::ConfigureSystem)?;
    if !cx.bus.cache.remove(key).await.ok_or_else(away)? {
        return Err(Error::not_found(Kind::CacheKey, key));
    }
    note(cx, actor, "Clave de caché invalidada", key, 1).await
}

/// Drops all whose key matches a pattern with `*`; gives how many.
pub async fn remove_matching(cx: &Context, actor: &Actor, pattern: &str) -> Result<u64> {
    policy::require(actor, Permission::ConfigureSystem)?;
    let removed = cx.bus.cache.remove_matching(pattern).await.ok_or_else(away)?;
    note(cx, actor, "Patrón de caché invalidado", pattern, removed).await?;
    Ok(removed)
}

/// Drops all; gives how many.
pub async fn clear(cx: &Context, actor: &Actor) -> Result<u64> {
    policy::require(actor, Permission::ConfigureSystem)?;
    let removed = cx.bus.cache.clear().await.ok_or_else(away)?;
    note(cx, actor, "Caché limpiado", "*", removed).await?;
    Ok(removed)
}

/// The cache did not answer: whether anything was dropped is not known.
pub(crate) fn away() -> Error {
    Error::Unavailable { retry_after: Duration::from_secs(1), source: "the cache does not answer".into() }
}

async fn note(cx: &Context, actor: &Actor, what: &str, keys: &str, removed: u64) -> Result<()> {
    let note = Note::new(cx, actor, AuditEvent::SystemConfigChanged, cx.clock.now(), what)
        .on("cache", keys.chars().take(200).collect::<String>())
        .fact("deleted_keys", removed)
        .tags("update");
    record::write_alone(cx, note).await
}
