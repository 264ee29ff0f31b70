//! What npm checks of the dashboard, and the stories that a browser plays.

use std::process::Command;

use anyhow::{Context, Result};

use crate::install;
use crate::progress::Counted;
use crate::shell::tested_gad;
use crate::web::npm;

/// Format, lints and types of `web/`.
pub fn checks(may_install: bool) -> Result<Counted> {
    let npm = npm(may_install)?;
    let mut counted = Counted { passed: 0, failed: 0, output: String::new() };
    for script in ["lint", "check"] {
        let (ok, said) = run(&mut npm.run(script, &[]))?;
        counted.passed += u64::from(ok);
        counted.failed += u64::from(!ok);
        counted.output += &said;
    }
    Ok(counted)
}

/// Unit and property tests, of the built pages too.
pub fn units(may_install: bool) -> Result<Counted> {
    let npm = npm(may_install)?;
    npm.build()?;
    let (ok, output) = run(&mut npm.run("test", &["--reporter=json"]))?;
    let number = |name: &str| number_after(&output, &format!("\"{name}\":"));
    let failed = number("numFailedTests").max(u64::from(!ok));
    Ok(Counted { passed: number("numPassedTests"), failed, output })
}

/// What people do, in Debian's Chromium, before `gad` on SQLite or on the empty database at
/// `postgres`. How screens look, and what an update costs them, does not hang on the database, and is
/// told on SQLite only.
pub fn stories(may_install: bool, postgres: Option<&str>) -> Result<Counted> {
    let npm = npm(may_install)?;
    npm.build()?;
    let chromium = install::chromium(may_install)?;
    let which: &[&str] = if postgres.is_some() { &["--without", "each screen", "five hundred officers"] } else { &[] };
    let mut stories = npm.run("browser", which);
    stories.env("GAD_BIN", tested_gad()?).env("CHROMIUM", chromium);
    if let Some(url) = postgres {
        stories.env("GAD_BROWSER_DATABASE_URL", url);
    }
    let (ok, output) = run(&mut stories)?;
    let count = |mark: &str| output.lines().filter(|line| line.starts_with(mark)).count();
    let failed = u64::try_from(count("✗"))?.max(u64::from(!ok));
    Ok(Counted { passed: count("✓").try_into()?, failed, output })
}

fn run(command: &mut Command) -> Result<(bool, String)> {
    let output = command.output().with_context(|| format!("cannot run {command:?}"))?;
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Ok((output.status.success(), text))
}

fn number_after(text: &str, name: &str) -> u64 {
    let after = text.split_once(name).map(|(_, after)| after).unwrap_or_default();
    after.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::number_after;

    #[test]
    fn the_account_of_vitest_is_read() {
        let said = r#"{"numTotalTests":25,"numPassedTests":24,"numFailedTests":1,"#;
        assert_eq!(number_after(said, "\"numPassedTests\":"), 24);
        assert_eq!(number_after("nothing", "\"numPassedTests\":"), 0);
    }
}
