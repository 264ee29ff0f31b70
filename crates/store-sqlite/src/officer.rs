//! `efectivos`.

use async_trait::async_trait;
use domain::officer::NewOfficer;
use domain::{Officer, OfficerId, Text, UserId, identity};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};
use store::officer::{OfficerFilter, OfficerRepo};
use store::{Error, Page, Result, Rule};

use crate::error::from_sqlx;
use crate::page::{numbers, push_any, push_page};
use crate::row::{Fields, json, micros};
use crate::tx::SqliteTx;

/// What [`officer`] reads of `efectivos e JOIN usuarios u`.
macro_rules! officer_columns {
    () => {
        "e.id, e.uuid, e.usuario_id, u.nombre, u.apellido, e.codigo_interno, e.rango, e.unidad, e.especialidad, \
         e.estado_disponibilidad, e.ultima_actualizacion_estado, e.metadata, e.created_at, e.updated_at, \
         e.deleted_at, e.version"
    };
}
pub(crate) use officer_columns;

macro_rules! select {
    ($where:literal) => {
        concat!(
            "SELECT ",
            officer_columns!(),
            " FROM efectivos e JOIN usuarios u ON u.id = e.usuario_id WHERE e.deleted_at IS NULL",
            $where
        )
    };
}

/// Reads a row of `officer_columns!`.
pub(crate) fn officer(row: &SqliteRow) -> Result<Officer> {
    let fields = Fields::of("efectivos", row);
    Ok(Officer {
        id: OfficerId(fields.get("id")?),
        uuid: fields.get("uuid")?,
        user: UserId(fields.get("usuario_id")?),
        given_name: fields.text("nombre")?,
        family_name: fields.maybe_text("apellido")?,
        internal_code: fields.text("codigo_interno")?,
        rank: fields.maybe_text("rango")?,
        unit: fields.maybe_text("unidad")?,
        specialty: fields.maybe_text("especialidad")?,
        availability: fields.word("estado_disponibilidad")?,
        availability_since: fields.time("ultima_actualizacion_estado")?,
        metadata: fields.json("metadata")?,
        created_at: fields.time("created_at")?,
        updated_at: fields.time("updated_at")?,
        deleted_at: fields.maybe_time("deleted_at")?,
        version: fields.get("version")?,
    })
}

/// An officer, deleted or not.
pub(crate) const ANY: &str =
    concat!("SELECT ", officer_columns!(), " FROM efectivos e JOIN usuarios u ON u.id = e.usuario_id WHERE e.id = ?");

const INSERT: &str = "INSERT INTO efectivos (id, uuid, usuario_id, codigo_interno, rango, unidad, especialidad, \
     estado_disponibilidad, ultima_actualizacion_estado, metadata, created_at, updated_at, deleted_at, version, \
     codigo_plegado, unidad_plegada, codigo_repetido) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, \
     ?1 IS NOT NULL AND EXISTS (SELECT 1 FROM efectivos v WHERE v.codigo_plegado = ?15 AND v.codigo_interno <> ?4 \
     AND v.deleted_at IS NULL AND v.codigo_repetido = 0))";

impl SqliteTx {
    /// Adds an officer under its number, for an import; an internal code that another officer has in another
    /// writing is marked as repeated.
    pub(crate) async fn insert_officer(&mut self, officer: &Officer) -> Result<()> {
        let statement = sqlx::query(INSERT)
            .bind(officer.id.0)
            .bind(officer.uuid)
            .bind(officer.user.0)
            .bind(officer.internal_code.as_str())
            .bind(officer.rank.as_ref().map(Text::as_str))
            .bind(officer.unit.as_ref().map(Text::as_str))
            .bind(officer.specialty.as_ref().map(Text::as_str))
            .bind(officer.availability.as_str())
            .bind(micros(officer.availability_since))
            .bind(json(&officer.metadata)?)
            .bind(micros(officer.created_at))
            .bind(micros(officer.updated_at))
            .bind(officer.deleted_at.map(micros))
            .bind(officer.version)
            .bind(identity::code(officer.internal_code.as_str()))
            .bind(officer.unit.as_ref().map(|unit| identity::unit(unit.as_str())));
        self.run_naming(statement, Rule::UnknownUser).await?;
        Ok(())
    }
}

fn push_filter(query: &mut QueryBuilder<Sqlite>, filter: &OfficerFilter) {
    push_any(query, "e.estado_disponibilidad", &filter.availability, |it| it.as_str().into());
    if let Some(unit) = &filter.unit {
        query.push(" AND e.unidad_plegada = ").push_bind(identity::unit(unit));
    }
}

#[async_trait]
impl OfficerRepo for SqliteTx {
    async fn by_id(&mut self, id: OfficerId) -> Result<Option<Officer>> {
        let row = self.first(sqlx::query(select!(" AND e.id = ?")).bind(id.0)).await?;
        row.as_ref().map(officer).transpose()
    }

    async fn by_user(&mut self, user: UserId) -> Result<Option<Officer>> {
        let row = self.first(sqlx::query(select!(" AND e.usuario_id = ?")).bind(user.0)).await?;
        row.as_ref().map(officer).transpose()
    }

    // Only one transaction writes at a time, so whatever it reads is locked.
    async fn lock(&mut self, ids: &[OfficerId]) -> Result<Vec<Officer>> {
        const SQL: &str = select!(" AND e.id IN (SELECT value FROM json_each(?)) ORDER BY e.id");
        self.rows(sqlx::query(SQL).bind(numbers(ids)?)).await?.iter().map(officer).collect()
    }

    async fn try_lock(&mut self, id: OfficerId) -> Result<Option<Officer>> {
        OfficerRepo::by_id(self, id).await
    }

    async fn list(&mut self, filter: &OfficerFilter, page: Page) -> Result<Vec<Officer>> {
        let mut query = QueryBuilder::new(select!(""));
        push_filter(&mut query, filter);
        push_page(&mut query, "e.id", page);
        self.rows(query.build()).await?.iter().map(officer).collect()
    }

    async fn count(&mut self, filter: &OfficerFilter) -> Result<u64> {
        let mut query = QueryBuilder::new("SELECT count(*) FROM efectivos e WHERE e.deleted_at IS NULL");
        push_filter(&mut query, filter);
        let count: i64 = self.only(query.build()).await?.try_get(0).map_err(from_sqlx)?;
        Ok(count.unsigned_abs())
    }

    async fn insert(&mut self, new: &NewOfficer) -> Result<Officer> {
        let statement = sqlx::query(INSERT)
            .bind(None::<i64>)
            .bind(new.uuid)
            .bind(new.user.0)
            .bind(new.internal_code.as_str())
            .bind(new.rank.as_ref().map(Text::as_str))
            .bind(new.unit.as_ref().map(Text::as_str))
            .bind(new.specialty.as_ref().map(Text::as_str))
            .bind(new.availability.as_str())
            .bind(micros(new.created_at))
            .bind(json(&new.metadata)?)
            .bind(micros(new.created_at))
            .bind(micros(new.created_at))
            .bind(None::<i64>)
            .bind(1_i64)
            .bind(identity::code(new.internal_code.as_str()))
            .bind(new.unit.as_ref().map(|unit| identity::unit(unit.as_str())));
        let id = self.run_naming(statement, Rule::UnknownUser).await?.last_insert_rowid();
        // Read back for the names, which are the user's.
        officer(&self.only(sqlx::query(select!(" AND e.id = ?")).bind(id)).await?)
    }

    async fn save(&mut self, officer: &Officer) -> Result<i64> {
        let statement = sqlx::query(
            "UPDATE efectivos SET usuario_id = ?1, codigo_interno = ?2, rango = ?3, unidad = ?4, especialidad = ?5, \
             estado_disponibilidad = ?6, ultima_actualizacion_estado = ?7, metadata = ?8, updated_at = ?9, \
             deleted_at = ?10, version = version + 1, codigo_plegado = ?13, unidad_plegada = ?14, \
             codigo_repetido = codigo_repetido AND codigo_plegado IS ?13 WHERE id = ?11 AND version = ?12",
        )
        .bind(officer.user.0)
        .bind(officer.internal_code.as_str())
        .bind(officer.rank.as_ref().map(Text::as_str))
        .bind(officer.unit.as_ref().map(Text::as_str))
        .bind(officer.specialty.as_ref().map(Text::as_str))
        .bind(officer.availability.as_str())
        .bind(micros(officer.availability_since))
        .bind(json(&officer.metadata)?)
        .bind(micros(officer.updated_at))
        .bind(officer.deleted_at.map(micros))
        .bind(officer.id.0)
        .bind(officer.version)
        .bind(identity::code(officer.internal_code.as_str()))
        .bind(officer.unit.as_ref().map(|unit| identity::unit(unit.as_str())));
        match self.run_naming(statement, Rule::UnknownUser).await?.rows_affected() {
            0 => Err(Error::Stale),
            _ => Ok(officer.version + 1),
        }
    }

    async fn on_task(&mut self, ids: &[OfficerId]) -> Result<Vec<OfficerId>> {
        let statement = sqlx::query(
            "SELECT DISTINCT te.efectivo_id FROM json_each(?) j \
             JOIN tarea_efectivos te ON te.efectivo_id = j.value JOIN tareas t ON t.id = te.tarea_id \
             WHERE t.estado IN ('en_curso', 'pausada') AND t.deleted_at IS NULL ORDER BY te.efectivo_id",
        )
        .bind(numbers(ids)?);
        self.rows(statement).await?.iter().map(|row| row.try_get(0).map(OfficerId).map_err(from_sqlx)).collect()
    }
}
