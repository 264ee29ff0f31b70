//! `gad.usuarios`: those who wrote to the bot.

use std::collections::HashMap;

use anyhow::Result;
use domain::personal::Dni;
use domain::user::Lockout;
use domain::{JsonObject, StoredText as _, TelegramId, User, UserId};

use super::super::record::Stop;
use super::super::report::Outcome;
use super::super::row::{Problem, Row};
use super::super::{Run, label};
use super::{made, uuid_of};

const TABLE: &str = "usuarios";

/// Brings the users in, with the DNI of the officer that each is.
pub async fn import(run: &mut Run) -> Result<()> {
    let mut walk = run.walk(TABLE, "");
    loop {
        let rows = run.source.next(&mut walk).await?;
        if rows.is_empty() {
            return run.end_table(TABLE).await;
        }
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let dnis: HashMap<i64, String> =
            run.source.dnis(run.found.shape.schema(), &ids).await?.into_iter().rev().collect();
        for mut row in rows {
            // One that new rows may not have is noted with its officer.
            let dni = dnis
                .get(&row.id)
                .map(|dni| Dni::try_from(dni.clone()).unwrap_or_else(|_| Dni::from_stored(dni.clone())));
            let outcome = bring(run, &mut row, dni).await;
            run.settle(TABLE, row, outcome)?;
        }
        run.end_batch().await?;
    }
}

async fn bring(run: &mut Run, row: &mut Row, dni: Option<Dni>) -> Result<Outcome, Stop> {
    let id = row.id;
    let user = User {
        telegram: row.maybe_int("telegram_id")?.map(TelegramId),
        level: row.word("nivel", label::level)?,
        // Whoever was there could use the bot, and there was nothing else.
        verified: true,
        ..bare(run, row, id, uuid_of(TABLE, id), dni)?
    };
    let source = row.digest(&[], user.dni.as_ref().map(Dni::reveal).unwrap_or_default());
    run.write_user(&user, None, source).await
}

/// A user of whom a row has the name, who cannot sign in anywhere.
pub fn bare(run: &Run, row: &mut Row, id: i64, uuid: uuid::Uuid, dni: Option<Dni>) -> Result<User, Problem> {
    let created_at = made(row, run.now)?;
    Ok(User {
        id: UserId(id),
        uuid,
        dni,
        given_name: row.checked("nombre")?,
        family_name: None,
        email: None,
        phone: None,
        telegram: None,
        level: domain::Level::Officer,
        verified: false,
        last_access: None,
        lockout: Lockout::default(),
        extra: JsonObject::new(),
        created_at,
        updated_at: created_at,
        deleted_at: None,
        version: 1,
    })
}
