//! Who gets a connection, and for how long it is waited for.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, bail};
use api::{Pace, ServeLimits};
use clap::Args;

/// Connections.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Connections")]
pub struct Wire {
    /// Certificate chain in PEM, for TLS in this process; read anew on SIGHUP.
    #[arg(long, env = "GAD_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// Private key of the certificate, in PEM; read anew on SIGHUP.
    #[arg(long, env = "GAD_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Most connections of this process, open sockets included.
    #[arg(long, env = "GAD_MAX_CONNECTIONS", default_value_t = 12_000, value_name = "N",
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub max_connections: u32,
    /// Most connections from one address (of IPv6: one /64); not held against this machine and
    /// `trusted_proxies`.
    #[arg(long, env = "GAD_MAX_CONNECTIONS_PER_ADDRESS", default_value_t = 1000, value_name = "N",
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub max_connections_per_address: u32,
    /// Seconds in which the head of a request, or a TLS handshake, must be there.
    #[arg(long, env = "GAD_HEADER_TIMEOUT", default_value_t = 10, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(1..=300))]
    pub header_timeout: u64,
    /// Seconds that a connection may be silent between two requests; more than a proxy before us
    /// keeps its own.
    #[arg(long, env = "GAD_KEEP_ALIVE", default_value_t = 75, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub keep_alive: u64,
    /// Seconds that the body of a request, or the taking of an answer, may stand still.
    #[arg(long, env = "GAD_STALL_TIMEOUT", default_value_t = 20, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(1..=300))]
    pub stall_timeout: u64,
    /// Bytes a second at which bodies must come and answers be taken in the long run.
    #[arg(long, env = "GAD_SLOWEST_CLIENT", default_value_t = 512, value_name = "BYTES",
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub slowest_client: u32,
}

impl Wire {
    /// The limits of connections.
    pub fn limits(&self) -> ServeLimits {
        ServeLimits {
            connections: self.max_connections as usize,
            per_address: self.max_connections_per_address as usize,
            head: Duration::from_secs(self.header_timeout),
            keep_alive: Duration::from_secs(self.keep_alive),
            pace: Pace { patience: Duration::from_secs(self.stall_timeout), bytes_per_second: self.slowest_client },
        }
    }

    /// Certificate and key, where this process speaks TLS.
    ///
    /// # Errors
    /// When only one of the two is given.
    pub fn certificate(&self) -> Result<Option<(PathBuf, PathBuf)>> {
        match (&self.tls_cert, &self.tls_key) {
            (Some(certificate), Some(key)) => Ok(Some((certificate.clone(), key.clone()))),
            (None, None) => Ok(None),
            (Some(_), None) => bail!("tls_cert is set and tls_key is not: TLS needs both"),
            (None, Some(_)) => bail!("tls_key is set and tls_cert is not: TLS needs both"),
        }
    }
}
