//! What a process does for all its sockets from time to time.

use std::time::Duration;

use app::{Actor, Context};
use domain::{Level, SessionId};
use resilience::{CancellationToken, Tasks};

use super::close::Goodbye;
use super::envelope::Envelope;
use super::figures;
use super::frame::Frame;
use super::hub::Hub;
use super::message_type::MessageType;
use super::replicas;

/// Between two looks at sessions and rights: what was withdrawn at another replica is effective after
/// this time and one question to the record.
const LOOK: Duration = Duration::from_millis(1500);
/// Between two looks when rights change in this process.
const LEAST_LOOK: Duration = Duration::from_millis(100);
/// Least time between two tellings of the office's counts.
const GLANCE: Duration = Duration::from_secs(2);

/// Starts all of it.
pub fn keep(tasks: &Tasks, cx: &Context, hub: &Hub) {
    let (office, sockets) = (cx.clone(), hub.clone());
    tasks.supervise("ws-rights", move |stop| {
        let (cx, hub) = (office.clone(), sockets.clone());
        async move { rights(&cx, &hub, &stop).await }
    });
    let (office, sockets) = (cx.clone(), hub.clone());
    tasks.supervise("ws-presence", move |stop| {
        let (cx, hub) = (office.clone(), sockets.clone());
        async move { replicas::say(&cx, &hub, &stop).await }
    });
    let (office, sockets) = (cx.clone(), hub.clone());
    tasks.supervise("ws-dashboard", move |stop| {
        let (cx, hub) = (office.clone(), sockets.clone());
        async move { glances(&cx, &hub, &stop).await }
    });
}

/// Sends away whose credential no longer holds, or whose rights are others than when they came: they
/// may come again with what they have now.
async fn rights(cx: &Context, hub: &Hub, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(LOOK) => {}
            () = cx.principals.changed() => {
                // Several changes at once are one look.
                tokio::time::sleep(LEAST_LOOK).await;
            }
        }
        let claimed = hub.registry.claimed();
        if claimed.is_empty() {
            continue;
        }
        let mut sessions: Vec<SessionId> = claimed.iter().map(|claimed| claimed.admitted.grant.session).collect();
        sessions.sort_unstable_by_key(|session| session.0);
        sessions.dedup();
        let live = match app::auth::live_principals(cx, &sessions).await {
            Ok(live) => live,
            Err(error) => {
                // Nobody is sent away because the record does not answer.
                tracing::warn!(error = &error as &dyn std::error::Error, "rights of sockets not looked at");
                continue;
            }
        };
        for claimed in claimed {
            let holds = claimed.admitted.holds(live.get(&claimed.admitted.grant.session));
            if !holds {
                hub.registry.dismiss(claimed.connection, Goodbye::Revoked);
            }
        }
    }
}

/// Tells the office's counts to supervisors after something has changed, not more often than useful.
async fn glances(cx: &Context, hub: &Hub, stop: &CancellationToken) {
    let job = Actor::system(cx.rng.uuid().to_string(), "dashboard");
    let mut live = hub.listen();
    while !stop.is_cancelled() {
        let heard = tokio::select! {
            () = stop.cancelled() => break,
            heard = live.recv() => heard,
        };
        let is_change = match heard {
            Ok(frame) => frame.event().is_some(),
            Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => true,
            Err(tokio::sync::broadcast::error::RecvError::Closed) => break,
        };
        if !is_change || hub.registry.present().connections == 0 {
            continue;
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(GLANCE) => {}
        }
        // All that happened meanwhile is told at once.
        live = live.resubscribe();
        if let Ok(all) = app::stats::overview(cx, &job).await {
            let now = cx.clock.now();
            let data = figures::dashboard_of(&all, now);
            hub.hand_out(
                cx,
                Frame::passing(Envelope::passing(MessageType::DashboardUpdate, data, now), Level::Supervisor),
            );
        }
    }
}
