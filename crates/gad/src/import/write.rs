//! Writes one row under its old number: adds it, or replaces it where the old system alone changed it.

use anyhow::Result;
use domain::{Officer, Task, User};
use store::import::{Imported, RowPrint};

use super::Run;
use super::record::Stop;
use super::report::Outcome;
use super::row::Problem;
use super::sync::{self, Action};

/// The digests of passwords, which change apart from the rest of a user.
const PASSWORDS: &str = "usuarios.hashed_password";

/// What is reported of a row that both sides changed.
fn conflict() -> Problem {
    Problem::new("id", "changed in the old system and in gad since the last import: gad's row is kept")
}

/// What became of a row that was not replaced.
fn kept(action: Action) -> Outcome {
    if action == Action::Conflict { Outcome::Conflict(conflict()) } else { Outcome::Present }
}

fn taken() -> Stop {
    // All that names the old row would end up with another person or task.
    Problem::new("id", "another row of the record has this number").into()
}

impl Run {
    /// Writes a user with the password's hash. `source` is the digest of the old row.
    pub async fn write_user(&mut self, user: &User, hash: Option<&str>, source: String) -> Result<Outcome, Stop> {
        let imported = self.record.tx().await?.import().user(user, hash).await?;
        let outcome = match imported {
            Imported::Added => {
                let own = self.user_digest(user).await?;
                self.added("usuarios", user.id.0, RowPrint { source, own }).await?;
                Outcome::Added
            }
            Imported::Present => self.sync_user(user, source).await?,
        };
        self.known.add_user(user);
        match hash {
            Some(hash) => self.sync_password(user, hash, outcome).await,
            None => Ok(outcome),
        }
    }

    async fn added(&mut self, table: &'static str, id: i64, print: RowPrint) -> Result<(), Stop> {
        self.record.mark().await?;
        Ok(self.record.tx().await?.import().put_print(table, id, &print).await?)
    }

    /// Decides on a row that is present, and writes the digests where it stays and is up to date. `merged` is the
    /// digest that the row would have if it were replaced: one that both sides changed to the same is no conflict.
    async fn decide(
        &mut self,
        table: &'static str,
        id: i64,
        now: &RowPrint,
        merged: &str,
        changed: bool,
    ) -> Result<Action, Stop> {
        let before = self.record.tx().await?.import().print(table, id).await?;
        let action = match sync::decide(before.as_ref(), now, changed) {
            Action::Conflict if now.own == merged => Action::Watch,
            action => action,
        };
        if action == Action::Watch {
            self.record.tx().await?.import().put_print(table, id, now).await?;
        }
        Ok(action)
    }

    async fn user_digest(&mut self, user: &User) -> Result<String, Stop> {
        let stored = self.record.tx().await?.import().stored_user(user.id).await?;
        Ok(sync::user_digest(stored.as_ref().unwrap_or(user))?)
    }

    async fn sync_user(&mut self, user: &User, source: String) -> Result<Outcome, Stop> {
        let stored = self.record.tx().await?.import().stored_user(user.id).await?;
        let Some(stored) = stored.filter(|stored| stored.uuid == user.uuid) else { return Err(taken()) };
        let now = RowPrint { source, own: sync::user_digest(&stored)? };
        let merged = User {
            version: stored.version,
            created_at: stored.created_at,
            updated_at: user.updated_at.max(stored.updated_at),
            last_access: user.last_access.max(stored.last_access),
            lockout: if user.lockout.until > stored.lockout.until { user.lockout } else { stored.lockout },
            ..user.clone()
        };
        let merged_digest = sync::user_digest(&merged)?;
        let action = self.decide("usuarios", user.id.0, &now, &merged_digest, stored.version > 1).await?;
        if action != Action::Replace {
            return Ok(kept(action));
        }
        let at = self.now;
        self.record.tx().await?.import().replace_user(&merged).await?;
        if stored.is_active() && !merged.is_active() {
            let reason = if merged.deleted_at.is_some() { "deleted" } else { "disabled" };
            self.record.tx().await?.sessions().revoke_all(user.id, None, reason, at).await?;
        }
        let own = self.user_digest(&merged).await?;
        self.replaced("usuarios", user.id.0, now, own).await
    }

    async fn replaced(&mut self, table: &'static str, id: i64, now: RowPrint, own: String) -> Result<Outcome, Stop> {
        let outcome = if now.own == own { Outcome::Present } else { Outcome::Changed };
        let print = RowPrint { own, ..now };
        self.record.tx().await?.import().put_print(table, id, &print).await?;
        Ok(outcome)
    }

    /// The password goes by itself: gad hashes it again at the next sign-in, which is no change of the user.
    async fn sync_password(&mut self, user: &User, hash: &str, outcome: Outcome) -> Result<Outcome, Stop> {
        let id = user.id.0;
        let source = sync::digest([hash]);
        let before = self.record.tx().await?.import().print(PASSWORDS, id).await?;
        let Some(before) = before else {
            let print = RowPrint { own: source.clone(), source };
            self.record.tx().await?.import().put_print(PASSWORDS, id, &print).await?;
            return Ok(outcome);
        };
        if before.source == source || user.deleted_at.is_some() {
            return Ok(outcome);
        }
        let stored = self.record.tx().await?.users().password_hash(user.id).await?.unwrap_or_default();
        if sync::digest([stored.as_str()]) != before.own {
            let reason = "changed in the old system, and used or changed in gad since the last import: gad's is kept";
            return Ok(Outcome::Conflict(Problem::new("hashed_password", reason)));
        }
        let at = self.now;
        self.record.tx().await?.users().set_password_hash(user.id, hash, at).await?;
        self.record.tx().await?.sessions().revoke_all(user.id, None, "password_reset", at).await?;
        let print = RowPrint { own: source.clone(), source };
        self.record.tx().await?.import().put_print(PASSWORDS, id, &print).await?;
        Ok(if matches!(outcome, Outcome::Present) { Outcome::Changed } else { outcome })
    }

    /// Writes an officer.
    pub async fn write_officer(&mut self, officer: &Officer, source: String) -> Result<Outcome, Stop> {
        let imported = self.record.tx().await?.import().officer(officer).await?;
        let outcome = match imported {
            Imported::Added => {
                let own = self.officer_digest(officer).await?;
                self.added("efectivos", officer.id.0, RowPrint { source, own }).await?;
                Outcome::Added
            }
            Imported::Present => self.sync_officer(officer, source).await?,
        };
        self.known.add_officer(officer);
        Ok(outcome)
    }

    async fn officer_digest(&mut self, officer: &Officer) -> Result<String, Stop> {
        let stored = self.record.tx().await?.import().stored_officer(officer.id).await?;
        Ok(sync::officer_digest(stored.as_ref().unwrap_or(officer))?)
    }

    async fn sync_officer(&mut self, officer: &Officer, source: String) -> Result<Outcome, Stop> {
        let stored = self.record.tx().await?.import().stored_officer(officer.id).await?;
        let Some(stored) = stored.filter(|stored| stored.uuid == officer.uuid) else { return Err(taken()) };
        let now = RowPrint { source, own: sync::officer_digest(&stored)? };
        let mut merged = Officer {
            version: stored.version,
            created_at: stored.created_at,
            updated_at: officer.updated_at.max(stored.updated_at),
            ..officer.clone()
        };
        // The later of both sides is right, and what does not fit the tasks is corrected at the end.
        if stored.availability_since >= officer.availability_since {
            (merged.availability, merged.availability_since) = (stored.availability, stored.availability_since);
        }
        let merged_digest = sync::officer_digest(&merged)?;
        let action = self.decide("efectivos", officer.id.0, &now, &merged_digest, stored.version > 1).await?;
        if action != Action::Replace {
            return Ok(kept(action));
        }
        let was = (stored.availability, stored.availability_since);
        self.record.tx().await?.import().replace_officer(&merged).await?;
        let own = self.officer_digest(&merged).await?;
        let outcome = self.replaced("efectivos", officer.id.0, now, own).await?;
        let is_moved = was != (merged.availability, merged.availability_since);
        Ok(if is_moved && matches!(outcome, Outcome::Present) { Outcome::Changed } else { outcome })
    }

    /// Writes a task with its officers.
    pub async fn write_task(&mut self, task: &Task, source: String) -> Result<Outcome, Stop> {
        if let Some((officer, other)) = self.known.taken_among(task) {
            let reason = format!("officer {officer} is on the task {other} in course: one active task an officer");
            let stored = self.record.tx().await?.import().stored_task(task.id).await?;
            if stored.is_some_and(|stored| stored.uuid == task.uuid) {
                self.known.add_task(task);
                return Ok(Outcome::Present);
            }
            return Err(Problem::new("efectivos_asignados", reason).into());
        }
        let imported = self.record.tx().await?.import().task(task).await?;
        let outcome = match imported {
            Imported::Added => {
                let own = self.task_digest(task).await?;
                self.added("tareas", task.id.0, RowPrint { source, own }).await?;
                Outcome::Added
            }
            Imported::Present => self.sync_task(task, source).await?,
        };
        self.known.add_task(task);
        Ok(outcome)
    }

    async fn task_digest(&mut self, task: &Task) -> Result<String, Stop> {
        let stored = self.record.tx().await?.import().stored_task(task.id).await?;
        let rows = self.record.tx().await?.assignments().of_tasks(&[task.id]).await?;
        Ok(sync::task_digest(stored.as_ref().unwrap_or(task), &rows)?)
    }

    async fn sync_task(&mut self, task: &Task, source: String) -> Result<Outcome, Stop> {
        let stored = self.record.tx().await?.import().stored_task(task.id).await?;
        let Some(stored) = stored.filter(|stored| stored.uuid == task.uuid) else { return Err(taken()) };
        let rows = self.record.tx().await?.assignments().of_tasks(&[task.id]).await?;
        let now = RowPrint { source, own: sync::task_digest(&stored, &rows)? };
        let merged = Task {
            version: stored.version,
            created_at: stored.created_at,
            updated_at: task.updated_at.max(stored.updated_at),
            ..task.clone()
        };
        let merged_digest = sync::task_digest(&merged, &rows)?;
        let action = self.decide("tareas", task.id.0, &now, &merged_digest, stored.version > 1).await?;
        if action != Action::Replace {
            return Ok(kept(action));
        }
        self.record.tx().await?.import().replace_task(&stored, &merged).await?;
        let own = self.task_digest(&merged).await?;
        self.replaced("tareas", task.id.0, now, own).await
    }
}
