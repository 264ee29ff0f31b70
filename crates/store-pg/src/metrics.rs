//! `metricas_tareas`.

use async_trait::async_trait;
use chrono::TimeDelta;
use domain::metrics::{Spread, TaskMetrics};
use domain::{Priority, TaskKind};
use sqlx::postgres::PgRow;
use store::Result;
use store::metrics::MetricsRepo;

use crate::row::Fields;
use crate::statement::{Statement, composed, sql};
use crate::tx::PgTx;

fn metrics(row: &PgRow) -> Result<TaskMetrics> {
    let fields = Fields::of("metricas_tareas", row);
    let spread = match fields.get::<Option<f64>>("tiempo_promedio_horas")? {
        Some(mean) => Some(Spread {
            mean,
            p25: fields.get("duracion_p25")?,
            p50: fields.get("duracion_p50")?,
            p75: fields.get("duracion_p75")?,
            min: fields.get("duracion_min")?,
            max: fields.get("duracion_max")?,
        }),
        None => None,
    };
    Ok(TaskMetrics {
        kind: fields.word("tipo_tarea")?,
        priority: fields.grade("prioridad")?,
        total: fields.get("total_tareas")?,
        total_hours: fields.get("total_horas")?,
        success_rate: fields.get("tasa_exito")?,
        spread,
        updated_at: fields.get("ultima_actualizacion")?,
    })
}

const INSERT: &str = "INSERT INTO metricas_tareas (tipo_tarea, prioridad, total_tareas, total_horas, \
    tiempo_promedio_horas, tasa_exito, duracion_p25, duracion_p50, duracion_p75, duracion_min, duracion_max, \
    ultima_actualizacion, created_at, updated_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $12) ON CONFLICT (tipo_tarea, prioridad) ";

fn fields(statement: Statement, row: &TaskMetrics) -> Statement {
    let spread = |value: fn(&Spread) -> f64| row.spread.as_ref().map(value);
    statement
        .bind(row.kind.as_str())
        .bind(i16::from(row.priority.number()))
        .bind(row.total)
        .bind(row.total_hours)
        .bind(spread(|spread| spread.mean))
        .bind(row.success_rate)
        .bind(spread(|spread| spread.p25))
        .bind(spread(|spread| spread.p50))
        .bind(spread(|spread| spread.p75))
        .bind(spread(|spread| spread.min))
        .bind(spread(|spread| spread.max))
        .bind(row.updated_at)
}

/// Adds a row, unless there is one of its kind and priority.
pub(crate) fn import(row: &TaskMetrics) -> Statement {
    fields(composed(format!("{INSERT} DO NOTHING")), row)
}

#[async_trait]
impl MetricsRepo for PgTx {
    async fn all(&mut self) -> Result<Vec<TaskMetrics>> {
        const SQL: &str = "SELECT tipo_tarea, prioridad, total_tareas, total_horas, tiempo_promedio_horas, tasa_exito, \
            duracion_p25, duracion_p50, duracion_p75, duracion_min, duracion_max, ultima_actualizacion \
            FROM metricas_tareas WHERE deleted_at IS NULL ORDER BY tipo_tarea COLLATE \"C\", prioridad";
        PgTx::all(self, sql(SQL)).await?.iter().map(metrics).collect()
    }

    async fn outdated(&mut self, overlap: TimeDelta) -> Result<Vec<(TaskKind, Priority)>> {
        // A task that has ended is dated with its last change: a cancelled one need not have an end.
        const SQL: &str = "SELECT DISTINCT t.tipo, t.prioridad FROM tareas t \
            LEFT JOIN metricas_tareas m ON m.tipo_tarea = t.tipo AND m.prioridad = t.prioridad \
            WHERE t.estado IN ('finalizada', 'cancelada') AND t.deleted_at IS NULL \
            AND (m.id IS NULL OR t.updated_at > m.ultima_actualizacion - $1 * interval '1 microsecond') \
            ORDER BY t.tipo, t.prioridad";
        let overlap = overlap.num_microseconds().unwrap_or(i64::MAX);
        #[expect(clippy::cast_precision_loss, reason = "overlaps are minutes, far below 2^53 microseconds")]
        let rows = PgTx::all(self, sql(SQL).bind(overlap as f64)).await?;
        let pair = |row: &PgRow| {
            let fields = Fields::of("tareas", row);
            Ok((fields.word("tipo")?, fields.grade("prioridad")?))
        };
        rows.iter().map(pair).collect()
    }

    async fn durations(&mut self, kind: TaskKind, priority: Priority) -> Result<(Vec<f64>, u64)> {
        const SQL: &str = "SELECT coalesce(array_agg(duracion_real_horas) \
            FILTER (WHERE estado = 'finalizada' AND duracion_real_horas IS NOT NULL), '{}') AS horas, \
            count(*) FILTER (WHERE estado = 'cancelada') AS canceladas FROM tareas \
            WHERE tipo = $1 AND prioridad = $2 AND estado IN ('finalizada', 'cancelada') AND deleted_at IS NULL";
        let row = self.only(sql(SQL).bind(kind.as_str()).bind(i16::from(priority.number()))).await?;
        let fields = Fields::of("tareas", &row);
        Ok((fields.get("horas")?, u64::try_from(fields.get::<i64>("canceladas")?).unwrap_or(0)))
    }

    async fn put(&mut self, row: &TaskMetrics) -> Result<()> {
        const REPLACE: &str = "DO UPDATE SET total_tareas = excluded.total_tareas, total_horas = excluded.total_horas, \
            tiempo_promedio_horas = excluded.tiempo_promedio_horas, tasa_exito = excluded.tasa_exito, \
            duracion_p25 = excluded.duracion_p25, duracion_p50 = excluded.duracion_p50, \
            duracion_p75 = excluded.duracion_p75, duracion_min = excluded.duracion_min, \
            duracion_max = excluded.duracion_max, ultima_actualizacion = excluded.ultima_actualizacion, \
            updated_at = excluded.updated_at, deleted_at = NULL";
        self.change(fields(composed(format!("{INSERT}{REPLACE}")), row)).await?;
        Ok(())
    }
}
