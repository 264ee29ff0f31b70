//! The tasks of a serving office.

use std::time::Duration;

use api::Hub;
use app::Context;
use resilience::Tasks;

/// Starts what nobody asks for and one process of the office must do.
pub fn work(tasks: &Tasks, cx: &Context) {
    const LOOK: Duration = Duration::from_secs(2);
    const RECKON: Duration = Duration::from_secs(30);
    const CLEAN: Duration = Duration::from_secs(600);
    let office = cx.clone();
    tasks.supervise("waiting-emergencies", move |stop| {
        let cx = office.clone();
        async move {
            while !stop.is_cancelled() {
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = cx.officer_freed.notified() => {}
                    () = tokio::time::sleep(LOOK) => {}
                }
                match app::dispatch::assign_waiting(&cx).await {
                    Ok(0) => {}
                    Ok(sent) => tracing::info!(sent, "waiting emergencies got an officer"),
                    Err(error) => {
                        tracing::warn!(error = &error as &dyn std::error::Error, "waiting emergencies not looked at");
                    }
                }
            }
        }
    });
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

/// Starts what each process needs for itself: it hears of events, and knows whether the audit holds.
pub fn follow(tasks: &Tasks, cx: &Context, hub: &Hub) {
    let office = cx.clone();
    tasks.supervise("audit-verifier", move |stop| app::audit::watch_on(office.clone(), stop));
    let (office, sockets) = (cx.clone(), hub.clone());
    tasks.supervise("event-log", move |stop| {
        let (cx, hub) = (office.clone(), sockets.clone());
        async move {
            // Started anew after a defect, it goes on where it was.
            let from = hub.at();
            app::events::follow(cx.clone(), stop, from, |at, logged| hub.tell(&cx, at, logged)).await;
        }
    });
    api::keep_sockets(tasks, cx, hub);
}
