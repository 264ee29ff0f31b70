//! Positions in batches of a hundred, beside bare insertions of the same rows.

use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Utc};
use evaluation::load::{Connection as Http, Request, closed};
use sqlx::{Connection, PgConnection, QueryBuilder, Sqlite};
use tokio::task::JoinSet;

use crate::bench::{Bench, Pair, Round, sound};
use crate::meter::{Party, metered};
use crate::office::{Office, Size, Store};
use crate::report::{Goal, Row};
use crate::sqlite;

/// Positions of one batch.
const BATCH: i64 = 100;
/// Vehicles' gateways that send at the same time, each for officers of its own.
const SENDERS: usize = 4;

/// On PostgreSQL.
pub fn postgres(bench: &mut Bench) -> Result<Row> {
    bench.office(Store::Postgres, Size::City)?;
    let bench = &*bench;
    let office = bench.at(Store::Postgres, Size::City)?;
    let url = office.url.clone().context("it is on PostgreSQL")?;
    let mut parties = vec![("load", Party::Ourselves)];
    parties.extend(office.database());
    let bare = |time: Duration| {
        let work = || bench.bare.block_on(postgres_loops(url.clone(), time));
        let (figure, cost) = metered(&parties, work, |rate| rate * time.as_secs_f64())?;
        Ok(Round::new(figure, cost))
    };
    let pair = bench.in_turn(|time| ours(bench, office, time), bare)?;
    Ok(row("position intake, batches of 100, PostgreSQL", &pair))
}

/// On SQLite.
pub fn sqlite(bench: &mut Bench) -> Result<Row> {
    bench.office(Store::Sqlite, Size::City)?;
    let bench = &*bench;
    let office = bench.at(Store::Sqlite, Size::City)?;
    let bare = |time: Duration| {
        let work = || bench.bare.block_on(sqlite_loop(office, time));
        let (figure, cost) = metered(&[("load", Party::Ourselves)], work, |rate| rate * time.as_secs_f64())?;
        Ok(Round::new(figure, cost))
    };
    let pair = bench.in_turn(|time| ours(bench, office, time), bare)?;
    Ok(row("position intake, batches of 100, SQLite", &pair))
}

fn row(work: &'static str, pair: &Pair) -> Row {
    Row::compared(work, "bare inserts", "/s", pair, Goal::ratio(0.5).and_at_least(20_000.0))
}

fn ours(bench: &Bench, office: &Office, time: Duration) -> Result<Round> {
    let (server, caller) = office.served()?;
    let client = |number: usize| {
        let (token, first) = (caller.token.clone(), first(number));
        move |request: &mut Request| report(request, &token, first, BATCH)
    };
    let load = || sound(bench.generator.block_on(closed(server.address, SENDERS, time, client))?);
    let positions = |batches: f64| batches * f64::from(i32::try_from(BATCH).unwrap_or(i32::MAX));
    #[expect(clippy::cast_precision_loss, reason = "a count of seconds")]
    let (load, cost) = metered(&office.parties()?, load, |load| positions(load.answered as f64))?;
    Ok(Round::of(&load, positions(load.per_second()), cost))
}

/// The first officer of a sender.
fn first(sender: usize) -> i64 {
    1 + BATCH * i64::try_from(sender).unwrap_or_default()
}

/// Where an officer is: no two at the same place, spread evenly over the demo office's city.
fn place(officer: i64) -> (f64, f64) {
    // Powers of the plastic number's inverse fill a square evenly (M. Roberts, the R2 sequence).
    const STEP: (f64, f64) = (0.754_877_666_246_692_8, 0.569_840_290_998_053_3);
    let number = f64::from(i32::try_from(officer).unwrap_or_default());
    (-34.69 + 0.17 * (number * STEP.0).fract(), -58.5 + 0.17 * (number * STEP.1).fract())
}

fn report(request: &mut Request, token: &str, first: i64, count: i64) {
    use std::fmt::Write;
    let mut body = r#"{"posiciones":["#.to_owned();
    for officer in first..first + count {
        let (lat, lng) = place(officer);
        let comma = if officer == first { "" } else { "," };
        // Writing to a String cannot fail.
        let _ = write!(body, r#"{comma}{{"efectivo_id":{officer},"lat":{lat:.6},"lng":{lng:.6},"precision_m":12.5}}"#);
    }
    body.push_str("]}");
    request.post("/api/v1/posiciones", Some(token), "application/json", body.as_bytes());
}

/// Lets every officer report, so that all of them count as near for the next quarter of an hour.
pub fn refresh(bench: &Bench, office: &Office, officers: i64) -> Result<()> {
    const MOST: i64 = 1_000;
    let (server, caller) = office.served()?;
    bench.generator.block_on(async {
        let (mut connection, mut request) = (Http::open(server.address).await?, Request::default());
        let mut first = 1;
        while first <= officers {
            // Twice: a jump from where an officer was is believed when the next report agrees.
            for _ in 0..2 {
                report(&mut request, &caller.token, first, MOST.min(officers - first + 1));
                let answer = connection.exchange(request.bytes()).await?;
                ensure!(answer.status == 200, "{}: {}", answer.status, String::from_utf8_lossy(answer.body));
            }
            first += MOST;
        }
        Ok(())
    })
}

fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

/// Positions a second, over as many connections as there are senders.
async fn postgres_loops(url: String, time: Duration) -> Result<f64> {
    // As store-pg has it.
    const SQL: &str = "WITH nueva AS (SELECT * FROM unnest($1::bigint[], $2::float8[], $3::float8[], $4::float8[], \
        $5::timestamptz[], $6::timestamptz[]) WITH ORDINALITY \
        AS n (efectivo_id, lat, lon, precision_m, medida_en, recibida_en, orden)), \
        recorrido AS (INSERT INTO posiciones (efectivo_id, lat, lon, precision_m, medida_en, recibida_en) \
        SELECT efectivo_id, lat, lon, precision_m, medida_en, recibida_en FROM nueva \
        ORDER BY efectivo_id, medida_en, orden ON CONFLICT DO NOTHING) \
        INSERT INTO posiciones_actuales AS p (efectivo_id, lat, lon, precision_m, medida_en, recibida_en) \
        SELECT DISTINCT ON (efectivo_id) efectivo_id, lat, lon, precision_m, medida_en, recibida_en FROM nueva \
        ORDER BY efectivo_id, medida_en DESC, orden \
        ON CONFLICT (efectivo_id) DO UPDATE SET lat = excluded.lat, lon = excluded.lon, \
        precision_m = excluded.precision_m, medida_en = excluded.medida_en, recibida_en = excluded.recibida_en \
        WHERE p.medida_en < excluded.medida_en";
    let mut connections = Vec::new();
    for _ in 0..SENDERS {
        connections.push(PgConnection::connect(&url).await?);
    }
    let (start, mut loops) = (Instant::now(), JoinSet::new());
    for (sender, mut connection) in connections.into_iter().enumerate() {
        loops.spawn(async move {
            let officers: Vec<i64> = (first(sender)..first(sender) + BATCH).collect();
            let (lats, lngs): (Vec<f64>, Vec<f64>) = officers.iter().map(|officer| place(*officer)).unzip();
            let (accuracy, mut taken) = (vec![12.5; officers.len()], 0.0);
            while start.elapsed() < time {
                let times = vec![now(); officers.len()];
                let statement = sqlx::query(SQL).bind(&officers).bind(&lats).bind(&lngs).bind(&accuracy);
                statement.bind(&times).bind(&times).execute(&mut connection).await?;
                taken += f64::from(i32::try_from(BATCH)?);
            }
            connection.close().await?;
            anyhow::Ok(taken)
        });
    }
    let mut taken = 0.0;
    while let Some(one) = loops.join_next().await {
        taken += one??;
    }
    Ok(taken / start.elapsed().as_secs_f64())
}

/// Positions a second, over the one connection that writes.
async fn sqlite_loop(office: &Office, time: Duration) -> Result<f64> {
    // As store-sqlite cuts a hundred.
    const PARTS: [i64; 4] = [64, 16, 16, 4];
    let mut connection = sqlite::writer(&office.data).await?;
    let (start, mut taken, mut sender) = (Instant::now(), 0.0, 0);
    while start.elapsed() < time {
        let at = now().timestamp_micros();
        let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
        let mut from = first(sender);
        for part in PARTS {
            let mut query = QueryBuilder::new(
                "INSERT INTO posiciones (efectivo_id, lat, lon, precision_m, medida_en, recibida_en) ",
            );
            push_rows(&mut query, from..from + part, at);
            query.push(" ON CONFLICT (efectivo_id, medida_en) DO NOTHING");
            query.build().execute(&mut *tx).await?;
            from += part;
        }
        from = first(sender);
        for part in PARTS {
            let mut query =
                QueryBuilder::new("WITH nuevas (efectivo_id, lat, lon, precision_m, medida_en, recibida_en) AS (");
            push_rows(&mut query, from..from + part, at);
            query.push(
                ") INSERT INTO posiciones_actuales \
                 (efectivo_id, lat, lon, precision_m, medida_en, recibida_en, disponible) \
                 SELECT n.efectivo_id, n.lat, n.lon, n.precision_m, n.medida_en, n.recibida_en, \
                 e.estado_disponibilidad = 'disponible' AND e.deleted_at IS NULL \
                 FROM nuevas n CROSS JOIN efectivos e ON e.id = n.efectivo_id WHERE true \
                 ON CONFLICT (efectivo_id) DO UPDATE SET lat = excluded.lat, lon = excluded.lon, \
                 precision_m = excluded.precision_m, medida_en = excluded.medida_en, \
                 recibida_en = excluded.recibida_en WHERE excluded.medida_en > posiciones_actuales.medida_en",
            );
            query.build().execute(&mut *tx).await?;
            from += part;
        }
        tx.commit().await?;
        taken += f64::from(i32::try_from(BATCH)?);
        sender = (sender + 1) % SENDERS;
    }
    connection.close().await?;
    Ok(taken / start.elapsed().as_secs_f64())
}

fn push_rows(query: &mut QueryBuilder<Sqlite>, officers: std::ops::Range<i64>, at: i64) {
    query.push_values(officers, |mut row, officer| {
        let (lat, lng) = place(officer);
        row.push_bind(officer).push_bind(lat).push_bind(lng).push_bind(12.5).push_bind(at).push_bind(at);
    });
}
