//! `GeoJSON` (RFC 7946) of officers and of tasks.

use app::Context;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::point::{LATITUDE, LONGITUDE};
use domain::{GeoBox, Point};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

use crate::error::Result;
use crate::extract::{Authenticated, Query};
use crate::problem::{FieldError, Problem};

/// Which part of the Earth: `bbox`, or a circle where the route takes one.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Area {
    /// West, south, east, north in degrees; west greater than east crosses the antimeridian.
    #[param(example = "-58.6,-34.8,-58.2,-34.4")]
    bbox: Option<String>,
    /// Degrees north of the circle's centre.
    lat: Option<f64>,
    /// Degrees east of it.
    lng: Option<f64>,
    /// Its radius in metres.
    radio_m: Option<f64>,
}

fn bad(field: &str, msg: impl ToString) -> Problem {
    Problem::invalid(vec![FieldError::new("value_error", "query", field, msg.to_string(), Value::Null)])
}

fn bbox(text: &str) -> Result<GeoBox> {
    let sides: Option<Vec<f64>> = text.split(',').map(|side| side.trim().parse().ok()).collect();
    let Some([west, south, east, north]) = sides.as_deref() else {
        return Err(bad("bbox", "must be four numbers: west,south,east,north").into());
    };
    for (bounds, side) in [(LONGITUDE, west), (LATITUDE, south), (LONGITUDE, east), (LATITUDE, north)] {
        bounds.hold("bbox", *side).map_err(|error| bad("bbox", error))?;
    }
    if south > north {
        return Err(bad("bbox", "south must not lie north of north").into());
    }
    Ok(GeoBox { south: *south, west: *west, north: *north, east: *east })
}

fn feature(point: Point, id: i64, properties: &Value) -> Value {
    let geometry = json!({ "type": "Point", "coordinates": [point.lng(), point.lat()] });
    json!({ "type": "Feature", "id": id, "geometry": geometry, "properties": properties })
}

/// Features, and beside them what else is said (foreign members, RFC 7946 §6.1), such as `truncado`:
/// whether there are more than are shown.
pub fn collection(features: Vec<Value>, foreign: Value) -> Response {
    let mut body = foreign;
    body["type"] = "FeatureCollection".into();
    body["features"] = features.into();
    ([(header::CONTENT_TYPE, "application/geo+json")], body.to_string()).into_response()
}

/// Officers in a box, at most 500; `truncado` says whether there are more.
#[utoipa::path(get, path = "/api/v1/geo/efectivos.geojson", tag = "geo", security(("bearer" = [])), params(Area),
    operation_id = "officers_geojson",
    responses((status = 200, content_type = "application/geo+json", body = Object),
        (status = "4XX", body = Problem)))]
pub async fn officers(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Query(area): Query<Area>,
) -> Result<Response> {
    // Who may not ask is told so before what was wrong with the question.
    app::policy::require(&actor, app::policy::Permission::ViewPeople)?;
    let area = bbox(area.bbox.as_deref().ok_or_else(|| bad("bbox", "Field required"))?)?;
    let officers = app::geo::officers_in(&cx, &actor, area).await?;
    let features = officers.items.iter().map(|nearby| {
        let (officer, position) = (&nearby.officer, &nearby.position);
        let properties = json!({
            "codigo_interno": officer.internal_code, "nombre": officer.full_name(), "rango": officer.rank,
            "unidad": officer.unit, "estado_disponibilidad": officer.availability,
            "medida_en": position.measured_at, "precision_m": position.accuracy_m,
        });
        feature(position.point, officer.id.0, &properties)
    });
    Ok(collection(features.collect(), json!({ "truncado": officers.cut })))
}

/// Active tasks in a box or a circle, at most 500; `truncado` says whether there are more.
#[utoipa::path(get, path = "/api/v1/geo/tareas.geojson", tag = "geo", security(("bearer" = [])), params(Area),
    operation_id = "tasks_geojson",
    responses((status = 200, content_type = "application/geo+json", body = Object),
        (status = "4XX", body = Problem)))]
pub async fn tasks(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Query(area): Query<Area>,
) -> Result<Response> {
    app::policy::require(&actor, app::policy::Permission::ViewAllTasks)?;
    let tasks = match (&area.bbox, area.lat, area.lng, area.radio_m) {
        (Some(text), ..) => app::geo::tasks_in(&cx, &actor, bbox(text)?).await?,
        (None, Some(lat), Some(lng), Some(radius)) => {
            let point = Point::new(lat, lng).map_err(|error| bad(error.field, error))?;
            if !(1.0..=20_100_000.0).contains(&radius) {
                return Err(bad("radio_m", "must lie between 1 and 20100000").into());
            }
            app::geo::tasks_around(&cx, &actor, point, radius).await?
        }
        _ => return Err(bad("bbox", "give bbox, or lat, lng and radio_m").into()),
    };
    let features = tasks.items.iter().filter_map(|task| {
        let properties = json!({
            "uuid": task.uuid, "codigo": task.code, "titulo": task.title, "estado": task.state, "tipo": task.kind,
            "prioridad": task.priority, "efectivos_asignados": task.officers,
        });
        Some(feature(task.location?, task.id.0, &properties))
    });
    Ok(collection(features.collect(), json!({ "truncado": tasks.cut })))
}
