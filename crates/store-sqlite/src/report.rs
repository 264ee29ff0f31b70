//! What reports read.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::TimeDelta;
use domain::report::{Milestone, Reached, Roster, TaskFact};
use domain::{OfficerId, TaskId, Time, identity};
use sqlx::QueryBuilder;
use sqlx::sqlite::SqliteRow;
use store::Result;
use store::report::{ReportFilter, ReportRepo};

use crate::row::{Fields, micros};
use crate::tx::SqliteTx;

#[async_trait]
impl ReportRepo for SqliteTx {
    async fn facts(
        &mut self,
        filter: &ReportFilter,
        after: Option<(Time, TaskId)>,
        limit: u32,
    ) -> Result<Vec<TaskFact>> {
        let mut query = QueryBuilder::new(
            "SELECT t.id, t.tipo, t.prioridad, t.estado, t.created_at, t.inicio_real, t.fin_real, \
             t.emergencia, t.inicio_programado, t.tiempo_pausado_us, t.ubicacion_lat, t.ubicacion_lon, \
             (SELECT json_group_array(te.efectivo_id ORDER BY te.efectivo_id) FROM tarea_efectivos te \
             WHERE te.tarea_id = t.id) AS efectivos, \
             (SELECT json_group_object(first.estado, first.at) FROM (SELECT s.estado, min(s.ocurrido_en) AS at \
             FROM asignaciones a JOIN asignacion_pasos s ON s.asignacion_id = a.id WHERE a.tarea_id = t.id \
             GROUP BY s.estado) first) AS pasos \
             FROM tareas t WHERE t.deleted_at IS NULL AND t.created_at < ",
        );
        query.push_bind(micros(filter.until)).push(" AND t.created_at >= ").push_bind(micros(filter.from));
        if let Some((at, id)) = after {
            query.push(" AND (t.created_at, t.id) > (").push_bind(micros(at)).push(", ").push_bind(id.0).push(")");
        }
        if let Some(unit) = &filter.unit {
            query.push(
                " AND EXISTS (SELECT 1 FROM tarea_efectivos te JOIN efectivos e ON e.id = te.efectivo_id \
                 WHERE te.tarea_id = t.id AND e.unidad_plegada = ",
            );
            query.push_bind(identity::unit(unit)).push(")");
        }
        query.push(" ORDER BY t.created_at, t.id LIMIT ").push_bind(limit);
        self.rows(query.build()).await?.iter().map(fact).collect()
    }

    async fn roster(&mut self) -> Result<Vec<Roster>> {
        let statement = sqlx::query(
            "SELECT e.id, e.codigo_interno, e.unidad, u.nombre, u.apellido FROM efectivos e \
             JOIN usuarios u ON u.id = e.usuario_id ORDER BY e.id",
        );
        self.rows(statement).await?.iter().map(member).collect()
    }
}

fn fact(row: &SqliteRow) -> Result<TaskFact> {
    let fields = Fields::of("tareas", row);
    let first_times: BTreeMap<String, i64> = fields.json("pasos")?;
    let mut reached = Reached::default();
    for milestone in Milestone::ALL {
        if let Some(micros) = first_times.get(milestone.as_str()) {
            reached.record(*milestone, fields.instant("pasos", *micros)?);
        }
    }
    Ok(TaskFact {
        id: TaskId(fields.get("id")?),
        kind: fields.word("tipo")?,
        priority: fields.checked::<i64, _>("prioridad")?,
        state: fields.word("estado")?,
        emergency: fields.get("emergencia")?,
        created_at: fields.time("created_at")?,
        scheduled_start: fields.time("inicio_programado")?,
        started_at: fields.maybe_time("inicio_real")?,
        finished_at: fields.maybe_time("fin_real")?,
        paused_total: TimeDelta::microseconds(fields.get("tiempo_pausado_us")?),
        location: fields.maybe_point("ubicacion_lat", "ubicacion_lon")?,
        officers: fields.json("efectivos")?,
        reached,
    })
}

fn member(row: &SqliteRow) -> Result<Roster> {
    let fields = Fields::of("efectivos", row);
    Ok(Roster {
        id: OfficerId(fields.get("id")?),
        internal_code: fields.text("codigo_interno")?,
        given_name: fields.text("nombre")?,
        family_name: fields.maybe_text("apellido")?,
        unit: fields.maybe_text("unidad")?,
    })
}
