//! How a Telegram account becomes somebody's of the office.

use evaluation::telegram::Standin;
use serde_json::Value;

use super::desk::{Desk, TOKEN};
use crate::binary::Place;
use crate::bot_stories;

bot_stories! {
    a_stranger_is_refused,
    a_code_links_the_account_that_shows_it_first,
    a_deep_link_carries_the_code,
    guessing_a_code_ends_in_a_pause,
    whoever_unlinks_is_asked_and_then_a_stranger,
    somebody_dismissed_is_a_stranger,
}

/// A code for a new user without an account.
async fn code(desk: &Desk) -> String {
    desk.gad(&[
        "user",
        "create",
        "--email",
        "ema@prueba.gad",
        "--password",
        "una clave larga",
        "--nombre",
        "Ema",
        "--apellido",
        "Ruiz",
        "--dni",
        "E1234567",
        "--nivel",
        "1",
        "--verificado",
    ])
    .await;
    let printed: Value =
        serde_json::from_str(&desk.gad(&["user", "link-code", "ema@prueba.gad", "--json"]).await).unwrap();
    printed["codigo"].as_str().unwrap().to_owned()
}

async fn a_stranger_is_refused(desk: &Desk) {
    let stranger = desk.telegram.person("Nadie");
    for said in ["/start", "/historial", "/crear A B patrullaje 1 1", "hola"] {
        stranger.say(said);
        let refusal = stranger.reads("vincul").await;
        assert!(refusal.buttons().is_empty(), "{said}");
    }
    let tap = stranger.tap_old("menu:crear:start");
    stranger.answered(&tap).await;
    assert!(desk.boss.gets("/api/v1/tasks/").await.ok().as_array().unwrap().is_empty());
}

async fn a_code_links_the_account_that_shows_it_first(desk: &Desk) {
    let (code, ema, thief) = (code(desk).await, desk.telegram.person("Ema"), desk.telegram.person("Beto"));
    assert!(code.len() == 10 && code.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase()), "{code}");
    ema.say(&format!("/vincular {code}"));
    ema.reads("Ema").await;
    thief.say(&format!("/vincular {code}"));
    thief.reads("vincul").await;
    thief.say("/historial");
    assert!(thief.reads("vincul").await.buttons().is_empty());
    ema.say("/start");
    ema.expect(|message| message.button_for("menu:tareas:list:mis").is_some()).await;
}

async fn a_deep_link_carries_the_code(desk: &Desk) {
    let (code, ema) = (code(desk).await, desk.telegram.person("Ema"));
    ema.say(&format!("/start {}", code.to_lowercase()));
    ema.expect(|message| message.button_for("menu:tareas:list:mis").is_some()).await;
}

async fn guessing_a_code_ends_in_a_pause(desk: &Desk) {
    let (code, guesser) = (code(desk).await, desk.telegram.person("Beto"));
    for n in 0..10 {
        guesser.say(&format!("/vincular 000000000{n}"));
        guesser.expect(|_| true).await;
    }
    guesser.say(&format!("/vincular {code}"));
    guesser.expect(|_| true).await;
    guesser.say("/start");
    assert!(guesser.reads("vincul").await.buttons().is_empty(), "not even the right code, so soon");
}

async fn whoever_unlinks_is_asked_and_then_a_stranger(desk: &Desk) {
    let ana = desk.officer("Ana").await;
    ana.say("/desvincular");
    ana.expect(|message| message.buttons().len() >= 2).await;
    ana.tap("No").await;
    ana.say("/start");
    ana.expect(|message| message.button_for("menu:tareas:list:mis").is_some()).await;
    ana.say("/desvincular");
    ana.expect(|message| message.button("Sí").is_some()).await;
    ana.tap("Sí").await;
    ana.say("/historial");
    ana.reads("vincul").await;
}

async fn somebody_dismissed_is_a_stranger(desk: &Desk) {
    let ana = desk.officer("Ana").await;
    ana.say("/start");
    ana.reads("Ana").await;
    let path = format!("/api/v1/usuarios/{}", ana.user);
    assert_eq!(desk.boss.deletes(&path).await.status, 204);
    ana.say("/historial");
    assert!(ana.expect(|_| true).await.buttons().is_empty());
}

// Settings are the same on both stores.
#[tokio::test(flavor = "multi_thread")]
async fn accounts_named_in_the_settings_are_strangers_and_the_log_says_so() {
    let (dir, log) = (tempfile::tempdir().unwrap(), tempfile::NamedTempFile::new().unwrap());
    let telegram = Standin::open(TOKEN).await.unwrap();
    let eva = telegram.person("Eva");
    let named = format!("[{}]", eva.id());
    let settings = ["--telegram-token", TOKEN, "--telegram-api-url", &telegram.url, "--whitelist-ids", &named];
    let server = Place::directory(dir.path()).serves_logging_by(&settings, log.reopen().unwrap()).await;
    eva.say("/start");
    eva.reads("no está vinculada").await;
    telegram.is_content();
    assert!(server.ends().await);
    let said = std::fs::read_to_string(log.path()).unwrap();
    assert!(said.contains("telegram.whitelist"), "{said}");
}
