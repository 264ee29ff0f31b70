//! Bringing the schema up to date.

use sqlx::{AssertSqlSafe, Executor};
use store::contract::audit_chain::{chain, checked};
use store::contract::given;
use store::{Error, SchemaState, Store};
use store_pg::PgStore;

use crate::database::{Database, fresh_store, options};

/// The versions in the folder, in order.
fn versions() -> Vec<i64> {
    let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap();
    let version = |name: &str| name.split('_').next().unwrap().parse().unwrap();
    let mut versions: Vec<i64> = folder.map(|entry| version(entry.unwrap().file_name().to_str().unwrap())).collect();
    versions.sort_unstable();
    versions
}

#[tokio::test]
async fn an_empty_database_is_pending_and_then_migrated() {
    let database = Database::create_bare().await;
    let store = database.store().await;
    let empty = store.schema().await.unwrap();
    let all = versions();
    assert_eq!((empty.found, empty.pending, Some(&empty.known)), (0, all.len(), all.last()));
    let applied = store.migrate().await.unwrap();
    assert_eq!(applied, all);
    let state = store.schema().await.unwrap();
    assert_eq!(state, SchemaState { found: empty.known, known: empty.known, pending: 0 });
    assert!(store.info().await.unwrap().version.contains("PostGIS"), "the extension was made on the way");
}

#[tokio::test]
async fn of_two_replicas_that_start_at_once_one_migrates() {
    let database = Database::create_bare().await;
    let (one, other) = (database.store().await, database.store().await);
    let (one, other) = tokio::join!(one.migrate(), other.migrate());
    let mut counts = [one.unwrap().len(), other.unwrap().len()];
    counts.sort_unstable();
    assert_eq!(counts[0], 0);
    assert!(counts[1] > 0);
}

#[tokio::test]
async fn a_schema_of_a_newer_program_is_refused() {
    let (store, database) = fresh_store().await;
    let known = store.schema().await.unwrap().known;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (9999, 'from the future', true, '', 0)";
    database.conn().await.execute(newer).await.unwrap();
    match store.migrate().await.unwrap_err() {
        Error::SchemaTooNew { found, known: said } => assert_eq!((found, said), (9999, known)),
        other => panic!("{other:?}"),
    }
    assert_eq!(store.schema().await.unwrap(), SchemaState { found: 9999, known, pending: 0 });
}

#[tokio::test]
async fn a_migration_that_was_edited_later_is_named() {
    let (store, database) = fresh_store().await;
    database.conn().await.execute("UPDATE _sqlx_migrations SET checksum = '' WHERE version = 2").await.unwrap();
    let Error::Internal(source) = store.migrate().await.unwrap_err() else { panic!("another error") };
    assert_eq!(source.to_string(), "migration 2 was changed after it was applied");
    // The lock went with the connection: the next one gets the same answer, not a wait.
    assert!(store.migrate().await.is_err());
}

/// A role that owns the database and is no superuser, and the URL with which it signs in.
async fn a_plain_owner(database: &Database) -> (PgStore, String) {
    let role = format!("{}_owner", database.name);
    let mut conn = database.conn().await;
    conn.execute(AssertSqlSafe(format!("CREATE ROLE {role} LOGIN PASSWORD 'secreta'"))).await.unwrap();
    conn.execute(AssertSqlSafe(format!("ALTER DATABASE {} OWNER TO {role}", database.name))).await.unwrap();
    conn.execute(AssertSqlSafe(format!("GRANT ALL ON SCHEMA public TO {role}"))).await.unwrap();
    let mut url = url::Url::parse(&database.url()).unwrap();
    url.set_username(&role).unwrap();
    url.set_password(Some("secreta")).unwrap();
    (PgStore::connect(url.as_str(), options()).await.unwrap(), role)
}

async fn drop_role(database: &Database, role: &str) {
    let mut conn = database.conn().await;
    conn.execute(AssertSqlSafe(format!("REASSIGN OWNED BY {role} TO CURRENT_USER"))).await.unwrap();
    conn.execute(AssertSqlSafe(format!("DROP OWNED BY {role}"))).await.unwrap();
    conn.execute(AssertSqlSafe(format!("DROP ROLE {role}"))).await.unwrap();
}

#[tokio::test]
async fn an_owner_without_superuser_migrates_where_the_extension_is() {
    let database = Database::create_as_superuser().await;
    database.conn().await.execute("CREATE EXTENSION IF NOT EXISTS postgis").await.unwrap();
    let (store, role) = a_plain_owner(&database).await;
    assert!(!store.migrate().await.unwrap().is_empty());
    store.close().await;
    drop_role(&database, &role).await;
}

#[tokio::test]
async fn who_may_not_make_the_extension_is_told_how_it_is_made() {
    let database = Database::create_bare().await;
    let (store, role) = a_plain_owner(&database).await;
    let Error::Unprepared(text) = store.migrate().await.unwrap_err() else { panic!("another error") };
    assert!(text.contains("extension postgis is missing") && text.contains("CREATE EXTENSION postgis"), "{text}");
    store.close().await;
    drop_role(&database, &role).await;
}

// What stands there when the chain is made is what it vouches for; and during the upgrade a replica
// of the program of before may still write.
#[tokio::test]
async fn lines_of_before_the_chain_and_of_older_replicas_are_linked() {
    let (store, database) = fresh_store().await;
    let line = given::an_audit_line;
    let pushes = async |lines: &[domain::AuditLine]| {
        let mut tx = store.write().await.unwrap();
        tx.audit().push(lines).await.unwrap();
        tx.commit().await.unwrap();
    };
    pushes(&[line(1), line(2)]).await;
    let undo = "DROP TABLE audit_pendientes, audit_cadena, audit_puntos, audit_claves; \
        DROP FUNCTION audit_logs_baja CASCADE; ALTER TABLE meta DROP COLUMN audit_adopta_hasta; \
        DROP INDEX ix_audit_logs_retencion, ix_audit_logs_usuario, ix_audit_logs_recurso, ix_audit_logs_momento; \
        DELETE FROM _sqlx_migrations WHERE description = 'cadena'";
    let mut conn = database.conn().await;
    sqlx::raw_sql(undo).execute(&mut conn).await.unwrap();
    assert_eq!(store.migrate().await.unwrap().len(), 1);
    pushes(&[line(3)]).await;
    // The older replica knows of no chain.
    sqlx::raw_sql("CREATE TABLE aparte AS TABLE audit_pendientes").execute(&mut conn).await.unwrap();
    pushes(&[line(4)]).await;
    let forget = "DELETE FROM audit_pendientes WHERE id NOT IN (SELECT id FROM aparte); DROP TABLE aparte";
    sqlx::raw_sql(forget).execute(&mut conn).await.unwrap();
    while store.seal(3).await.unwrap() > 0 {}
    let store: std::sync::Arc<dyn Store> = std::sync::Arc::new(store.clone());
    assert_eq!(checked(&chain(&store).await), [1, 2, 3, 4].map(line));
}
