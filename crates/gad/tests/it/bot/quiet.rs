//! Quiet hours.

use super::desk::{CENTRE, Desk};
use crate::bot_stories;

bot_stories! {
    quiet_holds_back_all_but_emergencies,
    answers_come_also_in_the_quiet,
    an_end_of_the_quiet_brings_what_was_put_off,
}

async fn quiet_holds_back_all_but_emergencies(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer_at("Ana", CENTRE).await);
    ana.say("/silencio 8");
    ana.reads("silencio").await;
    desk.task("SIL-1", &sofia, &[&ana]).await;
    let help = serde_json::json!({ "telegram_id": 0, "lat": CENTRE.0, "lng": CENTRE.1 });
    desk.boss.posts("/api/v1/tasks/emergency", help).await.ok();
    ana.expect(|message| message.says("emergencia") && !message.silent).await;
    assert!(ana.messages().iter().all(|message| !message.says("SIL-1")), "\n{}", ana.transcript());
}

async fn answers_come_also_in_the_quiet(desk: &Desk) {
    let ana = desk.officer("Ana").await;
    ana.say("/silencio 8");
    ana.reads("silencio").await;
    ana.say("/historial");
    ana.expect(|_| true).await;
}

async fn an_end_of_the_quiet_brings_what_was_put_off(desk: &Desk) {
    let sofia = desk.supervisor("Sofía").await;
    let (ana, luis) = (desk.officer("Ana").await, desk.officer("Luis").await);
    luis.say("/start");
    luis.reads("Luis").await;
    ana.say("/silencio 8");
    ana.reads("silencio").await;
    desk.task("SIL-2", &sofia, &[&ana, &luis]).await;
    // Both are told in one transaction.
    luis.reads("SIL-2").await;
    ana.say("/silencio 2");
    ana.reads("2 horas").await;
    assert!(ana.messages().iter().all(|message| !message.says("SIL-2")), "\n{}", ana.transcript());
    ana.say("/silencio no");
    ana.reads("SIL-2").await;
}
