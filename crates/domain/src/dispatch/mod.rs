//! Which officer is sent to which call, and why not the others.

mod matching;

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

pub use matching::{Candidacy, OpenCall, match_calls, rank};

use crate::wire::wire_enum;
use crate::{Availability, Officer, OfficerId, Point, Position, TaskId, Time, UserId, geodesy, identity};

/// What an officer must meet to be sent to one place, and what makes one a last choice.
#[derive(Debug, Clone, PartialEq)]
pub struct Criteria {
    /// Where an officer is needed.
    pub point: Point,
    /// Farthest distance in metres.
    pub radius_m: f64,
    /// Oldest position that counts.
    pub max_position_age: TimeDelta,
    /// Only officers of this unit.
    pub unit: Option<String>,
    /// Accuracy radius in metres above which a position makes its officer a last choice.
    pub max_accuracy_m: f64,
    /// Officers who must not be chosen for this call, each with the reason: the caller, and those who
    /// declined it, let it expire or were taken off it.
    pub barred: BTreeMap<OfficerId, Exclusion>,
    /// Users with a live screen, who can be reached without Telegram.
    pub on_screen: BTreeSet<UserId>,
}

impl Criteria {
    /// Criteria without bars, units or limits on accuracy.
    pub const fn around(point: Point, radius_m: f64, max_position_age: TimeDelta) -> Self {
        Self {
            point,
            radius_m,
            max_position_age,
            unit: None,
            max_accuracy_m: f64::INFINITY,
            barred: BTreeMap::new(),
            on_screen: BTreeSet::new(),
        }
    }

    /// How far was looked to find so many, metres: to the farthest of them, or everywhere when there
    /// are fewer than `limit`.
    pub fn reach(&self, found: usize, farthest_m: Option<f64>, limit: u32) -> f64 {
        farthest_m.filter(|_| found >= limit as usize).unwrap_or(self.radius_m)
    }
}

wire_enum! {
    /// Why an officer is left out.
    pub enum Exclusion {
        /// Holds a begun task.
        OnTask = "en_tarea",
        /// Off duty.
        OutOfService = "fuera_servicio",
        /// On duty, not to be sent.
        Unavailable = "no_disponible",
        /// The last position is too old.
        StalePosition = "posicion_antigua",
        /// Of another unit than the one asked for.
        OtherUnit = "otra_unidad",
        /// Farther than the radius.
        OutOfRadius = "fuera_de_radio",
        /// The user is not verified, or was deleted.
        InactiveAccount = "cuenta_inactiva",
        /// Raised the call.
        Caller = "es_quien_llama",
        /// Declined this task.
        Declined = "rechazo_la_tarea",
        /// Did not accept this task in time.
        LetExpire = "dejo_vencer_la_tarea",
        /// Was taken off this task by a supervisor.
        TakenOff = "retirado_de_la_tarea",
        /// Has been sent or offered this task already.
        AlreadySent = "ya_enviado",
        /// No position is known.
        NoPosition = "sin_posicion",
        /// Newer reports than the last position came, and were held back.
        DoubtfulPosition = "posicion_dudosa",
    }
}

wire_enum! {
    /// Why an eligible officer is chosen only when no other one is left.
    pub enum LastChoice {
        /// The accuracy radius of the position is above the office's limit.
        InaccuratePosition = "posicion_imprecisa",
        /// Neither a linked Telegram account that is not blocked nor a live screen.
        Unreachable = "sin_contacto",
        /// Holds a sent task, or an offer, that was not answered.
        Unanswered = "tarea_sin_responder",
    }
}

/// What the stores know of an officer besides the officer and the position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The user is verified and not deleted.
    pub active_account: bool,
    /// A linked Telegram account that has not blocked the bot.
    pub has_telegram: bool,
    /// From when the oldest sent task or offer runs that was not answered.
    pub unanswered_from: Option<Time>,
}

impl Default for Standing {
    fn default() -> Self {
        Self { active_account: true, has_telegram: false, unanswered_from: None }
    }
}

/// An officer with a position, seen from somewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Nearby {
    /// Who.
    pub officer: Officer,
    /// Last known position.
    pub position: Position,
    /// Metres along the ellipsoid.
    pub distance_m: f64,
    /// Account, reachability and open offers.
    pub standing: Standing,
}

impl Nearby {
    /// Direction of the officer as seen from `point`, degrees clockwise from north.
    pub fn bearing_from(&self, point: Point) -> f64 {
        geodesy::bearing_deg(point, self.position.point)
    }

    fn is_of_unit(&self, unit: &str) -> bool {
        let own = self.officer.unit.as_ref().map(crate::Text::as_str);
        own.is_some_and(|own| own == unit || identity::unit(own) == identity::unit(unit))
    }

    /// The first reason for which the officer is left out; `None` when eligible.
    ///
    /// `Store`'s nearest queries hold the same rules in SQL; the contract suite compares both.
    pub fn exclusion(&self, criteria: &Criteria, now: Time) -> Option<Exclusion> {
        if let Some(reason) = account_exclusion(self.standing).or_else(|| availability_exclusion(&self.officer)) {
            Some(reason)
        } else if let Some(reason) = criteria.barred.get(&self.officer.id) {
            Some(*reason)
        } else if self.position.is_stale(now, criteria.max_position_age) {
            Some(Exclusion::StalePosition)
        } else if criteria.unit.as_deref().is_some_and(|unit| !self.is_of_unit(unit)) {
            Some(Exclusion::OtherUnit)
        } else if self.distance_m > criteria.radius_m {
            Some(Exclusion::OutOfRadius)
        } else {
            None
        }
    }

    /// Why the officer, though eligible, comes after all others; empty for a first choice.
    pub fn last_choice(&self, criteria: &Criteria, now: Time) -> Vec<LastChoice> {
        let is_inaccurate = self.position.accuracy().is_some_and(|accuracy| accuracy > criteria.max_accuracy_m);
        let is_reachable = self.standing.has_telegram || criteria.on_screen.contains(&self.officer.user);
        [
            (is_inaccurate, LastChoice::InaccuratePosition),
            (!is_reachable, LastChoice::Unreachable),
            (self.standing.unanswered_from.is_some_and(|from| from <= now), LastChoice::Unanswered),
        ]
        .into_iter()
        .filter_map(|(applies, reason)| applies.then_some(reason))
        .collect()
    }
}

/// Why an account keeps its officer from every task, also by hand.
pub fn account_exclusion(standing: Standing) -> Option<Exclusion> {
    (!standing.active_account).then_some(Exclusion::InactiveAccount)
}

/// Why an officer cannot be sent now.
pub fn availability_exclusion(officer: &Officer) -> Option<Exclusion> {
    match officer.availability {
        Availability::OnTask => Some(Exclusion::OnTask),
        Availability::OutOfService => Some(Exclusion::OutOfService),
        Availability::Unavailable => Some(Exclusion::Unavailable),
        Availability::Available => None,
    }
}

/// Minutes to drive `distance_m` metres at `speed_kmh` on streets.
///
/// Streets are longer than the geodesic: the factor 1.3 is the circuity that Boeing (2019,
/// doi:10.1016/j.compenvurbsys.2019.01.004) and others find for city grids.
pub fn estimated_minutes(distance_m: f64, speed_kmh: f64) -> f64 {
    const CIRCUITY: f64 = 1.3;
    distance_m * CIRCUITY / (speed_kmh * 1000.0 / 60.0)
}

wire_enum! {
    /// Why a dispatch was escalated.
    pub enum EscalationReason {
        /// The officers who were sent did not accept in time.
        NotAccepted = "sin_aceptar",
        /// No eligible officer is left: the call waits.
        NobodyEligible = "sin_efectivos",
        /// The call has waited longer than the office's limit.
        WaitsTooLong = "espera_larga",
        /// An officer declined.
        Declined = "rechazada",
    }
}

wire_enum! {
    /// What led to a choice of officers (`decisiones_despacho.motivo`).
    pub enum DecisionTrigger {
        /// The call came in.
        Raised = "llamada",
        /// An officer became free or near.
        Freed = "efectivo_libre",
        /// An officer declined, or left.
        Redispatched = "reasignacion",
        /// A deadline passed.
        Escalated = "escalamiento",
        /// A supervisor chose.
        Manual = "manual",
    }
}

/// Deadlines of acceptance in seconds after an assignment; 0 switches one off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AckDeadlines {
    /// A second officer is offered the task.
    pub second: u32,
    /// A third officer is offered it, and supervisors are notified.
    pub third: u32,
    /// All eligible officers in the radius are offered it.
    pub all: u32,
}

impl AckDeadlines {
    /// No deadline at all.
    pub const OFF: Self = Self { second: 0, third: 0, all: 0 };

    /// Whether assignments have a deadline.
    pub const fn is_on(self) -> bool {
        self.second > 0
    }

    /// Seconds after the begin of a round at which its step `step` (1 to 3) is due; `None` beyond.
    pub const fn of_step(self, step: u32) -> Option<u32> {
        let seconds = match step {
            1 => self.second,
            2 => self.third,
            3 => self.all,
            _ => 0,
        };
        if seconds > 0 { Some(seconds) } else { None }
    }
}

/// How far the dispatch of one task has come (`despachos`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DispatchState {
    /// The task.
    pub task: TaskId,
    /// Counts how often the task was assigned from the beginning; steps are numbered within it.
    pub round: u32,
    /// When this round began.
    pub round_started: Time,
    /// The last step of this round that was taken; 0 for none.
    pub step: u32,
    /// When the next step is due; `None` when nothing is.
    pub due_at: Option<Time>,
    /// The user who took the alert on at the desk.
    pub taken_by: Option<UserId>,
    /// When.
    pub taken_at: Option<Time>,
    /// Further calls of the same caller that were joined to this one.
    pub joined_calls: u32,
}

impl DispatchState {
    /// The state of a task that is first dispatched at `now`.
    pub const fn new(task: TaskId, now: Time) -> Self {
        Self {
            task,
            round: 0,
            round_started: now,
            step: 0,
            due_at: None,
            taken_by: None,
            taken_at: None,
            joined_calls: 0,
        }
    }
}

/// One candidate of a decision, as it was at that moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgedOfficer {
    /// The officer.
    pub officer: OfficerId,
    /// Metres to the call.
    pub distance_m: f64,
    /// Estimated minutes to the call.
    pub minutes: f64,
    /// Age of the position in seconds.
    pub position_age_s: i64,
    /// Why not; `None` for those who could be sent.
    pub exclusion: Option<Exclusion>,
    /// Why only as a last choice.
    #[serde(default)]
    pub last_choice: Vec<LastChoice>,
}

/// Who was chosen for a task, among whom (`decisiones_despacho`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DispatchDecision {
    /// The task.
    pub task: TaskId,
    /// When.
    pub at: Time,
    /// The user who chose; `None` when the server did.
    pub by: Option<UserId>,
    /// What led to it.
    pub trigger: DecisionTrigger,
    /// Who was chosen; empty when no one could be.
    pub chosen: Vec<OfficerId>,
    /// Whether a supervisor chose officers who were not eligible.
    pub forced: bool,
    /// Those who were considered, nearest first.
    pub judged: Vec<JudgedOfficer>,
}
