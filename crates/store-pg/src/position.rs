//! `posiciones_actuales` and `posiciones`.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::position::{DeviceWatch, Doubt, TrackPoint};
use domain::{OfficerId, Position, Time, UserId};
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use store::Result;
use store::position::{NewPosition, PositionRepo, Reporter, Stored, TrackSpan};

use crate::officer::numbers;
use crate::row::Fields;
use crate::statement::sql;
use crate::tx::PgTx;

/// Reads a row with the columns of either table.
pub(crate) fn position(row: &PgRow) -> Result<Position> {
    let fields = Fields::of("posiciones", row);
    Ok(Position {
        officer: OfficerId(fields.get("efectivo_id")?),
        point: fields.point("lat", "lon")?,
        accuracy_m: fields.get("precision_m")?,
        measured_at: fields.get("medida_en")?,
        received_at: fields.get("recibida_en")?,
        reported_by: None,
    })
}

/// The same of a track, with who reported it and why it was held back.
fn tracked(row: &PgRow) -> Result<TrackPoint> {
    let fields = Fields::of("posiciones", row);
    let reporter: Option<i64> = fields.get("reportada_por")?;
    let position = Position { reported_by: reporter.map(UserId), ..position(row)? };
    Ok(TrackPoint { position, doubt: fields.maybe_word("dudosa")? })
}

fn watched(row: &PgRow) -> Result<DeviceWatch> {
    let known: Option<Json<DeviceWatch>> = Fields::of("dispositivos_observados", row).get("datos")?;
    Ok(known.map(|json| json.0).unwrap_or_default())
}

#[async_trait]
impl PositionRepo for PgTx {
    // In order of officer, so that two batches never wait for each other.
    async fn store(&mut self, reports: &[NewPosition]) -> Result<Stored> {
        const SQL: &str = "WITH nueva AS (SELECT * FROM unnest($1::bigint[], $2::float8[], $3::float8[], $4::float8[], \
            $5::timestamptz[], $6::timestamptz[], $7::bigint[], $8::text[], $9::boolean[]) WITH ORDINALITY \
            AS n (efectivo_id, lat, lon, precision_m, medida_en, recibida_en, reportada_por, dudosa, actual, orden)), \
            recorrido AS (INSERT INTO posiciones \
            (efectivo_id, lat, lon, precision_m, medida_en, recibida_en, reportada_por, dudosa) \
            SELECT efectivo_id, lat, lon, precision_m, medida_en, recibida_en, reportada_por, dudosa FROM nueva \
            ORDER BY efectivo_id, medida_en, orden ON CONFLICT DO NOTHING RETURNING 1), \
            movida AS (INSERT INTO posiciones_actuales AS p (efectivo_id, lat, lon, precision_m, medida_en, recibida_en) \
            SELECT DISTINCT ON (efectivo_id) efectivo_id, lat, lon, precision_m, medida_en, recibida_en FROM nueva \
            WHERE actual ORDER BY efectivo_id, medida_en DESC, orden \
            ON CONFLICT (efectivo_id) DO UPDATE SET lat = excluded.lat, lon = excluded.lon, \
            precision_m = excluded.precision_m, medida_en = excluded.medida_en, recibida_en = excluded.recibida_en \
            WHERE p.medida_en < excluded.medida_en RETURNING efectivo_id) \
            SELECT (SELECT count(*) FROM recorrido) AS agregadas, \
            ARRAY(SELECT efectivo_id FROM movida ORDER BY efectivo_id) AS movidas";
        if reports.is_empty() {
            return Ok(Stored::default());
        }
        let positions = || reports.iter().map(|report| &report.position);
        let column = |value: fn(&Position) -> f64| positions().map(value).collect::<Vec<f64>>();
        let time = |value: fn(&Position) -> Time| positions().map(value).collect::<Vec<Time>>();
        let doubt = |report: &NewPosition| report.doubt.map(Doubt::as_str);
        let statement = sql(SQL)
            .bind(positions().map(|position| position.officer.0).collect::<Vec<i64>>())
            .bind(column(|position| position.point.lat()))
            .bind(column(|position| position.point.lng()))
            .bind(positions().map(|position| position.accuracy_m).collect::<Vec<Option<f64>>>())
            .bind(time(|position| position.measured_at))
            .bind(time(|position| position.received_at))
            .bind(positions().map(|position| position.reported_by.map(|user| user.0)).collect::<Vec<Option<i64>>>())
            .bind(reports.iter().map(doubt).collect::<Vec<Option<&str>>>())
            .bind(reports.iter().map(|report| report.may_be_last).collect::<Vec<bool>>());
        let row = self.only(statement).await?;
        let fields = Fields::of("posiciones", &row);
        let (added, moved): (i64, Vec<i64>) = (fields.get("agregadas")?, fields.get("movidas")?);
        Ok(Stored { added: added.unsigned_abs(), moved: moved.into_iter().map(OfficerId).collect() })
    }

    async fn reporters(&mut self, officers: &[OfficerId]) -> Result<Vec<Reporter>> {
        const SQL: &str = "SELECT e.id, p.efectivo_id, p.lat, p.lon, p.precision_m, p.medida_en, p.recibida_en, d.datos \
            FROM efectivos e LEFT JOIN posiciones_actuales p ON p.efectivo_id = e.id \
            LEFT JOIN dispositivos_observados d ON d.efectivo_id = e.id \
            WHERE e.id = ANY($1) AND e.deleted_at IS NULL ORDER BY e.id";
        let rows = self.all(sql(SQL).bind(numbers(officers))).await?;
        let reporter = |row: &PgRow| {
            let fields = Fields::of("efectivos", row);
            let known: Option<i64> = fields.get("efectivo_id")?;
            let last = known.map(|_| position(row)).transpose()?;
            Ok(Reporter { officer: OfficerId(fields.get("id")?), last, watch: watched(row)? })
        };
        rows.iter().map(reporter).collect()
    }

    async fn watches(&mut self, officers: &[OfficerId]) -> Result<BTreeMap<OfficerId, DeviceWatch>> {
        const SQL: &str = "SELECT efectivo_id, datos FROM dispositivos_observados WHERE efectivo_id = ANY($1)";
        let rows = self.all(sql(SQL).bind(numbers(officers))).await?;
        let of_officer = |row: &PgRow| {
            Ok((OfficerId(Fields::of("dispositivos_observados", row).get("efectivo_id")?), watched(row)?))
        };
        rows.iter().map(of_officer).collect()
    }

    // All are written in order of officer, so that two batches never wait for each other; rows that say
    // nothing are deleted when the others are held.
    async fn set_watches(&mut self, watches: &[(OfficerId, DeviceWatch)]) -> Result<()> {
        const SET: &str = "INSERT INTO dispositivos_observados (efectivo_id, datos) \
            SELECT e, d FROM unnest($1::bigint[], $2::jsonb[]) AS n (e, d) ORDER BY e \
            ON CONFLICT (efectivo_id) DO UPDATE SET datos = excluded.datos";
        const REMOVE: &str = "DELETE FROM dispositivos_observados WHERE efectivo_id = ANY($1)";
        if watches.is_empty() {
            return Ok(());
        }
        let officers: Vec<i64> = watches.iter().map(|(officer, _)| officer.0).collect();
        let known: Vec<Json<DeviceWatch>> = watches.iter().map(|(_, watch)| Json(*watch)).collect();
        self.change(sql(SET).bind(officers).bind(known)).await?;
        let is_nothing = |(_, watch): &&(OfficerId, DeviceWatch)| *watch == DeviceWatch::default();
        let right: Vec<i64> = watches.iter().filter(is_nothing).map(|(officer, _)| officer.0).collect();
        if !right.is_empty() {
            self.change(sql(REMOVE).bind(right)).await?;
        }
        Ok(())
    }

    async fn last(&mut self, officer: OfficerId) -> Result<Option<Position>> {
        const SQL: &str = "SELECT efectivo_id, lat, lon, precision_m, medida_en, recibida_en \
            FROM posiciones_actuales WHERE efectivo_id = $1";
        self.first(sql(SQL).bind(officer.0)).await?.as_ref().map(position).transpose()
    }

    async fn count(&mut self, officer: OfficerId, from: Time, to: Time) -> Result<u64> {
        const SQL: &str = "SELECT count(*) AS n FROM posiciones \
            WHERE efectivo_id = $1 AND medida_en >= $2 AND medida_en < $3";
        let row = self.only(sql(SQL).bind(officer.0).bind(from).bind(to)).await?;
        let count: i64 = Fields::of("posiciones", &row).get("n")?;
        Ok(count.unsigned_abs())
    }

    async fn track(&mut self, officer: OfficerId, span: TrackSpan) -> Result<Vec<TrackPoint>> {
        const ALL: &str = "SELECT efectivo_id, lat, lon, precision_m, medida_en, recibida_en, reportada_por, dudosa \
            FROM posiciones WHERE efectivo_id = $1 AND medida_en >= $2 AND medida_en < $3 \
            ORDER BY medida_en DESC LIMIT $4";
        const SOME: &str = "SELECT efectivo_id, lat, lon, precision_m, medida_en, recibida_en, reportada_por, dudosa \
            FROM (SELECT *, row_number() OVER (ORDER BY medida_en DESC) AS orden FROM posiciones \
            WHERE efectivo_id = $1 AND medida_en >= $2 AND medida_en < $3) t WHERE (orden - 1) % $5 = 0 \
            ORDER BY medida_en DESC LIMIT $4";
        let statement = sql(if span.every > 1 { SOME } else { ALL });
        let statement = statement.bind(officer.0).bind(span.from).bind(span.to).bind(i64::from(span.limit));
        let every = i64::try_from(span.every).unwrap_or(i64::MAX);
        let statement = if span.every > 1 { statement.bind(every) } else { statement };
        let mut track: Vec<TrackPoint> = self.all(statement).await?.iter().map(tracked).collect::<Result<_>>()?;
        track.reverse();
        Ok(track)
    }
}
