//! What an import takes: all that the old schema can hold comes in, or is left out by a rule that is named;
//! and rows that contradict each other are corrected.

use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

use crate::import::{CHIEF, New, OLD_PASSWORD, SHAPE_A, an_old_database, on_both_records, signs_in};
use crate::office::database::Private;

/// The tables of shape A without the rows of the sample, with the CHECKs of the old migrations.
async fn an_empty_old_database() -> Private {
    let old = Private::create().await;
    let tables = SHAPE_A.split("-- The password is").next().unwrap();
    old.execute(tables).await;
    old.execute(
        "ALTER TABLE tareas ADD CONSTRAINT chk_tareas_fechas \
             CHECK (fin_programado IS NULL OR fin_programado > inicio_programado), \
         ADD CONSTRAINT chk_tareas_fechas_reales \
             CHECK (fin_real IS NULL OR (inicio_real IS NOT NULL AND fin_real >= inicio_real))",
    )
    .await;
    old
}

/// Columns of a row, each with its value in SQL.
type Columns = &'static [(&'static str, &'static str)];

/// An ordinary row of each table as column and value; `{n}` is the number of the row.
const USER: Columns = &[
    ("id", "{n}"),
    ("uuid", "gen_random_uuid()"),
    ("dni", "'P0000' || {n}"),
    ("nombre", "'Prueba'"),
    ("apellido", "'Uno'"),
    ("email", "'u' || {n} || '@prueba.gad'"),
    ("nivel", "'LEVEL_1'"),
    ("hashed_password", "'$2b$06$x'"),
    ("verificado", "true"),
    ("intentos_fallidos", "0"),
    ("extra_data", "'{}'"),
    ("created_at", "'2025-01-02'"),
    ("updated_at", "'2025-01-02'"),
];
const OFFICER: Columns = &[
    ("id", "{n}"),
    ("uuid", "gen_random_uuid()"),
    ("usuario_id", "{n}"),
    ("codigo_interno", "'EF-' || {n}"),
    ("estado_disponibilidad", "'DISPONIBLE'"),
    ("created_at", "'2025-01-02'"),
    ("updated_at", "'2025-01-02'"),
];
const TASK: Columns = &[
    ("id", "{n}"),
    ("uuid", "gen_random_uuid()"),
    ("codigo", "'TAR-' || {n}"),
    ("titulo", "'Tarea de prueba'"),
    ("tipo", "'PATRULLAJE'"),
    ("prioridad", "'LOW'"),
    ("inicio_programado", "'2025-10-01T12:00:00Z'"),
    ("estado", "'PROGRAMMED'"),
    ("delegado_usuario_id", "1"),
    ("creado_por_usuario_id", "1"),
    ("efectivos_asignados", "'{}'"),
    ("notas", "'{}'"),
    ("extra_data", "'{}'"),
    ("created_at", "'2025-10-01'"),
    ("updated_at", "'2025-10-01'"),
];
const HISTORY: Columns = &[
    ("id", "{n}"),
    ("tarea_id", "1"),
    ("estado_nuevo", "'PROGRAMMED'"),
    ("extra_data", "'{}'"),
    ("created_at", "'2025-10-01'"),
    ("updated_at", "'2025-10-01'"),
];
const METRICS: Columns = &[
    ("id", "{n}"),
    ("tipo_tarea", "'PATRULLAJE'"),
    ("prioridad", "'LOW'"),
    ("total_tareas", "1"),
    ("total_horas", "1"),
    ("ultima_actualizacion", "'2025-10-01'"),
    ("created_at", "'2025-10-01'"),
    ("updated_at", "'2025-10-01'"),
];

/// Extremes of the column types.
const TIMES: &[&str] =
    &["'infinity'", "'-infinity'", "'4713-01-01 BC'", "'12025-01-01'", "'0001-01-01'", "'9999-12-31'"];
const INTS: &[&str] = &["-2147483648", "2147483647"];
const TEXTS: &[&str] = &["''", "' '", "'x'", "E'\\u200b'", "'ñ,\"\\t''=1'"];
const OBJECTS: &[&str] = &[
    "'[]'",
    "'[1, {\"a\": null}]'",
    "'7'",
    "'\"x\"'",
    "'null'",
    "'{\"a\": 123456789012345678901234567890.5}'",
    "'{\"a\": 1e400}'",
];
const FLOATS: &[&str] = &["'NaN'", "'Infinity'", "'-Infinity'", "-1", "3e38"];

/// The same text as long as the column takes.
fn long(length: usize) -> String {
    format!("repeat('ñ', {length})")
}

/// Each column of each table with the extremes that it can hold.
fn extremes() -> Vec<(&'static str, Columns, &'static str, Vec<String>)> {
    let own = |values: &[&str]| values.iter().map(ToString::to_string).collect::<Vec<_>>();
    let texts = |length| own(TEXTS).into_iter().chain([long(length)]).collect::<Vec<_>>();
    let json = |more: &[&str]| own(OBJECTS).into_iter().chain(own(more)).collect::<Vec<_>>();
    let any_json: &[&str] = &["'{\"a\": \"\\u0000\"}'", "'{\"a\": \"\\ud800\"}'"];
    vec![
        ("usuarios", USER, "dni", texts(20)),
        ("usuarios", USER, "nombre", texts(100)),
        ("usuarios", USER, "apellido", texts(100)),
        ("usuarios", USER, "email", texts(3000)),
        ("usuarios", USER, "telefono", texts(20)),
        ("usuarios", USER, "telegram_id", own(&["-9223372036854775808", "9223372036854775807", "0"])),
        ("usuarios", USER, "nivel", own(&["'LEVEL_2'", "'LEVEL_3'"])),
        ("usuarios", USER, "hashed_password", texts(255)),
        ("usuarios", USER, "verificado", own(&["false"])),
        ("usuarios", USER, "ultimo_acceso", own(TIMES)),
        ("usuarios", USER, "intentos_fallidos", own(INTS)),
        ("usuarios", USER, "bloqueado_hasta", own(TIMES)),
        ("usuarios", USER, "extra_data", json(&[])),
        ("usuarios", USER, "created_at", own(TIMES)),
        ("usuarios", USER, "updated_at", own(TIMES)),
        ("usuarios", USER, "deleted_at", own(TIMES)),
        ("efectivos", OFFICER, "codigo_interno", texts(50)),
        ("efectivos", OFFICER, "rango", texts(50)),
        ("efectivos", OFFICER, "unidad", texts(100)),
        ("efectivos", OFFICER, "especialidad", texts(100)),
        ("efectivos", OFFICER, "estado_disponibilidad", own(&["'EN_TAREA'", "'FUERA_SERVICIO'", "'NO_DISPONIBLE'"])),
        ("efectivos", OFFICER, "ultima_actualizacion_estado", own(TIMES).into_iter().chain(own(&["NULL"])).collect()),
        ("efectivos", OFFICER, "metadata", json(any_json)),
        ("efectivos", OFFICER, "created_at", own(TIMES)),
        ("efectivos", OFFICER, "updated_at", own(TIMES)),
        ("efectivos", OFFICER, "deleted_at", own(TIMES)),
        ("tareas", TASK, "codigo", texts(50)),
        ("tareas", TASK, "titulo", texts(200)),
        ("tareas", TASK, "descripcion", texts(200_000)),
        ("tareas", TASK, "prioridad", own(&["'CRITICAL'"])),
        ("tareas", TASK, "fin_programado", own(&["'infinity'", "'12025-01-01'", "'9999-12-31'"])),
        ("tareas", TASK, "inicio_real", own(TIMES)),
        (
            "tareas",
            TASK,
            "tiempo_pausado",
            own(&["'-1 second'", "'13 months'", "'178000000 years'", "'-178000000 years'"]),
        ),
        ("tareas", TASK, "pausado_en", own(TIMES)),
        ("tareas", TASK, "estado", own(&["'IN_PROGRESS'", "'COMPLETED'", "'CANCELLED'", "'PAUSED'"])),
        ("tareas", TASK, "ubicacion_lat", own(&["'NaN'", "99.99999999", "-99.99999999", "0"])),
        ("tareas", TASK, "ubicacion_lon", own(&["'NaN'", "999.99999999", "-999.99999999", "0"])),
        ("tareas", TASK, "ubicacion_descripcion", texts(200_000)),
        ("tareas", TASK, "efectivos_asignados", own(&["'{2147483647}'", "'{NULL}'", "'{{1,2},{3,4}}'"])),
        ("tareas", TASK, "duracion_real_horas", own(&["'NaN'", "-1", "1e300", "'Infinity'"])),
        ("tareas", TASK, "notas", json(&[])),
        ("tareas", TASK, "extra_data", json(&[])),
        ("tareas", TASK, "created_at", own(TIMES)),
        ("tareas", TASK, "updated_at", own(TIMES)),
        ("tareas", TASK, "deleted_at", own(TIMES)),
        ("historial_estados", HISTORY, "motivo", texts(200_000)),
        ("historial_estados", HISTORY, "extra_data", json(&[])),
        ("historial_estados", HISTORY, "created_at", own(TIMES)),
        ("historial_estados", HISTORY, "updated_at", own(TIMES)),
    ]
}

/// The statement that inserts a row with these values in place of the ordinary ones.
fn insert(table: &str, row: Columns, number: usize, others: &[(&str, &str)]) -> String {
    let kept = row.iter().filter(|(name, _)| others.iter().all(|(other, _)| other != name));
    let (columns, values): (Vec<&str>, Vec<String>) =
        kept.chain(others).map(|(name, value)| (*name, value.replace("{n}", &number.to_string()))).unzip();
    format!("INSERT INTO {table} ({}) VALUES ({});", columns.join(", "), values.join(", "))
}

/// Rules by whose name a row of the old schema may be left out.
const RULES: [&str; 4] = ["inicio_programado", "one user an e-mail", "one user a DNI", "unique internal code"];

async fn every_extreme_of_the_old_schema_comes_in_or_breaks_a_named_rule(new: New) {
    let old = an_empty_old_database().await;
    let mut script = insert("usuarios", USER, 1, &[]) + &insert("tareas", TASK, 1, &[("titulo", "'Una'")]);
    let mut cases = Vec::new();
    for (table, row, column, values) in extremes() {
        for value in values {
            let number = 100 + cases.len();
            if table == "efectivos" {
                script += &insert("usuarios", USER, number, &[]);
            }
            script += &insert(table, row, number, &[(column, &value)]);
            cases.push(format!("{table}.{column} = {}", value.chars().take(40).collect::<String>()));
        }
    }
    for (number, value) in FLOATS.iter().enumerate() {
        let priority = ["'LOW'", "'MEDIUM'", "'HIGH'", "'URGENT'", "'CRITICAL'"][number];
        let others = [("total_horas", *value), ("prioridad", priority)];
        script += &insert("metricas_tareas", METRICS, 900 + number, &others);
    }
    old.execute(AssertSqlSafe(script)).await;
    let report = new.imports(&old, &[]).await;
    let left_out = report["left_out"].as_array().unwrap();
    let by_name = |row: &&Value| RULES.iter().any(|rule| row["reason"].as_str().unwrap().contains(rule));
    let nameless: Vec<String> = left_out
        .iter()
        .filter(|row| !by_name(row))
        .map(|row| {
            let case = row["id"].as_u64().and_then(|id| cases.get(usize::try_from(id).unwrap().wrapping_sub(100)));
            format!("{case:?}: {row}")
        })
        .collect();
    assert!(nameless.is_empty(), "{}", nameless.join("\n"));
    assert_eq!(report["violations"], json!([]));
    let again = new.imports(&old, &[]).await;
    for row in again["tables"].as_array().unwrap() {
        assert_eq!((&row["added"], &row["changed"], &row["conflicts"]), (&json!(0), &json!(0), &json!(0)), "{row}");
    }
    new.ends(old).await;
}

/// Rows that contradict each other in every way that an invariant names.
const CONTRADICTIONS: &str = "
    UPDATE usuarios SET deleted_at = '2025-09-01' WHERE id = 3;
    UPDATE efectivos SET estado_disponibilidad = 'EN_TAREA' WHERE id IN (4, 5);
    UPDATE efectivos SET metadata = '[1]' WHERE id = 6;
    UPDATE efectivos SET deleted_at = '2025-09-01' WHERE id = 7;
    UPDATE usuarios SET verificado = false WHERE id = 8;
    INSERT INTO tarea_efectivos VALUES (1, 3), (1, 7), (1, 6), (2, 8), (4, 5);
    UPDATE tareas SET estado = 'IN_PROGRESS', inicio_real = NULL WHERE id = 1;
    UPDATE tareas SET delegado_usuario_id = 3 WHERE id = 2;
    UPDATE tareas SET estado = 'PAUSED', inicio_real = '2025-10-01' WHERE id = 3;
    UPDATE tareas SET estado = 'COMPLETED', inicio_real = '2025-10-01', fin_real = '2025-10-02' WHERE id = 4;
    UPDATE tareas SET estado = 'PROGRAMMED', inicio_real = '2025-10-01', pausado_en = '2025-10-01' WHERE id = 5;
    INSERT INTO tarea_efectivos VALUES (6, 6);
    UPDATE tareas SET estado = 'IN_PROGRESS', inicio_real = '2025-10-01' WHERE id = 6;
";

async fn rows_that_contradict_each_other_are_corrected_and_named(new: New) {
    let old = an_empty_old_database().await;
    let password = "'$2b$06$LBS.FfLbyh5roudCWSiW3OspBjmXHfCmh/ouQ2j..spUxNHaBe0ES'";
    let mut script = insert("usuarios", USER, 1, &[("nivel", "'LEVEL_3'"), ("hashed_password", password)]);
    for number in 3..=8 {
        script += &insert("usuarios", USER, number, &[]);
        script += &insert("efectivos", OFFICER, number, &[]);
    }
    for number in 1..=6 {
        script += &insert("tareas", TASK, number, &[("titulo", "'Una tarea'")]);
    }
    old.execute(AssertSqlSafe(script)).await;
    old.execute(CONTRADICTIONS).await;
    let report = new.imports(&old, &[]).await;
    assert_eq!(report["violations"], json!([]));
    let mut named: Vec<String> = ["left_out", "notes"]
        .iter()
        .flat_map(|list| report[*list].as_array().unwrap())
        .map(|row| format!("{} {} {}", row["table"].as_str().unwrap(), row["id"], row["field"].as_str().unwrap()))
        .collect();
    named.sort();
    named.dedup();
    assert_eq!(
        named,
        [
            "efectivos 3 deleted_at",
            "efectivos 4 estado_disponibilidad",
            "efectivos 5 estado_disponibilidad",
            "efectivos 6 estado_disponibilidad",
            "efectivos 6 metadata",
            "tarea_efectivos \"6/6\" tarea_id",
            "tareas 1 efectivos_asignados",
            "tareas 1 inicio_real",
            "tareas 2 delegado_usuario_id",
            "tareas 2 efectivos_asignados",
            "tareas 3 pausado_en",
            "tareas 5 inicio_real",
            "tareas 5 pausado_en",
            "tareas 6 efectivos_asignados",
        ]
    );
    let server = new.place.serves().await;
    let boss = signs_in(&server, "u1@prueba.gad").await;
    assert_eq!(boss.gets("/api/v1/efectivos/3").await.status, 404, "deleted with the user");
    let task = boss.gets("/api/v1/tasks/1").await.ok();
    assert_eq!((&task["efectivos_asignados"], &task["estado"]), (&json!([6]), &json!("en_curso")));
    assert_eq!(boss.gets("/api/v1/tasks/2").await.ok()["delegado_usuario_id"], 1);
    for (officer, availability) in [(4, "disponible"), (5, "disponible"), (6, "en_tarea")] {
        let officer = boss.gets(&format!("/api/v1/efectivos/{officer}")).await.ok();
        assert_eq!(officer["estado_disponibilidad"], availability, "{officer}");
    }
    let off_duty = json!({ "estado_disponibilidad": "fuera_servicio" });
    boss.puts("/api/v1/efectivos/4", off_duty.clone()).await.ok();
    assert!(boss.puts("/api/v1/efectivos/6", off_duty).await.status >= 400, "a begun task has the officer");
    boss.puts("/api/v1/tasks/1", json!({ "estado": "finalizada" })).await.ok();
    assert!(server.ends().await);
    let findings = new.place.gad(&["doctor", "--json"]).output().await.unwrap();
    let findings = String::from_utf8(findings.stdout).unwrap();
    let invariants = findings.lines().find(|line| line.contains("\"invariants\"")).unwrap();
    assert!(invariants.contains("no row contradicts another"), "{invariants}");
    new.ends(old).await;
}

async fn an_interrupted_import_gives_the_same_reasons_when_run_again(new: New) {
    let old = an_old_database(&[SHAPE_A]).await;
    // The run breaks off at the table that cannot be walked.
    old.execute("ALTER TABLE metricas_tareas ALTER COLUMN id DROP DEFAULT, ALTER COLUMN id TYPE text").await;
    let broken = new.place.gad(&["import", "grupo-gad", "--from", &old.url]).output().await.unwrap();
    assert_eq!(broken.status.code(), Some(1));
    old.execute("ALTER TABLE metricas_tareas ALTER COLUMN id TYPE integer USING id::integer").await;
    let second = new.imports(&old, &[]).await;
    let fresh = New::embedded();
    let whole = fresh.imports(&old, &[]).await;
    assert_eq!(second["left_out"], whole["left_out"]);
    new.ends(old).await;
}

/// Officers keep `en_tarea` by a begun task only.
async fn a_state_that_nothing_supports_is_left_by_hand(new: New) {
    let old = an_old_database(&[SHAPE_A]).await;
    old.execute("UPDATE usuarios SET verificado = true WHERE id = 13").await;
    new.imports(&old, &[]).await;
    let store = new.store().await;
    let mut tx = store.write().await.unwrap();
    let mut officer = tx.officers().by_id(domain::OfficerId(22)).await.unwrap().unwrap();
    officer.availability = domain::Availability::OnTask;
    tx.officers().save(&officer).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await;
    let server = new.place.serves().await;
    let boss = signs_in(&server, CHIEF).await;
    let changed = boss.puts("/api/v1/efectivos/22", json!({ "estado_disponibilidad": "disponible" })).await.ok();
    assert_eq!(changed["estado_disponibilidad"], "disponible");
    assert!(server.ends().await);
    new.ends(old).await;
}

on_both_records! {
    every_extreme_of_the_old_schema_comes_in_or_breaks_a_named_rule,
    rows_that_contradict_each_other_are_corrected_and_named,
    an_interrupted_import_gives_the_same_reasons_when_run_again,
    a_state_that_nothing_supports_is_left_by_hand,
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_locked_without_end_comes_in_locked() {
    let (new, old) = (New::embedded(), an_old_database(&[SHAPE_A]).await);
    old.execute("UPDATE usuarios SET bloqueado_hasta = 'infinity' WHERE id = 11").await;
    let report = new.imports(&old, &[]).await;
    assert_eq!(report["tables"][0]["added"], 3, "{report}");
    let server = new.place.serves().await;
    let stranger = server.stranger();
    assert_eq!(stranger.tries_to_sign_in(CHIEF, OLD_PASSWORD).await.status, 401);
    assert!(server.ends().await);
    new.ends(old).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_terminal_shows_causes_and_a_file_every_row() {
    let (new, old) = (New::embedded(), an_empty_old_database().await);
    let mut script = insert("usuarios", USER, 1, &[]);
    // A user whose e-mail another user has in capitals, and 300 tasks of that user.
    script += &insert("usuarios", USER, 9, &[("email", "'U1@PRUEBA.GAD'")]);
    for number in 100..400 {
        script += &insert("tareas", TASK, number, &[("delegado_usuario_id", "9")]);
    }
    old.execute(AssertSqlSafe(script)).await;
    let output = new.place.gad(&["import", "grupo-gad", "--from", &old.url]).output().await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("left out because usuarios 9 was: tareas 300"), "{text}");
    assert!(text.lines().count() < 40, "{text}");
    let file = text.lines().find_map(|line| line.strip_prefix("every single row: ")).unwrap();
    let report: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(report["left_out"].as_array().unwrap().len(), 301);
    assert_eq!(report["left_out"][1]["cause"], json!({ "table": "usuarios", "id": 9 }));
    new.ends(old).await;
}
