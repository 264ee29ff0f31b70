//! `gad.efectivos`: the officers, of whom some are no user.

use anyhow::Result;
use domain::officer::InternalCode;
use domain::personal::Dni;
use domain::{JsonObject, Officer, OfficerId, UserId};
use store::import::{Imported, Numbered};

use super::super::officers::{nobody, position, position_columns, record};
use super::super::record::Stop;
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
            if run.found.geom {
                positions.extend(position(run, &row, outcome.as_ref().ok()));
            }
            run.settle(TABLE, row, outcome)?;
        }
        record(run, &positions).await?;
        run.record.end_batch().await?;
    }
}

async fn bring(run: &mut Run, row: &mut Row, users: i64) -> Result<Imported, Stop> {
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
        availability_since: row.maybe_time("ultima_actualizacion_estado")?.unwrap_or(created_at),
        metadata: JsonObject::new(),
        created_at,
        updated_at: created_at,
        deleted_at: None,
        version: 1,
    };
    let there = run.record.uuid_of(Numbered::Officer, row.id).await?;
    if there == Some(uuid) {
        run.known.officer(&officer, Imported::Present);
        return Ok(Imported::Present);
    }
    match linked {
        // The user has a name of its own, which is the one that is shown.
        Some(user) => {
            run.known.check_user("usuario_id", user)?;
            officer.metadata.insert("nombre".to_owned(), row.text("nombre")?.into());
        }
        None => {
            let made_of = uuid_of("usuarios de efectivos", row.id);
            let user = bare(run, row, officer.user.0, made_of, Some(dni))?;
            run.record.user(&user, None).await?;
            row.note("usuario_id", format!("was nobody who signs in: the user {} was made, not verified", user.id));
        }
    }
    let imported = run.record.officer(&officer).await?;
    run.known.officer(&officer, imported);
    Ok(imported)
}
