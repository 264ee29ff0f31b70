//! The widening search: boxes of the R*Tree around a point, exact distances from there.

use std::sync::atomic::{AtomicU32, Ordering};

use domain::dispatch::Criteria;
use domain::geodesy::{box_around, distance_m};
use domain::{GeoBox, Point, TaskState, Time, UserId, identity};
use sqlx::{QueryBuilder, Sqlite};
use store::Result;

use crate::page::push_any;
use crate::row::{Fields, json, micros};
use crate::task::filter::push_visible_to;
use crate::tx::SqliteTx;

/// Radius of the very first box in metres.
const FIRST_M: u32 = 180;
/// Bounds of what later searches learn from earlier ones, metres.
const NEAREST_M: f64 = 20.0;
const FARTHEST_M: f64 = 5_000.0;
/// Rows of a box above which a narrower one is tried before all of them are measured.
const CROWD: usize = 1_024;
/// Longer than half of any great circle: within it lies everything.
const WHOLE_EARTH_M: f64 = 20_100_000.0;
/// Officers who could be sent, below which all of them are measured without the R*Tree.
const FEW: i64 = 512;

/// Something found, and how far it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) id: i64,
    pub(super) distance_m: f64,
}

/// Which of the eligible officers are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rank {
    /// All of them.
    Any,
    /// Those who are no last choice.
    First,
}

/// The rules of `Nearby::exclusion` but for the distance, and of `Nearby::last_choice`.
pub(super) struct Conditions {
    since: i64,
    now: i64,
    unit: Option<String>,
    barred: String,
    rank: Rank,
    max_accuracy_m: f64,
    on_screen: String,
}

impl Conditions {
    pub(super) fn new(criteria: &Criteria, now: Time, rank: Rank) -> Result<Self> {
        let since = now.checked_sub_signed(criteria.max_position_age).unwrap_or(Time::MIN_UTC);
        Ok(Self {
            since: micros(since),
            now: micros(now),
            unit: criteria.unit.as_deref().map(identity::unit),
            barred: json(&criteria.barred.keys().collect::<Vec<_>>())?,
            rank,
            max_accuracy_m: criteria.max_accuracy_m.min(f64::MAX),
            on_screen: json(&criteria.on_screen)?,
        })
    }

    /// Narrows a query over `posiciones_actuales p` and `efectivos e`.
    fn push(&self, query: &mut QueryBuilder<Sqlite>) {
        query.push(" AND p.disponible = 1 AND p.medida_en >= ").push_bind(self.since);
        if let Some(unit) = &self.unit {
            query.push(" AND e.unidad_plegada = ").push_bind(unit.to_owned());
        }
        if self.barred != "[]" {
            query.push(" AND p.efectivo_id NOT IN (SELECT value FROM json_each(");
            query.push_bind(self.barred.clone()).push("))");
        }
        if self.rank == Rank::First {
            query.push(" AND (p.precision_m IS NULL OR p.precision_m <= ").push_bind(self.max_accuracy_m);
            query.push(") AND (e.usuario_id IN (SELECT value FROM json_each(").push_bind(self.on_screen.clone());
            query.push(
                ")) OR EXISTS (SELECT 1 FROM usuarios u WHERE u.id = e.usuario_id AND u.telegram_id IS NOT NULL \
                 AND NOT EXISTS (SELECT 1 FROM telegram_chats c WHERE c.chat_id = u.telegram_id \
                 AND c.bloqueado_en IS NOT NULL))) AND NOT EXISTS (SELECT 1 FROM asignaciones a \
                 JOIN tareas ta ON ta.id = a.tarea_id WHERE a.efectivo_id = e.id \
                 AND a.estado NOT IN ('liberada', 'rechazada', 'relevada') \
                 AND a.estado IN ('ofrecida', 'asignada', 'avisada', 'vencida') AND ta.deleted_at IS NULL \
                 AND ta.estado IN ('programada', 'en_curso', 'pausada') AND a.corre_desde <= ",
            );
            query.push_bind(self.now).push(")");
        }
    }
}

/// What is looked for.
pub(super) enum Wanted<'a> {
    /// Officers who meet the conditions.
    Eligible(&'a Conditions),
    /// All officers who have a position.
    Officers,
    /// Tasks that have a place.
    Tasks { states: &'a [TaskState], visible_to: Option<UserId> },
}

impl Wanted<'_> {
    /// The query of those in `areas`, none of which may cross the antimeridian; coordinates exact.
    fn within(&self, areas: &[GeoBox], most: Option<usize>) -> QueryBuilder<Sqlite> {
        let mut query = QueryBuilder::new("");
        for (index, area) in areas.iter().enumerate() {
            query.push(if index == 0 { "" } else { " UNION ALL " });
            self.push_within(&mut query, *area);
        }
        if let Some(most) = most {
            query.push(" LIMIT ").push_bind(i64::try_from(most).unwrap_or(i64::MAX));
        }
        query
    }

    fn push_within(&self, query: &mut QueryBuilder<Sqlite>, area: GeoBox) {
        query.push(match self {
            Self::Eligible(_) | Self::Officers => {
                "SELECT p.efectivo_id AS id, p.lat, p.lon FROM posiciones_rtree r \
                 CROSS JOIN posiciones_actuales p ON p.efectivo_id = r.id \
                 CROSS JOIN efectivos e ON e.id = p.efectivo_id WHERE r.lat_max >= "
            }
            Self::Tasks { .. } => {
                "SELECT t.id, t.ubicacion_lat AS lat, t.ubicacion_lon AS lon FROM tareas_rtree r \
                 CROSS JOIN tareas t ON t.id = r.id WHERE t.deleted_at IS NULL AND r.lat_max >= "
            }
        });
        query.push_bind(area.south).push(" AND r.lat_min <= ").push_bind(area.north);
        query.push(" AND r.lon_max >= ").push_bind(area.west).push(" AND r.lon_min <= ").push_bind(area.east);
        match self {
            Self::Eligible(conditions) => conditions.push(query),
            Self::Officers => {
                query.push(" AND e.deleted_at IS NULL");
            }
            Self::Tasks { states, visible_to } => {
                push_any(query, "t.estado", states, |state| state.as_str().into());
                if let Some(user) = visible_to {
                    push_visible_to(query, *user);
                }
            }
        }
    }

    /// Boxes of the R*Tree that hold those of `area`.
    pub(super) fn boxes(&self, area: GeoBox) -> Vec<GeoBox> {
        let mut boxes = area.split();
        if matches!(self, Self::Officers) {
            // Those who cannot be sent stand further east: see the migration of `posiciones`.
            boxes.extend(boxes.clone().iter().map(|part| GeoBox {
                west: part.west + 1000.0,
                east: part.east + 1000.0,
                ..*part
            }));
        }
        boxes
    }
}

/// How far the last search had to look, metres: the next one probably has to as well.
pub(crate) struct Reach(AtomicU32);

impl Default for Reach {
    fn default() -> Self {
        Self(AtomicU32::new(FIRST_M))
    }
}

impl SqliteTx {
    /// Radius of the first box in metres: a little more than the last search needed, so that chance
    /// does not double it.
    fn first_reach(&self) -> f64 {
        f64::from(self.reach().map_or(FIRST_M, |reach| reach.0.load(Ordering::Relaxed))) * 1.4
    }

    fn note_reach(&self, reach_m: f64) {
        if let Some(reach) = self.reach() {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a few kilometres")]
            reach.0.store(reach_m.clamp(NEAREST_M, FARTHEST_M) as u32, Ordering::Relaxed);
        }
    }

    /// What is wanted within `radius_m` of `centre`, nearest first, equal distances by number, at
    /// most `limit`.
    pub(super) async fn nearest(
        &mut self,
        wanted: &Wanted<'_>,
        centre: Point,
        radius_m: f64,
        limit: usize,
    ) -> Result<Vec<Found>> {
        let radius_m = radius_m.min(WHOLE_EARTH_M);
        let crowd = CROWD.max(limit.saturating_mul(8));
        // `below` is a radius that holds too few.
        let (mut below, mut reach, mut most) = (0.0, self.first_reach().min(radius_m), Some(crowd));
        loop {
            let mut found = self.in_box(wanted, centre, box_around(centre, reach), most).await?;
            if most.is_some_and(|most| found.len() >= most) {
                let narrower = if below > 0.0 { f64::midpoint(below, reach) } else { reach / 4.0 };
                if narrower < 1.0 || narrower < below * 1.05 {
                    // As good as all of them are at one place.
                    most = None;
                } else {
                    reach = narrower;
                }
                continue;
            }
            // The corners of the box lie beyond `reach`, where others may be nearer than these.
            found.retain(|it| it.distance_m <= reach);
            if found.len() >= limit || reach >= radius_m {
                let found = first(found, limit);
                if let Some(last) = found.last().filter(|_| found.len() == limit) {
                    self.note_reach(last.distance_m);
                }
                return Ok(found);
            }
            below = reach;
            reach = (if found.is_empty() { reach * 4.0 } else { reach * 2.0 }).min(radius_m);
            most = Some(crowd);
        }
    }

    async fn in_box(
        &mut self,
        wanted: &Wanted<'_>,
        centre: Point,
        area: GeoBox,
        most: Option<usize>,
    ) -> Result<Vec<Found>> {
        self.measured(wanted.within(&wanted.boxes(area), most), centre).await
    }

    /// Runs a query of `id`, `lat` and `lon`, and measures what it gives.
    pub(super) async fn measured(&mut self, mut query: QueryBuilder<Sqlite>, centre: Point) -> Result<Vec<Found>> {
        let measure = |row| {
            let fields = Fields::of("posiciones_actuales", row);
            let point = fields.point("lat", "lon")?;
            Ok(Found { id: fields.get("id")?, distance_m: distance_m(centre, point) })
        };
        self.rows(query.build()).await?.iter().map(measure).collect()
    }

    /// The nearest of all who are eligible, when these are few; `None` when they are many.
    ///
    /// The widening search passes everybody who is near and available. When nearly all of them
    /// have old positions or are of another unit, that is far more than those who remain.
    pub(super) async fn nearest_of_few(
        &mut self,
        conditions: &Conditions,
        centre: Point,
        radius_m: f64,
        limit: usize,
    ) -> Result<Option<Vec<Found>>> {
        let counted = sqlx::query(
            "SELECT (SELECT count(*) FROM (SELECT 1 FROM posiciones_actuales \
             WHERE disponible = 1 AND medida_en >= ?1 LIMIT ?2)) AS recientes, \
             (SELECT count(*) FROM (SELECT 1 FROM efectivos WHERE estado_disponibilidad = 'disponible' \
             AND deleted_at IS NULL AND unidad_plegada = ?3 LIMIT ?2)) AS de_la_unidad, \
             ?4 = 0 AND (SELECT count(*) FROM (SELECT 1 FROM (SELECT id FROM usuarios WHERE telegram_id IS NOT NULL \
             AND deleted_at IS NULL UNION SELECT value FROM json_each(?5)) c JOIN efectivos e ON e.usuario_id = c.id \
             JOIN posiciones_actuales p ON p.efectivo_id = e.id WHERE p.disponible = 1 AND p.medida_en >= ?1 \
             LIMIT ?2)) < ?2 AS pocos_con_contacto",
        );
        let unit = conditions.unit.as_deref();
        let is_any = conditions.rank == Rank::Any;
        let counted = counted.bind(conditions.since).bind(FEW).bind(unit).bind(is_any);
        let row = self.only(counted.bind(conditions.on_screen.as_str())).await?;
        let counts = Fields::of("posiciones_actuales", &row);
        let mut query = if counts.get::<i64>("recientes")? < FEW {
            QueryBuilder::new(
                "SELECT p.efectivo_id AS id, p.lat, p.lon FROM posiciones_actuales p \
                 CROSS JOIN efectivos e ON e.id = p.efectivo_id WHERE true",
            )
        } else if unit.is_some() && counts.get::<i64>("de_la_unidad")? < FEW {
            QueryBuilder::new(
                "SELECT p.efectivo_id AS id, p.lat, p.lon FROM efectivos e \
                 CROSS JOIN posiciones_actuales p ON p.efectivo_id = e.id \
                 WHERE e.estado_disponibilidad = 'disponible' AND e.deleted_at IS NULL",
            )
        } else if counts.get::<bool>("pocos_con_contacto")? {
            let mut query = QueryBuilder::new(
                "SELECT p.efectivo_id AS id, p.lat, p.lon FROM (SELECT id FROM usuarios WHERE telegram_id IS NOT NULL \
                 AND deleted_at IS NULL UNION SELECT value FROM json_each(",
            );
            query.push_bind(conditions.on_screen.clone()).push(
                ")) c CROSS JOIN efectivos e ON e.usuario_id = c.id \
                 CROSS JOIN posiciones_actuales p ON p.efectivo_id = e.id WHERE true",
            );
            query
        } else {
            return Ok(None);
        };
        conditions.push(&mut query);
        let mut found = self.measured(query, centre).await?;
        found.retain(|it| it.distance_m <= radius_m);
        Ok(Some(first(found, limit)))
    }
}

pub(super) fn first(mut found: Vec<Found>, limit: usize) -> Vec<Found> {
    found.sort_by(|a, b| a.distance_m.total_cmp(&b.distance_m).then(a.id.cmp(&b.id)));
    found.truncate(limit);
    found
}
