//! Kept figures are dropped when what they count has changed.

use domain::UserId;
use domain::audit::AuditEvent;

use crate::policy::{self, Permission};
use crate::record::{self, Note};
use crate::{Actor, Context, Result, cache};

/// The group of their keys in the cache.
const GROUP: &str = "stats";

/// Invalidates the cached figures of all users, in one step. Called after the commit of every change
/// to a task: a delegate may have changed with it, so that more than one user's figures are old.
pub async fn forget(cx: &Context) {
    // What is not invalidated ends by itself soon.
    let _ = cx.bus.cache.invalidate(GROUP).await;
}

/// Drops the kept figures of one user: one's own, or of anybody for level 3. Gives how many were
/// there, and the pattern of their keys.
pub async fn invalidate(cx: &Context, actor: &Actor, user: UserId) -> Result<(u64, String)> {
    policy::may_see_statistics(actor, user, Permission::ViewSystemMetrics)?;
    let pattern = format!("stats:user:{user}:*");
    let removed = cx.bus.cache.remove_matching(&pattern).await.ok_or_else(cache::away)?;
    let note = Note::new(cx, actor, AuditEvent::SystemConfigChanged, cx.clock.now(), "Estadísticas invalidadas")
        .on("usuario", user)
        .fact("deleted_keys", removed)
        .tags("update");
    record::write_alone(cx, note).await?;
    Ok((removed, pattern))
}
