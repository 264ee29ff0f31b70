//! `posiciones_actuales` and `posiciones`.

use async_trait::async_trait;
use domain::{OfficerId, Position, Time, UserId};
use sqlx::postgres::PgRow;
use store::Result;
use store::position::PositionRepo;

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

/// The same of a track, with who reported it.
fn tracked(row: &PgRow) -> Result<Position> {
    let reporter: Option<i64> = Fields::of("posiciones", row).get("reportada_por")?;
    Ok(Position { reported_by: reporter.map(UserId), ..position(row)? })
}

#[async_trait]
impl PositionRepo for PgTx {
    // In order of officer, so that two batches never wait for each other.
    async fn record(&mut self, positions: &[Position]) -> Result<()> {
        const SQL: &str = "WITH nueva AS (SELECT * FROM unnest($1::bigint[], $2::float8[], $3::float8[], $4::float8[], \
            $5::timestamptz[], $6::timestamptz[], $7::bigint[]) WITH ORDINALITY \
            AS n (efectivo_id, lat, lon, precision_m, medida_en, recibida_en, reportada_por, orden)), \
            recorrido AS (INSERT INTO posiciones \
            (efectivo_id, lat, lon, precision_m, medida_en, recibida_en, reportada_por) \
            SELECT efectivo_id, lat, lon, precision_m, medida_en, recibida_en, reportada_por FROM nueva \
            ORDER BY efectivo_id, medida_en, orden ON CONFLICT DO NOTHING) \
            INSERT INTO posiciones_actuales AS p (efectivo_id, lat, lon, precision_m, medida_en, recibida_en) \
            SELECT DISTINCT ON (efectivo_id) efectivo_id, lat, lon, precision_m, medida_en, recibida_en FROM nueva \
            ORDER BY efectivo_id, medida_en DESC, orden \
            ON CONFLICT (efectivo_id) DO UPDATE SET lat = excluded.lat, lon = excluded.lon, \
            precision_m = excluded.precision_m, medida_en = excluded.medida_en, recibida_en = excluded.recibida_en \
            WHERE p.medida_en < excluded.medida_en";
        let column = |value: fn(&Position) -> f64| positions.iter().map(value).collect::<Vec<f64>>();
        let time = |value: fn(&Position) -> Time| positions.iter().map(value).collect::<Vec<Time>>();
        if positions.is_empty() {
            return Ok(());
        }
        let statement = sql(SQL)
            .bind(positions.iter().map(|position| position.officer.0).collect::<Vec<i64>>())
            .bind(column(|position| position.point.lat()))
            .bind(column(|position| position.point.lng()))
            .bind(positions.iter().map(|position| position.accuracy_m).collect::<Vec<Option<f64>>>())
            .bind(time(|position| position.measured_at))
            .bind(time(|position| position.received_at))
            .bind(
                positions.iter().map(|position| position.reported_by.map(|user| user.0)).collect::<Vec<Option<i64>>>(),
            );
        self.change(statement).await?;
        Ok(())
    }

    async fn last(&mut self, officer: OfficerId) -> Result<Option<Position>> {
        const SQL: &str = "SELECT efectivo_id, lat, lon, precision_m, medida_en, recibida_en \
            FROM posiciones_actuales WHERE efectivo_id = $1";
        self.first(sql(SQL).bind(officer.0)).await?.as_ref().map(position).transpose()
    }

    async fn track(&mut self, officer: OfficerId, from: Time, to: Time, limit: u32) -> Result<Vec<Position>> {
        const SQL: &str = "SELECT efectivo_id, lat, lon, precision_m, medida_en, recibida_en, reportada_por \
            FROM posiciones WHERE efectivo_id = $1 AND medida_en >= $2 AND medida_en < $3 ORDER BY medida_en LIMIT $4";
        let statement = sql(SQL).bind(officer.0).bind(from).bind(to).bind(i64::from(limit));
        self.all(statement).await?.iter().map(tracked).collect()
    }
}
