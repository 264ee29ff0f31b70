//! `GET /reports/density`.

use app::Context;
use axum::extract::State;
use axum::response::Response;
use domain::report::Cell;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

use super::query::PeriodQuery;
use crate::error::Result;
use crate::extract::{Authenticated, QueryPair};
use crate::field;
use crate::geo::collection::collection;
use crate::problem::Problem;

/// How fine.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CellQuery {
    /// Side of a cell in degrees.
    #[serde(default = "kilometre", deserialize_with = "field::cell")]
    #[param(default = 0.01, minimum = 0.001, maximum = 5)]
    celda: f64,
}

/// About a kilometre from south to north.
const fn kilometre() -> f64 {
    0.01
}

fn feature(cell: &Cell) -> Value {
    let area = cell.area;
    // Counter-clockwise, as RFC 7946 wants it.
    let ring = [
        [area.west, area.south],
        [area.east, area.south],
        [area.east, area.north],
        [area.west, area.north],
        [area.west, area.south],
    ];
    json!({
        "type": "Feature", "geometry": { "type": "Polygon", "coordinates": [ring] },
        "properties": { "tareas": cell.tasks, "emergencias": cell.emergencies },
    })
}

/// The tasks of a period by place: cells with their counts, the fullest 5000 first, for level 2.
/// `truncado` says whether there are more and `celdas_omitidas` how many, `sin_ubicacion` how many tasks have no place.
#[utoipa::path(get, path = "/api/v1/reports/density", tag = "reports", security(("bearer" = [])),
    operation_id = "report_density", params(PeriodQuery, CellQuery),
    responses((status = 200, content_type = "application/geo+json", body = Object),
        (status = "4XX", body = Problem)))]
pub async fn density(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    QueryPair(query, cell): QueryPair<PeriodQuery, CellQuery>,
) -> Result<Response> {
    let query = query.asked(&cx, &actor)?;
    let density = app::report::density(&cx, &actor, &query, cell.celda).await?;
    let foreign = json!({ "truncado": density.left_out > 0, "celdas_omitidas": density.left_out, "sin_ubicacion": density.elsewhere, "celda": cell.celda });
    Ok(collection(density.cells.iter().map(feature).collect(), foreign))
}
