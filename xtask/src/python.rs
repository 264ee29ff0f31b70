//! Programs in Python, in environments of their own.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell::{output, target};

/// Packages in an environment of its own, below `target/`.
pub struct Environment {
    /// Name of the folder.
    pub name: &'static str,
    /// Packages with their releases, like `schemathesis==4.32.5`.
    pub packages: &'static [&'static str],
}

impl Environment {
    /// Where its programs lie, installed if they are not there as wanted and `may_install`.
    ///
    /// # Errors
    /// Something is missing and may not, or cannot, be installed.
    pub fn programs(&self, may_install: bool) -> Result<PathBuf> {
        let venv = target().join(self.name);
        let programs = venv.join("bin");
        let wanted = self.packages.join("\n");
        let noted = venv.join("gad-packages");
        if std::fs::read_to_string(&noted).is_ok_and(|installed| installed == wanted) {
            return Ok(programs);
        }
        let list = self.packages.join(" ");
        if !may_install {
            let venv = venv.display();
            bail!("missing: {list}; install with: python3 -m venv {venv} && {venv}/bin/pip install {list}");
        }
        output(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv))
            .context("Python 3.10 or newer with venv is needed (Debian: apt-get install python3-venv)")?;
        output(Command::new(programs.join("pip")).args(["install", "--quiet"]).args(self.packages))
            .with_context(|| format!("cannot install {list} by pip; is a package index within reach?"))?;
        std::fs::write(&noted, wanted)?;
        Ok(programs)
    }
}
