//! Records that take no changes: a standby of PostgreSQL, and a directory that is mounted to be
//! read only. What only reads works; what would change something is refused with that cause.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::process::Command;

use crate::binary::Place;
use crate::cluster::{Cluster, NOBODY, is_root};
use crate::operator::{codes, works};

/// Everything that only reads.
async fn can_be_read(place: &Place, tasks: &[String], dir: &Path) {
    assert_eq!(codes(place).await, tasks);
    let users = place.does(&["user", "list", "--json"]).await;
    assert!(users.contains("supervisora@prueba.gad"), "{users}");
    assert!(place.does(&["audit", "verify"]).await.starts_with("whole: "));
    place.does(&["migrate", "--check"]).await;
    let found = place.does(&["doctor", "--json"]).await;
    assert!(found.contains("read-only") || found.contains("standby"), "{found}");
    let said = place.says(&["backup", "--dir", dir.join("copias").to_str().unwrap(), "--json"]).await;
    assert_eq!((said.code, said.err.contains("no audit line")), (0, true), "{}", said.err);
    let file = serde_json::from_str::<Value>(&said.out).unwrap()["file"].as_str().unwrap().to_owned();
    place.does(&["restore", &file, "--verify-only"]).await;
    let out = dir.join("auditoria.jsonl");
    let said = place.says(&["audit", "export", "--out", out.to_str().unwrap()]).await;
    assert_eq!((said.code, said.err.contains("no audit line")), (0, true), "{}", said.err);
}

/// What would change something.
async fn cannot_be_changed(place: &Place) {
    for arguments in [&["user", "disable", "supervisora@prueba.gad"][..], &["token", "supervisora@prueba.gad"]] {
        let said = place.says(arguments).await;
        let names_it = said.err.contains("read-only") || said.err.contains("Read-only");
        assert_eq!((said.code, names_it), (3, true), "{arguments:?}: {}", said.err);
        assert!(!said.err.contains("cannot store more"), "{}", said.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_is_read_and_says_that_it_takes_no_changes() {
    let (cluster, dir) = (Cluster::start().await, tempfile::tempdir().unwrap());
    cluster.role("gad").await;
    let primary = Place::database(&cluster.database("oficina", "gad").await);
    works(&primary).await;
    let tasks = codes(&primary).await;
    let token = primary.does(&["token", "supervisora@prueba.gad"]).await.trim().to_owned();
    let copy = cluster.standby().await;
    let standby = Place::database(&copy.url("gad", "oficina"));
    can_be_read(&standby, &tasks, dir.path()).await;
    cannot_be_changed(&standby).await;

    let server = standby.serves().await;
    let supervisor = server.stranger().with_token(&token);
    assert_eq!(supervisor.gets("/api/v1/tasks/?limit=5").await.status, 200);
    let me = supervisor.gets("/api/v1/users/me").await.ok();
    let task = json!({ "codigo": "NUEVA-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": me["id"] });
    let call = json!({ "telegram_id": 0, "lat": -34.6, "lng": -58.4 });
    for (route, body) in [("/api/v1/tasks/", &task), ("/api/v1/tasks/emergency", &call)] {
        let answer = supervisor.posts(route, body.clone()).await;
        assert_eq!((answer.status, &answer.body["code"]), (503, &json!("read_only")), "{route}: {}", answer.text);
        assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
    }
    let ready = supervisor.gets("/health/ready").await;
    assert_eq!((ready.status, &ready.body["checks"]["database"]), (200, &json!("error: read-only")), "{}", ready.text);
    let ready = supervisor.gets("/api/v1/health/ready").await;
    assert_eq!((ready.status, &ready.body["obstacle"]), (200, &json!("read_only")), "{}", ready.text);

    // It becomes the primary, and the office goes on by itself.
    copy.sql("postgres", "SELECT pg_promote()").await;
    let again = async {
        while supervisor.posts("/api/v1/tasks/", task.clone()).await.status != 200 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        while supervisor.gets("/health/ready").await.body["checks"]["database"] != "ok" {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), again).await.expect("a promoted standby takes changes");
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_may_only_read_looks_and_is_told_that_it_has_no_rights() {
    let (cluster, dir) = (Cluster::start().await, tempfile::tempdir().unwrap());
    cluster.role("gad").await;
    cluster.role("lectora").await;
    let office = Place::database(&cluster.database("oficina", "gad").await);
    works(&office).await;
    let tasks = codes(&office).await;
    let token = office.does(&["token", "supervisora@prueba.gad"]).await.trim().to_owned();
    cluster.sql("oficina", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO lectora").await;
    cluster.sql("oficina", "GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO lectora").await;
    let reader = Place::database(&cluster.url("lectora", "oficina"));
    assert_eq!(codes(&reader).await, tasks);
    let found = reader.does(&["doctor", "--json"]).await;
    assert!(found.contains("the tables belong to role gad"), "{found}");
    let said = reader.says(&["backup", "--dir", dir.path().to_str().unwrap()]).await;
    assert_eq!((said.code, said.err.contains("no audit line")), (0, true), "{}", said.err);
    let said = reader.says(&["user", "disable", "supervisora@prueba.gad"]).await;
    assert_eq!((said.code, said.err.contains("permission denied for table")), (1, true), "{}", said.err);
    let server = reader.serves().await;
    let supervisor = server.stranger().with_token(&token);
    assert_eq!(supervisor.gets("/api/v1/tasks/?limit=5").await.status, 200);
    let call = json!({ "telegram_id": 0, "lat": -34.6, "lng": -58.4 });
    let answer = supervisor.posts("/api/v1/tasks/emergency", call).await;
    assert_eq!((answer.status, &answer.body["code"]), (503, &json!("record_denied")), "{}", answer.text);
    let ready = supervisor.gets("/health/ready").await;
    assert_eq!(
        (ready.status, &ready.body["checks"]["database"]),
        (200, &json!("error: no permission")),
        "{}",
        ready.text
    );
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_is_mounted_to_be_read_only_is_read_and_says_so() {
    let may_mount = Command::new("unshare").args(["-rm", "true"]).status().await.is_ok_and(|status| status.success());
    if !may_mount {
        println!("this machine allows no mounts");
        return;
    }
    let (outer, backups) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let dir = outer.path().join("data");
    let place = Place::directory(&dir);
    works(&place).await;
    let tasks = codes(&place).await;
    let in_it = place.clone().mounted_read_only(&dir);
    can_be_read(&in_it, &tasks, backups.path()).await;
    cannot_be_changed(&in_it).await;
    let said = in_it.says(&["serve", "--listen", "127.0.0.1:0"]).await;
    assert_eq!((said.code, said.err.contains("Read-only file system")), (3, true), "{}", said.err);
    // The same while the office is served from it elsewhere.
    let server = place.serves().await;
    assert_eq!(codes(&in_it).await, tasks);
    in_it.does(&["backup", "--dir", backups.path().join("otras").to_str().unwrap()]).await;
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_office_is_kept_out_when_the_lock_file_was_removed() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    place.hires().await;
    let server = place.serves().await;
    std::fs::remove_file(dir.path().join("gad.lock")).unwrap();
    let said = place.says(&["serve", "--listen", "127.0.0.1:0"]).await;
    assert_eq!((said.code, said.err.contains("in use by process")), (4, true), "{}", said.err);
    server.supervisor().await.gets("/api/v1/tasks/").await.ok();
    assert!(server.ends().await);
    // A process of a former version locks the file alone.
    let lock = std::fs::File::create(dir.path().join("gad.lock")).unwrap();
    lock.lock().unwrap();
    assert_eq!(place.says(&["serve", "--listen", "127.0.0.1:0"]).await.code, 4);
    drop(lock);
    assert!(place.serves().await.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_root_makes_in_the_directory_of_the_service_belongs_to_the_service() {
    if !is_root() {
        println!("only root makes files that others cannot open");
        return;
    }
    let (outer, backups) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::set_permissions(outer.path(), PermissionsExt::from_mode(0o755)).unwrap();
    let dir = outer.path().join("data");
    std::fs::create_dir(&dir).unwrap();
    std::fs::set_permissions(&dir, PermissionsExt::from_mode(0o700)).unwrap();
    std::os::unix::fs::chown(&dir, Some(NOBODY), Some(NOBODY)).unwrap();
    let place = Place::directory(&dir);
    place.hires().await;
    // Its own secret, too: the tests give one otherwise.
    let made = place.gad(&["token", "supervisora@prueba.gad"]).env_remove("SECRET_KEY").output().await.unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    place.does(&["audit", "checkpoint"]).await;
    let copy = place.does(&["backup", "--dir", backups.path().to_str().unwrap(), "--json"]).await;
    let copy = serde_json::from_str::<Value>(&copy).unwrap()["file"].as_str().unwrap().to_owned();
    place.does(&["restore", &copy, "--confirm", "RESTAURAR"]).await;
    let foreign: Vec<_> = std::fs::read_dir(&dir)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| std::os::unix::fs::MetadataExt::uid(&entry.metadata().unwrap()) != NOBODY)
        .map(|entry| entry.file_name())
        .collect();
    assert!(foreign.is_empty(), "{foreign:?}");
    // The program where its user can run it.
    let program = outer.path().join("gad");
    std::fs::copy(crate::binary::program(), &program).unwrap();
    let as_service = |place: &Place, arguments: &[&str]| {
        let mut command = Command::new("setpriv");
        let user = [format!("--reuid={NOBODY}"), format!("--regid={NOBODY}"), "--clear-groups".to_owned()];
        command.args(user).arg(&program).args(place.gad(arguments).as_std().get_args());
        command.env("SECRET_KEY", "a secret of the tests that is long enough").current_dir("/");
        command
    };
    let listed = as_service(&place, &["user", "list"]).output().await.unwrap();
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let changed = as_service(&place, &["user", "disable", "supervisora@prueba.gad"]).output().await.unwrap();
    assert!(changed.status.success(), "{}", String::from_utf8_lossy(&changed.stderr));
    // A file that is root's after all is named with its owner.
    for name in ["gad.db", "secret.key"] {
        let file = dir.join(name);
        std::os::unix::fs::chown(&file, Some(0), Some(0)).unwrap();
        let mut command = as_service(&place, &["user", "enable", "supervisora@prueba.gad"]);
        let said = command.env_remove("SECRET_KEY").output().await.unwrap();
        let said = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(said.contains(file.to_str().unwrap()) && said.contains("belongs to root (uid 0)"), "{said}");
        std::os::unix::fs::chown(&file, Some(NOBODY), Some(NOBODY)).unwrap();
    }
}
