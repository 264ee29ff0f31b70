//! The report as people read it on a terminal: short, with the findings grouped by cause. Every single
//! row is in the JSON form.

use std::collections::BTreeMap;

use super::report::{Finding, NotImported, Report};
use crate::out::Rows;

/// Most groups of findings that are printed.
const MOST_GROUPS: usize = 25;
/// Most ids that are named in a group.
const MOST_IDS: usize = 5;

impl Report {
    /// The report as people read it; `details` is where every single row is.
    pub fn text(&self, details: Option<&str>) -> String {
        let mut table = Rows::new(["table", "read", "new", "changed", "unchanged", "conflicts", "left out", "deleted"]);
        for count in &self.tables {
            let numbers =
                [count.read, count.added, count.changed, count.present, count.conflicts, count.left_out, count.removed];
            let numbers = numbers.map(|number| number.to_string());
            table.add(std::iter::once(count.table.to_owned()).chain(numbers));
        }
        let mut parts = vec![table.to_string()];
        for NotImported { table, rows } in &self.not_imported {
            parts.push(format!("{table}: {rows} row(s) not imported, gad has no such table"));
        }
        let lists = [("Left out", &self.left_out), ("Conflicts", &self.conflicts), ("Worth knowing", &self.notes)];
        for (title, findings) in lists {
            if !findings.is_empty() {
                parts.push(format!("{title}:\n{}", grouped(findings).join("\n")));
            }
        }
        if !self.violations.is_empty() {
            let rows: Vec<String> = self.violations.iter().map(ToString::to_string).collect();
            parts.push(format!("Rows that violate an invariant, see `gad doctor`: {}", shown(&rows)));
        }
        parts.extend(self.remarks());
        parts.extend(details.map(str::to_owned));
        parts.push(self.outcome_line());
        parts.join("\n\n")
    }

    fn remarks(&self) -> Vec<String> {
        let mut parts = Vec::new();
        if self.departed_officers > 0 {
            parts.push(format!(
                "{} officer(s) who are deleted or whose account is not active are taken off their unfinished tasks",
                self.departed_officers
            ));
        }
        if self.without_linked_officer {
            let text = "no officer has a linked Telegram account: acknowledgement deadlines are off until one has, \
                unless ack_seconds is set";
            parts.push(text.to_owned());
        }
        if self.without_administrator {
            let text = "no administrator can sign in: make one with `gad user create --nivel 3 --verificado`, or of \
                a user with `gad user level USER --nivel 3`, `gad user password` and `gad user enable`";
            parts.push(text.to_owned());
        }
        parts
    }

    fn outcome_line(&self) -> String {
        let (added, left, changed) = (self.added(), self.left_out.len(), self.changed());
        let more = if changed == 0 { String::new() } else { format!(", {changed} changed or deleted") };
        if self.dry_run {
            format!("dry run: nothing was changed; {added} row(s) to add{more}, {left} to leave out")
        } else {
            format!("import done: {added} row(s) added{more}, {left} left out")
        }
    }
}

/// Findings as one line per cause: rows left out because of another row, then those at fault themselves
/// by table, column and reason. The largest groups first.
fn grouped(findings: &[Finding]) -> Vec<String> {
    let mut by_cause: BTreeMap<_, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut by_reason: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for finding in findings {
        match finding.cause {
            Some(cause) => {
                let reason = if finding.reason.starts_with("left out") {
                    finding.reason.clone()
                } else {
                    format!("because of {cause}, which is not there")
                };
                *by_cause.entry(reason).or_default().entry(finding.table).or_default() += 1;
            }
            None => {
                // Numbers of other rows differ from row to row, and would make a group of each.
                let key = (finding.table, finding.field, without_numbers(&finding.reason));
                by_reason.entry(key).or_default().push(finding.id.to_string());
            }
        }
    }
    let mut lines = Vec::new();
    for (reason, tables) in by_cause {
        let rows = tables.values().sum::<usize>();
        let tables: Vec<String> = tables.iter().map(|(table, rows)| format!("{table} {rows}")).collect();
        lines.push((rows, format!("  {reason}: {}", tables.join(", "))));
    }
    for ((table, field, reason), ids) in by_reason {
        lines.push((ids.len(), format!("  {table}.{field} {reason}: {} row(s), id {}", ids.len(), shown(&ids))));
    }
    lines.sort_by_key(|(rows, _)| std::cmp::Reverse(*rows));
    let more = lines.len().saturating_sub(MOST_GROUPS);
    let mut lines: Vec<String> = lines.into_iter().take(MOST_GROUPS).map(|(_, line)| line).collect();
    if more > 0 {
        lines.push(format!("  and {more} more kinds, which the JSON report has"));
    }
    lines
}

fn shown(ids: &[String]) -> String {
    let more = ids.len().saturating_sub(MOST_IDS);
    let named = ids.iter().take(MOST_IDS).map(String::as_str).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{named} and {more} more") } else { named }
}

fn without_numbers(reason: &str) -> String {
    let words = reason.split(' ').map(|word| {
        let is_number = word.trim_matches(|c: char| !c.is_ascii_digit());
        if !is_number.is_empty() && word.chars().all(|c| c.is_ascii_digit() || c.is_ascii_punctuation()) {
            "N"
        } else {
            word
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::report::Id;
    use super::super::row::Cause;
    use super::*;

    #[test]
    fn findings_are_grouped_by_cause() {
        let cause = Some(Cause { table: "usuarios", id: 9 });
        let finding = |table, id: i64, reason: &str, cause| Finding {
            table,
            id: Id::Number(id),
            field: "x",
            reason: reason.to_owned(),
            cause,
        };
        let mut findings: Vec<Finding> =
            (0..14).map(|id| finding("historial_estados", id, "left out because usuarios 9 was", cause)).collect();
        findings.extend((0..5).map(|id| finding("tareas", id, "left out because usuarios 9 was", cause)));
        findings.extend((1..9).map(|id| finding("usuarios", id, &format!("has {id} characters"), None)));
        assert_eq!(
            grouped(&findings),
            [
                "  left out because usuarios 9 was: historial_estados 14, tareas 5",
                "  usuarios.x has N characters: 8 row(s), id 1, 2, 3, 4, 5 and 3 more",
            ]
        );
    }
}
