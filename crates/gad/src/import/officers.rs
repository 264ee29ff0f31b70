//! `efectivos` of the large shapes, and their positions.

use anyhow::Result;
use domain::personal::Name;
use domain::{Officer, OfficerId, Point, Position, Time, UserId, identity};
use store::import::Imported;

use super::record::Stop;
use super::row::{Problem, Row};
use super::{Run, label};

const TABLE: &str = "efectivos";
const POSITIONS: &str = "efectivos.geom";

/// Brings the officers in, and where they are.
pub async fn import(run: &mut Run) -> Result<()> {
    let mut walk = run.walk(TABLE, position_columns(run));
    loop {
        let rows = run.source.next(&mut walk).await?;
        if rows.is_empty() {
            return run.end_table(TABLE).await;
        }
        let mut positions = Vec::new();
        for mut row in rows {
            let outcome = bring(run, &mut row).await;
            if run.found.geom {
                positions.extend(position(run, &row, outcome.as_ref().ok()));
            }
            run.settle(TABLE, row, outcome)?;
        }
        record(run, &positions).await?;
        run.record.end_batch().await?;
    }
}

async fn bring(run: &mut Run, row: &mut Row) -> Result<Imported, Stop> {
    let user = row.int("usuario_id")?;
    run.known.check_user("usuario_id", user)?;
    let updated_at = row.time("updated_at")?;
    let officer = Officer {
        id: OfficerId(row.id),
        uuid: row.uuid("uuid")?,
        user: UserId(user),
        given_name: nobody()?,
        family_name: None,
        internal_code: row.checked("codigo_interno")?,
        rank: row.maybe_checked("rango")?,
        unit: row.maybe_checked("unidad")?,
        specialty: row.maybe_checked("especialidad")?,
        availability: row.word("estado_disponibilidad", label::availability)?,
        availability_since: row.maybe_time("ultima_actualizacion_estado")?.unwrap_or(updated_at),
        metadata: row.object("metadata")?,
        created_at: row.time("created_at")?,
        updated_at,
        deleted_at: row.maybe_time("deleted_at")?,
        version: 1,
    };
    let imported = run.record.officer(&officer).await?;
    run.known.officer(&officer, imported);
    if officer.deleted_at.is_none() {
        let form = identity::code(officer.internal_code.as_str());
        row.notes.extend(run.known.repeated("codigo_interno", form, officer.id.0));
    }
    Ok(imported)
}

/// A name for where the user's own is shown: an officer's is joined in, and never written.
pub fn nobody() -> Result<Name, Problem> {
    Name::try_from("sin nombre".to_owned()).map_err(|error| Problem::new("nombre", error.to_string()))
}

/// What a position is read from.
pub fn position_columns(run: &Run) -> &'static str {
    // A column made by hand may be a geometry, of any kind and in any projection.
    const COLUMNS: &str = ", CASE WHEN GeometryType(t.geom::geometry) = 'POINT' THEN ST_Y(t.geom::geometry) END \
        AS geom_lat, CASE WHEN GeometryType(t.geom::geometry) = 'POINT' THEN ST_X(t.geom::geometry) END AS geom_lon, \
        ST_SRID(t.geom::geometry) AS geom_srid";
    if run.found.geom { COLUMNS } else { "" }
}

/// The position of an officer who came in just now; one that cannot be taken is reported.
pub fn position(run: &mut Run, row: &Row, imported: Option<&Imported>) -> Option<Position> {
    let read = match (row.maybe_int("geom_srid"), imported) {
        (Ok(None), _) => return None,
        (_, None) => Err(Problem::new("geom", "the officer is left out")),
        (Err(problem), _) => Err(problem),
        (Ok(Some(srid)), Some(_)) => read_position(row, srid, run.now),
    };
    match read {
        Ok(position) => {
            // Where an officer who was there before is now, the record knows better.
            let imported = imported.copied().unwrap_or(Imported::Present);
            run.report.outcome(POSITIONS, row.id, Ok(imported));
            (imported == Imported::Added).then_some(position)
        }
        Err(problem) => {
            run.report.outcome(POSITIONS, row.id, Err(problem));
            None
        }
    }
}

fn read_position(row: &Row, srid: i64, now: Time) -> Result<Position, Problem> {
    if srid != 4326 && srid != 0 {
        return Err(Problem::new("geom", format!("is in the projection {srid}, not in degrees of WGS 84 (4326)")));
    }
    let (Some(lat), Some(lng)) = (row.maybe_number("geom_lat")?, row.maybe_number("geom_lon")?) else {
        return Err(Problem::new("geom", "is not a point"));
    };
    let point = Point::new(lat, lng).map_err(|error| Problem::new("geom", format!("{} {error}", error.field)))?;
    let measured_at = row
        .maybe_time("ultima_actualizacion_estado")?
        .ok_or_else(|| Problem::new("geom", "has no time: ultima_actualizacion_estado is missing"))?;
    if measured_at > now + domain::position::CLOCK_SKEW {
        return Err(Problem::new("geom", "ultima_actualizacion_estado lies in the future"));
    }
    Ok(Position {
        officer: OfficerId(row.id),
        point,
        accuracy_m: None,
        measured_at,
        received_at: measured_at,
        reported_by: None,
    })
}

/// Writes positions of officers who are there.
pub async fn record(run: &mut Run, positions: &[Position]) -> Result<()> {
    if !positions.is_empty() {
        run.record.tx().await?.positions().record(positions).await?;
    }
    Ok(())
}
