//! `GET /ws/stats`.

use std::collections::BTreeMap;

use app::Context;
use app::policy::{self, Permission};
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::everywhere;
use super::hub::Hub;
use crate::error::Result;
use crate::extract::{Authenticated, Json};
use crate::problem::Problem;

/// How the sockets do.
#[derive(Serialize, ToSchema)]
pub struct WsStatsOut {
    /// Always `ok`.
    status: &'static str,
    /// The figures.
    stats: SocketsOut,
    /// When.
    timestamp: DateTime<Utc>,
    /// Version of the socket's protocol.
    version: &'static str,
}

/// Open sockets.
#[derive(Default, Serialize, ToSchema)]
pub struct SocketsOut {
    /// Open now.
    total_connections: usize,
    /// Open now, by role.
    connections_by_role: BTreeMap<&'static str, usize>,
    /// Users with one or more.
    unique_users: usize,
    /// Whether signs of life are sent.
    heartbeat_active: bool,
    /// Seconds between two signs of life.
    heartbeat_interval: u64,
    /// Since the start.
    metrics: TrafficOut,
    /// All replicas together.
    replicas: ReplicasOut,
}

/// Sockets of all replicas together.
#[derive(Default, Serialize, ToSchema)]
pub struct ReplicasOut {
    /// Replicas that said something in the last 15 seconds.
    count: usize,
    /// Open now.
    total_connections: usize,
    /// Open now, by role.
    connections_by_role: BTreeMap<String, usize>,
    /// Users with one or more.
    unique_users: usize,
}

/// What went over sockets since the start.
#[derive(Default, Serialize, ToSchema)]
pub struct TrafficOut {
    /// Messages sent.
    pub total_messages_sent: u64,
    /// Messages sent to many.
    pub total_broadcasts: u64,
    /// Messages that could not be sent.
    pub total_send_errors: u64,
    /// When the last was sent to many.
    pub last_broadcast_at: Option<DateTime<Utc>>,
}

impl TrafficOut {
    /// What was counted so far.
    pub fn of(hub: &Hub) -> Self {
        use std::sync::atomic::Ordering::Relaxed;
        Self {
            total_messages_sent: hub.traffic.sent.load(Relaxed),
            total_broadcasts: hub.traffic.broadcasts.load(Relaxed),
            total_send_errors: hub.traffic.errors.load(Relaxed),
            last_broadcast_at: hub.traffic.last_broadcast_at(),
        }
    }
}

/// How the sockets of this process do.
#[utoipa::path(get, path = "/ws/stats", tag = "ws",
    operation_id = "socket_stats", security(("bearer" = [])),
    responses((status = 200, body = WsStatsOut), (status = "4XX", body = Problem)))]
pub async fn stats(
    State(cx): State<Context>,
    State(hub): State<Hub>,
    Authenticated(actor): Authenticated,
) -> Result<Json<WsStatsOut>> {
    policy::require(&actor, Permission::ViewTeamMetrics)?;
    let present = hub.registry.present();
    let all = everywhere(&cx, &hub).await;
    let stats = SocketsOut {
        total_connections: present.connections,
        connections_by_role: present.by_role,
        unique_users: present.users,
        heartbeat_active: true,
        heartbeat_interval: hub.settings.heartbeat.as_secs(),
        metrics: TrafficOut::of(&hub),
        replicas: ReplicasOut {
            count: all.replicas,
            total_connections: all.connections,
            connections_by_role: all.by_role,
            unique_users: all.users,
        },
    };
    Ok(Json(WsStatsOut { status: "ok", stats, timestamp: cx.clock.now(), version: "2.0.0-sharding" }))
}
