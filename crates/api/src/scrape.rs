//! What Prometheus reads (contract §8.1, §8.2). A scraper shows a token; without one only a program of
//! this machine may read, over the loopback and not through a proxy.

use std::time::Duration;

use app::{Actor, Context};
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use resilience::{Priority, deadline};
use subtle::ConstantTimeEq;

use crate::client::ClientAddress;
use crate::error::Result;
use crate::health::Probe;
use crate::problem::Problem;
use crate::settings::ApiSettings;
use crate::ws::hub::Hub;
use crate::ws::measure::LEVELS;

/// Longest wait for the record while a scraper waits.
const PATIENCE: Duration = Duration::from_millis(500);

/// What one scrape takes from a request.
pub struct Scraper(());

impl<S> axum::extract::FromRequestParts<S> for Scraper
where
    S: Send + Sync,
    ApiSettings: axum::extract::FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        use axum::extract::FromRef;
        let settings = ApiSettings::from_ref(state);
        if let Some(secret) = &settings.metrics_token {
            let shown = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
            let shown = shown.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
            if bool::from(shown.as_bytes().ct_eq(secret.as_bytes())) {
                return Ok(Self(()));
            }
            let problem = Problem::new(StatusCode::UNAUTHORIZED, "not_authenticated", "Not authenticated");
            return Err(Problem { challenge: true, ..problem });
        }
        if ClientAddress::in_request(parts).is_some_and(|client| client.is_this_machine()) {
            return Ok(Self(()));
        }
        Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", "Only this machine may read metrics without a token"))
    }
}

/// All figures.
#[utoipa::path(get, path = "/metrics", tag = "metrics",
    operation_id = "metrics_all",
    responses((status = 200, description = "Prometheus text", body = String), (status = "4XX", body = Problem)))]
pub async fn all(
    State(cx): State<Context>,
    State(settings): State<ApiSettings>,
    State(probe): State<Probe>,
    _scraper: Scraper,
) -> Response {
    match render(&cx, &settings, &probe).await {
        Some(text) => exposition(text),
        None => off().into_response(),
    }
}

/// The figures of real time, under the names that GRUPO_GAD gave them.
#[utoipa::path(get, path = "/api/v1/metrics/prometheus", tag = "metrics",
    operation_id = "metrics_real_time",
    responses((status = 200, description = "Prometheus text", body = String), (status = "4XX", body = Problem)))]
pub async fn real_time(
    State(cx): State<Context>,
    State(settings): State<ApiSettings>,
    State(probe): State<Probe>,
    _scraper: Scraper,
) -> Response {
    let Some(text) = render(&cx, &settings, &probe).await else { return off().into_response() };
    let ours = |line: &&str| {
        line.strip_prefix("# TYPE ").or_else(|| line.strip_prefix("# HELP ")).unwrap_or(line).starts_with("ggrt_")
    };
    let mut lines: Vec<&str> = text.lines().filter(ours).collect();
    lines.push("");
    exposition(lines.join("\n"))
}

fn off() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "Not Found")
}

fn exposition(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

/// Figures that are read rather than counted are brought up to date first.
async fn render(cx: &Context, settings: &ApiSettings, probe: &Probe) -> Option<String> {
    let handle = settings.metrics.as_ref()?;
    metrics::gauge!("app_uptime_seconds").set(probe.uptime().as_secs_f64());
    metrics::gauge!("gad_database_up").set(if probe.database(cx).await.well { 1.0 } else { 0.0 });
    let cache = cx.bus.cache.stats().await;
    metrics::counter!("cache_hits_total").absolute(cache.hits);
    metrics::counter!("cache_misses_total").absolute(cache.misses);
    #[expect(clippy::cast_precision_loss, reason = "requests in hand stay far below 2^52")]
    for (name, value) in [
        ("gad_admission_limit", (settings.reads.limit() + settings.changes.limit()) as f64),
        ("gad_admission_in_flight", (settings.reads.inside() + settings.changes.inside()) as f64),
    ] {
        metrics::gauge!(name).set(value);
    }
    for priority in Priority::ALL {
        metrics::counter!("gad_shed_total", "priority" => priority.as_str()).increment(0);
    }
    sockets(settings);
    event_log(cx, &settings.hub).await;
    dispatch(cx).await;
    audit(cx);
    if let Some(gauges) = &settings.gauges {
        gauges.refresh().await;
    }
    Some(typed(handle.render()))
}

/// Counters of fractions, such as seconds, are gauges to the recorder, whose counters are whole numbers. Here
/// they are named as what they are.
fn typed(mut text: String) -> String {
    const FRACTIONS: [&str; 2] = ["gad_task_poll_seconds_total", "process_cpu_seconds_total"];
    for name in FRACTIONS {
        text = text.replace(&format!("# TYPE {name} gauge\n"), &format!("# TYPE {name} counter\n"));
    }
    text
}

/// How far this process is behind the log of events. A record that does not answer leaves them as
/// they were: `gad_database_up` says so.
async fn event_log(cx: &Context, hub: &Hub) {
    let Some(at) = hub.at() else { return };
    let job = Actor::system(cx.rng.uuid().to_string(), "scrape");
    let Ok(Ok(left)) = deadline("event log", PATIENCE, app::events::backlog(cx, &job, at)).await else { return };
    let lag = left.oldest.and_then(|oldest| (cx.clock.now() - oldest).to_std().ok()).unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "events stay far below 2^52")]
    let (head, unnumbered) = (left.head as f64, left.unnumbered as f64);
    metrics::gauge!("gad_event_log_head").set(head);
    metrics::gauge!("gad_event_log_unnumbered").set(unnumbered);
    metrics::gauge!("gad_event_log_lag_seconds").set(lag.as_secs_f64());
}

/// How dispatch stands. A record that does not answer leaves the figures as they were.
async fn dispatch(cx: &Context) {
    let now = cx.clock.now();
    let Ok(Ok(health)) = deadline("dispatch", PATIENCE, app::dispatch::health(&cx.store, now)).await else { return };
    #[expect(clippy::cast_precision_loss, reason = "counts of tasks stay far below 2^52")]
    for (name, value) in [
        ("gad_emergencies_unattended", health.unattended.len() as f64),
        ("gad_emergencies_waiting", health.waiting as f64),
        ("gad_emergency_oldest_waiting_seconds", health.longest_wait(now).as_seconds_f64()),
        ("gad_assignments_unanswered", health.unanswered as f64),
    ] {
        metrics::gauge!(name).set(value);
    }
}

/// Figures of the proof over the audit, as far as this process knows.
fn audit(cx: &Context) {
    let state = cx.audit.state();
    let lines = state.lines.unsigned_abs() + state.waiting;
    metrics::counter!("gad_audit_lines_total").absolute(lines);
    #[expect(clippy::cast_precision_loss, reason = "lines stay far below 2^52")]
    metrics::gauge!("gad_audit_unsealed").set(state.unsealed() as f64);
    // Where every line is under a checkpoint, there is nothing to sign, however old that is.
    let open = state.unsealed() > 0;
    let since = state.checkpoint.map_or_else(|| cx.audit.opened(cx.clock.now()), |checkpoint| checkpoint.at);
    let age = if open { (cx.clock.now() - since).as_seconds_f64() } else { 0.0 };
    metrics::gauge!("gad_audit_checkpoint_age_seconds").set(age.max(0.0));
    // Before the first walk nothing is known to be wrong.
    let holds = state.verified.is_none_or(|verified| verified.found.broken.is_none());
    metrics::gauge!("gad_audit_chain_ok").set(if holds { 1.0 } else { 0.0 });
}

/// Figures of sockets, under every name that dashboards and alerts know them by.
fn sockets(settings: &ApiSettings) {
    use std::sync::atomic::Ordering::Relaxed;
    let (hub, env) = (&settings.hub, || settings.environment.clone());
    // From the first scrape on all of them are there, if only as zeros.
    hub.measures();
    let present = hub.registry.present();
    #[expect(clippy::cast_precision_loss, reason = "connections stay far below 2^52")]
    let (open, users) = (present.connections as f64, present.users as f64);
    for name in ["ws_connections_active", "websocket_connections_active"] {
        metrics::gauge!(name).set(open);
    }
    metrics::gauge!("ggrt_active_connections", "env" => env()).set(open);
    metrics::gauge!("ggrt_user_active", "env" => env()).set(users);
    // Levels that nobody of is connected any more go back to zero.
    for level in LEVELS {
        let role = level.role();
        #[expect(clippy::cast_precision_loss, reason = "connections stay far below 2^52")]
        let count = present.by_role.get(role).copied().unwrap_or_default() as f64;
        metrics::gauge!("ggrt_role_connections", "env" => env(), "role" => role).set(count);
        metrics::gauge!("ggrt_ws_connections_active", "env" => env(), "channel_type" => "general", "user_role" => role)
            .set(count);
    }
    let (sent, broadcasts) = (hub.traffic.sent.load(Relaxed), hub.traffic.broadcasts.load(Relaxed));
    let (errors, entered) = (hub.traffic.errors.load(Relaxed), hub.registry.entered());
    for name in ["ws_messages_sent", "websocket_messages_sent_total"] {
        metrics::counter!(name).absolute(sent);
    }
    for name in ["ws_broadcasts_total", "websocket_broadcasts_total"] {
        metrics::counter!(name).absolute(broadcasts);
    }
    metrics::counter!("websocket_broadcast_errors_total").absolute(errors);
    for (name, value) in [
        ("ggrt_connections_total", entered),
        ("ggrt_messages_sent_total", sent),
        ("ggrt_broadcasts_total", broadcasts),
        ("ggrt_send_errors_total", errors),
    ] {
        metrics::counter!(name, "env" => env()).absolute(value);
    }
}
