//! Invariants of the rows of several tables, as queries that return the rows that violate them.
//!
//! This is the one list: the end of an import and of a restore, `gad doctor` and the tests run it. The
//! queries are written in what both databases understand.

use std::fmt;

use async_trait::async_trait;

use crate::Result;

/// The number of [`MOST_VIOLATIONS`], for the texts of the queries too.
macro_rules! most {
    () => {
        1000
    };
}

/// A query that returns so many rows at most.
macro_rules! violators {
    ($query:literal) => {
        concat!($query, " LIMIT ", most!())
    };
}

/// Most rows that one query returns.
pub const MOST_VIOLATIONS: usize = most!();

/// A rule, and the query for the ids of the rows that violate it, at most [`MOST_VIOLATIONS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invariant {
    /// Its name, as reports print it.
    pub name: &'static str,
    /// The table of the ids.
    pub table: &'static str,
    /// Returns one column, `id`.
    pub query: &'static str,
}

/// A row that violates an invariant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Violation {
    /// Name of the invariant.
    pub invariant: &'static str,
    /// Table of the row.
    pub table: &'static str,
    /// Number of the row.
    pub id: i64,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} {})", self.invariant, self.table, self.id)
    }
}

/// An officer who is not deleted and whose user is.
pub const OFFICER_OF_DELETED_USER: &str = "officer_of_deleted_user";
/// An unfinished task with an officer who is deleted or whose account is not active.
pub const TASK_OF_DEPARTED_OFFICER: &str = "task_of_departed_officer";
/// An officer who is `en_tarea` without a begun task.
pub const ON_TASK_WITHOUT_TASK: &str = "on_task_without_task";
/// An officer of a begun task who is not `en_tarea`.
pub const TASK_WITHOUT_ON_TASK: &str = "task_without_on_task";
/// An officer with several active tasks.
pub const SEVERAL_ACTIVE_TASKS: &str = "several_active_tasks";
/// An unfinished emergency that has no officer and does not wait for one.
pub const UNATTENDED_EMERGENCY: &str = "unattended_emergency";
/// An unfinished task whose times are not those of its state.
pub const TIMES_OF_OPEN_TASK: &str = "times_of_open_task";
/// An open assignment with deadlines of a task that ended or is deleted. Assignments of before there were
/// any run without deadlines, and stay as they are.
pub const OPEN_ASSIGNMENT_OF_ENDED_TASK: &str = "open_assignment_of_ended_task";
/// An unfinished task whose officers are not those of its open assignments.
pub const OFFICERS_WITHOUT_ASSIGNMENT: &str = "officers_without_assignment";

/// All of them.
pub const INVARIANTS: [Invariant; 9] = [
    Invariant {
        name: OFFICER_OF_DELETED_USER,
        table: "efectivos",
        query: violators!(
            "SELECT e.id FROM efectivos e JOIN usuarios u ON u.id = e.usuario_id \
            WHERE e.deleted_at IS NULL AND u.deleted_at IS NOT NULL ORDER BY e.id"
        ),
    },
    Invariant {
        name: TASK_OF_DEPARTED_OFFICER,
        table: "tareas",
        query: violators!(
            "SELECT DISTINCT t.id FROM tareas t JOIN tarea_efectivos te ON te.tarea_id = t.id \
            JOIN efectivos e ON e.id = te.efectivo_id JOIN usuarios u ON u.id = e.usuario_id \
            WHERE t.deleted_at IS NULL AND t.estado IN ('programada', 'en_curso', 'pausada') \
            AND (e.deleted_at IS NOT NULL OR u.deleted_at IS NOT NULL OR NOT u.verificado) ORDER BY t.id"
        ),
    },
    Invariant {
        name: ON_TASK_WITHOUT_TASK,
        table: "efectivos",
        query: violators!(
            "SELECT e.id FROM efectivos e WHERE e.deleted_at IS NULL AND e.estado_disponibilidad = 'en_tarea' \
            AND NOT EXISTS (SELECT 1 FROM tarea_efectivos te JOIN tareas t ON t.id = te.tarea_id \
            WHERE te.efectivo_id = e.id AND t.deleted_at IS NULL AND t.estado IN ('en_curso', 'pausada')) \
            ORDER BY e.id"
        ),
    },
    Invariant {
        name: TASK_WITHOUT_ON_TASK,
        table: "efectivos",
        query: violators!(
            "SELECT e.id FROM efectivos e WHERE e.deleted_at IS NULL AND e.estado_disponibilidad <> 'en_tarea' \
            AND EXISTS (SELECT 1 FROM tarea_efectivos te JOIN tareas t ON t.id = te.tarea_id \
            WHERE te.efectivo_id = e.id AND t.deleted_at IS NULL AND t.estado IN ('en_curso', 'pausada')) \
            ORDER BY e.id"
        ),
    },
    Invariant {
        name: SEVERAL_ACTIVE_TASKS,
        table: "efectivos",
        query: violators!(
            "SELECT te.efectivo_id AS id FROM tarea_efectivos te JOIN tareas t ON t.id = te.tarea_id \
            WHERE t.deleted_at IS NULL AND t.estado = 'en_curso' \
            GROUP BY te.efectivo_id HAVING count(*) > 1 ORDER BY te.efectivo_id"
        ),
    },
    Invariant {
        name: UNATTENDED_EMERGENCY,
        table: "tareas",
        query: violators!(
            "SELECT t.id FROM tareas t WHERE t.emergencia AND t.deleted_at IS NULL \
            AND t.estado IN ('programada', 'en_curso', 'pausada') AND NOT t.espera_efectivo \
            AND NOT EXISTS (SELECT 1 FROM tarea_efectivos te WHERE te.tarea_id = t.id) ORDER BY t.id"
        ),
    },
    Invariant {
        name: TIMES_OF_OPEN_TASK,
        table: "tareas",
        query: violators!(
            "SELECT t.id FROM tareas t WHERE t.deleted_at IS NULL AND ( \
            (t.estado = 'programada' AND (t.inicio_real IS NOT NULL OR t.fin_real IS NOT NULL OR t.pausado_en IS NOT NULL)) \
            OR (t.estado = 'en_curso' AND (t.inicio_real IS NULL OR t.fin_real IS NOT NULL OR t.pausado_en IS NOT NULL)) \
            OR (t.estado = 'pausada' AND (t.inicio_real IS NULL OR t.fin_real IS NOT NULL OR t.pausado_en IS NULL))) \
            ORDER BY t.id"
        ),
    },
    Invariant {
        name: OPEN_ASSIGNMENT_OF_ENDED_TASK,
        table: "asignaciones",
        query: violators!(
            "SELECT a.id FROM asignaciones a JOIN tareas t ON t.id = a.tarea_id \
            WHERE a.corre_desde IS NOT NULL AND a.estado NOT IN ('liberada', 'rechazada', 'relevada') \
            AND (t.deleted_at IS NOT NULL OR t.estado IN ('finalizada', 'cancelada')) ORDER BY a.id"
        ),
    },
    Invariant {
        name: OFFICERS_WITHOUT_ASSIGNMENT,
        table: "tareas",
        query: violators!(
            "SELECT t.id FROM tareas t WHERE t.deleted_at IS NULL \
            AND t.estado IN ('programada', 'en_curso', 'pausada') \
            AND (EXISTS (SELECT 1 FROM tarea_efectivos te WHERE te.tarea_id = t.id \
            AND NOT EXISTS (SELECT 1 FROM asignaciones a WHERE a.tarea_id = t.id AND a.efectivo_id = te.efectivo_id \
            AND a.tipo = 'asignacion' AND a.estado NOT IN ('liberada', 'rechazada', 'relevada'))) \
            OR EXISTS (SELECT 1 FROM asignaciones a WHERE a.tarea_id = t.id AND a.tipo = 'asignacion' \
            AND a.estado NOT IN ('liberada', 'rechazada', 'relevada') \
            AND NOT EXISTS (SELECT 1 FROM tarea_efectivos te WHERE te.tarea_id = t.id AND te.efectivo_id = a.efectivo_id))) \
            ORDER BY t.id"
        ),
    },
];

/// Reads the violations.
#[async_trait]
pub trait InvariantRepo: Send {
    /// The rows that violate any of [`INVARIANTS`], in their order; none in a sound database.
    async fn violations(&mut self) -> Result<Vec<Violation>>;
}
