//! What supervisors do from the street.

use evaluation::telegram::Message;

use super::desk::{CENTRE, Desk};
use crate::bot_stories;

bot_stories! {
    who_is_near_is_asked_and_sent,
    the_day_comes_as_a_report,
    the_delegate_hears_how_it_goes,
}

async fn who_is_near_is_asked_and_sent(desk: &Desk) {
    let sofia = desk.supervisor("Sofía").await;
    let (near, far) = (desk.officer_at("Nora", CENTRE).await, desk.officer_at("Félix", (-34.65, -58.45)).await);
    desk.task("SUP-1", &sofia, &[]).await;
    sofia.say("/cerca");
    sofia.expect(|_| true).await;
    sofia.share_location(CENTRE.0, CENTRE.1);
    let list = sofia.reads("Nora").await;
    let place = |name: &str| list.text().find(name).unwrap_or_else(|| panic!("no {name} in {}", list.text()));
    assert!(place("Nora") < place("Félix"), "nearest first");
    assert!(near.officer != far.officer && list.buttons().iter().any(|button| button.data.is_some()));
}

async fn the_day_comes_as_a_report(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    desk.task("SUP-2", &sofia, &[&ana]).await;
    sofia.say("/reporte");
    sofia.reads("La oficina ahora").await;
    let is = |message: &Message, magic: &[u8]| message.file.as_ref().is_some_and(|file| file.starts_with(magic));
    let picture = sofia.expect(|message| is(message, b"\x89PNG")).await;
    assert!(picture.says("Informe del"), "{}", picture.text());
    sofia.expect(|message| is(message, b"PK")).await;
    ana.say("/reporte");
    // The notice of the task may come before it, now that the chat is known.
    let refusal = ana.reads("/start").await;
    assert!(refusal.file.is_none(), "{}", refusal.text());
}

async fn the_delegate_hears_how_it_goes(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    for person in [&sofia, &ana] {
        person.say("/start");
        person.expect(|_| true).await;
    }
    desk.task("SUP-3", &sofia, &[&ana]).await;
    ana.say("/finalizar SUP-3");
    ana.reads("exitosamente").await;
    sofia.expect(|message| message.says("SUP-3") && message.says("finalizada")).await;
}
