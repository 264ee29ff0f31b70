//! Notes of a task over HTTP: who reads them, who leaves them, and what is told of them.

use domain::{Clock, Event};
use reqwest::Method;
use serde_json::{Value, json};

use crate::conversations;
use crate::office::{Office, logged};
use crate::person::Person;

conversations! {
    whose_task_it_is_leaves_and_reads_notes,
    others_learn_nothing_of_notes,
    a_repeated_note_is_kept_once,
    a_note_has_words_and_not_too_many,
    many_notes_are_read_in_parts,
    a_note_is_told_and_audited_without_its_words,
    notes_of_a_deleted_task_are_gone_with_it,
    without_a_bot_files_wait,
}

/// A task of the supervisor's, with the officer on it, and the path of its notes.
async fn a_task(office: &Office) -> (Person, Person, String) {
    let (supervisor, officer) = (office.supervisor().await, office.officer_at(-34.6, -58.4).await);
    let body = json!({
        "codigo": "NOT-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": supervisor.user.unwrap().0,
        "efectivos_asignados": [officer.officer.unwrap().0],
    });
    let task = supervisor.posts("/api/v1/tasks/", body).await.ok();
    (supervisor, officer, format!("/api/v1/tasks/{}/notas", task["id"]))
}

fn words(text: &str) -> Value {
    json!({ "texto": text })
}

fn texts(notes: &Value) -> Vec<&str> {
    notes.as_array().unwrap().iter().map(|note| note["texto"].as_str().unwrap()).collect()
}

async fn whose_task_it_is_leaves_and_reads_notes(office: &Office) {
    let (supervisor, officer, path) = a_task(office).await;
    let note = officer.posts(&path, words("  Nadie en el portón 🚧 ")).await.ok();
    assert_eq!(note["clase"], "texto");
    assert_eq!(note["texto"], "Nadie en el portón 🚧");
    assert_eq!(note["usuario_id"], officer.user.unwrap().0);
    assert_eq!((&note["mime"], &note["bytes"]), (&Value::Null, &Value::Null));
    supervisor.posts(&path, words("Va otro móvil")).await.ok();
    // Whoever supervises acts on all tasks.
    office.supervisor().await.posts(&path, words("Visto")).await.ok();
    let notes = officer.gets(&path).await.ok();
    assert_eq!(texts(&notes), ["Nadie en el portón 🚧", "Va otro móvil", "Visto"]);
    assert_eq!(notes[0], note);
}

async fn others_learn_nothing_of_notes(office: &Office) {
    let (supervisor, _, path) = a_task(office).await;
    let note = supervisor.posts(&path, words("Reservado")).await.ok();
    let other = office.officer_at(-34.6, -58.4).await;
    let nowhere = "/api/v1/tasks/999999/notas";
    let refused = other.gets(nowhere).await.refusal();
    assert!(refused.starts_with("404 "), "{refused}");
    assert_eq!(other.gets(&path).await.refusal(), refused);
    assert_eq!(other.posts(&path, words("Mía")).await.refusal(), refused);
    assert_eq!(other.gets(&format!("{path}/{}/archivo", note["id"])).await.refusal(), refused);
    // Nor is a note of one task found under another.
    let body = json!({ "codigo": "NOT-2", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": supervisor.user.unwrap().0 });
    let second = supervisor.posts("/api/v1/tasks/", body).await.ok();
    let elsewhere = format!("/api/v1/tasks/{}/notas/{}/archivo", second["id"], note["id"]);
    let missing = format!("404 Nota {} no encontrada", note["id"]);
    assert_eq!(supervisor.gets(&elsewhere).await.refusal(), missing);
    assert_eq!(texts(&supervisor.gets(&path).await.ok()), ["Reservado"]);
}

async fn a_repeated_note_is_kept_once(office: &Office) {
    let (supervisor, _, path) = a_task(office).await;
    let again = async |text| {
        let request = supervisor.request(Method::POST, &path).header("Idempotency-Key", "nota-1");
        supervisor.sends(request.json(&words(text))).await
    };
    let first = again("Una vez").await.ok();
    assert_eq!(again("Una vez").await.ok(), first);
    assert_eq!(again("Otra").await.fields(), ["header.Idempotency-Key: was used for another request"]);
    assert_eq!(texts(&supervisor.gets(&path).await.ok()), ["Una vez"]);
}

async fn a_note_has_words_and_not_too_many(office: &Office) {
    let (supervisor, _, path) = a_task(office).await;
    let bad = |has: usize| [format!("body.texto: must have 1 to 2000 characters, has {has}")];
    assert_eq!(supervisor.posts(&path, words(" \n ")).await.fields(), bad(0));
    assert_eq!(supervisor.posts(&path, words(&"ñ".repeat(2001))).await.fields(), bad(2001));
    assert_eq!(supervisor.posts(&path, words("a\0b")).await.status, 422);
    supervisor.posts(&path, words(&"ñ".repeat(2000))).await.ok();
    assert_eq!(supervisor.gets(&path).await.ok().as_array().unwrap().len(), 1);
}

async fn many_notes_are_read_in_parts(office: &Office) {
    let (supervisor, _, path) = a_task(office).await;
    for n in 1..=5 {
        supervisor.posts(&path, words(&format!("Nota {n}"))).await.ok();
    }
    let newest = supervisor.gets(&format!("{path}?limit=2")).await.ok();
    assert_eq!(texts(&newest), ["Nota 4", "Nota 5"]);
    let before = supervisor.gets(&format!("{path}?limit=2&antes_de={}", newest[0]["id"])).await.ok();
    assert_eq!(texts(&before), ["Nota 2", "Nota 3"]);
    for limit in [0, 501] {
        let refused = supervisor.gets(&format!("{path}?limit={limit}")).await.fields();
        assert_eq!(refused, ["query.limit: must lie between 1 and 500"]);
    }
}

async fn a_note_is_told_and_audited_without_its_words(office: &Office) {
    let (supervisor, officer, path) = a_task(office).await;
    let note = officer.posts(&path, words("Vive en la casa 12")).await.ok();
    let last = logged(office).await.pop().unwrap();
    let Event::TaskUpdated { changed, left, .. } = &last.event else { panic!("{:?}", last.event) };
    assert_eq!((changed.as_slice(), left.len()), (["notas".to_owned()].as_slice(), 0));
    let administrator = office.administrator().await;
    let task = path.split('/').nth(4).unwrap();
    let lines = administrator.gets(&format!("/api/v1/audit?resource_type=tarea&resource_id={task}")).await;
    assert!(!lines.text.contains("casa 12"), "{}", lines.text);
    let expected = json!({ "notas": [{ "id": note["id"], "clase": "texto" }] });
    assert!(lines.text.contains(&expected.to_string()), "{}", lines.text);
    assert_eq!(texts(&supervisor.gets(&path).await.ok()), ["Vive en la casa 12"]);
}

async fn notes_of_a_deleted_task_are_gone_with_it(office: &Office) {
    let (supervisor, _, path) = a_task(office).await;
    supervisor.posts(&path, words("Última")).await.ok();
    let administrator = office.administrator().await;
    administrator.deletes(path.trim_end_matches("/notas")).await.ok();
    for person in [&supervisor, &administrator] {
        assert_eq!(person.gets(&path).await.status, 404);
        assert_eq!(person.posts(&path, words("Tarde")).await.status, 404);
    }
}

async fn without_a_bot_files_wait(office: &Office) {
    let (supervisor, _, path) = a_task(office).await;
    let task = domain::TaskId(path.split('/').nth(4).unwrap().parse().unwrap());
    let name = || domain::note::FileName::try_from("AgACAgEAAxkBAAI").unwrap();
    let file = domain::note::NoteFile { id: name(), unique_id: name(), mime: None, bytes: Some(3) };
    let content = domain::note::NoteContent::file(domain::note::NoteKind::Voice, file, None);
    let (by, at) = (supervisor.user.unwrap(), office.clock.now());
    let mut tx = office.cx.store.write().await.unwrap();
    let note = tx.notes().add(&domain::note::NewNote { task, by, content, at }).await.unwrap();
    tx.commit().await.unwrap();
    let answer = supervisor.gets(&format!("{path}/{}/archivo", note.id)).await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, "60"));
}
