//! Figures as tables, whatever file they go into.

use domain::TaskState;
use domain::officer::Unit;
use domain::report::{Crew, Figures, Group, ResponseRow, ResponseTimes, Times};

use super::Language;
use super::words::Words;

/// Which table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// All in a line each.
    Summary,
    /// By day.
    Days,
    /// By the day of the week and the hour.
    Hours,
    /// By kind.
    Kinds,
    /// By priority.
    Priorities,
    /// By unit.
    Units,
    /// By officer.
    Officers,
    /// From the receipt to each step, over all, emergencies, priorities and units.
    Response,
}

impl Table {
    /// All of them, in the order of a workbook.
    pub const ALL: [Self; 8] = [
        Self::Summary,
        Self::Days,
        Self::Hours,
        Self::Kinds,
        Self::Priorities,
        Self::Units,
        Self::Officers,
        Self::Response,
    ];

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Summary => "resumen",
            Self::Days => "dias",
            Self::Hours => "horas",
            Self::Kinds => "tipos",
            Self::Priorities => "prioridades",
            Self::Units => "unidades",
            Self::Officers => "efectivos",
            Self::Response => "tiempos",
        }
    }
}

/// What stands in one place of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A number; none where there was nothing to reckon it from.
    Number(Option<f64>),
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Its name.
    pub name: &'static str,
    /// Names of its columns.
    pub header: Vec<&'static str>,
    /// Its rows, each as long as the header.
    pub rows: Vec<Vec<Value>>,
}

/// The rows of one table.
pub(super) fn sheet(table: Table, figures: &Figures, crew: &Crew, language: Language) -> Sheet {
    let say = |spanish, english| language.say(spanish, english);
    let (first, rows): (Vec<&'static str>, Vec<Vec<Value>>) = match table {
        Table::Summary => {
            let all = row([text(say("Todas", "All"))], &figures.all);
            let header = vec![say("Tareas", "Tasks")];
            (header, vec![all])
        }
        Table::Days => return days(figures, language),
        Table::Hours => return hours(figures, language),
        Table::Response => return response(figures, crew, language),
        Table::Kinds => {
            let rows = figures.kinds.iter().map(|(kind, group)| row([text(language.kind(*kind))], group));
            (vec![say("Tipo", "Kind")], rows.collect())
        }
        Table::Priorities => {
            let of = |(priority, group): &(domain::Priority, Group)| row([text(language.priority(*priority))], group);
            (vec![say("Prioridad", "Priority")], figures.priorities.iter().map(of).collect())
        }
        Table::Units => {
            let rows = crew.units.iter().map(|work| {
                let begin = [unit(work.unit.as_ref()), count(work.officers), Value::Number(Some(work.hours))];
                row(begin, &work.group)
            });
            (vec![say("Unidad", "Unit"), say("Efectivos", "Officers"), say("Horas", "Hours")], rows.collect())
        }
        Table::Officers => {
            let rows = crew.officers.iter().map(|work| {
                let officer = &work.officer;
                let begin = [
                    text(officer.internal_code.as_str()),
                    text(&officer.full_name()),
                    unit(officer.unit.as_ref()),
                    Value::Number(Some(work.hours)),
                ];
                row(begin, &work.group)
            });
            let header = [say("Código", "Code"), say("Nombre", "Name"), say("Unidad", "Unit"), say("Horas", "Hours")];
            (header.to_vec(), rows.collect())
        }
    };
    Sheet { name: name(table, language), header: first.into_iter().chain(measures(language)).collect(), rows }
}

fn name(table: Table, language: Language) -> &'static str {
    match table {
        Table::Summary => language.say("Resumen", "Summary"),
        Table::Days => language.say("Por día", "By day"),
        Table::Hours => language.say("Por hora", "By hour"),
        Table::Kinds => language.say("Por tipo", "By kind"),
        Table::Priorities => language.say("Por prioridad", "By priority"),
        Table::Units => language.say("Por unidad", "By unit"),
        Table::Officers => language.say("Por efectivo", "By officer"),
        Table::Response => language.say("Tiempos", "Response times"),
    }
}

fn days(figures: &Figures, language: Language) -> Sheet {
    let header = [language.say("Día", "Day"), language.say("Tareas", "Tasks")];
    let states = TaskState::ALL.iter().map(|state| language.state(*state));
    let header = header.into_iter().chain(states).chain([language.say("Emergencias", "Emergencies")]);
    let rows = figures.days.iter().map(|day| {
        let states = day.tally.by_state.iter().map(|tasks| count(*tasks));
        let begin = [text(&day.date.to_string()), count(day.tally.tasks)];
        begin.into_iter().chain(states).chain([count(day.emergencies)]).collect()
    });
    Sheet { name: name(Table::Days, language), header: header.collect(), rows: rows.collect() }
}

fn hours(figures: &Figures, language: Language) -> Sheet {
    let header = std::iter::once(language.say("Hora", "Hour")).chain(language.weekdays());
    let row = |hour: usize| {
        let counts = figures.hours.iter().map(|day| count(day[hour]));
        std::iter::once(text(&format!("{hour:02}:00"))).chain(counts).collect()
    };
    Sheet { name: name(Table::Hours, language), header: header.collect(), rows: (0..24).map(row).collect() }
}

/// One row for each group and step: how many tasks reached it, how soon, and how many in time.
fn response(figures: &Figures, crew: &Crew, language: Language) -> Sheet {
    let say = |spanish, english| language.say(spanish, english);
    let header = vec![
        say("Grupo", "Group"),
        say("Nombre", "Name"),
        say("Paso", "Step"),
        say("Tareas", "Tasks"),
        say("Sin el paso", "Without the step"),
        say("Media (s)", "Mean (s)"),
        say("p50 (s)", "p50 (s)"),
        say("p90 (s)", "p90 (s)"),
        say("p99 (s)", "p99 (s)"),
        say("Objetivo (s)", "Target (s)"),
        say("En objetivo", "Within target"),
        say("Proporción", "Share"),
    ];
    let mut rows = Vec::new();
    let mut add = |group: &str, name: Value, times: &ResponseTimes| {
        rows.extend(times.rows().iter().map(|row| response_row(text(group), name.clone(), row, language)));
    };
    add(say("Todas", "All"), text(""), &figures.times);
    add(say("Emergencias", "Emergencies"), text(""), &figures.emergencies.times);
    for (priority, times) in &figures.priority_times {
        add(say("Prioridad", "Priority"), text(language.priority(*priority)), times);
    }
    for work in &crew.units {
        add(say("Unidad", "Unit"), unit(work.unit.as_ref()), &work.times);
    }
    Sheet { name: name(Table::Response, language), header, rows }
}

fn response_row(group: Value, name: Value, row: &ResponseRow, language: Language) -> Vec<Value> {
    let target = row.in_target;
    #[expect(clippy::cast_precision_loss, reason = "seconds of a day at most")]
    let seconds = target.map(|found| found.target.num_seconds() as f64);
    let begin = [group, name, text(language.milestone(row.milestone)), count(row.times.count as u64)];
    let end = [
        Value::Number(seconds),
        target.map_or(Value::Number(None), |found| count(found.tasks)),
        Value::Number(target.and_then(|found| found.share)),
    ];
    begin.into_iter().chain([count(row.missing)]).chain(times(row.times)).chain(end).collect()
}

/// Names of what [`row`] says of a group.
fn measures(language: Language) -> Vec<&'static str> {
    let say = |spanish, english| language.say(spanish, english);
    let mut names = vec![say("Total", "Total")];
    names.extend(TaskState::ALL.iter().map(|state| language.state(*state)));
    names.extend([
        say("Respuesta media (s)", "Mean response (s)"),
        say("Respuesta p50 (s)", "Response p50 (s)"),
        say("Respuesta p90 (s)", "Response p90 (s)"),
        say("Respuesta p99 (s)", "Response p99 (s)"),
        say("Resolución media (s)", "Mean resolution (s)"),
        say("Resolución p50 (s)", "Resolution p50 (s)"),
        say("Resolución p90 (s)", "Resolution p90 (s)"),
        say("Resolución p99 (s)", "Resolution p99 (s)"),
    ]);
    names
}

fn row(begin: impl IntoIterator<Item = Value>, group: &Group) -> Vec<Value> {
    let states = group.tally.by_state.iter().map(|tasks| count(*tasks));
    let begin = begin.into_iter().chain([count(group.tally.tasks)]).chain(states);
    begin.chain(times(group.response)).chain(times(group.resolution)).collect()
}

fn times(times: Times) -> [Value; 4] {
    [times.mean, times.p50, times.p90, times.p99].map(|value| Value::Number((times.count > 0).then_some(value)))
}

#[expect(clippy::cast_precision_loss, reason = "counts of tasks stay below 2^53")]
fn count(count: u64) -> Value {
    Value::Number(Some(count as f64))
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn unit(unit: Option<&Unit>) -> Value {
    text(unit.map_or("", Unit::as_str))
}
