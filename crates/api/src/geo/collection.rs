//! `GeoJSON` (RFC 7946) of officers and of tasks.

use app::{Context, Error};
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
use crate::field;
use crate::problem::Problem;

/// Which part of the Earth.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BoxQuery {
    /// West, south, east, north in degrees; west greater than east crosses the antimeridian. Of six numbers,
    /// as `GeoJSON` has them in three dimensions, the third and the sixth (heights) do not matter.
    #[param(value_type = String, example = "-58.6,-34.8,-58.2,-34.4",
        pattern = r"^\s*-?\d+(\.\d+)?(\s*,\s*-?\d+(\.\d+)?){3}((\s*,\s*-?\d+(\.\d+)?){2})?\s*$")]
    bbox: BoxIn,
    /// Go on after the part whose `siguiente` this was.
    cursor: Option<i64>,
}

/// Which part of the Earth: `bbox`, or a circle of `lat`, `lng` and `radio_m`; all of it without either.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Area {
    /// West, south, east, north in degrees; west greater than east crosses the antimeridian. Of six numbers,
    /// as `GeoJSON` has them in three dimensions, the third and the sixth (heights) do not matter.
    #[param(value_type = Option<String>, example = "-58.6,-34.8,-58.2,-34.4",
        pattern = r"^\s*-?\d+(\.\d+)?(\s*,\s*-?\d+(\.\d+)?){3}((\s*,\s*-?\d+(\.\d+)?){2})?\s*$")]
    bbox: Option<BoxIn>,
    /// Degrees north of the circle's centre.
    #[serde(default, deserialize_with = "field::latitude_opt")]
    #[param(minimum = -90, maximum = 90)]
    lat: Option<f64>,
    /// Degrees east of it.
    #[serde(default, deserialize_with = "field::longitude_opt")]
    #[param(minimum = -180, maximum = 180)]
    lng: Option<f64>,
    /// Its radius in metres.
    #[serde(default, deserialize_with = "field::radius_opt")]
    #[param(minimum = 1, maximum = 20_100_000)]
    radio_m: Option<f64>,
    /// Go on after the part whose `siguiente` this was.
    cursor: Option<i64>,
}

/// A box as text.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct BoxIn(GeoBox);

impl TryFrom<String> for BoxIn {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        const SHAPE: &str = "must be four numbers: west,south,east,north; or six, with heights";
        let sides: Option<Vec<f64>> = text.split(',').map(|side| side.trim().parse().ok()).collect();
        let (west, south, east, north) = match sides.as_deref() {
            Some(&[west, south, east, north]) => (west, south, east, north),
            Some(&[west, south, lowest, east, north, highest]) if lowest <= highest => (west, south, east, north),
            _ => return Err(SHAPE.to_owned()),
        };
        for (bounds, side) in [(LONGITUDE, west), (LATITUDE, south), (LONGITUDE, east), (LATITUDE, north)] {
            bounds.hold("bbox", side).map_err(|error| error.to_string())?;
        }
        if south > north {
            return Err("south must not lie north of north".to_owned());
        }
        Ok(Self(GeoBox { south, west, north, east }))
    }
}

/// All of the Earth.
const EARTH: GeoBox = GeoBox { south: LATITUDE.min, west: LONGITUDE.min, north: LATITUDE.max, east: LONGITUDE.max };

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

/// Whether there are more features than these, and the cursor that goes on with them.
fn part_of(next: Option<i64>) -> Value {
    json!({ "truncado": next.is_some(), "siguiente": next })
}

/// Officers in a box, by number, at most 500; `truncado` says whether there are more, and `siguiente` is the
/// `cursor` of the next part.
#[utoipa::path(get, path = "/api/v1/geo/efectivos.geojson", tag = "geo", security(("bearer" = [])), params(BoxQuery),
    operation_id = "officers_geojson",
    responses((status = 200, content_type = "application/geo+json", body = Object),
        (status = "4XX", body = Problem)))]
pub async fn officers(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Query(BoxQuery { bbox, cursor }): Query<BoxQuery>,
) -> Result<Response> {
    // Who may not ask is told so before what was wrong with the question.
    app::policy::require(&actor, app::policy::Permission::ViewPeople)?;
    let officers = app::geo::officers_in(&cx, &actor, bbox.0, cursor).await?;
    let features = officers.items.iter().map(|(nearby, watch)| {
        let (doubt, clock_offset_s) = watch.remarks();
        let (officer, position) = (&nearby.officer, &nearby.position);
        let properties = json!({
            "codigo_interno": officer.internal_code, "nombre": officer.full_name(), "rango": officer.rank,
            "unidad": officer.unit, "estado_disponibilidad": officer.availability,
            "medida_en": position.measured_at, "precision_m": position.accuracy_m,
            "posicion_dudosa": doubt, "desfase_reloj_s": clock_offset_s,
        });
        feature(position.point, officer.id.0, &properties)
    });
    Ok(collection(features.collect(), part_of(officers.next)))
}

/// Active tasks in a box, by number, or in a circle, nearest first, at most 500; `truncado` says whether there
/// are more, and `siguiente` is the `cursor` of the next part.
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
    let cursor = area.cursor;
    let tasks = match (area.bbox, area.lat, area.lng, area.radio_m) {
        (Some(bbox), ..) => app::geo::tasks_in(&cx, &actor, bbox.0, cursor).await?,
        (None, Some(lat), Some(lng), Some(radius)) => {
            let point = field::point(lat, lng)?;
            app::geo::tasks_around(&cx, &actor, point, radius, cursor).await?
        }
        (None, None, None, None) => app::geo::tasks_in(&cx, &actor, EARTH, cursor).await?,
        (None, lat, lng, radius) => {
            let parts = [("lat", lat), ("lng", lng), ("radio_m", radius)];
            let message = "must be given together with the other two of lat, lng and radio_m".to_owned();
            let lacking = parts.iter().filter(|(_, part)| part.is_none()).map(|(field, _)| app::FieldProblem {
                field: (*field).to_owned(),
                code: "missing",
                message: message.clone(),
            });
            return Err(Error::Invalid(lacking.collect()).into());
        }
    };
    let features = tasks.items.iter().filter_map(|task| {
        let properties = json!({
            "uuid": task.uuid, "codigo": task.code, "titulo": task.title, "estado": task.state, "tipo": task.kind,
            "prioridad": task.priority, "efectivos_asignados": task.officers,
        });
        Some(feature(task.location?, task.id.0, &properties))
    });
    Ok(collection(features.collect(), part_of(tasks.next)))
}
