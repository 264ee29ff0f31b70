//! Everything that people send and that is not what was waited for.

use domain::TaskState;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::office::Office;
use crate::model::Language;

#[tokio::test]
async fn whoever_is_not_linked_gets_one_refusal() {
    let office = Office::open().await;
    let mut stranger = Office::stranger(99);
    let refused = office.writes(&mut stranger, "/start").await;
    assert!(refused.contains("no está vinculada"), "{refused}");
    for asked in ["/crear", "listo OPE-1", "hola", "/tareas"] {
        assert_eq!(office.writes(&mut stranger, asked).await, refused);
    }
    assert!(office.presses(&mut stranger, "menu:main").await.contains(&refused));
    assert!(office.writes(&mut stranger, "/ayuda").await.contains("/vincular CÓDIGO"));
    office.writes(&mut stranger, "/idioma en").await;
    assert!(office.writes(&mut stranger, "/start").await.contains("is not linked"));
}

#[tokio::test]
async fn the_menu_shows_what_the_level_allows() {
    let office = Office::open().await;
    let (mut supervisor, mut officer) = (office.supervisor().await, office.officer(11, "Ana <b>").await);
    insta::assert_snapshot!(office.writes(&mut supervisor, "/start").await, @r#"
    Hola, <b>Sofía</b> 👋
    Su número de usuario es <code>1</code>. ¿Qué desea hacer?
    [➕ Crear Nueva Tarea]
    [✅ Completar Tarea]
    [📋 Ver Mis Tareas]
    [🔎 Buscar Tareas]
    [🚨 Emergencia]
    [🧭 Quién Está Cerca]
    [📊 Reporte del Día]
    [❓ Centro de Ayuda]
    "#);
    insta::assert_snapshot!(office.writes(&mut officer, "/start").await, @r#"
    Hola, <b>Ana &lt;b&gt;</b> 👋
    Su número de usuario es <code>2</code>. ¿Qué desea hacer?
    [✅ Completar Tarea]
    [📋 Ver Mis Tareas]
    [🔎 Buscar Tareas]
    [🚨 Emergencia]
    [❓ Centro de Ayuda]
    "#);
    assert!(!office.writes(&mut officer, "/ayuda").await.contains("/crear"));
}

#[tokio::test]
async fn odd_messages_are_answered_and_change_nothing() {
    let office = Office::open().await;
    let (mut supervisor, mut officer) = (office.supervisor().await, office.officer(11, "Ana").await);
    let (user, id) = (supervisor.user.as_ref().unwrap().id, officer.officer.as_ref().unwrap().id);
    office.writes(&mut supervisor, &format!("/crear OPE-1 \"Control\" patrullaje {user} {id}")).await;
    let odd = [
        (json!({ "text": "listo OPE-1", "forward_date": 1 }), "reenviado"),
        (json!({ "text": "x".repeat(4096) }), "demasiado largo"),
        (json!({ "sticker": {} }), "no lo sé leer"),
        (json!({ "contact": { "phone_number": "1" } }), "no guardo contactos"),
        (json!({ "text": "hola" }), "No entendí"),
        (json!({ "text": "/editar OPE-1" }), "No entendí"),
        (json!({ "text": "\u{202E}<b>&" }), "No entendí"),
    ];
    for (content, answer) in odd {
        let said = office.sends(&mut officer, content).await;
        assert!(said.contains(answer), "{answer}: {said}");
    }
    let edited = json!({ "update_id": 7, "edited_message": { "message_id": 1, "date": 1, "edit_date": 2, "text": "listo OPE-1",
        "chat": { "id": 11, "type": "private" }, "from": { "id": 11 } } });
    assert!(office.update(&mut officer, edited).await.contains("envíelo de nuevo"));
    let group = json!({ "update_id": 8, "message": { "message_id": 1, "date": 1, "text": "/finalizar OPE-1",
        "chat": { "id": -5, "type": "supergroup" }, "from": { "id": 11 } } });
    assert!(office.update(&mut officer, group).await.contains("en privado"));
    assert_eq!(office.task("OPE-1").await.state, TaskState::Scheduled);
}

#[tokio::test]
async fn quiet_mode_and_language_are_chosen() {
    let office = Office::open().await;
    let mut officer = office.officer(11, "Ana").await;
    assert!(office.writes(&mut officer, "/silencio 3").await.contains("Sin avisos por 3 horas"));
    assert!(office.writes(&mut officer, "/silencio 99").await.contains("de 1 a 24"));
    assert!(office.writes(&mut officer, "/silencio no").await.contains("Avisos activados"));
    assert!(office.writes(&mut officer, "/idioma en").await.contains("I speak English"));
    assert_eq!(officer.state.language, Language::English);
    assert!(office.writes(&mut officer, "/tareas").await.contains("no tasks"));
}

/// Things that a person may press or write, in any order.
const PLAYS: [&str; 22] = [
    "!menu:crear:start",
    "!crear:tipo:OPERATIVO",
    "OPE-1",
    "Controlar el acceso norte",
    "!crear:delegado:1",
    "!crear:asignado:toggle:1",
    "!crear:asignado:done",
    "!crear:confirm:yes",
    "!crear:confirm:edit",
    "!crear:back:3",
    "!crear:next:2",
    "/cancelar",
    "/ayuda",
    "/emergencia",
    "!finalizar:select:OPE-1",
    "!finalizar:confirm:yes",
    "!finalizar:cancel",
    "!tarea:aceptar:1",
    "!tarea:rechazar:1",
    "listo OPE-1",
    "!menu:main",
    "!crear:confirm:x:no",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn whatever_is_pressed_and_written_each_is_answered_and_the_dialogue_can_be_kept(
        plays in prop::collection::vec(prop::sample::select(PLAYS.to_vec()), 1..40)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let office = Office::open().await;
            let mut person = office.person(20, "Sofía", domain::Level::Supervisor, true).await;
            for play in plays {
                let (data, text) = (play.strip_prefix('!'), play);
                let said = match data {
                    Some(data) => office.presses(&mut person, data).await,
                    None => office.writes(&mut person, text).await,
                };
                assert!(!said.is_empty(), "{play} was not answered");
                let kept: Option<Value> = person.dialogue.as_ref().map(|open| serde_json::to_value(open).unwrap());
                let read = kept.map(|kept| serde_json::from_value(kept).unwrap());
                assert_eq!(read, person.dialogue);
                if let Some(crate::talk::Dialogue::Create { asistente }) = &person.dialogue {
                    assert!(asistente.is_legal());
                }
            }
            let filter = store::task::TaskFilter::default();
            assert!(office.cx.store.read().await.unwrap().tasks().count(&filter).await.unwrap() <= 1);
        });
    }
}
