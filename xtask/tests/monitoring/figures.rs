//! Rules and panels read only what is exported.

use std::collections::{BTreeMap, BTreeSet};

use crate::dashboard::dashboards;
use crate::promql::reads;
use crate::rules::rules;
use crate::text;

/// Labels that Prometheus gives to everything it fetches; `host` is ours (prometheus.yml).
const OF_TARGETS: [&str; 3] = ["job", "instance", "host"];

/// What stands in backquotes.
fn quoted(cell: &str) -> impl Iterator<Item = String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned)
}

/// What gad exports, by series, with labels: docs/metrics.md, which a test of gad holds against a
/// live scrape.
fn ours() -> BTreeMap<String, BTreeSet<String>> {
    let mut figures = Vec::new();
    for line in text("docs/metrics.md").lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
        figures.extend(
            quoted(cells[0]).map(|name| (name, cells[1].to_owned(), quoted(cells[2]).collect::<BTreeSet<_>>())),
        );
    }
    assert!(figures.len() > 20, "docs/metrics.md was not read");
    let mut series = BTreeMap::new();
    for (name, kind, mut labels) in figures {
        labels.extend(OF_TARGETS.map(str::to_owned));
        if kind == "histogram" {
            for end in ["_sum", "_count"] {
                series.insert(format!("{name}{end}"), labels.clone());
            }
            labels.insert("le".to_owned());
            series.insert(format!("{name}_bucket"), labels);
        } else {
            series.insert(name, labels);
        }
    }
    series
}

/// What exporters beside gad export.
fn others() -> BTreeSet<String> {
    let page = text("deploy/prometheus/exporters.md");
    let rows = page.lines().filter(|line| line.starts_with("| ")).filter_map(|line| line.split('|').nth(3));
    rows.flat_map(|cell| quoted(cell).collect::<Vec<_>>()).collect()
}

/// All expressions, each with where it stands.
fn expressions() -> Vec<(String, String)> {
    let mut all: Vec<_> = rules().into_iter().map(|rule| (rule.alert.or(rule.record).unwrap(), rule.expr)).collect();
    for (_, dashboard) in dashboards() {
        for variable in &dashboard.templating.list {
            if let Some(rest) = variable.query.strip_prefix("label_values(") {
                all.push((
                    format!("{}: {}", dashboard.title, variable.name),
                    rest.split(',').next().unwrap().to_owned(),
                ));
            }
        }
        for panel in &dashboard.panels {
            let place = format!("{}: {}", dashboard.title, panel.title);
            all.extend(panel.targets.iter().map(|target| (place.clone(), target.expr.clone())));
        }
    }
    all
}

#[test]
fn rules_and_panels_read_only_what_is_exported() {
    let (ours, others) = (ours(), others());
    let recorded: BTreeSet<_> = rules().into_iter().filter_map(|rule| rule.record).collect();
    let mut wrong = Vec::new();
    let mut read = BTreeSet::new();
    for (place, expression) in expressions() {
        let found = reads(&expression);
        assert!(!found.is_empty(), "{place} reads nothing: {expression}");
        for used in found {
            match ours.get(&used.figure) {
                Some(labels) => {
                    let unknown: Vec<_> = used.chosen_by.difference(labels).collect();
                    if !unknown.is_empty() {
                        wrong.push(format!("{place}: {} has no {unknown:?}", used.figure));
                    }
                }
                None if others.contains(&used.figure) || recorded.contains(&used.figure) => {}
                None => wrong.push(format!("{place}: nobody exports {}", used.figure)),
            }
            read.insert(used.figure);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let idle: Vec<_> = others.union(&recorded).filter(|name| !read.contains(*name)).collect();
    assert!(idle.is_empty(), "recorded, or named in exporters.md, and read by nobody: {idle:?}");
}

#[test]
fn panels_show_whatever_alerts_read_of_gad() {
    let ours = ours();
    let mut alerts = BTreeSet::new();
    for rule in rules() {
        alerts.extend(reads(&rule.expr).into_iter().map(|read| read.figure).filter(|figure| ours.contains_key(figure)));
    }
    let recorded: BTreeMap<_, _> = rules().into_iter().filter_map(|rule| Some((rule.record?, rule.expr))).collect();
    let mut shown = BTreeSet::new();
    for panel in dashboards().into_iter().flat_map(|(_, dashboard)| dashboard.panels) {
        for read in panel.targets.iter().flat_map(|target| reads(&target.expr)) {
            let below = recorded.get(&read.figure).map(|expression| reads(expression)).unwrap_or_default();
            shown.extend(below.into_iter().map(|read| read.figure));
            shown.insert(read.figure);
        }
    }
    // The same as ggrt_active_connections, under an older name.
    shown.insert("websocket_connections_active".to_owned());
    let hidden: Vec<_> = alerts.difference(&shown).collect();
    assert!(hidden.is_empty(), "alerts read what no panel shows: {hidden:?}");
}
