//! Positions of officers: the last one of each, and their tracks.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::position::{DeviceWatch, Doubt, TrackPoint, newest_of_each};
use domain::{OfficerId, Position, Time, UserId};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Sqlite};
use store::position::{NewPosition, PositionRepo, Reporter, Stored, TrackSpan};
use store::{Result, Rule};

use crate::page::numbers;
use crate::row::{Fields, json, micros};
use crate::tx::SqliteTx;

fn position(row: &SqliteRow) -> Result<Position> {
    let fields = Fields::of("posiciones", row);
    Ok(Position {
        officer: OfficerId(fields.get("efectivo_id")?),
        point: fields.point("lat", "lon")?,
        accuracy_m: fields.get("precision_m")?,
        measured_at: fields.time("medida_en")?,
        received_at: fields.time("recibida_en")?,
        reported_by: None,
    })
}

/// Rows of one statement: together they go in more than twice as fast as each by itself. Few sizes,
/// so that a statement for each stays prepared.
const SIZES: [usize; 4] = [64, 16, 4, 1];

/// Cuts `rest` into parts of the sizes above, largest first.
fn parts<T>(mut rest: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = SIZES.into_iter().find(|size| *size <= rest.len())?;
        let (part, tail) = rest.split_at(size);
        rest = tail;
        Some(part)
    })
}

/// The same, with who reported it and why it was held back.
fn tracked(row: &SqliteRow) -> Result<TrackPoint> {
    let fields = Fields::of("posiciones", row);
    let reporter: Option<i64> = fields.get("reportada_por")?;
    let position = Position { reported_by: reporter.map(UserId), ..position(row)? };
    Ok(TrackPoint { position, doubt: fields.maybe_word("dudosa")? })
}

fn push_rows<'p>(query: &mut QueryBuilder<Sqlite>, reports: impl IntoIterator<Item = &'p NewPosition>) {
    query.push_values(reports, |mut row, NewPosition { position, doubt, .. }| {
        row.push_bind(position.officer.0)
            .push_bind(position.point.lat())
            .push_bind(position.point.lng())
            .push_bind(position.accuracy_m)
            .push_bind(micros(position.measured_at))
            .push_bind(micros(position.received_at))
            .push_bind(position.reported_by.map(|user| user.0))
            .push_bind(doubt.map(Doubt::as_str));
    });
}

fn watched(row: &SqliteRow) -> Result<DeviceWatch> {
    Fields::of("dispositivos_observados", row).json("datos")
}

#[async_trait]
impl PositionRepo for SqliteTx {
    async fn store(&mut self, reports: &[NewPosition]) -> Result<Stored> {
        let mut stored = Stored::default();
        for part in parts(reports) {
            let mut query = QueryBuilder::new(
                "INSERT INTO posiciones \
                 (efectivo_id, lat, lon, precision_m, medida_en, recibida_en, reportada_por, dudosa) ",
            );
            push_rows(&mut query, part);
            query.push(" ON CONFLICT (efectivo_id, medida_en) DO NOTHING");
            stored.added += self.run_naming(query.build(), Rule::UnknownOfficer).await?.rows_affected();
        }
        let current = reports.iter().filter(|report| report.may_be_last).map(|report| &report.position);
        let newest: Vec<NewPosition> = newest_of_each(current)
            .into_values()
            .map(|position| NewPosition { position, doubt: None, may_be_last: true })
            .collect();
        for part in parts(&newest) {
            let mut query = QueryBuilder::new(
                "WITH nuevas (efectivo_id, lat, lon, precision_m, medida_en, recibida_en, reportada_por, dudosa) AS (",
            );
            push_rows(&mut query, part);
            // The JOIN drops nobody: the track's foreign key has already refused unknown officers.
            query.push(
                ") INSERT INTO posiciones_actuales \
                 (efectivo_id, lat, lon, precision_m, medida_en, recibida_en, disponible) \
                 SELECT n.efectivo_id, n.lat, n.lon, n.precision_m, n.medida_en, n.recibida_en, \
                 e.estado_disponibilidad = 'disponible' AND e.deleted_at IS NULL AND u.verificado = 1 AND u.deleted_at IS NULL \
                 FROM nuevas n CROSS JOIN efectivos e ON e.id = n.efectivo_id \
                 CROSS JOIN usuarios u ON u.id = e.usuario_id WHERE true \
                 ON CONFLICT (efectivo_id) DO UPDATE SET lat = excluded.lat, lon = excluded.lon, \
                 precision_m = excluded.precision_m, medida_en = excluded.medida_en, \
                 recibida_en = excluded.recibida_en WHERE excluded.medida_en > posiciones_actuales.medida_en \
                 RETURNING efectivo_id",
            );
            for row in &self.rows(query.build()).await? {
                stored.moved.push(OfficerId(Fields::of("posiciones_actuales", row).get("efectivo_id")?));
            }
        }
        stored.moved.sort_unstable();
        Ok(stored)
    }

    async fn reporters(&mut self, officers: &[OfficerId]) -> Result<Vec<Reporter>> {
        const SQL: &str = "SELECT e.id, p.efectivo_id, p.lat, p.lon, p.precision_m, p.medida_en, p.recibida_en, \
            coalesce(d.datos, '{}') AS datos FROM json_each(?) j CROSS JOIN efectivos e ON e.id = j.value \
            LEFT JOIN posiciones_actuales p ON p.efectivo_id = e.id \
            LEFT JOIN dispositivos_observados d ON d.efectivo_id = e.id WHERE e.deleted_at IS NULL ORDER BY e.id";
        let rows = self.rows(sqlx::query(SQL).bind(numbers(officers)?)).await?;
        let reporter = |row: &SqliteRow| {
            let fields = Fields::of("efectivos", row);
            let known: Option<i64> = fields.get("efectivo_id")?;
            let last = known.map(|_| position(row)).transpose()?;
            Ok(Reporter { officer: OfficerId(fields.get("id")?), last, watch: watched(row)? })
        };
        rows.iter().map(reporter).collect()
    }

    async fn watches(&mut self, officers: &[OfficerId]) -> Result<BTreeMap<OfficerId, DeviceWatch>> {
        const SQL: &str = "SELECT efectivo_id, datos FROM dispositivos_observados \
            WHERE efectivo_id IN (SELECT value FROM json_each(?))";
        let rows = self.rows(sqlx::query(SQL).bind(numbers(officers)?)).await?;
        let of_officer = |row: &SqliteRow| {
            Ok((OfficerId(Fields::of("dispositivos_observados", row).get("efectivo_id")?), watched(row)?))
        };
        rows.iter().map(of_officer).collect()
    }

    async fn set_watches(&mut self, watches: &[(OfficerId, DeviceWatch)]) -> Result<()> {
        const SET: &str = "INSERT INTO dispositivos_observados (efectivo_id, datos) \
            SELECT value ->> 0, value -> 1 FROM json_each(?) WHERE true \
            ON CONFLICT (efectivo_id) DO UPDATE SET datos = excluded.datos";
        const REMOVE: &str =
            "DELETE FROM dispositivos_observados WHERE efectivo_id IN (SELECT value FROM json_each(?))";
        let (right, odd): (Vec<_>, Vec<_>) =
            watches.iter().copied().partition(|(_, watch)| *watch == DeviceWatch::default());
        if !odd.is_empty() {
            self.run(sqlx::query(SET).bind(json(&odd)?)).await?;
        }
        if !right.is_empty() {
            let officers: Vec<OfficerId> = right.into_iter().map(|(officer, _)| officer).collect();
            self.run(sqlx::query(REMOVE).bind(numbers(&officers)?)).await?;
        }
        Ok(())
    }

    async fn last(&mut self, officer: OfficerId) -> Result<Option<Position>> {
        let statement = sqlx::query(
            "SELECT efectivo_id, lat, lon, precision_m, medida_en, recibida_en FROM posiciones_actuales \
             WHERE efectivo_id = ?",
        );
        self.first(statement.bind(officer.0)).await?.as_ref().map(position).transpose()
    }

    async fn count(&mut self, officer: OfficerId, from: Time, to: Time) -> Result<u64> {
        const SQL: &str = "SELECT count(*) AS n FROM posiciones \
            WHERE efectivo_id = ? AND medida_en >= ? AND medida_en < ?";
        let row = self.only(sqlx::query(SQL).bind(officer.0).bind(micros(from)).bind(micros(to))).await?;
        let count: i64 = Fields::of("posiciones", &row).get("n")?;
        Ok(count.unsigned_abs())
    }

    async fn track(&mut self, officer: OfficerId, span: TrackSpan) -> Result<Vec<TrackPoint>> {
        const ALL: &str = "SELECT efectivo_id, lat, lon, precision_m, medida_en, recibida_en, reportada_por, dudosa \
            FROM posiciones WHERE efectivo_id = ? AND medida_en >= ? AND medida_en < ? \
            ORDER BY medida_en DESC LIMIT ?";
        const SOME: &str = "SELECT efectivo_id, lat, lon, precision_m, medida_en, recibida_en, reportada_por, dudosa \
            FROM (SELECT *, row_number() OVER (ORDER BY medida_en DESC) AS orden FROM posiciones \
            WHERE efectivo_id = ? AND medida_en >= ? AND medida_en < ?) WHERE (orden - 1) % ? = 0 \
            ORDER BY medida_en DESC LIMIT ?";
        let statement = sqlx::query(if span.every > 1 { SOME } else { ALL });
        let statement = statement.bind(officer.0).bind(micros(span.from)).bind(micros(span.to));
        let statement =
            if span.every > 1 { statement.bind(i64::try_from(span.every).unwrap_or(i64::MAX)) } else { statement };
        let mut track: Vec<TrackPoint> =
            self.rows(statement.bind(span.limit)).await?.iter().map(tracked).collect::<Result<_>>()?;
        track.reverse();
        Ok(track)
    }
}
