//! The database answers by its indexes.

use std::time::Duration;

use chrono::TimeDelta;
use domain::dispatch::Criteria;
use domain::{GeoBox, Point};
use sqlx::Executor;
use sqlx::postgres::PgConnection;
use store::contract::crowd::Sequence;
use store::contract::given;
use store::{Store, Tx};

use crate::database::{Database, fresh_store};

/// Officers in and around a town, all available, straight into the tables.
async fn populate(conn: &mut PgConnection, officers: i64) {
    let people = "INSERT INTO usuarios (uuid, nombre, nivel, verificado, created_at, updated_at) \
        SELECT gen_random_uuid(), 'Nombre', 1, true, now(), now() FROM generate_series(1, $1)";
    sqlx::query(people).bind(officers).execute(&mut *conn).await.unwrap();
    conn.execute(
        "INSERT INTO efectivos (uuid, usuario_id, codigo_interno, codigo_plegado, unidad, unidad_plegada, estado_disponibilidad, \
         ultima_actualizacion_estado, created_at, updated_at) SELECT gen_random_uuid(), id, 'EF-' || id, 'ef-' || id, \
         'Norte', 'norte', \
         'disponible', now(), now(), now() FROM usuarios",
    )
    .await
    .unwrap();
    sqlx::query(
        "INSERT INTO posiciones_actuales (efectivo_id, lat, lon, medida_en, recibida_en) \
         SELECT id, -34.6 + (random() - 0.5) / 2, -58.4 + (random() - 0.5) / 2, $1, $1 FROM efectivos",
    )
    .bind(given::noon())
    .execute(&mut *conn)
    .await
    .unwrap();
    conn.execute("ANALYZE").await.unwrap();
}

fn criteria(chance: &mut Sequence) -> Criteria {
    Criteria::around(
        Point::new(chance.between(-34.8, -34.4), chance.between(-58.6, -58.2)).unwrap(),
        200_000.0,
        TimeDelta::minutes(10),
    )
}

/// How often a table was read from end to end, and how many entries of its indexes were read.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Reads {
    seq_scans: i64,
    index_entries: i64,
    index_scans: i64,
}

async fn reads(conn: &mut PgConnection) -> Reads {
    conn.execute("SELECT pg_stat_force_next_flush()").await.unwrap();
    let (seq_scans, index_entries, index_scans) = sqlx::query_as(
        "SELECT seq_scan, (SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes i WHERE i.relid = t.relid), \
         (SELECT sum(idx_scan)::bigint FROM pg_stat_user_indexes i WHERE i.relid = t.relid \
         AND indexrelname LIKE 'ix_posiciones_actuales%') \
         FROM pg_stat_user_tables t WHERE relname = 'posiciones_actuales'",
    )
    .fetch_one(conn)
    .await
    .unwrap();
    Reads { seq_scans, index_entries, index_scans }
}

/// Runs some searches and gives what they read, once their connections have told.
async fn reads_of(database: &Database, searches: impl AsyncFnOnce(&mut dyn Tx)) -> Reads {
    let mut conn = database.conn().await;
    let before = reads(&mut conn).await;
    let store = database.store().await;
    searches(&mut *store.read().await.unwrap()).await;
    // A connection tells what it read when it ends, at the latest.
    store.close().await;
    let waited = tokio::time::timeout(Duration::from_secs(20), async {
        loop {
            let after = reads(&mut conn).await;
            if after.index_scans > before.index_scans {
                return after;
            }
            tokio::task::yield_now().await;
        }
    });
    let after = waited.await.expect("no index was used");
    Reads {
        seq_scans: after.seq_scans - before.seq_scans,
        index_entries: after.index_entries - before.index_entries,
        index_scans: after.index_scans - before.index_scans,
    }
}

/// Twenty searches for the ten nearest.
async fn search(tx: &mut dyn Tx, found: usize, unit: Option<&str>) {
    let mut chance = Sequence::of(3);
    for _ in 0..20 {
        let criteria = Criteria { unit: unit.map(str::to_owned), ..criteria(&mut chance) };
        let nearest = tx.geo().nearest_eligible(&criteria, given::noon(), 10).await.unwrap();
        assert_eq!(nearest.len(), found);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nearest_of_many_are_found_by_the_spatial_index() {
    let (_store, database) = fresh_store().await;
    populate(&mut database.conn().await, 20_000).await;
    for unit in [None, Some("Norte")] {
        let read = reads_of(&database, async |tx| search(tx, 10, unit).await).await;
        assert_eq!(read.seq_scans, 0, "{unit:?}");
        // Of these, a thousand a search to see that there are many.
        assert!(read.index_entries < 20 * 1_500, "{read:?} {unit:?}");
    }
    let read = reads_of(&database, async |tx| {
        for _ in 0..20 {
            let point = Point::new(-34.6, -58.4).unwrap();
            assert_eq!(tx.geo().officers_around(point, 50_000.0, 10).await.unwrap().len(), 10);
            let area = GeoBox { south: -34.601, west: -58.401, north: -34.599, east: -58.399 };
            tx.geo().officers_in(area, None, 500).await.unwrap();
        }
    });
    let read = read.await;
    assert!(read.seq_scans == 0 && read.index_entries < 20 * 500, "{read:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn few_free_officers_are_found_among_many_who_are_not() {
    let (_store, database) = fresh_store().await;
    let mut conn = database.conn().await;
    populate(&mut conn, 20_000).await;
    let busy = "UPDATE efectivos SET estado_disponibilidad = 'en_tarea' WHERE id % 4000 <> 0";
    conn.execute(busy).await.unwrap();
    conn.execute("VACUUM ANALYZE").await.unwrap();
    let read = reads_of(&database, async |tx| search(tx, 5, None).await).await;
    assert!(read.seq_scans == 0 && read.index_entries < 20 * 100, "{read:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn few_fresh_positions_are_found_among_many_old_ones() {
    let (_store, database) = fresh_store().await;
    let mut conn = database.conn().await;
    populate(&mut conn, 20_000).await;
    let old = "UPDATE posiciones_actuales SET medida_en = medida_en - interval '1 day' WHERE efectivo_id % 4000 <> 0";
    conn.execute(old).await.unwrap();
    conn.execute("VACUUM ANALYZE").await.unwrap();
    let read = reads_of(&database, async |tx| search(tx, 5, None).await).await;
    assert!(read.seq_scans == 0 && read.index_entries < 20 * 100, "{read:?}");
}
