//! The bot in English.

use super::desk::Desk;
use crate::bot_stories;

bot_stories! {
    english_when_it_is_asked_for_and_spanish_again,
}

async fn english_when_it_is_asked_for_and_spanish_again(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    desk.task("ENG-1", &sofia, &[&ana]).await;
    ana.say("/idioma en");
    ana.reads("English").await;
    ana.say("/start");
    let menu = ana.expect(|message| message.button_for("menu:tareas:list:mis").is_some()).await;
    assert!(menu.button_for("menu:tareas:list:mis").unwrap().label.contains("Task"), "{:?}", menu.buttons());
    ana.say("/finalizar ENG-1");
    let done = ana.reads("ENG-1").await;
    assert!(!done.says("exitosamente"), "{}", done.text());
    desk.sees("ENG-1", "finalizada").await;
    ana.say("/idioma es");
    ana.reads("español").await;
    ana.say("/idioma qu");
    let refusal = ana.expect(|_| true).await;
    assert!(refusal.says("es") && refusal.says("en"), "{}", refusal.text());
    ana.say("/start");
    let menu = ana.expect(|message| message.button_for("menu:tareas:list:mis").is_some()).await;
    assert!(menu.button_for("menu:tareas:list:mis").unwrap().label.contains("Tareas"));
}
