//! Candidates for the nearest of something: a few more rows than were asked for, never too few.

use std::time::Duration;

use domain::dispatch::Criteria;
use domain::{OfficerId, Point, TaskState, Time, UserId, identity};
use sqlx::postgres::PgRow;
use store::Result;

use crate::officer;
use crate::row::Fields;
use crate::statement::{Statement, composed, sql};
use crate::task;
use crate::tx::PgTx;

/// More than half the way around the Earth along any geodesic, in metres: no point is farther.
const EVERYWHERE_M: f64 = 20_100_000.0;

/// Candidates beyond those asked for. PostGIS rounds distances to 10 nm, so that the last ones may
/// stand in another order than the domain has them in.
const SPARE: i64 = 16;

/// Up to so many eligible officers it is sooner done to measure all of them than to walk the
/// spatial index past all that are not.
const FEW: i64 = 1000;

/// How long many eligible officers are taken to remain many.
const STAY_MANY: Duration = Duration::from_secs(5);

/// Whether the index can walk by distance from here.
///
/// Within centimetres of the equator and of the meridians 0, 90 and 180, PostGIS's bound of a
/// distance is finer than the distance itself, which it rounds to 10 nm, and the walk ends with
/// "index returned tuples in wrong order" when somebody stands just there (seen with 3.3.2). Six
/// metres are more than enough to stay clear of it.
fn can_walk_from(point: Point) -> bool {
    const CLEAR: f64 = 1e-6;
    let (lat, lng) = (point.lat().to_radians(), point.lng().to_radians());
    [lat.cos() * lng.cos(), lat.cos() * lng.sin(), lat.sin()].iter().all(|part| part.abs() > CLEAR)
}

/// The place, radius and number that every search binds first.
macro_rules! here {
    () => {
        "ST_SetSRID(ST_MakePoint($2, $1), 4326)::geography"
    };
}

/// The nearest rows of `table` under `condition`, as a query.
///
/// `<->` walks the index by distance on a sphere, which is off by up to half a percent. So the first
/// walk only gives a bound: as many rows as were asked for lie within the true distance of the
/// farthest of them. All rows within it (and a millimetre) are then put into true order.
///
/// The radius only cuts the bound: as a condition of the walk PostgreSQL takes it for so rare that it
/// would rather measure everybody.
fn walk(table: &str, key: &str, condition: &str) -> String {
    const HERE: &str = here!();
    format!(
        "WITH cota AS MATERIALIZED (SELECT ST_Distance(ubicacion, {HERE}) AS d FROM {table} x \
         WHERE {condition} ORDER BY ubicacion <-> {HERE} LIMIT $4) \
         SELECT * FROM {table} x WHERE {condition} AND ST_DWithin(ubicacion, {HERE}, \
         (SELECT CASE WHEN count(*) = $4 THEN least(max(d), $3) ELSE $3 END + 0.001 FROM cota)) \
         ORDER BY ST_Distance(ubicacion, {HERE}), {key} LIMIT $4 + $5"
    )
}

/// The same by measuring every row under `condition`.
fn measure(table: &str, key: &str, condition: &str) -> String {
    const HERE: &str = here!();
    format!(
        "SELECT * FROM {table} x WHERE {condition} AND ST_Distance(ubicacion, {HERE}) <= $3 + 0.001 \
         ORDER BY ST_Distance(ubicacion, {HERE}), {key} LIMIT $4 + $5"
    )
}

fn barred(criteria: &Criteria) -> Vec<i64> {
    criteria.barred.keys().map(|officer| officer.0).collect()
}

fn on_screen(criteria: &Criteria) -> Vec<i64> {
    criteria.on_screen.iter().map(|user| user.0).collect()
}

fn oldest(criteria: &Criteria, now: Time) -> Time {
    now.checked_sub_signed(criteria.max_position_age).unwrap_or(Time::UNIX_EPOCH)
}

/// What [`domain::dispatch::Standing`] holds, of officers `e` of users `u`.
macro_rules! standing_columns {
    () => {
        "u.verificado AND u.deleted_at IS NULL AS cuenta_activa, \
         u.telegram_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM telegram_chats c WHERE c.chat_id = u.telegram_id \
         AND c.bloqueado_en IS NOT NULL) AS con_telegram, \
         (SELECT min(a.corre_desde) FROM asignaciones a JOIN tareas ta ON ta.id = a.tarea_id \
         WHERE a.efectivo_id = e.id AND a.estado NOT IN ('liberada', 'rechazada', 'relevada') \
         AND a.estado IN ('ofrecida', 'asignada', 'avisada', 'vencida') AND ta.deleted_at IS NULL \
         AND ta.estado IN ('programada', 'en_curso', 'pausada')) AS sin_responder_desde"
    };
}
pub(super) use standing_columns;

/// Which of the eligible officers are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rank {
    /// All of them.
    Any,
    /// Those who are no last choice.
    First,
}

/// Officers `x` of `posiciones_actuales` who are no last choice; the numbers of parameters are those of
/// the greatest accuracy radius, the users with a screen and the time.
const FIRST_CHOICE: &str = "(x.precision_m IS NULL OR x.precision_m <= $8) AND EXISTS (SELECT 1 FROM efectivos f \
    JOIN usuarios u ON u.id = f.usuario_id WHERE f.id = x.efectivo_id AND (u.id = ANY($9) \
    OR (u.telegram_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM telegram_chats c \
    WHERE c.chat_id = u.telegram_id AND c.bloqueado_en IS NOT NULL)))) \
    AND NOT EXISTS (SELECT 1 FROM asignaciones a JOIN tareas ta ON ta.id = a.tarea_id \
    WHERE a.efectivo_id = x.efectivo_id AND a.estado NOT IN ('liberada', 'rechazada', 'relevada') \
    AND a.estado IN ('ofrecida', 'asignada', 'avisada', 'vencida') AND ta.deleted_at IS NULL \
    AND ta.estado IN ('programada', 'en_curso', 'pausada') AND a.corre_desde <= $10)";

fn with_officers(positions: &str) -> String {
    const COLUMNS: &str = officer::columns!();
    const STANDING: &str = standing_columns!();
    format!(
        "SELECT {COLUMNS}, p.efectivo_id, p.lat, p.lon, p.precision_m, p.medida_en, p.recibida_en, {STANDING} \
         FROM ({positions}) p JOIN efectivos e ON e.id = p.efectivo_id JOIN usuarios u ON u.id = e.usuario_id"
    )
}

fn bind_place(statement: Statement, point: Point, radius_m: f64, limit: u32) -> Statement {
    let radius_m = radius_m.min(EVERYWHERE_M);
    statement.bind(point.lat()).bind(point.lng()).bind(radius_m).bind(i64::from(limit)).bind(SPARE)
}

impl PgTx {
    /// All officers who are as near as the `limit`-th who meets the criteria, in one question; `None`
    /// when it takes more than one.
    pub(super) async fn all_as_near(
        &mut self,
        criteria: &Criteria,
        now: Time,
        limit: u32,
        most: u32,
    ) -> Result<Option<Vec<PgRow>>> {
        const HERE: &str = here!();
        const COLUMNS: &str = officer::columns!();
        const STANDING: &str = standing_columns!();
        if criteria.unit.is_some() {
            return Ok(None);
        }
        // Without an order: all of them come, or there are too many of them for this.
        let room = 4 * (i64::from(limit) + i64::from(most));
        let statement = composed(format!(
            "WITH cota AS MATERIALIZED (SELECT ST_Distance(ubicacion, {HERE}) AS d FROM posiciones_actuales x \
             WHERE x.disponible AND x.medida_en + interval '0' >= $6 AND x.efectivo_id <> ALL($7) ORDER BY ubicacion <-> {HERE} LIMIT $4) \
             SELECT {COLUMNS}, p.efectivo_id, p.lat, p.lon, p.precision_m, p.medida_en, p.recibida_en, {STANDING} \
             FROM posiciones_actuales p JOIN efectivos e ON e.id = p.efectivo_id \
             JOIN usuarios u ON u.id = e.usuario_id WHERE e.deleted_at IS NULL AND ST_DWithin(p.ubicacion, {HERE}, \
             (SELECT CASE WHEN count(*) = $4 THEN least(max(d), $3) ELSE $3 END + 0.001 FROM cota)) LIMIT $5"
        ));
        let (point, radius_m) = (criteria.point, criteria.radius_m.min(EVERYWHERE_M));
        let statement = statement.bind(point.lat()).bind(point.lng()).bind(radius_m).bind(i64::from(limit)).bind(room);
        let statement = statement.bind(oldest(criteria, now)).bind(barred(criteria));
        let rows = self.all_around(statement).await?;
        Ok(i64::try_from(rows.len()).is_ok_and(|found| found < room).then_some(rows))
    }

    /// Whether to walk by distance from the point: so many are eligible that it is better than to
    /// measure them all. Many they remain for a while: if not, the walk is long and no less right.
    pub(super) async fn walks(&mut self, criteria: &Criteria, now: Time) -> Result<bool> {
        if !can_walk_from(criteria.point) {
            return Ok(false);
        }
        let (oldest, unit) = (oldest(criteria, now), criteria.unit.as_deref());
        if unit.is_none() && self.seen_many().is_some_and(|at| at.elapsed() < STAY_MANY) {
            return Ok(true);
        }
        let are_many = self.eligible_up_to(FEW, oldest, unit).await? == FEW;
        if unit.is_none() {
            self.note_many(are_many);
        }
        Ok(are_many)
    }

    /// At least the `limit` nearest officers who meet the criteria, with their positions.
    pub(super) async fn eligible_candidates(
        &mut self,
        criteria: &Criteria,
        now: Time,
        limit: u32,
        walks: bool,
        rank: Rank,
    ) -> Result<Vec<PgRow>> {
        let oldest = oldest(criteria, now);
        let walks = walks && (rank == Rank::Any || self.many_can_be_reached(criteria, oldest).await?);
        // Added to, the time is no key of its index, by which PostgreSQL would rather measure
        // everybody who reported lately than walk past the few who did not.
        let (search, age): (fn(&str, &str, &str) -> String, _) =
            if walks { (walk, "x.medida_en + interval '0'") } else { (measure, "x.medida_en") };
        let mut condition = format!("x.disponible AND {age} >= $6 AND x.efectivo_id <> ALL($7)");
        if rank == Rank::First {
            condition.push_str(" AND ");
            condition.push_str(FIRST_CHOICE);
        }
        if criteria.unit.is_some() {
            let unit = if rank == Rank::First { 11 } else { 8 };
            let of_unit = format!(
                " AND EXISTS (SELECT 1 FROM efectivos f WHERE f.id = x.efectivo_id AND f.unidad_plegada = ${unit})"
            );
            condition.push_str(&of_unit);
        }
        let positions = search("posiciones_actuales", "efectivo_id", &condition);
        let statement = composed(with_officers(&positions));
        let mut statement =
            bind_place(statement, criteria.point, criteria.radius_m, limit).bind(oldest).bind(barred(criteria));
        if rank == Rank::First {
            statement = statement.bind(criteria.max_accuracy_m).bind(on_screen(criteria)).bind(now);
        }
        if let Some(unit) = &criteria.unit {
            statement = statement.bind(identity::unit(unit));
        }
        self.all_around(statement).await
    }

    /// Whether so many eligible officers can be reached that a walk by distance soon meets one.
    async fn many_can_be_reached(&mut self, criteria: &Criteria, oldest: Time) -> Result<bool> {
        const SQL: &str = "SELECT count(*) AS cuenta FROM (SELECT 1 FROM (SELECT id FROM usuarios \
            WHERE telegram_id IS NOT NULL AND deleted_at IS NULL UNION SELECT unnest($3::bigint[])) c \
            JOIN efectivos e ON e.usuario_id = c.id JOIN posiciones_actuales p ON p.efectivo_id = e.id \
            WHERE p.disponible AND p.medida_en >= $1 LIMIT $2) r";
        let rows = self.all_around(sql(SQL).bind(oldest).bind(FEW).bind(on_screen(criteria))).await?;
        let found: i64 = rows.first().map_or(Ok(0), |row| Fields::of("usuarios", row).get("cuenta"))?;
        Ok(found == FEW)
    }

    /// How many officers are eligible but for the radius, counted up to `most`.
    async fn eligible_up_to(&mut self, most: i64, oldest: Time, unit: Option<&str>) -> Result<i64> {
        const ALL: &str = "SELECT count(*) AS cuenta FROM (SELECT 1 FROM posiciones_actuales \
            WHERE disponible AND medida_en >= $1 ORDER BY medida_en DESC LIMIT $2) p";
        const OF_UNIT: &str = "SELECT count(*) AS cuenta FROM (SELECT 1 FROM efectivos e \
            JOIN posiciones_actuales p ON p.efectivo_id = e.id WHERE p.medida_en >= $1 AND e.unidad_plegada = $3 \
            AND e.estado_disponibilidad = 'disponible' AND e.deleted_at IS NULL LIMIT $2) p";
        let statement = match unit {
            None => sql(ALL).bind(oldest).bind(most),
            Some(unit) => sql(OF_UNIT).bind(oldest).bind(most).bind(identity::unit(unit)),
        };
        let rows = self.all_around(statement).await?;
        rows.first().map_or(Ok(0), |row| Fields::of("posiciones_actuales", row).get("cuenta"))
    }

    /// At least the `limit` officers nearest to `point`.
    pub(super) async fn candidates_around(&mut self, point: Point, radius_m: f64, limit: u32) -> Result<Vec<PgRow>> {
        const LIVE: &str = "EXISTS (SELECT 1 FROM efectivos f WHERE f.id = x.efectivo_id AND f.deleted_at IS NULL)";
        let search = if can_walk_from(point) { walk } else { measure };
        let statement = composed(with_officers(&search("posiciones_actuales", "efectivo_id", LIVE)));
        self.all_around(bind_place(statement, point, radius_m, limit)).await
    }

    /// One officer with a position.
    pub(super) async fn officer_with_position(&mut self, officer: OfficerId) -> Result<Option<PgRow>> {
        let statement =
            composed(with_officers("SELECT * FROM posiciones_actuales WHERE efectivo_id = $1")).bind(officer.0);
        Ok(self.all_around(statement).await?.into_iter().next())
    }

    /// At least the `limit` emergencies nearest to `point` that wait for an officer at `now`.
    pub(super) async fn waiting_candidates(
        &mut self,
        point: Point,
        radius_m: f64,
        now: Time,
        limit: u32,
    ) -> Result<Vec<PgRow>> {
        const COLUMNS: &str = task::columns!();
        let condition = "x.espera_efectivo AND x.deleted_at IS NULL AND x.ubicacion IS NOT NULL \
            AND (x.despacho_desde IS NULL OR x.despacho_desde <= $6)";
        // Few wait at any time, and all of them are in one small index.
        let statement = composed(format!("SELECT {COLUMNS} FROM ({}) t", measure("tareas", "id", condition)));
        self.all_around(bind_place(statement, point, radius_m, limit).bind(now)).await
    }

    /// At least the `limit` located tasks nearest to `point`, of some states and visible to somebody.
    pub(super) async fn task_candidates(
        &mut self,
        point: Point,
        radius_m: f64,
        states: &[TaskState],
        visible_to: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<PgRow>> {
        const COLUMNS: &str = task::columns!();
        let mut condition = "x.ubicacion IS NOT NULL AND x.deleted_at IS NULL".to_owned();
        // In words, so that the index of tasks that go on serves; the states alone are a parameter.
        if !states.is_empty() && states.iter().all(|state| !state.is_final()) {
            condition.push_str(" AND x.estado IN ('programada', 'en_curso', 'pausada')");
        }
        condition.push_str(" AND ($6::text[] = '{}' OR x.estado = ANY($6))");
        // What one user may see is little, and lies anywhere.
        let search = match visible_to {
            Some(_) => {
                condition.push_str(
                    " AND x.id IN (SELECT v.id FROM tareas v WHERE v.delegado_usuario_id = $7 UNION \
                     SELECT te.tarea_id FROM efectivos f JOIN tarea_efectivos te ON te.efectivo_id = f.id \
                     WHERE f.usuario_id = $7 AND f.deleted_at IS NULL)",
                );
                measure
            }
            None if can_walk_from(point) => walk,
            None => measure,
        };
        let near = search("tareas", "id", &condition);
        let statement = composed(format!("SELECT {COLUMNS} FROM ({near}) t"));
        let mut statement = bind_place(statement, point, radius_m, limit).bind(task::states(states));
        if let Some(user) = visible_to {
            statement = statement.bind(user.0);
        }
        self.all_around(statement).await
    }
}
