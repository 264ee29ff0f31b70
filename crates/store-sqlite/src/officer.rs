//! `efectivos`.

use async_trait::async_trait;
use domain::officer::NewOfficer;
use domain::{Officer, OfficerId, UserId};
use sqlx::QueryBuilder;
use sqlx::sqlite::SqliteRow;
use store::officer::{OfficerFilter, OfficerRepo};
use store::{Error, Page, Result, Rule};

use crate::error::{foreign_key, timed};
use crate::row::{Fields, json, micros};
use crate::tx::SqliteTx;

/// The columns that [`officer`] reads, from `efectivos e JOIN usuarios u`.
macro_rules! officer_columns {
    () => {
        "e.id, e.uuid, e.usuario_id, u.nombre, u.apellido, e.codigo_interno, e.rango, e.unidad, e.especialidad, \
         e.estado_disponibilidad, e.ultima_actualizacion_estado, e.metadata, e.created_at, e.updated_at, \
         e.deleted_at, e.version"
    };
}
pub(crate) use officer_columns;

macro_rules! select_officer {
    ($where:literal) => {
        concat!(
            "SELECT ",
            officer_columns!(),
            " FROM efectivos e JOIN usuarios u ON u.id = e.usuario_id WHERE e.deleted_at IS NULL AND ",
            $where
        )
    };
}

pub(crate) fn officer(row: &SqliteRow) -> Result<Officer> {
    let fields = Fields::new("efectivos", row);
    Ok(Officer {
        id: OfficerId(fields.get("id")?),
        uuid: fields.get("uuid")?,
        user: UserId(fields.get("usuario_id")?),
        given_name: fields.parse::<String, _>("nombre")?,
        family_name: fields.parse_opt::<String, _>("apellido")?,
        internal_code: fields.parse::<String, _>("codigo_interno")?,
        rank: fields.parse_opt::<String, _>("rango")?,
        unit: fields.parse_opt::<String, _>("unidad")?,
        specialty: fields.parse_opt::<String, _>("especialidad")?,
        availability: fields.word("estado_disponibilidad")?,
        availability_since: fields.time("ultima_actualizacion_estado")?,
        metadata: fields.json("metadata")?,
        created_at: fields.time("created_at")?,
        updated_at: fields.time("updated_at")?,
        deleted_at: fields.time_opt("deleted_at")?,
        version: fields.get("version")?,
    })
}

/// A list of numbers as JSON, for `json_each`.
pub(crate) fn numbers(ids: &[OfficerId]) -> String {
    serde_json::to_string(ids).unwrap_or_else(|_| "[]".to_owned())
}

#[async_trait]
impl OfficerRepo for SqliteTx {
    async fn by_id(&mut self, id: OfficerId) -> Result<Option<Officer>> {
        let query = sqlx::query(select_officer!("e.id = $1")).bind(id.0);
        timed(query.fetch_optional(self.conn())).await?.as_ref().map(officer).transpose()
    }

    async fn by_user(&mut self, user: UserId) -> Result<Option<Officer>> {
        let query = sqlx::query(select_officer!("e.usuario_id = $1")).bind(user.0);
        timed(query.fetch_optional(self.conn())).await?.as_ref().map(officer).transpose()
    }

    async fn lock(&mut self, ids: &[OfficerId]) -> Result<Vec<Officer>> {
        let query =
            sqlx::query(select_officer!("e.id IN (SELECT value FROM json_each($1)) ORDER BY e.id")).bind(numbers(ids));
        timed(query.fetch_all(self.conn())).await?.iter().map(officer).collect()
    }

    async fn try_lock(&mut self, id: OfficerId) -> Result<Option<Officer>> {
        OfficerRepo::by_id(self, id).await
    }

    async fn list(&mut self, filter: &OfficerFilter, page: Page) -> Result<Vec<Officer>> {
        let mut query = QueryBuilder::new(concat!(
            "SELECT ",
            officer_columns!(),
            " FROM efectivos e JOIN usuarios u ON u.id = e.usuario_id WHERE e.deleted_at IS NULL"
        ));
        if !filter.availability.is_empty() {
            query.push(" AND e.estado_disponibilidad IN (");
            let mut words = query.separated(", ");
            for availability in &filter.availability {
                words.push_bind(availability.as_str());
            }
            query.push(")");
        }
        if let Some(unit) = &filter.unit {
            query.push(" AND e.unidad = ").push_bind(unit.clone());
        }
        if let Some(cursor) = page.after {
            query.push(if page.descending { " AND e.id < " } else { " AND e.id > " }).push_bind(cursor.0);
        }
        query.push(if page.descending { " ORDER BY e.id DESC" } else { " ORDER BY e.id" });
        query.push(" LIMIT ").push_bind(page.limit).push(" OFFSET ").push_bind(page.skip);
        timed(query.build().fetch_all(self.conn())).await?.iter().map(officer).collect()
    }

    async fn insert(&mut self, new: &NewOfficer) -> Result<Officer> {
        let query = sqlx::query_scalar(
            "INSERT INTO efectivos (uuid, usuario_id, codigo_interno, rango, unidad, especialidad, \
             estado_disponibilidad, ultima_actualizacion_estado, metadata, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8, $8) RETURNING id",
        )
        .bind(new.uuid)
        .bind(new.user.0)
        .bind(new.internal_code.as_str())
        .bind(new.rank.as_ref().map(|rank| rank.as_str()))
        .bind(new.unit.as_ref().map(|unit| unit.as_str()))
        .bind(new.specialty.as_ref().map(|specialty| specialty.as_str()))
        .bind(new.availability.as_str())
        .bind(micros(new.created_at))
        .bind(json(&new.metadata));
        let id: i64 = timed(query.fetch_one(self.conn())).await.map_err(foreign_key(Rule::UnknownUser))?;
        OfficerRepo::by_id(self, OfficerId(id)).await?.ok_or_else(|| Error::Internal("officer not stored".into()))
    }

    async fn save(&mut self, changed: &Officer) -> Result<i64> {
        let query = sqlx::query_scalar(
            "UPDATE efectivos SET codigo_interno = $3, rango = $4, unidad = $5, especialidad = $6, \
             estado_disponibilidad = $7, ultima_actualizacion_estado = $8, metadata = $9, updated_at = $10, \
             deleted_at = $11, version = version + 1 WHERE id = $1 AND version = $2 RETURNING version",
        )
        .bind(changed.id.0)
        .bind(changed.version)
        .bind(changed.internal_code.as_str())
        .bind(changed.rank.as_ref().map(|rank| rank.as_str()))
        .bind(changed.unit.as_ref().map(|unit| unit.as_str()))
        .bind(changed.specialty.as_ref().map(|specialty| specialty.as_str()))
        .bind(changed.availability.as_str())
        .bind(micros(changed.availability_since))
        .bind(json(&changed.metadata))
        .bind(micros(changed.updated_at))
        .bind(changed.deleted_at.map(micros));
        timed(query.fetch_optional(self.conn())).await?.ok_or(Error::Stale)
    }

    async fn on_task(&mut self, ids: &[OfficerId]) -> Result<Vec<OfficerId>> {
        let query = sqlx::query_scalar(
            "SELECT DISTINCT l.efectivo_id FROM tarea_efectivos l JOIN tareas t ON t.id = l.tarea_id \
             WHERE l.efectivo_id IN (SELECT value FROM json_each($1)) \
             AND t.estado IN ('en_curso', 'pausada') AND t.deleted_at IS NULL ORDER BY 1",
        );
        let rows: Vec<i64> = timed(query.bind(numbers(ids)).fetch_all(self.conn())).await?;
        Ok(rows.into_iter().map(OfficerId).collect())
    }
}
