//! `tareas` and `tarea_efectivos`.

mod assignment;
mod list;
mod repo;
mod row;

pub(crate) use assignment::import_officers;
pub(crate) use list::states;
pub(crate) use repo::{any, import, search_text};
pub(crate) use row::{columns, task};
