//! `GET /efectivos` and `GET /efectivos/{efectivo_id}`.

use app::Context;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::officer::Unit;
use domain::{Availability, OfficerId};
use serde::Deserialize;
use store::officer::OfficerFilter;
use utoipa::IntoParams;

use super::OfficerOut;
use crate::error::Result;
use crate::etag::etag;
use crate::extract::{Authenticated, Id, Json, Paging, QueryPair};
use crate::problem::Problem;
use crate::schema::EstadoDisponibilidad;

/// Which officers.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OfficerQuery {
    /// Only of this availability.
    #[param(value_type = Option<EstadoDisponibilidad>)]
    estado_disponibilidad: Option<Availability>,
    /// Only of this unit.
    #[param(value_type = Option<String>, min_length = 1, max_length = 100)]
    unidad: Option<Unit>,
}

/// Officers by id, for level 2.
#[utoipa::path(get, path = "/api/v1/efectivos", tag = "efectivos",
    operation_id = "officer_list", security(("bearer" = [])),
    params(Paging, OfficerQuery),
    responses((status = 200, body = Vec<OfficerOut>), (status = "4XX", body = Problem)))]
pub async fn list(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    QueryPair(paging, query): QueryPair<Paging, OfficerQuery>,
) -> Result<Json<Vec<OfficerOut>>> {
    let availability = query.estado_disponibilidad.into_iter().collect();
    let filter = OfficerFilter { availability, unit: query.unidad.map(Unit::into_string) };
    let officers = app::officer::list(&cx, &actor, filter, paging.page()).await?;
    Ok(Json(officers.into_iter().map(OfficerOut::from).collect()))
}

/// One officer: oneself, or anybody for level 2.
#[utoipa::path(get, path = "/api/v1/efectivos/{efectivo_id}", tag = "efectivos",
    operation_id = "officer_read", security(("bearer" = [])),
    params(("efectivo_id" = i64, Path)),
    responses((status = 200, body = OfficerOut), (status = "4XX", body = Problem)))]
pub async fn read(State(cx): State<Context>, Authenticated(actor): Authenticated, Id(id): Id) -> Result<Response> {
    let officer = app::officer::by_id(&cx, &actor, OfficerId(id)).await?;
    Ok((etag(officer.version), Json(OfficerOut::from(officer))).into_response())
}
