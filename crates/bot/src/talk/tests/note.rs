//! What people leave with tasks.

use domain::note::{Note, NoteKind};
use serde_json::{Value, json};

use super::office::{Office, Person};
use crate::model::Change;
use crate::talk::Dialogue;

/// An office with a task of Ana's for each code, the first of which she has begun.
async fn with_tasks(codes: &[&str]) -> (Office, Person, Person) {
    let office = Office::open().await;
    let (mut sofia, mut ana) = (office.supervisor().await, office.officer(11, "Ana").await);
    let (user, id) = (sofia.user.as_ref().unwrap().id, ana.officer.as_ref().unwrap().id);
    for code in codes {
        office.writes(&mut sofia, &format!("/crear {code} \"Recorrer la plaza\" patrullaje {user} {id}")).await;
    }
    let first = office.task(codes[0]).await.id;
    office.presses(&mut ana, &format!("tarea:seguir:{first}")).await;
    (office, sofia, ana)
}

fn photo(id: &str) -> Value {
    json!({ "photo": [{ "file_id": id, "file_unique_id": format!("u{id}"), "file_size": 10 }], "caption": "La reja" })
}

fn of_album(id: &str, album: &str) -> Value {
    let mut photo = photo(id);
    photo["media_group_id"] = album.into();
    photo
}

async fn notes(office: &Office, code: &str) -> Vec<Note> {
    let task = office.task(code).await.id;
    office.cx.store.read().await.unwrap().notes().of_task(task, None, 100).await.unwrap()
}

fn files(notes: &[Note]) -> Vec<&str> {
    notes.iter().filter_map(|note| note.content.file.as_ref()).map(|file| file.id.as_str()).collect()
}

#[tokio::test]
async fn words_a_voice_message_a_file_and_a_place_are_left_when_asked_for() {
    let (office, _, mut ana) = with_tasks(&["OPE-1"]).await;
    let ask = format!("tarea:nota:{}", office.task("OPE-1").await.id);
    let file =
        json!({ "file_id": "f", "file_unique_id": "uf", "mime_type": "application/pdf", "file_size": 30_000_000 });
    let said = [
        json!({ "text": "El portón <no> cierra" }),
        json!({ "voice": { "file_id": "v", "file_unique_id": "uv" } }),
        json!({ "document": file }),
        json!({ "location": { "latitude": -34.6, "longitude": -58.4 } }),
    ];
    for content in said {
        assert!(office.presses(&mut ana, &ask).await.contains("una foto"));
        let answer = office.sends(&mut ana, content.clone()).await;
        assert!(answer.contains("Quedó en <code>OPE-1</code>"), "{answer}");
        assert_eq!(answer.contains("20 MB"), content.get("document").is_some(), "{answer}");
        assert_eq!(ana.dialogue, None);
    }
    let notes = notes(&office, "OPE-1").await;
    let kinds: Vec<NoteKind> = notes.iter().map(|note| note.content.kind).collect();
    assert_eq!(kinds, [NoteKind::Text, NoteKind::Voice, NoteKind::File, NoteKind::Place]);
    let texts: Vec<Option<&str>> =
        notes.iter().map(|note| note.content.text.as_ref().map(|text| text.as_str())).collect();
    assert_eq!(texts, [Some("El portón <no> cierra"), None, None, Some("-34.600000,-58.400000")]);
    assert_eq!(notes[1].content.file.as_ref().unwrap().mime.as_deref(), Some("audio/ogg"));
}

#[tokio::test]
async fn words_that_are_no_note_are_not_kept() {
    let (office, _, mut ana) = with_tasks(&["OPE-1"]).await;
    let ask = format!("tarea:nota:{}", office.task("OPE-1").await.id);
    office.presses(&mut ana, &ask).await;
    assert!(office.writes(&mut ana, &"x".repeat(2001)).await.contains("tiene 2001"));
    assert!(office.writes(&mut ana, "/ayuda").await.contains("queda con la tarea"));
    assert!(office.writes(&mut ana, "/cancelar").await.contains("Cancelado"));
    office.presses(&mut ana, &ask).await;
    assert!(office.presses(&mut ana, "finalizar:cancel").await.contains("Cancelado"));
    assert_eq!(ana.dialogue, None);
    office.presses(&mut ana, &ask).await;
    let forwarded = json!({ "text": "De otro", "forward_date": 1 });
    assert!(office.sends(&mut ana, forwarded).await.contains("reenviado"));
    // What says that it is done is no note.
    assert!(office.writes(&mut ana, "listo OPE-1").await.contains("finalizada"));
    assert_eq!(notes(&office, "OPE-1").await, []);
}

#[tokio::test]
async fn a_photo_of_somebody_with_one_begun_task_goes_there_and_an_album_with_it() {
    let (office, _, mut ana) = with_tasks(&["OPE-1", "OPE-2"]).await;
    assert!(office.sends(&mut ana, photo("a")).await.contains("Quedó en <code>OPE-1</code>"));
    assert!(office.sends(&mut ana, of_album("b", "1")).await.contains("OPE-1"));
    assert_eq!(office.sends(&mut ana, of_album("c", "1")).await, "", "said once");
    office.presses(&mut ana, &format!("tarea:nota:{}", office.task("OPE-2").await.id)).await;
    assert!(office.sends(&mut ana, of_album("d", "2")).await.contains("OPE-2"));
    assert_eq!(office.sends(&mut ana, of_album("e", "2")).await, "");
    assert!(office.sends(&mut ana, photo("f")).await.contains("OPE-1"), "the album is over");
    assert!(office.writes(&mut ana, "hola").await.contains("No entendí"));
    assert_eq!(files(&notes(&office, "OPE-1").await), ["a", "b", "c", "f"]);
    assert_eq!(files(&notes(&office, "OPE-2").await), ["d", "e"]);
}

#[tokio::test]
async fn whoever_has_several_tasks_is_asked_which() {
    let (office, _, mut ana) = with_tasks(&["OPE-1", "OPE-2"]).await;
    let (first, second) = (office.task("OPE-1").await.id, office.task("OPE-2").await.id);
    office.presses(&mut ana, &format!("tarea:pausar:{first}")).await;
    let asked = office.sends(&mut ana, of_album("a", "1")).await;
    assert!(asked.contains("¿En qué tarea lo dejo?") && asked.contains("OPE-1") && asked.contains("OPE-2"), "{asked}");
    assert_eq!(office.sends(&mut ana, of_album("b", "1")).await, "");
    assert!(office.writes(&mut ana, "a la segunda").await.contains("Pulse a qué tarea"));
    assert!(office.sends(&mut ana, photo("c")).await.contains("dejo los 3"));
    // Killed before the answer was kept: worked once more, and kept once.
    let press = office.press(&ana, &format!("nota:en:{second}"));
    let before = office.answer(&ana, &press).await;
    assert_eq!(before.dialogue, Change::End);
    let said = office.update(&mut ana, press).await;
    assert!(said.contains("Quedaron 3 notas en <code>OPE-2</code>"), "{said}");
    assert!(office.presses(&mut ana, &format!("nota:en:{first}")).await.contains("ya se hizo"));
    assert_eq!(files(&notes(&office, "OPE-2").await), ["a", "b", "c"]);
    assert_eq!(notes(&office, "OPE-1").await, []);
}

#[tokio::test]
async fn a_file_goes_nowhere_by_accident() {
    let (office, mut sofia, mut ana) = with_tasks(&["OPE-1"]).await;
    let task = office.task("OPE-1").await.id;
    let mut luis = office.officer(12, "Luis").await;
    assert!(office.sends(&mut luis, photo("a")).await.contains("no lo guardé"));
    let said = office.presses(&mut luis, &format!("tarea:nota:{task}")).await;
    assert!(said.contains("no puede verla"), "{said}");
    for content in [photo("b"), json!({ "text": "Mía" })] {
        // As if it had been asked for before the task was taken from Luis.
        luis.dialogue = Some(Dialogue::Note { tarea: task, album: None });
        assert!(office.sends(&mut luis, content).await.contains("no puede verla"));
        assert_eq!(luis.dialogue, None);
    }
    office.presses(&mut sofia, "menu:crear:start").await;
    office.presses(&mut sofia, &format!("tarea:seguir:{task}")).await;
    assert_eq!(notes(&office, "OPE-1").await, []);
    // The only begun task that Sofía answers for; the wizard goes on.
    let said = office.sends(&mut sofia, photo("c")).await;
    assert!(said.contains("OPE-1") && said.contains("1/6"), "{said}");
    office.presses(&mut ana, &format!("tarea:pausar:{task}")).await;
    let said = office.sends(&mut sofia, photo("d")).await;
    assert!(said.contains("no lo guardé") && said.contains("1/6"), "{said}");
    office.presses(&mut ana, &format!("tarea:finalizar:{task}")).await;
    assert!(office.sends(&mut ana, photo("e")).await.contains("OPE-1"));
    assert!(office.presses(&mut ana, "finalizar:confirm:yes").await.contains("finalizada"));
    assert_eq!(files(&notes(&office, "OPE-1").await), ["c", "e"]);
}
