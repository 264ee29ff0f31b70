//! `/asignaciones`: assignments and offers of officers to tasks, and their steps.

pub mod list;
mod out;
pub mod step;

pub use out::{AssignmentOut, StepOut};
