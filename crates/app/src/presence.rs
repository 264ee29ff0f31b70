//! Which users have a live screen, on any replica.

use std::collections::{BTreeMap, BTreeSet};

use domain::UserId;
use serde::{Deserialize, Serialize};

use crate::Context;

/// What one replica publishes of its sockets.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ReplicaSockets {
    /// Open sockets.
    pub connections: usize,
    /// By role, like `LEVEL_2`.
    pub by_role: BTreeMap<String, usize>,
    /// Users who have at least one.
    pub users: BTreeSet<UserId>,
}

/// What all replicas published lately; empty while the bus does not answer.
pub async fn replicas(cx: &Context) -> Vec<ReplicaSockets> {
    let published = cx.bus.presence.notes().await.unwrap_or_default();
    published.iter().filter_map(|text| serde_json::from_str(text).ok()).collect()
}

/// Users with a live screen on any replica.
pub async fn connected_users(cx: &Context) -> BTreeSet<UserId> {
    replicas(cx).await.into_iter().flat_map(|replica| replica.users).collect()
}
