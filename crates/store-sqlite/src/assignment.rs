//! `asignaciones` and `asignacion_pasos`.

use async_trait::async_trait;
use domain::assignment::{Assignment, AssignmentStep, NewAssignment};
use domain::{AssignmentId, OfficerId, TaskId, Time, UserId};
use serde::Deserialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use store::assignment::AssignmentRepo;
use store::{Error, Result, Rule};

use crate::error::from_sqlx;
use crate::row::{Fields, micros};
use crate::tx::SqliteTx;

/// Columns of `asignaciones a`, its steps among them as JSON, so that an assignment is one row.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.tarea_id, a.efectivo_id, a.tipo, a.estado, a.corre_desde, a.vence_en, \
             (SELECT json_group_array(json_object('estado', p.estado, 'en', p.ocurrido_en, 'usuario', p.usuario_id, \
             'en_nombre_de', p.en_nombre_de, 'canal', p.canal, 'motivo', p.motivo) ORDER BY p.id) \
             FROM asignacion_pasos p WHERE p.asignacion_id = a.id) AS pasos FROM asignaciones a",
            $rest
        )
    };
}

/// A step as `select!` gives it.
#[derive(Deserialize)]
struct StepRow {
    estado: String,
    en: i64,
    usuario: Option<i64>,
    en_nombre_de: Option<i64>,
    canal: String,
    motivo: Option<String>,
}

fn step(row: StepRow) -> Result<AssignmentStep> {
    let unreadable = |field, source: &'static str| Error::unreadable("asignacion_pasos", field, source);
    Ok(AssignmentStep {
        state: row.estado.parse().map_err(|error| Error::unreadable("asignacion_pasos", "estado", error))?,
        at: chrono::DateTime::from_timestamp_micros(row.en).ok_or_else(|| unreadable("ocurrido_en", "no such time"))?,
        by: row.usuario.map(UserId),
        on_behalf_of: row.en_nombre_de.map(UserId),
        channel: row.canal.parse().map_err(|error| Error::unreadable("asignacion_pasos", "canal", error))?,
        reason: row.motivo,
    })
}

fn assignment(row: &SqliteRow) -> Result<Assignment> {
    let fields = Fields::of("asignaciones", row);
    Ok(Assignment {
        id: AssignmentId(fields.get("id")?),
        task: TaskId(fields.get("tarea_id")?),
        officer: OfficerId(fields.get("efectivo_id")?),
        kind: fields.word("tipo")?,
        state: fields.word("estado")?,
        runs_from: fields.maybe_time("corre_desde")?,
        ack_due: fields.maybe_time("vence_en")?,
        steps: fields.json::<Vec<StepRow>>("pasos")?.into_iter().map(step).collect::<Result<_>>()?,
    })
}

impl SqliteTx {
    async fn add_steps(&mut self, id: AssignmentId, added: &[AssignmentStep]) -> Result<()> {
        for step in added {
            let statement = sqlx::query(
                "INSERT INTO asignacion_pasos (asignacion_id, estado, ocurrido_en, usuario_id, en_nombre_de, canal, \
                 motivo) VALUES (?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(id.0)
            .bind(step.state.as_str())
            .bind(micros(step.at))
            .bind(step.by.map(|user| user.0))
            .bind(step.on_behalf_of.map(|user| user.0))
            .bind(step.channel.as_str())
            .bind(step.reason.as_deref());
            self.run_naming(statement, Rule::UnknownUser).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl AssignmentRepo for SqliteTx {
    async fn insert(&mut self, new: &NewAssignment) -> Result<Assignment> {
        let statement = sqlx::query(
            "INSERT INTO asignaciones (tarea_id, efectivo_id, tipo, estado, corre_desde, vence_en) \
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(new.task.0)
        .bind(new.officer.0)
        .bind(new.kind.as_str())
        .bind(new.first.state.as_str())
        .bind(micros(new.runs_from))
        .bind(new.ack_due.map(micros));
        let id = AssignmentId(self.run_naming(statement, Rule::UnknownOfficer).await?.last_insert_rowid());
        self.add_steps(id, std::slice::from_ref(&new.first)).await?;
        Ok(new.clone().into_assignment(id))
    }

    async fn save(&mut self, assignment: &Assignment, added: &[AssignmentStep]) -> Result<()> {
        let statement =
            sqlx::query("UPDATE asignaciones SET tipo = ?, estado = ?, corre_desde = ?, vence_en = ? WHERE id = ?")
                .bind(assignment.kind.as_str())
                .bind(assignment.state.as_str())
                .bind(assignment.runs_from.map(micros))
                .bind(assignment.ack_due.map(micros))
                .bind(assignment.id.0);
        self.run(statement).await?;
        self.add_steps(assignment.id, added).await
    }

    async fn by_id(&mut self, id: AssignmentId) -> Result<Option<Assignment>> {
        let row = self.first(sqlx::query(select!(" WHERE a.id = ?")).bind(id.0)).await?;
        row.as_ref().map(assignment).transpose()
    }

    async fn of_tasks(&mut self, tasks: &[TaskId]) -> Result<Vec<Assignment>> {
        const SQL: &str = select!(" WHERE a.tarea_id IN (SELECT value FROM json_each(?)) ORDER BY a.tarea_id, a.id");
        let ids: Vec<i64> = tasks.iter().map(|task| task.0).collect();
        self.rows(sqlx::query(SQL).bind(crate::row::json(&ids)?)).await?.iter().map(assignment).collect()
    }

    async fn open_of_officer(&mut self, officer: OfficerId) -> Result<Vec<Assignment>> {
        const SQL: &str = select!(
            " CROSS JOIN tareas t ON t.id = a.tarea_id WHERE a.efectivo_id = ? \
             AND a.estado NOT IN ('liberada', 'rechazada', 'relevada') AND t.deleted_at IS NULL \
             AND t.estado IN ('programada', 'en_curso', 'pausada') ORDER BY a.id"
        );
        self.rows(sqlx::query(SQL).bind(officer.0)).await?.iter().map(assignment).collect()
    }

    async fn unanswered(
        &mut self,
        now: Time,
        after: Option<(Time, AssignmentId)>,
        limit: u32,
    ) -> Result<Vec<Assignment>> {
        const SQL: &str = select!(
            " CROSS JOIN tareas t ON t.id = a.tarea_id \
             WHERE a.estado IN ('ofrecida', 'asignada', 'avisada', 'vencida') AND a.corre_desde IS NOT NULL \
             AND a.corre_desde <= ?1 AND (a.corre_desde, a.id) > (?2, ?3) AND t.deleted_at IS NULL \
             AND t.estado IN ('programada', 'en_curso', 'pausada') ORDER BY a.corre_desde, a.id LIMIT ?4"
        );
        let (from, id) = after.map_or((i64::MIN, i64::MIN), |(at, id)| (micros(at), id.0));
        let statement = sqlx::query(SQL).bind(micros(now)).bind(from).bind(id).bind(limit);
        self.rows(statement).await?.iter().map(assignment).collect()
    }

    async fn count_unanswered(&mut self, now: Time) -> Result<i64> {
        let statement = sqlx::query(
            "SELECT count(*) FROM asignaciones a CROSS JOIN tareas t ON t.id = a.tarea_id \
             WHERE a.estado IN ('ofrecida', 'asignada', 'avisada', 'vencida') AND a.corre_desde IS NOT NULL \
             AND a.corre_desde <= ? AND t.deleted_at IS NULL AND t.estado IN ('programada', 'en_curso', 'pausada')",
        );
        self.only(statement.bind(micros(now))).await?.try_get(0).map_err(from_sqlx)
    }

    async fn of_departed(&mut self, limit: u32) -> Result<Vec<Assignment>> {
        const SQL: &str = select!(
            " JOIN efectivos e ON e.id = a.efectivo_id JOIN usuarios u ON u.id = e.usuario_id \
             JOIN tareas t ON t.id = a.tarea_id \
             WHERE a.estado NOT IN ('liberada', 'rechazada', 'relevada') \
             AND (e.deleted_at IS NOT NULL OR u.deleted_at IS NOT NULL OR u.verificado = 0) \
             AND t.deleted_at IS NULL AND t.estado IN ('programada', 'en_curso', 'pausada') ORDER BY a.id LIMIT ?"
        );
        self.rows(sqlx::query(SQL).bind(limit)).await?.iter().map(assignment).collect()
    }
}
