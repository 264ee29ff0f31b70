//! Settings from flags and the environment, GRUPO_GAD's names among them.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use chrono::TimeDelta;
use clap::Args;

/// Settings that every command takes.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Directory of the embedded record; made on first use.
    #[arg(long, global = true, env = "GAD_DATA_DIR", default_value = "data")]
    pub data_dir: PathBuf,
    /// `postgres://…` for a record that replicas share; without it the record is embedded.
    #[arg(long, global = true, env = "GAD_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// `development`, `staging` or `production`.
    #[arg(long, global = true, env = "ENVIRONMENT", default_value = "development")]
    pub environment: String,
    /// Secrets that sign tokens, comma-separated, the signing one first; each at least 32
    /// characters. Without one an embedded office makes its own.
    #[arg(long, global = true, env = "SECRET_KEY", hide_env_values = true)]
    pub secret_key: Option<String>,
    /// A file that holds the secrets instead.
    #[arg(long, global = true, env = "SECRET_KEY_FILE")]
    pub secret_key_file: Option<PathBuf>,
    /// Name of the project, in tokens and documents.
    #[arg(long, global = true, env = "PROJECT_NAME", default_value = "GRUPO_GAD")]
    pub project_name: String,
    /// Life of an access token in minutes.
    #[arg(long, global = true, env = "ACCESS_TOKEN_EXPIRE_MINUTES", default_value_t = 30,
          value_parser = clap::value_parser!(i64).range(1..=1440))]
    pub access_token_minutes: i64,
    /// Most connections to PostgreSQL.
    #[arg(long, global = true, env = "GAD_DB_POOL_SIZE", default_value_t = 30,
          value_parser = clap::value_parser!(u32).range(2..=500))]
    pub db_pool_size: u32,
}

impl Settings {
    /// The database's URL, also from the names that GRUPO_GAD used.
    pub fn database(&self) -> Option<String> {
        let given = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        self.database_url.clone().or_else(|| given("DATABASE_URL")).or_else(|| given("DB_URL"))
    }

    /// Whether this is a production office.
    pub fn is_production(&self) -> bool {
        self.environment == "production"
    }

    /// The use cases' settings.
    pub fn office(&self) -> app::Settings {
        let mut office = app::Settings {
            project_name: self.project_name.clone(),
            production: self.is_production(),
            ..app::Settings::default()
        };
        office.auth.access_ttl = TimeDelta::minutes(self.access_token_minutes);
        office
    }

    /// The secrets that sign tokens.
    pub fn secrets(&self, rng: &dyn domain::Rng) -> Result<Vec<String>> {
        let text = match (&self.secret_key, &self.secret_key_file) {
            (Some(text), _) => text.clone(),
            (None, Some(file)) => std::fs::read_to_string(file)
                .with_context(|| format!("SECRET_KEY_FILE: cannot read {}", file.display()))?,
            (None, None) if self.database().is_some() => {
                bail!("SECRET_KEY is not set: replicas on PostgreSQL must share it; give at least 32 characters")
            }
            (None, None) => self.own_secret(rng)?,
        };
        Ok(text.split([',', '\n']).map(str::trim).filter(|secret| !secret.is_empty()).map(str::to_owned).collect())
    }

    /// The secret of an embedded office, made on first use for the owner's eyes only.
    fn own_secret(&self, rng: &dyn domain::Rng) -> Result<String> {
        use std::io::Write;
        use std::os::unix::fs::OpenOptionsExt;
        let file = self.data_dir.join("secret.key");
        let mut bytes = [0; 32];
        rng.fill(&mut bytes);
        let secret = hex::encode(bytes);
        match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file) {
            Ok(mut made) => {
                made.write_all(secret.as_bytes()).and_then(|()| made.sync_all())?;
                Ok(secret)
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))
            }
            Err(error) => Err(error).with_context(|| format!("cannot make {}", file.display())),
        }
    }
}
