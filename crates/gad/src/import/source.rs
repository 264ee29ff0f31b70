//! The old database, read in one snapshot and never changed.

use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};
use resilience::deadline;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection, Row as _};
use store::Error;

use super::row::Row;
use super::shape::{Catalogue, Found};

/// Longest wait for the connection.
const CONNECT: Duration = Duration::from_secs(10);
/// Longest run of one statement, as the server counts it, and a little more as we do.
const STATEMENT: Duration = Duration::from_secs(60);
const GRACE: Duration = Duration::from_secs(5);
/// Rows of one batch.
const BATCH: i64 = 500;

/// A connection in a transaction that sees one state of the database and cannot change it.
pub struct Source {
    conn: PgConnection,
    shown: String,
}

/// A table that is read in batches, in the order of its numbers.
pub struct Walk {
    select: String,
    after: i64,
}

impl Source {
    /// Connects and takes the snapshot.
    ///
    /// # Errors
    /// Names the URL without its password.
    pub async fn open(url: &str) -> Result<Self> {
        let shown = store_pg::redact(url);
        let url = store_pg::DatabaseUrl::parse(url).with_context(|| format!("--from {shown}"))?;
        let options = url.connect_options()?.application_name(url.application_name().unwrap_or("gad import"));
        let limit = url.connect_timeout().unwrap_or(CONNECT);
        let unreachable = |source: Box<dyn std::error::Error + Send + Sync>| {
            anyhow::Error::new(Error::Unavailable { retry_after: Duration::from_secs(5), source }).context(format!(
                "cannot reach the old database {shown}: is it running, and are host, port, user and password right?"
            ))
        };
        let conn = match deadline("postgresql", limit, options.connect()).await {
            Ok(Ok(conn)) => conn,
            Ok(Err(error)) => return Err(unreachable(error.into())),
            Err(elapsed) => return Err(unreachable(elapsed.into())),
        };
        let mut source = Self { conn, shown };
        let limit = STATEMENT.as_millis();
        source.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        // Writing what was read may take longer than the old server lets a transaction idle.
        source
            .run(&format!(
                "SET LOCAL statement_timeout = {limit}; SET LOCAL lock_timeout = 10000; \
                 SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL TimeZone = 'UTC'"
            ))
            .await?;
        Ok(source)
    }

    /// The URL without its password.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    async fn run(&mut self, words: &str) -> Result<()> {
        let words = sqlx::raw_sql(AssertSqlSafe(words.to_owned()));
        let outcome = deadline("postgresql", STATEMENT + GRACE, words.execute(&mut self.conn)).await;
        outcome?.with_context(|| format!("the old database {} refused to be read", self.shown))?;
        Ok(())
    }

    /// All rows of a question, which is of our own making.
    async fn all(&mut self, sql: String, bind: impl FnOnce(Query<'static>) -> Query<'static>) -> Result<Vec<PgRow>> {
        let query = bind(sqlx::query(AssertSqlSafe(sql)));
        let outcome = deadline("postgresql", STATEMENT + GRACE, query.fetch_all(&mut self.conn)).await;
        outcome?.with_context(|| format!("cannot read from {}", self.shown))
    }

    /// What tables and columns there are, and which shape that is.
    pub async fn shape(&mut self) -> Result<Found> {
        // Not information_schema, which hides what the user may not read: then the error is that.
        const SQL: &str = "SELECT n.nspname::text, c.relname::text, a.attname::text FROM pg_attribute a \
            JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
            WHERE n.nspname IN ('public', 'gad') AND c.relkind IN ('r', 'p', 'v', 'm', 'f') \
            AND a.attnum > 0 AND NOT a.attisdropped";
        let mut catalogue = Catalogue::default();
        for row in self.all(SQL.to_owned(), |query| query).await? {
            catalogue.add(row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        }
        Found::tell(catalogue).with_context(|| self.shown.clone())
    }

    /// How many rows a table has.
    pub async fn count(&mut self, schema: &str, table: &str) -> Result<u64> {
        let rows = self.all(format!("SELECT count(*) FROM {schema}.{table}"), |query| query).await?;
        let count: i64 = rows.first().ok_or_else(|| anyhow!("no count of {table}"))?.try_get(0)?;
        Ok(count.unsigned_abs())
    }

    /// The highest number in a table; 0 when it is empty.
    pub async fn highest(&mut self, schema: &str, table: &str) -> Result<i64> {
        let rows = self.all(format!("SELECT coalesce(max(id), 0)::int8 FROM {schema}.{table}"), |query| query).await?;
        Ok(rows.first().ok_or_else(|| anyhow!("no maximum of {table}"))?.try_get(0)?)
    }

    /// The next rows of a walk; none at its end.
    pub async fn next(&mut self, walk: &mut Walk) -> Result<Vec<Row>> {
        let after = walk.after;
        let mut rows = Vec::new();
        for row in self.all(walk.select.clone(), |query| query.bind(after).bind(BATCH)).await? {
            rows.push(Row::parse(row.try_get(0)?, row.try_get(1)?)?);
        }
        if let Some(last) = rows.last() {
            walk.after = last.id;
        }
        Ok(rows)
    }

    /// User and DNI of the officers that these users are, lowest officer first.
    pub async fn dnis(&mut self, schema: &str, users: &[i64]) -> Result<Vec<(i64, String)>> {
        let sql = format!(
            "SELECT usuario_id::int8, dni::text FROM {schema}.efectivos \
             WHERE usuario_id = ANY($1) AND dni IS NOT NULL ORDER BY id"
        );
        let rows = self.all(sql, |query| query.bind(users.to_vec())).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// Task and officer of each row of a table of links that speaks of these tasks, in order.
    pub async fn links(&mut self, schema: &str, table: &str, tasks: &[i64]) -> Result<Vec<(i64, i64)>> {
        let sql = format!(
            "SELECT tarea_id::int8, efectivo_id::int8 FROM {schema}.{table} WHERE tarea_id = ANY($1) ORDER BY 1, 2"
        );
        pairs(&self.all(sql, |query| query.bind(tasks.to_vec())).await?)
    }

    /// The links whose task does not exist, after one of them, in order.
    pub async fn loose_links(&mut self, schema: &str, table: &str, after: (i64, i64)) -> Result<Vec<(i64, i64)>> {
        let sql = format!(
            "SELECT tarea_id::int8, efectivo_id::int8 FROM {schema}.{table} l \
             WHERE (tarea_id, efectivo_id) > ($1, $2) AND NOT EXISTS (SELECT FROM {schema}.tareas WHERE id = tarea_id) \
             ORDER BY 1, 2 LIMIT $3"
        );
        pairs(&self.all(sql, |query| query.bind(after.0).bind(after.1).bind(BATCH)).await?)
    }
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments>;

fn pairs(rows: &[PgRow]) -> Result<Vec<(i64, i64)>> {
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

impl Walk {
    /// All columns of a table, and `more`, which begins with a comma, beside them.
    pub fn of(schema: &str, table: &str, more: &str) -> Self {
        let select = format!(
            "SELECT t.id::int8, row_to_json(t)::text FROM \
             (SELECT t.*{more} FROM {schema}.{table} t WHERE t.id > $1 ORDER BY t.id LIMIT $2) t ORDER BY t.id"
        );
        Self { select, after: i64::MIN }
    }
}
