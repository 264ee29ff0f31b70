//! `despachos`, `escalamientos` and `decisiones_despacho`.

use async_trait::async_trait;
use domain::dispatch::{DispatchDecision, DispatchState};
use domain::{OfficerId, TaskId, Time, UserId, identity};
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use store::Result;
use store::dispatch::{DispatchRepo, decode_decision, encode_decision};

use crate::row::Fields;
use crate::statement::sql;
use crate::tx::PgTx;

fn state(row: &PgRow) -> Result<DispatchState> {
    let fields = Fields::of("despachos", row);
    Ok(DispatchState {
        task: TaskId(fields.get("tarea_id")?),
        round: count(fields.get("ronda")?),
        round_started: fields.get("ronda_desde")?,
        step: count(fields.get("paso")?),
        due_at: fields.get("proximo_en")?,
        taken_by: fields.get::<Option<i64>>("tomado_por")?.map(UserId),
        taken_at: fields.get("tomado_en")?,
        joined_calls: count(fields.get("llamadas_unidas")?),
    })
}

/// A count, which a column holds with a sign.
fn count(stored: i32) -> u32 {
    stored.try_into().unwrap_or_default()
}

fn stored(count: u32) -> i32 {
    count.try_into().unwrap_or(i32::MAX)
}

fn task_ids(rows: &[PgRow]) -> Result<Vec<TaskId>> {
    rows.iter().map(|row| Fields::of("tareas", row).get("id").map(TaskId)).collect()
}

#[async_trait]
impl DispatchRepo for PgTx {
    async fn state(&mut self, task: TaskId) -> Result<Option<DispatchState>> {
        Ok(self.states(&[task]).await?.pop())
    }

    async fn states(&mut self, tasks: &[TaskId]) -> Result<Vec<DispatchState>> {
        const SQL: &str = "SELECT tarea_id, ronda, ronda_desde, paso, proximo_en, tomado_por, tomado_en, \
            llamadas_unidas FROM despachos WHERE tarea_id = ANY($1) ORDER BY tarea_id";
        let ids: Vec<i64> = tasks.iter().map(|task| task.0).collect();
        self.all(sql(SQL).bind(ids)).await?.iter().map(state).collect()
    }

    async fn put_state(&mut self, state: &DispatchState) -> Result<()> {
        const SQL: &str = "INSERT INTO despachos (tarea_id, ronda, ronda_desde, paso, proximo_en, tomado_por, \
            tomado_en, llamadas_unidas) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (tarea_id) DO UPDATE SET \
            ronda = excluded.ronda, ronda_desde = excluded.ronda_desde, paso = excluded.paso, \
            proximo_en = excluded.proximo_en, tomado_por = excluded.tomado_por, tomado_en = excluded.tomado_en, \
            llamadas_unidas = excluded.llamadas_unidas";
        let statement = sql(SQL)
            .bind(state.task.0)
            .bind(stored(state.round))
            .bind(state.round_started)
            .bind(stored(state.step))
            .bind(state.due_at)
            .bind(state.taken_by.map(|user| user.0))
            .bind(state.taken_at)
            .bind(stored(state.joined_calls));
        self.change(statement).await?;
        Ok(())
    }

    async fn due(&mut self, now: Time, limit: u32) -> Result<Vec<TaskId>> {
        const SQL: &str = "SELECT tarea_id AS id FROM despachos WHERE proximo_en IS NOT NULL AND proximo_en <= $1 \
            ORDER BY proximo_en, tarea_id LIMIT $2";
        task_ids(&self.all(sql(SQL).bind(now).bind(i64::from(limit))).await?)
    }

    async fn take_step(&mut self, task: TaskId, round: u32, step: u32, at: Time) -> Result<()> {
        const SQL: &str = "INSERT INTO escalamientos (tarea_id, ronda, paso, ocurrido_en) VALUES ($1, $2, $3, $4)";
        self.change(sql(SQL).bind(task.0).bind(stored(round)).bind(stored(step)).bind(at)).await?;
        Ok(())
    }

    async fn push_decision(&mut self, decision: &DispatchDecision) -> Result<()> {
        const SQL: &str = "INSERT INTO decisiones_despacho (tarea_id, tomada_en, contenido) VALUES ($1, $2, $3)";
        let content = Json(encode_decision(decision)?);
        self.change(sql(SQL).bind(decision.task.0).bind(decision.at).bind(content)).await?;
        Ok(())
    }

    async fn decisions(&mut self, task: TaskId) -> Result<Vec<DispatchDecision>> {
        const SQL: &str = "SELECT contenido FROM decisiones_despacho WHERE tarea_id = $1 ORDER BY id";
        let rows = self.all(sql(SQL).bind(task.0)).await?;
        let mut decisions = Vec::with_capacity(rows.len());
        for row in &rows {
            let stored = Fields::of("decisiones_despacho", row).json("contenido")?;
            decisions.extend(decode_decision(serde_json::Value::Object(stored)));
        }
        Ok(decisions)
    }

    async fn unattended(&mut self, limit: u32) -> Result<Vec<TaskId>> {
        const SQL: &str = "SELECT id FROM tareas t WHERE emergencia AND deleted_at IS NULL \
            AND estado IN ('programada', 'en_curso', 'pausada') AND NOT espera_efectivo \
            AND NOT EXISTS (SELECT 1 FROM tarea_efectivos te WHERE te.tarea_id = t.id) ORDER BY id LIMIT $1";
        task_ids(&self.all(sql(SQL).bind(i64::from(limit))).await?)
    }

    async fn waiting_since(&mut self) -> Result<(Option<Time>, i64)> {
        const SQL: &str = "SELECT min(created_at) AS desde, count(*) AS cuantas FROM tareas \
            WHERE espera_efectivo AND deleted_at IS NULL";
        let row = self.only(sql(SQL)).await?;
        let fields = Fields::of("tareas", &row);
        Ok((fields.get("desde")?, fields.get("cuantas")?))
    }

    async fn slots_of_caller(&mut self, caller: UserId, since: Time, limit: u32) -> Result<Vec<Time>> {
        const SQL: &str = "SELECT coalesce(despacho_desde, created_at) AS turno FROM tareas \
            WHERE emergencia AND creado_por_usuario_id = $1 AND created_at >= $2 - interval '1 day' \
            AND coalesce(despacho_desde, created_at) >= $2 ORDER BY turno DESC LIMIT $3";
        let rows = self.all(sql(SQL).bind(caller.0).bind(since).bind(i64::from(limit))).await?;
        rows.iter().map(|row| Fields::of("tareas", row).get("turno")).collect()
    }

    async fn is_import_unlinked(&mut self) -> Result<bool> {
        const SQL: &str = "SELECT importada_en IS NOT NULL AND NOT EXISTS (SELECT 1 FROM efectivos e \
            JOIN usuarios u ON u.id = e.usuario_id WHERE e.deleted_at IS NULL AND u.deleted_at IS NULL \
            AND u.telegram_id IS NOT NULL) AS sin_vinculos FROM meta";
        Fields::of("meta", &self.only(sql(SQL)).await?).get("sin_vinculos")
    }

    async fn mark_imported(&mut self, at: Time) -> Result<()> {
        self.change(sql("UPDATE meta SET importada_en = $1").bind(at)).await?;
        Ok(())
    }

    async fn without_position(&mut self, unit: Option<&str>, limit: u32) -> Result<Vec<OfficerId>> {
        const SQL: &str = "SELECT e.id FROM efectivos e WHERE e.deleted_at IS NULL \
            AND e.estado_disponibilidad = 'disponible' \
            AND NOT EXISTS (SELECT 1 FROM posiciones_actuales p WHERE p.efectivo_id = e.id) \
            AND ($2::text IS NULL OR e.unidad_plegada = $2) ORDER BY e.id LIMIT $1";
        let rows = self.all(sql(SQL).bind(i64::from(limit)).bind(unit.map(identity::unit))).await?;
        rows.iter().map(|row| Fields::of("efectivos", row).get("id").map(OfficerId)).collect()
    }
}
