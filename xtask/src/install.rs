//! What the tests and a scaled-out office need from Debian.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell::{is_root, output};

/// Where Debian's PostgreSQL with PostGIS lies, installed if it is not there and `may_install`.
pub fn postgres(may_install: bool) -> Result<PathBuf> {
    if let Some(bin) = find() {
        return Ok(bin);
    }
    if !may_install {
        bail!("PostgreSQL with PostGIS is missing; install it with: apt-get install postgresql postgresql-postgis");
    }
    apt(&["update", "-q"])?;
    apt(&["install", "-y", "-q", "--no-install-recommends", "postgresql", "postgresql-contrib"])?;
    // The package of PostGIS carries the version of the server.
    let version = versions().into_iter().max().context("PostgreSQL was installed and is not found")?;
    apt(&["install", "-y", "-q", "--no-install-recommends", &format!("postgresql-{version}-postgis-3")])?;
    find().context("PostgreSQL and PostGIS were installed and are not found")
}

/// Programs that stand between and before replicas, each by the name of its package.
const BESIDE_REPLICAS: [&str; 2] = ["redis-server", "haproxy"];

/// Sees to it that Redis and HAProxy are there, installed if they are not and `may_install`.
pub fn beside_replicas(may_install: bool) -> Result<()> {
    let missing: Vec<&str> = BESIDE_REPLICAS.into_iter().filter(|name| program(name).is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !may_install {
        bail!("missing: {0}; install with: apt-get install {0}", missing.join(" "));
    }
    apt(&["update", "-q"])?;
    apt(&[&["install", "-y", "-q", "--no-install-recommends"], &missing[..]].concat())?;
    match missing.into_iter().find(|name| program(name).is_none()) {
        Some(name) => bail!("{name} was installed and is not found"),
        None => Ok(()),
    }
}

/// Where a program lies. HAProxy lies among those of the administrator, who are not in every path.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let sbin = ["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from);
    std::env::split_paths(&path).chain(sbin).map(|dir| dir.join(name)).find(|file| file.is_file())
}

fn apt(arguments: &[&str]) -> Result<()> {
    let mut command = if is_root()? { Command::new("apt-get") } else { Command::new("sudo") };
    if !is_root()? {
        command.args(["-n", "apt-get"]);
    }
    output(command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))?;
    Ok(())
}

fn versions() -> Vec<u32> {
    let Ok(entries) = std::fs::read_dir("/usr/lib/postgresql") else { return Vec::new() };
    entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

fn find() -> Option<PathBuf> {
    let mut versions = versions();
    versions.sort_unstable();
    versions.into_iter().rev().find_map(|version| {
        let bin = Path::new("/usr/lib/postgresql").join(version.to_string()).join("bin");
        let postgis = format!("/usr/share/postgresql/{version}/extension/postgis.control");
        (bin.join("postgres").exists() && Path::new(&postgis).exists()).then_some(bin)
    })
}
