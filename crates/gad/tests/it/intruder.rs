//! Somebody who has the database and knows SQL.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, SqliteConnection};

/// A connection that goes past the program.
pub enum Intruder {
    File(SqliteConnection),
    Database(PgConnection),
}

/// Triggers that refuse changes, and their tables.
const TRIGGERS: [(&str, &str); 8] = [
    ("audit_logs", "audit_logs_sin_cambios"),
    ("audit_logs", "audit_logs_sin_bajas"),
    ("audit_cadena", "audit_cadena_sin_cambios"),
    ("audit_cadena", "audit_cadena_sin_bajas"),
    ("audit_puntos", "audit_puntos_sin_cambios"),
    ("audit_puntos", "audit_puntos_sin_bajas"),
    ("audit_claves", "audit_claves_sin_cambios"),
    ("audit_claves", "audit_claves_sin_bajas"),
];

impl Intruder {
    /// On an embedded record.
    pub async fn in_directory(dir: &Path) -> Self {
        let options = SqliteConnectOptions::new().filename(dir.join(store_sqlite::DATABASE_FILE));
        Self::File(options.busy_timeout(std::time::Duration::from_secs(10)).connect().await.unwrap())
    }

    /// On a record in PostgreSQL.
    pub async fn in_database(url: &str) -> Self {
        Self::Database(PgConnection::connect(url).await.unwrap())
    }

    /// Takes away what refuses changes.
    pub async fn drops_triggers(&mut self) {
        for (table, trigger) in TRIGGERS {
            match self {
                Self::File(_) => self.does(&format!("DROP TRIGGER {trigger}")).await,
                Self::Database(_) => self.does(&format!("DROP TRIGGER IF EXISTS {trigger} ON {table}")).await,
            }
        }
    }

    /// Carries out statements.
    pub async fn does(&mut self, statements: &str) {
        if let Err(error) = self.tries(statements).await {
            panic!("{statements}: {error}");
        }
    }

    /// Gives a user a Telegram account without a code of the bot.
    pub async fn links(&mut self, user: i64, telegram: i64) {
        self.does(&format!("UPDATE usuarios SET telegram_id = {telegram} WHERE id = {user}")).await;
    }

    /// The same, as far as the database lets it.
    pub async fn tries(&mut self, statements: &str) -> sqlx::Result<()> {
        let statements = sqlx::raw_sql(AssertSqlSafe(statements.to_owned()));
        match self {
            Self::File(connection) => statements.execute(connection).await.map(drop),
            Self::Database(connection) => statements.execute(connection).await.map(drop),
        }
    }

    /// The numbers that a query gives.
    pub async fn numbers(&mut self, query: &str) -> Vec<i64> {
        let query = AssertSqlSafe(query.to_owned());
        match self {
            Self::File(connection) => sqlx::query_scalar(query).fetch_all(connection).await.unwrap(),
            Self::Database(connection) => sqlx::query_scalar(query).fetch_all(connection).await.unwrap(),
        }
    }

    /// Writes an event as a change would, with any payload.
    pub async fn writes_an_event(&mut self, event_type: &str, payload: &str) {
        let (table, at) = match self {
            Self::File(_) => ("eventos", "unixepoch() * 1000000"),
            Self::Database(_) => ("outbox", "now()"),
        };
        let id = self.uuid(uuid::Uuid::new_v4());
        self.does(&format!(
            "INSERT INTO {table} (message_id, event_type, payload, created_at) \
             VALUES ({id}, '{event_type}', '{payload}', {at})"
        ))
        .await;
    }

    /// Bytes as they stand in a statement.
    pub fn bytes(&self, bytes: &[u8]) -> String {
        match self {
            Self::File(_) => format!("x'{}'", hex::encode(bytes)),
            Self::Database(_) => format!("'\\x{}'::bytea", hex::encode(bytes)),
        }
    }

    /// The same of a UUID.
    pub fn uuid(&self, uuid: uuid::Uuid) -> String {
        match self {
            Self::File(_) => format!("x'{}'", uuid.simple()),
            Self::Database(_) => format!("'{uuid}'::uuid"),
        }
    }
}
