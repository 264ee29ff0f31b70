//! SQLite keeps what every store must.

use std::sync::Arc;
use std::time::Duration;

use store::Store;
use store_sqlite::{SqliteOptions, SqliteStore};
use tempfile::TempDir;

async fn fresh_database() -> (Arc<dyn Store>, TempDir) {
    let dir = TempDir::new().expect("a directory");
    // Races queue up behind one writer, on machines that do much else meanwhile.
    let patient = Duration::from_secs(60);
    let options =
        SqliteOptions { reader_wait: patient, writer_wait: patient, statement: patient, ..Default::default() };
    let store = SqliteStore::open(dir.path(), options).await.expect("a new database");
    store.migrate().await.expect("an up-to-date schema");
    (Arc::new(store), dir)
}

store::store_contract!(fresh_database);
