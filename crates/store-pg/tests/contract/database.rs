//! A database of its own for each test, on the server that `GAD_TEST_POSTGRES_URL` names.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor};
use store::Store;
use store_pg::{PgOptions, PgStore};
use uuid::Uuid;

/// A database that ends with the test.
pub struct Database {
    /// Its name.
    pub name: String,
    server: String,
}

/// Where the tests are a role that owns its databases and nothing else.
fn server() -> String {
    std::env::var("GAD_TEST_POSTGRES_URL")
        .expect("GAD_TEST_POSTGRES_URL names a PostgreSQL server for the tests; `cargo xtask test` starts one")
}

/// Where they are the superuser, for the few that make roles and extensions; the same where one role
/// is both.
fn superuser() -> String {
    std::env::var("GAD_TEST_POSTGRES_ADMIN_URL").unwrap_or_else(|_| server())
}

impl Database {
    /// An empty database with the extension PostGIS.
    pub async fn create() -> Self {
        Self::create_from("template_gad", server()).await
    }

    /// The same, made and used by the superuser.
    pub async fn create_as_superuser() -> Self {
        Self::create_from("template_gad", superuser()).await
    }

    /// An empty database without any extension, of the superuser, who alone may make one in it.
    pub async fn create_bare() -> Self {
        Self::create_from("template1", superuser()).await
    }

    async fn create_from(template: &str, server: String) -> Self {
        let database = Self { name: format!("gad_test_{}", Uuid::new_v4().simple()), server };
        let mut conn = database.server().await;
        let there: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)")
            .bind(template)
            .fetch_one(&mut conn)
            .await
            .unwrap();
        // `migrate` adds the extension where the template has not brought it.
        let template = if there { template } else { "template1" };
        let name = &database.name;
        conn.execute(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE {template}"))).await.unwrap();
        database
    }

    /// Its URL.
    pub fn url(&self) -> String {
        let mut url = url::Url::parse(&self.server).unwrap();
        url.set_path(&self.name);
        url.into()
    }

    /// A plain connection to it.
    pub async fn conn(&self) -> PgConnection {
        self.url().parse::<PgConnectOptions>().unwrap().connect().await.unwrap()
    }

    /// A plain connection to the server's own database.
    pub async fn server(&self) -> PgConnection {
        self.server.parse::<PgConnectOptions>().unwrap().connect().await.unwrap()
    }

    /// A store on it, not migrated.
    pub async fn store(&self) -> PgStore {
        PgStore::connect(&self.url(), options()).await.unwrap()
    }
}

/// With patience for races of more parties than there are connections.
pub fn options() -> PgOptions {
    PgOptions { acquire_wait: Duration::from_secs(20), connect: Duration::from_secs(20), ..PgOptions::default() }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // A runtime of its own, for the test's is busy dropping.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let mut conn = server.parse::<PgConnectOptions>().unwrap().connect().await.unwrap();
                conn.execute(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await.unwrap();
            });
        });
        if dropped.join().is_err() {
            eprintln!("the database {} was left behind", self.name);
        }
    }
}

/// A store on an empty, migrated database, and what keeps that alive.
pub async fn fresh_database() -> (Arc<dyn Store>, Database) {
    let (store, database) = fresh_store().await;
    (Arc::new(store), database)
}

/// The same as its own type.
pub async fn fresh_store() -> (PgStore, Database) {
    let database = Database::create().await;
    let store = database.store().await;
    store.migrate().await.unwrap();
    (store, database)
}
