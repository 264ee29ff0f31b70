//! What reports read.

use async_trait::async_trait;
use chrono::TimeDelta;
use domain::report::{Milestone, Reached, Roster, TaskFact};
use domain::{OfficerId, TaskId, Time, identity};
use sqlx::postgres::PgRow;
use store::Result;
use store::report::{ReportFilter, ReportRepo};

use crate::row::Fields;
use crate::statement::{is_unheard_of, sql};
use crate::tx::PgTx;

#[async_trait]
impl ReportRepo for PgTx {
    async fn facts(
        &mut self,
        filter: &ReportFilter,
        after: Option<(Time, TaskId)>,
        limit: u32,
    ) -> Result<Vec<TaskFact>> {
        const SQL: &str = "SELECT t.id, t.tipo, t.prioridad, t.estado, t.created_at, t.inicio_real, t.fin_real, \
            t.emergencia, t.inicio_programado, t.tiempo_pausado_us, t.ubicacion_lat, t.ubicacion_lon, te.efectivos, \
            p.asignada, p.avisada, p.aceptada, p.en_camino, p.en_lugar, p.liberada FROM tareas t \
            LEFT JOIN LATERAL (SELECT array_agg(a.efectivo_id ORDER BY a.efectivo_id) AS efectivos \
            FROM tarea_efectivos a WHERE a.tarea_id = t.id) te ON true \
            LEFT JOIN LATERAL (SELECT min(s.ocurrido_en) FILTER (WHERE s.estado = 'asignada') AS asignada, \
            min(s.ocurrido_en) FILTER (WHERE s.estado = 'avisada') AS avisada, \
            min(s.ocurrido_en) FILTER (WHERE s.estado = 'aceptada') AS aceptada, \
            min(s.ocurrido_en) FILTER (WHERE s.estado = 'en_camino') AS en_camino, \
            min(s.ocurrido_en) FILTER (WHERE s.estado = 'en_lugar') AS en_lugar, \
            min(s.ocurrido_en) FILTER (WHERE s.estado = 'liberada') AS liberada \
            FROM asignaciones a JOIN asignacion_pasos s ON s.asignacion_id = a.id WHERE a.tarea_id = t.id) p ON true \
            WHERE t.deleted_at IS NULL AND t.created_at >= $1 AND t.created_at < $2 AND (t.created_at, t.id) > ($3, $4) \
            AND ($5::text IS NULL OR EXISTS (SELECT 1 FROM tarea_efectivos b JOIN efectivos e ON e.id = b.efectivo_id \
            WHERE b.tarea_id = t.id AND e.unidad_plegada = $5)) ORDER BY t.created_at, t.id LIMIT $6";
        if filter.unit.as_deref().is_some_and(is_unheard_of) {
            return Ok(Vec::new());
        }
        let (at, id) = after.unwrap_or((filter.from, TaskId(0)));
        let statement = sql(SQL).bind(filter.from).bind(filter.until).bind(at).bind(id.0);
        let statement = statement.bind(filter.unit.as_deref().map(identity::unit)).bind(i64::from(limit));
        self.all(statement).await?.iter().map(fact).collect()
    }

    async fn roster(&mut self) -> Result<Vec<Roster>> {
        const SQL: &str = "SELECT e.id, e.codigo_interno, e.unidad, u.nombre, u.apellido FROM efectivos e \
            JOIN usuarios u ON u.id = e.usuario_id ORDER BY e.id";
        self.all(sql(SQL)).await?.iter().map(member).collect()
    }
}

fn fact(row: &PgRow) -> Result<TaskFact> {
    let fields = Fields::of("tareas", row);
    let officers: Option<Vec<i64>> = fields.get("efectivos")?;
    let mut reached = Reached::default();
    for milestone in Milestone::ALL {
        if let Some(at) = fields.get::<Option<Time>>(milestone.as_str())? {
            reached.record(*milestone, at);
        }
    }
    Ok(TaskFact {
        id: TaskId(fields.get("id")?),
        kind: fields.word("tipo")?,
        priority: fields.grade("prioridad")?,
        state: fields.word("estado")?,
        emergency: fields.get("emergencia")?,
        created_at: fields.get("created_at")?,
        scheduled_start: fields.get("inicio_programado")?,
        started_at: fields.get("inicio_real")?,
        finished_at: fields.get("fin_real")?,
        paused_total: TimeDelta::microseconds(fields.get("tiempo_pausado_us")?),
        location: fields.maybe_point("ubicacion_lat", "ubicacion_lon")?,
        officers: officers.unwrap_or_default().into_iter().map(OfficerId).collect(),
        reached,
    })
}

fn member(row: &PgRow) -> Result<Roster> {
    let fields = Fields::of("efectivos", row);
    Ok(Roster {
        id: OfficerId(fields.get("id")?),
        internal_code: fields.text("codigo_interno")?,
        given_name: fields.text("nombre")?,
        family_name: fields.maybe_text("apellido")?,
        unit: fields.maybe_text("unidad")?,
    })
}
