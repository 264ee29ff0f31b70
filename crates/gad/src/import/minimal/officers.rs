//! `gad.efectivos`: the officers, of whom some are no user.

use anyhow::Result;
use domain::officer::InternalCode;
use domain::personal::Dni;
use domain::{JsonObject, Officer, OfficerId, UserId};

use super::super::officers::{nobody, position, position_columns, record};
use super::super::record::Stop;
use super::super::report::Outcome;
use super::super::row::{Problem, Row};
use super::super::{Run, label};
use super::users::bare;
use super::{made, uuid_of};

const TABLE: &str = "efectivos";

/// Brings the officers in, and makes a user for each who is none.
pub async fn import(run: &mut Run) -> Result<()> {
    // Past the numbers of all old users.
    let users = run.source.highest(run.found.shape.schema(), "usuarios").await?;
    let mut walk = run.walk(TABLE, position_columns(run));
    loop {
        let rows = run.source.next(&mut walk).await?;
        if rows.is_empty() {
            return run.end_table(TABLE).await;
        }
        let mut positions = Vec::new();
        for mut row in rows {
            let outcome = bring(run, &mut row, users).await;
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

async fn bring(run: &mut Run, row: &mut Row, users: i64) -> Result<Outcome, Stop> {
    let uuid = uuid_of(TABLE, row.id);
    let dni: Dni = row.checked("dni")?;
    let created_at = made(row, run.now)?;
    let linked = row.maybe_int("usuario_id")?;
    let code = InternalCode::try_from(format!("EF-{:05}", row.id))
        .map_err(|error| Problem::new("codigo_interno", error.to_string()))?;
    let mut officer = Officer {
        id: OfficerId(row.id),
        uuid,
        user: UserId(linked.unwrap_or(users + row.id)),
        given_name: nobody()?,
        family_name: None,
        internal_code: code,
        rank: None,
        unit: None,
        specialty: row.maybe_checked("especialidad")?,
        availability: row.word("estado_disponibilidad", label::availability)?,
        availability_since: row.lenient_time("ultima_actualizacion_estado").unwrap_or(created_at),
        metadata: JsonObject::new(),
        created_at,
        updated_at: created_at,
        deleted_at: None,
        version: 1,
    };
    if linked.is_none()
        && let Some(stored) = run.record.tx().await?.import().stored_officer(officer.id).await?
        && stored.uuid == uuid
    {
        // The user that an earlier import made, under the number that was free then.
        officer.user = stored.user;
    }
    let source = row.digest(&["geom", "geom_lat", "geom_lon", "geom_srid"], "");
    match linked {
        // The user has a name of its own, which is the one that is shown.
        Some(user) => {
            run.known.check_user("usuario_id", user)?;
            officer.metadata.insert("nombre".to_owned(), row.text("nombre")?.into());
        }
        None => {
            let made_of = uuid_of("usuarios de efectivos", row.id);
            let user = bare(run, row, officer.user.0, made_of, Some(dni))?;
            run.write_user(&user, None, source.clone()).await?;
            row.note("usuario_id", format!("was nobody who signs in: the user {} was made, not verified", user.id));
        }
    }
    run.write_officer(&officer, source).await
}
