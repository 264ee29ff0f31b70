//! What people left with tasks.

use std::sync::Arc;

use domain::note::{FileName, NewNote, Note, NoteContent, NoteFile, NoteKind, NoteText};
use domain::{Level, NoteId, Point, TaskId, UserId};

use super::given::{a_task, a_user, broken_rule, minutes, noon};
use crate::{Rule, Store};

fn words(text: &str) -> NoteContent {
    NoteContent::text(NoteText::try_from(text).expect("within length"))
}

async fn add(store: &Arc<dyn Store>, note: &NewNote) -> Note {
    let mut tx = store.write().await.expect("a transaction");
    let note = tx.notes().add(note).await.expect("a note");
    tx.commit().await.expect("a commit");
    note
}

async fn of_task(store: &Arc<dyn Store>, task: TaskId, before: Option<NoteId>, limit: u32) -> Vec<Note> {
    store.read().await.expect("a connection").notes().of_task(task, before, limit).await.expect("an answer")
}

/// A note comes back as it was kept, of whatever kind.
pub async fn every_field_of_a_note_comes_back(store: &Arc<dyn Store>) {
    let user = a_user(store, Level::Supervisor).await;
    let task = a_task(store, &user).await;
    let name = |text: &str| FileName::try_from(text).expect("within length");
    let whole = NoteFile {
        id: name("AgACAgEAAxkBAAI"),
        unique_id: name("AQADAgAT"),
        mime: Some("image/jpeg".to_owned()),
        bytes: Some(5_000_000_000),
    };
    let bare = NoteFile { mime: None, bytes: None, ..whole.clone() };
    let caption = NoteText::try_from("La reja, rota: «ñ» 🚧").ok();
    let contents = [
        words("Nadie en el portón"),
        NoteContent::file(NoteKind::Photo, whole.clone(), caption),
        NoteContent::file(NoteKind::Voice, bare, None),
        NoteContent::file(NoteKind::File, whole, None),
        NoteContent::place(Point::new(-34.6, -58.4).expect("within range")),
    ];
    for content in contents {
        let new = NewNote { task: task.id, by: user.id, content, at: minutes(3) };
        let note = add(store, &new).await;
        assert_eq!((note.task, note.by, note.at), (new.task, new.by, new.at));
        assert_eq!(note.content, new.content);
        let mut tx = store.read().await.expect("a connection");
        assert_eq!(tx.notes().by_id(note.id).await.expect("an answer"), Some(note));
    }
    let mut tx = store.read().await.expect("a connection");
    assert_eq!(tx.notes().by_id(NoteId(404)).await.expect("an answer"), None);
}

/// Those of one task, of which the newest are given, the newest last; those before one of them too.
pub async fn notes_come_newest_last(store: &Arc<dyn Store>) {
    let user = a_user(store, Level::Supervisor).await;
    let (task, other) = (a_task(store, &user).await, a_task(store, &user).await);
    let mut kept = Vec::new();
    for n in 1..=5 {
        for task in [task.id, other.id] {
            // A clock that was set back does not change the order in which they came.
            let at = minutes(-n);
            let note = add(store, &NewNote { task, by: user.id, content: words(&format!("Nota {n}")), at }).await;
            kept.extend((note.task != other.id).then_some(note));
        }
    }
    assert_eq!(of_task(store, task.id, None, 100).await, kept);
    assert_eq!(of_task(store, task.id, None, 2).await, kept[3..]);
    assert_eq!(of_task(store, task.id, Some(kept[3].id), 2).await, kept[1..3]);
    assert_eq!(of_task(store, task.id, Some(kept[0].id), 2).await, []);
    assert_eq!(of_task(store, TaskId(404), None, 2).await, []);
}

/// A note needs a task and a user.
pub async fn a_note_of_nothing_is_refused(store: &Arc<dyn Store>) {
    let user = a_user(store, Level::Supervisor).await;
    let task = a_task(store, &user).await;
    for (task, by, rule) in [(TaskId(404), user.id, Rule::UnknownTask), (task.id, UserId(404), Rule::UnknownUser)] {
        let mut tx = store.write().await.expect("a transaction");
        let outcome = tx.notes().add(&NewNote { task, by, content: words("Nadie"), at: noon() }).await;
        assert_eq!(broken_rule(&outcome), Some(rule));
    }
}
