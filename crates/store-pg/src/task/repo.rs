//! The repository of tasks.

use async_trait::async_trait;
use chrono::TimeDelta;
use domain::task::NewTask;
use domain::{OfficerId, Point, Task, TaskCode, TaskId, Text, Time, UserId, search};
use sqlx::QueryBuilder;
use sqlx::types::Json;
use store::task::{TaskFilter, TaskRepo};
use store::{Error, Page, Result};

use super::list::push_filter;
use super::row::{columns, task};
use crate::page::push_page;
use crate::row::Fields;
use crate::statement::{Statement, is_unheard_of, sql};
use crate::tx::PgTx;

/// What the index of words is made of.
pub(crate) fn search_text(code: &str, title: &str, description: &str, place: &str) -> String {
    let all = [code, title, description, place];
    search::index_text(&all.join(" "))
}

fn search_text_of(task: &Task) -> String {
    let description = task.description.as_ref().map(Text::as_str);
    let place = task.location_description.as_ref().map(Text::as_str);
    search_text(task.code.as_str(), task.title.as_str(), description.unwrap_or_default(), place.unwrap_or_default())
}

/// A span as the column holds it. Spans of stored times are far from the bounds of 64 bits.
fn micros(span: TimeDelta) -> i64 {
    span.num_microseconds().unwrap_or(i64::MAX)
}

/// Adds a task under its number, unless that is taken.
pub(crate) fn import(task: &Task) -> Statement {
    const SQL: &str = "INSERT INTO tareas (id, version, created_at, uuid, codigo, titulo, descripcion, tipo, \
        prioridad, inicio_programado, fin_programado, inicio_real, fin_real, tiempo_pausado_us, pausado_en, estado, \
        delegado_usuario_id, creado_por_usuario_id, ubicacion_lat, ubicacion_lon, ubicacion_descripcion, \
        duracion_real_horas, espera_efectivo, emergencia, despacho_desde, notas, extra_data, busqueda, updated_at, \
        deleted_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, \
        $22, $23, $24, $25, $26, $27, $28, $29, $30) ON CONFLICT (id) DO NOTHING";
    fields(sql(SQL).bind(task.id.0).bind(task.version).bind(task.created_at), task)
}

/// The fields that `import` and `save` write alike, in their order.
fn fields(statement: Statement, task: &Task) -> Statement {
    statement
        .bind(task.uuid)
        .bind(task.code.as_str())
        .bind(task.title.as_str())
        .bind(task.description.as_ref().map(Text::as_str))
        .bind(task.kind.as_str())
        .bind(i16::from(task.priority.number()))
        .bind(task.scheduled_start)
        .bind(task.scheduled_end)
        .bind(task.started_at)
        .bind(task.finished_at)
        .bind(micros(task.paused_total))
        .bind(task.paused_at)
        .bind(task.state.as_str())
        .bind(task.delegate.0)
        .bind(task.creator.0)
        .bind(task.location.map(Point::lat))
        .bind(task.location.map(Point::lng))
        .bind(task.location_description.as_ref().map(Text::as_str))
        .bind(task.duration_hours)
        .bind(task.awaits_officer)
        .bind(task.emergency)
        .bind(task.dispatch_from)
        .bind(Json(&task.notes))
        .bind(Json(&task.extra))
        .bind(search_text_of(task))
        .bind(task.updated_at)
        .bind(task.deleted_at)
}

/// Reads a task, deleted or not.
pub(crate) fn any(id: TaskId) -> Statement {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM tareas t WHERE t.id = $1");
    sql(SQL).bind(id.0)
}

#[async_trait]
impl TaskRepo for PgTx {
    async fn by_id(&mut self, id: TaskId) -> Result<Option<Task>> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM tareas t WHERE t.id = $1 AND t.deleted_at IS NULL");
        self.first(sql(SQL).bind(id.0)).await?.as_ref().map(task).transpose()
    }

    // Two statements: one that waits for a lock sees the row as it is then, but the officers as
    // they were when it began to wait.
    async fn lock(&mut self, id: TaskId) -> Result<Option<Task>> {
        const SQL: &str = "SELECT 1 FROM tareas WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE";
        match self.first(sql(SQL).bind(id.0)).await? {
            Some(_) => TaskRepo::by_id(self, id).await,
            None => Ok(None),
        }
    }

    async fn by_code(&mut self, code: &TaskCode) -> Result<Option<Task>> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM tareas t WHERE t.codigo = $1 AND t.deleted_at IS NULL");
        if is_unheard_of(code.as_str()) {
            return Ok(None);
        }
        self.first(sql(SQL).bind(code.as_str())).await?.as_ref().map(task).transpose()
    }

    async fn list(&mut self, filter: &TaskFilter, page: Page) -> Result<Vec<Task>> {
        let mut query = QueryBuilder::new(concat!("SELECT ", columns!(), " FROM tareas t WHERE t.deleted_at IS NULL"));
        push_filter(&mut query, filter);
        push_page(&mut query, "t.id", page);
        self.all(query.into()).await?.iter().map(task).collect()
    }

    async fn count(&mut self, filter: &TaskFilter) -> Result<i64> {
        let mut query = QueryBuilder::new("SELECT count(*) AS cuenta FROM tareas t WHERE t.deleted_at IS NULL");
        push_filter(&mut query, filter);
        Fields::of("tareas", &self.only(query.into()).await?).get("cuenta")
    }

    async fn insert(&mut self, new: &NewTask) -> Result<Task> {
        const SQL: &str = "INSERT INTO tareas (uuid, codigo, titulo, descripcion, tipo, prioridad, \
            inicio_programado, fin_programado, estado, delegado_usuario_id, creado_por_usuario_id, ubicacion_lat, \
            ubicacion_lon, ubicacion_descripcion, espera_efectivo, emergencia, despacho_desde, extra_data, busqueda, \
            created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'programada', $9, $10, $11, $12, $13, $14, \
            $15, $16, $17, $18, $19, $19) \
            RETURNING id";
        let description = new.description.as_ref().map(Text::as_str);
        let place = new.location_description.as_ref().map(Text::as_str);
        let statement = sql(SQL)
            .bind(new.uuid)
            .bind(new.code.as_str())
            .bind(new.title.as_str())
            .bind(description)
            .bind(new.kind.as_str())
            .bind(i16::from(new.priority.number()))
            .bind(new.scheduled_start)
            .bind(new.scheduled_end)
            .bind(new.delegate.0)
            .bind(new.creator.0)
            .bind(new.location.map(Point::lat))
            .bind(new.location.map(Point::lng))
            .bind(place)
            .bind(new.awaits_officer)
            .bind(new.emergency)
            .bind(new.dispatch_from)
            .bind(Json(&new.extra))
            .bind(search_text(
                new.code.as_str(),
                new.title.as_str(),
                description.unwrap_or_default(),
                place.unwrap_or_default(),
            ))
            .bind(new.created_at);
        let id = Fields::of("tareas", &self.only(statement).await?).get("id")?;
        Ok(new.clone().into_task(TaskId(id)))
    }

    async fn save(&mut self, task: &Task) -> Result<i64> {
        const SQL: &str = "UPDATE tareas SET uuid = $3, codigo = $4, titulo = $5, descripcion = $6, tipo = $7, \
            prioridad = $8, inicio_programado = $9, fin_programado = $10, inicio_real = $11, fin_real = $12, \
            tiempo_pausado_us = $13, pausado_en = $14, estado = $15, delegado_usuario_id = $16, \
            creado_por_usuario_id = $17, ubicacion_lat = $18, ubicacion_lon = $19, ubicacion_descripcion = $20, \
            duracion_real_horas = $21, espera_efectivo = $22, emergencia = $23, despacho_desde = $24, notas = $25, \
            extra_data = $26, busqueda = $27, updated_at = $28, deleted_at = $29, version = version + 1 WHERE id = $1 AND version = $2";
        match self.change(fields(sql(SQL).bind(task.id.0).bind(task.version), task)).await? {
            0 => Err(Error::Stale),
            _ => Ok(task.version + 1),
        }
    }

    async fn assign(&mut self, task: TaskId, officers: &[OfficerId], by: Option<UserId>, at: Time) -> Result<()> {
        self.assign_officers(task, officers, by, at).await
    }

    async fn unassign(&mut self, task: TaskId, officers: &[OfficerId]) -> Result<()> {
        self.unassign_officers(task, officers).await
    }

    // Two statements, as in `lock`.
    async fn try_lock(&mut self, id: TaskId) -> Result<Option<Task>> {
        const SQL: &str = "SELECT 1 FROM tareas WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE SKIP LOCKED";
        match self.first(sql(SQL).bind(id.0)).await? {
            Some(_) => TaskRepo::by_id(self, id).await,
            None => Ok(None),
        }
    }

    async fn waiting(&mut self, now: Time, after: Option<(Time, TaskId)>, limit: u32) -> Result<Vec<Task>> {
        const SQL: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM tareas t WHERE t.espera_efectivo AND t.deleted_at IS NULL \
             AND (t.despacho_desde IS NULL OR t.despacho_desde <= $1) \
             AND ($2::timestamptz IS NULL OR (t.created_at, t.id) > ($2, $3)) ORDER BY t.created_at, t.id LIMIT $4"
        );
        let (from, id) = (after.map(|(at, _)| at), after.map_or(0, |(_, id)| id.0));
        let statement = sql(SQL).bind(now).bind(from).bind(id).bind(i64::from(limit));
        self.all(statement).await?.iter().map(task).collect()
    }

    async fn emergencies_of(&mut self, creator: UserId, since: Time, limit: u32) -> Result<Vec<Task>> {
        const SQL: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM tareas t WHERE t.emergencia AND t.deleted_at IS NULL AND t.creado_por_usuario_id = $1 \
             AND t.created_at >= $2 AND t.estado IN ('programada', 'en_curso', 'pausada') \
             ORDER BY t.created_at DESC, t.id DESC LIMIT $3"
        );
        let statement = sql(SQL).bind(creator.0).bind(since).bind(i64::from(limit));
        self.all(statement).await?.iter().map(task).collect()
    }

    async fn overdue(&mut self, from: (Time, Option<TaskId>), to: Time, limit: u32) -> Result<Vec<Task>> {
        // The states as the index of tasks that go on has them.
        const SQL: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM tareas t WHERE t.deleted_at IS NULL AND t.estado IN ('programada', 'en_curso', 'pausada') \
             AND t.fin_programado >= $1 AND (t.fin_programado, t.id) > ($1, $2) AND t.fin_programado <= $3 \
             ORDER BY t.fin_programado, t.id LIMIT $4"
        );
        let (from, last) = (from.0, from.1.map_or(i64::MAX, |task| task.0));
        self.all(sql(SQL).bind(from).bind(last).bind(to).bind(i64::from(limit))).await?.iter().map(task).collect()
    }
}
