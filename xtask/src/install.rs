//! What the tests and a scaled-out office need from Debian.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell::{is_root, output, target};

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

/// Sees to it that Redis, HAProxy and nginx are there, installed if they are not and `may_install`.
pub fn beside_replicas(may_install: bool) -> Result<()> {
    programs(&[("redis-server", "redis-server"), ("haproxy", "haproxy"), ("nginx", "nginx-light")], may_install)
}

/// Where wrk lies, a generator of load beside ours, installed if it is not there and `may_install`.
pub fn wrk(may_install: bool) -> Result<PathBuf> {
    programs(&[("wrk", "wrk")], may_install)?;
    program("wrk").context("wrk is gone again")
}

/// Sees to it that programs are there, each with the package that has it, installed if they are not
/// and `may_install`.
fn programs(wanted: &[(&str, &str)], may_install: bool) -> Result<()> {
    let missing: Vec<&str> =
        wanted.iter().filter(|(name, _)| program(name).is_none()).map(|(_, package)| *package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !may_install {
        bail!("missing: {0}; install with: apt-get install {0}", missing.join(" "));
    }
    apt(&["update", "-q"])?;
    apt(&[&["install", "-y", "-q", "--no-install-recommends"], &missing[..]].concat())?;
    match wanted.iter().find(|(name, _)| program(name).is_none()) {
        Some((name, _)) => bail!("{name} was installed and is not found"),
        None => Ok(()),
    }
}

/// Where the programs lie that check what `deploy/` tells Prometheus and Alertmanager.
pub struct Monitoring {
    /// Checks and tries rules.
    pub promtool: PathBuf,
    /// Checks routes.
    pub amtool: PathBuf,
}

/// Oldest Node that builds the dashboard.
const NODE: u32 = 20;

/// Sees to it that Node and npm are there, installed if they are not and `may_install`.
pub fn node(may_install: bool) -> Result<()> {
    programs(&[("node", "nodejs"), ("npm", "npm")], may_install)?;
    let said = output(Command::new("node").arg("--version"))?.stdout;
    let version = String::from_utf8_lossy(&said).trim().to_owned();
    match version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok()) {
        Some(major) if major >= NODE => Ok(()),
        _ => bail!("the dashboard needs Node {NODE} or newer, and this is {version}"),
    }
}

/// Where Java lies, installed if it is not there and `may_install`.
pub fn java(may_install: bool) -> Result<PathBuf> {
    programs(&[("java", "default-jre-headless")], may_install)?;
    program("java").context("java was installed and is not found")
}

/// Where Chromium lies, installed if it is not there and `may_install`.
pub fn chromium(may_install: bool) -> Result<PathBuf> {
    programs(&[("chromium", "chromium")], may_install)?;
    program("chromium").context("chromium is gone again")
}

/// Programs that check, each with the package that has it.
const MONITORING: [(&str, &str); 2] = [("promtool", "prometheus"), ("amtool", "prometheus-alertmanager")];

/// promtool and amtool, fetched if they are not there and `may_install`. They come in the packages
/// of services: installing those would start them, so they are only unpacked, below `target/`.
pub fn monitoring(may_install: bool) -> Result<Monitoring> {
    let folder = target().join("monitoring");
    let lies = |name: &str| {
        let fetched = folder.join("usr/bin").join(name);
        program(name).or_else(|| fetched.is_file().then_some(fetched))
    };
    let missing: Vec<&str> =
        MONITORING.iter().filter(|(name, _)| lies(name).is_none()).map(|(_, package)| *package).collect();
    if !missing.is_empty() {
        if !may_install {
            bail!("promtool or amtool is missing; install with: apt-get install {}", missing.join(" "));
        }
        unpack(&missing, &folder)?;
    }
    let found = |name: &str| lies(name).with_context(|| format!("{name} was fetched and is not found"));
    Ok(Monitoring { promtool: found("promtool")?, amtool: found("amtool")? })
}

/// Packages in a folder of their own, without what they do when they are installed.
fn unpack(packages: &[&str], folder: &Path) -> Result<()> {
    let download = tempfile::tempdir()?;
    let fetch = || output(Command::new("apt-get").args(["download", "-q"]).args(packages).current_dir(download.path()));
    // A machine that has just been made knows no packages yet.
    if fetch().is_err() {
        apt(&["update", "-q"])?;
        fetch()?;
    }
    for file in std::fs::read_dir(download.path())? {
        output(Command::new("dpkg-deb").arg("-x").arg(file?.path()).arg(folder))?;
    }
    Ok(())
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
