//! `asignaciones` and `asignacion_pasos`.

use async_trait::async_trait;
use domain::assignment::{Assignment, AssignmentStep, NewAssignment};
use domain::{AssignmentId, OfficerId, TaskId, Time, UserId};
use sqlx::postgres::PgRow;
use store::assignment::AssignmentRepo;
use store::{Error, Result};

use crate::row::Fields;
use crate::statement::sql;
use crate::tx::PgTx;

/// Columns of `asignaciones a`, its steps among them as arrays, so that an assignment is one row.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.tarea_id, a.efectivo_id, a.tipo, a.estado, a.corre_desde, a.vence_en, p.estados, \
             p.tiempos, p.usuarios, p.en_nombre_de, p.canales, p.motivos FROM asignaciones a CROSS JOIN LATERAL \
             (SELECT coalesce(array_agg(estado ORDER BY id), '{}') AS estados, \
             coalesce(array_agg(ocurrido_en ORDER BY id), '{}') AS tiempos, \
             coalesce(array_agg(usuario_id ORDER BY id), '{}') AS usuarios, \
             coalesce(array_agg(asignacion_pasos.en_nombre_de ORDER BY id), '{}') AS en_nombre_de, \
             coalesce(array_agg(canal ORDER BY id), '{}') AS canales, \
             coalesce(array_agg(motivo ORDER BY id), '{}') AS motivos \
             FROM asignacion_pasos WHERE asignacion_id = a.id) p",
            $rest
        )
    };
}

fn steps(row: &PgRow) -> Result<Vec<AssignmentStep>> {
    let fields = Fields::of("asignacion_pasos", row);
    let states: Vec<String> = fields.get("estados")?;
    let times: Vec<Time> = fields.get("tiempos")?;
    let users: Vec<Option<i64>> = fields.get("usuarios")?;
    let on_behalf_of: Vec<Option<i64>> = fields.get("en_nombre_de")?;
    let channels: Vec<String> = fields.get("canales")?;
    let reasons: Vec<Option<String>> = fields.get("motivos")?;
    let rest = users.into_iter().zip(on_behalf_of).zip(channels).zip(reasons);
    let rows = states.into_iter().zip(times).zip(rest);
    rows.map(|((state, at), (((user, on_behalf_of), channel), reason))| {
        Ok(AssignmentStep {
            state: state.parse().map_err(|error| Error::unreadable("asignacion_pasos", "estado", error))?,
            at,
            by: user.map(UserId),
            on_behalf_of: on_behalf_of.map(UserId),
            channel: channel.parse().map_err(|error| Error::unreadable("asignacion_pasos", "canal", error))?,
            reason,
        })
    })
    .collect()
}

fn assignment(row: &PgRow) -> Result<Assignment> {
    let fields = Fields::of("asignaciones", row);
    Ok(Assignment {
        id: AssignmentId(fields.get("id")?),
        task: TaskId(fields.get("tarea_id")?),
        officer: OfficerId(fields.get("efectivo_id")?),
        kind: fields.word("tipo")?,
        state: fields.word("estado")?,
        runs_from: fields.get("corre_desde")?,
        ack_due: fields.get("vence_en")?,
        steps: steps(row)?,
    })
}

impl PgTx {
    async fn add_steps(&mut self, id: AssignmentId, added: &[AssignmentStep]) -> Result<()> {
        const SQL: &str = "INSERT INTO asignacion_pasos (asignacion_id, estado, ocurrido_en, usuario_id, \
            en_nombre_de, canal, motivo) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        for step in added {
            let statement = sql(SQL)
                .bind(id.0)
                .bind(step.state.as_str())
                .bind(step.at)
                .bind(step.by.map(|user| user.0))
                .bind(step.on_behalf_of.map(|user| user.0))
                .bind(step.channel.as_str())
                .bind(step.reason.as_deref());
            self.change(statement).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl AssignmentRepo for PgTx {
    async fn insert(&mut self, new: &NewAssignment) -> Result<Assignment> {
        const SQL: &str = "INSERT INTO asignaciones (tarea_id, efectivo_id, tipo, estado, corre_desde, vence_en) \
            VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
        let statement = sql(SQL)
            .bind(new.task.0)
            .bind(new.officer.0)
            .bind(new.kind.as_str())
            .bind(new.first.state.as_str())
            .bind(new.runs_from)
            .bind(new.ack_due);
        let id = AssignmentId(Fields::of("asignaciones", &self.only(statement).await?).get("id")?);
        self.add_steps(id, std::slice::from_ref(&new.first)).await?;
        Ok(new.clone().into_assignment(id))
    }

    async fn save(&mut self, assignment: &Assignment, added: &[AssignmentStep]) -> Result<()> {
        const SQL: &str =
            "UPDATE asignaciones SET tipo = $2, estado = $3, corre_desde = $4, vence_en = $5 WHERE id = $1";
        let statement = sql(SQL)
            .bind(assignment.id.0)
            .bind(assignment.kind.as_str())
            .bind(assignment.state.as_str())
            .bind(assignment.runs_from)
            .bind(assignment.ack_due);
        self.change(statement).await?;
        self.add_steps(assignment.id, added).await
    }

    async fn by_id(&mut self, id: AssignmentId) -> Result<Option<Assignment>> {
        const SQL: &str = select!(" WHERE a.id = $1");
        self.first(sql(SQL).bind(id.0)).await?.as_ref().map(assignment).transpose()
    }

    async fn of_tasks(&mut self, tasks: &[TaskId]) -> Result<Vec<Assignment>> {
        const SQL: &str = select!(" WHERE a.tarea_id = ANY($1) ORDER BY a.tarea_id, a.id");
        let ids: Vec<i64> = tasks.iter().map(|task| task.0).collect();
        self.all(sql(SQL).bind(ids)).await?.iter().map(assignment).collect()
    }

    async fn open_of_officer(&mut self, officer: OfficerId) -> Result<Vec<Assignment>> {
        const SQL: &str = select!(
            " JOIN tareas t ON t.id = a.tarea_id WHERE a.efectivo_id = $1 \
             AND a.estado NOT IN ('liberada', 'rechazada', 'relevada') AND t.deleted_at IS NULL \
             AND t.estado IN ('programada', 'en_curso', 'pausada') ORDER BY a.id"
        );
        self.all(sql(SQL).bind(officer.0)).await?.iter().map(assignment).collect()
    }

    async fn unanswered(
        &mut self,
        now: Time,
        after: Option<(Time, AssignmentId)>,
        limit: u32,
    ) -> Result<Vec<Assignment>> {
        const SQL: &str = select!(
            " JOIN tareas t ON t.id = a.tarea_id \
             WHERE a.estado IN ('ofrecida', 'asignada', 'avisada', 'vencida') AND a.corre_desde IS NOT NULL \
             AND a.corre_desde <= $1 AND ($2::timestamptz IS NULL OR (a.corre_desde, a.id) > ($2, $3)) \
             AND t.deleted_at IS NULL AND t.estado IN ('programada', 'en_curso', 'pausada') \
             ORDER BY a.corre_desde, a.id LIMIT $4"
        );
        let (from, id) = (after.map(|(at, _)| at), after.map_or(0, |(_, id)| id.0));
        let statement = sql(SQL).bind(now).bind(from).bind(id).bind(i64::from(limit));
        self.all(statement).await?.iter().map(assignment).collect()
    }

    async fn count_unanswered(&mut self, now: Time) -> Result<i64> {
        const SQL: &str = "SELECT count(*) AS cuantas FROM asignaciones a JOIN tareas t ON t.id = a.tarea_id \
            WHERE a.estado IN ('ofrecida', 'asignada', 'avisada', 'vencida') AND a.corre_desde IS NOT NULL \
            AND a.corre_desde <= $1 AND t.deleted_at IS NULL AND t.estado IN ('programada', 'en_curso', 'pausada')";
        Fields::of("asignaciones", &self.only(sql(SQL).bind(now)).await?).get("cuantas")
    }

    async fn of_departed(&mut self, limit: u32) -> Result<Vec<Assignment>> {
        const SQL: &str = select!(
            " JOIN efectivos e ON e.id = a.efectivo_id JOIN usuarios u ON u.id = e.usuario_id \
             JOIN tareas t ON t.id = a.tarea_id WHERE a.estado NOT IN ('liberada', 'rechazada', 'relevada') \
             AND (e.deleted_at IS NOT NULL OR u.deleted_at IS NOT NULL OR NOT u.verificado) \
             AND t.deleted_at IS NULL AND t.estado IN ('programada', 'en_curso', 'pausada') ORDER BY a.id LIMIT $1"
        );
        self.all(sql(SQL).bind(i64::from(limit))).await?.iter().map(assignment).collect()
    }
}
