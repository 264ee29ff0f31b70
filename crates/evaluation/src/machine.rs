//! By what the figures were made.

use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use tokio::process::Command;

/// The machine and the program.
#[derive(Debug, Clone, Serialize)]
pub struct Machine {
    /// Processors.
    #[serde(rename = "procesadores")]
    pub cores: usize,
    /// What they are called.
    #[serde(rename = "procesador")]
    pub processor: String,
    /// Memory in MiB.
    #[serde(rename = "memoria_mib")]
    pub memory_mib: u64,
    /// Version of Linux.
    #[serde(rename = "nucleo")]
    pub kernel: String,
    /// Load average before, as the system tells it.
    #[serde(rename = "carga_previa")]
    pub load_before: String,
    /// What the program says it is.
    #[serde(rename = "programa")]
    pub gad: String,
    /// Whether it was built without optimisation: then no figure is one to quote.
    #[serde(rename = "sin_optimizar")]
    pub unoptimised: bool,
    /// When it began.
    #[serde(rename = "comienzo")]
    pub began: String,
}

impl Machine {
    /// Looks.
    ///
    /// # Errors
    /// When the binary does not say what it is.
    pub async fn look(binary: &Path) -> Result<Self> {
        let read = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
        let field = |file: &str, name: &str| {
            let text = read(file);
            let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            line.trim_matches(|letter: char| letter.is_whitespace() || letter == ':').to_owned()
        };
        let version = Command::new(binary).arg("--version").output().await;
        let version = version.with_context(|| format!("cannot start {}", binary.display()))?.stdout;
        let kib = field("/proc/meminfo", "MemTotal").trim_end_matches(" kB").parse::<u64>().unwrap_or_default();
        Ok(Self {
            cores: std::thread::available_parallelism()?.get(),
            processor: field("/proc/cpuinfo", "model name"),
            memory_mib: kib / 1024,
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            load_before: read("/proc/loadavg").trim().to_owned(),
            gad: String::from_utf8_lossy(&version).trim().to_owned(),
            unoptimised: cfg!(debug_assertions),
            began: DateTime::<Utc>::from(std::time::SystemTime::now()).to_rfc3339_opts(SecondsFormat::Secs, true),
        })
    }
}
