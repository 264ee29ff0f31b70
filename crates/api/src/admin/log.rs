//! `PUT /admin/log-level`.

use app::Context;
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Result;
use crate::extract::{Authenticated, Json};
use crate::field;
use crate::problem::Problem;
use crate::settings::ApiSettings;

/// What to log for a while.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"filter": "info,api=debug", "minutes": 10}))]
pub struct LogLevelIn {
    /// A level, or a filter like `info,api=debug`.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    filter: Text<1, 200>,
    /// After which all is logged as before.
    #[serde(default = "ten", deserialize_with = "field::bounded::<_, u32, 1, 1440>")]
    #[schema(minimum = 1, maximum = 1440, default = 10)]
    minutes: u32,
}

const fn ten() -> u32 {
    10
}

/// What is logged now.
#[derive(Serialize, ToSchema)]
pub struct LogLevelOut {
    filter: String,
    /// When it is logged as before again.
    until: DateTime<Utc>,
}

/// Chooses for a while what the process that answers logs.
#[utoipa::path(put, path = "/api/v1/admin/log-level", tag = "admin",
    operation_id = "log_level_set", security(("bearer" = [])),
    request_body = LogLevelIn, responses((status = 200, body = LogLevelOut), (status = "4XX", body = Problem)))]
pub async fn level(
    State(cx): State<Context>,
    State(settings): State<ApiSettings>,
    Authenticated(actor): Authenticated,
    Json(body): Json<LogLevelIn>,
) -> Result<Json<LogLevelOut>> {
    let until =
        app::admin::choose_log(&cx, &actor, settings.log.filter.as_deref(), body.filter.as_str(), body.minutes).await?;
    Ok(Json(LogLevelOut { filter: body.filter.into_string(), until }))
}
