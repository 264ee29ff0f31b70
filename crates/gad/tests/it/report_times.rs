//! Response times in reports: a month of tasks with random steps, and the same figures computed from
//! the stored steps one by one, in every form in which a report is given.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "some hundred tasks"
)]

use std::collections::BTreeMap;
use std::io::Read as _;

use chrono::{DateTime, TimeDelta};
use domain::assignment::NewAssignment;
use domain::officer::Unit;
use domain::task::{NewTask, Title};
use domain::{
    Assignment, AssignmentKind, AssignmentState, AssignmentStep, Channel, JsonObject, OfficerId, Priority, Task,
    TaskCode, TaskId, TaskKind, TaskState, Time, UserId,
};
use serde_json::Value;
use store::Tx;

use crate::conversations;
use crate::office::Office;

conversations! {
    a_month_of_response_times_equals_the_steps_one_by_one,
}

const PERIOD: &str = "desde=2025-10-01&hasta=2025-10-31";
/// 2025-10-01, in UTC, in which test offices keep their days.
const FIRST: i64 = 1_759_276_800;
const TASKS: i64 = 160;
const STEPS: [&str; 6] = ["asignada", "avisada", "aceptada", "en_camino", "en_lugar", "liberada"];
const PRIORITIES: [&str; 5] = ["Baja", "Media", "Alta", "Urgente", "Crítica"];

/// Numbers that look like chance and are the same at each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: i64) -> i64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i64::try_from((mixed ^ (mixed >> 31)) >> 1).unwrap() % limit
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(i64::try_from(of.len()).unwrap())).unwrap()]
    }
}

fn at(micros: i64) -> Time {
    DateTime::from_timestamp(FIRST, 0).unwrap() + TimeDelta::microseconds(micros)
}

async fn makes_task(tx: &mut dyn Tx, n: i64, chance: &mut Chance, creator: UserId) -> Task {
    let emergency = chance.below(5) < 2;
    // Those of the first and the last hours lie outside of the month.
    let created_at = at(chance.below(33 * 86_400_000_000) - 86_400_000_000);
    let new = NewTask {
        uuid: uuid::Uuid::new_v4(),
        code: TaskCode::try_from(format!("MES-{n}")).unwrap(),
        title: Title::try_from(format!("Tarea del mes {n}")).unwrap(),
        description: None,
        kind: if emergency { TaskKind::Intervention } else { chance.one(TaskKind::ALL) },
        priority: if emergency { Priority::Critical } else { chance.one(&Priority::ALL) },
        scheduled_start: created_at + TimeDelta::minutes(if emergency { 0 } else { chance.below(240) - 120 }),
        scheduled_end: None,
        delegate: creator,
        creator,
        location: domain::Point::new(-34.6, -58.4).ok(),
        location_description: None,
        awaits_officer: emergency,
        emergency,
        dispatch_from: None,
        extra: JsonObject::new(),
        created_at,
    };
    tx.tasks().insert(&new).await.unwrap()
}

/// One officer goes some part of the way from assigned or offered to cleared.
async fn takes_steps(tx: &mut dyn Tx, chance: &mut Chance, task: &Task, officer: OfficerId, is_first: bool) {
    use AssignmentState::{Accepted, Assigned, Cleared, Declined, EnRoute, Expired, Notified, Offered, OnScene};
    let ways: [&[AssignmentState]; 7] = [
        &[],
        &[Notified],
        &[Notified, Expired, Accepted, OnScene],
        &[Notified, Accepted, EnRoute, OnScene, Cleared],
        &[Accepted, EnRoute, OnScene, Cleared],
        &[Notified, Declined],
        &[OnScene, Cleared],
    ];
    let mut when = task.created_at + TimeDelta::microseconds(chance.below(400_000_000));
    let step =
        |state, at| AssignmentStep { state, at, by: None, on_behalf_of: None, channel: Channel::System, reason: None };
    let (kind, first) =
        if is_first { (AssignmentKind::Assignment, Assigned) } else { (AssignmentKind::Offer, Offered) };
    let first = step(first, when);
    let new = NewAssignment { task: task.id, officer, kind, runs_from: when, ack_due: None, first };
    let mut assignment = tx.assignments().insert(&new).await.unwrap();
    for state in chance.one(&ways) {
        when += TimeDelta::microseconds(chance.below(500_000_000));
        let added = assignment.advance(step(*state, when)).unwrap();
        tx.assignments().save(&assignment, &added).await.unwrap();
    }
}

/// Tasks of a month, some of which have no officer, no steps, or are finished.
async fn a_month(office: &Office) -> Vec<TaskId> {
    let mut chance = Chance(23);
    let creator = office.bare_member().await;
    let mut officers = Vec::new();
    for unit in ["Norte", "Norte", "Sur", "Sur", "", ""] {
        let id = office.makes_officer(office.bare_member().await).await;
        let mut tx = office.cx.store.write().await.unwrap();
        let officer = tx.officers().by_id(id).await.unwrap().unwrap();
        tx.officers().save(&domain::Officer { unit: Unit::try_from(unit).ok(), ..officer }).await.unwrap();
        tx.commit().await.unwrap();
        officers.push(id);
    }
    let mut ids = Vec::new();
    for n in 0..TASKS {
        let mut tx = office.cx.store.write().await.unwrap();
        let mut task = makes_task(&mut *tx, n, &mut chance, creator).await;
        let mut crew: Vec<OfficerId> = (0..chance.below(4)).map(|_| chance.one(&officers)).collect();
        crew.sort_unstable();
        crew.dedup();
        if chance.below(8) > 0 {
            for (place, officer) in crew.iter().enumerate() {
                takes_steps(&mut *tx, &mut chance, &task, *officer, place == 0).await;
            }
        }
        tx.tasks().assign(task.id, &crew, None, task.created_at).await.unwrap();
        task.officers = crew;
        task.sync_waiting();
        if chance.below(2) == 0 {
            let ended = task.created_at + TimeDelta::hours(2);
            task = task.transition(TaskState::Cancelled, ended).unwrap();
        }
        tx.tasks().save(&task).await.unwrap();
        tx.commit().await.unwrap();
        ids.push(task.id);
    }
    ids
}

/// Group, name within it, and step.
type Key = (String, String, String);
/// Count, without, mean, p50, p90, p99, target, within target, share.
type Numbers = Vec<Option<f64>>;

fn key(group: &str, name: &str, step: &str) -> Key {
    (group.to_owned(), name.to_owned(), step.to_owned())
}

/// The value below which a share of sorted spans lies, between neighbours.
fn percentile(sorted: &[f64], part: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = part * last as f64;
    let below = sorted[place.floor() as usize];
    Some(below + (sorted[place.ceil() as usize] - below) * place.fract())
}

fn numbers(tasks: &[&Task], assignments: &[Assignment], step: &str) -> Numbers {
    let mut spans = Vec::new();
    for task in tasks {
        let received = if task.emergency { task.created_at } else { task.created_at.max(task.scheduled_start) };
        let steps = assignments.iter().filter(|row| row.task == task.id).flat_map(|row| &row.steps);
        let first = steps.filter(|one| one.state.as_str() == step).map(|one| one.at).min();
        spans.extend(first.map(|at| (at - received).num_microseconds().unwrap().max(0) as f64 / 1e6));
    }
    spans.sort_by(f64::total_cmp);
    let count = spans.len() as f64;
    let mean = (!spans.is_empty()).then(|| spans.iter().sum::<f64>() / count);
    let target = match step {
        "asignada" => Some(120.0),
        "en_lugar" => Some(600.0),
        _ => None,
    };
    let within = target.map(|target| spans.iter().filter(|span| **span <= target).count() as f64);
    let share = within.filter(|_| count > 0.0).map(|within| within / count);
    let missing = tasks.len() as f64 - count;
    let [p50, p90, p99] = [0.5, 0.9, 0.99].map(|part| percentile(&spans, part));
    vec![Some(count), Some(missing), mean, p50, p90, p99, target, within, share]
}

/// The figures of all groups, from the stored tasks and steps.
async fn by_brute_force(office: &Office, ids: &[TaskId]) -> BTreeMap<Key, Numbers> {
    let mut tx = office.cx.store.read().await.unwrap();
    let mut tasks = Vec::new();
    for id in ids {
        let task = tx.tasks().by_id(*id).await.unwrap().unwrap();
        if (at(0)..at(31 * 86_400_000_000)).contains(&task.created_at) {
            tasks.push(task);
        }
    }
    assert!(tasks.len() > 100 && tasks.len() < ids.len(), "some lie outside of the month: {}", tasks.len());
    let assignments = tx.assignments().of_tasks(ids).await.unwrap();
    let mut unit_of = BTreeMap::new();
    for officer in tasks.iter().flat_map(|task| &task.officers) {
        let unit = tx.officers().by_id(*officer).await.unwrap().unwrap().unit;
        unit_of.insert(*officer, unit.map(Unit::into_string).unwrap_or_default());
    }
    let some = |is_one: &dyn Fn(&Task) -> bool| -> Vec<&Task> { tasks.iter().filter(|task| is_one(task)).collect() };
    let is_call = |task: &Task| task.kind == TaskKind::Intervention && task.priority == Priority::Critical;
    let mut groups = vec![("Todas", String::new(), some(&|_| true))];
    groups.push(("Emergencias", String::new(), some(&|task| task.emergency || is_call(task))));
    for (priority, name) in Priority::ALL.into_iter().zip(PRIORITIES) {
        groups.push(("Prioridad", name.to_owned(), some(&|task| task.priority == priority)));
    }
    for unit in ["Norte", "Sur", ""] {
        let is_sent = |task: &Task| task.officers.iter().any(|officer| unit_of[officer] == unit);
        groups.push(("Unidad", unit.to_owned(), some(&is_sent)));
    }
    let mut found = BTreeMap::new();
    for (group, name, tasks) in groups {
        for step in STEPS {
            found.insert(key(group, &name, step), numbers(&tasks, &assignments, step));
        }
    }
    found
}

#[track_caller]
fn are_equal(form: &str, expected: &BTreeMap<Key, Numbers>, found: &BTreeMap<Key, Numbers>, tolerance: f64) {
    assert_eq!(expected.keys().collect::<Vec<_>>(), found.keys().collect::<Vec<_>>(), "{form}");
    for (key, numbers) in expected {
        let found = &found[key];
        assert_eq!(numbers.len(), found.len(), "{form} {key:?}");
        for (one, other) in numbers.iter().zip(found) {
            let is_equal = match (one, other) {
                (Some(one), Some(other)) => (one - other).abs() <= tolerance,
                (one, other) => one == other,
            };
            assert!(is_equal, "{form} {key:?}: expected {numbers:?}, found {found:?}");
        }
    }
}

/// The rows of one group as JSON gives them.
fn add_rows(into: &mut BTreeMap<Key, Numbers>, group: &str, name: &str, rows: &Value) {
    for row in rows.as_array().unwrap() {
        let time = &row["tiempo"];
        let values = [&time["cantidad"], &row["sin_paso"], &time["media_s"], &time["p50_s"], &time["p90_s"]];
        let more = [&time["p99_s"], &row["objetivo_s"], &row["en_objetivo"], &row["proporcion"]];
        let numbers = values.into_iter().chain(more).map(Value::as_f64).collect();
        into.insert(key(group, name, row["paso"].as_str().unwrap()), numbers);
    }
}

fn of_json(summary: &Value, units: &Value) -> BTreeMap<Key, Numbers> {
    let mut found = BTreeMap::new();
    add_rows(&mut found, "Todas", "", &summary["tiempos"]);
    add_rows(&mut found, "Emergencias", "", &summary["emergencias"]["tiempos"]);
    for row in summary["prioridades"].as_array().unwrap() {
        let place = usize::try_from(row["prioridad"].as_u64().unwrap()).unwrap() - 1;
        add_rows(&mut found, "Prioridad", PRIORITIES[place], &row["tiempos"]);
    }
    for row in units["unidades"].as_array().unwrap() {
        add_rows(&mut found, "Unidad", row["unidad"].as_str().unwrap_or_default(), &row["tiempos"]);
    }
    found
}

/// The rows of a table whose first three cells are the key.
fn of_table(rows: impl Iterator<Item = Vec<String>>) -> BTreeMap<Key, Numbers> {
    let titles = ["Asignada", "Avisada", "Aceptada", "En camino", "En el lugar", "Liberada"];
    let row = |cells: Vec<String>| {
        let place = titles.iter().position(|title| *title == cells[2]).unwrap();
        (key(&cells[0], &cells[1], STEPS[place]), cells[3..].iter().map(|cell| cell.parse().ok()).collect())
    };
    rows.map(row).collect()
}

/// The cells of one sheet of a workbook.
pub(crate) fn of_workbook(book: &[u8], sheet: &str) -> Vec<Vec<String>> {
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        book.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let between = |text: &str, from: &str, to: &str| {
        text.split_once(from).and_then(|(_, rest)| rest.split_once(to)).map(|(found, _)| found.to_owned())
    };
    let sheets = part("xl/workbook.xml");
    let names: Vec<String> = sheets.split("<sheet ").skip(1).filter_map(|one| between(one, "name=\"", "\"")).collect();
    let place = names.iter().position(|name| name == sheet).unwrap() + 1;
    let shared: Vec<String> = part("xl/sharedStrings.xml")
        .split("<si>")
        .skip(1)
        .map(|one| {
            one.split_once('>').unwrap().1.split_once("</t>").map(|(text, _)| text.to_owned()).unwrap_or_default()
        })
        .collect();
    let page = part(&format!("xl/worksheets/sheet{place}.xml"));
    let row = |row: &str| {
        let mut cells = vec![String::new(); 12];
        for cell in row.split("<c r=\"").skip(1) {
            let column = usize::from(cell.as_bytes()[0] - b'A');
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            let Some(value) = between(cell, "<v>", "</v>") else { continue };
            let is_text = cell.split('>').next().unwrap().contains("t=\"s\"");
            cells[column] = if is_text { shared[value.parse::<usize>().unwrap()].clone() } else { value };
        }
        cells
    };
    // The first row names the columns.
    page.split("<row ").skip(2).map(row).collect()
}

async fn a_month_of_response_times_equals_the_steps_one_by_one(office: &Office) {
    let ids = a_month(office).await;
    let expected = by_brute_force(office, &ids).await;
    for step in STEPS {
        assert!(expected[&key("Emergencias", "", step)][0] > Some(5.0), "few emergencies are {step}");
    }
    let supervisor = office.supervisor().await;
    let summary = supervisor.gets(&format!("/api/v1/reports/summary?{PERIOD}")).await.ok();
    let units = supervisor.gets(&format!("/api/v1/reports/units?{PERIOD}")).await.ok();
    are_equal("JSON", &expected, &of_json(&summary, &units), 1e-3);
    for (field, step) in [("asignacion", "asignada"), ("respuesta", "aceptada"), ("llegada", "en_lugar")] {
        let rows = summary["emergencias"]["tiempos"].as_array().unwrap();
        let row = rows.iter().find(|row| row["paso"] == step).unwrap();
        assert_eq!(summary["emergencias"][field], row["tiempo"], "{field}");
    }
    for unit in ["Norte", "Sur"] {
        let narrowed = supervisor.gets(&format!("/api/v1/reports/summary?{PERIOD}&unidad={unit}")).await.ok();
        let mut found = BTreeMap::new();
        add_rows(&mut found, "Unidad", unit, &narrowed["tiempos"]);
        let mut expected = expected.clone();
        expected.retain(|(group, name, _), _| group == "Unidad" && name == unit);
        are_equal("one unit", &expected, &found, 1e-3);
    }

    let table = supervisor.gets(&format!("/api/v1/reports/export?{PERIOD}&formato=csv&tabla=tiempos&plano=true")).await;
    let mut reader = csv::Reader::from_reader(table.text.as_bytes());
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
    are_equal("CSV", &expected, &of_table(rows), 1e-3);

    let request = supervisor.request(reqwest::Method::GET, &format!("/api/v1/reports/export?{PERIOD}"));
    let book = request.send().await.unwrap().bytes().await.unwrap();
    are_equal("XLSX", &expected, &of_table(of_workbook(&book, "Tiempos").into_iter()), 1e-3);

    let picture = supervisor.gets(&format!("/api/v1/reports/chart.svg?{PERIOD}")).await;
    assert!(picture.text.contains("% en el lugar en 10 min"), "the picture has the shares");
}
