//! `metricas_tareas`.

use async_trait::async_trait;
use chrono::TimeDelta;
use domain::metrics::{Spread, TaskMetrics};
use domain::{Priority, TaskKind};
use sqlx::sqlite::SqliteRow;
use store::Result;
use store::metrics::MetricsRepo;

use crate::row::{Fields, micros};
use crate::tx::SqliteTx;

fn metrics(row: &SqliteRow) -> Result<TaskMetrics> {
    let fields = Fields::of("metricas_tareas", row);
    let spread = match fields.get::<Option<f64>>("tiempo_promedio_horas")? {
        None => None,
        Some(mean) => Some(Spread {
            mean,
            p25: fields.get("duracion_p25")?,
            p50: fields.get("duracion_p50")?,
            p75: fields.get("duracion_p75")?,
            min: fields.get("duracion_min")?,
            max: fields.get("duracion_max")?,
        }),
    };
    Ok(TaskMetrics {
        kind: fields.word("tipo_tarea")?,
        priority: fields.checked::<i64, _>("prioridad")?,
        total: fields.get("total_tareas")?,
        total_hours: fields.get("total_horas")?,
        success_rate: fields.get("tasa_exito")?,
        spread,
        updated_at: fields.time("ultima_actualizacion")?,
    })
}

#[async_trait]
impl MetricsRepo for SqliteTx {
    async fn all(&mut self) -> Result<Vec<TaskMetrics>> {
        let sql = "SELECT * FROM metricas_tareas WHERE deleted_at IS NULL ORDER BY tipo_tarea, prioridad";
        self.rows(sqlx::query(sql)).await?.iter().map(metrics).collect()
    }

    async fn outdated(&mut self, overlap: TimeDelta) -> Result<Vec<(TaskKind, Priority)>> {
        // The newest end of each pair comes from ix_tareas_terminadas. A task that was called off
        // before it began has no end; it ended when it last changed.
        let statement = sqlx::query(
            "SELECT t.tipo, t.prioridad FROM (SELECT tipo, prioridad, max(coalesce(fin_real, updated_at)) AS fin \
             FROM tareas WHERE estado IN ('finalizada', 'cancelada') AND deleted_at IS NULL GROUP BY tipo, prioridad) t \
             LEFT JOIN metricas_tareas m ON m.tipo_tarea = t.tipo AND m.prioridad = t.prioridad \
             WHERE m.id IS NULL OR t.fin > m.ultima_actualizacion - ? ORDER BY t.tipo, t.prioridad",
        );
        let rows = self.rows(statement.bind(overlap.num_microseconds().unwrap_or(i64::MAX))).await?;
        let pair = |row| {
            let fields = Fields::of("tareas", row);
            Ok((fields.word("tipo")?, fields.checked::<i64, _>("prioridad")?))
        };
        rows.iter().map(pair).collect()
    }

    async fn durations(&mut self, kind: TaskKind, priority: Priority) -> Result<(Vec<f64>, u64)> {
        let statement = sqlx::query(
            "SELECT estado, duracion_real_horas FROM tareas WHERE tipo = ? AND prioridad = ? \
             AND estado IN ('finalizada', 'cancelada') AND deleted_at IS NULL",
        );
        let (mut hours, mut cancelled) = (Vec::new(), 0);
        for row in &self.rows(statement.bind(kind.as_str()).bind(priority.number())).await? {
            let fields = Fields::of("tareas", row);
            match fields.get::<&str>("estado")? {
                "cancelada" => cancelled += 1,
                _ => hours.push(fields.get("duracion_real_horas")?),
            }
        }
        Ok((hours, cancelled))
    }

    async fn put(&mut self, row: &TaskMetrics) -> Result<()> {
        let statement = sqlx::query(
            "INSERT INTO metricas_tareas (tipo_tarea, prioridad, total_tareas, total_horas, tiempo_promedio_horas, \
             tasa_exito, duracion_p25, duracion_p50, duracion_p75, duracion_min, duracion_max, ultima_actualizacion, \
             created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12, ?12) \
             ON CONFLICT (tipo_tarea, prioridad) DO UPDATE SET total_tareas = excluded.total_tareas, \
             total_horas = excluded.total_horas, tiempo_promedio_horas = excluded.tiempo_promedio_horas, \
             tasa_exito = excluded.tasa_exito, duracion_p25 = excluded.duracion_p25, \
             duracion_p50 = excluded.duracion_p50, duracion_p75 = excluded.duracion_p75, \
             duracion_min = excluded.duracion_min, duracion_max = excluded.duracion_max, \
             ultima_actualizacion = excluded.ultima_actualizacion, updated_at = excluded.updated_at, \
             deleted_at = NULL",
        )
        .bind(row.kind.as_str())
        .bind(row.priority.number())
        .bind(row.total)
        .bind(row.total_hours)
        .bind(row.spread.map(|spread| spread.mean))
        .bind(row.success_rate)
        .bind(row.spread.map(|spread| spread.p25))
        .bind(row.spread.map(|spread| spread.p50))
        .bind(row.spread.map(|spread| spread.p75))
        .bind(row.spread.map(|spread| spread.min))
        .bind(row.spread.map(|spread| spread.max))
        .bind(micros(row.updated_at));
        self.run(statement).await?;
        Ok(())
    }
}
