//! What lies in files, and what other users of the machine can see of it.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::binary::Place;

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn becomes(path: &Path, mode: u32) {
    std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

/// Everything below a directory, itself included.
fn all(dir: &Path) -> Vec<PathBuf> {
    let mut found = vec![dir.to_owned()];
    let mut at = 0;
    while at < found.len() {
        if found[at].is_dir() {
            found.extend(std::fs::read_dir(&found[at]).unwrap().map(|entry| entry.unwrap().path()));
        }
        at += 1;
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_an_office_writes_is_its_owners_alone() {
    let outer = tempfile::tempdir().unwrap();
    let place = Place::directory(&outer.path().join("data"));
    place.hires().await;
    let server = place.serves_with(&[("SECRET_KEY", "")]).await;
    server.supervisor().await.gets("/api/v1/tasks/").await.ok();
    let backups = outer.path().join("backups");
    let backup = place.gad(&["backup", "--dir", backups.to_str().unwrap()]).output().await.unwrap();
    assert!(backup.status.success(), "{}", String::from_utf8_lossy(&backup.stderr));
    let found: Vec<_> = ["data", "backups"].iter().flat_map(|name| all(&outer.path().join(name))).collect();
    assert!(found.len() >= 8, "{found:?}");
    let open: Vec<_> = found.iter().filter(|path| mode(path) & 0o077 != 0).collect();
    assert!(open.is_empty(), "{open:?}");
    assert!(server.ends().await);
}

async fn is_refused(place: &Place, more: &[&str], why: &str) {
    let mut command = place.gad(&[&["serve", "--listen", "127.0.0.1:0"][..], more].concat());
    let output = command.output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), said.contains(why)), (Some(1), true), "{why}: {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_whose_keys_or_record_are_open_to_others_is_not_served() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    place.hires().await;
    assert!(place.serves_with(&[("SECRET_KEY", "")]).await.ends().await);
    becomes(dir.path(), 0o777);
    is_refused(&place, &[], "may write into").await;
    becomes(dir.path(), 0o700);
    let secret = dir.path().join("secret.key");
    becomes(&secret, 0o640);
    is_refused(&place, &[], "secret.key (mode 640): run chmod 600").await;
    becomes(&secret, 0o600);
    let key = dir.path().join("key.pem");
    std::fs::write(&key, "a key").unwrap();
    becomes(&key, 0o644);
    let key = key.to_str().unwrap();
    is_refused(&place, &["--tls-cert", key, "--tls-key", key], "key.pem (mode 644): run chmod 640").await;
    assert!(place.serves().await.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_into_which_others_may_look_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    place.hires().await;
    becomes(dir.path(), 0o755);
    let log = tempfile::NamedTempFile::new().unwrap();
    assert!(place.serves_logging("info", log.reopen().unwrap()).await.ends().await);
    let said = std::fs::read_to_string(log.path()).unwrap();
    assert!(said.contains("others on this machine may look into the record"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_of_a_postgres_stands_on_no_command_line() {
    let dir = tempfile::tempdir().unwrap();
    let seen = dir.path().join("seen");
    let program = dir.path().join("pg_dump");
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$0\" \"$@\" > '{}'\nexit 1\n", seen.display());
    std::fs::write(&program, script).unwrap();
    becomes(&program, 0o700);
    let database = crate::office::database::Private::create().await;
    let mut url = url::Url::parse(&database.url).unwrap();
    // A server that asks for no password takes any.
    url.set_password(Some("clave-que-nadie-vea")).unwrap();
    let place = Place::directory(dir.path());
    let migrated = place.gad(&["migrate"]).env("GAD_DATABASE_URL", url.as_str()).output().await.unwrap();
    assert!(migrated.status.success(), "{}", String::from_utf8_lossy(&migrated.stderr));
    let path = format!("{}:{}", dir.path().display(), std::env::var("PATH").unwrap());
    let backups = dir.path().join("backups");
    let mut command = place.gad(&["backup", "--dir", backups.to_str().unwrap()]);
    let output = command.env("GAD_DATABASE_URL", url.as_str()).env("PATH", path).output().await.unwrap();
    assert!(!output.status.success(), "our pg_dump writes nothing");
    let seen = std::fs::read_to_string(&seen).expect("pg_dump was called");
    assert!(seen.contains("pg_dump") && !seen.contains("clave-que-nadie-vea"), "{seen}");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("clave-que-nadie-vea"), "{said}");
    database.drop().await;
}
