//! An officer on the wire.

use chrono::{DateTime, Utc};
use domain::{Availability, Officer, Text};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::position::DeviceOut;
use crate::schema::EstadoDisponibilidad;

/// An officer.
#[derive(Serialize, ToSchema)]
pub struct OfficerOut {
    id: i64,
    uuid: Uuid,
    usuario_id: i64,
    /// Given and family name.
    nombre: String,
    codigo_interno: String,
    rango: Option<String>,
    unidad: Option<String>,
    especialidad: Option<String>,
    #[schema(value_type = EstadoDisponibilidad)]
    estado_disponibilidad: Availability,
    ultima_actualizacion_estado: DateTime<Utc>,
    /// Grows with each change; also the `ETag`.
    version: i64,
}

/// An officer, with what is odd about the officer's device.
#[derive(Serialize, ToSchema)]
pub struct OfficerDetailOut {
    #[serde(flatten)]
    pub(super) efectivo: OfficerOut,
    #[serde(flatten)]
    pub(super) dispositivo: DeviceOut,
}

impl From<Officer> for OfficerOut {
    fn from(officer: Officer) -> Self {
        Self {
            nombre: officer.full_name(),
            id: officer.id.0,
            uuid: officer.uuid,
            usuario_id: officer.user.0,
            codigo_interno: officer.internal_code.into_string(),
            rango: officer.rank.map(Text::into_string),
            unidad: officer.unit.map(Text::into_string),
            especialidad: officer.specialty.map(Text::into_string),
            estado_disponibilidad: officer.availability,
            ultima_actualizacion_estado: officer.availability_since,
            version: officer.version,
        }
    }
}
