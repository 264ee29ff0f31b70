//! Who is sent to which task: `tarea_efectivos`, or `tarea_asignaciones` of the small shapes.

use std::collections::{BTreeSet, HashMap};

use anyhow::Result;
use domain::OfficerId;
use store::import::Imported;

use super::record::Stop;
use super::row::{Problem, Row};
use super::{Known, Run};

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
    /// The known officers of a task, those of its own column among them, in order of number.
    pub fn officers(&self, known: &Known, task: i64, own: Vec<i64>) -> Vec<OfficerId> {
        let linked = self.officers.get(&task).into_iter().flatten().copied();
        let (linked, _) = known.officers_among(linked.collect());
        let all: BTreeSet<i64> = own.into_iter().chain(linked).collect();
        all.into_iter().map(OfficerId).collect()
    }

    /// Counts the links of a task by what became of it.
    pub fn settle(&self, run: &mut Run, task: i64, outcome: &Result<Imported, Stop>) {
        for officer in self.officers.get(&task).into_iter().flatten() {
            let outcome = match outcome {
                Ok(_) if !run.known.officers.contains(officer) => {
                    Err(Problem::new("efectivo_id", format!("the record has no officer {officer} of the old database")))
                }
                Ok(imported) => Ok(*imported),
                Err(_) => Err(Problem::new("tarea_id", format!("the task {task} is left out"))),
            };
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
            let problem = Problem::new("tarea_id", format!("the old database has no task {task}"));
            run.report.outcome(table, (task, officer), Err(problem));
        }
    }
}
