//! The Debian package: built, installed into a root of its own, served from there, upgraded.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tokio::process::Command;

use crate::binary::{EMAIL, PASSWORD, Place, Server};

async fn does(command: &mut Command) -> String {
    let output = command.output().await.unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {said}");
    said
}

/// The package of a version, of the program under test.
async fn builds(dir: &Path, version: &str) -> PathBuf {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/debian/build");
    let program = dir.join("gad");
    if !program.exists() {
        // What a debugger would want makes most of it.
        let strip = Command::new("strip").arg("-o").arg(&program).arg(env!("CARGO_BIN_EXE_gad")).status().await;
        if !strip.is_ok_and(|status| status.success()) {
            std::fs::copy(env!("CARGO_BIN_EXE_gad"), &program).unwrap();
        }
    }
    let said = does(Command::new(script).arg(&program).arg(version).arg(dir).arg("-Znone")).await;
    PathBuf::from(said.lines().last().unwrap())
}

/// A root with a package manager that knows nothing yet.
fn root(dir: &Path) -> PathBuf {
    let root = dir.join("root");
    for part in ["info", "updates", "triggers"] {
        std::fs::create_dir_all(root.join("var/lib/dpkg").join(part)).unwrap();
    }
    std::fs::write(root.join("var/lib/dpkg/status"), "").unwrap();
    std::fs::create_dir_all(root.join("etc")).unwrap();
    root
}

async fn installs(root: &Path, package: &Path) {
    let force = "--force-depends,script-chrootless,not-root,bad-path,confold";
    let mut dpkg = Command::new("dpkg");
    dpkg.arg(format!("--root={}", root.display())).arg(format!("--log={}", root.join("dpkg.log").display()));
    does(dpkg.arg(force).arg("--install").arg(package)).await;
}

/// `gad` as it is installed, with the settings that are, but on a free port and below the root.
fn installed(root: &Path, arguments: &[&str]) -> Command {
    // The environment of `Place` has no settings of the machine; here no secret either.
    let mut command = Command::new(root.join("usr/bin/gad"));
    command.args(arguments).arg("--config").arg(root.join("etc/gad/gad.toml"));
    command.arg("--data-dir").arg(root.join("var/lib/gad"));
    for (name, value) in Place::directory(root).gad(&[]).as_std().get_envs() {
        match value {
            Some(value) if name != "SECRET_KEY" => command.env(name, value),
            _ => command.env_remove(name),
        };
    }
    command.kill_on_drop(true).stdout(std::process::Stdio::piped());
    command
}

async fn serves(root: &Path, log: &Path) -> Server {
    let mut command = installed(root, &["serve", "--listen", "127.0.0.1:0"]);
    command.stderr(std::fs::File::create(log).unwrap());
    Server::started_by(command).await
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_is_installed_served_and_upgraded() {
    if Command::new("dpkg").arg("--version").output().await.is_err() {
        println!("this machine has no dpkg: no package can be made here");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let root = root(dir.path());
    installs(&root, &builds(dir.path(), "1.0.0").await).await;
    let settings = root.join("etc/gad/gad.toml");
    assert_eq!([&settings, &root.join("var/lib/gad")].map(|path| mode(path)), [0o640, 0o700]);
    let users = std::fs::read_to_string(root.join("etc/passwd")).unwrap();
    assert!(users.lines().any(|user| user.starts_with("gad:")), "a user of its own: {users}");
    for file in [
        "lib/systemd/system/gad.service",
        "usr/share/man/man1/gad.1.gz",
        "usr/share/doc/gad/copyright",
        "usr/share/bash-completion/completions/gad",
        "usr/lib/sysusers.d/gad.conf",
    ] {
        assert!(root.join(file).exists(), "{file}");
    }
    let hire = ["user", "create", "--email", EMAIL, "--password", PASSWORD, "--nombre", "Ana"];
    let more = ["--apellido", "Prueba", "--dni", "P1234567", "--nivel", "3", "--verificado"];
    does(&mut installed(&root, &[&hire[..], &more[..]].concat())).await;
    let log = dir.path().join("log");
    let server = serves(&root, &log).await;
    server.supervisor().await.gets("/api/v1/users/me").await.ok();
    assert!(server.ends().await);
    // Lines that the journal can take apart.
    let lines = std::fs::read_to_string(&log).unwrap();
    let is_json =
        |line: &str| serde_json::from_str::<serde_json::Value>(line).is_ok_and(|line| line["level"].is_string());
    assert!(lines.lines().count() > 0 && lines.lines().all(is_json), "{lines}");

    // The office has made it its own; a new version comes.
    let own = format!("{}project_name = \"NUESTRA\"\n", std::fs::read_to_string(&settings).unwrap());
    std::fs::write(&settings, &own).unwrap();
    installs(&root, &builds(dir.path(), "1.0.1").await).await;
    let known = std::fs::read_to_string(root.join("var/lib/dpkg/status")).unwrap();
    assert!(known.contains("Version: 1.0.1\n") && known.contains("Status: install ok installed\n"), "{known}");
    assert_eq!((std::fs::read_to_string(&settings).unwrap(), mode(&settings)), (own, 0o640), "its settings stay");
    let server = serves(&root, &log).await;
    let me = server.supervisor().await.gets("/api/v1/users/me").await.ok();
    assert_eq!(me["email"], EMAIL, "and its people");
    assert!(server.ends().await);
    let data = root.join("var/lib/gad");
    let mut dpkg = Command::new("dpkg");
    dpkg.arg(format!("--root={}", root.display())).arg("--force-depends,script-chrootless,not-root,bad-path");
    does(dpkg.args(["--purge", "gad"])).await;
    assert!(!root.join("usr/bin/gad").exists() && data.join("gad.db").exists(), "nobody throws the record away");
}
