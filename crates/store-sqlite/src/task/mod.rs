//! `tareas` and `tarea_efectivos`.

pub(crate) mod filter;
pub(crate) mod row;

use async_trait::async_trait;
use domain::task::NewTask;
use domain::{OfficerId, Task, TaskCode, TaskId, Time, UserId};
use sqlx::{QueryBuilder, Row};
use store::task::{TaskFilter, TaskRepo};
use store::{Error, Page, Result, Rule};

use crate::error::from_sqlx;
use crate::page::{numbers, push_page};
use crate::row::micros;
use crate::tx::SqliteTx;
use row::{bind, task, task_columns, written};

macro_rules! select {
    ($where:literal) => {
        concat!("SELECT ", task_columns!(), " FROM tareas t WHERE t.deleted_at IS NULL", $where)
    };
}

impl SqliteTx {
    /// Adds a task, without its officers, under `id` or under the next number.
    pub(crate) async fn insert_task(&mut self, id: Option<TaskId>, task: &Task) -> Result<TaskId> {
        const SQL: &str = concat!(
            "INSERT INTO tareas (",
            written!(),
            ", id, uuid, created_at, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, \
             ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        );
        let statement = bind(sqlx::query(SQL), task)?
            .bind(id.map(|id| id.0))
            .bind(task.uuid)
            .bind(micros(task.created_at))
            .bind(task.version);
        Ok(TaskId(self.run_naming(statement, Rule::UnknownUser).await?.last_insert_rowid()))
    }

    /// Which of the rows that an assignment names is not there.
    async fn missing_for_assignment(&mut self, task: TaskId, officers: &str) -> Result<Rule> {
        let statement = sqlx::query(
            "SELECT EXISTS (SELECT 1 FROM tareas WHERE id = ?), NOT EXISTS (SELECT 1 FROM json_each(?) j \
             WHERE NOT EXISTS (SELECT 1 FROM efectivos WHERE id = j.value))",
        );
        let row = self.only(statement.bind(task.0).bind(officers)).await?;
        let (task, officers): (bool, bool) = (row.try_get(0).map_err(from_sqlx)?, row.try_get(1).map_err(from_sqlx)?);
        Ok(match (task, officers) {
            (false, _) => Rule::UnknownTask,
            (true, false) => Rule::UnknownOfficer,
            (true, true) => Rule::UnknownUser,
        })
    }
}

#[async_trait]
impl TaskRepo for SqliteTx {
    async fn by_id(&mut self, id: TaskId) -> Result<Option<Task>> {
        self.first(sqlx::query(select!(" AND t.id = ?")).bind(id.0)).await?.as_ref().map(task).transpose()
    }

    // Only one transaction writes at a time, so whatever it reads is locked.
    async fn lock(&mut self, id: TaskId) -> Result<Option<Task>> {
        TaskRepo::by_id(self, id).await
    }

    async fn by_code(&mut self, code: &TaskCode) -> Result<Option<Task>> {
        self.first(sqlx::query(select!(" AND t.codigo = ?")).bind(code.as_str())).await?.as_ref().map(task).transpose()
    }

    async fn list(&mut self, filter: &TaskFilter, page: Page) -> Result<Vec<Task>> {
        let mut query = QueryBuilder::new(select!(""));
        filter::push(&mut query, filter);
        push_page(&mut query, "t.id", page);
        self.rows(query.build()).await?.iter().map(task).collect()
    }

    async fn count(&mut self, filter: &TaskFilter) -> Result<i64> {
        let mut query = QueryBuilder::new("SELECT count(*) FROM tareas t WHERE t.deleted_at IS NULL");
        filter::push(&mut query, filter);
        self.only(query.build()).await?.try_get(0).map_err(from_sqlx)
    }

    async fn insert(&mut self, new: &NewTask) -> Result<Task> {
        let mut task = new.clone().into_task(TaskId(0));
        task.id = self.insert_task(None, &task).await?;
        Ok(task)
    }

    async fn save(&mut self, task: &Task) -> Result<i64> {
        const SQL: &str = concat!(
            "UPDATE tareas SET (",
            written!(),
            ", version) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, version + 1) \
             WHERE id = ? AND version = ?"
        );
        let statement = bind(sqlx::query(SQL), task)?.bind(task.id.0).bind(task.version);
        match self.run_naming(statement, Rule::UnknownUser).await?.rows_affected() {
            0 => Err(Error::Stale),
            _ => Ok(task.version + 1),
        }
    }

    async fn assign(&mut self, task: TaskId, officers: &[OfficerId], by: Option<UserId>, at: Time) -> Result<()> {
        // One statement, so that a conflict leaves none of them assigned.
        const SQL: &str = "INSERT INTO tarea_efectivos (tarea_id, efectivo_id, asignado_en, asignado_por) \
             SELECT ?, value, ?, ? FROM json_each(?) WHERE true ON CONFLICT (tarea_id, efectivo_id) DO NOTHING";
        let list = numbers(officers)?;
        let statement = sqlx::query(SQL).bind(task.0).bind(micros(at)).bind(by.map(|user| user.0)).bind(list.as_str());
        match self.run_naming(statement, Rule::UnknownOfficer).await {
            Ok(_) => Ok(()),
            Err(Error::Conflict(Rule::UnknownOfficer)) => {
                Err(Error::Conflict(self.missing_for_assignment(task, &list).await?))
            }
            Err(error) => Err(error),
        }
    }

    async fn unassign(&mut self, task: TaskId, officers: &[OfficerId]) -> Result<()> {
        let sql = "DELETE FROM tarea_efectivos WHERE tarea_id = ? AND efectivo_id IN (SELECT value FROM json_each(?))";
        self.run(sqlx::query(sql).bind(task.0).bind(numbers(officers)?)).await?;
        Ok(())
    }

    // Only one transaction writes at a time.
    async fn try_lock(&mut self, id: TaskId) -> Result<Option<Task>> {
        TaskRepo::by_id(self, id).await
    }

    async fn waiting(&mut self, now: Time, after: Option<(Time, TaskId)>, limit: u32) -> Result<Vec<Task>> {
        const SQL: &str = select!(
            " AND t.espera_efectivo = 1 AND (t.despacho_desde IS NULL OR t.despacho_desde <= ?) \
             AND (t.created_at, t.id) > (?, ?) ORDER BY t.created_at, t.id LIMIT ?"
        );
        let (from, id) = after.map_or((i64::MIN, i64::MIN), |(at, id)| (micros(at), id.0));
        let statement = sqlx::query(SQL).bind(micros(now)).bind(from).bind(id).bind(limit);
        self.rows(statement).await?.iter().map(task).collect()
    }

    async fn emergencies_of(&mut self, creator: UserId, since: Time, limit: u32) -> Result<Vec<Task>> {
        const SQL: &str = select!(
            " AND t.emergencia = 1 AND t.creado_por_usuario_id = ? AND t.created_at >= ? \
             AND t.estado IN ('programada', 'en_curso', 'pausada') ORDER BY t.created_at DESC, t.id DESC LIMIT ?"
        );
        let statement = sqlx::query(SQL).bind(creator.0).bind(micros(since)).bind(limit);
        self.rows(statement).await?.iter().map(task).collect()
    }

    async fn overdue(&mut self, from: (Time, Option<TaskId>), to: Time, limit: u32) -> Result<Vec<Task>> {
        // The states as the index of tasks that go on has them.
        const SQL: &str = select!(
            " AND t.estado IN ('programada', 'en_curso', 'pausada') \
             AND t.fin_programado >= ?1 AND (t.fin_programado, t.id) > (?1, ?2) AND t.fin_programado <= ?3 \
             ORDER BY t.fin_programado, t.id LIMIT ?4"
        );
        let (from, last) = (from.0, from.1.map_or(i64::MAX, |task| task.0));
        let statement = sqlx::query(SQL).bind(micros(from)).bind(last).bind(micros(to)).bind(limit);
        self.rows(statement).await?.iter().map(task).collect()
    }
}
