//! What kind of office this is, and what signs its tokens.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result, bail};
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::zone::OfficeZone;

/// What kind of office this is.
#[derive(Clone, Args)]
#[command(next_help_heading = "Office")]
pub struct Office {
    /// Cookies need TLS outside of development; production logs as JSON.
    #[arg(long, global = true, env = "ENVIRONMENT", default_value = "development",
          ignore_case = true, value_parser = environment())]
    pub environment: String,
    /// Name of the project, in tokens and documents.
    #[arg(long, global = true, env = "PROJECT_NAME", default_value = "GRUPO_GAD", value_name = "NAME",
          value_parser = project_name)]
    pub project_name: String,
    /// Time zone of the office by its IANA name, like `America/Argentina/Buenos_Aires`: the days and
    /// hours of reports, codes, messages and screens are those of its clocks. A path of the zone database
    /// (`:/etc/localtime`) and a zone of POSIX (`ART3`) are followed too.
    #[arg(long, global = true, env = "TZ", default_value = "UTC", value_name = "ZONE",
          value_parser = OfficeZone::read)]
    pub time_zone: OfficeZone,
    /// Secrets that sign tokens, comma-separated, the signing one first; each at least 32
    /// characters. Without one an embedded office makes its own.
    #[arg(long, global = true, env = "SECRET_KEY", hide_env_values = true, value_name = "SECRETS")]
    pub secret_key: Option<String>,
    /// Keys that sign checkpoints of the audit, comma-separated, the signing one first and then those
    /// that handed over to it, as `gad audit key new` makes them. Without one an embedded office
    /// makes its own; replicas sign nothing.
    #[arg(long, global = true, env = "GAD_AUDIT_KEY", hide_env_values = true, value_name = "KEYS")]
    pub audit_key: Option<String>,
    /// Life of an access token in minutes.
    #[arg(long, global = true, env = "ACCESS_TOKEN_EXPIRE_MINUTES", default_value_t = 30, value_name = "N",
          value_parser = clap::value_parser!(i64).range(1..=1440))]
    pub access_token_minutes: i64,
}

fn project_name(text: &str) -> Result<String, String> {
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err("must be a name without control characters".to_owned());
    }
    Ok(text.to_owned())
}

/// Environments by their usual names, in any case.
fn environment() -> impl TypedValueParser<Value = String> {
    let values = [
        PossibleValue::new("development").aliases(["dev", "local"]),
        PossibleValue::new("staging").alias("stage"),
        PossibleValue::new("production").alias("prod"),
    ];
    PossibleValuesParser::new(values).map(|word| {
        let word = word.to_ascii_lowercase();
        let environment = match word.as_str() {
            "production" | "prod" => "production",
            "staging" | "stage" => "staging",
            _ => "development",
        };
        environment.to_owned()
    })
}

/// Name of the file in the data directory that holds the secret of an embedded office.
pub const OWN_SECRET: &str = "secret.key";

impl Office {
    /// The secrets that sign tokens. An embedded office in `own` makes one on first use, for the
    /// owner's eyes only.
    ///
    /// # Errors
    /// When replicas would have none, or the file can be neither read nor made.
    pub fn secrets(&self, own: Option<&Path>, rng: &dyn domain::Rng) -> Result<Vec<String>> {
        let text = match (&self.secret_key, own) {
            (Some(text), _) => text.clone(),
            (None, Some(dir)) => own_secret(&dir.join(OWN_SECRET), rng)?,
            (None, None) => {
                bail!("SECRET_KEY is not set: replicas on PostgreSQL must share it; give at least 32 characters")
            }
        };
        Ok(text.split([',', '\n']).map(str::trim).filter(|secret| !secret.is_empty()).map(str::to_owned).collect())
    }
}

/// The secret in a file of an embedded office, which is made on first use.
pub fn own_secret(file: &Path, rng: &dyn domain::Rng) -> Result<String> {
    match std::fs::read_to_string(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        outcome => {
            let outcome = outcome.map_err(|error| store_sqlite::file_error(file, error));
            return outcome.with_context(|| format!("cannot read {}", file.display()));
        }
    }
    let mut bytes = [0; 32];
    rng.fill(&mut bytes);
    let secret = hex::encode(bytes);
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Ok(mut made) => {
            let kept = made.write_all(secret.as_bytes()).and_then(|()| made.sync_all());
            let kept = kept.and_then(|()| store_sqlite::adopt_owner(file));
            if let Err(error) = kept {
                // Neither half a secret nor one that the office cannot read.
                let _ = std::fs::remove_file(file);
                return Err(error).with_context(|| format!("cannot make {}", file.display()));
            }
            Ok(secret)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
        }
        Err(error) => Err(error).with_context(|| format!("cannot make {}", file.display())),
    }
}
