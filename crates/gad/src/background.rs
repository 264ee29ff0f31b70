//! The tasks of a serving office.

use std::time::Duration;

use api::Hub;
use app::Context;
use app::dispatch::WaitingCursor;
use resilience::{CancellationToken, Tasks};

/// Starts what nobody asks for and one process of the office must do.
pub fn work(tasks: &Tasks, cx: &Context) {
    const RECKON: Duration = Duration::from_secs(30);
    const CLEAN: Duration = Duration::from_secs(600);
    let office = cx.clone();
    tasks.supervise("waiting-emergencies", move |stop| serve_waiting(office.clone(), stop));
    let office = cx.clone();
    tasks.supervise("escalation", move |stop| escalate(office.clone(), stop));
    let office = cx.clone();
    tasks.supervise("departed-officers", move |stop| release_departed(office.clone(), stop));
    let office = cx.clone();
    tasks.supervise("task-metrics", move |stop| {
        let cx = office.clone();
        async move {
            while !stop.is_cancelled() {
                if let Err(error) = app::metrics::refresh(&cx).await {
                    tracing::warn!(error = &error as &dyn std::error::Error, "figures over tasks not reckoned");
                }
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = tokio::time::sleep(RECKON) => {}
                }
            }
        }
    });
    let office = cx.clone();
    tasks.supervise("housekeeping", move |stop| {
        let cx = office.clone();
        async move {
            while !stop.is_cancelled() {
                if let Err(error) = app::housekeeping::clean(&cx).await {
                    tracing::warn!(error = &error as &dyn std::error::Error, "housekeeping failed");
                }
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = tokio::time::sleep(CLEAN) => {}
                }
            }
        }
    });
    let office = cx.clone();
    tasks.supervise("audit-sealer", move |stop| app::audit::seal_on(office.clone(), stop));
    let office = cx.clone();
    tasks.supervise("audit-checkpoints", move |stop| app::audit::sign_on(office.clone(), stop));
}

/// Sends officers to waiting emergencies: those who became free at once, and a page of all waiting calls
/// from time to time.
async fn serve_waiting(cx: Context, stop: CancellationToken) {
    /// Between two pages of waiting calls.
    const PAGE: Duration = Duration::from_secs(2);
    /// Officers who become free within this time are matched together.
    const COLLECT: Duration = Duration::from_millis(50);
    let mut cursor = WaitingCursor::default();
    let mut next_page = tokio::time::Instant::now();
    while !stop.is_cancelled() {
        let is_page = tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep_until(next_page) => true,
            () = cx.freed_officers.added() => {
                tokio::time::sleep(COLLECT).await;
                false
            }
        };
        let outcome = if is_page {
            let page = app::dispatch::assign_page(&cx, cursor).await;
            // A long queue is passed without a pause between its pages.
            let is_end = page.as_ref().map_or(true, |(_, next)| *next == WaitingCursor::default());
            next_page = tokio::time::Instant::now() + if is_end { PAGE } else { COLLECT };
            page.map(|(sent, next)| {
                cursor = next;
                sent
            })
        } else {
            app::dispatch::serve_freed(&cx).await
        };
        match outcome {
            Ok(0) => {}
            Ok(sent) => tracing::info!(sent, "waiting emergencies assigned"),
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "waiting emergencies: pass failed");
            }
        }
    }
}

/// Takes the escalation steps that are due.
async fn escalate(cx: Context, stop: CancellationToken) {
    const LOOK: Duration = Duration::from_secs(1);
    while !stop.is_cancelled() {
        match app::dispatch::escalate_due(&cx).await {
            Ok(0) => {}
            Ok(taken) => tracing::info!(taken, "escalation steps taken"),
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "escalation: pass failed"),
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Releases officers who left from their tasks: at start, which covers an import or a restore, and from
/// time to time.
async fn release_departed(cx: Context, stop: CancellationToken) {
    const LOOK: Duration = Duration::from_secs(30);
    while !stop.is_cancelled() {
        match app::dispatch::release_departed(&cx).await {
            Ok(0) => {}
            Ok(released) => tracing::warn!(released, "departed officers released from their tasks"),
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "departed officers: pass failed"),
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Starts what each process needs for itself: it hears of events, and knows whether the audit holds.
pub fn follow(tasks: &Tasks, cx: &Context, hub: &Hub) {
    let office = cx.clone();
    tasks.supervise("audit-reads", move |stop| app::audit::write_reads_on(office.clone(), stop));
    let office = cx.clone();
    tasks.supervise("audit-verifier", move |stop| app::audit::watch_on(office.clone(), stop));
    let (office, sockets) = (cx.clone(), hub.clone());
    tasks.supervise("event-log", move |stop| {
        let (cx, hub) = (office.clone(), sockets.clone());
        async move {
            // Started anew after a defect, it goes on where it was.
            let from = hub.at();
            app::events::follow(cx.clone(), stop, from, |at, logged| {
                if let Some(logged) = &logged {
                    cx.freed_officers.observe(&logged.event);
                }
                hub.tell(&cx, at, logged);
            })
            .await;
        }
    });
    api::keep_sockets(tasks, cx, hub);
}
