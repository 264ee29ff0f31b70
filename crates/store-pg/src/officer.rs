//! `efectivos`.

use async_trait::async_trait;
use domain::officer::NewOfficer;
use domain::{Availability, Officer, OfficerId, Text, UserId, identity};
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{Postgres, QueryBuilder};
use store::officer::{OfficerFilter, OfficerRepo};
use store::{Error, Page, Result};

use crate::page::push_page;
use crate::row::Fields;
use crate::statement::{Statement, is_unheard_of, sql};
use crate::tx::PgTx;

/// Columns of `efectivos e` and the names of `usuarios u`. Prefixed, for some queries have
/// positions or tasks beside them.
macro_rules! columns {
    () => {
        "e.id AS e_id, e.uuid AS e_uuid, e.usuario_id AS e_usuario_id, u.nombre AS e_nombre, \
         u.apellido AS e_apellido, e.codigo_interno AS e_codigo_interno, e.rango AS e_rango, e.unidad AS e_unidad, \
         e.especialidad AS e_especialidad, e.estado_disponibilidad AS e_estado, \
         e.ultima_actualizacion_estado AS e_estado_desde, e.metadata AS e_metadata, e.created_at AS e_created_at, \
         e.updated_at AS e_updated_at, e.deleted_at AS e_deleted_at, e.version AS e_version"
    };
}
pub(crate) use columns;

macro_rules! from {
    () => {
        " FROM efectivos e JOIN usuarios u ON u.id = e.usuario_id "
    };
}

/// Reads a row of `columns!`.
pub(crate) fn officer(row: &PgRow) -> Result<Officer> {
    let fields = Fields::of("efectivos", row);
    Ok(Officer {
        id: OfficerId(fields.get("e_id")?),
        uuid: fields.get("e_uuid")?,
        user: UserId(fields.get("e_usuario_id")?),
        given_name: fields.text("e_nombre")?,
        family_name: fields.maybe_text("e_apellido")?,
        internal_code: fields.text("e_codigo_interno")?,
        rank: fields.maybe_text("e_rango")?,
        unit: fields.maybe_text("e_unidad")?,
        specialty: fields.maybe_text("e_especialidad")?,
        availability: fields.word("e_estado")?,
        availability_since: fields.get("e_estado_desde")?,
        metadata: fields.json("e_metadata")?,
        created_at: fields.get("e_created_at")?,
        updated_at: fields.get("e_updated_at")?,
        deleted_at: fields.get("e_deleted_at")?,
        version: fields.get("e_version")?,
    })
}

/// Numbers as a parameter.
pub(crate) fn numbers(ids: &[OfficerId]) -> Vec<i64> {
    ids.iter().map(|id| id.0).collect()
}

/// Adds an officer under its number, unless that is taken. An internal code that another officer has in
/// another writing is marked as repeated.
pub(crate) fn import(officer: &Officer) -> Statement {
    const SQL: &str = "INSERT INTO efectivos (id, uuid, usuario_id, codigo_interno, rango, unidad, especialidad, \
        estado_disponibilidad, ultima_actualizacion_estado, metadata, created_at, updated_at, deleted_at, version, \
        codigo_plegado, unidad_plegada, codigo_repetido) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, \
        EXISTS (SELECT 1 FROM efectivos v WHERE v.codigo_plegado = $15 AND v.codigo_interno <> $4 \
        AND v.deleted_at IS NULL AND NOT v.codigo_repetido)) ON CONFLICT (id) DO NOTHING";
    sql(SQL)
        .bind(officer.id.0)
        .bind(officer.uuid)
        .bind(officer.user.0)
        .bind(officer.internal_code.as_str())
        .bind(officer.rank.as_ref().map(Text::as_str))
        .bind(officer.unit.as_ref().map(Text::as_str))
        .bind(officer.specialty.as_ref().map(Text::as_str))
        .bind(officer.availability.as_str())
        .bind(officer.availability_since)
        .bind(Json(&officer.metadata))
        .bind(officer.created_at)
        .bind(officer.updated_at)
        .bind(officer.deleted_at)
        .bind(officer.version)
        .bind(identity::code(officer.internal_code.as_str()))
        .bind(officer.unit.as_ref().map(|unit| identity::unit(unit.as_str())))
}

fn push_filter(query: &mut QueryBuilder<Postgres>, filter: &OfficerFilter) {
    if !filter.availability.is_empty() {
        let words: Vec<&str> = filter.availability.iter().copied().map(Availability::as_str).collect();
        query.push(" AND e.estado_disponibilidad = ANY(").push_bind(words).push(")");
    }
    if let Some(unit) = &filter.unit {
        query.push(" AND e.unidad_plegada = ").push_bind(identity::unit(unit));
    }
}

/// Reads an officer, deleted or not.
pub(crate) fn any(id: OfficerId) -> Statement {
    const SQL: &str = concat!("SELECT ", columns!(), from!(), "WHERE e.id = $1");
    sql(SQL).bind(id.0)
}

#[async_trait]
impl OfficerRepo for PgTx {
    async fn by_id(&mut self, id: OfficerId) -> Result<Option<Officer>> {
        const SQL: &str = concat!("SELECT ", columns!(), from!(), "WHERE e.id = $1 AND e.deleted_at IS NULL");
        self.first(sql(SQL).bind(id.0)).await?.as_ref().map(officer).transpose()
    }

    async fn by_user(&mut self, user: UserId) -> Result<Option<Officer>> {
        const SQL: &str = concat!("SELECT ", columns!(), from!(), "WHERE e.usuario_id = $1 AND e.deleted_at IS NULL");
        self.first(sql(SQL).bind(user.0)).await?.as_ref().map(officer).transpose()
    }

    // NO KEY: an officer's positions, which refer to the row, go on meanwhile.
    async fn lock(&mut self, ids: &[OfficerId]) -> Result<Vec<Officer>> {
        const SQL: &str = concat!(
            "SELECT ",
            columns!(),
            from!(),
            "WHERE e.id = ANY($1) AND e.deleted_at IS NULL ORDER BY e.id FOR NO KEY UPDATE OF e"
        );
        self.all(sql(SQL).bind(numbers(ids))).await?.iter().map(officer).collect()
    }

    async fn try_lock(&mut self, id: OfficerId) -> Result<Option<Officer>> {
        const SQL: &str = concat!(
            "SELECT ",
            columns!(),
            from!(),
            "WHERE e.id = $1 AND e.deleted_at IS NULL FOR NO KEY UPDATE OF e SKIP LOCKED"
        );
        self.first(sql(SQL).bind(id.0)).await?.as_ref().map(officer).transpose()
    }

    async fn list(&mut self, filter: &OfficerFilter, page: Page) -> Result<Vec<Officer>> {
        if filter.unit.as_deref().is_some_and(is_unheard_of) {
            return Ok(Vec::new());
        }
        let mut query = QueryBuilder::new(concat!("SELECT ", columns!(), from!(), "WHERE e.deleted_at IS NULL"));
        push_filter(&mut query, filter);
        push_page(&mut query, "e.id", page);
        self.all(query.into()).await?.iter().map(officer).collect()
    }

    async fn count(&mut self, filter: &OfficerFilter) -> Result<u64> {
        let mut query = QueryBuilder::new("SELECT count(*) AS n FROM efectivos e WHERE e.deleted_at IS NULL");
        push_filter(&mut query, filter);
        let count: i64 = Fields::of("efectivos", &self.only(query.into()).await?).get("n")?;
        Ok(count.unsigned_abs())
    }

    async fn insert(&mut self, new: &NewOfficer) -> Result<Officer> {
        const SQL: &str = concat!(
            "WITH e AS (INSERT INTO efectivos (uuid, usuario_id, codigo_interno, rango, unidad, especialidad, \
             estado_disponibilidad, ultima_actualizacion_estado, metadata, created_at, updated_at, codigo_plegado, \
             unidad_plegada) VALUES ($1, $2, $3, $4, $5, $6, $7, $9, $8, $9, $9, $10, $11) RETURNING *) \
             SELECT ",
            columns!(),
            " FROM e JOIN usuarios u ON u.id = e.usuario_id"
        );
        let statement = sql(SQL)
            .bind(new.uuid)
            .bind(new.user.0)
            .bind(new.internal_code.as_str())
            .bind(new.rank.as_ref().map(Text::as_str))
            .bind(new.unit.as_ref().map(Text::as_str))
            .bind(new.specialty.as_ref().map(Text::as_str))
            .bind(new.availability.as_str())
            .bind(Json(&new.metadata))
            .bind(new.created_at)
            .bind(identity::code(new.internal_code.as_str()))
            .bind(new.unit.as_ref().map(|unit| identity::unit(unit.as_str())));
        officer(&self.only(statement).await?)
    }

    async fn save(&mut self, officer: &Officer) -> Result<i64> {
        const SQL: &str = "UPDATE efectivos SET usuario_id = $3, codigo_interno = $4, rango = $5, unidad = $6, \
            especialidad = $7, estado_disponibilidad = $8, ultima_actualizacion_estado = $9, metadata = $10, \
            updated_at = $11, deleted_at = $12, version = version + 1, codigo_plegado = $13, unidad_plegada = $14, \
            codigo_repetido = codigo_repetido AND codigo_plegado IS NOT DISTINCT FROM $13 \
            WHERE id = $1 AND version = $2";
        let statement = sql(SQL)
            .bind(officer.id.0)
            .bind(officer.version)
            .bind(officer.user.0)
            .bind(officer.internal_code.as_str())
            .bind(officer.rank.as_ref().map(Text::as_str))
            .bind(officer.unit.as_ref().map(Text::as_str))
            .bind(officer.specialty.as_ref().map(Text::as_str))
            .bind(officer.availability.as_str())
            .bind(officer.availability_since)
            .bind(Json(&officer.metadata))
            .bind(officer.updated_at)
            .bind(officer.deleted_at)
            .bind(identity::code(officer.internal_code.as_str()))
            .bind(officer.unit.as_ref().map(|unit| identity::unit(unit.as_str())));
        match self.change(statement).await? {
            0 => Err(Error::Stale),
            _ => Ok(officer.version + 1),
        }
    }

    async fn on_task(&mut self, ids: &[OfficerId]) -> Result<Vec<OfficerId>> {
        const SQL: &str = "SELECT DISTINCT te.efectivo_id FROM tarea_efectivos te JOIN tareas t ON t.id = te.tarea_id \
            WHERE te.efectivo_id = ANY($1) AND t.estado IN ('en_curso', 'pausada') AND t.deleted_at IS NULL \
            ORDER BY te.efectivo_id";
        let rows = self.all(sql(SQL).bind(numbers(ids))).await?;
        rows.iter().map(|row| Ok(OfficerId(Fields::of("tarea_efectivos", row).get("efectivo_id")?))).collect()
    }
}
