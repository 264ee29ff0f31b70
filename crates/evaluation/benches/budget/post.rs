//! A task made: row, history, event and audit in one commit.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use evaluation::load::{Writer, closed};
use rand::RngExt;
use sqlx::{Connection, Row as _, SqliteConnection};
use uuid::Uuid;

use crate::bench::{Bench, CONNECTIONS, Round, chance, sound};
use crate::meter::{Party, metered};
use crate::office::{Caller, Office, Size, Store};
use crate::report::{Goal, Row};
use crate::{pgbench, sqlite};

/// Numbers of codes, given out once.
pub type Codes = Arc<AtomicU64>;

/// On PostgreSQL, beside pgbench with the same statements.
pub fn postgres(bench: &mut Bench) -> Result<Row> {
    bench.office(Store::Postgres, Size::City)?;
    let bench = &*bench;
    let office = bench.at(Store::Postgres, Size::City)?;
    let url = office.url.as_deref().context("it is on PostgreSQL")?;
    let file = bench.dir.path().join("post.sql");
    let user = office.served()?.1.user;
    std::fs::write(&file, include_str!("post.sql").replace("{user}", &user.to_string()))?;
    let (script, codes) = (pgbench::Script::File(file), codes());
    let pair = bench.in_turn(
        |time| ours(bench, office, &codes, time),
        |time| pgbench::round(&bench.pgbench, url, &script, office.database(), time),
    )?;
    Ok(Row::compared("POST task, PostgreSQL", "pgbench, same statements", "/s", &pair, Goal::ratio(0.7)))
}

/// On SQLite, beside a loop of the same statements on the one connection that writes.
pub fn sqlite(bench: &mut Bench) -> Result<Row> {
    bench.office(Store::Sqlite, Size::City)?;
    let bench = &*bench;
    let office = bench.at(Store::Sqlite, Size::City)?;
    let (codes, user) = (codes(), office.served()?.1.user);
    let bare = |time| {
        let work = || bench.bare.block_on(looped(office.data.clone(), user, time));
        let (figure, cost) = metered(&[("load", Party::Ourselves)], work, |rate| rate * time.as_secs_f64())?;
        Ok(Round::new(figure, cost))
    };
    let pair = bench.in_turn(|time| ours(bench, office, &codes, time), bare)?;
    Ok(Row::compared("POST task, SQLite", "bare sqlx loop", "/s", &pair, Goal::ratio(0.7)))
}

/// Numbers for codes that no earlier run has used.
pub fn codes() -> Codes {
    Arc::new(AtomicU64::new(rand::rng().random_range(0..1 << 48)))
}

fn ours(bench: &Bench, office: &Office, codes: &Codes, time: Duration) -> Result<Round> {
    let (server, caller) = office.served()?;
    let client = client(caller, codes);
    let load = || sound(bench.generator.block_on(closed(server.address, CONNECTIONS, time, client))?);
    #[expect(clippy::cast_precision_loss, reason = "a count of seconds")]
    let (load, cost) = metered(&office.parties()?, load, |load| load.answered as f64)?;
    Ok(Round::of(&load, load.per_second(), cost))
}

/// Writes the next new task.
pub fn client(caller: &Caller, codes: &Codes) -> impl Fn(usize) -> Writer + use<> {
    let (caller, codes) = (caller.clone(), Arc::clone(codes));
    move |_| {
        let (caller, codes) = (caller.clone(), Arc::clone(&codes));
        Box::new(move |request| {
            let (number, user) = (codes.fetch_add(1, Ordering::Relaxed), caller.user);
            let body = format!(
                r#"{{"codigo":"B{number}","titulo":"Recorrer la plaza","descripcion":"Dos vueltas, y aviso al salir",
                "tipo":"patrullaje","inicio_programado":"2026-11-24T12:00:00Z","delegado_usuario_id":{user},
                "ubicacion_lat":-34.6037,"ubicacion_lon":-58.3816}}"#
            );
            request.post("/api/v1/tasks/", Some(&caller.token), "application/json", body.as_bytes());
        })
    }
}

/// Tasks a second.
async fn looped(data: PathBuf, user: i64, time: Duration) -> Result<f64> {
    let mut connection = sqlite::writer(&data).await?;
    let (start, mut made, mut chance) = (Instant::now(), 0.0, chance(0));
    let base: u64 = rand::rng().random_range(0..1 << 48);
    while start.elapsed() < time {
        let code = format!("R{}", base.wrapping_add(chance.random_range(0..1 << 60)));
        make(&mut connection, &code, user, &mut || Uuid::from_u128(rand::rng().random())).await?;
        made += 1.0;
    }
    connection.close().await?;
    Ok(made / start.elapsed().as_secs_f64())
}

/// The statements of store-sqlite in their order.
async fn make(connection: &mut SqliteConnection, code: &str, user: i64, uuid: &mut dyn FnMut() -> Uuid) -> Result<()> {
    const TASK: &str = "INSERT INTO tareas (codigo, titulo, descripcion, tipo, prioridad, inicio_programado, \
        fin_programado, inicio_real, fin_real, tiempo_pausado_us, pausado_en, estado, delegado_usuario_id, \
        creado_por_usuario_id, ubicacion_lat, ubicacion_lon, ubicacion_descripcion, duracion_real_horas, \
        espera_efectivo, notas, extra_data, busqueda, updated_at, deleted_at, id, uuid, created_at, version) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    const HISTORY: &str = "INSERT INTO historial_estados (id, tarea_id, estado_anterior, estado_nuevo, usuario_id, \
        motivo, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    const EVENT: &str = "INSERT INTO eventos (message_id, event_type, tarea_id, payload, request_id, created_at) \
        VALUES (?, ?, ?, ?, ?, ?)";
    const AUDIT: &str = "INSERT INTO audit_logs (event_id, event_type, severity, timestamp, user_id, telegram_id, \
        session_id, request_id, endpoint, http_method, user_agent, ip_address, resource_type, resource_id, \
        action_description, old_values, new_values, event_metadata, success, error_message, compliance_tags, \
        retention_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    const LAST: &str = "SELECT numero, cadena FROM audit_cadena ORDER BY numero DESC LIMIT 1";
    const LINK: &str = "INSERT INTO audit_cadena (numero, audit_id, huella, retencion, cadena) VALUES (?, ?, ?, ?, ?)";
    let nothing: Option<i64> = None;
    let no_text: Option<String> = None;
    let now = DateTime::<Utc>::from(std::time::SystemTime::now()).timestamp_micros();
    let request = uuid().to_string();
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
    let task = sqlx::query(TASK)
        .bind(code)
        .bind("Recorrer la plaza")
        .bind("Dos vueltas, y aviso al salir")
        .bind("patrullaje")
        .bind(2)
        .bind(now)
        .bind(nothing)
        .bind(nothing)
        .bind(nothing)
        .bind(0)
        .bind(nothing)
        .bind("programada")
        .bind(user)
        .bind(user)
        .bind(-34.6037)
        .bind(-58.3816)
        .bind(no_text.as_deref())
        .bind(nothing)
        .bind(false)
        .bind("{}")
        .bind("{}")
        .bind(format!("{} recorrer la plaza dos vueltas y aviso al salir", code.to_lowercase()))
        .bind(now)
        .bind(nothing)
        .bind(nothing)
        .bind(uuid())
        .bind(now)
        .bind(1)
        .execute(&mut *tx)
        .await?
        .last_insert_rowid();
    let history = sqlx::query(HISTORY).bind(nothing).bind(task).bind(no_text.as_deref()).bind("programada");
    history.bind(user).bind(no_text.as_deref()).bind(now).bind(now).execute(&mut *tx).await?;
    let event = sqlx::query(EVENT).bind(uuid()).bind("task_created").bind(task).bind(PAYLOAD);
    event.bind(request.as_str()).bind(now).execute(&mut *tx).await?;
    let line = sqlx::query(AUDIT)
        .bind(uuid())
        .bind("create")
        .bind("medium")
        .bind(now)
        .bind(user)
        .bind(nothing)
        .bind(uuid())
        .bind(request.as_str())
        .bind("/api/v1/tasks/")
        .bind("POST")
        .bind(no_text.as_deref())
        .bind("127.0.0.1")
        .bind("tarea")
        .bind(task.to_string())
        .bind(format!("Tarea {code} creada"))
        .bind(no_text.as_deref())
        .bind(r#"{"codigo":"R123456789012345","tipo":"patrullaje","prioridad":2}"#)
        .bind("{}")
        .bind(true)
        .bind(no_text.as_deref())
        .bind("create,data_change")
        .bind(now)
        .execute(&mut *tx)
        .await?
        .last_insert_rowid();
    let last = sqlx::query(LAST).fetch_optional(&mut *tx).await?;
    let number = last.map(|row| row.try_get::<i64, _>(0)).transpose()?.unwrap_or_default() + 1;
    // Bytes as many as hashes have; the loop reckons none.
    let hash = [0_u8; 32];
    let link = sqlx::query(LINK).bind(number).bind(line).bind(&hash[..]).bind(now).bind(&hash[..]);
    link.execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(())
}

/// An event as long as those that gad writes.
const PAYLOAD: &str = r#"{"task_created":{"task":{"id":1000000,"uuid":"5f0c9a52-7f3b-4a68-9d3e-0a4c5d6e7f80",
"code":"R123456789012345","title":"Recorrer la plaza","description":"Dos vueltas, y aviso al salir",
"kind":"patrullaje","priority":2,"state":"programada","scheduled_start":"2026-11-24T12:00:00Z","scheduled_end":null,
"started_at":null,"finished_at":null,"paused_total":0,"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,
"location":{"lat":-34.6037,"lng":-58.3816},"location_description":null,"officers":[],"awaits_officer":false,
"notes":{},"extra":{},"created_at":"2026-11-24T12:00:00Z","updated_at":"2026-11-24T12:00:00Z","deleted_at":null,
"version":1}}}"#;
