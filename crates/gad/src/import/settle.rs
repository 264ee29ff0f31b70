//! The end of an import: rows that the old database has no longer, and rows that violate invariants of
//! several tables.

use anyhow::Result;
use domain::{Availability, OfficerId, TaskId, UserId};
use store::invariant::{
    MOST_VIOLATIONS, OFFICER_OF_DELETED_USER, ON_TASK_WITHOUT_TASK, TASK_WITHOUT_ON_TASK, Violation,
};

use super::Run;
use super::row::Problem;
use super::sync;

/// The tables whose rows can be gone, what depends on others first.
const TABLES: [&str; 3] = ["tareas", "efectivos", "usuarios"];

/// Deletes what the old system deleted from its tables since the last import and gad left alone.
pub async fn delete_gone(run: &mut Run) -> Result<()> {
    for table in TABLES {
        let known = run.record.tx().await?.import().printed(table).await?;
        let gone: Vec<i64> = known.iter().copied().filter(|id| !run.known.has_seen(table, *id)).collect();
        if gone.is_empty() {
            continue;
        }
        if gone.len() * 2 > known.len() {
            let reason = format!(
                "{} of {} rows of earlier imports are not in this database: nothing is deleted. Is it the same old \
                 database, and whole?",
                gone.len(),
                known.len()
            );
            run.report.note(table, 0, Problem::new("id", reason));
            continue;
        }
        for id in gone {
            delete_row(run, table, id).await?;
        }
        run.end_batch().await?;
    }
    Ok(())
}

async fn delete_row(run: &mut Run, table: &'static str, id: i64) -> Result<()> {
    let Some(print) = run.record.tx().await?.import().print(table, id).await? else { return Ok(()) };
    let is_own = match table {
        "usuarios" => delete_user(run, id, &print.own).await?,
        "efectivos" => delete_officer(run, id, &print.own).await?,
        _ => delete_task(run, id, &print.own).await?,
    };
    let reason = match is_own {
        None => {
            run.record.tx().await?.import().drop_print(table, id).await?;
            return Ok(());
        }
        Some(true) => {
            run.report.count(table).removed += 1;
            run.record.tx().await?.import().drop_print(table, id).await?;
            "no longer in the old database: deleted here too"
        }
        Some(false) => "no longer in the old database, and changed in gad since the last import: kept",
    };
    run.report.note(table, id, Problem::new("id", reason));
    Ok(())
}

/// Deletes a user that is as it was imported. `None` when it is deleted already.
async fn delete_user(run: &mut Run, id: i64, own: &str) -> Result<Option<bool>> {
    let (id, now) = (UserId(id), run.now);
    let stored = run.record.tx().await?.import().stored_user(id).await?;
    let Some(mut user) = stored.filter(|user| user.deleted_at.is_none()) else { return Ok(None) };
    if sync::user_digest(&user)? != own {
        return Ok(Some(false));
    }
    (user.deleted_at, user.updated_at) = (Some(now), now);
    run.record.tx().await?.import().replace_user(&user).await?;
    run.record.tx().await?.sessions().revoke_all(id, None, "deleted", now).await?;
    Ok(Some(true))
}

async fn delete_officer(run: &mut Run, id: i64, own: &str) -> Result<Option<bool>> {
    let stored = run.record.tx().await?.import().stored_officer(OfficerId(id)).await?;
    let Some(mut officer) = stored.filter(|officer| officer.deleted_at.is_none()) else { return Ok(None) };
    if sync::officer_digest(&officer)? != own {
        return Ok(Some(false));
    }
    (officer.deleted_at, officer.updated_at) = (Some(run.now), run.now);
    run.record.tx().await?.import().replace_officer(&officer).await?;
    Ok(Some(true))
}

async fn delete_task(run: &mut Run, id: i64, own: &str) -> Result<Option<bool>> {
    let stored = run.record.tx().await?.import().stored_task(TaskId(id)).await?;
    let Some(before) = stored.filter(|task| task.deleted_at.is_none()) else { return Ok(None) };
    let rows = run.record.tx().await?.assignments().of_tasks(&[before.id]).await?;
    if sync::task_digest(&before, &rows)? != own {
        return Ok(Some(false));
    }
    let mut task = before.clone();
    (task.deleted_at, task.updated_at) = (Some(run.now), run.now);
    task.sync_waiting();
    run.record.tx().await?.import().replace_task(&before, &task).await?;
    Ok(Some(true))
}

/// Corrects the officers whose state does not follow from their user and their tasks, and notes each.
pub async fn correct_officers(run: &mut Run) -> Result<()> {
    loop {
        let violations = run.record.tx().await?.invariants().violations().await?;
        let mut corrected = 0;
        for violation in violations {
            corrected += usize::from(correct(run, violation).await?);
        }
        run.end_batch().await?;
        // A query returns so many at most: there may be more.
        if corrected < MOST_VIOLATIONS {
            return Ok(());
        }
    }
}

async fn correct(run: &mut Run, violation: Violation) -> Result<bool> {
    let (to, reason) = match violation.invariant {
        OFFICER_OF_DELETED_USER => (None, "the user is deleted: deleted with it"),
        ON_TASK_WITHOUT_TASK => {
            (Some(Availability::Available), "was en_tarea, and no begun task has the officer: made disponible")
        }
        TASK_WITHOUT_ON_TASK => {
            (Some(Availability::OnTask), "was not en_tarea, and a begun task has the officer: made en_tarea")
        }
        _ => return Ok(false),
    };
    let stored = run.record.tx().await?.import().stored_officer(OfficerId(violation.id)).await?;
    let Some(mut officer) = stored else { return Ok(false) };
    let field = match to {
        Some(to) => {
            officer.set_availability(to, run.now);
            "estado_disponibilidad"
        }
        None => {
            (officer.deleted_at, officer.updated_at) = (Some(run.now), run.now);
            "deleted_at"
        }
    };
    run.record.tx().await?.import().replace_officer(&officer).await?;
    run.report.note("efectivos", violation.id, Problem::new(field, reason));
    Ok(true)
}
