//! `despachos`, `escalamientos` and `decisiones_despacho`.

use async_trait::async_trait;
use domain::dispatch::{DispatchDecision, DispatchState};
use domain::{OfficerId, TaskId, Time, UserId, identity};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use store::dispatch::{DispatchRepo, decode_decision, encode_decision};
use store::{Result, Rule};

use crate::error::from_sqlx;
use crate::row::{Fields, json, micros};
use crate::tx::SqliteTx;

const STATE: &str = "SELECT tarea_id, ronda, ronda_desde, paso, proximo_en, tomado_por, tomado_en, llamadas_unidas \
     FROM despachos WHERE tarea_id IN (SELECT value FROM json_each(?)) ORDER BY tarea_id";

fn state(row: &SqliteRow) -> Result<DispatchState> {
    let fields = Fields::of("despachos", row);
    Ok(DispatchState {
        task: TaskId(fields.get("tarea_id")?),
        round: fields.get("ronda")?,
        round_started: fields.time("ronda_desde")?,
        step: fields.get("paso")?,
        due_at: fields.maybe_time("proximo_en")?,
        taken_by: fields.get::<Option<i64>>("tomado_por")?.map(UserId),
        taken_at: fields.maybe_time("tomado_en")?,
        joined_calls: fields.get("llamadas_unidas")?,
    })
}

#[async_trait]
impl DispatchRepo for SqliteTx {
    async fn state(&mut self, task: TaskId) -> Result<Option<DispatchState>> {
        Ok(self.states(&[task]).await?.pop())
    }

    async fn states(&mut self, tasks: &[TaskId]) -> Result<Vec<DispatchState>> {
        let ids: Vec<i64> = tasks.iter().map(|task| task.0).collect();
        self.rows(sqlx::query(STATE).bind(json(&ids)?)).await?.iter().map(state).collect()
    }

    async fn put_state(&mut self, state: &DispatchState) -> Result<()> {
        let statement = sqlx::query(
            "INSERT INTO despachos (tarea_id, ronda, ronda_desde, paso, proximo_en, tomado_por, tomado_en, \
             llamadas_unidas) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tarea_id) DO UPDATE SET \
             ronda = excluded.ronda, ronda_desde = excluded.ronda_desde, paso = excluded.paso, \
             proximo_en = excluded.proximo_en, tomado_por = excluded.tomado_por, tomado_en = excluded.tomado_en, \
             llamadas_unidas = excluded.llamadas_unidas",
        )
        .bind(state.task.0)
        .bind(state.round)
        .bind(micros(state.round_started))
        .bind(state.step)
        .bind(state.due_at.map(micros))
        .bind(state.taken_by.map(|user| user.0))
        .bind(state.taken_at.map(micros))
        .bind(state.joined_calls);
        self.run_naming(statement, Rule::UnknownTask).await?;
        Ok(())
    }

    async fn due(&mut self, now: Time, limit: u32) -> Result<Vec<TaskId>> {
        let statement = sqlx::query(
            "SELECT tarea_id FROM despachos WHERE proximo_en IS NOT NULL AND proximo_en <= ? \
             ORDER BY proximo_en, tarea_id LIMIT ?",
        );
        let rows = self.rows(statement.bind(micros(now)).bind(limit)).await?;
        rows.iter().map(|row| row.try_get(0).map(TaskId).map_err(from_sqlx)).collect()
    }

    async fn take_step(&mut self, task: TaskId, round: u32, step: u32, at: Time) -> Result<()> {
        let statement =
            sqlx::query("INSERT INTO escalamientos (tarea_id, ronda, paso, ocurrido_en) VALUES (?, ?, ?, ?)");
        self.run_naming(statement.bind(task.0).bind(round).bind(step).bind(micros(at)), Rule::UnknownTask).await?;
        Ok(())
    }

    async fn push_decision(&mut self, decision: &DispatchDecision) -> Result<()> {
        let statement =
            sqlx::query("INSERT INTO decisiones_despacho (tarea_id, tomada_en, contenido) VALUES (?, ?, ?)")
                .bind(decision.task.0)
                .bind(micros(decision.at))
                .bind(json(&encode_decision(decision)?)?);
        self.run_naming(statement, Rule::UnknownTask).await?;
        Ok(())
    }

    async fn decisions(&mut self, task: TaskId) -> Result<Vec<DispatchDecision>> {
        let statement = sqlx::query("SELECT contenido FROM decisiones_despacho WHERE tarea_id = ? ORDER BY id");
        let rows = self.rows(statement.bind(task.0)).await?;
        let mut decisions = Vec::with_capacity(rows.len());
        for row in &rows {
            decisions.extend(decode_decision(Fields::of("decisiones_despacho", row).json("contenido")?));
        }
        Ok(decisions)
    }

    async fn unattended(&mut self, limit: u32) -> Result<Vec<TaskId>> {
        let statement = sqlx::query(
            "SELECT id FROM tareas t WHERE emergencia = 1 AND deleted_at IS NULL \
             AND estado IN ('programada', 'en_curso', 'pausada') AND espera_efectivo = 0 \
             AND NOT EXISTS (SELECT 1 FROM tarea_efectivos te WHERE te.tarea_id = t.id) ORDER BY id LIMIT ?",
        );
        let rows = self.rows(statement.bind(limit)).await?;
        rows.iter().map(|row| row.try_get(0).map(TaskId).map_err(from_sqlx)).collect()
    }

    async fn waiting_since(&mut self) -> Result<(Option<Time>, i64)> {
        let statement = sqlx::query(
            "SELECT min(created_at) AS desde, count(*) AS cuantas FROM tareas \
             WHERE espera_efectivo = 1 AND deleted_at IS NULL",
        );
        let row = self.only(statement).await?;
        let fields = Fields::of("tareas", &row);
        Ok((fields.maybe_time("desde")?, fields.get("cuantas")?))
    }

    async fn slots_of_caller(&mut self, caller: UserId, since: Time, limit: u32) -> Result<Vec<Time>> {
        let statement = sqlx::query(
            "SELECT coalesce(despacho_desde, created_at) AS turno FROM tareas \
             WHERE emergencia = 1 AND creado_por_usuario_id = ?1 \
             AND created_at >= ?2 - 86400000000 AND coalesce(despacho_desde, created_at) >= ?2 ORDER BY turno DESC LIMIT ?3",
        );
        let rows = self.rows(statement.bind(caller.0).bind(micros(since)).bind(limit)).await?;
        rows.iter().map(|row| Fields::of("tareas", row).time("turno")).collect()
    }

    async fn is_import_unlinked(&mut self) -> Result<bool> {
        let statement = sqlx::query(
            "SELECT importada_en IS NOT NULL AND NOT EXISTS (SELECT 1 FROM efectivos e \
             JOIN usuarios u ON u.id = e.usuario_id WHERE e.deleted_at IS NULL AND u.deleted_at IS NULL \
             AND u.telegram_id IS NOT NULL) FROM meta",
        );
        self.only(statement).await?.try_get(0).map_err(from_sqlx)
    }

    async fn mark_imported(&mut self, at: Time) -> Result<()> {
        self.run(sqlx::query("UPDATE meta SET importada_en = ?").bind(micros(at))).await?;
        Ok(())
    }

    async fn without_position(&mut self, unit: Option<&str>, limit: u32) -> Result<Vec<OfficerId>> {
        let statement = sqlx::query(
            "SELECT e.id FROM efectivos e WHERE e.deleted_at IS NULL AND e.estado_disponibilidad = 'disponible' \
             AND NOT EXISTS (SELECT 1 FROM posiciones_actuales p WHERE p.efectivo_id = e.id) \
             AND (?1 IS NULL OR e.unidad_plegada = ?1) ORDER BY e.id LIMIT ?2",
        );
        let rows = self.rows(statement.bind(unit.map(identity::unit)).bind(limit)).await?;
        rows.iter().map(|row| row.try_get(0).map(OfficerId).map_err(from_sqlx)).collect()
    }
}
