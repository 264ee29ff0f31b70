//! `cargo xtask acceptance`: checks that take too long for each change, one after another.

mod bed;
mod clients;
mod dispatch_model;
mod dispatch_soak;
mod full_size;
mod redis_keys;
mod report;
mod suite;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;

use self::bed::TestBed;
use self::report::{AcceptanceReport, CheckOutcome};

/// Which checks to run.
#[derive(Args)]
pub struct Options {
    /// Only the check of this name; all in their order without one.
    name: Option<String>,
    /// Print names, expected times and what is checked; run nothing.
    #[arg(long, conflicts_with = "name")]
    list: bool,
    /// Do not install what is missing; only say what it is.
    #[arg(long)]
    no_install: bool,
}

/// A check that takes minutes or more.
struct AcceptanceCheck {
    /// Name on the command line and of its report, in lower case with hyphens.
    name: &'static str,
    /// Minutes it takes on a machine of two cores, builds aside.
    minutes: u32,
    /// What holds when it passes, in one line.
    what: &'static str,
    run: fn(&AcceptanceCheck, &mut TestBed) -> Result<CheckOutcome>,
}

/// All checks in the order in which they run.
fn all() -> impl Iterator<Item = &'static AcceptanceCheck> {
    [&clients::CHECK, &dispatch_model::CHECK, &dispatch_soak::CHECK, &redis_keys::CHECK]
        .into_iter()
        .chain(&full_size::CHECKS)
}

impl AcceptanceCheck {
    /// Longest time it may take before it is ended and has failed.
    fn limit(&self) -> Duration {
        Duration::from_mins(u64::from(self.minutes) * 3)
    }
}

/// Runs the checks, writes a report for each, and fails when one fails.
pub fn acceptance(options: &Options) -> Result<()> {
    let checks = chosen(options.name.as_deref())?;
    if options.list {
        for check in checks {
            println!("{:<24} {:>4} min  {}", check.name, check.minutes, check.what);
        }
        return Ok(());
    }
    let mut bed = TestBed::new(!options.no_install);
    let mut failed = Vec::new();
    for check in checks {
        let report = run(check, &mut bed)?;
        println!("{}", report.closing_line());
        if !report.passed {
            failed.push(check.name);
        }
    }
    if failed.is_empty() { Ok(()) } else { bail!("failed: {}", failed.join(", ")) }
}

/// The check of a name, or all of them.
fn chosen(name: Option<&str>) -> Result<Vec<&'static AcceptanceCheck>> {
    let Some(name) = name else { return Ok(all().collect()) };
    let Some(check) = all().find(|check| check.name == name) else {
        let names: Vec<&str> = all().map(|check| check.name).collect();
        bail!("there is no acceptance check '{name}'; there are: {}", names.join(", "));
    };
    Ok(vec![check])
}

/// Runs one check and writes its report. A check that could not run has failed.
fn run(check: &AcceptanceCheck, bed: &mut TestBed) -> Result<AcceptanceReport> {
    eprintln!("… {} (about {} min): {}", check.name, check.minutes, check.what);
    let mut report = AcceptanceReport::begin(check.name)?;
    let start = Instant::now();
    let outcome = (check.run)(check, bed).unwrap_or_else(|error| CheckOutcome::failed(format!("{error:#}")));
    if !outcome.passed {
        eprintln!("{}", outcome.detail);
    }
    report.end(outcome, start.elapsed());
    report.write()?;
    Ok(report)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_check_has_a_name_of_its_own_a_time_and_a_purpose() {
        let names: BTreeSet<&str> = all().map(|check| check.name).collect();
        assert_eq!(names.len(), all().count(), "names are unique");
        for check in all() {
            let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            assert!(!check.name.is_empty() && check.name.bytes().all(is_plain), "{}", check.name);
            assert!(check.minutes > 0 && check.limit() > Duration::ZERO, "{}: no expected time", check.name);
            assert!(!check.what.is_empty() && !check.what.contains('\n'), "{}: one line", check.name);
        }
    }

    #[test]
    fn a_check_is_chosen_by_its_name_and_an_unknown_name_is_answered_with_all_names() {
        assert_eq!(chosen(None).unwrap().len(), all().count());
        assert_eq!(chosen(Some("dispatch-soak")).unwrap()[0].name, "dispatch-soak");
        let error = chosen(Some("dispatch")).err().unwrap().to_string();
        let beginning = "there is no acceptance check 'dispatch'; there are: clients, dispatch-model, dispatch-soak, ";
        assert!(error.starts_with(beginning), "{error}");
    }
}
