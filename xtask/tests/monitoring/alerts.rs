//! Alert rules are those that were promised, say what people need, and are each proven.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::promql::reads;
use crate::rules::{Rule, alerts, rules, stories, yaml};

/// The alerts of GRUPO_GAD (contract §8.3), with what they wait for, severity and component.
#[rustfmt::skip]
const PROMISED: &[(&str, &str, &str, &str)] = &[
    ("APIDown", "1m", "critical", "api"),
    ("HighErrorRate", "5m", "warning", "api"),
    ("HighLatencyP95", "5m", "warning", "api"),
    ("CriticalLatencyP99", "2m", "critical", "api"),
    ("PostgreSQLDown", "1m", "critical", "database"),
    ("TooManyConnections", "5m", "warning", "database"),
    ("SlowQueries", "2m", "warning", "database"),
    ("HighDatabaseDiskUsage", "5m", "warning", "database"),
    ("RedisDown", "1m", "critical", "cache"),
    ("RedisMemoryHigh", "5m", "warning", "cache"),
    ("RedisHighEvictionRate", "5m", "warning", "cache"),
    ("HighCPUUsage", "5m", "warning", "infrastructure"),
    ("HighMemoryUsage", "5m", "warning", "infrastructure"),
    ("CriticalMemoryUsage", "2m", "critical", "infrastructure"),
    ("DiskSpaceLow", "5m", "warning", "infrastructure"),
    ("DiskSpaceCritical", "2m", "critical", "infrastructure"),
    ("HighWebSocketConnections", "5m", "warning", "websocket"),
    ("HighWebSocketBroadcastErrors", "5m", "warning", "websocket"),
    // Its second table, with the components that it leaves open.
    ("HeartbeatFailure", "1m", "critical", "websocket"),
    ("ConnectionLoss", "2m", "warning", "websocket"),
    ("ServiceDown", "30s", "critical", "infrastructure"),
    ("DatabaseDown", "30s", "critical", "database"),
    ("HighResponseTime", "3m", "warning", "api"),
    ("TooManyDatabaseConnections", "2m", "warning", "database"),
    ("PostGISHighLatency", "5m", "warning", "database"),
    ("PostGISSpatialQuerySlow", "2m", "warning", "database"),
    ("PostGISIndexBloat", "15m", "warning", "database"),
    ("PostGISConnectionPoolExhausted", "2m", "warning", "database"),
];

/// Components that alerts are grouped by.
const COMPONENTS: &[&str] = &[
    "api",
    "audit",
    "bot",
    "cache",
    "database",
    "dispatch",
    "events",
    "infrastructure",
    "resilience",
    "runtime",
    "security",
    "websocket",
];

#[test]
fn the_alerts_of_grupo_gad_are_there_as_they_were_declared() {
    let alerts: BTreeMap<String, Rule> = alerts().into_iter().collect();
    for (name, lasting, severity, component) in PROMISED {
        let alert = alerts.get(*name).unwrap_or_else(|| panic!("{name} is missing"));
        let label = |label: &str| alert.labels.get(label).map(String::as_str);
        assert_eq!(
            (alert.lasting.as_deref(), label("severity"), label("component")),
            (Some(*lasting), Some(*severity), Some(*component)),
            "{name}"
        );
    }
}

#[test]
fn every_alert_says_what_it_is_and_where_to_read_on() {
    for (name, rule) in alerts() {
        for said in ["summary", "description"] {
            assert!(rule.annotations.get(said).is_some_and(|text| text.len() > 10), "{name} has no {said}");
        }
        let section = format!("docs/runbook.md#{}", name.to_lowercase());
        assert_eq!(rule.annotations.get("runbook_url"), Some(&section), "{name}");
        assert!(["critical", "warning"].contains(&rule.labels["severity"].as_str()), "{name}");
        assert!(COMPONENTS.contains(&rule.labels["component"].as_str()), "{name}: {}", rule.labels["component"]);
    }
}

/// Figures that a rule reads, those below recorded ones too.
fn below(rule: &Rule, recorded: &BTreeMap<String, &Rule>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for read in reads(&rule.expr) {
        if let Some(rule) = recorded.get(&read.figure) {
            found.extend(below(rule, recorded));
        }
        found.insert(read.figure);
    }
    found
}

#[test]
fn every_alert_is_proven_to_fire_and_to_be_silent() {
    let (alerts, rules, stories) = (alerts(), rules(), stories());
    assert!(alerts.len() >= 23, "{}", alerts.len());
    let recorded = rules.iter().filter_map(|rule| Some((rule.record.clone()?, rule))).collect();
    for (name, rule) in &alerts {
        let figures = below(rule, &recorded);
        // What is silent only because it was given nothing proves nothing.
        let about = |story: &&crate::rules::Story| !story.gives().is_disjoint(&figures);
        let cases = stories.iter().filter(about).flat_map(|story| story.cases.iter().map(move |case| (story, case)));
        let (mut fires, mut silent) = (0, BTreeSet::new());
        for (story, case) in cases.filter(|(_, case)| case.alertname == *name) {
            if case.firing.iter().any(|firing| rule.gave(firing)) {
                fires += 1;
            } else {
                silent.insert(&story.name);
            }
        }
        // Silent before it lasted long enough, and silent where all is well.
        let labels = &rule.labels;
        assert!(fires > 0, "no case in which {name} {labels:?} fires");
        assert!(silent.len() > 1, "no two stories in which {name} {labels:?} is silent: {silent:?}");
    }
    let names: BTreeSet<_> = alerts.iter().map(|(name, _)| name).collect();
    for story in &stories {
        for case in &story.cases {
            assert!(names.contains(&case.alertname), "{} is no alert", case.alertname);
            assert!(story.name.starts_with(&case.alertname), "{}: its cases are of {}", story.name, case.alertname);
        }
    }
}

#[derive(Deserialize)]
struct Alertmanager {
    route: Route,
    receivers: Vec<Receiver>,
    inhibit_rules: Vec<Inhibit>,
}

#[derive(Deserialize)]
struct Route {
    receiver: String,
    #[serde(default)]
    matchers: Vec<String>,
    group_by: Option<Vec<String>>,
    group_wait: Option<String>,
    group_interval: Option<String>,
    repeat_interval: Option<String>,
    #[serde(default)]
    routes: Vec<Route>,
}

#[derive(Deserialize)]
struct Receiver {
    name: String,
}

#[derive(Deserialize)]
struct Inhibit {
    source_matchers: Vec<String>,
    target_matchers: Vec<String>,
}

#[test]
fn mail_comes_as_soon_and_as_often_as_declared_and_silences_name_alerts() {
    let config: Alertmanager = yaml("deploy/alertmanager/alertmanager.yml");
    let timing = |route: &Route| {
        [&route.group_wait, &route.group_interval, &route.repeat_interval].map(|time| time.clone().unwrap_or_default())
    };
    assert_eq!(config.route.group_by.as_deref().unwrap(), ["alertname", "component", "severity"]);
    assert_eq!(timing(&config.route), ["10s", "5m", "4h"]);
    let [critical, warning] = &config.route.routes[..] else { panic!("a route for each severity") };
    assert_eq!(
        (&critical.matchers[..], timing(critical)),
        (&["severity = critical".to_owned()][..], ["0s", "", "1h"].map(str::to_owned))
    );
    assert_eq!(
        (&warning.matchers[..], timing(warning)),
        (&["severity = warning".to_owned()][..], ["30s", "", ""].map(str::to_owned))
    );
    for route in [&config.route, critical, warning] {
        assert!(config.receivers.iter().any(|receiver| receiver.name == route.receiver), "{}", route.receiver);
    }
    let down = config.inhibit_rules.iter().find(|rule| rule.source_matchers == ["alertname = APIDown"]).unwrap();
    assert_eq!(down.target_matchers, ["severity = warning", "component = api"]);

    let names: BTreeSet<_> = alerts().into_iter().map(|(name, _)| name).collect();
    let matchers =
        config.inhibit_rules.iter().flat_map(|rule| rule.source_matchers.iter().chain(&rule.target_matchers));
    for matcher in matchers {
        let Some(named) = matcher.strip_prefix("alertname ") else { continue };
        for name in named.trim_start_matches(['=', '~', ' ']).trim_matches('"').split('|') {
            assert!(names.contains(name), "{matcher}: {name} is no alert");
        }
    }
}
