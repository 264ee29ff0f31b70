//! Who is sent to which task: `tarea_efectivos`, or `tarea_asignaciones` of the small shapes.

use std::collections::{BTreeSet, HashMap};

use anyhow::Result;

use super::Run;
use super::record::Stop;
use super::report::Outcome;
use super::row::{Problem, Row};

/// The links of one batch of tasks.
pub struct Links {
    table: &'static str,
    officers: HashMap<i64, Vec<i64>>,
}

/// Reads the links of some tasks; none when the old database has no such table.
pub async fn of(run: &mut Run, table: &'static str, tasks: &[Row]) -> Result<Links> {
    let mut officers: HashMap<i64, Vec<i64>> = HashMap::new();
    if run.found.has(table) {
        run.report.count(table);
        let ids: Vec<i64> = tasks.iter().map(|task| task.id).collect();
        for (task, officer) in run.source.links(run.found.shape.schema(), table, &ids).await? {
            officers.entry(task).or_default().push(officer);
        }
    }
    Ok(Links { table, officers })
}

impl Links {
    /// The numbers of the officers of a task, those of its own column among them.
    pub fn officers(&self, task: i64, own: &BTreeSet<i64>) -> BTreeSet<i64> {
        own.iter().copied().chain(self.officers.get(&task).into_iter().flatten().copied()).collect()
    }

    /// Counts the links of a task by what became of it.
    pub fn settle(&self, run: &mut Run, tasks: &'static str, task: i64, outcome: &Result<Outcome, Stop>) {
        if let Err(Stop::Row(problem)) = outcome {
            run.known.leave_out(tasks, task, problem.cause);
        }
        for officer in self.officers.get(&task).into_iter().flatten() {
            let outcome = match (outcome, run.known.check_officer("efectivo_id", *officer)) {
                (Err(_), _) => Err(run.known.check_task("tarea_id", task).err()),
                (Ok(_), Err(problem)) => Err(Some(problem)),
                (Ok(Outcome::Conflict(_)), Ok(())) => Ok(Outcome::Present),
                (Ok(outcome), Ok(())) => Ok(outcome.clone()),
            };
            let outcome = outcome.map_err(|problem| problem.unwrap_or_else(|| Problem::new("tarea_id", "left out")));
            run.report.outcome(self.table, (task, *officer), outcome);
        }
    }
}

/// Reports the links whose task does not exist: some shapes have no foreign keys.
pub async fn loose(run: &mut Run, table: &'static str) -> Result<()> {
    if !run.found.has(table) {
        return Ok(());
    }
    let mut after = (i64::MIN, i64::MIN);
    loop {
        let links = run.source.loose_links(run.found.shape.schema(), table, after).await?;
        let Some(last) = links.last() else { return Ok(()) };
        after = *last;
        for (task, officer) in links {
            let problem = run.known.check_task("tarea_id", task).err();
            let problem = problem.unwrap_or_else(|| Problem::new("tarea_id", "the task is not in this database"));
            run.report.outcome(table, (task, officer), Err(problem));
        }
    }
}
