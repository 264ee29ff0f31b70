//! What an operator and an auditor do with the audit on the command line.

use std::path::Path;

use serde_json::{Value, json};

use crate::binary::Place;
use crate::intruder::Intruder;
use crate::office::database;
use crate::operator::Said;

/// Some work, a checkpoint that is kept elsewhere, and an export.
async fn works(place: &Place, out: &Path) -> (String, String) {
    place.does(&["seed", "--demo", "--users", "3", "--officers", "5", "--tasks", "10"]).await;
    place.hires().await;
    for dni in ["P2222221", "P2222222", "P2222223"] {
        place.hires_as(&format!("{dni}@prueba.gad"), dni, 1).await;
    }
    let point = out.join("punto.jsonl");
    std::fs::write(&point, place.does(&["audit", "checkpoint"]).await).unwrap();
    let export = out.join("auditoria.jsonl");
    place.does(&["audit", "export", "--out", export.to_str().unwrap()]).await;
    (point.to_str().unwrap().to_owned(), export.to_str().unwrap().to_owned())
}

fn items(export: &str) -> Vec<Value> {
    std::fs::read_to_string(export).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn writes(file: &Path, items: &[Value]) -> String {
    let lines: Vec<String> = items.iter().map(Value::to_string).collect();
    std::fs::write(file, lines.join("\n")).unwrap();
    file.to_str().unwrap().to_owned()
}

/// Exports the audit and has the example in Python check it; gives how many lines there were of each rule.
pub async fn is_whole_by_python(place: &Place) -> (u64, u64) {
    let out = tempfile::tempdir().unwrap();
    let export = out.path().join("auditoria.jsonl");
    place.does(&["audit", "export", "--out", export.to_str().unwrap()]).await;
    let said = python(&export).await.expect("the chain holds");
    // the chain holds: 15 lines by rule 1, 7 by rule 2, end …
    let words: Vec<&str> = said.split_whitespace().collect();
    assert!(said.starts_with("the chain holds: "), "{said}");
    (words[3].parse().unwrap(), words[8].parse().unwrap())
}

/// What the example in Python says of an export.
async fn python(export: &Path) -> Result<String, String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/python/verificar_auditoria.py");
    let run = tokio::process::Command::new("python3").arg(script).arg(export).output();
    let output = run.await.expect("python3 runs the example");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

async fn verifies_export(place: &Place, file: &str) -> Said {
    place.says(&["audit", "verify", "--from", file]).await
}

async fn an_auditor_verifies_without_the_office(place: &Place) {
    let out = tempfile::tempdir().unwrap();
    let (_, export) = works(place, out.path()).await;
    // Anywhere, with nothing but the file and the key.
    let elsewhere = tempfile::tempdir().unwrap();
    let auditor = Place::directory(&elsewhere.path().join("nothing"));
    let shown = place.does(&["audit", "key", "show", "--json"]).await;
    let key: Value = serde_json::from_str(shown.lines().next().unwrap()).unwrap();
    let key = key["publica"].as_str().unwrap();
    let said = auditor.does(&["audit", "verify", "--from", &export, "--public-key", key]).await;
    assert!(said.starts_with("whole: "), "{said}");
    assert!(!elsewhere.path().join("nothing").exists(), "nothing was made");
    let other = "0a".repeat(32);
    let said = auditor.says(&["audit", "verify", "--from", &export, "--public-key", &other]).await;
    let is_refused = said.code == 2 || (said.code == 6 && said.err.contains("none of those that signed"));
    assert!(is_refused, "{} {}", said.code, said.err);

    let (_, second) = is_whole_by_python(place).await;
    assert!(second > 0);
    let genuine = items(&export);
    let lines: Vec<usize> = (0..genuine.len()).filter(|at| genuine[*at]["tipo"] == "linea").collect();
    let forged = out.path().join("falsa.jsonl");
    let at = lines[1];
    let mut changed = genuine.clone();
    changed[at]["linea"]["action_description"] = json!("Otra cosa");
    let mut swapped = genuine.clone();
    swapped.swap(at, at + 1);
    let mut removed = genuine.clone();
    removed.remove(at);
    let mut emptied = genuine.clone();
    emptied[at]["linea"] = Value::Null;
    let cut = genuine[..lines[1]].to_vec();
    let event = &genuine[at]["linea"]["event_id"].as_str().unwrap();
    let file = writes(&forged, &changed);
    assert_eq!(python(Path::new(&file)).await.unwrap_err().trim(), "line 2 was changed");
    for (items, told) in [
        (changed, format!("line 2 (row {}, event {event}): changed", genuine[at]["id"])),
        (swapped, "line 2: missing".to_owned()),
        (removed, "line 2: missing".to_owned()),
        (emptied, format!("line 2 (row {}): missing", genuine[at]["id"])),
        (cut, "tail cut after line 1: checkpoint 1 signed".to_owned()),
    ] {
        let said = verifies_export(&auditor, &writes(&forged, &items)).await;
        assert_eq!((said.code, said.err.contains(&told)), (6, true), "{told}: {}", said.err);
    }

    // One line, proved from the file and from the record alike.
    let event = event.to_string();
    let from_file = auditor.does(&["audit", "verify", "--from", &export, "--inclusion", &event]).await;
    let from_record = place.does(&["audit", "verify", "--inclusion", &event]).await;
    assert_eq!(from_file, from_record);
    let proof: Value = serde_json::from_str(&from_file).unwrap();
    assert_eq!((&proof["numero"], proof["publica"].as_str()), (&json!(2), Some(key)));
    let unknown =
        auditor.says(&["audit", "verify", "--from", &export, "--inclusion", &uuid::Uuid::nil().to_string()]).await;
    assert_eq!((unknown.code, unknown.err.contains("no line has the event_id")), (1, true), "{}", unknown.err);
}

async fn a_line_changed_behind_the_office_is_named(place: &Place, mut intruder: Intruder) {
    let out = tempfile::tempdir().unwrap();
    let (point, _) = works(place, out.path()).await;
    assert!(place.does(&["audit", "verify", "--checkpoint", &point]).await.starts_with("whole: "));
    intruder.drops_triggers().await;
    intruder.does("UPDATE audit_logs SET resource_id = '99' WHERE id = 2").await;
    let said = place.says(&["audit", "verify"]).await;
    assert_eq!((said.code, said.err.contains("line 2 (row 2, event ")), (6, true), "{}", said.err);
    let said = place.says(&["audit", "verify", "--json"]).await;
    let found: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((&found["rotura"]["motivo"], &found["rotura"]["numero"]), (&json!("cambiada"), &json!(2)));
    // Another story told from the start is held against the checkpoint that was kept.
    intruder.does("DELETE FROM audit_puntos; DELETE FROM audit_cadena; DELETE FROM audit_logs").await;
    let said = place.says(&["audit", "verify", "--checkpoint", &point]).await;
    assert_eq!((said.code, said.err.contains("tail cut after line 0")), (6, true), "{}", said.err);
}

/// Restores as soon as the server has noticed that the commands before have ended.
async fn restores(place: &Place, file: &str) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    loop {
        let said = place.says(&["restore", file, "--confirm", "RESTAURAR"]).await;
        if said.code == 0 {
            return;
        }
        let is_early = said.err.contains("to the database are open");
        assert!(is_early && std::time::Instant::now() < deadline, "{}{}", said.out, said.err);
    }
}

async fn a_restored_record_still_proves_itself(place: &Place) {
    let (out, backups) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (point, _) = works(place, out.path()).await;
    let taken = place.does(&["backup", "--dir", backups.path().to_str().unwrap(), "--json"]).await;
    let taken: Value = serde_json::from_str(&taken).unwrap();
    let later = out.path().join("despues.jsonl");
    place.hires_as("otra@prueba.gad", "P7654321", 2).await;
    std::fs::write(&later, place.does(&["audit", "checkpoint"]).await).unwrap();
    restores(place, taken["file"].as_str().unwrap()).await;
    place.does(&["audit", "verify", "--checkpoint", &point]).await;
    place.does(&["audit", "checkpoint"]).await;
    place.does(&["audit", "verify", "--checkpoint", &point]).await;
    // What was signed after the copy was taken is gone, and that shows.
    let said = place.says(&["audit", "verify", "--checkpoint", later.to_str().unwrap()]).await;
    assert_eq!(said.code, 6, "{}", said.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_verifies_an_embedded_office() {
    let dir = tempfile::tempdir().unwrap();
    an_auditor_verifies_without_the_office(&Place::directory(dir.path())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_verifies_an_office_on_postgres() {
    let (database, place) = on_postgres().await;
    an_auditor_verifies_without_the_office(&place).await;
    database.drop().await;
}

/// A database, and a place whose key comes from the settings.
async fn on_postgres() -> (database::Private, Place) {
    let database = database::Private::create().await;
    let place = Place::database(&database.url).with("--audit-key", &"4b".repeat(32));
    (database, place)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_behind_an_embedded_office_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    place.does(&["migrate"]).await;
    a_line_changed_behind_the_office_is_named(&place, Intruder::in_directory(dir.path()).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_behind_an_office_on_postgres_is_named() {
    let (database, place) = on_postgres().await;
    place.does(&["migrate"]).await;
    a_line_changed_behind_the_office_is_named(&place, Intruder::in_database(&database.url).await).await;
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_embedded_record_proves_itself() {
    let dir = tempfile::tempdir().unwrap();
    a_restored_record_still_proves_itself(&Place::directory(dir.path())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_record_on_postgres_proves_itself() {
    let (database, place) = on_postgres().await;
    a_restored_record_still_proves_itself(&place).await;
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_takes_over_in_an_embedded_office() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let place = Place::directory(dir.path());
    works(&place, out.path()).await;
    let file = dir.path().join("audit.key");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let before = std::fs::read_to_string(&file).unwrap();
    // While the office is served, which takes the new key from then on.
    let server = place.serves().await;
    place.does(&["audit", "key", "rotate"]).await;
    assert_ne!(std::fs::read_to_string(&file).unwrap(), before);
    assert!(!dir.path().join("audit.key.new").exists());
    place.does(&["audit", "checkpoint"]).await;
    place.does(&["audit", "verify"]).await;
    let keys = place.does(&["audit", "key", "show", "--json"]).await;
    assert_eq!(keys.lines().count(), 2, "{keys}");
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_without_a_key_sign_nothing_and_say_so() {
    let (database, _) = on_postgres().await;
    let place = Place::database(&database.url);
    place.hires().await;
    let said = place.says(&["audit", "checkpoint"]).await;
    assert_eq!((said.code, said.err.contains("GAD_AUDIT_KEY")), (1, true), "{}", said.err);
    place.does(&["audit", "verify"]).await;
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("nueva.key");
    place.does(&["audit", "key", "new", "--out", file.to_str().unwrap()]).await;
    let mut command = place.gad(&["audit", "checkpoint"]);
    let output = command.env("GAD_AUDIT_KEY_FILE", &file).output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_serving_office_seals_signs_verifies_and_shows_it_in_its_figures() {
    let (database, place) = on_postgres().await;
    place.hires_as("jefa@prueba.gad", "P1111111", 3).await;
    let server = place.serves_with(&[("GAD_AUDIT_CHECKPOINT_LINES", "1")]).await;
    let mut chief = server.stranger();
    chief.signs_in("jefa@prueba.gad", "una clave larga").await.ok();
    let figure = |text: &str, name: &str| {
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).map(str::to_owned);
        value.map(|value| value.parse::<f64>().unwrap())
    };
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    loop {
        let text = chief.gets("/metrics").await.text;
        let state = chief.gets("/api/v1/audit/verification").await.ok();
        let lines = figure(&text, "gad_audit_lines_total").unwrap_or_default();
        let open = figure(&text, "gad_audit_checkpoint_age_seconds");
        let unsealed = figure(&text, "gad_audit_unsealed");
        if lines >= 2.0
            && unsealed == Some(0.0)
            && open == Some(0.0)
            && state["estado"] == "integra"
            && !state["ultimo_punto"].is_null()
        {
            assert_eq!(figure(&text, "gad_audit_chain_ok"), Some(1.0));
            break;
        }
        assert!(std::time::Instant::now() < deadline, "{state} {lines} {open:?}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(server.ends().await);
    place.does(&["audit", "verify"]).await;
    database.drop().await;
}
