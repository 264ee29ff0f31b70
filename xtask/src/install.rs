//! What the tests need from Debian.

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
