//! Who is connected to all replicas together.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use app::Context;
use app::presence::ReplicaSockets;
use resilience::CancellationToken;

use super::hub::Hub;

/// Between two notes of one replica; a dead one is forgotten after three of them.
const SAY: Duration = Duration::from_secs(5);

/// What all replicas say together.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Everywhere {
    /// Replicas that said something lately.
    pub replicas: usize,
    /// Their sockets.
    pub connections: usize,
    /// By role, like `LEVEL_2`.
    pub by_role: BTreeMap<String, usize>,
    /// Different users.
    pub users: usize,
}

fn own_sockets(hub: &Hub) -> ReplicaSockets {
    let claimed = hub.registry.claimed();
    let mut by_role = BTreeMap::new();
    for one in &claimed {
        *by_role.entry(one.admitted.level.role().to_owned()).or_default() += 1;
    }
    ReplicaSockets {
        connections: claimed.len(),
        by_role,
        users: claimed.iter().map(|one| one.admitted.grant.user).collect(),
    }
}

/// Says from time to time who is connected here, and takes the word back at the end.
pub(super) async fn say(cx: &Context, hub: &Hub, stop: &CancellationToken) {
    let replica = hub.replica.to_string();
    while !stop.is_cancelled() {
        let own = own_sockets(hub);
        if let Ok(text) = serde_json::to_string(&own) {
            cx.bus.presence.pin(&replica, text, bus::LIFE).await;
        }
        let others = app::presence::replicas(cx).await.into_iter().flat_map(|replica| replica.users);
        cx.screens.set(own.users.into_iter().chain(others).collect());
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(SAY) => {}
        }
    }
    cx.bus.presence.unpin(&replica).await;
}

/// Who is connected to all replicas; to this one alone while the others cannot be known.
pub async fn everywhere(cx: &Context, hub: &Hub) -> Everywhere {
    let mut notes = app::presence::replicas(cx).await;
    if notes.is_empty() {
        notes.push(own_sockets(hub));
    }
    let mut all = Everywhere { replicas: notes.len(), ..Everywhere::default() };
    let mut users = BTreeSet::new();
    for note in notes {
        all.connections += note.connections;
        for (role, count) in note.by_role {
            *all.by_role.entry(role).or_default() += count;
        }
        users.extend(note.users);
    }
    all.users = users.len();
    all
}
