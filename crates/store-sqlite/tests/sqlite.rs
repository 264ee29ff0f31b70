//! What is SQLite's alone: files, the one writer, copies.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use domain::task::{NewTask, Title};
use domain::{Level, OfficerId, User};
use futures::future::{join, join_all};
use futures::poll;
use resilience::Priority;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use store::contract::audit_chain::{chain, checked};
use store::contract::given;
use store::task::TaskFilter;
use store::{Error, Page, Result, Store};
use store_sqlite::{DATABASE_FILE, SqliteOptions, SqliteStore, verify};
use tempfile::TempDir;

async fn open(dir: &Path, options: SqliteOptions) -> SqliteStore {
    let store = SqliteStore::open(dir, options).await.unwrap();
    store.migrate().await.unwrap();
    store
}

async fn fresh(options: SqliteOptions) -> (SqliteStore, Arc<dyn Store>, TempDir) {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path(), options).await;
    (store.clone(), Arc::new(store), dir)
}

async fn raw(dir: &TempDir) -> SqliteConnection {
    let file = dir.path().join(DATABASE_FILE);
    SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file)).await.unwrap()
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

/// Two tasks in one transaction: whoever sees an odd number has seen half of it.
async fn two_tasks(store: &Arc<dyn Store>, delegate: &User) -> Result<()> {
    let mut tx = store.write().await?;
    tx.tasks().insert(&given::a_new_task(delegate)).await?;
    tx.tasks().insert(&given::a_new_task(delegate)).await?;
    tx.commit().await
}

async fn tasks(store: &dyn Store) -> i64 {
    store.read().await.unwrap().tasks().count(&TaskFilter::default()).await.unwrap()
}

#[tokio::test]
async fn files_are_for_the_owner_only() {
    let parent = TempDir::new().unwrap();
    let dir = parent.path().join("a/b");
    let _store = open(&dir, SqliteOptions { exclusive: true, ..Default::default() }).await;
    assert_eq!(mode(&dir), 0o700);
    for file in ["gad.db", "gad.db-wal", "gad.db-shm", "gad.lock"] {
        assert_eq!(mode(&dir.join(file)), 0o600, "{file}");
    }
}

#[tokio::test]
async fn a_second_server_is_refused_and_told_who_is_first() {
    let dir = TempDir::new().unwrap();
    let exclusive = || SqliteOptions { exclusive: true, ..Default::default() };
    let first = open(dir.path(), exclusive()).await;
    let Err(Error::InUse { holder }) = SqliteStore::open(dir.path(), exclusive()).await else {
        panic!("a second server was let in");
    };
    assert!(holder.starts_with(&format!("{} (since 2", std::process::id())), "{holder}");
    open(dir.path(), SqliteOptions::default()).await.close().await;
    first.close().await;
    open(dir.path(), exclusive()).await;
}

#[tokio::test]
async fn no_database_is_made_unless_asked_for() {
    let parent = TempDir::new().unwrap();
    let dir = parent.path().join("none");
    let Err(error) = SqliteStore::open(&dir, SqliteOptions { create: false, ..Default::default() }).await else {
        panic!("opened what is not there");
    };
    let Error::Unavailable { source, .. } = error else { panic!("{error:?}") };
    assert!(source.to_string().contains(dir.to_str().unwrap()), "{source}");
    assert!(!dir.exists());
}

#[tokio::test]
async fn the_schema_is_brought_up_to_date_once() {
    let dir = TempDir::new().unwrap();
    let open = || SqliteStore::open(dir.path(), SqliteOptions::default());
    let (a, b) = (open().await.unwrap(), open().await.unwrap());
    let empty = a.schema().await.unwrap();
    assert_eq!(empty.found, 0);
    let (of_a, of_b) = join(a.migrate(), b.migrate()).await;
    assert_eq!(of_a.unwrap().len() + of_b.unwrap().len(), empty.pending);
    let done = b.schema().await.unwrap();
    assert_eq!((done.found, done.pending), (done.known, 0));
    assert_eq!(a.epoch().await.unwrap().get_version_num(), 4);
}

#[tokio::test]
async fn a_schema_of_a_newer_program_is_refused() {
    let (store, _, dir) = fresh(SqliteOptions::default()).await;
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (9999, 'later', 1, x'00', 0)";
    sqlx::query(later).execute(&mut raw(&dir).await).await.unwrap();
    let known = store.schema().await.unwrap().known;
    assert!(matches!(store.migrate().await, Err(Error::SchemaTooNew { found: 9999, known: k }) if k == known));
}

#[tokio::test]
async fn a_migration_changed_afterwards_is_told() {
    let (store, _, dir) = fresh(SqliteOptions::default()).await;
    let changed = "UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 2";
    sqlx::query(changed).execute(&mut raw(&dir).await).await.unwrap();
    let Err(Error::Internal(source)) = store.migrate().await else { panic!("a changed migration was let through") };
    assert!(source.to_string().contains("migration 2 was changed"), "{source}");
}

#[tokio::test]
async fn waiting_for_a_connection_has_an_end() {
    let short = Duration::from_millis(200);
    let options = SqliteOptions { readers: 1, reader_wait: short, writer_wait: short, ..Default::default() };
    let (_, store, _dir) = fresh(options).await;
    let (reading, writing) = (store.read().await.unwrap(), store.write().await.unwrap());
    assert!(matches!(store.read().await, Err(Error::Unavailable { .. })));
    assert!(matches!(store.write().await, Err(Error::Unavailable { .. })));
    drop((reading, writing));
    store.read().await.unwrap();
    store.write().await.unwrap();
}

#[tokio::test]
async fn what_must_get_through_does_not_stand_in_the_line_of_changes() {
    let (_, store, _dir) = fresh(SqliteOptions::default()).await;
    let order = Mutex::new(Vec::new());
    let change = async |what: &'static str| {
        let tx = store.write().await.unwrap();
        order.lock().unwrap().push(what);
        tx.commit().await.unwrap();
    };
    let working = store.write().await.unwrap();
    let mut line: Vec<_> = (0..5).map(|_| Box::pin(change("a change"))).collect();
    for change in &mut line {
        assert!(poll!(change).is_pending(), "there are two who write");
    }
    let mut urgent = pin!(Priority::Critical.of(change("an emergency")));
    assert!(poll!(&mut urgent).is_pending());
    drop(working);
    join(join_all(line), urgent).await;
    let order = order.lock().unwrap();
    assert_eq!(order.iter().position(|what| *what == "an emergency"), Some(1), "{order:?}");
    assert_eq!(order.len(), 6);
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_given_up() {
    let (_, patient, dir) = fresh(SqliteOptions::default()).await;
    let supervisor = given::a_user(&patient, Level::Supervisor).await;
    let hasty = SqliteOptions { statement: Duration::from_millis(1), ..Default::default() };
    let hasty = SqliteStore::open(dir.path(), hasty).await.unwrap();
    let many: Vec<OfficerId> = (0..500_000).map(OfficerId).collect();
    let mut tx = hasty.write().await.unwrap();
    let outcome = tx.officers().lock(&many).await;
    assert!(matches!(outcome, Err(Error::Unavailable { .. })), "{outcome:?}");
    let outcome = tx.tasks().insert(&given::a_new_task(&supervisor)).await;
    assert!(matches!(outcome, Err(Error::Unavailable { .. })), "{outcome:?}");
    assert!(matches!(tx.commit().await, Err(Error::Unavailable { .. })), "half a transaction was committed");
    two_tasks(&patient, &supervisor).await.unwrap();
    assert_eq!(tasks(&*patient).await, 2);
}

/// Gives up on `future` when it is polled for the `last` time and still not done.
async fn give_up_after<T>(last: usize, future: impl Future<Output = T>) -> Option<T> {
    let (mut future, mut polls) = (std::pin::pin!(future), 0);
    std::future::poll_fn(|cx| {
        polls += 1;
        match future.as_mut().poll(cx) {
            Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
            Poll::Pending if polls >= last => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_change_leaves_no_transaction_open() {
    let (_, store, _dir) = fresh(SqliteOptions::default()).await;
    let supervisor = given::a_user(&store, Level::Supervisor).await;
    // Each round is cut off later than the one before, until one gets through three times in a row.
    let (mut last, mut through) = (1, 0);
    while through < 3 {
        let before = tasks(&*store).await;
        let outcome = give_up_after(last, two_tasks(&store, &supervisor)).await;
        // Nobody waits for the connection, and what was begun on it is undone or done.
        two_tasks(&store, &supervisor).await.unwrap();
        let added = tasks(&*store).await - before;
        match outcome {
            Some(outcome) => {
                outcome.unwrap();
                assert_eq!(added, 4);
                through += 1;
            }
            // A commit that was under way may have gone through.
            None => assert!(added == 2 || added == 4, "{added}"),
        }
        last += 1;
    }
    assert!(last > 5, "cut off at too few places: {last}");
}

#[tokio::test]
async fn a_full_database_refuses_clearly_and_goes_on_when_there_is_room() {
    let (_, store, dir) = fresh(SqliteOptions { most_pages: Some(400), ..Default::default() }).await;
    let supervisor = given::a_user(&store, Level::Supervisor).await;
    let big = |size: usize| {
        let extra = serde_json::json!({ "x": "x".repeat(size) }).as_object().cloned().unwrap();
        NewTask { extra, ..given::a_new_task(&supervisor) }
    };
    let insert = async |size| -> Result<()> {
        let mut tx = store.write().await?;
        tx.tasks().insert(&big(size)).await?;
        tx.commit().await
    };
    let mut stored = 0;
    let refused = loop {
        match insert(100_000).await {
            Ok(()) => stored += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, Error::Full(_)), "{refused:?}");
    for _ in 0..3 {
        assert!(matches!(insert(100_000).await, Err(Error::Full(_))), "every later change is refused alike");
    }
    assert_eq!(tasks(&*store).await, stored, "reading goes on, and nothing is lost");
    insert(100).await.unwrap();
    assert_eq!(tasks(&*store).await, stored + 1);
    store.close().await;
    let roomy = open(dir.path(), SqliteOptions::default()).await;
    assert_eq!(tasks(&roomy).await, stored + 1);
    verify(roomy.file()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_taken_during_writes_is_whole() {
    let patient = SqliteOptions { writer_wait: Duration::from_secs(60), ..Default::default() };
    let (sqlite, store, dir) = fresh(patient).await;
    let supervisor = given::a_user(&store, Level::Supervisor).await;
    two_tasks(&store, &supervisor).await.unwrap();
    let copy = dir.path().join("copy.db");
    let writers = join_all((0..50).map(|_| two_tasks(&store, &supervisor)));
    let (outcome, written) = join(sqlite.backup_to(&copy), writers).await;
    outcome.unwrap();
    for outcome in written {
        outcome.unwrap();
    }
    assert_eq!(mode(&copy), 0o600);
    let state = verify(&copy).await.unwrap();
    assert_eq!((state.found, state.pending), (state.known, 0));
    assert!(sqlite.backup_to(&copy).await.is_err(), "a backup was overwritten");
    let restored = TempDir::new().unwrap();
    std::fs::rename(&copy, restored.path().join(DATABASE_FILE)).unwrap();
    let restored = open(restored.path(), SqliteOptions { create: false, ..Default::default() }).await;
    let count = tasks(&restored).await;
    assert!(count >= 2 && count % 2 == 0, "{count}");
    let words = TaskFilter { search: Some(vec!["tarea".to_owned()]), ..Default::default() };
    assert_eq!(restored.read().await.unwrap().tasks().count(&words).await.unwrap(), count);
    restored.renew_epoch(uuid::Uuid::from_u128(7)).await.unwrap();
    assert_eq!(restored.epoch().await.unwrap(), uuid::Uuid::from_u128(7));
    assert_ne!(store.epoch().await.unwrap(), uuid::Uuid::from_u128(7));
}

#[tokio::test]
async fn what_is_no_whole_database_is_told_apart() {
    let (sqlite, store, dir) = fresh(SqliteOptions::default()).await;
    let supervisor = given::a_user(&store, Level::Supervisor).await;
    for _ in 0..50 {
        two_tasks(&store, &supervisor).await.unwrap();
    }
    let copy = dir.path().join("copy.db");
    sqlite.backup_to(&copy).await.unwrap();
    let whole = std::fs::read(&copy).unwrap();
    let other = dir.path().join("other.db");
    assert!(matches!(verify(&other).await, Err(Error::Unavailable { .. })), "there is none");
    let mut scratched = whole.clone();
    scratched[whole.len() / 2..][..4096].fill(0xAA);
    for broken in [b"this is no database, however long it is".repeat(500), whole[..whole.len() / 2].to_vec(), scratched]
    {
        std::fs::write(&other, broken).unwrap();
        assert!(matches!(verify(&other).await, Err(Error::Internal(_))));
    }
    std::fs::write(&other, b"").unwrap();
    assert!(matches!(verify(&other).await, Err(Error::Internal(_))), "an empty file holds no schema");
    verify(&copy).await.unwrap();
}

#[tokio::test]
async fn a_connection_for_reading_writes_nothing() {
    let (_, store, _dir) = fresh(SqliteOptions::default()).await;
    let mut tx = store.read().await.unwrap();
    let outcome = tx.users().insert(&given::a_new_user(Level::Officer), None).await;
    assert!(matches!(outcome, Err(Error::Internal(_))), "{outcome:?}");
    drop(tx);
    assert_eq!(store.read().await.unwrap().users().list(Page::first(1)).await.unwrap(), []);
}

#[tokio::test]
async fn the_store_tells_of_itself() {
    let (_, store, _dir) = fresh(SqliteOptions::default()).await;
    let supervisor = given::a_user(&store, Level::Supervisor).await;
    let titled = NewTask { title: Title::try_from("Ronda").unwrap(), ..given::a_new_task(&supervisor) };
    let mut tx = store.write().await.unwrap();
    tx.tasks().insert(&titled).await.unwrap();
    tx.commit().await.unwrap();
    store.ping().await.unwrap();
    let info = store.info().await.unwrap();
    assert_eq!(info.engine, "sqlite");
    assert!(info.version.starts_with("SQLite 3."), "{}", info.version);
    assert!(info.size_bytes > 4096 && info.connections <= info.max_connections);
}

// What stands there when the chain is made is what it vouches for.
#[tokio::test]
async fn lines_of_before_the_chain_are_linked_by_the_migration() {
    let (store, shared, dir) = fresh(SqliteOptions::default()).await;
    let line = given::an_audit_line;
    let mut tx = store.write().await.unwrap();
    tx.audit().push(&[line(1), line(2), line(3)]).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await;
    drop(shared);
    // As the program of before has left it.
    let undo = "DROP TABLE audit_cadena; DROP TABLE audit_puntos; DROP TABLE audit_claves; \
        DROP INDEX ix_audit_logs_retencion; DROP INDEX ix_audit_logs_usuario; DROP INDEX ix_audit_logs_recurso; \
        DROP INDEX ix_audit_logs_momento; DELETE FROM _sqlx_migrations WHERE description = 'cadena'";
    sqlx::raw_sql(undo).execute(&mut raw(&dir).await).await.unwrap();
    let store: Arc<dyn Store> = Arc::new(open(dir.path(), SqliteOptions::default()).await);
    let mut tx = store.write().await.unwrap();
    tx.audit().push(&[line(4)]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(checked(&chain(&store).await), [1, 2, 3, 4].map(line));
}
