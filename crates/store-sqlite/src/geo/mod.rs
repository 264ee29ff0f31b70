//! Who and what is near.

mod search;

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;
use domain::dispatch::{Criteria, Nearby, Standing};
use domain::{GeoBox, OfficerId, Point, Position, Task, TaskState, Time, UserId, geodesy};
use sqlx::QueryBuilder;
use sqlx::sqlite::SqliteRow;
use store::Result;
use store::geo::GeoRepo;

use crate::officer::{officer, officer_columns};
use crate::page::numbers;
use crate::row::{Fields, json, micros};
use crate::task::row::{task, task_columns};
use crate::tx::SqliteTx;
pub(crate) use search::Reach;
use search::{Conditions, Found, Rank, Wanted};

/// What [`Standing`] holds, of officers `e` of users `u`.
macro_rules! standing_columns {
    () => {
        "u.verificado = 1 AND u.deleted_at IS NULL AS cuenta_activa, \
         u.telegram_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM telegram_chats c WHERE c.chat_id = u.telegram_id \
         AND c.bloqueado_en IS NOT NULL) AS con_telegram, \
         (SELECT min(a.corre_desde) FROM asignaciones a JOIN tareas ta ON ta.id = a.tarea_id \
         WHERE a.efectivo_id = e.id AND a.estado NOT IN ('liberada', 'rechazada', 'relevada') \
         AND a.estado IN ('ofrecida', 'asignada', 'avisada', 'vencida') AND ta.deleted_at IS NULL \
         AND ta.estado IN ('programada', 'en_curso', 'pausada')) AS sin_responder_desde"
    };
}

/// What [`nearby`] reads, of officers `e` with a position `p`.
macro_rules! select_nearby {
    ($from:literal) => {
        concat!(
            "SELECT ",
            officer_columns!(),
            ", p.lat, p.lon, p.precision_m, p.medida_en, p.recibida_en, ",
            standing_columns!(),
            " FROM ",
            $from,
            " CROSS JOIN efectivos e ON e.id = p.efectivo_id CROSS JOIN usuarios u ON u.id = e.usuario_id \
             WHERE e.deleted_at IS NULL"
        )
    };
}

fn nearby(row: &SqliteRow, distance_m: f64) -> Result<Nearby> {
    let officer = officer(row)?;
    let fields = Fields::of("posiciones_actuales", row);
    let position = Position {
        officer: officer.id,
        point: fields.point("lat", "lon")?,
        accuracy_m: fields.get("precision_m")?,
        measured_at: fields.time("medida_en")?,
        received_at: fields.time("recibida_en")?,
        reported_by: None,
    };
    let standing = Standing {
        active_account: fields.get("cuenta_activa")?,
        has_telegram: fields.get("con_telegram")?,
        unanswered_from: fields.maybe_time("sin_responder_desde")?,
    };
    Ok(Nearby { officer, position, distance_m, standing })
}

impl SqliteTx {
    /// The officers that were found, whole, in the same order.
    async fn whole(&mut self, found: &[Found]) -> Result<Vec<Nearby>> {
        const SQL: &str = select_nearby!("json_each(?) j CROSS JOIN posiciones_actuales p ON p.efectivo_id = j.value");
        let ids: Vec<OfficerId> = found.iter().map(|it| OfficerId(it.id)).collect();
        let distances: HashMap<i64, f64> = found.iter().map(|it| (it.id, it.distance_m)).collect();
        let rows = self.rows(sqlx::query(SQL).bind(numbers(&ids)?)).await?;
        let mut officers = Vec::with_capacity(rows.len());
        for row in &rows {
            let id: i64 = Fields::of("efectivos", row).get("id")?;
            officers.push(nearby(row, distances.get(&id).copied().unwrap_or_default())?);
        }
        officers.sort_by(|a, b| a.distance_m.total_cmp(&b.distance_m).then(a.officer.id.cmp(&b.officer.id)));
        Ok(officers)
    }
}

impl SqliteTx {
    async fn eligible(&mut self, criteria: &Criteria, now: Time, limit: u32, rank: Rank) -> Result<Vec<Found>> {
        let conditions = Conditions::new(criteria, now, rank)?;
        let limit = size(limit);
        match self.nearest_of_few(&conditions, criteria.point, criteria.radius_m, limit).await? {
            Some(found) => Ok(found),
            None => self.nearest(&Wanted::Eligible(&conditions), criteria.point, criteria.radius_m, limit).await,
        }
    }
}

fn size(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

#[async_trait]
impl GeoRepo for SqliteTx {
    async fn nearest_eligible(&mut self, criteria: &Criteria, now: Time, limit: u32) -> Result<Vec<Nearby>> {
        let found = self.eligible(criteria, now, limit, Rank::Any).await?;
        self.whole(&found).await
    }

    async fn nearest_first_choice(&mut self, criteria: &Criteria, now: Time, limit: u32) -> Result<Vec<Nearby>> {
        let found = self.eligible(criteria, now, limit, Rank::First).await?;
        self.whole(&found).await
    }

    async fn officer_seen(&mut self, officer: OfficerId, point: Point) -> Result<Option<Nearby>> {
        let mut seen = self.whole(&[Found { id: officer.0, distance_m: 0.0 }]).await?;
        Ok(seen.pop().map(|one| {
            let distance_m = geodesy::distance_m(point, one.position.point);
            Nearby { distance_m, ..one }
        }))
    }

    async fn nearest_judged(
        &mut self,
        criteria: &Criteria,
        now: Time,
        limit: u32,
        most: u32,
    ) -> Result<(Vec<Nearby>, Vec<Nearby>)> {
        let mut found = self.eligible(criteria, now, limit, Rank::Any).await?;
        let eligible: HashSet<i64> = found.iter().map(|it| it.id).collect();
        let reach = criteria.reach(found.len(), found.last().map(|last| last.distance_m), limit);
        let around = self.nearest(&Wanted::Officers, criteria.point, reach, size(most)).await?;
        let near: HashSet<i64> = around.iter().map(|it| it.id).collect();
        // Each is read once, though most are in both.
        found.extend(around.into_iter().filter(|it| !eligible.contains(&it.id)));
        let whole = self.whole(&found).await?;
        let chosen = whole.iter().filter(|it| eligible.contains(&it.officer.id.0)).cloned().collect();
        Ok((chosen, whole.into_iter().filter(|it| near.contains(&it.officer.id.0)).collect()))
    }

    async fn officers_around(&mut self, point: Point, radius_m: f64, limit: u32) -> Result<Vec<Nearby>> {
        let found = self.nearest(&Wanted::Officers, point, radius_m, size(limit)).await?;
        self.whole(&found).await
    }

    async fn officers_in(&mut self, area: GeoBox, after: Option<OfficerId>, limit: u32) -> Result<Vec<Nearby>> {
        let mut query = QueryBuilder::new(select_nearby!("posiciones_actuales p"));
        query.push(" AND p.efectivo_id > ").push_bind(after.map_or(i64::MIN, |officer| officer.0));
        query.push(" AND (");
        for (index, part) in area.split().into_iter().enumerate() {
            query.push(if index == 0 { "" } else { " OR " });
            query.push("(p.lat BETWEEN ").push_bind(part.south).push(" AND ").push_bind(part.north);
            query.push(" AND p.lon BETWEEN ").push_bind(part.west).push(" AND ").push_bind(part.east).push(")");
        }
        query.push(") AND p.efectivo_id IN (");
        for (index, part) in Wanted::Officers.boxes(area).into_iter().enumerate() {
            query.push(if index == 0 { "" } else { " UNION ALL " });
            query.push("SELECT id FROM posiciones_rtree WHERE lat_max >= ").push_bind(part.south);
            query.push(" AND lat_min <= ").push_bind(part.north);
            query.push(" AND lon_max >= ").push_bind(part.west);
            query.push(" AND lon_min <= ").push_bind(part.east);
        }
        query.push(") ORDER BY p.efectivo_id LIMIT ").push_bind(limit);
        self.rows(query.build()).await?.iter().map(|row| nearby(row, 0.0)).collect()
    }

    async fn waiting_around(&mut self, point: Point, radius_m: f64, now: Time, limit: u32) -> Result<Vec<(Task, f64)>> {
        // Few wait at any time: all of them are in one small index, and measuring is cheap.
        let mut query = QueryBuilder::new(
            "SELECT t.id, t.ubicacion_lat AS lat, t.ubicacion_lon AS lon FROM tareas t WHERE t.espera_efectivo = 1 \
             AND t.deleted_at IS NULL AND t.ubicacion_lat IS NOT NULL",
        );
        query.push(" AND (t.despacho_desde IS NULL OR t.despacho_desde <= ").push_bind(micros(now)).push(")");
        let mut found = self.measured(query, point).await?;
        found.retain(|it| it.distance_m <= radius_m);
        self.whole_tasks(&search::first(found, size(limit))).await
    }

    async fn tasks_around(
        &mut self,
        point: Point,
        radius_m: f64,
        states: &[TaskState],
        visible_to: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<(Task, f64)>> {
        let wanted = Wanted::Tasks { states, visible_to };
        let found = self.nearest(&wanted, point, radius_m, size(limit)).await?;
        self.whole_tasks(&found).await
    }
}

impl SqliteTx {
    /// The tasks that were found, whole, in the same order.
    async fn whole_tasks(&mut self, found: &[Found]) -> Result<Vec<(Task, f64)>> {
        const SQL: &str = concat!(
            "SELECT ",
            task_columns!(),
            " FROM json_each(?) j CROSS JOIN tareas t ON t.id = j.value WHERE t.deleted_at IS NULL"
        );
        let ids: Vec<i64> = found.iter().map(|it| it.id).collect();
        let rows = self.rows(sqlx::query(SQL).bind(json(&ids)?)).await?;
        let mut tasks: HashMap<i64, Task> = HashMap::with_capacity(rows.len());
        for row in &rows {
            let task = task(row)?;
            tasks.insert(task.id.0, task);
        }
        Ok(found.iter().filter_map(|it| Some((tasks.remove(&it.id)?, it.distance_m))).collect())
    }
}
