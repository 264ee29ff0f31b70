//! What is said gets to Telegram: as fast as Telegram takes it, the urgent first, through all trouble.

use std::time::{Duration, Instant};

use evaluation::telegram::{Fault, Kind, Rule};

use super::crowd::{Crowd, announces};
use crate::intruder::Intruder;
use crate::keep::Keep;
use crate::office::On;

/// A sender that was killed is followed by another after this at the latest.
const TAKEOVER: Duration = Duration::from_secs(10);

async fn a_crowd_is_told(on: On, people: usize, within: Duration) {
    let mut crowd = Crowd::open(on).await;
    let (server, boss) = crowd.serves().await;
    crowd.hires(&boss, people, 20).await;
    crowd.is_heard().await;
    let began = Instant::now();
    announces(&boss, "general", "info", "Cambio de turno a las 18").await;
    let (telegram, enough) = (&crowd.telegram, people / 4);
    telegram.settles(within, |telegram| telegram.said() >= enough).await.unwrap();
    // Comes last and is of those who are to be told twice.
    let raised = Instant::now();
    announces(&boss, "supervisores", "urgent", "Evacuar el puerto").await;
    let all = |_: &evaluation::telegram::Standin| crowd.told("Evacuar").iter().sum::<usize>() == 20;
    telegram.settles(Duration::from_secs(10), all).await.unwrap();
    let (urgent, others) = (raised.elapsed(), telegram.said());
    assert!(others < people, "emergencies came after all else: {others}");
    crowd.all_hear("Cambio de turno", within).await;
    let took = began.elapsed();
    println!(
        "{people} and 20 were told in {took:?}, {} in the busiest second, the 20 in {urgent:?}",
        telegram.busiest_second()
    );
    assert!(took < within, "{took:?}");
    assert!(urgent < Duration::from_secs(3), "{urgent:?}");
    assert!(crowd.told("Cambio de turno").iter().all(|times| *times == 1));
    telegram.is_content();
    assert!(server.ends().await);
    crowd.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_is_told_and_emergencies_first_on_postgres() {
    // A thousand alone are sent to in less than forty seconds, which is printed.
    let (people, within) = crate::acceptance::size((200, 30), (1000, 60));
    a_crowd_is_told(On::Postgres, people, Duration::from_secs(within)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_is_told_and_emergencies_first_on_sqlite() {
    let (people, within) = crate::acceptance::size((200, 30), (1000, 60));
    a_crowd_is_told(On::Sqlite, people, Duration::from_secs(within)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sends_on_when_the_sender_is_killed() {
    let mut crowd = Crowd::open(On::Postgres).await;
    let (first, boss) = crowd.serves().await;
    crowd.hires(&boss, 200, 0).await;
    crowd.is_heard().await;
    let (second, _) = crowd.serves().await;
    announces(&boss, "general", "info", "Cambio de turno").await;
    crowd.telegram.settles(TAKEOVER, |telegram| telegram.said() >= 60).await.unwrap();
    first.dies().await;
    let killed = Instant::now();
    let said = crowd.telegram.said();
    crowd.telegram.settles(TAKEOVER, |telegram| telegram.said() > said + 1).await.unwrap();
    let followed = killed.elapsed();
    crowd.all_hear("Cambio de turno", Duration::from_secs(20)).await;
    let twice = crowd.told("Cambio de turno").iter().filter(|times| **times > 1).count();
    println!("followed after {followed:?}; {twice} of 200 were told twice");
    // Those that were on their way, or whose answer was not written yet.
    assert!(twice <= 32 && crowd.told("Cambio de turno").iter().all(|times| *times <= 2));
    assert!(second.ends().await);
    // The one who follows counts what the other has said.
    crowd.telegram.is_content();
    crowd.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_ends_in_order_says_nothing_twice() {
    let mut crowd = Crowd::open(On::Sqlite).await;
    let (server, boss) = crowd.serves().await;
    crowd.hires(&boss, 60, 0).await;
    crowd.is_heard().await;
    crowd.telegram.breaks(Rule::new(Fault::Slow(Duration::from_millis(700))).on("sendMessage"));
    announces(&boss, "general", "info", "Cambio de turno").await;
    crowd.telegram.settles(Duration::from_secs(10), |telegram| telegram.said() >= 10).await.unwrap();
    assert!(server.ends().await);
    assert!(crowd.telegram.said() < 60, "the rest waits");
    let (server, _) = crowd.serves().await;
    crowd.all_hear("Cambio de turno", Duration::from_secs(20)).await;
    assert!(crowd.told("Cambio de turno").iter().all(|times| *times == 1));
    assert!(server.ends().await);
    crowd.telegram.is_content();
    crowd.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_at_telegrams_end_loses_nothing() {
    let mut crowd = Crowd::open(On::Sqlite).await;
    let (server, boss) = crowd.serves().await;
    crowd.hires(&boss, 60, 0).await;
    crowd.is_heard().await;
    let waits = crowd.people[7].id();
    for rule in [
        Rule::new(Fault::TooMany(2)).to(waits).times(2),
        Rule::new(Fault::Status(500)).one_in(7).times(4),
        Rule::new(Fault::Reset).one_in(11).times(2),
        Rule::new(Fault::Silence).one_in(13).times(1),
        Rule::new(Fault::LostAnswer).one_in(9).times(2),
    ] {
        crowd.telegram.breaks(rule.on("sendMessage"));
    }
    announces(&boss, "general", "info", "Cambio de turno").await;
    crowd.all_hear("Cambio de turno", Duration::from_secs(40)).await;
    let twice = crowd.told("Cambio de turno").iter().filter(|times| **times > 1).count();
    assert!(twice <= 2, "only whose answer was lost: {twice}");
    crowd.telegram.is_content();
    assert!(server.ends().await);
    crowd.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_cannot_be_written_to_is_tried_once_and_hears_again_after_writing() {
    let mut crowd = Crowd::open(On::Sqlite).await;
    let (server, boss) = crowd.serves().await;
    crowd.hires(&boss, 2, 0).await;
    crowd.is_heard().await;
    let never = crowd.telegram.person("Nadia");
    let body = serde_json::json!({ "telegram_id": never.id(), "nombre": "Nadia", "nivel": "1" });
    boss.posts("/api/v1/usuarios", body).await.ok();
    announces(&boss, "general", "info", "Primero").await;
    crowd.all_hear("Primero", Duration::from_secs(10)).await;
    let tried = || crowd.telegram.calls().iter().filter(|call| call.chat == Some(never.id())).count();
    crowd.telegram.settles(Duration::from_secs(10), |_| tried() == 1).await.unwrap();
    crowd.people[0].block();
    crowd.is_heard().await;
    announces(&boss, "general", "info", "Segundo").await;
    crowd.people[1].reads("Segundo").await;
    never.say("/start");
    never.reads("Nadia").await;
    announces(&boss, "general", "info", "Tercero").await;
    never.reads("Tercero").await;
    assert!(never.messages().iter().all(|message| !message.says("Segundo")));
    crowd.telegram.is_content();
    assert!(server.ends().await);
    let Keep::Directory(dir) = &crowd.keep else { unreachable!("it is on SQLite") };
    let mut record = Intruder::in_directory(dir.path()).await;
    let waiting =
        record.numbers("SELECT count(*) FROM telegram_mensajes WHERE enviado_en IS NULL AND fallado_en IS NULL").await;
    assert_eq!(waiting, [0], "nothing is kept for whom nothing can be sent");
    crowd.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_wait_while_telegram_is_away() {
    let mut crowd = Crowd::open(On::Sqlite).await;
    let (server, boss) = crowd.serves().await;
    crowd.hires(&boss, 20, 0).await;
    crowd.is_heard().await;
    crowd.telegram.breaks(Rule::new(Fault::Reset));
    announces(&boss, "general", "info", "Cambio de turno").await;
    let failed = |telegram: &evaluation::telegram::Standin| {
        telegram.calls().iter().filter(|call| call.method == "sendMessage" && call.code == 0).count() >= 3
    };
    crowd.telegram.settles(Duration::from_secs(20), failed).await.unwrap();
    // Killed in the middle of it, nothing is lost either.
    server.dies().await;
    let (server, _) = crowd.serves().await;
    crowd.telegram.mends();
    crowd.all_hear("Cambio de turno", Duration::from_secs(60)).await;
    assert!(crowd.told("Cambio de turno").iter().all(|times| *times == 1));
    crowd.telegram.is_content_but_for(&[Kind::TwoReaders]);
    assert!(server.ends().await);
    crowd.closes().await;
}

/// Errors of the Bot API to a message, documented and made up.
const ERRORS: [(u16, &str); 16] = [
    (400, "Bad Request: not enough rights to send text messages to the chat"),
    (400, "Bad Request: CHAT_WRITE_FORBIDDEN"),
    (400, "Bad Request: TOPIC_CLOSED"),
    (400, "Bad Request: message thread not found"),
    (400, "Bad Request: chat not found"),
    (400, "Bad Request: PEER_ID_INVALID"),
    (400, "Bad Request: can't parse entities: unsupported start tag"),
    (400, "Bad Request: message is too long"),
    (400, "Bad Request: the moon is full"),
    (402, "Payment Required: nobody knows why"),
    (403, "Forbidden: bot was blocked by the user"),
    (403, "Forbidden: bot was kicked from the supergroup chat"),
    (403, "Forbidden: not on Mondays"),
    (406, "Not Acceptable: nor today"),
    (413, "Request Entity Too Large"),
    (500, "Internal Server Error: restart"),
];

#[tokio::test(flavor = "multi_thread")]
async fn no_error_of_telegram_loses_an_emergency_and_the_log_names_each() {
    let crowd = Crowd::open(On::Sqlite).await;
    let group = crowd.telegram.group("Guardia");
    let phone = crowd.telegram.person("Testigo");
    let mut crowd = crowd.with("ADMIN_CHAT_ID", group.id);
    let log = tempfile::NamedTempFile::new().unwrap();
    let (server, boss) = crowd.serves_logging(log.reopen().unwrap()).await;
    crowd.hires(&boss, ERRORS.len(), ERRORS.len()).await;
    crowd.is_heard().await;
    for ((code, words), person) in ERRORS.iter().zip(&crowd.people) {
        let rule = Rule::new(Fault::Refusal(*code, (*words).to_owned())).on("sendMessage").to(person.id());
        crowd.telegram.breaks(rule.times(1));
    }
    announces(&boss, "supervisores", "urgent", "Evacuar el puerto").await;
    crowd.all_hear("Evacuar", Duration::from_secs(30)).await;
    assert!(crowd.told("Evacuar").iter().all(|times| *times == 1));
    // A chat of the settings is tried for longer, also when it is closed.
    let kicked = Fault::Refusal(403, "Forbidden: bot was kicked from the supergroup chat".to_owned());
    crowd.telegram.breaks(Rule::new(kicked).on("sendMessage").to(group.id).times(2));
    let rights = Fault::Refusal(400, "Bad Request: have no rights".to_owned());
    crowd.telegram.breaks(Rule::new(rights).on("sendMessage").to(group.id).times(1));
    let call = serde_json::json!({ "telegram_id": 0, "lat": -34.6037, "lng": -58.3816, "descripcion": "Humo" });
    boss.posts("/api/v1/tasks/emergency", call).await.ok();
    let member = group.member(&phone);
    let heard = |_: &evaluation::telegram::Standin| member.messages().iter().any(|message| message.says("Humo"));
    crowd.telegram.settles(Duration::from_secs(60), heard).await.unwrap();
    let figures = server.stranger().gets("/metrics").await.text;
    assert!(figures.contains("gad_telegram_emergencies_lost_total{reason=\"blocked\"} 0"), "{figures}");
    assert!(figures.contains("gad_telegram_chat_reachable{chat=\"admin\"} 1"), "{figures}");
    assert!(server.ends().await);
    let said = std::fs::read_to_string(log.path()).unwrap();
    for (code, words) in &ERRORS[..ERRORS.len() - 1] {
        assert!(said.contains(words), "the log does not have {code} {words}:\n{said}");
    }
    let rights = said.lines().find(|line| line.contains("have no rights")).expect("the group's error");
    assert!(rights.contains(&group.id.to_string()), "{rights}");
    for person in &crowd.people {
        assert!(!said.contains(&person.id().to_string()), "the number of an account is in the log");
    }
    crowd.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_to_a_closed_chat_is_lost_once_and_counted_and_logged() {
    let mut crowd = Crowd::open(On::Sqlite).await;
    let log = tempfile::NamedTempFile::new().unwrap();
    let (server, boss) = crowd.serves_logging(log.reopen().unwrap()).await;
    crowd.hires(&boss, 1, 1).await;
    crowd.is_heard().await;
    let words = "Forbidden: bot was blocked by the user";
    let rule = Rule::new(Fault::Refusal(403, words.to_owned())).on("sendMessage").to(crowd.people[0].id());
    crowd.telegram.breaks(rule);
    announces(&boss, "supervisores", "urgent", "Evacuar el puerto").await;
    let given_up = "gad_telegram_emergencies_lost_total{reason=\"blocked\"} 1";
    let lost = async {
        while !server.stranger().gets("/metrics").await.text.contains(given_up) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), lost).await.expect("it is given up");
    assert!(server.ends().await);
    let said = std::fs::read_to_string(log.path()).unwrap();
    let line = said.lines().find(|line| line.contains("telegram.given_up")).expect("a line of the log");
    assert!(line.contains(words) && line.contains("of user "), "{line}");
    crowd.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_of_the_settings_that_is_not_there_is_reported() {
    let crowd = Crowd::open(On::Sqlite).await.with("ADMIN_CHAT_ID", -100_777);
    let log = tempfile::NamedTempFile::new().unwrap();
    let (server, _) = crowd.serves_logging(log.reopen().unwrap()).await;
    let reported = async {
        while !server.stranger().gets("/metrics").await.text.contains("gad_telegram_chat_reachable{chat=\"admin\"} 0") {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), reported).await.expect("the figure");
    let mut doctor = crowd.place.gad(&["doctor", "--live", "--json", "--url", &server.url]);
    let output = doctor.output().await.unwrap();
    let found = String::from_utf8(output.stdout).unwrap();
    let chats: Vec<_> = found.lines().filter(|line| line.contains("Telegram chats")).collect();
    assert!(chats.len() == 1 && chats[0].contains("broken") && chats[0].contains("admin"), "{found}");
    assert!(!output.status.success());
    assert!(server.ends().await);
    let said = std::fs::read_to_string(log.path()).unwrap();
    assert!(said.lines().any(|line| line.contains("telegram.chat") && line.contains("chat not found")), "{said}");
    crowd.closes().await;
}
