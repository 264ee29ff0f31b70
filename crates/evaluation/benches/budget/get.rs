//! A task by its number.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use evaluation::load::{Writer, closed};
use tokio::task::JoinSet;

use crate::bench::{Bench, CONNECTIONS, Round, chance, one_of, sound};
use crate::meter::{Party, metered};
use crate::office::{Office, Size, Store, TASKS};
use crate::report::{Goal, Row};
use crate::{pgbench, sqlite};

/// Writes the next request for a task by its number.
pub fn client(token: &str) -> impl Fn(usize) -> Writer + use<> {
    let token = token.to_owned();
    move |number| {
        let (token, mut chance) = (token.clone(), chance(number));
        Box::new(move |request| {
            let id = one_of(&mut chance, TASKS);
            request.get(&format!("/api/v1/tasks/{id}"), Some(&token));
        })
    }
}

fn ours(bench: &Bench, office: &Office, time: Duration) -> Result<Round> {
    let (server, caller) = office.served()?;
    let load = || sound(bench.generator.block_on(closed(server.address, CONNECTIONS, time, client(&caller.token)))?);
    #[expect(clippy::cast_precision_loss, reason = "a count of seconds")]
    let (load, cost) = metered(&office.parties()?, load, |load| load.answered as f64)?;
    Ok(Round::of(&load, load.per_second(), cost))
}

/// On PostgreSQL, beside pgbench's own select by number among as many rows.
pub fn postgres(bench: &mut Bench) -> Result<Row> {
    bench.office(Store::Postgres, Size::City)?;
    let bench = &*bench;
    let office = bench.at(Store::Postgres, Size::City)?;
    let url = office.url.as_deref().context("it is on PostgreSQL")?;
    bench.generator.block_on(pgbench::make_accounts(&bench.pgbench, url, TASKS))?;
    #[expect(clippy::cast_precision_loss, reason = "ten thousand")]
    let script = pgbench::Script::Select { scale: TASKS as f64 / 100_000.0 };
    let pair = bench.in_turn(
        |time| ours(bench, office, time),
        |time| pgbench::round(&bench.pgbench, url, &script, office.database(), time),
    )?;
    Ok(Row::compared("GET task by id, PostgreSQL", "pgbench -S -M prepared", "/s", &pair, Goal::ratio(0.7)))
}

/// On SQLite, beside a loop of the same statement.
pub fn sqlite(bench: &mut Bench) -> Result<Row> {
    bench.office(Store::Sqlite, Size::City)?;
    let bench = &*bench;
    let office = bench.at(Store::Sqlite, Size::City)?;
    let bare = |time| {
        let work = || bench.bare.block_on(looped(office.data.clone(), time));
        let (figure, cost) = metered(&[("load", Party::Ourselves)], work, |rate| rate * time.as_secs_f64())?;
        Ok(Round::new(figure, cost))
    };
    let pair = bench.in_turn(|time| ours(bench, office, time), bare)?;
    Ok(Row::compared("GET task by id, SQLite", "bare sqlx loop", "/s", &pair, Goal::ratio(0.7)))
}

/// As store-sqlite asks for a task.
const BY_ID: &str = "SELECT t.id, t.uuid, t.codigo, t.titulo, t.descripcion, t.tipo, t.prioridad, \
    t.inicio_programado, t.fin_programado, t.inicio_real, t.fin_real, t.tiempo_pausado_us, t.pausado_en, t.estado, \
    t.delegado_usuario_id, t.creado_por_usuario_id, t.ubicacion_lat, t.ubicacion_lon, t.ubicacion_descripcion, \
    t.duracion_real_horas, t.espera_efectivo, t.notas, t.extra_data, t.created_at, t.updated_at, t.deleted_at, \
    t.version, (SELECT json_group_array(te.efectivo_id ORDER BY te.efectivo_id) FROM tarea_efectivos te \
    WHERE te.tarea_id = t.id) AS efectivos FROM tareas t WHERE t.deleted_at IS NULL AND t.id = ?";

/// Tasks a second, each connection one after the other.
async fn looped(data: PathBuf, time: Duration) -> Result<f64> {
    let mut connections = Vec::new();
    for _ in 0..sqlite::READERS {
        connections.push(sqlite::reader(&data).await?);
    }
    let (start, mut loops) = (Instant::now(), JoinSet::new());
    for (number, mut connection) in connections.into_iter().enumerate() {
        loops.spawn(async move {
            let (mut chance, mut found) = (chance(number), 0_u32);
            while start.elapsed() < time {
                let id = one_of(&mut chance, TASKS);
                sqlx::query(BY_ID).bind(id).fetch_optional(&mut connection).await?.context("no such task")?;
                found += 1;
            }
            anyhow::Ok(found)
        });
    }
    let mut found = 0.0;
    while let Some(one) = loops.join_next().await {
        found += f64::from(one??);
    }
    Ok(found / start.elapsed().as_secs_f64())
}
