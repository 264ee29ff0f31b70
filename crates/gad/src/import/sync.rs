//! Which side changed a row since the last import: digests of both sides are kept, and compared.

use anyhow::Result;
use domain::{Assignment, Officer, Task, User};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::import::RowPrint;

/// What a later import does with a row that is present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The old system did not change it: it stays as it is here.
    Keep,
    /// The old system changed it and gad did not: it is replaced.
    Replace,
    /// Both changed it: it stays as it is here, and that is reported.
    Conflict,
    /// It was imported before digests were kept and changed here since, or both changed it to the same: it
    /// stays, and is watched from now on.
    Watch,
}

/// Compares the digests of a row now with those of the last import. `was_changed` is whether gad changed
/// a row of which there are none.
pub fn decide(before: Option<&RowPrint>, now: &RowPrint, was_changed: bool) -> Action {
    match before {
        None if was_changed => Action::Watch,
        None => Action::Replace,
        Some(before) if before.source == now.source => Action::Keep,
        Some(before) if before.own == now.own => Action::Replace,
        Some(_) => Action::Conflict,
    }
}

/// A digest of parts in order.
pub fn digest<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(16).fold(String::with_capacity(32), |text, byte| text + &format!("{byte:02x}"))
}

/// A digest of a value, without the fields that change without anyone changing the row.
fn digest_without(value: &impl Serialize, fields: &[&str]) -> Result<String> {
    let mut value = serde_json::to_value(value)?;
    if let Value::Object(object) = &mut value {
        object.retain(|name, _| !fields.contains(&name.as_str()));
    }
    Ok(digest([value.to_string().as_str()]))
}

/// Of a user as stored here. Sign-ins do not count as changes.
pub fn user_digest(user: &User) -> Result<String> {
    digest_without(user, &["version", "created_at", "updated_at", "last_access", "lockout"])
}

/// Of an officer as stored here. Availability does not count: it follows from tasks.
pub fn officer_digest(officer: &Officer) -> Result<String> {
    let derived = ["version", "created_at", "updated_at", "availability", "availability_since"];
    digest_without(officer, &[&derived[..], &["given_name", "family_name"]].concat())
}

/// Of a task as stored here, with what became of its assignments.
pub fn task_digest(task: &Task, assignments: &[Assignment]) -> Result<String> {
    let task = digest_without(task, &["version", "created_at", "updated_at"])?;
    let steps = assignments.iter().map(|row| format!("{} {} {}", row.officer, row.state.as_str(), row.steps.len()));
    let steps: Vec<String> = steps.collect();
    Ok(digest(std::iter::once(task.as_str()).chain(steps.iter().map(String::as_str))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(source: &str, own: &str) -> RowPrint {
        RowPrint { source: source.to_owned(), own: own.to_owned() }
    }

    #[test]
    fn a_row_is_replaced_only_where_the_old_system_alone_changed_it() {
        let before = print("a", "b");
        let cases = [
            (print("a", "b"), Action::Keep),
            (print("a", "c"), Action::Keep),
            (print("d", "b"), Action::Replace),
            (print("d", "c"), Action::Conflict),
        ];
        for (now, action) in cases {
            assert_eq!(decide(Some(&before), &now, true), action, "{now:?}");
        }
        assert_eq!(decide(None, &before, false), Action::Replace);
        assert_eq!(decide(None, &before, true), Action::Watch);
    }

    #[test]
    fn parts_are_told_apart() {
        assert_ne!(digest(["ab", "c"]), digest(["a", "bc"]));
        assert_eq!(digest(["ab"]).len(), 32);
    }
}
