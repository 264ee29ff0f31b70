//! What was done, how much of it, and how it is found again.

use super::desk::{Desk, shows};
use crate::bot_stories;

bot_stories! {
    history_has_pages_of_ten,
    history_by_state_and_a_wrong_word,
    figures_are_those_of_the_record,
    a_task_is_found_by_a_word,
    my_day,
}

async fn history_has_pages_of_ten(desk: &Desk) {
    let sofia = desk.supervisor("Sofía").await;
    for n in 10..23 {
        desk.task(&format!("HIS-{n}"), &sofia, &[]).await;
    }
    sofia.say("/historial");
    let first = sofia.reads("HIS-").await;
    let codes = |text: &str| text.matches("HIS-").count();
    // A title may repeat the code of its task.
    let on_each = codes(first.text()) / 10;
    assert_eq!(codes(first.text()), 10 * on_each, "{}", first.text());
    assert!(on_each >= 1, "{}", first.text());
    let tap = sofia.tap_data(&first, "hist_noop");
    sofia.answered(&tap).await;
    sofia.tap_data(&first, "hist_page_1");
    let second = sofia.reads("HIS-").await;
    assert_eq!(codes(second.text()), 3 * on_each, "{}", second.text());
    let tap = sofia.tap_data(&second, "hist_close");
    sofia.answered(&tap).await;
    let tap = sofia.tap_data(&second, "hist_page_99");
    sofia.answered(&tap).await;
}

async fn history_by_state_and_a_wrong_word(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    desk.task("HIS-1", &sofia, &[&ana]).await;
    desk.task("HIS-2", &sofia, &[&ana]).await;
    ana.say("/finalizar HIS-1");
    ana.reads("exitosamente").await;
    ana.say("/historial finalizadas");
    assert!(!ana.reads("HIS-1").await.says("HIS-2"));
    ana.say("/historial activas");
    assert!(!ana.reads("HIS-2").await.says("HIS-1"));
    ana.say("/historial viejas");
    let answer = ana.reads("finalizadas").await;
    assert!(answer.says("todas") && answer.says("activas"), "{}", answer.text());
}

async fn figures_are_those_of_the_record(desk: &Desk) {
    let sofia = desk.supervisor("Sofía").await;
    for n in 0..3 {
        desk.task(&format!("EST-{n}"), &sofia, &[]).await;
    }
    sofia.say("/finalizar EST-0");
    sofia.reads("exitosamente").await;
    sofia.say("/estadisticas");
    let figures = sofia.reads("cifras").await;
    assert!(figures.says("3") && figures.says("patrullaje"), "{}", figures.text());
}

async fn a_task_is_found_by_a_word(desk: &Desk) {
    let (sofia, beto) = (desk.supervisor("Sofía").await, desk.officer("Beto").await);
    desk.task("BUS-1", &sofia, &[]).await;
    sofia.say("/buscar plaza");
    sofia.expect(|message| shows(message, "BUS-1")).await;
    sofia.say("/start");
    sofia.press("menu:tareas:search").await;
    sofia.expect(|message| !shows(message, "BUS-1")).await;
    sofia.say("bus-1");
    sofia.expect(|message| shows(message, "BUS-1")).await;
    beto.say("/buscar plaza");
    assert!(!shows(&beto.expect(|_| true).await, "BUS-1"), "it is not his");
}

async fn my_day(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    desk.task("DIA-1", &sofia, &[&ana]).await;
    desk.task("DIA-2", &sofia, &[]).await;
    ana.say("/start");
    ana.reads("Ana").await;
    ana.press("menu:tareas:list:mis").await;
    assert!(!shows(&ana.expect(|message| shows(message, "DIA-1")).await, "DIA-2"));
}
