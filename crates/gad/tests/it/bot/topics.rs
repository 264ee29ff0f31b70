//! Forums: groups whose messages are sorted into topics.

use std::time::Duration;

use evaluation::telegram::{Fault, Message, Rule};
use serde_json::json;

use super::crowd::{Crowd, announces};
use crate::office::On;

/// The topic that a message is in.
fn topic(message: &Message) -> Option<i64> {
    message.json["message_thread_id"].as_i64()
}

#[tokio::test(flavor = "multi_thread")]
async fn topics_of_the_settings_and_of_questions_are_answered_in() {
    let crowd = Crowd::open(On::Sqlite).await;
    let (chiefs, squad) = (crowd.telegram.group("Jefatura"), crowd.telegram.group("Guardia"));
    let phone = crowd.telegram.person("Testigo");
    let crowd = crowd.with("ADMIN_CHAT_ID", format!("{}:45", chiefs.id));
    let crowd = crowd.with("GAD_TELEGRAM_GROUPS", format!("operaciones={}:46", squad.id));
    let (server, boss) = crowd.serves().await;
    let (chiefs_seen, squad_seen) = (chiefs.member(&phone), squad.member(&phone));
    let call = |text: &str| json!({ "telegram_id": 0, "lat": -34.6, "lng": -58.4, "descripcion": text });

    boss.posts("/api/v1/tasks/emergency", call("Humo en el puerto")).await.ok();
    assert_eq!(topic(&chiefs_seen.reads("Humo").await), Some(45));
    announces(&boss, "operaciones", "info", "Operativo a las 20").await;
    assert_eq!(topic(&squad_seen.reads("Operativo").await), Some(46));

    // A closed topic is passed over: the call for help is read in the group.
    let closed = Fault::Refusal(400, "Bad Request: TOPIC_CLOSED".to_owned());
    crowd.telegram.breaks(Rule::new(closed).on("sendMessage").to(chiefs.id).times(1));
    boss.posts("/api/v1/tasks/emergency", call("Derrumbe en la plaza")).await.ok();
    assert_eq!(topic(&chiefs_seen.reads("Derrumbe").await), None);
    boss.posts("/api/v1/tasks/emergency", call("Choque en la avenida")).await.ok();
    assert_eq!(topic(&chiefs_seen.reads("Choque").await), Some(45), "an open topic is used again");

    // What is asked in a topic is answered there; what is asked outside of topics is not.
    let asked = json!({ "text": "/ayuda", "message_thread_id": 7, "is_topic_message": true });
    squad_seen.send(asked);
    assert_eq!(topic(&squad_seen.expect(|message| message.is_the_bots() && topic(message) == Some(7)).await), Some(7));
    chiefs_seen.say("/ayuda");
    let answer = chiefs_seen.expect(|message| message.is_the_bots() && !message.says("Choque")).await;
    assert_eq!(topic(&answer), None);
    crowd.telegram.settles(Duration::from_secs(10), |telegram| telegram.pending() == 0).await.unwrap();
    assert!(server.ends().await);
    crowd.closes().await;
}
