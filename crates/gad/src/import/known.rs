//! What is known of the old rows read so far.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::{Level, Officer, Task, TaskState, Time, User};

use super::row::{Cause, Problem};

/// The state of a user that other rows depend on.
#[derive(Debug, Clone, Copy)]
pub struct KnownUser {
    /// When it was deleted.
    pub deleted_at: Option<Time>,
    /// Whether the account is verified and not deleted.
    pub is_active: bool,
    /// What it may do.
    pub level: Level,
}

/// The state of an officer that tasks depend on.
#[derive(Debug, Clone, Copy)]
struct KnownOfficer {
    is_deleted: bool,
    is_active: bool,
}

/// Tables whose rows are asked for: others name them, and what is gone from them is deleted at the end.
const ASKED_FOR: [&str; 3] = ["usuarios", "efectivos", "tareas"];

/// The rows of the old database that the record has too, as the old database has them. Numbers alone are
/// not enough: the record may have given them to others. What gad changed since is not in it: the digest of a
/// task's old row holds its people, and must not change with the record.
#[derive(Default)]
pub struct Known {
    users: HashMap<i64, KnownUser>,
    officers: HashMap<i64, KnownOfficer>,
    tasks: HashSet<i64>,
    /// Compared forms of live rows by field, and who has each.
    identities: HashMap<(&'static str, String), i64>,
    /// Officers that a task in course holds, and which.
    taken: HashMap<i64, i64>,
    /// Rows that were left out, and the row because of which.
    left_out: HashMap<Cause, Cause>,
    /// All rows met of the tables in [`ASKED_FOR`], left out or not.
    seen: HashSet<Cause>,
}

impl Known {
    /// Adds a user who is in the record.
    pub fn add_user(&mut self, user: &User) {
        let is_active = user.is_active();
        self.users.insert(user.id.0, KnownUser { deleted_at: user.deleted_at, is_active, level: user.level });
        self.see("usuarios", user.id.0);
    }

    /// Adds an officer who is in the record.
    pub fn add_officer(&mut self, officer: &Officer) {
        let is_active = self.user(officer.user.0).is_some_and(|user| user.is_active);
        let known = KnownOfficer { is_deleted: officer.deleted_at.is_some(), is_active };
        self.officers.insert(officer.id.0, known);
    }

    /// Adds a task that is in the record.
    pub fn add_task(&mut self, task: &Task) {
        self.tasks.insert(task.id.0);
        if task.state == TaskState::InProgress && task.deleted_at.is_none() {
            self.taken.extend(task.officers.iter().map(|officer| (officer.0, task.id.0)));
        }
    }

    /// Whether an officer is in the record, and deleted in the old database.
    pub fn is_deleted_officer(&self, id: i64) -> bool {
        self.officers.get(&id).is_some_and(|officer| officer.is_deleted)
    }

    /// Notes that a row exists in the old database, where its table is asked for.
    pub fn see(&mut self, table: &'static str, id: i64) {
        if ASKED_FOR.contains(&table) {
            self.seen.insert(Cause { table, id });
        }
    }

    /// Whether the old database has the row.
    pub fn has_seen(&self, table: &'static str, id: i64) -> bool {
        self.seen.contains(&Cause { table, id })
    }

    /// Notes that a row was left out, by its own fault or because of another, where its table is asked for.
    pub fn leave_out(&mut self, table: &'static str, id: i64, because: Option<Cause>) {
        if !ASKED_FOR.contains(&table) {
            return;
        }
        let row = Cause { table, id };
        self.left_out.insert(row, because.unwrap_or(row));
    }

    /// A user who came in.
    pub fn user(&self, id: i64) -> Option<KnownUser> {
        self.users.get(&id).copied()
    }

    /// The first administrator, else supervisor, who can work.
    pub fn active_supervisor(&self) -> Option<i64> {
        let active = self.users.iter().filter(|(_, user)| user.is_active && user.level >= Level::Supervisor);
        active.min_by_key(|(id, user)| (std::cmp::Reverse(user.level), **id)).map(|(id, _)| *id)
    }

    /// Why a row that another one names is not there.
    fn absent(&self, field: &'static str, row: Cause) -> Problem {
        match self.left_out.get(&row) {
            Some(cause) => Problem { field, reason: format!("left out because {cause} was"), cause: Some(*cause) },
            None => Problem { field, reason: format!("the old database has no such row: {row}"), cause: Some(row) },
        }
    }

    /// Fails when a user is not in the record.
    pub fn check_user(&self, field: &'static str, id: i64) -> Result<KnownUser, Problem> {
        self.user(id).ok_or_else(|| self.absent(field, Cause { table: "usuarios", id }))
    }

    /// Fails when a task is not in the record.
    pub fn check_task(&self, field: &'static str, id: i64) -> Result<(), Problem> {
        if self.tasks.contains(&id) { Ok(()) } else { Err(self.absent(field, Cause { table: "tareas", id })) }
    }

    /// Fails when an officer is not in the record.
    pub fn check_officer(&self, field: &'static str, id: i64) -> Result<(), Problem> {
        if self.officers.contains_key(&id) {
            return Ok(());
        }
        Err(self.absent(field, Cause { table: "efectivos", id }))
    }

    /// What is noted of a live row whose identifying text another one has in another writing.
    pub fn repeated(&mut self, field: &'static str, form: String, id: i64) -> Option<Problem> {
        let first = *self.identities.entry((field, form)).or_insert(id);
        (first != id).then(|| Problem::new(field, format!("is that of row {first} in another writing; kept")))
    }

    /// The officers of a task of these who can be on it, and why the others are not: officers whom the
    /// record does not have, and deleted ones on a task that has not ended. Of those whom the record does not
    /// have only the `own` ones are noted; the others are rows of a table of links, and left out there.
    pub fn officers_for(
        &self,
        field: &'static str,
        own: &BTreeSet<i64>,
        officers: &BTreeSet<i64>,
        is_open: bool,
    ) -> (Vec<domain::OfficerId>, Vec<Problem>) {
        let (mut sent, mut notes) = (Vec::new(), Vec::new());
        for officer in officers.iter().copied() {
            match self.officers.get(&officer) {
                None if !own.contains(&officer) => {}
                None => {
                    let problem = self.absent(field, Cause { table: "efectivos", id: officer });
                    let reason = format!("officer {officer} left off the task: {}", problem.reason);
                    notes.push(Problem { reason, ..problem });
                }
                Some(known) if known.is_deleted && is_open => {
                    let reason = format!("officer {officer} is deleted: left off the task, which has not ended");
                    notes.push(Problem::new(field, reason));
                }
                Some(known) => {
                    if is_open && !known.is_active {
                        let reason = format!(
                            "the account of officer {officer} is not active: taken off the task at the end of the import"
                        );
                        notes.push(Problem::new(field, reason));
                    }
                    sent.push(domain::OfficerId(officer));
                }
            }
        }
        (sent, notes)
    }

    /// An officer of a task in course who is on another one already, and on which.
    pub fn taken_among(&self, task: &Task) -> Option<(i64, i64)> {
        let holds = task.state == TaskState::InProgress && task.deleted_at.is_none();
        let mut officers = task.officers.iter().filter(|_| holds);
        officers.find_map(|officer| {
            let other = self.taken.get(&officer.0).copied()?;
            (other != task.id.0).then_some((officer.0, other))
        })
    }
}
