//! What Telegram tells is in the record before Telegram hears that it came, whoever is killed.

use std::time::{Duration, Instant};

use evaluation::telegram::{Fault, Rule, Standin};
use reqwest::StatusCode;
use serde_json::json;

use crate::binary::{Place, Server};
use crate::intruder::Intruder;
use crate::office::database::Private;

/// As `BotFather` gives them.
const TOKEN: &str = "7000000001:AAE-prueba_de_la_oficina";
/// What Telegram shows when it posts.
const SECRET: &str = "un-secreto-de-prueba";
/// How long what was told may be on its way.
const PATIENCE: Duration = Duration::from_secs(10);
/// A replica that was killed is followed by another after this at the latest.
const TAKEOVER: Duration = Duration::from_secs(10);

/// Updates in the inbox, in their order.
async fn kept(place: &mut Intruder) -> Vec<i64> {
    place.numbers("SELECT update_id FROM telegram_actualizaciones ORDER BY update_id").await
}

async fn asks(place: &Place, telegram: &Standin) -> Server {
    place.serves_with(&[("GAD_TELEGRAM_TOKEN", TOKEN), ("GAD_TELEGRAM_API_URL", &telegram.url)]).await
}

/// Serves where Telegram posts, and waits until Telegram knows.
async fn is_posted_to(place: &Place, telegram: &Standin) -> Server {
    let server = place
        .serves_with(&[
            ("GAD_TELEGRAM_TOKEN", TOKEN),
            ("GAD_TELEGRAM_API_URL", &telegram.url),
            ("TELEGRAM_WEBHOOK_URL", "https://gad.example.org"),
            ("GAD_TELEGRAM_WEBHOOK_SECRET", SECRET),
        ])
        .await;
    telegram.webhooks_go_to(server.url.trim_start_matches("http://").parse().unwrap());
    telegram.settles(PATIENCE, |telegram| telegram.webhook().is_some()).await.unwrap();
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_told_is_kept_when_the_process_is_killed_right_after() {
    let telegram = Standin::open(TOKEN).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    let ana = telegram.person("Ana");
    ana.say("uno");
    ana.say("dos");
    let server = asks(&place, &telegram).await;
    // Telegram forgets an update when a question names a higher number.
    telegram.settles(PATIENCE, |telegram| telegram.pending() == 0).await.unwrap();
    server.dies().await;
    assert_eq!(kept(&mut Intruder::in_directory(dir.path()).await).await.len(), 2);
    ana.say("tres");
    let server = asks(&place, &telegram).await;
    telegram.settles(TAKEOVER + PATIENCE, |telegram| telegram.pending() == 0).await.unwrap();
    assert!(server.ends().await);
    assert_eq!(kept(&mut Intruder::in_directory(dir.path()).await).await.len(), 3);
    telegram.is_content();
}

#[tokio::test(flavor = "multi_thread")]
async fn another_replica_asks_within_ten_seconds_of_a_kill() {
    let telegram = Standin::open(TOKEN).await.unwrap();
    let database = Private::create().await;
    let place = Place::database(&database.url);
    let ana = telegram.person("Ana");
    let first = asks(&place, &telegram).await;
    ana.say("uno");
    telegram.settles(PATIENCE, |telegram| telegram.pending() == 0).await.unwrap();
    let second = asks(&place, &telegram).await;
    first.dies().await;
    let killed = Instant::now();
    ana.say("dos");
    telegram.settles(TAKEOVER, |telegram| telegram.pending() == 0).await.unwrap();
    println!("taken over after {:?}", killed.elapsed());
    assert!(second.ends().await);
    assert_eq!(kept(&mut Intruder::in_database(&database.url).await).await.len(), 2);
    // Never two at once, not even around the kill.
    telegram.is_content();
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_ends_in_order_is_followed_at_once() {
    let telegram = Standin::open(TOKEN).await.unwrap();
    let database = Private::create().await;
    let place = Place::database(&database.url);
    let first = asks(&place, &telegram).await;
    telegram.settles(PATIENCE, |telegram| telegram.readers() > 0).await.unwrap();
    let second = asks(&place, &telegram).await;
    assert!(first.ends().await);
    telegram.person("Ana").say("uno");
    telegram.settles(Duration::from_secs(5), |telegram| telegram.pending() == 0).await.unwrap();
    assert!(second.ends().await);
    telegram.is_content();
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_at_telegrams_end_loses_and_doubles_nothing() {
    let telegram = Standin::open(TOKEN).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    for fault in [Fault::Status(502), Fault::Reset, Fault::LostAnswer, Fault::TooMany(1)] {
        telegram.breaks(Rule::new(fault).on("getUpdates").times(1));
    }
    let place = Place::directory(dir.path());
    let server = asks(&place, &telegram).await;
    let ana = telegram.person("Ana");
    for text in ["uno", "dos", "tres"] {
        ana.say(text);
    }
    telegram.settles(Duration::from_secs(20), |telegram| telegram.pending() == 0).await.unwrap();
    assert!(server.ends().await);
    assert_eq!(kept(&mut Intruder::in_directory(dir.path()).await).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_menu_that_telegram_did_not_take_holds_nobody_up_and_is_shown_later() {
    let telegram = Standin::open(TOKEN).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    telegram.breaks(Rule::new(Fault::Status(400)).on("setMyCommands").times(1));
    let server = asks(&Place::directory(dir.path()), &telegram).await;
    telegram.person("Ana").say("uno");
    telegram.settles(PATIENCE, |telegram| telegram.pending() == 0).await.unwrap();
    telegram.settles(Duration::from_secs(60), |telegram| telegram.longest_menu() > 0).await.unwrap();
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn posts_are_taken_from_telegram_only_and_once() {
    let telegram = Standin::open(TOKEN).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    telegram.posts_twice();
    let server = is_posted_to(&Place::directory(dir.path()), &telegram).await;
    let forged = json!({ "update_id": 1, "message": { "message_id": 1, "date": 1, "chat": { "id": 1 } } });
    let posts = async |secret: Option<&str>| {
        let client = reqwest::Client::builder().build().unwrap();
        let post = client.post(format!("{}/webhook/telegram", server.url)).json(&forged);
        let post = secret.into_iter().fold(post, |post, secret| post.header("X-Telegram-Bot-Api-Secret-Token", secret));
        post.send().await.unwrap().status()
    };
    for secret in [None, Some(""), Some("un-secreto-de-prueb"), Some("un-secreto-de-prueba2")] {
        assert_eq!(posts(secret).await, StatusCode::NOT_FOUND, "{secret:?}");
    }
    let ana = telegram.person("Ana");
    ana.say("uno");
    ana.say("dos");
    telegram.settles(PATIENCE, |telegram| telegram.pending() == 0).await.unwrap();
    // Answered means committed: nothing is left to a process that is killed.
    server.dies().await;
    let kept = kept(&mut Intruder::in_directory(dir.path()).await).await;
    assert_eq!(kept.len(), 2, "each once, though each came twice, and none that was forged");
    telegram.is_content();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_is_refused_while_nothing_can_be_kept_and_comes_again() {
    let telegram = Standin::open(TOKEN).await.unwrap();
    let database = Private::create().await;
    let place = Place::database(&database.url);
    let server = is_posted_to(&place, &telegram).await;
    database.execute("ALTER TABLE telegram_actualizaciones RENAME TO aparte").await;
    telegram.person("Ana").say("uno");
    let post = reqwest::Client::builder().build().unwrap();
    let post = post.post(format!("{}/webhook/telegram", server.url)).json(&json!({ "update_id": 9 }));
    let answer = post.header("X-Telegram-Bot-Api-Secret-Token", SECRET).send().await.unwrap();
    assert!(answer.status().is_server_error(), "{}", answer.status());
    assert_eq!(telegram.pending(), 1);
    database.execute("ALTER TABLE aparte RENAME TO telegram_actualizaciones").await;
    telegram.settles(Duration::from_secs(60), |telegram| telegram.pending() == 0).await.unwrap();
    assert!(server.ends().await);
    database.drop().await;
}
