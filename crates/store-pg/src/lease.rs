//! `arriendos`.

use async_trait::async_trait;
use chrono::TimeDelta;
use domain::Time;
use domain::lease::{Lease, LeaseName};
use serde_json::Value;
use sqlx::postgres::PgRow;
use store::Result;
use store::lease::LeaseRepo;
use uuid::Uuid;

use crate::row::Fields;
use crate::statement::sql;
use crate::tx::PgTx;

fn lease(row: &PgRow) -> Result<Lease> {
    let fields = Fields::of("arriendos", row);
    Ok(Lease {
        name: fields.word("nombre")?,
        holder: fields.get("titular")?,
        until: fields.get("vence_en")?,
        datum: fields.get("dato")?,
    })
}

#[async_trait]
impl LeaseRepo for PgTx {
    async fn acquire(&mut self, name: LeaseName, holder: Uuid, _now: Time, lasts: TimeDelta) -> Result<Option<Lease>> {
        const SQL: &str = "INSERT INTO arriendos AS a (nombre, titular, vence_en) \
            VALUES ($1, $2, clock_timestamp() + $3::bigint * interval '1 millisecond') \
            ON CONFLICT (nombre) DO UPDATE SET titular = excluded.titular, vence_en = excluded.vence_en \
            WHERE a.titular IS NULL OR a.titular = excluded.titular \
            OR a.vence_en <= clock_timestamp() OR a.vence_en > excluded.vence_en \
            RETURNING nombre, titular, vence_en, dato";
        let statement = sql(SQL).bind(name.as_str()).bind(holder).bind(lasts.num_milliseconds());
        self.first(statement).await?.as_ref().map(lease).transpose()
    }

    async fn is_held(&mut self, name: LeaseName, holder: Uuid, _now: Time) -> Result<bool> {
        const SQL: &str = "SELECT 1 FROM arriendos WHERE nombre = $1 AND titular = $2 AND vence_en > clock_timestamp()";
        Ok(self.first(sql(SQL).bind(name.as_str()).bind(holder)).await?.is_some())
    }

    async fn note(&mut self, name: LeaseName, holder: Uuid, _now: Time, datum: &Value) -> Result<bool> {
        const SQL: &str = "UPDATE arriendos SET dato = $3 \
            WHERE nombre = $1 AND titular = $2 AND vence_en > clock_timestamp()";
        Ok(self.change(sql(SQL).bind(name.as_str()).bind(holder).bind(datum)).await? > 0)
    }

    async fn release(&mut self, name: LeaseName, holder: Uuid) -> Result<()> {
        const SQL: &str = "UPDATE arriendos SET titular = NULL WHERE nombre = $1 AND titular = $2";
        self.change(sql(SQL).bind(name.as_str()).bind(holder)).await?;
        Ok(())
    }

    async fn by_name(&mut self, name: LeaseName) -> Result<Option<Lease>> {
        const SQL: &str = "SELECT nombre, titular, vence_en, dato FROM arriendos WHERE nombre = $1";
        self.first(sql(SQL).bind(name.as_str())).await?.as_ref().map(lease).transpose()
    }
}
