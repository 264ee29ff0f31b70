//! `GET /efectivos/cercanos`.

use app::Context;
use app::dispatch::{Candidate, NearestQuery};
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::Availability;
use domain::dispatch::Exclusion;
use domain::officer::Unit;
use domain::position::DeviceWatch;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::Result;
use crate::extract::{Authenticated, Json, Query};
use crate::field;
use crate::position::DeviceOut;
use crate::problem::Problem;
use crate::schema::EstadoDisponibilidad;

/// From where, and among whom.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Where {
    /// Degrees north.
    #[serde(deserialize_with = "field::latitude")]
    #[param(minimum = -90, maximum = 90, example = -34.6037)]
    lat: f64,
    /// Degrees east.
    #[serde(deserialize_with = "field::longitude")]
    #[param(minimum = -180, maximum = 180, example = -58.3816)]
    lng: f64,
    /// Most candidates, 1 to 100.
    #[serde(default = "ten", deserialize_with = "field::bounded::<_, u32, 1, 100>")]
    #[param(default = 10, minimum = 1, maximum = 100)]
    limite: u32,
    /// Farthest distance in metres; the office's own when absent.
    #[serde(default, deserialize_with = "field::radius_opt")]
    #[param(minimum = 1, maximum = 20_100_000)]
    radio_m: Option<f64>,
    /// Only of this unit.
    #[param(value_type = Option<String>, min_length = 1, max_length = 100)]
    unidad: Option<Unit>,
}

const fn ten() -> u32 {
    10
}

/// The nearest officers who may be sent, and why others were passed over.
#[derive(Serialize, ToSchema)]
pub struct NearestOut {
    /// Nearest first.
    candidatos: Vec<CandidateOut>,
    /// Nearer ones who were passed over, with the reason.
    excluidos: Vec<CandidateOut>,
    /// Free ones of whom no position is known, who are excluded for it.
    sin_posicion: Vec<PositionlessOut>,
    /// Whether more may be passed over, or be without a position, than these: at most 50 of each are named.
    truncado: bool,
    /// Metres within which was looked.
    radio_m: f64,
    /// Age in minutes beyond which a position does not count.
    antiguedad_maxima_min: i64,
}

/// A free officer of whom no position is known.
#[derive(Serialize, ToSchema)]
pub struct PositionlessOut {
    efectivo_id: i64,
    codigo_interno: String,
    nombre: String,
    unidad: Option<String>,
    /// `sin_posicion`, or `posicion_dudosa` where the only reports were held back.
    motivo: &'static str,
    #[serde(flatten)]
    dispositivo: DeviceOut,
}

/// One officer, with what speaks for or against sending him or her.
#[derive(Serialize, ToSchema)]
pub struct CandidateOut {
    efectivo_id: i64,
    codigo_interno: String,
    nombre: String,
    unidad: Option<String>,
    #[schema(value_type = EstadoDisponibilidad)]
    estado_disponibilidad: Availability,
    lat: f64,
    lng: f64,
    /// Metres along the ellipsoid.
    distance_m: f64,
    /// Direction as seen from the point, degrees clockwise from north.
    rumbo_grados: f64,
    /// Estimated minutes to get there.
    minutos_estimados: f64,
    /// When the position was measured.
    medida_en: DateTime<Utc>,
    /// Its age in seconds.
    antiguedad_s: i64,
    /// Radius in metres within which the officer probably is.
    precision_m: Option<f64>,
    /// Why not: `en_tarea`, `fuera_servicio`, `no_disponible`, `posicion_antigua`, `otra_unidad`,
    /// `fuera_de_radio`, `cuenta_inactiva`, `posicion_dudosa`; `null` for those who may be sent.
    #[schema(value_type = Option<String>)]
    motivo: Option<Exclusion>,
    /// Why only when no other one is left: `posicion_imprecisa`, `sin_contacto`, `tarea_sin_responder`;
    /// empty for first choices.
    ultima_opcion: Vec<&'static str>,
    #[serde(flatten)]
    dispositivo: DeviceOut,
}

impl From<(domain::Officer, DeviceWatch)> for PositionlessOut {
    fn from((officer, device): (domain::Officer, DeviceWatch)) -> Self {
        let why = if device.held.is_some() { Exclusion::DoubtfulPosition } else { Exclusion::NoPosition };
        Self {
            efectivo_id: officer.id.0,
            nombre: officer.full_name(),
            codigo_interno: officer.internal_code.into_string(),
            unidad: officer.unit.map(domain::Text::into_string),
            motivo: why.as_str(),
            dispositivo: device.into(),
        }
    }
}

impl From<Candidate> for CandidateOut {
    fn from(candidate: Candidate) -> Self {
        let (officer, position) = (candidate.nearby.officer, candidate.nearby.position);
        Self {
            efectivo_id: officer.id.0,
            nombre: officer.full_name(),
            codigo_interno: officer.internal_code.into_string(),
            unidad: officer.unit.map(domain::Text::into_string),
            estado_disponibilidad: officer.availability,
            lat: position.point.lat(),
            lng: position.point.lng(),
            distance_m: candidate.nearby.distance_m,
            rumbo_grados: candidate.bearing_deg,
            minutos_estimados: candidate.estimated_minutes,
            medida_en: position.measured_at,
            antiguedad_s: candidate.position_age_s,
            precision_m: position.accuracy(),
            motivo: candidate.exclusion,
            dispositivo: candidate.device.into(),
            ultima_opcion: candidate.last_choice.iter().map(|reason| reason.as_str()).collect(),
        }
    }
}

/// The nearest officers who may be sent to a point, and why nearer ones were passed over.
#[utoipa::path(get, path = "/api/v1/efectivos/cercanos", tag = "efectivos",
    operation_id = "officer_nearest", security(("bearer" = [])),
    params(Where),
    responses((status = 200, body = NearestOut), (status = "4XX", body = Problem)))]
pub async fn nearest(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Query(query): Query<Where>,
) -> Result<Json<NearestOut>> {
    // Who may not ask is told so before what was wrong with the question.
    app::policy::require(&actor, app::policy::Permission::ViewPeople)?;
    let point = field::point(query.lat, query.lng)?;
    let question =
        NearestQuery { point, limit: query.limite, radius_m: query.radio_m, unit: query.unidad.map(Unit::into_string) };
    let nearest = app::dispatch::nearest(&cx, &actor, question).await?;
    Ok(Json(NearestOut {
        candidatos: nearest.candidates.into_iter().map(CandidateOut::from).collect(),
        excluidos: nearest.left_out.into_iter().map(CandidateOut::from).collect(),
        sin_posicion: nearest.without_position.into_iter().map(PositionlessOut::from).collect(),
        truncado: nearest.cut,
        radio_m: nearest.criteria.radius_m,
        antiguedad_maxima_min: nearest.criteria.max_position_age.num_minutes(),
    }))
}
