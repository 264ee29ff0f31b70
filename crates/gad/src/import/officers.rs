//! `efectivos` of the large shapes, and their positions.

use anyhow::Result;
use domain::personal::Name;
use domain::{Officer, OfficerId, Point, Position, Time, UserId, identity};

use super::record::Stop;
use super::report::Outcome;
use super::row::{Problem, Row};
use super::users::stamps;
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
            let is_in = outcome.is_ok();
            let row = run.settle(TABLE, row, outcome)?;
            if run.found.geom {
                positions.extend(position(run, &row, is_in).await?);
            }
        }
        record(run, &positions).await?;
        run.end_batch().await?;
    }
}

async fn bring(run: &mut Run, row: &mut Row) -> Result<Outcome, Stop> {
    let user = row.int("usuario_id")?;
    let known = run.known.check_user("usuario_id", user)?;
    let (created_at, updated_at) = stamps(row, run.now)?;
    let mut deleted_at = row.deleted_at(updated_at)?;
    if deleted_at.is_none() && known.deleted_at.is_some() {
        deleted_at = known.deleted_at;
        row.note("deleted_at", format!("usuarios {user} is deleted: deleted with it"));
    }
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
        availability_since: row.lenient_time("ultima_actualizacion_estado").unwrap_or(updated_at),
        metadata: row.lenient_object("metadata"),
        created_at,
        updated_at,
        deleted_at,
        version: 1,
    };
    let deletion = deleted_at.map(|at| at.to_rfc3339()).unwrap_or_default();
    let source = row.digest(&["geom", "geom_lat", "geom_lon", "geom_srid", "updated_at"], &deletion);
    let outcome = run.write_officer(&officer, source).await?;
    if officer.deleted_at.is_none() {
        let form = identity::code(officer.internal_code.as_str());
        row.notes.extend(run.known.repeated("codigo_interno", form, officer.id.0));
    }
    Ok(outcome)
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

/// The position of an officer who is in the record, where it is later than the one there; one that cannot
/// be taken is reported.
pub async fn position(run: &mut Run, row: &Row, is_in: bool) -> Result<Option<Position>> {
    let read = match (row.maybe_int("geom_srid"), is_in) {
        (Ok(None), _) => return Ok(None),
        (_, false) => {
            Err(run.known.check_officer("geom", row.id).err().unwrap_or_else(|| Problem::new("geom", "left out")))
        }
        (Err(problem), _) => Err(problem),
        (Ok(Some(srid)), true) => read_position(row, srid, run.now),
    };
    let read = read.and_then(|position| {
        if run.known.is_deleted_officer(row.id) {
            return Err(Problem::new("geom", "the officer is deleted: no position is kept"));
        }
        Ok(position)
    });
    let position = match read {
        Ok(position) => position,
        Err(problem) => {
            run.report.outcome(POSITIONS, row.id, Err(problem));
            return Ok(None);
        }
    };
    let last = run.record.tx().await?.positions().last(position.officer).await?;
    let is_later = last.is_none_or(|last| last.measured_at < position.measured_at);
    run.report.outcome(POSITIONS, row.id, Ok(if is_later { Outcome::Added } else { Outcome::Present }));
    Ok(is_later.then_some(position))
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
