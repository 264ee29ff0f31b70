//! `usuarios` of the large shapes.

use anyhow::Result;
use chrono::NaiveDate;
use domain::personal::{Dni, Email};
use domain::user::Lockout;
use domain::{JsonObject, TelegramId, Time, User, UserId};

use super::record::Stop;
use super::report::Outcome;
use super::row::{Beyond, Problem, Row};
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
        run.end_batch().await?;
    }
}

async fn bring(run: &mut Run, row: &mut Row) -> Result<Outcome, Stop> {
    let user = read(row, run.now)?;
    let hash = row.text("hashed_password")?;
    // Sign-ins of the old system are no changes, and the password goes by itself.
    let source = row.digest(&["hashed_password", "ultimo_acceso", "intentos_fallidos", "updated_at"], "");
    let outcome = run.write_user(&user, Some(&hash), source).await?;
    if user.deleted_at.is_none() {
        let forms = [("dni", user.dni.as_ref().map(Dni::folded)), ("email", user.email.as_ref().map(Email::folded))];
        for (field, form) in forms {
            let repeated = form.and_then(|form| run.known.repeated(field, form, user.id.0));
            row.notes.extend(repeated);
        }
    }
    Ok(outcome)
}

fn read(row: &mut Row, now: Time) -> Result<User, Problem> {
    let (created_at, updated_at) = stamps(row, now)?;
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
        last_access: row.lenient_time("ultimo_acceso"),
        lockout: Lockout { failures: failures(row)?, until: locked_until(row) },
        extra: extra(row),
        created_at,
        updated_at,
        deleted_at: row.deleted_at(updated_at)?,
        version: 1,
    })
}

/// When a row was made and last changed.
pub fn stamps(row: &mut Row, now: Time) -> Result<(Time, Time), Problem> {
    let made = row.maybe_time("created_at").ok().flatten();
    let updated_at = row.stamp("updated_at", made.unwrap_or(now))?;
    Ok((row.stamp("created_at", updated_at)?, updated_at))
}

/// Free data, which the schema written by hand calls metadata.
pub fn extra(row: &mut Row) -> JsonObject {
    match row.lenient_maybe_object("extra_data") {
        Some(extra) => extra,
        None => row.lenient_object("metadata"),
    }
}

fn failures(row: &mut Row) -> Result<i32, Problem> {
    let failures = row.maybe_int("intentos_fallidos")?.unwrap_or(0);
    Ok(i32::try_from(failures).ok().filter(|failures| *failures >= 0).unwrap_or_else(|| {
        row.note("intentos_fallidos", "is negative or too great; taken for 0");
        0
    }))
}

/// Until when the account is locked; one that is locked without end is locked to the end of the year 9999.
fn locked_until(row: &mut Row) -> Option<Time> {
    match row.beyond("bloqueado_hasta") {
        Some(Beyond::Future) => {
            row.note("bloqueado_hasta", "has no end: locked until the end of the year 9999");
            NaiveDate::from_ymd_opt(9999, 12, 31).and_then(|day| day.and_hms_opt(23, 59, 59)).map(|end| end.and_utc())
        }
        Some(Beyond::Past) | None => row.lenient_time("bloqueado_hasta"),
    }
}
