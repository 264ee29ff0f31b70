//! Positions of officers: the last one of each, and their tracks.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::{OfficerId, Position, Time, UserId};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Sqlite};
use store::position::PositionRepo;
use store::{Result, Rule};

use crate::row::{Fields, micros};
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

/// The same, with who reported it.
fn tracked(row: &SqliteRow) -> Result<Position> {
    let reporter: Option<i64> = Fields::of("posiciones", row).get("reportada_por")?;
    Ok(Position { reported_by: reporter.map(UserId), ..position(row)? })
}

fn push_rows<'p>(query: &mut QueryBuilder<Sqlite>, positions: impl IntoIterator<Item = &'p Position>) {
    query.push_values(positions, |mut row, position| {
        row.push_bind(position.officer.0)
            .push_bind(position.point.lat())
            .push_bind(position.point.lng())
            .push_bind(position.accuracy_m)
            .push_bind(micros(position.measured_at))
            .push_bind(micros(position.received_at))
            .push_bind(position.reported_by.map(|user| user.0));
    });
}

#[async_trait]
impl PositionRepo for SqliteTx {
    async fn record(&mut self, positions: &[Position]) -> Result<()> {
        for part in parts(positions) {
            let mut query = QueryBuilder::new(
                "INSERT INTO posiciones (efectivo_id, lat, lon, precision_m, medida_en, recibida_en, reportada_por) ",
            );
            push_rows(&mut query, part);
            query.push(" ON CONFLICT (efectivo_id, medida_en) DO NOTHING");
            self.run_naming(query.build(), Rule::UnknownOfficer).await?;
        }
        let mut newest: BTreeMap<OfficerId, Position> = BTreeMap::new();
        for position in positions {
            let kept = newest.entry(position.officer).or_insert(*position);
            if position.measured_at > kept.measured_at {
                *kept = *position;
            }
        }
        let newest: Vec<Position> = newest.into_values().collect();
        for part in parts(&newest) {
            let mut query = QueryBuilder::new(
                "WITH nuevas (efectivo_id, lat, lon, precision_m, medida_en, recibida_en, reportada_por) AS (",
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
                 recibida_en = excluded.recibida_en WHERE excluded.medida_en > posiciones_actuales.medida_en",
            );
            self.run(query.build()).await?;
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

    async fn track(&mut self, officer: OfficerId, from: Time, to: Time, limit: u32) -> Result<Vec<Position>> {
        let statement = sqlx::query(
            "SELECT efectivo_id, lat, lon, precision_m, medida_en, recibida_en, reportada_por FROM posiciones \
             WHERE efectivo_id = ? AND medida_en >= ? AND medida_en < ? ORDER BY medida_en LIMIT ?",
        );
        let statement = statement.bind(officer.0).bind(micros(from)).bind(micros(to)).bind(limit);
        self.rows(statement).await?.iter().map(tracked).collect()
    }
}
