//! What must hold after every step, by rules that are written here a second time.

use std::collections::{BTreeMap, BTreeSet};

use domain::dispatch::{Criteria, Exclusion};
use domain::{Assignment, AssignmentKind, AssignmentState, Availability, OfficerId, Task, TaskId, TaskState};
use store::officer::OfficerFilter;
use store::{Page, Tx};

use super::ALL;
use super::city::City;

impl City {
    /// Every invariant that does not hold.
    #[expect(clippy::too_many_lines, reason = "one paragraph for each invariant")]
    pub(super) async fn problems(&mut self) -> Vec<String> {
        let now = self.now();
        let mut problems = Vec::new();
        self.cx.store.sequence(ALL).await.unwrap();
        let mut tx = self.cx.store.read().await.unwrap();
        let lost = tx.dispatch().unattended(ALL).await.unwrap();
        if !lost.is_empty() {
            problems.push(format!("calls without an officer that do not wait: {lost:?}"));
        }
        problems.extend(tx.invariants().violations().await.unwrap().iter().map(|row| format!("violated: {row:?}")));
        let rows = tx.assignments().of_tasks(&self.tasks).await.unwrap();
        let officers = tx.officers().list(&OfficerFilter::default(), Page::first(500)).await.unwrap();
        let mut inactive = BTreeSet::new();
        for officer in &officers {
            if !tx.users().by_id(officer.user).await.unwrap().is_some_and(|user| user.is_active()) {
                inactive.insert(officer.id);
            }
        }
        let mut tasks = BTreeMap::new();
        for id in &self.tasks {
            if let Some(task) = tx.tasks().by_id(*id).await.unwrap() {
                tasks.insert(task.id, task);
            }
        }
        check_rows(&rows, &tasks, &mut problems);
        let alive: BTreeSet<OfficerId> = officers.iter().map(|officer| officer.id).collect();
        for row in rows.iter().filter(|row| row.is_open()) {
            if !alive.contains(&row.officer) || inactive.contains(&row.officer) {
                problems.push(format!("task {} names officer {} who has left: {row:?}", row.task, row.officer));
            }
        }
        let mut active: BTreeMap<OfficerId, Vec<TaskId>> = BTreeMap::new();
        let mut busy = BTreeSet::new();
        for task in tasks.values().filter(|task| task.state.holds_officers()) {
            for officer in &task.officers {
                busy.insert(*officer);
                if task.state == TaskState::InProgress {
                    active.entry(*officer).or_default().push(task.id);
                }
            }
        }
        for (officer, held) in active.iter().filter(|(_, held)| held.len() > 1) {
            problems.push(format!("officer {officer} has several active tasks: {held:?}"));
        }
        for officer in &officers {
            if (officer.availability == Availability::OnTask) != busy.contains(&officer.id) {
                problems.push(format!(
                    "officer {} is {:?}, busy: {}",
                    officer.id,
                    officer.availability,
                    !busy.contains(&officer.id)
                ));
            }
        }
        for task in tasks.values().filter(|task| !task.state.is_final()) {
            let own: Vec<&Assignment> = rows.iter().filter(|row| row.task == task.id).collect();
            let runs = |row: &&Assignment| {
                row.holds_officer() && row.state.is_unanswered() && row.runs_from.is_some_and(|from| from <= now)
            };
            let state = tx.dispatch().state(task.id).await.unwrap();
            if own.iter().any(runs) && state.as_ref().is_none_or(|state| state.due_at.is_none()) {
                problems.push(format!("task {}: unanswered, and nothing is due: {own:?} {state:?}", task.id));
            }
            if task.awaits_officer && task.dispatch_from.is_none_or(|from| from <= now) {
                let criteria = self.criteria(&mut *tx, task, &own).await;
                let around = tx.geo().officers_around(criteria.point, criteria.radius_m, 500).await.unwrap();
                for idle in around.iter().filter(|nearby| nearby.exclusion(&criteria, now).is_none()) {
                    problems.push(format!("officer {} is idle beside the waiting call {}", idle.officer.id, task.id));
                }
            }
        }
        // What followers of the log see is what is stored, and no version shows two contents.
        loop {
            let events = tx.event_log().after(self.offset, 500).await.unwrap().events;
            let Some(last) = events.last() else { break };
            self.offset = last.offset;
            for logged in &events {
                if let Some(task) = logged.event.task() {
                    if let Some(before) = self.told.get(&task.id)
                        && before.version > task.version
                    {
                        let kind = logged.event.kind();
                        problems.push(format!("{kind:?} of task {} is older than the event before", task.id));
                    }
                    self.told.insert(task.id, task.clone());
                }
            }
        }
        for task in tasks.values() {
            match self.told.get(&task.id) {
                Some(told) if told == task => {}
                told => problems.push(format!("the last event of task {} differs:\n{told:?}\n{task:?}", task.id)),
            }
            if let Some(before) = self.seen.insert(task.id, task.clone())
                && before.version == task.version
                && before != *task
            {
                problems.push(format!(
                    "version {} of task {} shows two contents:\n{before:?}\n{task:?}",
                    task.version, task.id
                ));
            }
        }
        problems
    }

    /// Who may be sent to a task, by the rules of the office written once more.
    async fn criteria(&self, tx: &mut dyn Tx, task: &Task, rows: &[&Assignment]) -> Criteria {
        let settings = &self.cx.settings.dispatch;
        let around = Criteria::around(task.location.unwrap(), settings.radius_m, settings.max_position_age);
        let mut barred = BTreeMap::new();
        for row in rows {
            let was_accepted = row.reached_at(AssignmentState::Accepted).is_some();
            let by_person = row.steps.last().is_some_and(|last| last.by.is_some());
            if row.is_open() {
                barred.insert(row.officer, Exclusion::AlreadySent);
            } else if row.state == AssignmentState::Declined || by_person {
                barred.insert(row.officer, Exclusion::Declined);
            } else if !was_accepted && row.reached_at(AssignmentState::Expired).is_some() {
                barred.insert(row.officer, Exclusion::LetExpire);
            }
        }
        if let Some(caller) = tx.officers().by_user(task.creator).await.unwrap() {
            barred.insert(caller.id, Exclusion::Caller);
        }
        Criteria { max_accuracy_m: settings.max_accuracy_m, barred, ..around }
    }
}

fn check_rows(rows: &[Assignment], tasks: &BTreeMap<TaskId, Task>, problems: &mut Vec<String>) {
    for row in rows {
        if !row.steps.is_sorted_by_key(|step| step.at) {
            problems.push(format!("times go back: {row:?}"));
        }
        if row.steps.last().is_some_and(|last| last.state != row.state && last.state != AssignmentState::Notified) {
            problems.push(format!("state and last step differ: {row:?}"));
        }
        let is_over = tasks.get(&row.task).is_none_or(|task| task.state.is_final());
        if is_over && row.is_open() {
            problems.push(format!("open assignment of a task that is over: {row:?}"));
        }
    }
    for task in tasks.values().filter(|task| !task.state.is_final()) {
        let mut held: Vec<OfficerId> =
            rows.iter().filter(|row| row.task == task.id && row.holds_officer()).map(|row| row.officer).collect();
        held.sort_unstable();
        if held != task.officers {
            problems.push(format!("task {}: sent {:?}, assignments of {held:?}", task.id, task.officers));
        }
        let open = |row: &&Assignment| row.task == task.id && row.is_open() && row.kind == AssignmentKind::Offer;
        if rows.iter().filter(open).any(|row| task.officers.contains(&row.officer)) {
            problems.push(format!("task {}: an officer who is sent has an offer too", task.id));
        }
        if task.emergency && task.awaits_officer != task.officers.is_empty() {
            problems.push(format!("task {}: waits {}, officers {:?}", task.id, task.awaits_officer, task.officers));
        }
        if !task.is_legal() {
            problems.push(format!("task {} is not legal: {task:?}", task.id));
        }
    }
}
