//! A call for help.

use std::time::Duration;

use super::desk::{CENTRE, Desk};
use crate::bot_stories;

bot_stories! {
    a_call_for_help_sends_the_nearest,
    with_nobody_free_it_waits_and_says_so,
    a_call_is_called_off,
}

async fn a_call_for_help_sends_the_nearest(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    let (near, far) = (desk.officer_at("Nora", CENTRE).await, desk.officer_at("Félix", (-34.9, -58.0)).await);
    for person in [&sofia, &ana, &near, &far] {
        person.say("/start");
        person.expect(|_| true).await;
    }
    ana.say("/emergencia");
    ana.expect(|_| true).await;
    assert!(!ana.keyboard().is_empty(), "a button of the telephone shares the place");
    ana.share_location(CENTRE.0, CENTRE.1);
    ana.reads("Nora").await;
    let card = near.reads("emergencia").await;
    assert!(!card.silent, "it is heard");
    sofia.reads("emergencia").await;
    assert!(ana.keyboard().is_empty(), "the button is gone again");
    let tasks = desk.boss.gets("/api/v1/tasks/").await.ok();
    let task = &tasks.as_array().unwrap()[0];
    assert_eq!((&task["prioridad"], &task["efectivos_asignados"]), (&5.into(), &serde_json::json!([near.officer])));
    assert_eq!(tasks.as_array().unwrap().len(), 1);
}

async fn with_nobody_free_it_waits_and_says_so(desk: &Desk) {
    let ana = desk.officer("Ana").await;
    let began = std::time::Instant::now();
    ana.say("/emergencia");
    ana.expect(|_| true).await;
    ana.share_location(CENTRE.0, CENTRE.1);
    ana.expect(|message| !message.text().is_empty()).await;
    assert!(began.elapsed() < Duration::from_secs(8));
    assert_eq!(desk.boss.gets("/api/v1/tasks/").await.ok().as_array().unwrap().len(), 1);
}

async fn a_call_is_called_off(desk: &Desk) {
    let ana = desk.officer("Ana").await;
    ana.say("/emergencia");
    ana.expect(|_| true).await;
    ana.say("/cancelar");
    ana.reads("cancel").await;
    ana.share_location(CENTRE.0, CENTRE.1);
    ana.expect(|_| true).await;
    assert!(desk.boss.gets("/api/v1/tasks/").await.ok().as_array().unwrap().is_empty());
}
