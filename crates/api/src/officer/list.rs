//! `GET /efectivos` and `GET /efectivos/{efectivo_id}`.

use app::Context;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::officer::Unit;
use domain::{Availability, OfficerId};
use serde::Deserialize;
use store::officer::OfficerFilter;
use utoipa::IntoParams;

use super::{OfficerDetailOut, OfficerOut};
use crate::error::Result;
use crate::etag::etag;
use crate::extract::{Authenticated, Id, Json, NextPage, Paging, QueryPair};
use crate::position::DeviceOut;
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
    responses((status = 200, body = Vec<OfficerOut>,
        headers(("X-Next-Cursor" = i64, description = "The `cursor` of the next page, if there may be one."))), (status = "4XX", body = Problem)))]
pub async fn list(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    QueryPair(paging, query): QueryPair<Paging, OfficerQuery>,
) -> Result<(NextPage, Json<Vec<OfficerOut>>)> {
    let availability = query.estado_disponibilidad.into_iter().collect();
    let filter = OfficerFilter { availability, unit: query.unidad.map(Unit::into_string) };
    let officers = app::officer::list(&cx, &actor, filter, paging.page()).await?;
    let next = paging.next_page(officers.iter().map(|officer| officer.id.0));
    Ok((next, Json(officers.into_iter().map(OfficerOut::from).collect())))
}

/// One officer: oneself, or anybody for level 2.
#[utoipa::path(get, path = "/api/v1/efectivos/{efectivo_id}", tag = "efectivos",
    operation_id = "officer_read", security(("bearer" = [])),
    params(("efectivo_id" = i64, Path)),
    responses((status = 200, body = OfficerDetailOut), (status = "4XX", body = Problem)))]
pub async fn read(State(cx): State<Context>, Authenticated(actor): Authenticated, Id(id): Id) -> Result<Response> {
    let (officer, watch) = app::officer::with_device(&cx, &actor, OfficerId(id)).await?;
    let dispositivo = DeviceOut::from(watch);
    // What is odd about the device changes without the officer's version.
    let tag = match dispositivo.mark() {
        None => etag(officer.version),
        Some(mark) => etag(format!("{}:{mark}", officer.version)),
    };
    Ok((tag, Json(OfficerDetailOut { efectivo: officer.into(), dispositivo })).into_response())
}
