//! The database is away, comes back, or is slow.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::Level;
use resilience::Priority;
use sqlx::{Connection, Executor};
use store::contract::given;
use store::{BreakerReport, Error, Page, Store, Tx};
use store_pg::{PgOptions, PgStore};

use crate::database::{Database, fresh_store, options};

/// Ends every connection to the database but the asking one, as a restart of the server does.
async fn end_connections(database: &Database) {
    let mut conn = database.conn().await;
    let end = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    conn.execute(end).await.unwrap();
    conn.close().await.unwrap();
}

/// Connections of the program that stand in a transaction.
async fn open_transactions(database: &Database) -> i64 {
    let count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                 AND application_name = 'gad' AND xact_start IS NOT NULL AND pid <> pg_backend_pid()";
    sqlx::query_scalar(count).fetch_one(&mut database.conn().await).await.unwrap()
}

async fn until(what: &str, condition: impl AsyncFn() -> bool) {
    let held = tokio::time::timeout(Duration::from_secs(20), async {
        while !condition().await {
            tokio::task::yield_now().await;
        }
    });
    assert!(held.await.is_ok(), "{what}");
}

fn unavailable(error: Error) -> String {
    let Error::Unavailable { source, retry_after } = error else { panic!("another error: {error:?}") };
    assert!(retry_after > Duration::ZERO);
    source.to_string()
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_without_its_password() {
    let error = PgStore::connect("postgres://ana:secreta@127.0.0.1:1/gad", PgOptions::default()).await.unwrap_err();
    assert!(!format!("{error:?} {error}").contains("secreta"));
    let said = unavailable(error);
    assert!(said.contains("refused") || said.contains("os error"), "{said}");
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named() {
    let (_store, database) = fresh_store().await;
    let url = database.url().replace(&database.name, "no_hay_tal_base");
    let said = unavailable(PgStore::connect(&url, options()).await.unwrap_err());
    assert!(said.contains("no_hay_tal_base"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_breaker_is_reported_as_it_stands() {
    let (store, database) = fresh_store().await;
    store.ping().await.unwrap();
    assert_eq!(store.breaker(), BreakerReport::default());
    let server = std::env::var("GAD_TEST_POSTGRES_URL").unwrap();
    let mut server = sqlx::PgConnection::connect(&server).await.unwrap();
    let allow =
        |allowed: bool| sqlx::AssertSqlSafe(format!("ALTER DATABASE {} ALLOW_CONNECTIONS {allowed}", database.name));
    server.execute(sqlx::raw_sql(allow(false))).await.unwrap();
    let end =
        format!("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{}'", database.name);
    server.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(end))).await.unwrap();
    until("it opens", async || {
        let _ = store.ping().await;
        store.breaker().open
    })
    .await;
    assert!(store.breaker().failures >= 5, "{:?}", store.breaker());
    server.execute(sqlx::raw_sql(allow(true))).await.unwrap();
    until("it closes", async || store.ping().await.is_ok() && store.breaker() == BreakerReport::default()).await;
}

/// Somebody who reads, and has asked: from then on a connection is held.
async fn reader(store: &PgStore) -> Box<dyn Tx> {
    let mut tx = store.read().await.unwrap();
    tx.users().list(Page::first(1)).await.unwrap();
    tx
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_notice_no_restart() {
    let (store, database) = fresh_store().await;
    // Several idle connections, all of which die.
    let open = futures::future::join_all((0..5).map(|_| reader(&store))).await;
    drop(open);
    assert!(store.info().await.unwrap().connections >= 5);
    for _ in 0..3 {
        end_connections(&database).await;
        for _ in 0..8 {
            let mut tx = store.read().await.unwrap();
            tx.users().list(Page::first(1)).await.unwrap();
            // The same connection dies between two queries.
            end_connections(&database).await;
            tx.users().list(Page::first(1)).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_begins_on_a_live_connection_after_a_restart() {
    let (store, database) = fresh_store().await;
    let store: Arc<dyn Store> = Arc::new(store);
    drop(futures::future::join_all((0..5).map(|_| store.write())).await);
    for _ in 0..3 {
        end_connections(&database).await;
        given::a_user(&store, Level::Officer).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_lost_its_connection_fails_as_a_whole() {
    let (store, database) = fresh_store().await;
    let mut tx = store.write().await.unwrap();
    tx.users().insert(&given::a_new_user(Level::Officer), None).await.unwrap();
    end_connections(&database).await;
    let lost = tx.users().insert(&given::a_new_user(Level::Officer), None).await;
    unavailable(lost.unwrap_err());
    // Not on another connection, where the first insertion would be missing.
    unavailable(tx.users().list(Page::first(1)).await.unwrap_err());
    assert!(tx.commit().await.is_err());
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.users().list(Page::first(10)).await.unwrap(), []);
    end_connections(&database).await;
    unavailable(tx.commit().await.unwrap_err());
    store.ping().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_statement_keeps_the_change_from_being_committed() {
    let (store, _database) = fresh_store().await;
    let user = given::a_new_user(Level::Officer);
    let mut tx = store.write().await.unwrap();
    tx.users().insert(&user, None).await.unwrap();
    assert!(matches!(tx.users().insert(&user, None).await, Err(Error::Conflict(_))));
    assert!(tx.commit().await.is_err(), "PostgreSQL would take the commit for a rollback");
    assert_eq!(store.read().await.unwrap().users().list(Page::first(1)).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_was_cut_off_leaves_nothing_open() {
    let (store, database) = fresh_store().await;
    let shared: Arc<dyn Store> = Arc::new(store.clone());
    let user = given::a_user(&shared, Level::Officer).await;
    let mut holder = store.write().await.unwrap();
    holder.users().lock(user.id).await.unwrap();
    // Ten wait for the row, and are cut off while the server is at work for them.
    for _ in 0..10 {
        let mut waiting = store.write().await.unwrap();
        let cut = tokio::time::timeout(Duration::from_millis(20), waiting.users().lock(user.id)).await;
        assert!(cut.is_err());
        drop(waiting);
    }
    holder.commit().await.unwrap();
    until("a transaction stayed open", async || open_transactions(&database).await == 0).await;
    // Every connection is as good as new: each answers its own question.
    let mut all = Vec::new();
    for _ in 0..store.info().await.unwrap().connections {
        let mut tx = store.write().await.unwrap();
        assert_eq!(tx.users().lock(user.id).await.unwrap().as_ref(), Some(&user));
        tx.commit().await.unwrap();
        all.push(store.read().await.unwrap());
    }
    for tx in &mut all {
        assert_eq!(tx.users().by_id(user.id).await.unwrap().as_ref(), Some(&user));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_change_is_rolled_back_before_the_next_begins() {
    let (store, database) = fresh_store().await;
    let shared: Arc<dyn Store> = Arc::new(store.clone());
    let officer = given::an_officer(&shared).await;
    for _ in 0..50 {
        let mut tx = store.write().await.unwrap();
        assert!(tx.officers().try_lock(officer.id).await.unwrap().is_some(), "the one before still holds it");
        drop(tx);
    }
    // The second one when the last rollback was still under way.
    assert!(store.info().await.unwrap().connections <= 2, "a dropped change cost a connection");
    until("a transaction stayed open", async || open_transactions(&database).await == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_ends_at_its_deadline() {
    let (_store, database) = fresh_store().await;
    let short = PgOptions { write: Duration::from_millis(300), ..options() };
    let store = PgStore::connect(&database.url(), short).await.unwrap();
    let shared: Arc<dyn Store> = Arc::new(store.clone());
    let user = given::a_user(&shared, Level::Officer).await;
    let mut holder = store.write().await.unwrap();
    holder.users().lock(user.id).await.unwrap();
    let mut waiting = store.write().await.unwrap();
    let begun = Instant::now();
    let said = unavailable(waiting.users().lock(user.id).await.unwrap_err());
    assert!(said.contains("timeout"), "the server itself gave up: {said}");
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_finds_all_connections_in_use_is_told_soon() {
    let (_store, database) = fresh_store().await;
    let narrow = PgOptions { max_connections: 1, acquire_wait: Duration::from_millis(50), ..options() };
    let store = PgStore::connect(&database.url(), narrow).await.unwrap();
    let held = reader(&store).await;
    let mut late = store.read().await.unwrap();
    assert_eq!(unavailable(late.users().list(Page::first(1)).await.unwrap_err()), "all connections are in use");
    drop(held);
    store.ping().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_connections_are_for_what_must_get_through() {
    let (_store, database) = fresh_store().await;
    let narrow = PgOptions { max_connections: 8, acquire_wait: Duration::from_millis(50), ..options() };
    let store = PgStore::connect(&database.url(), narrow).await.unwrap();
    let mut held = Vec::new();
    for _ in 0..7 {
        held.push(reader(&store).await);
    }
    assert_eq!(unavailable(store.ping().await.unwrap_err()), "all connections are in use");
    Priority::Critical.of(store.ping()).await.unwrap();
    drop(held);
    store.ping().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_without_room_is_full_to_those_who_change() {
    let (_store, database) = fresh_store().await;
    let mut conn = database.conn().await;
    conn.execute(
        "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                  RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$",
    )
    .await
    .unwrap();
    conn.execute("CREATE TRIGGER no BEFORE INSERT ON usuarios EXECUTE FUNCTION no()").await.unwrap();
    let store = database.store().await;
    let mut tx = store.write().await.unwrap();
    let full = tx.users().insert(&given::a_new_user(Level::Officer), None).await;
    assert!(matches!(full, Err(Error::Full(_))), "{full:?}");
    assert_eq!(store.obstacle(), Some(store::Obstacle::NoSpace));
    drop(tx);
    conn.execute("DROP TRIGGER no ON usuarios").await.unwrap();
    let shared: Arc<dyn Store> = Arc::new(store.clone());
    given::a_user(&shared, Level::Officer).await;
    assert_eq!(store.obstacle(), None, "there is room again");
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_waits_for_work_in_hand() {
    let (store, database) = fresh_store().await;
    let mut tx = store.write().await.unwrap();
    tx.users().insert(&given::a_new_user(Level::Officer), None).await.unwrap();
    let closing = store.close();
    tokio::pin!(closing);
    assert!(futures::poll!(closing.as_mut()).is_pending());
    tx.commit().await.unwrap();
    closing.await;
    let stored: i64 =
        sqlx::query_scalar("SELECT count(*) FROM usuarios").fetch_one(&mut database.conn().await).await.unwrap();
    assert_eq!(stored, 1);
    let mine = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'gad'";
    until("a connection stayed open", async || {
        sqlx::query_scalar::<_, i64>(mine).fetch_one(&mut database.conn().await).await.unwrap() == 0
    })
    .await;
}
