//! `gad doctor --live`: asks the process that serves, by its health and its figures.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use axum::http::StatusCode;
use comfy_table::Color;
use serde_json::Value;
use url::Url;

use super::exposition::Figures;
use super::finding::{Findings, Verdict};
use crate::http;
use crate::out::{self, Rows, cell};

/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Between two looks at the figures: what grew meanwhile is of now, not of since the start.
const BETWEEN: Duration = Duration::from_secs(1);
/// A share of a bound that wants attention.
const MUCH: f64 = 0.9;
/// Chats that the settings name.
const CHATS: &str = "Telegram chats";
/// Seconds that an event may wait before somebody asks why, and before that is an outage.
const LAG: (f64, f64) = (2.0, 30.0);

/// Whom to ask.
pub struct Target<'t> {
    /// Where the process listens.
    pub url: &'t Url,
    /// What it wants to see before it shows figures.
    pub token: Option<&'t str>,
}

/// One task, as the table shows it.
struct Task {
    name: String,
    up: bool,
    restarts: f64,
    /// Share of one thread, since the look before.
    busy: f64,
}

/// Looks, prints, and fails when something is broken.
pub async fn live(target: &Target<'_>, json: bool) -> Result<()> {
    let mut findings = Findings::default();
    let tasks = match look(target, &mut findings).await {
        Ok(tasks) => tasks,
        Err(error) => {
            findings.note("process", Verdict::Broken, format!("{error:#}"));
            Vec::new()
        }
    };
    findings.worst_first();
    findings.print(json)?;
    print_tasks(&tasks, json)?;
    findings.outcome()
}

async fn look(target: &Target<'_>, findings: &mut Findings) -> Result<Vec<Task>> {
    ready(target, findings).await?;
    let before = figures(target).await?;
    tokio::time::sleep(BETWEEN).await;
    let now = figures(target).await?;
    let tasks = tasks(&before, &now);
    judge_tasks(&tasks, findings);
    judge_runtime(&now, findings);
    judge_dependencies(&before, &now, findings);
    judge_chats(&now, findings);
    judge_process(&now, findings);
    Ok(tasks)
}

async fn get(target: &Target<'_>, path: &str) -> Result<(StatusCode, String)> {
    let url = target.url.join(path)?;
    let shown = target.token.map(|token| format!("Bearer {token}"));
    let headers: Vec<_> = shown.iter().map(|shown| ("authorization", shown.as_str())).collect();
    let answer = http::ask(&url, http::request("GET", &url, &headers, Vec::new())?, PATIENCE).await;
    let answer = answer.with_context(|| format!("no answer from {url}: does `gad serve` run there?"))?;
    Ok((answer.status(), String::from_utf8_lossy(answer.body()).into_owned()))
}

async fn figures(target: &Target<'_>) -> Result<Figures> {
    match get(target, "/metrics").await? {
        (StatusCode::OK, text) => Ok(Figures::read(&text)),
        (StatusCode::UNAUTHORIZED, _) => bail!("it wants a token before it shows figures: give --metrics-token"),
        (StatusCode::FORBIDDEN, _) => bail!("it shows figures to this machine only, or by a GAD_METRICS_TOKEN"),
        (StatusCode::NOT_FOUND, _) => bail!("it collects no figures: PROMETHEUS_ENABLED is off"),
        (status, _) => bail!("it answered {status} to /metrics"),
    }
}

/// Whether it takes requests, and what it says of the parts that it depends on.
async fn ready(target: &Target<'_>, findings: &mut Findings) -> Result<()> {
    let (status, text) = get(target, "/health/ready").await?;
    let body: Value = serde_json::from_str(&text).unwrap_or_default();
    if status == StatusCode::OK {
        findings.note("ready", Verdict::Well, "it takes requests");
    } else {
        findings.note("ready", Verdict::Broken, format!("it takes no requests ({status}): balancers send none"));
    }
    for (part, name) in [("database", "record"), ("redis", "redis"), ("telegram", "telegram")] {
        match body["checks"][part].as_str() {
            Some(said @ ("ok" | "not_configured")) => findings.note(name, Verdict::Well, said.replace('_', " ")),
            // Without Redis replicas look at the log, and all works.
            Some(said) if part == "redis" => findings.note(name, Verdict::Warning, said),
            Some(said) => findings.note(name, Verdict::Broken, said),
            None => {}
        }
    }
    Ok(())
}

fn tasks(before: &Figures, now: &Figures) -> Vec<Task> {
    let (restarts, label) = (now.by("gad_task_restarts_total", "task"), "task");
    let (worked, had) = (now.by("gad_task_poll_seconds_total", label), before.by("gad_task_poll_seconds_total", label));
    let of = |figures: &std::collections::BTreeMap<&str, f64>, name| figures.get(name).copied().unwrap_or_default();
    let tasks = now.by("gad_task_up", label).into_iter().map(|(name, up)| Task {
        name: name.to_owned(),
        up: up > 0.0,
        restarts: of(&restarts, name),
        busy: (of(&worked, name) - of(&had, name)) / BETWEEN.as_secs_f64(),
    });
    let mut tasks: Vec<Task> = tasks.collect();
    tasks.sort_by(|a, b| a.up.cmp(&b.up).then(b.restarts.total_cmp(&a.restarts)).then(b.busy.total_cmp(&a.busy)));
    tasks
}

fn judge_tasks(tasks: &[Task], findings: &mut Findings) {
    let named = |is: &dyn Fn(&&Task) -> bool| {
        tasks.iter().filter(is).map(|task| task.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let (down, restarted) = (named(&|task| !task.up), named(&|task| task.up && task.restarts > 0.0));
    if !down.is_empty() {
        findings.note("tasks", Verdict::Broken, format!("down: {down}; the log says why"));
    }
    if !restarted.is_empty() {
        findings.note("tasks", Verdict::Warning, format!("had to be started anew: {restarted}; the log says why"));
    }
    if down.is_empty() && restarted.is_empty() {
        findings.note("tasks", Verdict::Well, format!("all {} are up", tasks.len()));
    }
}

fn judge_runtime(now: &Figures, findings: &mut Findings) {
    let percent = |ratio: f64| format!("{:.0} %", ratio * 100.0);
    if let Some(busy) = now.value("gad_runtime_busy_ratio") {
        let verdict = if busy > MUCH { Verdict::Warning } else { Verdict::Well };
        let waiting = now.value("gad_runtime_queue_depth").unwrap_or_default();
        let said = format!("{} busy, {waiting} task(s) wait for a thread", percent(busy));
        findings.note("runtime", verdict, said);
    }
    match now.above("gad_runtime_stall_seconds", "1") {
        Some(stalls) if stalls > 0.0 => {
            let said = format!("it stood still for over a second, {stalls} time(s) since its start; the log names who");
            findings.note("stalls", Verdict::Warning, said);
        }
        Some(_) => findings.note("stalls", Verdict::Well, "none above a second since its start"),
        None => {}
    }
    let count = |name: &str| now.value(name).unwrap_or_default();
    let (refused, late) = (count("gad_cpu_pool_refused_total"), count("gad_cpu_pool_late_total"));
    let verdict = if refused + late > 0.0 { Verdict::Warning } else { Verdict::Well };
    let said = format!(
        "{} queued, {} running, {refused} refused and {late} late since its start",
        count("gad_cpu_pool_queued"),
        count("gad_cpu_pool_running")
    );
    findings.note("CPU pool", verdict, said);
}

fn judge_dependencies(before: &Figures, now: &Figures, findings: &mut Findings) {
    let (sizes, in_use) = (now.by("gad_pool_size", "dependency"), now.by("gad_pool_in_use", "dependency"));
    for (name, size) in sizes {
        let used = in_use.get(name).copied().unwrap_or_default();
        // A pool of one is in use whenever it works.
        let verdict = if size > 1.0 && used >= size * MUCH { Verdict::Warning } else { Verdict::Well };
        findings.note("connections", verdict, format!("{name}: {used} of {size} in use"));
    }
    // 0 closed, 1 open, 2 half open.
    for (name, state) in now.by("gad_breaker_state", "dependency").into_iter().filter(|(_, state)| *state > 0.0) {
        let said =
            if state > 1.0 { "is tried again after a failure" } else { "failed, and is not asked for the moment" };
        findings.note("breaker", Verdict::Warning, format!("{name} {said}"));
    }
    let slow = now.value("gad_slow_queries_total").zip(before.value("gad_slow_queries_total"));
    if let Some((now, before)) = slow.filter(|(now, before)| now > before) {
        findings.note("queries", Verdict::Warning, format!("{} slow one(s) in the last second", now - before));
    }
    if let Some(lag) = now.value("gad_event_log_lag_seconds") {
        let verdict = match lag {
            lag if lag > LAG.1 => Verdict::Broken,
            lag if lag > LAG.0 => Verdict::Warning,
            _ => Verdict::Well,
        };
        let (head, waiting) = (now.value("gad_event_log_head"), now.value("gad_event_log_unnumbered"));
        let (head, waiting) = (head.unwrap_or_default(), waiting.unwrap_or_default());
        findings.note("event log", verdict, format!("{lag:.1} s behind, at {head}, {waiting} without a number"));
    }
}

/// What the process found when it asked Telegram for the chats of its settings (`getChat`).
fn judge_chats(now: &Figures, findings: &mut Findings) {
    for (name, reachable) in now.by("gad_telegram_chat_reachable", "chat") {
        if reachable > 0.0 {
            findings.note(CHATS, Verdict::Well, format!("{name}: the bot is in it"));
        } else {
            let said = format!("{name}: takes no messages; the log of the process says why (telegram.chat)");
            findings.note(CHATS, Verdict::Broken, said);
        }
    }
}

fn judge_process(now: &Figures, findings: &mut Findings) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bytes and seconds are whole")]
    let whole = |name: &str| now.value(name).map(|value| value as u64);
    let (up, bytes) = (whole("app_uptime_seconds"), whole("process_resident_memory_bytes"));
    let up = indicatif::HumanDuration(Duration::from_secs(up.unwrap_or_default()));
    let said = format!("up for {up}, {} resident", indicatif::HumanBytes(bytes.unwrap_or_default()));
    findings.note("process", Verdict::Well, said);
    if let (Some(open), Some(most)) = (now.value("process_open_fds"), now.value("process_max_fds")) {
        let verdict = if open > most * MUCH { Verdict::Warning } else { Verdict::Well };
        findings.note("open files", verdict, format!("{open} of {most}"));
    }
}

fn print_tasks(tasks: &[Task], json: bool) -> Result<()> {
    if json {
        for Task { name, up, restarts, busy } in tasks {
            out::document(format_args!(
                "{}\n",
                serde_json::json!({ "task": name, "up": up, "restarts": restarts, "busy": busy })
            ))?;
        }
        return Ok(());
    }
    if tasks.is_empty() {
        return Ok(());
    }
    let mut table = Rows::new(["task", "up", "restarts", "busy"]);
    for Task { name, up, restarts, busy } in tasks {
        let (word, color) = if *up { ("yes", Color::Green) } else { ("no", Color::Red) };
        let restarted = cell(restarts);
        table.add_cells([
            cell(name),
            cell(word).fg(color),
            if *restarts > 0.0 { restarted.fg(Color::Yellow) } else { restarted },
            cell(format!("{:.1} %", busy * 100.0)),
        ]);
    }
    out::document(format_args!("{table}\n"))
}
