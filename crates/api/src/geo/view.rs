//! `GET /geo/map/view`.

use app::Context;
use axum::extract::{RawQuery, State};
use axum::response::Redirect;
use chrono::{DateTime, Utc};
use domain::dispatch::Nearby;
use domain::{Availability, Point, Task, Text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::Result;
use crate::extract::{Authenticated, Json, Query};
use crate::field;
use crate::problem::Problem;
use crate::schema::EstadoDisponibilidad;

/// The circle that the map shows.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Circle {
    /// Degrees north.
    #[serde(deserialize_with = "field::latitude")]
    #[param(minimum = -90, maximum = 90, example = -34.6037)]
    center_lat: f64,
    /// Degrees east.
    #[serde(deserialize_with = "field::longitude")]
    #[param(minimum = -180, maximum = 180, example = -58.3816)]
    center_lng: f64,
    /// Metres.
    #[serde(default = "ten_kilometres", deserialize_with = "field::bounded::<_, u32, 100, 100_000>")]
    #[param(default = 10000, minimum = 100, maximum = 100_000)]
    radius_m: u32,
    /// Go on after the part whose `siguiente` this was.
    #[serde(default)]
    #[param(minimum = 0)]
    cursor: Option<i64>,
}

const fn ten_kilometres() -> u32 {
    10_000
}

/// Officers and active tasks in the circle, nearest first, at most 500 of each; `siguiente` goes on.
#[derive(Serialize, ToSchema)]
pub struct MapOut {
    usuarios: Vec<OfficerPin>,
    tareas: Vec<TaskPin>,
    /// Whether there are more of either than are shown.
    truncado: bool,
    /// The `cursor` of the next part, if there are more.
    siguiente: Option<i64>,
}

/// An officer on the map.
#[derive(Serialize, ToSchema)]
pub struct OfficerPin {
    lat: f64,
    lng: f64,
    /// The officer's `codigo_interno`.
    entity_id: String,
    /// Metres along the ellipsoid.
    distance_m: i64,
    efectivo_id: i64,
    nombre: String,
    rango: Option<String>,
    unidad: Option<String>,
    #[schema(value_type = EstadoDisponibilidad)]
    estado: Availability,
    /// When the position was measured.
    ultima_actualizacion: DateTime<Utc>,
}

/// A task on the map.
#[derive(Serialize, ToSchema)]
pub struct TaskPin {
    lat: f64,
    lng: f64,
    /// The task's `uuid`.
    entity_id: String,
    /// Metres along the ellipsoid.
    distance_m: i64,
    /// `BAJA`, `MEDIA`, `ALTA`, `URGENTE` or `CRITICA`.
    priority: String,
    tarea_id: i64,
    codigo: String,
    titulo: String,
    estado: &'static str,
}

#[expect(clippy::cast_possible_truncation, reason = "no two places are farther apart than 20,004 km")]
fn rounded(metres: f64) -> i64 {
    metres.round() as i64
}

impl From<Nearby> for OfficerPin {
    fn from(nearby: Nearby) -> Self {
        let (officer, position) = (nearby.officer, nearby.position);
        Self {
            lat: position.point.lat(),
            lng: position.point.lng(),
            distance_m: rounded(nearby.distance_m),
            efectivo_id: officer.id.0,
            nombre: officer.full_name(),
            entity_id: officer.internal_code.into_string(),
            rango: officer.rank.map(Text::into_string),
            unidad: officer.unit.map(Text::into_string),
            estado: officer.availability,
            ultima_actualizacion: position.measured_at,
        }
    }
}

fn task_pin((task, distance_m): (Task, f64)) -> Option<TaskPin> {
    let place = task.location?;
    Some(TaskPin {
        lat: place.lat(),
        lng: place.lng(),
        entity_id: task.uuid.to_string(),
        distance_m: rounded(distance_m),
        priority: task.priority.word().to_uppercase(),
        tarea_id: task.id.0,
        codigo: task.code.as_str().to_owned(),
        titulo: task.title.into_string(),
        estado: task.state.as_str(),
    })
}

fn center(lat: f64, lng: f64) -> Result<Point> {
    Ok(field::point_of(("center_lat", lat), ("center_lng", lng))?)
}

/// Officers and active tasks around a point. Level 1 sees own tasks and oneself.
#[utoipa::path(get, path = "/api/v1/geo/map/view", tag = "geo",
    operation_id = "map_view", security(("bearer" = [])), params(Circle),
    responses((status = 200, body = MapOut), (status = "4XX", body = Problem)))]
pub async fn view(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Query(circle): Query<Circle>,
) -> Result<Json<MapOut>> {
    let point = center(circle.center_lat, circle.center_lng)?;
    let view = app::geo::view(&cx, &actor, point, f64::from(circle.radius_m), circle.cursor).await?;
    Ok(Json(MapOut {
        usuarios: view.officers.into_iter().map(OfficerPin::from).collect(),
        tareas: view.tasks.into_iter().filter_map(task_pin).collect(),
        truncado: view.next.is_some(),
        siguiente: view.next,
    }))
}

/// The circle of the invented officers of GRUPO_GAD.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MockCircle {
    /// Degrees north.
    #[serde(deserialize_with = "field::latitude")]
    #[param(minimum = -90, maximum = 90, example = -34.6037)]
    center_lat: f64,
    /// Degrees east.
    #[serde(deserialize_with = "field::longitude")]
    #[param(minimum = -180, maximum = 180, example = -58.3816)]
    center_lng: f64,
    /// Metres.
    #[serde(default = "ten_kilometres", deserialize_with = "field::bounded::<_, u32, 100, 50_000>")]
    #[param(default = 10000, minimum = 100, maximum = 50_000)]
    radius_m: u32,
    /// Most officers of the answer.
    #[serde(default = "eight", deserialize_with = "field::bounded::<_, u32, 1, 20>")]
    #[param(default = 8, minimum = 1, maximum = 20)]
    count: u32,
}

const fn eight() -> u32 {
    8
}

/// The nearest officers in the circle.
#[derive(Serialize, ToSchema)]
pub struct MockOut {
    usuarios: Vec<OfficerPin>,
}

/// The officers around a point, nearest first, for the dashboard page of GRUPO_GAD, which adds them to
/// the map view. They are the office's own officers, none is invented; with the rights of the map view.
/// In production the list is empty: there the page shows the officers of the map view alone.
#[utoipa::path(get, path = "/api/v1/geo/efectivos/mock", tag = "geo",
    operation_id = "map_mock", security(("bearer" = [])), params(MockCircle),
    responses((status = 200, body = MockOut), (status = "4XX", body = Problem)))]
pub async fn mock(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Query(circle): Query<MockCircle>,
) -> Result<Json<MockOut>> {
    let point = center(circle.center_lat, circle.center_lng)?;
    let officers = if cx.settings.production {
        Vec::new()
    } else {
        app::geo::view(&cx, &actor, point, f64::from(circle.radius_m), None).await?.officers
    };
    Ok(Json(MockOut { usuarios: officers.into_iter().take(circle.count as usize).map(OfficerPin::from).collect() }))
}

/// The doubled path under which GRUPO_GAD served the map.
pub async fn doubled(RawQuery(query): RawQuery) -> Redirect {
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    Redirect::permanent(&format!("/api/v1/geo/map/view{query}"))
}
