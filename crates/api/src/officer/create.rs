//! `POST /efectivos`.

use app::Context;
use app::officer::NewOfficerInput;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::UserId;
use domain::officer::{Rank, Specialty, Unit};
use domain::{Text, officer::InternalCode};
use serde::Deserialize;
use utoipa::ToSchema;

use super::OfficerOut;
use crate::error::Result;
use crate::etag::etag;
use crate::extract::{Authenticated, Json};
use crate::problem::Problem;
use crate::task::create::widen;

/// An officer to be made of a user.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"usuario_id": 2, "codigo_interno": "EF-00002", "unidad": "Centro"}))]
pub struct OfficerIn {
    /// Who signs in as the officer.
    usuario_id: i64,
    /// Unique within the office, 3 to 50 characters.
    #[schema(value_type = String, min_length = 3, max_length = 50)]
    codigo_interno: Text<3, 50>,
    /// Rank.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50)]
    rango: Option<Rank>,
    /// Unit.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100)]
    unidad: Option<Unit>,
    /// Specialty.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100)]
    especialidad: Option<Specialty>,
}

/// Makes an officer of a user.
#[utoipa::path(post, path = "/api/v1/efectivos", tag = "efectivos",
    operation_id = "officer_create", security(("bearer" = [])),
    request_body = OfficerIn,
    responses((status = 201, body = OfficerOut), (status = "4XX", body = Problem)))]
pub async fn create(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Json(body): Json<OfficerIn>,
) -> Result<Response> {
    let internal_code: InternalCode = widen(body.codigo_interno)?;
    let input = NewOfficerInput {
        user: UserId(body.usuario_id),
        internal_code,
        rank: body.rango,
        unit: body.unidad,
        specialty: body.especialidad,
    };
    let officer = app::officer::create(&cx, &actor, input).await?;
    Ok((StatusCode::CREATED, etag(officer.version), Json(OfficerOut::from(officer))).into_response())
}
