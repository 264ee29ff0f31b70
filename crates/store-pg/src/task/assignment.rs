//! `tarea_efectivos`: who is sent to which task.

use domain::{OfficerId, Task, TaskId, Time, UserId};
use store::Result;

use crate::officer::numbers;
use crate::statement::{Statement, sql};
use crate::tx::PgTx;

/// The officers of a task that came from elsewhere, taken for sent when it was made.
pub(crate) fn import_officers(task: &Task) -> Statement {
    assignment(task.id, &task.officers, None, task.created_at)
}

// In order of number, as officers are always locked.
fn assignment(task: TaskId, officers: &[OfficerId], by: Option<UserId>, at: Time) -> Statement {
    const SQL: &str = "INSERT INTO tarea_efectivos (tarea_id, efectivo_id, asignado_en, asignado_por) \
        SELECT $1, id, $3, $4 FROM unnest($2::bigint[]) AS id ORDER BY id \
        ON CONFLICT (tarea_id, efectivo_id) DO NOTHING";
    sql(SQL).bind(task.0).bind(numbers(officers)).bind(at).bind(by.map(|user| user.0))
}

impl PgTx {
    pub(crate) async fn assign_officers(
        &mut self,
        task: TaskId,
        officers: &[OfficerId],
        by: Option<UserId>,
        at: Time,
    ) -> Result<()> {
        self.change(assignment(task, officers, by, at)).await?;
        Ok(())
    }

    pub(crate) async fn unassign_officers(&mut self, task: TaskId, officers: &[OfficerId]) -> Result<()> {
        const SQL: &str = "DELETE FROM tarea_efectivos WHERE tarea_id = $1 AND efectivo_id = ANY($2)";
        self.change(sql(SQL).bind(task.0).bind(numbers(officers))).await?;
        Ok(())
    }
}
