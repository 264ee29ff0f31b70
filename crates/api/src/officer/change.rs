//! `PUT /efectivos/{efectivo_id}`.

use app::Context;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::officer::{OfficerEdit, Rank, Specialty, Unit};
use domain::{Availability, OfficerId, Text};
use serde::Deserialize;
use utoipa::ToSchema;

use super::OfficerOut;
use crate::error::Result;
use crate::etag::{IfMatch, etag};
use crate::extract::{Authenticated, Id, Json, Pair, WithBody};
use crate::field;
use crate::problem::Problem;
use crate::schema::EstadoDisponibilidad;
use crate::task::create::widen;

/// Fields to change: those that are absent stay, `null` empties the ones that may be empty.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"estado_disponibilidad": "fuera_servicio"}))]
pub struct OfficerPatch {
    /// New internal code.
    #[serde(default, deserialize_with = "field::not_null")]
    #[schema(value_type = Option<String>, min_length = 3, max_length = 50)]
    codigo_interno: Option<Text<3, 50>>,
    /// New rank.
    #[serde(default, deserialize_with = "field::patch")]
    #[schema(value_type = Option<String>)]
    rango: Option<Option<Rank>>,
    /// New unit.
    #[serde(default, deserialize_with = "field::patch")]
    #[schema(value_type = Option<String>)]
    unidad: Option<Option<Unit>>,
    /// New specialty.
    #[serde(default, deserialize_with = "field::patch")]
    #[schema(value_type = Option<String>)]
    especialidad: Option<Option<Specialty>>,
    /// New availability; `en_tarea` follows from tasks: it cannot be set by hand, nor left while a begun task
    /// has the officer.
    #[serde(default, deserialize_with = "field::not_null")]
    #[schema(value_type = Option<EstadoDisponibilidad>)]
    estado_disponibilidad: Option<Availability>,
}

/// Changes an officer: officers their own availability, level 2 everything.
#[utoipa::path(put, path = "/api/v1/efectivos/{efectivo_id}", tag = "efectivos",
    operation_id = "officer_update", security(("bearer" = [])),
    params(("efectivo_id" = i64, Path), ("If-Match" = Option<String>, Header)), request_body = OfficerPatch,
    responses((status = 200, body = OfficerOut), (status = "4XX", body = Problem)))]
pub async fn update(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    WithBody(Pair(Id(id), IfMatch(expected)), Json(body)): WithBody<Pair<Id, IfMatch>, Json<OfficerPatch>>,
) -> Result<Response> {
    let edit = OfficerEdit {
        internal_code: body.codigo_interno.map(widen).transpose()?,
        rank: body.rango,
        unit: body.unidad,
        specialty: body.especialidad,
        availability: body.estado_disponibilidad,
    };
    let officer = app::officer::update(&cx, &actor, OfficerId(id), edit, expected).await?;
    Ok((etag(officer.version), Json(OfficerOut::from(officer))).into_response())
}
