//! `usuarios` of the large shapes.

use anyhow::Result;
use domain::personal::{Dni, Email};
use domain::user::Lockout;
use domain::{TelegramId, User, UserId};
use store::import::Imported;

use super::record::Stop;
use super::row::{Problem, Row};
use super::{Run, label};

const TABLE: &str = "usuarios";

/// Brings the users in, with their passwords' hashes as they are.
pub async fn import(run: &mut Run) -> Result<()> {
    let mut walk = run.walk(TABLE, "");
    loop {
        let rows = run.source.next(&mut walk).await?;
        if rows.is_empty() {
            return run.end_table(TABLE).await;
        }
        for mut row in rows {
            let outcome = bring(run, &mut row).await;
            run.settle(TABLE, row, outcome)?;
        }
        run.record.end_batch().await?;
    }
}

async fn bring(run: &mut Run, row: &mut Row) -> Result<Imported, Stop> {
    let user = read(row)?;
    let imported = run.record.user(&user, Some(&row.text("hashed_password")?)).await?;
    run.known.users.insert(user.id.0);
    if user.deleted_at.is_none() {
        let forms = [("dni", user.dni.as_ref().map(Dni::folded)), ("email", user.email.as_ref().map(Email::folded))];
        for (field, form) in forms {
            let repeated = form.and_then(|form| run.known.repeated(field, form, user.id.0));
            row.notes.extend(repeated);
        }
    }
    Ok(imported)
}

fn read(row: &mut Row) -> Result<User, Problem> {
    let failures = row.maybe_int("intentos_fallidos")?.unwrap_or(0);
    let failures = i32::try_from(failures).ok().filter(|failures| *failures >= 0);
    let failures = failures.ok_or_else(|| Problem::new("intentos_fallidos", "is negative or too great"))?;
    // The schema written by hand calls it metadata.
    let extra = match row.maybe_object("extra_data")? {
        Some(extra) => extra,
        None => row.object("metadata")?,
    };
    Ok(User {
        id: UserId(row.id),
        uuid: row.uuid("uuid")?,
        dni: Some(row.checked("dni")?),
        given_name: row.checked("nombre")?,
        family_name: Some(row.checked("apellido")?),
        email: Some(row.checked("email")?),
        phone: row.maybe_checked("telefono")?,
        telegram: row.maybe_int("telegram_id")?.map(TelegramId),
        level: row.word("nivel", label::level)?,
        verified: row.flag("verificado")?,
        last_access: row.maybe_time("ultimo_acceso")?,
        lockout: Lockout { failures, until: row.maybe_time("bloqueado_hasta")? },
        extra,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        deleted_at: row.maybe_time("deleted_at")?,
        version: 1,
    })
}
