//! Where the record is.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use store_pg::DatabaseUrl;

/// Where the record is.
#[derive(Clone, Args)]
#[command(next_help_heading = "Record")]
pub struct Record {
    /// Directory of the embedded record; made on first use.
    #[arg(long, global = true, env = "GAD_DATA_DIR", default_value = "data", value_name = "DIR")]
    pub data_dir: PathBuf,
    /// `postgres://…` for a record that replicas share; without it the record is embedded.
    #[arg(long, global = true, env = "GAD_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// Most connections to PostgreSQL; one of each eight is kept for emergencies.
    #[arg(long, global = true, env = "GAD_DB_POOL_SIZE", default_value_t = 30, value_name = "N",
          value_parser = clap::value_parser!(u32).range(2..=500))]
    pub db_pool_size: u32,
    /// Most look-ups that PostgreSQL is asked at once, beside as many changes, and twice as many unless a
    /// line of look-ups stands; questions about places and emergencies do not wait for either. Without it
    /// two a core for a database on this machine, as they share the cores, and `db_pool_size` for any other.
    #[arg(long, global = true, env = "GAD_DB_LOOKUPS", value_name = "N",
          value_parser = clap::value_parser!(u32).range(1..=500))]
    pub db_lookups: Option<u32>,
    /// Milliseconds from which a query is said in the log, without its values; 0 for each.
    #[arg(long, global = true, env = "GAD_SLOW_QUERY_MS", default_value_t = 200, value_name = "MS",
          value_parser = clap::value_parser!(u64).range(0..=60_000))]
    pub slow_query_ms: u64,
}

impl Record {
    /// Whether there may be a record to look at: PostgreSQL is named, or an embedded record has been made.
    pub fn exists(&self) -> bool {
        self.database_url.is_some() || self.data_dir.join(store_sqlite::DATABASE_FILE).exists()
    }

    /// The PostgreSQL database, as every command reads its URL; none where the record is embedded.
    ///
    /// # Errors
    /// What is wrong in the URL, without its password.
    pub fn target(&self) -> anyhow::Result<Option<DatabaseUrl>> {
        let Some(url) = &self.database_url else { return Ok(None) };
        let parsed = DatabaseUrl::parse(url).with_context(|| format!("database_url ({})", store_pg::redact(url)))?;
        Ok(Some(parsed))
    }
}
