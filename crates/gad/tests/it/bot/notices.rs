//! What people are told without having asked.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use serde_json::json;

use super::crowd::{Crowd, announces};
use super::desk::{CENTRE, Desk, Member};
use crate::bot_stories;
use crate::office::On;

bot_stories! {
    an_assignment_is_told_once_whoever_is_killed,
    a_newer_card_takes_the_buttons_of_the_older,
    quiet_holds_back_what_can_wait,
    a_task_that_was_to_end_is_told_once,
}

/// Lets the bot write.
async fn opens(desk: &Desk, people: &[&Member]) {
    for person in people {
        person.unblock();
    }
    desk.telegram.settles(Duration::from_secs(10), |telegram| telegram.pending() == 0).await.unwrap();
}

fn times(member: &Member, part: &str) -> usize {
    member.messages().iter().filter(|message| message.says(part)).count()
}

async fn an_assignment_is_told_once_whoever_is_killed(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    opens(desk, &[&sofia, &ana]).await;
    desk.task("AVI-1", &sofia, &[&ana]).await;
    let card = ana.reads("AVI-1").await;
    assert!(card.button("Aceptar").is_some(), "{:?}", card.buttons());
    announces(&desk.boss, "general", "info", "Cambio de turno").await;
    // What was sent before the next message is written: only the last one may be said again.
    ana.reads("Cambio de turno").await;
    desk.is_killed_and_comes_back().await;
    // The next one reads on where the last one was.
    let body = json!({ "codigo": "AVI-2", "titulo": "Recorrer el puerto", "tipo": "patrullaje",
        "inicio_programado": "2025-11-01T12:00:00Z", "delegado_usuario_id": sofia.user,
        "efectivos_asignados": [ana.officer] });
    desk.boss_now().await.posts("/api/v1/tasks/", body).await.ok();
    ana.reads("AVI-2").await;
    assert_eq!((times(&ana, "AVI-1"), times(&ana, "AVI-2")), (1, 1), "\n{}", ana.transcript());
}

async fn a_newer_card_takes_the_buttons_of_the_older(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    opens(desk, &[&sofia, &ana]).await;
    let task = desk.task("AVI-3", &sofia, &[&ana]).await;
    let card = ana.reads("AVI-3").await;
    let body = json!({ "titulo": "Recorrer la plaza y el puerto" });
    desk.boss.puts(&format!("/api/v1/tasks/{task}"), body).await.ok();
    let newer = ana.reads("la plaza y el puerto").await;
    assert!(newer.id() > card.id() && !newer.buttons().is_empty());
    let bare = |_: &evaluation::telegram::Standin| {
        ana.messages().iter().any(|message| message.id() == card.id() && message.buttons().is_empty())
    };
    desk.telegram.settles(Duration::from_secs(10), bare).await.unwrap();
}

async fn quiet_holds_back_what_can_wait(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer_at("Ana", CENTRE).await);
    ana.say("/silencio 8");
    ana.reads("silencio").await;
    desk.task("SIL-1", &sofia, &[&ana]).await;
    announces(&desk.boss, "general", "info", "Cambio de turno").await;
    announces(&desk.boss, "general", "urgent", "Evacuar el puerto").await;
    ana.reads("Evacuar el puerto").await;
    assert_eq!((times(&ana, "SIL-1"), times(&ana, "Cambio")), (0, 0), "\n{}", ana.transcript());
}

async fn a_task_that_was_to_end_is_told_once(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    opens(desk, &[&sofia, &ana]).await;
    #[expect(clippy::disallowed_methods, reason = "the binary's clock is that of the machine")]
    let now = Utc::now();
    let body = json!({ "codigo": "VEN-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": now - TimeDelta::hours(1), "fin_programado": now + TimeDelta::seconds(2),
        "delegado_usuario_id": sofia.user, "efectivos_asignados": [ana.officer] });
    desk.boss.posts("/api/v1/tasks/", body).await.ok();
    let both = |_: &evaluation::telegram::Standin| times(&ana, "vencida") == 1 && times(&sofia, "vencida") == 1;
    desk.telegram.settles(Duration::from_secs(25), both).await.unwrap();
    announces(&desk.boss, "general", "info", "Fin de turno").await;
    for person in [&ana, &sofia] {
        person.reads("Fin de turno").await;
    }
    desk.is_killed_and_comes_back().await;
    announces(&desk.boss_now().await, "general", "info", "Cambio de turno").await;
    for person in [&ana, &sofia] {
        person.reads("Cambio de turno").await;
        assert_eq!(times(person, "vencida"), 1, "\n{}", person.transcript());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_are_told_in_place_of_each_person() {
    let mut crowd = Crowd::open(On::Sqlite).await;
    let (squad, chief) = (crowd.telegram.group("Guardia"), crowd.telegram.group("Jefatura"));
    crowd = crowd.with("GAD_TELEGRAM_GROUPS", format!("operaciones={}", squad.id)).with("ADMIN_CHAT_ID", chief.id);
    let (server, boss) = crowd.serves().await;
    crowd.hires(&boss, 3, 1).await;
    crowd.is_heard().await;
    let (squad, chief) = (squad.member(&crowd.people[0]), chief.member(&crowd.people[0]));
    announces(&boss, "operaciones", "alert", "Operativo a las 20").await;
    squad.reads("Operativo a las 20").await;
    let help = json!({ "telegram_id": 0, "lat": CENTRE.0, "lng": CENTRE.1 });
    boss.posts("/api/v1/tasks/emergency", help).await.ok();
    let told = chief.reads("emergencia").await;
    assert!(told.buttons().is_empty(), "buttons do nothing in groups");
    crowd.people[0].reads("emergencia").await;
    assert_eq!(crowd.told("Operativo"), [0, 0, 0]);
    crowd.telegram.is_content();
    assert!(server.ends().await);
    crowd.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_past_is_not_told_when_a_bot_comes_to_an_office() {
    let mut crowd = Crowd::open(On::Postgres).await;
    let server = crowd.place.serves_with(&[]).await;
    let boss = server.signs_in("alba@prueba.gad").await;
    crowd.hires(&boss, 2, 1).await;
    announces(&boss, "general", "info", "De ayer").await;
    assert!(server.ends().await);
    let (server, boss) = crowd.serves().await;
    crowd.is_heard().await;
    announces(&boss, "general", "info", "De hoy").await;
    crowd.all_hear("De hoy", Duration::from_secs(10)).await;
    assert_eq!(crowd.told("De ayer"), [0, 0]);
    assert!(server.ends().await);
    crowd.telegram.is_content();
    crowd.closes().await;
}
