//! The card of a task: it comes with the assignment, and its buttons move the task.

use super::desk::{CENTRE, Desk};
use crate::bot_stories;

bot_stories! {
    an_assignment_comes_as_a_card_and_is_carried_through,
    a_task_is_rejected_with_a_reason,
    the_place_comes_as_a_pin,
    a_live_location_is_where_the_officer_is,
}

async fn an_assignment_comes_as_a_card_and_is_carried_through(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    ana.say("/start");
    ana.reads("Ana").await;
    desk.task("TAR-1", &sofia, &[&ana]).await;
    let card = ana.reads("TAR-1").await;
    assert!(card.says("Recorrer la plaza") && card.button("Aceptar").is_some(), "{:?}", card.buttons());
    ana.tap("Aceptar").await;
    desk.sees("TAR-1", "en_curso").await;
    ana.expect(|message| message.says("TAR-1") && message.button("Pausar").is_some()).await;
    ana.tap("Pausar").await;
    desk.sees("TAR-1", "pausada").await;
    ana.expect(|message| message.button("Continuar").is_some()).await;
    ana.tap("Continuar").await;
    desk.sees("TAR-1", "en_curso").await;
    ana.expect(|message| message.button("Finalizar").is_some()).await;
    ana.tap("Finalizar").await;
    ana.press("finalizar:confirm:yes").await;
    desk.sees("TAR-1", "finalizada").await;
    let cards = ana.messages().into_iter().filter(|message| message.button("Aceptar").is_some());
    assert_eq!(cards.count(), 0, "what can no longer be done is not offered");
}

async fn a_task_is_rejected_with_a_reason(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    for person in [&sofia, &ana] {
        person.say("/start");
        person.expect(|_| true).await;
    }
    desk.task("TAR-2", &sofia, &[&ana]).await;
    ana.reads("TAR-2").await;
    ana.tap("Rechazar").await;
    ana.reads("por qué").await;
    ana.say("El móvil está en el taller");
    let told = sofia.reads("El móvil está en el taller").await;
    assert!(told.says("TAR-2") && told.says("Ana"), "{}", told.text());
    assert_eq!(desk.the("TAR-2").await["efectivos_asignados"], serde_json::json!([]));
}

async fn the_place_comes_as_a_pin(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    ana.say("/start");
    ana.reads("Ana").await;
    desk.task("TAR-3", &sofia, &[&ana]).await;
    ana.reads("TAR-3").await;
    ana.tap("mapa").await;
    let pin = ana.expect(|message| message.location().is_some()).await;
    let (lat, lng) = pin.location().unwrap();
    assert!((lat - CENTRE.0).abs() < 1e-6 && (lng - CENTRE.1).abs() < 1e-6);
}

async fn a_live_location_is_where_the_officer_is(desk: &Desk) {
    let ana = desk.officer("Ana").await;
    ana.say("/start");
    ana.reads("Ana").await;
    let live = ana.live_location(-34.61, -58.40, 3600);
    ana.reads("posición").await;
    live.moves(-34.65, -58.45);
    let path = format!("/api/v1/efectivos/{}/posiciones", ana.officer);
    let look = async {
        loop {
            let track = desk.boss.gets(&path).await.text;
            if track.contains("-34.65") {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    let looked = tokio::time::timeout(std::time::Duration::from_secs(10), look).await;
    assert!(looked.is_ok(), "not in the track: {}", desk.boss.gets(&path).await.text);
    live.stops();
}
