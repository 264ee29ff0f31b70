//! Counts for people and screens.

use async_trait::async_trait;
use domain::{Time, UserId};
use store::Result;
use store::stats::{Overview, StatsRepo, UserStats};

use crate::row::{Fields, micros};
use crate::tx::SqliteTx;

#[async_trait]
impl StatsRepo for SqliteTx {
    async fn of_user(&mut self, user: UserId, since: Time) -> Result<UserStats> {
        let statement = sqlx::query(
            "SELECT count(*) AS total, count(*) FILTER (WHERE estado = 'finalizada') AS finalizadas, \
             count(*) FILTER (WHERE estado = 'en_curso') AS en_curso, \
             count(*) FILTER (WHERE estado = 'programada') AS programadas, \
             count(*) FILTER (WHERE estado = 'cancelada') AS canceladas, \
             count(*) FILTER (WHERE estado = 'pausada') AS pausadas, \
             avg(duracion_real_horas) FILTER (WHERE estado = 'finalizada') AS horas \
             FROM tareas WHERE delegado_usuario_id = ? AND created_at >= ? AND deleted_at IS NULL",
        );
        let row = self.only(statement.bind(user.0).bind(micros(since))).await?;
        let fields = Fields::of("tareas", &row);
        Ok(UserStats {
            total: fields.get("total")?,
            finished: fields.get("finalizadas")?,
            in_progress: fields.get("en_curso")?,
            scheduled: fields.get("programadas")?,
            cancelled: fields.get("canceladas")?,
            paused: fields.get("pausadas")?,
            mean_hours: fields.get("horas")?,
        })
    }

    async fn overview(&mut self) -> Result<Overview> {
        let tasks = sqlx::query(
            "SELECT count(*) AS total, count(*) FILTER (WHERE estado = 'en_curso') AS en_curso, \
             count(*) FILTER (WHERE estado = 'finalizada') AS finalizadas, \
             count(*) FILTER (WHERE estado = 'programada') AS programadas, \
             (SELECT count(*) FROM tareas WHERE espera_efectivo = 1 AND deleted_at IS NULL) AS esperan, \
             (SELECT count(*) FROM usuarios WHERE deleted_at IS NULL) AS usuarios \
             FROM tareas WHERE deleted_at IS NULL",
        );
        let officers = sqlx::query(
            "SELECT count(*) AS total, count(*) FILTER (WHERE estado_disponibilidad = 'disponible') AS disponibles, \
             count(*) FILTER (WHERE estado_disponibilidad = 'en_tarea') AS en_tarea \
             FROM efectivos WHERE deleted_at IS NULL",
        );
        let (tasks, officers) = (self.only(tasks).await?, self.only(officers).await?);
        let (tasks, officers) = (Fields::of("tareas", &tasks), Fields::of("efectivos", &officers));
        Ok(Overview {
            tasks: tasks.get("total")?,
            in_progress: tasks.get("en_curso")?,
            finished: tasks.get("finalizadas")?,
            scheduled: tasks.get("programadas")?,
            waiting: tasks.get("esperan")?,
            officers: officers.get("total")?,
            available: officers.get("disponibles")?,
            on_task: officers.get("en_tarea")?,
            users: tasks.get("usuarios")?,
        })
    }
}
