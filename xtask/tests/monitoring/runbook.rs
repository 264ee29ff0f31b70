//! The runbook has a section for each alert, and speaks of what there is.

use std::collections::BTreeSet;

use crate::dashboard::dashboards;
use crate::rules::alerts;
use crate::text;

/// What stands between two of a mark.
fn between(text: &str, mark: char) -> impl Iterator<Item = &str> {
    text.split(mark).skip(1).step_by(2)
}

#[test]
fn every_alert_has_its_section_and_every_section_its_alert() {
    let page = text("docs/runbook.md");
    let sections: Vec<_> = page.split("\n### ").skip(1).collect();
    let headings: BTreeSet<_> = sections.iter().map(|section| section.lines().next().unwrap()).collect();
    let alerts = alerts();
    let names: BTreeSet<_> = alerts.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(headings, names);
    for section in sections {
        for part in ["**Means.** ", "**Look.** ", "**Do.** "] {
            assert!(section.contains(part), "{part}of {section}");
        }
    }
}

#[test]
fn the_runbook_speaks_of_alerts_panels_and_commands_that_are_there() {
    let page = text("docs/runbook.md");
    let mut known: BTreeSet<_> = alerts().into_iter().map(|(name, _)| name).collect();
    for (_, dashboard) in dashboards() {
        let title = dashboard.title.trim_start_matches("gad · ").to_owned();
        known.extend(dashboard.panels.iter().map(|panel| format!("{title}: {}", panel.title)));
    }
    let commands = text("docs/cli.md");
    let body = page.split_once("\n## ").unwrap().1;
    for line in body.lines().filter(|line| !line.starts_with("###")) {
        // Code may hold asterisks of its own.
        let prose: String = line.split('`').step_by(2).collect();
        for named in between(&prose.replace("**", ""), '*') {
            assert!(known.contains(named), "neither an alert nor a panel: {named}");
        }
        for command in between(line, '`').filter_map(|code| code.strip_prefix("gad ")) {
            let is_known = command.split(' ').next().is_some_and(|verb| commands.contains(&format!("`gad {verb}")));
            assert!(is_known, "docs/cli.md does not know gad {command}");
        }
    }
}
