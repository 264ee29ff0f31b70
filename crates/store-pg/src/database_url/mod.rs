//! The URL of a PostgreSQL database, read once and in one way by every command.
//!
//! It follows libpq: what the URL leaves open is taken from the `PG*` variables, and a parameter
//! that is not honoured is refused by its name. Programs of PostgreSQL get the same target as the
//! connections of this process, see [`DatabaseUrl::program_environment`].

mod parse;
mod text;

use std::fmt;
use std::path::Path;
use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use store::{Error, Result};
use url::Url;

use crate::error::unavailable;
use crate::options::PgOptions;

pub use text::redact;

/// How the connection is protected, as libpq's `sslmode` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SslMode {
    Disable,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

impl SslMode {
    const fn word(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }

    const fn verifies(self) -> bool {
        matches!(self, Self::VerifyCa | Self::VerifyFull)
    }
}

/// Where a database is, who signs in and how.
#[derive(Clone, Default)]
pub struct DatabaseUrl {
    /// Name or address, or the directory of a Unix socket, which begins with a slash.
    host: Option<String>,
    /// Address to connect to, where it is given beside a name.
    address: Option<String>,
    port: Option<u16>,
    user: Option<String>,
    password: Option<String>,
    database: Option<String>,
    ssl_mode: Option<SslMode>,
    root_certificate: Option<String>,
    certificate: Option<String>,
    key: Option<String>,
    /// `-c name=value` for the server.
    options: Option<String>,
    application_name: Option<String>,
    connect_timeout: Option<Duration>,
}

/// Files in which distributions keep the certificate authorities that they trust.
const SYSTEM_BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The file of the system's certificate authorities, where there is one.
fn system_bundle() -> Option<String> {
    SYSTEM_BUNDLES.iter().find(|file| Path::new(file).exists()).map(|file| (*file).to_owned())
}

fn database(options: &PgConnectOptions) -> String {
    options.get_database().unwrap_or(options.get_username()).to_owned()
}

fn host(options: &PgConnectOptions) -> String {
    match options.get_socket() {
        Some(directory) => directory.display().to_string(),
        None => options.get_host().to_owned(),
    }
}

impl DatabaseUrl {
    /// The database that `url` names: `postgres://`, `postgresql://`, or `SQLAlchemy`'s
    /// `postgresql+asyncpg://` with its `ssl` for `sslmode`.
    ///
    /// # Errors
    /// `Internal` naming what is not understood or not supported; no error holds the password.
    pub fn parse(url: &str) -> Result<Self> {
        Self::parse_with(url, &|name| std::env::var(name).ok())
    }

    fn parse_with(url: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Self> {
        parse::parse(url, variable).map_err(|why| Error::Internal(format!("the database's URL: {why}").into()))
    }

    /// The same target with one more setting of the server's.
    #[must_use]
    pub fn with_option(mut self, name: &str, value: &str) -> Self {
        let escaped: String = value.chars().flat_map(escaped).collect();
        let more = format!("-c {name}={escaped}");
        self.options = Some(match self.options {
            Some(options) => format!("{options} {more}"),
            None => more,
        });
        self
    }

    /// Longest wait for a connection, if the URL says it.
    pub fn connect_timeout(&self) -> Option<Duration> {
        self.connect_timeout
    }

    /// What the server shows the connections as, if the URL says it.
    pub fn application_name(&self) -> Option<&str> {
        self.application_name.as_deref()
    }

    /// What sqlx needs to connect.
    ///
    /// # Errors
    /// `Internal` when sqlx does not take it.
    pub fn connect_options(&self) -> Result<PgConnectOptions> {
        // Everything goes through the query, where any value can be written. Parsing it, and not
        // setting each option, is what makes sqlx look into the password file.
        let mut url = Url::parse("postgresql:///").map_err(|error| Error::Internal(error.into()))?;
        {
            let mut pairs = url.query_pairs_mut();
            let port = self.port.map(|port| port.to_string());
            for (name, value) in [
                ("host", self.address.as_deref().or(self.host.as_deref())),
                ("port", port.as_deref()),
                ("user", self.user.as_deref()),
                ("password", self.password.as_deref()),
                ("dbname", self.database.as_deref()),
                ("sslmode", self.ssl_mode.map(SslMode::word)),
                ("sslrootcert", self.root_certificate.as_deref()),
                ("sslcert", self.certificate.as_deref()),
                ("sslkey", self.key.as_deref()),
                ("options", self.options.as_deref()),
                ("application_name", self.application_name.as_deref()),
            ] {
                if let Some(value) = value {
                    pairs.append_pair(name, value);
                }
            }
        }
        url.as_str().parse().map_err(|error: sqlx::Error| Error::Internal(error.into()))
    }

    /// A connection of its own, made within the time that the URL says, or else within the usual one.
    ///
    /// # Errors
    /// `Unavailable` when the database cannot be reached, and as [`Self::connect_options`].
    pub async fn connect(&self) -> Result<PgConnection> {
        let limit = self.connect_timeout.unwrap_or(PgOptions::default().connect);
        let connecting = self.connect_options()?;
        resilience::deadline("postgresql", limit, connecting.connect()).await.map_err(unavailable)?.map_err(unavailable)
    }

    /// Name of the database.
    ///
    /// # Errors
    /// As [`Self::connect_options`].
    pub fn database(&self) -> Result<String> {
        Ok(database(&self.connect_options()?))
    }

    /// The server's name, address or socket directory.
    ///
    /// # Errors
    /// As [`Self::connect_options`].
    pub fn host(&self) -> Result<String> {
        Ok(host(&self.connect_options()?))
    }

    /// Whether both name the same database, as far as their text shows.
    pub fn is_same_database(&self, other: &Self) -> bool {
        let place = |target: &Self| {
            let options = target.connect_options().ok()?;
            Some((host(&options), options.get_port(), database(&options)))
        };
        place(self).is_some_and(|own| place(other) == Some(own))
    }

    /// The environment by which a program of PostgreSQL (`pg_dump`, `psql`) works on the same
    /// target. The password is in it, where other users of the machine do not see it. Every other
    /// `PG*` variable must be taken away from the program.
    ///
    /// # Errors
    /// As [`Self::connect_options`].
    pub fn program_environment(&self) -> Result<Vec<(&'static str, String)>> {
        /// Seconds; a program that is started has no deadline of ours.
        const TIMEOUT: u64 = 10;
        let options = self.connect_options()?;
        let timeout = self.connect_timeout.map_or(TIMEOUT, |limit| limit.as_secs());
        let mode = self.ssl_mode.unwrap_or(SslMode::Prefer);
        let mut environment = vec![
            ("PGHOST", host(&options)),
            ("PGPORT", options.get_port().to_string()),
            ("PGUSER", options.get_username().to_owned()),
            ("PGDATABASE", database(&options)),
            ("PGSSLMODE", mode.word().to_owned()),
            ("PGCONNECT_TIMEOUT", timeout.to_string()),
            // The connections of this process know no GSSAPI either.
            ("PGGSSENCMODE", "disable".to_owned()),
        ];
        let root = self.root_certificate.clone().or_else(|| mode.verifies().then(system_bundle).flatten());
        for (name, value) in [
            ("PGPASSWORD", self.password.clone()),
            ("PGSSLROOTCERT", root),
            ("PGSSLCERT", self.certificate.clone()),
            ("PGSSLKEY", self.key.clone()),
            ("PGOPTIONS", options.get_options().map(str::to_owned)),
            // Where the password is looked up otherwise, by the programs as by sqlx.
            ("PGPASSFILE", std::env::var("PGPASSFILE").ok()),
        ] {
            environment.extend(value.map(|value| (name, value)));
        }
        Ok(environment)
    }
}

/// A character of a value within `options`, where blanks end it.
fn escaped(character: char) -> impl Iterator<Item = char> {
    let before = (character.is_whitespace() || character == '\\').then_some('\\');
    before.into_iter().chain(std::iter::once(character))
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DatabaseUrl")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
