//! The dashboard: what `web/` becomes, for the binary to hold.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::install;
use crate::shell::{output, root, target};

/// What the built pages depend on, below `web/`.
const SOURCES: [&str; 7] =
    ["index.html", "package.json", "package-lock.json", "src", "svelte.config.js", "tsconfig.json", "vite.config.ts"];

/// `npm` in `web/`.
///
/// # Errors
/// Those of [`npm_in`].
pub fn npm(may_install: bool) -> Result<Npm> {
    npm_in("web", may_install)
}

/// `npm` in a folder, with its packages as the lock file says; fetched when they are not.
///
/// # Errors
/// Node 20 is missing and may not, or cannot, be installed; or npm reaches no registry.
pub fn npm_in(folder: &str, may_install: bool) -> Result<Npm> {
    install::node(may_install)?;
    let name = folder;
    let folder = root().join(folder);
    let current = fingerprint(&folder, &["package-lock.json"])?;
    let noted = folder.join("node_modules/.gad-lock");
    if std::fs::read_to_string(&noted).unwrap_or_default() != current {
        output(Command::new("npm").arg("ci").current_dir(&folder))
            .with_context(|| format!("cannot fetch the packages of {name}/; is a registry of npm within reach?"))?;
        std::fs::write(&noted, current)?;
    }
    Ok(Npm { folder })
}

/// npm, ready to run what `web/package.json` names.
pub struct Npm {
    folder: PathBuf,
}

impl Npm {
    /// `npm run SCRIPT -- ARGUMENTS`, to be furnished and run.
    pub fn run(&self, script: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new("npm");
        command.args(["run", "--silent", script, "--"]).args(arguments).current_dir(&self.folder);
        command
    }

    /// Builds the pages, unless they are those of the sources as they are.
    ///
    /// # Errors
    /// What the build says.
    pub fn build(&self) -> Result<()> {
        let current = fingerprint(&self.folder, &SOURCES)?;
        let noted = target().join("web-built");
        let is_there = self.folder.join("dist/index.html").is_file();
        if is_there && std::fs::read_to_string(&noted).unwrap_or_default() == current {
            return Ok(());
        }
        output(&mut self.run("build", &[]))?;
        std::fs::create_dir_all(target())?;
        std::fs::write(&noted, current)?;
        Ok(())
    }
}

/// A number for all that these files and folders hold.
fn fingerprint(folder: &Path, names: &[&str]) -> Result<String> {
    let mut files = Vec::new();
    for name in names {
        collect(&folder.join(name), &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.strip_prefix(folder)?.hash(&mut hasher);
        std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in std::fs::read_dir(path)? {
        collect(&entry?.path(), files)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_changed_added_or_renamed_changes_the_fingerprint() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        let now = || fingerprint(folder.path(), &["src", "package.json"]).unwrap();
        std::fs::create_dir(folder.path().join("src")).unwrap();
        write("package.json", "{}");
        write("src/a.ts", "1");
        let before = now();
        assert_eq!(before, now());
        write("src/a.ts", "2");
        let changed = now();
        write("src/b.ts", "");
        let added = now();
        std::fs::rename(folder.path().join("src/b.ts"), folder.path().join("src/c.ts")).unwrap();
        let renamed = now();
        for (one, other) in [(&before, &changed), (&changed, &added), (&added, &renamed)] {
            assert_ne!(one, other);
        }
    }
}
