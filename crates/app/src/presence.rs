//! Which users have a live screen, on any replica.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, RwLock};

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

/// Users with a live screen, as this process knew them last. Read within transactions, so it asks no
/// one: the task that publishes this replica's sockets writes it every few seconds.
///
/// A plain lock: it is held for one copy of a pointer.
#[derive(Debug, Default)]
pub struct LiveScreens(RwLock<Arc<BTreeSet<UserId>>>);

impl LiveScreens {
    /// Users with a live screen.
    pub fn users(&self) -> Arc<BTreeSet<UserId>> {
        self.0.read().map(|users| Arc::clone(&users)).unwrap_or_default()
    }

    /// Replaces them.
    pub fn set(&self, users: BTreeSet<UserId>) {
        if let Ok(mut known) = self.0.write() {
            *known = Arc::new(users);
        }
    }
}
