//! Input that nobody thinks of: each is answered, and nothing happens by accident.

use serde_json::json;

use super::desk::{Desk, step};
use crate::bot_stories;

bot_stories! {
    every_kind_of_message_is_answered,
    what_people_write_is_shown_as_they_wrote_it,
    strange_words_in_the_wizard_leave_its_step,
    a_message_that_is_changed_later_does_nothing_again,
    in_a_group_the_bot_asks_for_a_private_chat,
    buttons_with_strange_data_are_answered,
}

async fn every_kind_of_message_is_answered(desk: &Desk) {
    let ana = desk.officer("Ana").await;
    let file = json!({ "file_id": "AgACAgEAAxkBAAI00000001", "file_unique_id": "AAxkBAAI", "file_size": 10 });
    ana.send(json!({ "sticker": file, "date": 1 }));
    ana.expect(|_| true).await;
    ana.send_contact("+54 11 5555 0000");
    ana.expect(|_| true).await;
    ana.send(json!({ "voice": file }));
    ana.expect(|_| true).await;
    ana.send(json!({ "poll": { "question": "¿?" } }));
    ana.expect(|_| true).await;
    ana.say(&"a".repeat(4096));
    ana.expect(|_| true).await;
    ana.say("\u{202e}oditrevni");
    ana.expect(|_| true).await;
    ana.say("/");
    ana.expect(|_| true).await;
    ana.say("/noexiste");
    ana.reads("/ayuda").await;
    assert!(desk.boss.gets("/api/v1/tasks/").await.ok().as_array().unwrap().is_empty());
}

async fn what_people_write_is_shown_as_they_wrote_it(desk: &Desk) {
    let sofia = desk.supervisor("Sofía <3 & Cía").await;
    sofia.say("/start");
    sofia.reads("Sofía <3 & Cía").await;
    sofia.say(&format!("/crear HTML-1 \"<b>Cuidar</b> & <i>cerrar\" patrullaje {} ", sofia.user));
    sofia.expect(|_| true).await;
    let body = json!({ "codigo": "HTML-2", "titulo": "<b>Cuidar</b> & <i>cerrar", "tipo": "patrullaje",
        "inicio_programado": "2026-11-25T12:00:00Z", "delegado_usuario_id": sofia.user });
    desk.boss.posts("/api/v1/tasks/", body).await.ok();
    sofia.say("/historial");
    let shown = sofia.expect(|message| message.says("HTML-2") && message.says("cerrar")).await;
    assert!(shown.says("<b>Cuidar</b> & <i>cerrar"), "{}", shown.text());
}

async fn strange_words_in_the_wizard_leave_its_step(desk: &Desk) {
    let sofia = desk.supervisor("Sofía").await;
    sofia.say("/start");
    sofia.press("menu:crear:start").await;
    sofia.press("crear:tipo:OPERATIVO").await;
    sofia.expect(step(2)).await;
    sofia.send_photo(&b"jpeg"[..], "");
    sofia.expect(|_| true).await;
    sofia.share_location(-34.6, -58.4);
    sofia.expect(|_| true).await;
    sofia.say("/historial");
    sofia.expect(|_| true).await;
    sofia.say("EXT-1");
    sofia.expect(step(3)).await;
    sofia.say("<script>alert('título')</script>");
    let delegate = sofia.expect(step(4)).await;
    assert!(delegate.button_for("crear:cancel").is_some());
    let tap = sofia.tap_old("crear:tipo:EMERGENCIA");
    sofia.answered(&tap).await;
    let tap = sofia.tap_old("crear:confirm:yes");
    sofia.answered(&tap).await;
    assert!(desk.tasks("EXT-1").await.is_empty());
}

async fn a_message_that_is_changed_later_does_nothing_again(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    desk.task("EDI-1", &sofia, &[&ana]).await;
    desk.task("EDI-2", &sofia, &[&ana]).await;
    let written = ana.say("/finalizar EDI-1");
    ana.reads("'EDI-1' finalizada").await;
    ana.edit(written, "/finalizar EDI-2");
    ana.say("/ayuda");
    ana.reads("/finalizar").await;
    assert_eq!(desk.the("EDI-2").await["estado"], "programada");
}

async fn in_a_group_the_bot_asks_for_a_private_chat(desk: &Desk) {
    let sofia = desk.supervisor("Sofía").await;
    let group = desk.telegram.group("Guardia norte");
    let voice = group.member(&sofia);
    voice.say("/historial@gad_demo_bot");
    let answer = voice.expect(|_| true).await;
    assert!(answer.says("privado") && answer.button_for("menu:crear:start").is_none(), "{}", answer.text());
}

async fn buttons_with_strange_data_are_answered(desk: &Desk) {
    let ana = desk.officer("Ana").await;
    let long = "x".repeat(64);
    for data in [
        "",
        ":::",
        "crear",
        "page:-1",
        "page:99999999999999999999",
        "finalizar:select:'; DROP TABLE tareas",
        "hist_page_",
        &long,
        "😀:😀",
    ] {
        let tap = ana.tap_old(data);
        ana.answered(&tap).await;
    }
}
