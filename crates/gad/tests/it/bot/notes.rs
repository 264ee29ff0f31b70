//! What people leave with a task: it stays there, and the office reads and fetches it.

use evaluation::telegram::{Fault, Rule};
use serde_json::Value;

use super::desk::{Desk, Member};
use crate::bot_stories;

bot_stories! {
    what_is_sent_stays_with_the_only_task_in_course,
    whoever_has_several_tasks_says_which,
    whoever_may_not_leaves_nothing,
    a_file_is_fetched_while_telegram_is_there,
    a_task_tells_its_time_by_the_clocks_of_the_office,
}

/// Ana with a begun task of Sofía's.
async fn at_work(desk: &Desk, code: &str) -> (Member, Member, i64) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    let task = desk.task(code, &sofia, &[&ana]).await;
    ana.say("/start");
    ana.reads(code).await;
    ana.tap("Aceptar").await;
    desk.sees(code, "en_curso").await;
    (sofia, ana, task)
}

async fn notes(desk: &Desk, task: i64) -> Vec<Value> {
    desk.boss.gets(&format!("/api/v1/tasks/{task}/notas")).await.ok().as_array().unwrap().clone()
}

fn kinds(notes: &[Value]) -> Vec<&str> {
    notes.iter().filter_map(|note| note["clase"].as_str()).collect()
}

async fn what_is_sent_stays_with_the_only_task_in_course(desk: &Desk) {
    let (_, ana, task) = at_work(desk, "NOT-1").await;
    ana.send_voice(&b"ogg"[..]);
    ana.reads("Quedó en NOT-1").await;
    ana.tap("Dejar nota").await;
    ana.reads("una foto").await;
    ana.say("El portón <norte> no cierra & chirría");
    ana.reads("Quedó en NOT-1").await;
    ana.send_album(&[b"first", b"second", b"third"]);
    ana.reads("Quedó en NOT-1").await;
    ana.send_file(&b"<script>"[..], "acta.html", "text/html");
    ana.reads("Quedó en NOT-1").await;
    let notes = notes(desk, task).await;
    assert_eq!(kinds(&notes), ["voz", "texto", "foto", "foto", "foto", "archivo"]);
    assert_eq!(notes[1]["texto"], "El portón <norte> no cierra & chirría");
    assert!(notes.iter().all(|note| note["usuario_id"] == ana.user));
    let said = ana.messages().iter().filter(|message| message.says("Quedó en")).count();
    assert_eq!(said, 4, "an album is answered once\n{}", ana.transcript());
    let fetched =
        async |n: usize| desk.boss.gets(&format!("/api/v1/tasks/{task}/notas/{}/archivo", notes[n]["id"])).await;
    for (n, content, kind) in
        [(0, "ogg", "audio/ogg"), (3, "second", "image/jpeg"), (5, "<script>", "application/octet-stream")]
    {
        let file = fetched(n).await;
        assert_eq!((file.status, file.text.as_str(), file.header("content-type")), (200, content, kind));
        assert!(file.header("content-disposition").starts_with("attachment; "));
    }
    assert!(fetched(1).await.refusal().starts_with("404 "), "words have no file");
}

async fn whoever_has_several_tasks_says_which(desk: &Desk) {
    let (sofia, ana, first) = at_work(desk, "NOT-1").await;
    let second = desk.task("NOT-2", &sofia, &[&ana]).await;
    ana.reads("NOT-2").await;
    ana.press(&format!("tarea:pausar:{first}")).await;
    desk.sees("NOT-1", "pausada").await;
    ana.send_album(&[b"first", b"second"]);
    let asked = ana.reads("¿En qué tarea").await;
    assert!(asked.button("NOT-1").is_some() && asked.button("NOT-2").is_some(), "{:?}", asked.buttons());
    ana.say("la segunda");
    ana.reads("Pulse a qué tarea").await;
    // The bot is killed with the photos in hand.
    desk.is_killed_and_comes_back().await;
    ana.tap_data(&asked, &format!("nota:en:{second}"));
    ana.reads("Quedaron 2 notas en NOT-2").await;
    let tap = ana.tap_data(&asked, &format!("nota:en:{second}"));
    ana.answered(&tap).await;
    let boss = desk.boss_now().await;
    for (task, expected) in [(first, 0), (second, 2)] {
        let notes = boss.gets(&format!("/api/v1/tasks/{task}/notas")).await.ok();
        assert_eq!(notes.as_array().unwrap().len(), expected);
    }
}

async fn whoever_may_not_leaves_nothing(desk: &Desk) {
    let (_, _, task) = at_work(desk, "NOT-1").await;
    let luis = desk.officer("Luis").await;
    luis.send_photo(&b"jpeg"[..], "NOT-1");
    luis.reads("no lo guardé").await;
    luis.tap_old(&format!("tarea:nota:{task}"));
    luis.reads("no puede verla").await;
    luis.tap_old(&format!("nota:en:{task}"));
    luis.say("De Luis");
    luis.reads("No entendí").await;
    assert_eq!(notes(desk, task).await, Vec::<Value>::new());
}

async fn a_file_is_fetched_while_telegram_is_there(desk: &Desk) {
    let (_, ana, task) = at_work(desk, "NOT-1").await;
    ana.send_photo(&b"jpeg"[..], "");
    ana.reads("Quedó en NOT-1").await;
    let gone = serde_json::json!({ "file_id": "AgACAgEAAxkBAAIgone", "file_unique_id": "AAIgone" });
    ana.send(serde_json::json!({ "voice": gone }));
    ana.reads("Quedó en NOT-1").await;
    let notes = notes(desk, task).await;
    let path = |n: usize| format!("/api/v1/tasks/{task}/notas/{}/archivo", notes[n]["id"]);
    let lost = desk.boss.gets(&path(1)).await;
    assert!(lost.refusal().starts_with("404 "), "Telegram no longer has it: {}", lost.text);
    desk.telegram.breaks(Rule::new(Fault::Status(502)).on("getFile"));
    let away = desk.boss.gets(&path(0)).await;
    assert_eq!(away.status, 503, "{}", away.text);
    assert!(away.header("retry-after").parse::<u64>().unwrap() > 0);
    assert!(!away.text.contains("bot7340112865") && !away.text.contains("AAHk"), "{}", away.text);
    desk.telegram.mends();
    assert_eq!(desk.boss.gets(&path(0)).await.text, "jpeg");
}

async fn a_task_tells_its_time_by_the_clocks_of_the_office(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    ana.say("/start");
    ana.reads("Ana").await;
    desk.task("NOT-1", &sofia, &[&ana]).await;
    let card = ana.reads("NOT-1").await;
    assert!(card.says("01/11/2025 09:00") && !card.says("UTC"), "{}", card.text());
}
