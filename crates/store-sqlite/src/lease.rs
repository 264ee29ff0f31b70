//! `arriendos`.

use async_trait::async_trait;
use chrono::TimeDelta;
use domain::Time;
use domain::lease::{Lease, LeaseName};
use serde_json::Value;
use sqlx::sqlite::SqliteRow;
use store::lease::LeaseRepo;
use store::{Error, Result};
use uuid::Uuid;

use crate::row::{Fields, json, micros};
use crate::tx::SqliteTx;

fn lease(row: &SqliteRow) -> Result<Lease> {
    let fields = Fields::of("arriendos", row);
    let datum: Option<&str> = fields.get("dato")?;
    Ok(Lease {
        name: fields.word("nombre")?,
        holder: fields.get("titular")?,
        until: fields.time("vence_en")?,
        datum: datum
            .map(serde_json::from_str)
            .transpose()
            .map_err(|error| Error::unreadable("arriendos", "dato", error))?,
    })
}

#[async_trait]
impl LeaseRepo for SqliteTx {
    async fn acquire(&mut self, name: LeaseName, holder: Uuid, now: Time, lasts: TimeDelta) -> Result<Option<Lease>> {
        const SQL: &str = "INSERT INTO arriendos AS a (nombre, titular, vence_en) VALUES (?1, ?2, ?4) \
            ON CONFLICT (nombre) DO UPDATE SET titular = excluded.titular, vence_en = excluded.vence_en \
            WHERE a.titular IS NULL OR a.titular = excluded.titular OR a.vence_en <= ?3 OR a.vence_en > ?4 \
            RETURNING nombre, titular, vence_en, dato";
        let statement = sqlx::query(SQL).bind(name.as_str()).bind(holder).bind(micros(now)).bind(micros(now + lasts));
        self.first(statement).await?.as_ref().map(lease).transpose()
    }

    async fn is_held(&mut self, name: LeaseName, holder: Uuid, now: Time) -> Result<bool> {
        let statement = sqlx::query("SELECT 1 FROM arriendos WHERE nombre = ? AND titular = ? AND vence_en > ?");
        Ok(self.first(statement.bind(name.as_str()).bind(holder).bind(micros(now))).await?.is_some())
    }

    async fn note(&mut self, name: LeaseName, holder: Uuid, now: Time, datum: &Value) -> Result<bool> {
        let statement = sqlx::query("UPDATE arriendos SET dato = ? WHERE nombre = ? AND titular = ? AND vence_en > ?")
            .bind(json(datum)?)
            .bind(name.as_str())
            .bind(holder)
            .bind(micros(now));
        Ok(self.run(statement).await?.rows_affected() > 0)
    }

    async fn release(&mut self, name: LeaseName, holder: Uuid) -> Result<()> {
        let statement = sqlx::query("UPDATE arriendos SET titular = NULL WHERE nombre = ? AND titular = ?");
        self.run(statement.bind(name.as_str()).bind(holder)).await?;
        Ok(())
    }

    async fn by_name(&mut self, name: LeaseName) -> Result<Option<Lease>> {
        let statement = sqlx::query("SELECT nombre, titular, vence_en, dato FROM arriendos WHERE nombre = ?");
        self.first(statement.bind(name.as_str())).await?.as_ref().map(lease).transpose()
    }
}
