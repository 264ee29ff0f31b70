//! What came of reports, on the wire.

use app::position::ReportOutcome;
use chrono::{DateTime, Utc};
use domain::position::{DeviceWatch, Doubt, ReportRefusal};
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::FieldFault;

/// What came of the reports. Elements are named by their index in the request, from 0.
#[derive(Serialize, ToSchema)]
pub struct PositionsOut {
    /// How many reports were taken.
    recibidas: usize,
    /// Of these, how many the tracks did not have before.
    guardadas: usize,
    /// Of these, how many the tracks had already: the same officer and time.
    duplicadas: usize,
    /// Of these, how many were measured ahead of our clock and count as measured now.
    ajustadas: usize,
    /// Of these, the ones that were held back: they are in the track, and are not the officer's place.
    retenidas: Vec<ReportResultOut>,
    /// Reports that were not taken. Sent again, they are refused again.
    rechazadas: Vec<ReportResultOut>,
    /// Officers whose device has a wrong clock.
    relojes: Vec<DeviceClockOut>,
}

/// One element of a batch.
#[derive(Serialize, ToSchema)]
pub struct ReportResultOut {
    /// Its index in the request, from 0.
    indice: usize,
    /// Held back: `coordenadas_nulas`, `velocidad_imposible`. Refused: `formato_invalido`, `fuera_de_rango`,
    /// `efectivo_desconocido`, `sin_permiso`, `medida_futura`, `medida_antigua`.
    codigo: &'static str,
    /// The field that is wrong, if it is one.
    campo: Option<String>,
    /// The same for people.
    texto: &'static str,
}

/// A device whose clock is wrong by the same time in several reports.
#[derive(Serialize, ToSchema)]
pub struct DeviceClockOut {
    efectivo_id: i64,
    /// Seconds by which the device's clock is ahead; negative when it is behind.
    desfase_s: i64,
    /// The same for people.
    texto: String,
}

/// What is odd about an officer's device.
#[derive(Serialize, ToSchema)]
pub struct DeviceOut {
    /// Why the newest report was held back: `coordenadas_nulas` or `velocidad_imposible`; absent where it was
    /// not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    posicion_dudosa: Option<Doubt>,
    /// When that report was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    dudosa_medida_en: Option<DateTime<Utc>>,
    /// Seconds by which the device's clock is ahead, negative when it is behind; absent where it is right.
    #[serde(skip_serializing_if = "Option::is_none")]
    desfase_reloj_s: Option<i64>,
}

impl DeviceOut {
    /// The part of an `ETag` that changes with this; `None` where nothing is odd.
    pub fn mark(&self) -> Option<String> {
        let Self { posicion_dudosa, dudosa_medida_en, desfase_reloj_s } = self;
        if posicion_dudosa.is_none() && dudosa_medida_en.is_none() && desfase_reloj_s.is_none() {
            return None;
        }
        let doubt = posicion_dudosa.map_or("", Doubt::as_str);
        let measured = dudosa_medida_en.map(|at| at.timestamp_micros().to_string()).unwrap_or_default();
        let offset = desfase_reloj_s.map(|offset| offset.to_string()).unwrap_or_default();
        Some(format!("{doubt}.{measured}.{offset}"))
    }
}

impl From<DeviceWatch> for DeviceOut {
    fn from(watch: DeviceWatch) -> Self {
        let (posicion_dudosa, desfase_reloj_s) = watch.remarks();
        let dudosa_medida_en = watch.held.map(|held| held.position.measured_at);
        Self { posicion_dudosa, dudosa_medida_en, desfase_reloj_s }
    }
}

impl PositionsOut {
    /// Of what the use case answered, and of elements that could not be read.
    pub fn new(outcome: ReportOutcome, unreadable: Vec<(usize, FieldFault)>) -> Self {
        let refused = outcome.refused.iter().map(|(indice, why)| ReportResultOut {
            indice: *indice,
            codigo: why.as_str(),
            campo: wrong_field(*why).map(str::to_owned),
            texto: why_refused(*why),
        });
        let mut rechazadas: Vec<_> = refused.chain(unreadable.into_iter().map(unreadable_out)).collect();
        rechazadas.sort_by_key(|element| element.indice);
        let held = |(indice, doubt): (usize, Doubt)| ReportResultOut {
            indice,
            codigo: doubt.as_str(),
            campo: None,
            texto: why_held(doubt),
        };
        let clock = |(officer, desfase_s): (domain::OfficerId, i64)| DeviceClockOut {
            efectivo_id: officer.0,
            desfase_s,
            texto: clock_text(desfase_s),
        };
        Self {
            recibidas: outcome.taken,
            guardadas: outcome.added,
            duplicadas: outcome.taken.saturating_sub(outcome.added),
            ajustadas: outcome.adjusted,
            retenidas: outcome.held.into_iter().map(held).collect(),
            rechazadas,
            relojes: outcome.clocks.into_iter().map(clock).collect(),
        }
    }
}

fn unreadable_out((indice, fault): (usize, FieldFault)) -> ReportResultOut {
    let campo = fault.way.first().and_then(|field| field.as_str()).map(str::to_owned);
    let is_number = campo.as_deref().is_none_or(|field| field != "medida_en");
    let why =
        if fault.kind == "value_error" && is_number { ReportRefusal::OutOfRange } else { ReportRefusal::Malformed };
    ReportResultOut { indice, codigo: why.as_str(), campo, texto: why_refused(why) }
}

fn wrong_field(why: ReportRefusal) -> Option<&'static str> {
    match why {
        ReportRefusal::UnknownOfficer | ReportRefusal::NotYours => Some("efectivo_id"),
        ReportRefusal::InFuture | ReportRefusal::TooOld => Some("medida_en"),
        ReportRefusal::OutOfRange => Some("precision_m"),
        ReportRefusal::Malformed => None,
    }
}

fn why_refused(why: ReportRefusal) -> &'static str {
    match why {
        ReportRefusal::Malformed => "El elemento no tiene la forma esperada",
        ReportRefusal::OutOfRange => "Un valor está fuera de los límites",
        ReportRefusal::UnknownOfficer => "El efectivo no existe",
        ReportRefusal::NotYours => "Solo puede informar su propia posición",
        ReportRefusal::InFuture => "La hora de medición está más de 2 minutos adelantada: revise el reloj del equipo",
        ReportRefusal::TooOld => "La medición tiene más de 90 días",
    }
}

fn why_held(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::NullIsland => "Las coordenadas 0, 0 indican un equipo sin señal: no se toma como lugar actual",
        Doubt::ImpossibleSpeed => {
            "El salto desde la posición anterior es imposible: no se toma como lugar actual hasta que otra medición lo confirme"
        }
    }
}

fn clock_text(offset_s: i64) -> String {
    let (minutes, seconds) = (offset_s.abs() / 60, offset_s.abs() % 60);
    let way = if offset_s > 0 { "adelantado" } else { "atrasado" };
    format!("El reloj del equipo está {way} {minutes} min {seconds} s: corríjalo")
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use domain::position::{ClockLag, HeldBack};
    use domain::{OfficerId, Point, Position};

    use super::*;

    fn held(doubt: Doubt, at: DateTime<Utc>) -> HeldBack {
        let point = Point::new(1.0, 2.0).unwrap();
        let officer = OfficerId(1);
        let position =
            Position { officer, point, accuracy_m: None, measured_at: at, received_at: at, reported_by: None };
        HeldBack { doubt, position }
    }

    #[test]
    fn the_mark_changes_with_each_field() {
        let at = DateTime::from_timestamp(1_760_000_000, 0).unwrap();
        let later = at + TimeDelta::microseconds(1);
        let clock = |s| Some(ClockLag { min_s: s, max_s: s, reports: 9, measured_at: at });
        let watches = [
            DeviceWatch { held: Some(held(Doubt::NullIsland, at)), clock: None },
            DeviceWatch { held: Some(held(Doubt::NullIsland, later)), clock: None },
            DeviceWatch { held: Some(held(Doubt::ImpossibleSpeed, later)), clock: None },
            DeviceWatch { held: Some(held(Doubt::ImpossibleSpeed, later)), clock: clock(1200) },
            DeviceWatch { held: Some(held(Doubt::ImpossibleSpeed, later)), clock: clock(-1200) },
            DeviceWatch { held: None, clock: clock(1200) },
        ];
        let marks: std::collections::BTreeSet<String> =
            watches.into_iter().filter_map(|watch| DeviceOut::from(watch).mark()).collect();
        assert_eq!(marks.len(), watches.len(), "{marks:?}");
        assert_eq!(DeviceOut::from(DeviceWatch::default()).mark(), None);
    }
}
