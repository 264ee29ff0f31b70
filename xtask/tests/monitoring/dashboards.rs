//! Dashboards have the shape that Grafana takes, and each panel says what it shows.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::dashboard::{Panel, dashboards};
use crate::rules::yaml;

/// Kinds of panel that are used; Grafana shows an unknown one as an empty box.
const KINDS: &[&str] = &["stat", "state-timeline", "text", "timeseries"];
/// Units, by Grafana's names.
const UNITS: &[&str] = &["bytes", "none", "percentunit", "reqps", "s"];

#[test]
fn dashboards_have_the_shape_that_grafana_takes() {
    let dashboards = dashboards();
    assert_eq!(dashboards.len(), 6);
    let (mut uids, mut titles) = (BTreeSet::new(), BTreeSet::new());
    for (path, dashboard) in &dashboards {
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert_eq!(dashboard.uid, format!("gad-{name}"));
        assert!(uids.insert(&dashboard.uid) && titles.insert(&dashboard.title), "{name} twice");
        assert!(dashboard.title.starts_with("gad · ") && !dashboard.description.is_empty(), "{name}");
        assert!(dashboard.tags == ["gad"] && dashboard.schema_version >= 39, "{name}: links go by the tag");
        let chosen: Vec<_> = dashboard.templating.list.iter().map(|variable| variable.name.as_str()).collect();
        assert_eq!(chosen, ["datasource", "instance"], "{name}");
        let mut known = (BTreeSet::new(), BTreeSet::new());
        for panel in &dashboard.panels {
            assert!(known.0.insert(panel.id) && known.1.insert(&panel.title), "{name}: {} twice", panel.title);
            is_whole(panel);
        }
        for (number, one) in dashboard.panels.iter().enumerate() {
            for other in &dashboard.panels[number + 1..] {
                assert!(!overlap(one, other), "{name}: {} lies on {}", one.title, other.title);
            }
        }
    }
}

fn is_whole(panel: &Panel) {
    let title = &panel.title;
    assert!(!title.is_empty() && !panel.description.is_empty(), "{title}: what does it show?");
    assert!(KINDS.contains(&panel.kind.as_str()), "{title}: {}", panel.kind);
    assert!(panel.grid_pos.w > 0 && panel.grid_pos.h > 0 && panel.grid_pos.x + panel.grid_pos.w <= 24, "{title}");
    if panel.kind == "text" {
        return;
    }
    assert_eq!(panel.datasource.as_ref().unwrap().uid, "${datasource}", "{title}");
    let unit = &panel.field_config.as_ref().unwrap().defaults.unit;
    assert!(UNITS.contains(&unit.as_str()), "{title}: {unit}");
    assert!(!panel.targets.is_empty(), "{title} asks nothing");
    let mut letters = BTreeSet::new();
    for target in &panel.targets {
        assert!(letters.insert(&target.ref_id), "{title}: {} twice", target.ref_id);
        assert!(!target.expr.is_empty() && !target.legend_format.is_empty(), "{title}: {}", target.ref_id);
    }
}

fn overlap(one: &Panel, other: &Panel) -> bool {
    let (one, other) = (&one.grid_pos, &other.grid_pos);
    one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Provisioning {
    api_version: u32,
    #[serde(default)]
    datasources: Vec<Source>,
    #[serde(default)]
    providers: Vec<Provider>,
}

#[derive(Deserialize)]
struct Source {
    #[serde(rename = "type")]
    kind: String,
    url: String,
}

#[derive(Deserialize)]
struct Provider {
    #[serde(rename = "type")]
    kind: String,
    options: Folder,
}

#[derive(Deserialize)]
struct Folder {
    path: String,
}

#[test]
fn grafana_is_told_where_prometheus_and_the_dashboards_are() {
    let sources: Provisioning = yaml("deploy/grafana/provisioning/datasources/prometheus.yml");
    let [source] = &sources.datasources[..] else { panic!("one source") };
    assert_eq!(
        (sources.api_version, source.kind.as_str(), source.url.as_str()),
        (1, "prometheus", "http://127.0.0.1:9090")
    );
    let folders: Provisioning = yaml("deploy/grafana/provisioning/dashboards/gad.yml");
    let [folder] = &folders.providers[..] else { panic!("one folder") };
    assert_eq!((folders.api_version, folder.kind.as_str()), (1, "file"));
    // Where deploy/README.md copies them.
    assert!(crate::text("deploy/README.md").contains(&folder.options.path));
}
