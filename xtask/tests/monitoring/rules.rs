//! The rules of `deploy/prometheus/rules`, and the cases of `deploy/prometheus/tests`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::promql::reads;
use crate::{files, text};

/// Where both lie.
const FOLDER: &str = "deploy/prometheus";

/// A file of rules.
#[derive(Deserialize)]
struct Rules {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    name: String,
    rules: Vec<Rule>,
}

/// One rule: an alert, or a figure that is recorded.
#[derive(Deserialize)]
pub struct Rule {
    /// The alert's name.
    pub alert: Option<String>,
    /// The recorded figure's name.
    pub record: Option<String>,
    /// What it reads.
    pub expr: String,
    /// How long it must hold.
    #[serde(rename = "for")]
    pub lasting: Option<String>,
    /// Labels of the alert.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// What people read of it.
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
}

/// A file of cases.
#[derive(Deserialize)]
struct Cases {
    rule_files: Vec<String>,
    group_eval_order: Vec<String>,
    tests: Vec<Story>,
}

/// Some series, and what they must lead to.
#[derive(Deserialize)]
pub struct Story {
    /// What it is about.
    pub name: String,
    input_series: Vec<Series>,
    /// The cases.
    #[serde(rename = "alert_rule_test")]
    pub cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Series {
    series: String,
}

/// What must be at a time.
#[derive(Deserialize)]
pub struct Case {
    /// Which alert.
    pub alertname: String,
    /// Those that fire.
    #[serde(default, rename = "exp_alerts")]
    pub firing: Vec<Firing>,
}

/// An alert that fires.
#[derive(Deserialize)]
pub struct Firing {
    /// Its labels.
    #[serde(rename = "exp_labels")]
    pub labels: BTreeMap<String, String>,
}

impl Story {
    /// The figures that it gives.
    pub fn gives(&self) -> BTreeSet<String> {
        self.input_series.iter().flat_map(|series| reads(&series.series)).map(|read| read.figure).collect()
    }
}

impl Rule {
    /// Whether an alert of these labels is this rule's.
    pub fn gave(&self, firing: &Firing) -> bool {
        self.labels.iter().all(|(name, value)| firing.labels.get(name) == Some(value))
    }
}

/// A YAML file of the repository.
pub fn yaml<T: DeserializeOwned>(path: impl AsRef<Path>) -> T {
    let path = path.as_ref();
    serde_saphyr::from_str(&text(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All rules.
pub fn rules() -> Vec<Rule> {
    let files = files(&format!("{FOLDER}/rules"), "yml").into_iter().map(yaml::<Rules>);
    files.flat_map(|file| file.groups).flat_map(|group| group.rules).collect()
}

/// All alerts, by name.
pub fn alerts() -> Vec<(String, Rule)> {
    rules().into_iter().filter_map(|rule| Some((rule.alert.clone()?, rule))).collect()
}

/// All stories that prove alerts.
pub fn stories() -> Vec<Story> {
    files(&format!("{FOLDER}/tests"), "yml").into_iter().map(yaml::<Cases>).flat_map(|file| file.tests).collect()
}

/// What promtool needs to know of a file of cases: recorded figures are reckoned before they are read.
#[test]
fn cases_are_of_one_file_of_rules_and_reckon_in_order() {
    let groups = |file: &str| yaml::<Rules>(file).groups.into_iter().map(|group| group.name).collect::<Vec<_>>();
    for path in files(&format!("{FOLDER}/rules"), "yml") {
        let name = path.file_stem().unwrap().to_str().unwrap();
        if name == "recording" {
            continue;
        }
        let cases: Cases = yaml(format!("{FOLDER}/tests/{name}_test.yml"));
        assert_eq!(cases.rule_files, ["../rules/recording.yml".to_owned(), format!("../rules/{name}.yml")]);
        let order = [groups(&format!("{FOLDER}/rules/recording.yml")), groups(path.to_str().unwrap())].concat();
        assert_eq!(cases.group_eval_order, order, "{name}");
    }
}
