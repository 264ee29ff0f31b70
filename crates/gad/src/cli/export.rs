//! `gad export`: tables for other programs, with the names of the wire.

use std::io::{BufWriter, IsTerminal, Write};
use std::path::PathBuf;

use anyhow::{Result, bail};
use api::{OfficerOut, TaskOut};
use app::table_file::{Cell, CsvDialect, CsvTable, MOST_ROWS, WorkbookSheet, workbook};
use app::{Actor, Context};
use clap::{Args, ValueEnum};
use domain::{Language, Rng as _};
use indicatif::ProgressBar;
use serde::Serialize;
use serde_json::Value;
use store::{Cursor, Page};

use crate::backup::make_file;
use crate::clock::SystemRng;
use crate::compose;
use crate::config::Settings;
use crate::out;

/// What to take out.
#[derive(Args)]
pub struct Options {
    /// Which rows.
    #[arg(value_enum)]
    what: What,
    /// How they are written.
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
    /// Whose spreadsheet settings a CSV file has.
    #[arg(long, value_enum, default_value = "es")]
    language: CsvLanguage,
    /// A CSV file for programs: commas, decimal points and no byte-order mark.
    #[arg(long)]
    plain: bool,
    /// A new file; standard output when absent.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Which rows.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// All tasks that are not deleted.
    Tasks,
    /// All officers that are not deleted.
    Officers,
}

/// How rows are written.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// With a header; lists are joined with `;`. Text that a spreadsheet would take for a formula begins
    /// with an apostrophe.
    Csv,
    /// A workbook of spreadsheets.
    Xlsx,
    /// One JSON object a line, as the API gives it.
    Ndjson,
}

/// Whose spreadsheet settings a CSV file has.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum CsvLanguage {
    /// Spanish: `;` between fields, decimal commas.
    Es,
    /// English: `,` between fields, decimal points.
    En,
}

/// Columns of tasks, in the order of the contract.
const TASK_COLUMNS: [&str; 25] = [
    "id",
    "uuid",
    "codigo",
    "titulo",
    "estado",
    "tipo",
    "prioridad",
    "delegado_usuario_id",
    "creado_por_usuario_id",
    "inicio_programado",
    "descripcion",
    "fin_programado",
    "inicio_real",
    "fin_real",
    "pausado_en",
    "tiempo_pausado",
    "duracion_real_horas",
    "efectivos_asignados",
    "ubicacion_lat",
    "ubicacion_lon",
    "ubicacion_descripcion",
    "espera_efectivo",
    "fecha_creacion",
    "fecha_actualizacion",
    "version",
];

/// Columns of officers.
const OFFICER_COLUMNS: [&str; 11] = [
    "id",
    "uuid",
    "usuario_id",
    "nombre",
    "codigo_interno",
    "rango",
    "unidad",
    "especialidad",
    "estado_disponibilidad",
    "ultima_actualizacion_estado",
    "version",
];

/// Rows read at once.
const PART: u32 = 500;

enum Sink<W: Write> {
    Csv(CsvTable<W>, &'static [&'static str]),
    Xlsx { to: W, name: &'static str, columns: &'static [&'static str], rows: Vec<Vec<Cell>> },
    Ndjson(W),
}

impl<W: Write> Sink<W> {
    fn new(to: W, options: &Options, name: &'static str, columns: &'static [&'static str]) -> Result<Self> {
        Ok(match options.format {
            Format::Ndjson => Self::Ndjson(to),
            Format::Xlsx => Self::Xlsx { to, name, columns, rows: Vec::new() },
            Format::Csv => Self::Csv(CsvTable::new(to, options.dialect(), columns)?, columns),
        })
    }

    fn row(&mut self, row: &impl Serialize) -> Result<()> {
        match self {
            Self::Ndjson(to) => {
                serde_json::to_writer(&mut *to, row)?;
                to.write_all(b"\n")?;
            }
            Self::Csv(table, columns) => {
                let row = serde_json::to_value(row)?;
                table.row(columns.iter().map(|column| cell(&row[column])))?;
            }
            Self::Xlsx { columns, rows, .. } => {
                let row = serde_json::to_value(row)?;
                rows.push(columns.iter().map(|column| cell(&row[column])).collect());
                if rows.len() > MOST_ROWS {
                    bail!("a workbook holds {MOST_ROWS} rows at most: export as csv or ndjson");
                }
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<()> {
        match self {
            Self::Ndjson(mut to) => to.flush()?,
            Self::Csv(table, _) => {
                table.finish()?;
            }
            Self::Xlsx { mut to, name, columns, rows } => {
                to.write_all(&workbook(&[WorkbookSheet { name, header: columns, rows: &rows }])?)?;
                to.flush()?;
            }
        }
        Ok(())
    }
}

impl Options {
    fn dialect(&self) -> CsvDialect {
        match (self.plain, self.language) {
            (true, _) => CsvDialect::Plain,
            (false, CsvLanguage::Es) => CsvDialect::Spreadsheet(Language::Spanish),
            (false, CsvLanguage::En) => CsvDialect::Spreadsheet(Language::English),
        }
    }
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Empty,
        Value::Number(number) => number.as_f64().map_or(Cell::Empty, Cell::Number),
        Value::String(text) => Cell::Text(text.clone()),
        Value::Array(items) => Cell::Text(items.iter().map(ToString::to_string).collect::<Vec<_>>().join(";")),
        other => Cell::Text(other.to_string()),
    }
}

/// Writes all rows, and an audit line on it.
pub async fn export(settings: &Settings, options: Options) -> Result<()> {
    let store = compose::reading(settings).await?;
    let (cx, _pool) = compose::looking(settings, store.clone()).await?;
    let actor = Actor::operator(SystemRng.uuid().to_string(), "export");
    let to: Box<dyn Write + Send> = match &options.out {
        Some(file) => Box::new(make_file(file)?),
        None => Box::new(out::output()),
    };
    let bar = match &options.out {
        Some(_) if std::io::stderr().is_terminal() => ProgressBar::no_length(),
        _ => ProgressBar::hidden(),
    };
    let (what, name, columns) = match options.what {
        What::Tasks => ("tarea", "Tareas", &TASK_COLUMNS[..]),
        What::Officers => ("efectivo", "Efectivos", &OFFICER_COLUMNS[..]),
    };
    let sink = Sink::new(BufWriter::new(to), &options, name, columns)?;
    let rows = match options.what {
        What::Tasks => tasks(&cx, &actor, sink, &bar).await?,
        What::Officers => officers(&cx, &actor, sink, &bar).await?,
    };
    let format = options.format.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    store.close().await;
    bar.finish_and_clear();
    compose::leave_line_or_warn(settings, "the export leaves no audit line", async |cx| {
        app::export::done(cx, &actor, what, &format, rows).await
    })
    .await?;
    out::notice(format_args!("{rows} rows written"));
    Ok(())
}

/// Writes every row that `read` gives, a part after the other; `row` is how one stands on the wire.
async fn all<W: Write, T, O: Serialize>(
    mut sink: Sink<W>,
    bar: &ProgressBar,
    read: impl AsyncFn(Page) -> app::Result<Vec<T>>,
    number: impl Fn(&T) -> i64,
    row: impl Fn(T) -> O,
) -> Result<u64> {
    let (mut page, mut rows) = (Page::first(PART), 0);
    loop {
        let part = read(page).await?;
        let Some(last) = part.last() else { break };
        page.after = Some(Cursor(number(last)));
        for one in part {
            sink.row(&row(one))?;
            rows += 1;
        }
        bar.set_position(rows);
    }
    sink.finish()?;
    Ok(rows)
}

async fn tasks<W: Write>(cx: &Context, actor: &Actor, sink: Sink<W>, bar: &ProgressBar) -> Result<u64> {
    let read = async |page| app::task::list(cx, actor, store::task::TaskFilter::default(), page).await;
    all(sink, bar, read, |task| task.id.0, TaskOut::from).await
}

async fn officers<W: Write>(cx: &Context, actor: &Actor, sink: Sink<W>, bar: &ProgressBar) -> Result<u64> {
    let read = async |page| app::officer::list(cx, actor, store::officer::OfficerFilter::default(), page).await;
    all(sink, bar, read, |officer| officer.id.0, OfficerOut::from).await
}
