//! Changes to a task other than its state.

use super::{Description, PlaceDescription, Priority, Task, TaskCode, TaskKind, Title};
use crate::{Point, Time, UserId};

/// `fin_programado` is not after `inicio_programado` (`chk_tareas_fechas`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be after inicio_programado")]
pub struct EndsBeforeStart;

pub(super) fn check_span(start: Time, end: Option<Time>) -> Result<(), EndsBeforeStart> {
    if end.is_some_and(|end| end <= start) { Err(EndsBeforeStart) } else { Ok(()) }
}

/// Which fields of a task to change; `None` leaves one as it is, `Some(None)` empties it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TaskEdit {
    /// New short name.
    pub code: Option<TaskCode>,
    /// New title.
    pub title: Option<Title>,
    /// New description.
    pub description: Option<Option<Description>>,
    /// New kind.
    pub kind: Option<TaskKind>,
    /// New priority.
    pub priority: Option<Priority>,
    /// New programmed start.
    pub scheduled_start: Option<Time>,
    /// New programmed end.
    pub scheduled_end: Option<Option<Time>>,
    /// New delegate.
    pub delegate: Option<UserId>,
    /// New place.
    pub location: Option<Option<Point>>,
    /// New place in words.
    pub location_description: Option<Option<PlaceDescription>>,
}

impl TaskEdit {
    /// Whether it would change nothing whatever the task.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Task {
    /// The task after `edit`, and the wire names of the fields that changed.
    pub fn edit(mut self, edit: TaskEdit, now: Time) -> Result<(Self, Vec<&'static str>), EndsBeforeStart> {
        let mut changed = Vec::new();
        let mut put = |name, different| {
            if different {
                changed.push(name);
            }
        };
        macro_rules! replace {
            ($($field:ident as $name:literal),+) => {$(
                if let Some(value) = edit.$field {
                    put($name, self.$field != value);
                    self.$field = value;
                }
            )+};
        }
        replace!(
            code as "codigo", title as "titulo", description as "descripcion", kind as "tipo",
            priority as "prioridad", scheduled_start as "inicio_programado",
            scheduled_end as "fin_programado", delegate as "delegado_usuario_id",
            location as "ubicacion", location_description as "ubicacion_descripcion"
        );
        check_span(self.scheduled_start, self.scheduled_end)?;
        if !changed.is_empty() {
            self.updated_at = now.max(self.updated_at);
        }
        Ok((self, changed))
    }
}
