//! Counts for people and screens.

use async_trait::async_trait;
use domain::{Time, UserId};
use store::Result;
use store::stats::{Overview, StatsRepo, UserStats};

use crate::row::Fields;
use crate::statement::sql;
use crate::tx::PgTx;

#[async_trait]
impl StatsRepo for PgTx {
    async fn of_user(&mut self, user: UserId, since: Time) -> Result<UserStats> {
        const SQL: &str = "SELECT count(*) AS total, \
            count(*) FILTER (WHERE estado = 'finalizada') AS finalizadas, \
            count(*) FILTER (WHERE estado = 'en_curso') AS en_curso, \
            count(*) FILTER (WHERE estado = 'programada') AS programadas, \
            count(*) FILTER (WHERE estado = 'cancelada') AS canceladas, \
            count(*) FILTER (WHERE estado = 'pausada') AS pausadas, \
            avg(duracion_real_horas) FILTER (WHERE estado = 'finalizada') AS promedio \
            FROM tareas WHERE delegado_usuario_id = $1 AND created_at >= $2 AND deleted_at IS NULL";
        let row = self.only(sql(SQL).bind(user.0).bind(since)).await?;
        let fields = Fields::of("tareas", &row);
        Ok(UserStats {
            total: fields.get("total")?,
            finished: fields.get("finalizadas")?,
            in_progress: fields.get("en_curso")?,
            scheduled: fields.get("programadas")?,
            cancelled: fields.get("canceladas")?,
            paused: fields.get("pausadas")?,
            mean_hours: fields.get("promedio")?,
        })
    }

    async fn overview(&mut self) -> Result<Overview> {
        const SQL: &str = "SELECT t.*, e.*, u.* FROM \
            (SELECT count(*) AS tareas, count(*) FILTER (WHERE estado = 'en_curso') AS en_curso, \
            count(*) FILTER (WHERE estado = 'finalizada') AS finalizadas, \
            count(*) FILTER (WHERE estado = 'programada') AS programadas, \
            count(*) FILTER (WHERE espera_efectivo) AS esperan FROM tareas WHERE deleted_at IS NULL) t, \
            (SELECT count(*) AS efectivos, count(*) FILTER (WHERE estado_disponibilidad = 'disponible') AS disponibles, \
            count(*) FILTER (WHERE estado_disponibilidad = 'en_tarea') AS en_tarea \
            FROM efectivos WHERE deleted_at IS NULL) e, \
            (SELECT count(*) AS usuarios FROM usuarios WHERE deleted_at IS NULL) u";
        let row = self.only(sql(SQL)).await?;
        let fields = Fields::of("tareas", &row);
        Ok(Overview {
            tasks: fields.get("tareas")?,
            in_progress: fields.get("en_curso")?,
            finished: fields.get("finalizadas")?,
            scheduled: fields.get("programadas")?,
            waiting: fields.get("esperan")?,
            officers: fields.get("efectivos")?,
            available: fields.get("disponibles")?,
            on_task: fields.get("en_tarea")?,
            users: fields.get("usuarios")?,
        })
    }
}
