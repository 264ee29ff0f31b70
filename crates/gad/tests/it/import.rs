//! Old GRUPO_GAD databases, read in by the binary as an operator does it.

use std::path::Path;
use std::sync::Arc;

use domain::TaskId;
use serde_json::{Value, json};
use store::{Page, Store};

use crate::binary::{Place, Server};
use crate::office::database::Private;
use crate::person::Person;

pub(crate) const SHAPE_A: &str = include_str!("import/shape_a.sql");
const TEXTS: &str = include_str!("import/texts.sql");
const SHAPE_B: &str = include_str!("import/shape_b.sql");
const SHAPE_C: &str = include_str!("import/shape_c.sql");
const SHAPE_D: &str = include_str!("import/shape_d.sql");

/// The address of the administrator in the old tables.
pub(crate) const CHIEF: &str = "jefa@prueba.gad";
/// The password of those who may sign in there.
pub(crate) const OLD_PASSWORD: &str = "clave de antes";

/// A user of the old office, signed in at the new one.
pub(crate) async fn signs_in(server: &Server, email: &str) -> Person {
    let mut person = server.stranger();
    person.signs_in(email, OLD_PASSWORD).await.ok();
    person
}

/// A database with some old tables.
pub(crate) async fn an_old_database(scripts: &[&'static str]) -> Private {
    let old = Private::create().await;
    for script in scripts {
        old.execute(*script).await;
    }
    old
}

/// The record of a new office that nobody has used yet.
pub(crate) struct New {
    pub(crate) place: Place,
    pub(crate) dir: tempfile::TempDir,
    database: Option<Private>,
}

impl New {
    pub(crate) fn embedded() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self { place: Place::directory(dir.path()), dir, database: None }
    }

    pub(crate) async fn shared() -> Self {
        let database = Private::create().await;
        Self { place: Place::database(&database.url), dir: tempfile::tempdir().unwrap(), database: Some(database) }
    }

    pub(crate) async fn store(&self) -> Arc<dyn Store> {
        match &self.database {
            Some(database) => {
                Arc::new(store_pg::PgStore::connect(&database.url, store_pg::PgOptions::default()).await.unwrap())
            }
            None => Arc::new(
                store_sqlite::SqliteStore::open(self.dir.path(), store_sqlite::SqliteOptions::default()).await.unwrap(),
            ),
        }
    }

    /// Imports, and gives the report.
    pub(crate) async fn imports(&self, old: &Private, more: &[&str]) -> Value {
        let arguments = [&["import", "grupo-gad", "--json", "--from", &old.url], more].concat();
        let output = self.place.gad(&arguments).output().await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Everything that an import may write, to be compared.
    pub(crate) async fn contents(&self) -> String {
        let store = self.store().await;
        let mut tx = store.read().await.unwrap();
        let page = Page::first(500);
        let users = tx.users().list(page).await.unwrap();
        let officers = tx.officers().list(&store::officer::OfficerFilter::default(), page).await.unwrap();
        let tasks = tx.tasks().list(&store::task::TaskFilter::default(), page).await.unwrap();
        let metrics = tx.metrics().all().await.unwrap();
        let audit = tx.audit().list(page).await.unwrap();
        let mut history = Vec::new();
        for task in &tasks {
            history.extend(tx.history().of_task(task.id).await.unwrap());
        }
        drop(tx);
        store.close().await;
        json!([users, officers, tasks, metrics, audit, history]).to_string()
    }

    pub(crate) async fn ends(self, old: Private) {
        if let Some(database) = self.database {
            database.drop().await;
        }
        old.drop().await;
    }
}

/// "table read/added/present/left out" of each table.
pub(crate) fn counts(report: &Value) -> Vec<String> {
    let line = |row: &Value| {
        let [read, added, present, left_out] = ["read", "added", "present", "left_out"].map(|name| &row[name]);
        format!("{} {read}/{added}/{present}/{left_out}", row["table"].as_str().unwrap())
    };
    report["tables"].as_array().unwrap().iter().map(line).collect()
}

/// "table id field" of each row of a list.
pub(crate) fn findings(report: &Value, list: &str) -> Vec<String> {
    let line = |row: &Value| {
        let id = row["id"].to_string().replace('"', "");
        format!("{} {id} {}", row["table"].as_str().unwrap(), row["field"].as_str().unwrap())
    };
    report[list].as_array().unwrap().iter().map(line).collect()
}

async fn old_lines_are_in_the_chain_like_new_ones(new: &New) {
    let file = new.dir.path().join("auditoria.jsonl");
    for arguments in [&["audit", "export", "--out", file.to_str().unwrap()][..], &["audit", "verify"]] {
        let output = new.place.gad(arguments).output().await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let exported = std::fs::read_to_string(&file).unwrap();
    let lines = exported.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let events: Vec<Value> =
        lines.filter(|line| line["tipo"] == "linea").map(|mut line| line["linea"]["event_type"].take()).collect();
    assert_eq!(events.len(), 2);
    assert_eq!(events[1], "data_import", "after the one that came in");
    std::fs::remove_file(&file).unwrap();
}

async fn an_old_office_comes_in_with_its_numbers(new: New) {
    let old = an_old_database(&[SHAPE_A]).await;
    let report = new.imports(&old, &[]).await;
    assert_eq!(report["shape"], "A+audit");
    assert_eq!(
        counts(&report),
        [
            "usuarios 5/3/0/2",
            "efectivos 3/2/0/1",
            "efectivos.geom 1/1/0/0",
            "tareas 9/4/0/5",
            "tarea_efectivos 4/2/0/2",
            "historial_estados 3/2/0/1",
            "metricas_tareas 2/1/0/1",
            "audit_logs 2/1/0/1",
        ]
    );
    assert_eq!(
        findings(&report, "left_out"),
        [
            "usuarios 14 email",
            "usuarios 15 email",
            "efectivos 23 usuario_id",
            "tarea_efectivos 32/23 efectivo_id",
            "tarea_efectivos 41/21 tarea_id",
            "tareas 41 fin_programado",
            "tareas 42 fin_real",
            "tareas 44 estado",
            "tareas 45 delegado_usuario_id",
            "tareas 46 efectivos_asignados",
            "historial_estados 53 tarea_id",
            "metricas_tareas 62 tipo_tarea",
            "audit_logs 72 event_id",
        ]
    );
    assert_eq!(
        findings(&report, "notes"),
        [
            "usuarios 11 telefono",
            "efectivos 21 especialidad",
            "tareas 32 efectivos_asignados",
            "tareas 33 codigo",
            "tareas 33 estado",
            "tareas 43 ubicacion_lon",
            "audit_logs 71 session_id",
        ]
    );
    assert_eq!(report["not_imported"], json!([{ "table": "audit_sessions", "rows": 1 }]));
    old_lines_are_in_the_chain_like_new_ones(&new).await;
    new.ends(old).await;
}

async fn what_came_in_is_what_the_office_works_with(new: New) {
    let old = an_old_database(&[SHAPE_A]).await;
    new.imports(&old, &[]).await;
    let server = new.place.serves().await;
    let boss = signs_in(&server, CHIEF).await;
    let me = boss.gets("/api/v1/users/me").await.ok();
    assert_eq!((&me["id"], &me["nivel"]), (&json!(11), &json!(3)));
    let task = boss.gets("/api/v1/tasks/31").await.ok();
    assert_eq!(task["uuid"], "00000000-0000-4000-8000-000000000031");
    assert_eq!((&task["estado"], &task["efectivos_asignados"]), (&json!("finalizada"), &json!([21, 22])));
    assert_eq!((&task["ubicacion_lat"], &task["duracion_real_horas"]), (&json!(-34.603_712_34), &json!(2.0)));
    let begun = boss.gets("/api/v1/tasks/32").await.ok();
    assert_eq!((&begun["estado"], &begun["efectivos_asignados"]), (&json!("en_curso"), &json!([21])));
    let body = json!({ "codigo": "NUEVA-1", "titulo": "Tarea nueva", "tipo": "patrullaje", "delegado_usuario_id": 11,
        "creado_por_usuario_id": 11, "inicio_programado": "2026-11-25T12:00:00Z" });
    let made = boss.posts("/api/v1/tasks/", body).await.ok();
    assert!(made["id"].as_i64().unwrap() > 33, "numbers go on past the old ones: {made}");
    assert!(server.ends().await);
    let store = new.store().await;
    let mut tx = store.read().await.unwrap();
    let states: Vec<_> =
        tx.history().of_task(TaskId(31)).await.unwrap().iter().map(|entry| entry.to.as_str()).collect();
    assert_eq!(states, ["programada", "en_curso"]);
    let position = tx.positions().last(domain::OfficerId(21)).await.unwrap().unwrap();
    assert_eq!(
        (position.point.lat(), position.measured_at.to_rfc3339().as_str()),
        (-34.6, "2025-10-01T12:00:00+00:00")
    );
    let audit = tx.audit().list(Page::first(500)).await.unwrap();
    let imports: Vec<_> = audit.iter().filter(|(_, line)| line.event.as_str() == "data_import").collect();
    assert_eq!(imports.len(), 1);
    assert_eq!(imports[0].1.metadata["tablas"][0]["added"], 3);
    drop(tx);
    store.close().await;
    new.ends(old).await;
}

async fn a_second_run_changes_nothing(new: New) {
    let old = an_old_database(&[SHAPE_A]).await;
    let first = new.imports(&old, &[]).await;
    let before = new.contents().await;
    let second = new.imports(&old, &[]).await;
    assert_eq!(new.contents().await, before);
    assert_eq!(findings(&second, "left_out"), findings(&first, "left_out"));
    for (first, second) in first["tables"].as_array().unwrap().iter().zip(second["tables"].as_array().unwrap()) {
        assert_eq!((&second["present"], &second["added"]), (&first["added"], &json!(0)), "{second}");
    }
    new.ends(old).await;
}

async fn a_dry_run_says_the_same_and_changes_nothing(new: New) {
    let old = an_old_database(&[SHAPE_A]).await;
    let file = new.dir.path().join("informe.json");
    let mut trial = new.imports(&old, &["--dry-run", "--report", file.to_str().unwrap()]).await;
    let written: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(written, trial, "the file holds what was printed");
    if new.database.is_some() {
        assert_eq!(new.store().await.schema().await.unwrap().found, 0, "not even a schema was made");
    } else {
        assert!(!new.dir.path().join("gad.db").exists(), "not even a file was made");
    }
    let migrated = new.place.gad(&["migrate"]).output().await.unwrap();
    assert!(migrated.status.success());
    let empty = new.contents().await;
    assert_eq!(new.imports(&old, &["--dry-run"]).await, trial, "an empty record gives the same");
    assert_eq!(new.contents().await, empty);
    trial["dry_run"] = json!(false);
    assert_eq!(new.imports(&old, &[]).await, trial, "and so does the real run");
    new.ends(old).await;
}

async fn the_small_old_office_comes_in_too(new: New) {
    let old = an_old_database(&[SHAPE_B]).await;
    let report = new.imports(&old, &[]).await;
    assert_eq!(report["shape"], "B");
    let expected = ["usuarios 2/2/0/0", "efectivos 3/3/0/0", "tareas 3/2/0/1", "tarea_asignaciones 4/3/0/1"];
    assert_eq!(counts(&report), expected);
    let left_out = ["tareas 10 fin_real", "tarea_asignaciones 77/5 tarea_id"];
    assert_eq!(findings(&report, "left_out"), left_out);
    let before = new.contents().await;
    let store = new.store().await;
    let mut tx = store.read().await.unwrap();
    let task = tx.tasks().by_id(TaskId(8)).await.unwrap().unwrap();
    assert_eq!((task.kind.as_str(), task.priority.number(), task.creator), ("intervencion", 2, task.delegate));
    assert_eq!((&task.extra["tipo_original"], task.duration_hours), (&json!("allanamiento"), Some(1.5)));
    let made = tx.officers().by_id(domain::OfficerId(6)).await.unwrap().unwrap();
    assert_eq!(
        (made.user.0, made.availability.as_str(), made.full_name().as_str()),
        (10, "no_disponible", "Prueba Dos")
    );
    let user = tx.users().by_telegram(domain::TelegramId(90_000_000_004)).await.unwrap().unwrap();
    assert_eq!((user.id.0, user.dni.unwrap().reveal(), user.email), (4, "P0000005", None));
    drop(tx);
    store.close().await;
    new.imports(&old, &[]).await;
    assert_eq!(new.contents().await, before, "a second run changes nothing");
    new.ends(old).await;
}

/// Identities in several writings, invisible characters and look-alikes.
async fn texts_that_new_rows_may_not_have_come_in_and_are_noted(new: New) {
    let plain = an_old_database(&[SHAPE_A]).await;
    let dry = new.imports(&plain, &["--dry-run"]).await;
    plain.drop().await;
    let old = an_old_database(&[SHAPE_A, TEXTS]).await;
    let report = new.imports(&old, &[]).await;
    assert_eq!(findings(&report, "left_out"), findings(&dry, "left_out"), "none of these rows is left out");
    let mut noted = findings(&report, "notes");
    noted.retain(|note| !findings(&dry, "notes").contains(note));
    noted.sort();
    assert_eq!(
        noted,
        [
            "efectivos 64 codigo_interno",
            "usuarios 61 telefono",
            "usuarios 62 apellido",
            "usuarios 62 dni",
            "usuarios 62 email",
            "usuarios 62 nombre",
            "usuarios 62 telefono",
            "usuarios 63 email",
        ]
    );
    let store = new.store().await;
    let mut tx = store.read().await.unwrap();
    let user = tx.users().by_id(domain::UserId(62)).await.unwrap().unwrap();
    assert_eq!((user.given_name.reveal(), user.phone.unwrap().reveal()), ("Ana", "+54 11 5555"));
    let rows = tx.users().repeated_identities(10).await.unwrap();
    let rows: Vec<_> = rows.iter().map(|row| format!("{}.{} {}", row.table, row.field, row.id)).collect();
    assert_eq!(rows, ["usuarios.dni 62", "usuarios.email 62", "efectivos.codigo_interno 64"]);
    let norte = store::officer::OfficerFilter { unit: Some("norte".to_owned()), ..Default::default() };
    assert_eq!(tx.officers().list(&norte, Page::first(10)).await.unwrap().len(), 2);
    drop(tx);
    store.close().await;
    new.ends(old).await;
}

/// What `gad doctor` finds of acknowledgement deadlines, as "verdict seen".
async fn deadlines(new: &New, more: &[&str]) -> String {
    let output = new.place.gad(&[&["doctor", "--json"], more].concat()).output().await.unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let found: Vec<Value> = lines.filter(|line| line["what"] == "acknowledgement").collect();
    format!("{} {}", found[0]["verdict"].as_str().unwrap(), found[0]["seen"].as_str().unwrap())
}

async fn nobody_need_acknowledge_before_an_officer_is_linked(new: New) {
    let old = an_old_database(&[SHAPE_A]).await;
    // Whose account is not verified; the other officer's is.
    old.execute("INSERT INTO tarea_efectivos VALUES (32, 22)").await;
    let trial = new.imports(&old, &["--dry-run"]).await;
    let report = new.imports(&old, &[]).await;
    for report in [&trial, &report] {
        assert_eq!((&report["departed_officers"], &report["without_linked_officer"]), (&json!(1), &json!(true)));
    }
    let second = new.place.gad(&["import", "grupo-gad", "--from", &old.url]).output().await.unwrap();
    let text = String::from_utf8(second.stdout).unwrap();
    assert!(text.contains("acknowledgement deadlines are off until one has"), "{text}");

    let store = new.store().await;
    let mut tx = store.read().await.unwrap();
    assert!(tx.dispatch().is_import_unlinked().await.unwrap());
    assert_eq!(tx.dispatch().unattended(10).await.unwrap(), []);
    let task = tx.tasks().by_id(TaskId(32)).await.unwrap().unwrap();
    assert_eq!(task.officers, [domain::OfficerId(21)], "who cannot work is taken off");
    let history = tx.history().of_task(task.id).await.unwrap();
    assert_eq!(history[0].reason.as_deref(), Some("El efectivo ya no está en servicio"), "{history:?}");
    let rows = tx.assignments().of_tasks(&[task.id]).await.unwrap();
    let rows: Vec<_> = rows.iter().map(|row| (row.officer.0, row.state.as_str(), row.steps.len())).collect();
    assert_eq!(rows, [(21, "asignada", 0), (22, "relevada", 1)]);
    drop(tx);
    store.close().await;

    assert!(deadlines(&new, &[]).await.starts_with("warning deadlines are off: the office was imported"));
    assert!(deadlines(&new, &["--ack-seconds", "90"]).await.starts_with("ok "), "the office chose them itself");
    let store = new.store().await;
    let mut tx = store.write().await.unwrap();
    let user = tx.users().by_id(domain::UserId(12)).await.unwrap().unwrap();
    tx.users().save(&domain::User { telegram: Some(domain::TelegramId(90_000_000_012)), ..user }).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await;
    assert!(deadlines(&new, &[]).await.starts_with("ok "), "an officer is linked");
    new.ends(old).await;
}

/// Makes a test on each record of each function.
macro_rules! on_both_records {
    ($($name:ident,)+) => {
        mod embedded {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() { super::$name(crate::import::New::embedded()).await; })+
        }
        mod shared {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() { super::$name(crate::import::New::shared().await).await; })+
        }
    };
}

pub(crate) use on_both_records;

on_both_records! {
    an_old_office_comes_in_with_its_numbers,
    what_came_in_is_what_the_office_works_with,
    a_second_run_changes_nothing,
    a_dry_run_says_the_same_and_changes_nothing,
    the_small_old_office_comes_in_too,
    nobody_need_acknowledge_before_an_officer_is_linked,
    texts_that_new_rows_may_not_have_come_in_and_are_noted,
}

#[tokio::test(flavor = "multi_thread")]
async fn shifts_and_leaves_are_counted_and_not_imported() {
    let (new, old) = (New::embedded(), an_old_database(&[SHAPE_B, SHAPE_D]).await);
    let report = new.imports(&old, &[]).await;
    assert_eq!(report["shape"], "D");
    assert_eq!(report["not_imported"], json!([{ "table": "turnos", "rows": 2 }, { "table": "licencias", "rows": 1 }]));
    new.ends(old).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schema_written_by_hand_comes_in_with_its_own_words() {
    let (new, old) = (New::embedded(), an_old_database(&[SHAPE_C]).await);
    let report = new.imports(&old, &[]).await;
    assert_eq!(report["shape"], "C");
    assert_eq!(counts(&report), ["usuarios 1/1/0/0", "efectivos 1/1/0/0", "tareas 1/1/0/0"]);
    let contents = new.contents().await;
    for word in [r#""level":3"#, "no_disponible", r#""priority":5"#, "vigilancia", "cancelada", r#"{"de":"c"}"#] {
        assert!(contents.contains(word), "{word} is missing in {contents}");
    }
    new.ends(old).await;
}

/// What `gad import` says when it ends badly, and with which code.
async fn refusal(new: &New, from: &str) -> (Option<i32>, String) {
    let output = new.place.gad(&["import", "grupo-gad", "--from", from]).output().await.unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_not_there_is_named_without_its_password() {
    let new = New::embedded();
    let (code, said) = refusal(&new, "postgres://lector:secreta@127.0.0.1:1/vieja").await;
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("postgres://lector:***@127.0.0.1:1/vieja") && !said.contains("secreta"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_another_kind_is_told_what_was_looked_for() {
    let (new, old) = (New::embedded(), an_old_database(&[]).await);
    let (code, said) = refusal(&new, &old.url).await;
    assert_eq!(code, Some(1));
    assert!(said.contains("public.usuarios with hashed_password") && said.contains("gad.turnos"), "{said}");
    assert!(!Path::exists(&new.dir.path().join("gad.db")), "nothing was made for it");
    new.ends(old).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_that_others_have_are_not_mixed_up_with_the_old_ones() {
    let (new, old) = (New::embedded(), an_old_database(&[SHAPE_C]).await);
    new.place.hires().await;
    let report = new.imports(&old, &[]).await;
    assert_eq!(
        findings(&report, "left_out"),
        ["usuarios 1 id", "efectivos 1 usuario_id", "tareas 1 delegado_usuario_id"]
    );
    new.ends(old).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_for_people_holds_nothing_personal() {
    let (new, old) = (New::embedded(), an_old_database(&[SHAPE_A]).await);
    let output = new.place.gad(&["import", "grupo-gad", "--from", &old.url]).output().await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("old database: shape A + audit"), "{text}");
    assert!(text.trim_end().ends_with("import done: 16 row(s) added, 13 left out"), "{text}");
    for personal in ["Jefa", "prueba.gad", "P00000", "90000000011", "$2b$", "192.0.2.7"] {
        assert!(!text.contains(personal), "{personal} stands in {text}");
    }
    new.ends(old).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_commands_of_the_guide_work_one_after_the_other() {
    let (new, old) = (New::embedded(), an_old_database(&[SHAPE_A]).await);
    let guide = include_str!("../../../../docs/import.md");
    let commands: Vec<&str> = guide.lines().filter_map(|line| line.strip_prefix("gad ")).collect();
    assert_eq!(commands.len(), 3);
    for command in commands {
        let arguments: Vec<_> =
            command.split(' ').map(|word| if word == "\"$OLD\"" { old.url.as_str() } else { word }).collect();
        let output = new.place.gad(&arguments).current_dir(new.dir.path()).output().await.unwrap();
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let report = std::fs::read(new.dir.path().join("informe.json")).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&report).unwrap()["dry_run"], false);
    new.ends(old).await;
}
