//! Stored JSON that a program of another version wrote, or that is broken: the bot goes on.

use std::time::Duration;

use super::crowd::announces;
use super::desk::Desk;
use crate::bot_stories;
use crate::stored::UNREADABLE;

bot_stories! {
    notices_go_on_after_events_that_cannot_be_read,
    a_dialogue_that_cannot_be_read_is_dropped,
}

/// How often stored JSON of a table could not be read.
async fn unreadable(desk: &Desk, table: &str) -> u64 {
    let text = desk.boss.without_token().gets("/metrics").await.text;
    let series = format!("gad_stored_rows_unreadable_total{{table=\"{table}\"}} ");
    let value = text.lines().find_map(|line| line.strip_prefix(&series)).unwrap_or_else(|| panic!("{series}"));
    value.parse().unwrap()
}

async fn notices_go_on_after_events_that_cannot_be_read(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    ana.unblock();
    desk.telegram.settles(Duration::from_secs(10), |telegram| telegram.pending() == 0).await.unwrap();
    assert_eq!(unreadable(desk, "eventos").await, 0);
    let mut intruder = desk.intruder().await;
    for (event_type, payload) in UNREADABLE {
        intruder.writes_an_event(event_type, payload).await;
    }
    desk.task("LEE-1", &sofia, &[&ana]).await;
    ana.reads("LEE-1").await;
    announces(&desk.boss, "general", "info", "Cambio de turno").await;
    ana.reads("Cambio de turno").await;
    assert!(unreadable(desk, "eventos").await >= UNREADABLE.len() as u64);
    assert_eq!(ana.messages().iter().filter(|message| message.says("LEE-1")).count(), 1, "\n{}", ana.transcript());
}

async fn a_dialogue_that_cannot_be_read_is_dropped(desk: &Desk) {
    let sofia = desk.supervisor("Sofía").await;
    let mut intruder = desk.intruder().await;
    for (nth, state) in [
        r#"{"dialogo":"turno","v":1}"#,
        r#"{"dialogo":"decline","v":1}"#,
        r#"{"dialogo":"search","v":2}"#,
        r#"{"dialogo":"decline","tarea":1e999}"#,
        "7",
    ]
    .iter()
    .enumerate()
    {
        sofia.say("/buscar");
        sofia.expect(|_| true).await;
        desk.telegram.settles(Duration::from_secs(10), |telegram| telegram.pending() == 0).await.unwrap();
        intruder.does(&format!("UPDATE telegram_dialogos SET estado = '{state}'")).await;
        sofia.say("la plaza");
        sofia.reads("/ayuda").await;
        assert_eq!(intruder.numbers("SELECT count(*) FROM telegram_dialogos").await, [0], "{state}");
        assert_eq!(unreadable(desk, "telegram_dialogos").await, nth as u64 + 1, "{state}");
    }
}
