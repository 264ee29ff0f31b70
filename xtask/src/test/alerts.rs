//! What only Prometheus' own programs can say: whether rules are rules, panels ask what can be
//! asked, mail goes where it should, and each alert fires and is silent when its cases say so.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::install::{Monitoring, monitoring};
use crate::progress::Counted;
use crate::shell::{output, root};

/// How a case begins, in the files of cases.
const CASE: &str = "- eval_time: ";

/// Checks rules, configuration and panels, and plays all cases; their number is the result.
pub fn rules(may_install: bool) -> Result<Counted> {
    let programs = monitoring(may_install)?;
    let deploy = root().join("deploy");
    let prometheus = deploy.join("prometheus");
    let checks = ["check", "rules", "--lint=all", "--lint-fatal"];
    output(Command::new(&programs.promtool).args(checks).args(files(&prometheus.join("rules"), "yml")?))?;
    configuration(&programs, &prometheus)?;
    routing(&programs, &deploy.join("alertmanager/alertmanager.yml"))?;
    let panels = panels(&programs, &deploy.join("grafana/dashboards"))?;

    let cases = files(&prometheus.join("tests"), "yml")?;
    let mut number = 0;
    for file in &cases {
        number += std::fs::read_to_string(file)?.lines().filter(|line| line.trim().starts_with(CASE)).count();
    }
    let played = Command::new(&programs.promtool).args(["test", "rules"]).args(&cases).output()?;
    eprintln!("  {number} cases, {panels} questions of panels");
    let said = String::from_utf8_lossy(&played.stdout).into_owned() + &String::from_utf8_lossy(&played.stderr);
    // promtool prints each case that did not go as it says, with the alert's name first.
    let wrong = said.lines().filter(|line| line.trim().starts_with("alertname:")).count();
    let failed = wrong.max(usize::from(!played.status.success()));
    Ok(Counted { passed: number.saturating_sub(failed).try_into()?, failed: failed.try_into()?, output: said })
}

fn files(folder: &Path, ending: &str) -> Result<Vec<std::path::PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == ending));
    files.sort();
    if files.is_empty() {
        bail!("no .{ending} files in {}", folder.display());
    }
    Ok(files)
}

/// The configuration as it is with a token beside it, which an office adds.
fn configuration(programs: &Monitoring, prometheus: &Path) -> Result<()> {
    let office = tempfile::tempdir()?;
    std::fs::create_dir(office.path().join("rules"))?;
    for file in files(&prometheus.join("rules"), "yml")? {
        std::fs::copy(&file, office.path().join("rules").join(file.file_name().unwrap_or_default()))?;
    }
    let config = office.path().join("prometheus.yml");
    std::fs::copy(prometheus.join("prometheus.yml"), &config)?;
    std::fs::write(office.path().join("gad-metrics-token"), "a token of the tests")?;
    output(Command::new(&programs.promtool).args(["check", "config"]).arg(&config)).map(drop)
}

/// Who hears of what.
fn routing(programs: &Monitoring, config: &Path) -> Result<()> {
    output(Command::new(&programs.amtool).arg("check-config").arg(config))?;
    for (severity, receiver) in [("critical", "guardia"), ("warning", "equipo")] {
        let mut route = Command::new(&programs.amtool);
        route.args(["config", "routes", "test", "--verify.receivers", receiver, "--config.file"]).arg(config);
        output(route.arg(format!("severity={severity}")).arg("component=api"))?;
    }
    Ok(())
}

/// Panels ask in the same language as rules do, so promtool can read them as such. How many there are.
fn panels(programs: &Monitoring, folder: &Path) -> Result<usize> {
    let mut rules = Vec::new();
    for file in files(folder, "json")? {
        let dashboard: Value = serde_json::from_slice(&std::fs::read(&file)?)?;
        let panels = dashboard["panels"].as_array().into_iter().flatten();
        for target in panels.filter_map(|panel| panel["targets"].as_array()).flatten() {
            let asked = target["expr"].as_str().with_context(|| format!("no expr in {}", file.display()))?;
            let name = format!("panel_{}", rules.len());
            rules.push(json!({ "record": name, "expr": asked.replace("$__rate_interval", "1m") }));
        }
    }
    let asked = tempfile::NamedTempFile::new()?;
    // JSON is YAML too.
    serde_json::to_writer(&asked, &json!({ "groups": [{ "name": "panels", "rules": rules }] }))?;
    output(Command::new(&programs.promtool).args(["check", "rules"]).arg(asked.path()))?;
    Ok(rules.len())
}
