//! Diagrams of what runs, made from what the running process tells of itself.

use std::fmt::Write as _;

use crate::measure::Evidence;
use crate::target::SetUp;
use crate::text::{Language, Text};

/// Routes and parts, as far as the inventory knows them; `None` without an inventory.
pub fn composition(evidence: &Evidence, set_up: SetUp, language: Language) -> Option<String> {
    let table = |line: &str, column: usize| -> Vec<Vec<String>> {
        let tables = evidence.tables.iter().filter(|table| table.line == line && table.head.len() > column);
        let said = |row: &Vec<Text>| row.iter().map(|cell| cell.of(language).to_owned()).collect();
        tables.flat_map(|table| table.rows.iter().map(said)).collect()
    };
    let (routes, tasks) = (table("1.2", 1), table("6.2", 0));
    if routes.is_empty() {
        return None;
    }
    let say = |es, en| language.say(es, en);
    let mut out = String::from("flowchart LR\n");
    // Writing to a String cannot fail.
    let _ = writeln!(out, "  people([\"{}\"]) --> door", say("navegadores y programas", "browsers and programs"));
    let _ = writeln!(out, "  phones([\"{}\"]) --> telegram[\"Telegram\"] --> bot", say("teléfonos", "phones"));
    let _ = writeln!(
        out,
        "  door[\"{}\"] --> admission[\"{}\"] --> routes",
        say("TLS, conexiones y plazos", "TLS, connections and deadlines"),
        say("admisión, identidad y límites", "admission, identity and limits")
    );
    let _ = writeln!(out, "  subgraph routes [\"{}\"]", say("rutas", "routes"));
    for (number, row) in routes.iter().enumerate() {
        let _ = writeln!(out, "    r{number}[\"{} ({})\"]", row[0], row[1]);
    }
    let _ =
        writeln!(out, "  end\n  routes --> cases[\"{}\"]\n  bot[\"bot\"] --> cases", say("casos de uso", "use cases"));
    let _ = writeln!(
        out,
        "  cases --> record[(\"{}\")]\n  record --> log[\"{}\"] --> hub[\"WebSocket\"] --> people",
        say("registro, historia, auditoría", "record, history, audit"),
        say("registro de eventos", "event log")
    );
    let stands_on = match set_up {
        SetUp::Embedded => "SQLite (WAL, R*Tree)",
        SetUp::Scaled => "PostgreSQL + PostGIS",
        SetUp::Remote => "",
    };
    if !stands_on.is_empty() {
        let _ = writeln!(out, "  record --> store[(\"{stands_on}\")]");
    }
    if set_up == SetUp::Scaled {
        let other = say("otra réplica", "another replica");
        let _ = writeln!(out, "  hub <--> redis[(\"Redis\")] <--> replica[\"{other}\"]\n  replica --> store");
    }
    if !tasks.is_empty() {
        let _ = writeln!(out, "  subgraph tasks [\"{}\"]", say("tareas supervisadas", "supervised tasks"));
        for (number, row) in tasks.iter().enumerate() {
            let _ = writeln!(out, "    t{number}[\"{}\"]", row[0]);
        }
        out.push_str("  end\n  tasks --> cases\n");
    }
    Some(out.trim_end().to_owned())
}

/// What an end on SIGTERM goes through.
pub fn shutdown(language: Language) -> String {
    let say = |es, en| language.say(es, en);
    let steps = [
        ("O", "P", say("SIGTERM", "SIGTERM")),
        ("P", "B", say("no está listo: el balanceador no envía más", "not ready: the balancer sends no more")),
        (
            "P",
            "C",
            say("termina lo que está en curso, «connection: close»", "ends what is in hand, \"connection: close\""),
        ),
        ("P", "S", say("1012: siga desde época y posición", "1012: resume from epoch and offset")),
        ("P", "T", say("cancela y espera a cada tarea", "cancels and joins each task")),
        ("P", "O", say("termina con código 0", "ends with code 0")),
    ];
    let mut out = format!(
        "sequenceDiagram\n  participant O as {}\n  participant P as gad\n  participant B as {}\n  participant C as {}\n  \
         participant S as {}\n  participant T as {}\n",
        say("operador", "operator"),
        say("balanceador", "balancer"),
        say("clientes", "clients"),
        say("pantallas", "screens"),
        say("tareas", "tasks")
    );
    for (from, to, what) in steps {
        let _ = writeln!(out, "  {from}->>{to}: {what}");
    }
    out.trim_end().to_owned()
}
