//! `GET /api/v1/health/government`: what the service can do for citizens, and whether it keeps
//! its promises. All figures are measured; one that is not measured is null. Only administrators see
//! them: to everybody else the fields say no more than whether the service works.

use std::sync::Arc;
use std::time::Instant;

use app::Context;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use resilience::{BreakerState, Dependency};
use serde::Serialize;
use utoipa::ToSchema;

use super::endpoints::Endpoints;
use super::insider::Insider;
use super::probe::Probe;
use crate::extract::Json;
use crate::settings::{ApiSettings, Resources};

/// Promised share of time in service, percent.
const UPTIME_TARGET: f64 = 99.5;
/// Promised mean response time, milliseconds.
const RESPONSE_TARGET: f64 = 500.0;
/// Percent of a resource above which it is degraded, and above which nothing works well.
const MEMORY_AND_DISK: (f64, f64) = (85.0, 95.0);
/// The same for the processors.
const CPU: (f64, f64) = (80.0, 95.0);

/// The service as citizens have it.
#[derive(Serialize, ToSchema)]
pub struct GovernmentOut {
    /// `healthy`, `healthy_with_warnings`, `degraded` or `unhealthy`.
    status: &'static str,
    timestamp: DateTime<Utc>,
    /// `GRUPO_GAD`.
    government_instance: &'static str,
    /// Empty but for administrators.
    version: &'static str,
    checks: ChecksOut,
    /// 0 but for administrators, as the next.
    uptime_seconds: f64,
    total_check_time_ms: f64,
    citizen_service_availability: AvailabilityOut,
    sla_compliance: SlaOut,
}

/// The parts.
#[derive(Serialize, ToSchema)]
#[schema(as = ServiceChecksOut)]
pub struct ChecksOut {
    database: CheckOut,
    redis: CheckOut,
    websocket_manager: CheckOut,
    system_resources: ResourcesOut,
    telegram_bot: CheckOut,
}

/// One part.
#[derive(Serialize, ToSchema)]
pub struct CheckOut {
    /// `healthy`, `degraded` (it did not answer and is not asked at present), `unhealthy`,
    /// `not_configured`, or `unknown` but for administrators.
    status: &'static str,
    /// `none`, `minimal`, `medium`, `high`, `critical` or `unknown`.
    citizen_service_impact: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_time_ms: Option<f64>,
}

/// The machine.
#[derive(Serialize, ToSchema)]
pub struct ResourcesOut {
    /// `healthy`, `degraded`, `unhealthy` or `unknown`.
    status: &'static str,
    /// `none`, `medium`, `critical` or `unknown`.
    citizen_service_impact: &'static str,
    memory_percent: Option<f64>,
    disk_percent: Option<f64>,
    cpu_percent: Option<f64>,
}

/// What citizens have of it.
#[derive(Serialize, ToSchema)]
pub struct AvailabilityOut {
    /// `full`, `limited` or `degraded`.
    status: &'static str,
    /// `none`, `medium` or `high`.
    impact_level: &'static str,
    affected_services: Vec<&'static str>,
    core_services_available: bool,
}

/// Promises and what was measured since the start.
#[derive(Serialize, ToSchema)]
pub struct SlaOut {
    /// Not measured by one process.
    uptime_percentage: Option<f64>,
    average_response_time_ms: Option<f64>,
    sla_target_uptime: f64,
    sla_target_response_time: f64,
    meeting_uptime_sla: Option<bool>,
    meeting_response_sla: Option<bool>,
    /// Of what was measured.
    overall_sla_compliance: Option<bool>,
}

/// How the service does for citizens.
#[utoipa::path(get, path = "/api/v1/health/government", tag = "health",
    operation_id = "health_government",
    responses((status = 200, body = GovernmentOut),
        (status = 503, description = "The same body in `detail`", body = Object)))]
pub async fn government(
    State(cx): State<Context>,
    State(settings): State<ApiSettings>,
    State(probe): State<Probe>,
    State(endpoints): State<Arc<Endpoints>>,
    Insider(is_insider): Insider,
) -> Response {
    let start = Instant::now();
    let database = probe.database(&cx).await;
    let resources = resources(*settings.resources.borrow());
    let well = database.well && resources.status != "unhealthy";
    // Replicas go on without Redis, each by itself; officers then have no phone but the web.
    let redis = asked(cx.bus.link.as_ref().map(bus::redis::Link::answers), "minimal");
    let bot = settings.telegram.as_ref().map(answers).or(settings.telegram_failure.map(|_| false));
    let telegram_bot = asked(bot, "medium");
    let degraded = [redis.status, telegram_bot.status, resources.status];
    let status = match (well, degraded.iter().filter(|status| **status == "degraded").count()) {
        (false, _) => "unhealthy",
        (true, 0) => "healthy",
        (true, 1) => "healthy_with_warnings",
        (true, _) => "degraded",
    };
    let average = endpoints.mean_ms();
    let meeting = average.map(|average| average <= RESPONSE_TARGET);
    let mut body = GovernmentOut {
        status,
        timestamp: cx.clock.now(),
        government_instance: "GRUPO_GAD",
        version: env!("CARGO_PKG_VERSION"),
        checks: ChecksOut {
            database: CheckOut {
                status: if database.well { "healthy" } else { "unhealthy" },
                citizen_service_impact: if database.well { "none" } else { "critical" },
                response_time_ms: Some(database.took_ms),
            },
            redis,
            // It is a part of this process.
            websocket_manager: asked(Some(true), "none"),
            system_resources: resources,
            telegram_bot,
        },
        uptime_seconds: probe.uptime().as_secs_f64(),
        total_check_time_ms: start.elapsed().as_secs_f64() * 1000.0,
        citizen_service_availability: availability(status, database.well),
        sla_compliance: SlaOut {
            uptime_percentage: None,
            average_response_time_ms: average,
            sla_target_uptime: UPTIME_TARGET,
            sla_target_response_time: RESPONSE_TARGET,
            meeting_uptime_sla: None,
            meeting_response_sla: meeting,
            overall_sla_compliance: meeting,
        },
    };
    if !is_insider {
        body.hide();
    }
    if well {
        return Json(body).into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, Json(serde_json::json!({ "detail": body }))).into_response()
}

impl GovernmentOut {
    /// Leaves whether the service works, and nothing of what it runs on.
    fn hide(&mut self) {
        self.version = "";
        (self.uptime_seconds, self.total_check_time_ms) = (0.0, 0.0);
        self.checks.database.response_time_ms = None;
        for check in [&mut self.checks.redis, &mut self.checks.telegram_bot] {
            *check = CheckOut { status: "unknown", citizen_service_impact: "unknown", response_time_ms: None };
        }
        self.checks.system_resources = resources(None);
        self.sla_compliance.average_response_time_ms = None;
        self.sla_compliance.meeting_response_sla = None;
        self.sla_compliance.overall_sla_compliance = None;
    }
}

fn answers(dependency: &Dependency) -> bool {
    dependency.state() != BreakerState::Open
}

/// A part that is asked over the network; `None` where there is none.
const fn asked(answers: Option<bool>, impact: &'static str) -> CheckOut {
    let (status, citizen_service_impact) = match answers {
        None => ("not_configured", "none"),
        Some(true) => ("healthy", "none"),
        Some(false) => ("degraded", impact),
    };
    CheckOut { status, citizen_service_impact, response_time_ms: None }
}

fn availability(status: &str, database: bool) -> AvailabilityOut {
    let (status, impact_level) = match status {
        "healthy" => ("full", "none"),
        "unhealthy" => ("degraded", "high"),
        _ => ("limited", "medium"),
    };
    let affected_services = if database { Vec::new() } else { vec!["tareas", "emergencias", "efectivos"] };
    AvailabilityOut { status, impact_level, affected_services, core_services_available: database }
}

fn resources(measured: Option<Resources>) -> ResourcesOut {
    let Some(now) = measured else {
        let (status, citizen_service_impact) = ("unknown", "unknown");
        return ResourcesOut {
            status,
            citizen_service_impact,
            memory_percent: None,
            disk_percent: None,
            cpu_percent: None,
        };
    };
    let above = |limit: fn((f64, f64)) -> f64| {
        now.memory_percent > limit(MEMORY_AND_DISK)
            || now.disk_percent.is_some_and(|disk| disk > limit(MEMORY_AND_DISK))
            || now.cpu_percent > limit(CPU)
    };
    let (status, citizen_service_impact) = if above(|limits| limits.1) {
        ("unhealthy", "critical")
    } else if above(|limits| limits.0) {
        ("degraded", "medium")
    } else {
        ("healthy", "none")
    };
    ResourcesOut {
        status,
        citizen_service_impact,
        memory_percent: Some(now.memory_percent),
        disk_percent: now.disk_percent,
        cpu_percent: Some(now.cpu_percent),
    }
}
