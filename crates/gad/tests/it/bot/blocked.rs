//! Whoever blocks the bot is out of its reach, and supervisors hear of it.

use std::time::Duration;

use super::desk::{Desk, Member};
use crate::bot_stories;

bot_stories! {
    supervisors_hear_once_of_each_block,
    a_block_that_an_assignment_meets_is_told_once,
}

/// Lets the bot know of everybody.
async fn greets(people: &[&Member]) {
    for person in people {
        person.say("/start");
        person.reads("Su número de usuario").await;
    }
}

fn told(member: &Member) -> usize {
    member.messages().iter().filter(|message| message.says("Ana bloqueó al bot")).count()
}

/// Waits until somebody has been told so many times.
async fn is_told(desk: &Desk, member: &Member, times: usize) {
    let told = desk.telegram.settles(Duration::from_secs(10), |_| told(member) == times).await;
    assert!(told.is_ok(), "\n{}", member.transcript());
}

async fn supervisors_hear_once_of_each_block(desk: &Desk) {
    let (sofia, pablo) = (desk.supervisor("Sofía").await, desk.supervisor("Pablo").await);
    let (ana, luis) = (desk.officer("Ana").await, desk.officer("Luis").await);
    greets(&[&sofia, &pablo, &ana, &luis]).await;
    ana.block();
    is_told(desk, &sofia, 1).await;
    is_told(desk, &pablo, 1).await;
    ana.unblock();
    ana.say("/start");
    ana.reads("Su número de usuario").await;
    ana.block();
    is_told(desk, &sofia, 2).await;
    assert_eq!(told(&luis), 0, "an officer is not told of it");
    // A supervisor's own block reaches the other one.
    sofia.block();
    pablo.reads("Sofía bloqueó al bot").await;
}

async fn a_block_that_an_assignment_meets_is_told_once(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    greets(&[&sofia, &ana]).await;
    ana.block();
    // Telegram's word of it and the refused message come by two ways.
    desk.task("BLO-1", &sofia, &[&ana]).await;
    is_told(desk, &sofia, 1).await;
    desk.task("BLO-2", &sofia, &[&ana]).await;
    sofia.say("/tarea BLO-2");
    sofia.reads("BLO-2").await;
    assert_eq!(told(&sofia), 1, "\n{}", sofia.transcript());
}
