//! Many create a task at once while the process is killed and started again.

use std::time::Duration;

use evaluation::telegram::{Kind, Limits, Person as Phone};
use futures::future::join_all;
use serde_json::json;

use super::create::to_the_summary;
use super::desk::{Desk, step};
use crate::office::On;

/// How long one of many waits for the next step: all together hear thirty messages a second, and
/// nothing while the process is down.
const PATIENCE: Duration = Duration::from_secs(100);
/// What a bot that was killed between a call and its record cannot know: the edit was made, the tap
/// was answered.
const SAID_AGAIN: [Kind; 2] = [Kind::NotModified, Kind::StaleAnswer];

async fn goes_through_the_wizard(phone: &Phone, code: &str, user: i64) {
    phone.say("/start");
    phone.press("menu:crear:start").await;
    phone.expect(step(1)).await;
    phone.press("crear:tipo:OPERATIVO").await;
    phone.expect(step(2)).await;
    phone.say(code);
    phone.expect(step(3)).await;
    phone.say("Verificar el cruce de la avenida");
    phone.expect(step(4)).await;
    phone.say(&user.to_string());
    phone.expect(step(5)).await;
    phone.press("crear:asignado:done").await;
    phone.expect(step(6)).await;
    phone.press("crear:confirm:yes").await;
    phone.expect(|message| message.says(code) && message.says("exitosamente")).await;
}

async fn many_create_a_task_each(on: On, many: usize, kills: usize) {
    let desk = Desk::open(on).await;
    desk.telegram.limit(Limits { answer: Duration::from_secs(30), callback: Duration::from_secs(60) });
    let mut people = Vec::with_capacity(many);
    for n in 0..many {
        let phone = desk.telegram.person(&format!("Sofía {n}")).patient(PATIENCE);
        let body = json!({ "telegram_id": phone.id(), "nombre": phone.name(), "nivel": "2" });
        let user = desk.boss.posts("/api/v1/usuarios", body).await.ok()["id"].as_i64().unwrap();
        people.push((phone, user, format!("MIL-{n:03}")));
    }
    let work = join_all(people.iter().map(|(phone, user, code)| goes_through_the_wizard(phone, code, *user)));
    let trouble = async {
        for kill in 1..=kills {
            // Eight messages each: the kills come at even distances in the work.
            let reached = many * 8 * kill / (kills + 1);
            let heard = |telegram: &evaluation::telegram::Standin| telegram.said() >= reached;
            desk.telegram.settles(PATIENCE, heard).await.unwrap();
            desk.is_killed_and_comes_back().await;
        }
    };
    tokio::join!(work, trouble);
    let tasks = desk.boss_now().await.gets("/api/v1/tasks/?limit=500").await.ok();
    let mut codes: Vec<&str> = tasks.as_array().unwrap().iter().map(|task| task["codigo"].as_str().unwrap()).collect();
    codes.sort_unstable();
    let expected: Vec<&str> = people.iter().map(|(_, _, code)| code.as_str()).collect();
    assert_eq!(codes, expected, "each exactly once");
    assert!(desk.telegram.busiest_second() <= 30);
    desk.telegram.is_content_but_for(&SAID_AGAIN);
    desk.closes_but_for(&SAID_AGAIN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_create_a_task_each_through_kills_on_postgres() {
    let (many, kills) = crate::acceptance::size((30, 1), (300, 3));
    many_create_a_task_each(On::Postgres, many, kills).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_create_a_task_each_through_kills_on_sqlite() {
    let (many, kills) = crate::acceptance::size((30, 1), (300, 3));
    many_create_a_task_each(On::Sqlite, many, kills).await;
}

async fn the_wizard_survives_a_kill(on: On) {
    let desk = Desk::open(on).await;
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    to_the_summary(&sofia, "OPE-2026-004", &[&ana]).await;
    desk.is_killed_and_comes_back().await;
    sofia.press("crear:confirm:yes").await;
    sofia.reads("OPE-2026-004").await;
    desk.sees("OPE-2026-004", "programada").await;
    desk.closes_but_for(&SAID_AGAIN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wizard_survives_a_kill_on_sqlite() {
    the_wizard_survives_a_kill(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wizard_survives_a_kill_on_postgres() {
    the_wizard_survives_a_kill(On::Postgres).await;
}
