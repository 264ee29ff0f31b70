//! The conversations in `docs/bot.md` are those of a real run.

use std::path::Path;

use serde_json::Value;

use super::create::to_the_summary;
use super::desk::Desk;
use crate::office::On;

/// Set to anything, this writes the conversations into the guide instead of comparing them.
const WRITE: &str = "GAD_WRITE_GUIDE";

/// A conversation with its hours made alike: each run has its own.
fn timeless(conversation: &str) -> String {
    let line = |line: &str| match (line.split_once("Inicio: "), line.split_once(" · Efectivos")) {
        (Some((before, _)), Some((_, after))) => format!("{before}Inicio: 01/11/2026 12:00 · Efectivos{after}\n"),
        _ => format!("{line}\n"),
    };
    conversation.lines().map(line).collect()
}

/// The lines of a text. What follows from one tap is sent at once, so it comes in one order or another.
fn in_any_order(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

/// The guide with a conversation in its place.
fn with(guide: &str, name: &str, conversation: &str) -> String {
    let (begin, end) = (format!("<!-- conversación: {name} -->\n"), "<!-- fin -->");
    let (before, rest) = guide.split_once(&begin).unwrap_or_else(|| panic!("no place for {name}"));
    let (_, after) = rest.split_once(end).unwrap();
    format!("{before}{begin}```text\n{conversation}```\n{end}{after}")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_shows_real_conversations() {
    let desk = Desk::open(On::Sqlite).await;
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    let beto = desk.telegram.person("Beto");
    let user = [
        "--email",
        "beto@oficina.ejemplo",
        "--password",
        "una clave larga",
        "--nombre",
        "Beto",
        "--apellido",
        "Luna",
        "--dni",
        "B1234567",
        "--nivel",
        "1",
        "--verificado",
    ];
    desk.gad(&[&["user", "create"], &user[..]].concat()).await;
    let printed = desk.gad(&["user", "link-code", "beto@oficina.ejemplo", "--json"]).await;
    let printed: Value = serde_json::from_str(&printed).unwrap();
    let code = printed["codigo"].as_str().unwrap();
    beto.say("hola");
    beto.reads("vincul").await;
    beto.say(&format!("/vincular {code}"));
    beto.expect(|message| message.button_for("menu:tareas:list:mis").is_some()).await;

    ana.say("/start");
    ana.reads("Ana").await;
    to_the_summary(&sofia, "OPE-2026-001", &[&ana]).await;
    sofia.press("crear:confirm:yes").await;
    sofia.reads("exitosamente").await;
    let created = sofia.transcript();

    let card = ana.reads("OPE-2026-001").await;
    assert!(card.button("Aceptar").is_some());
    ana.tap("Aceptar").await;
    desk.sees("OPE-2026-001", "en_curso").await;
    ana.expect(|message| message.button("Pausar").is_some()).await;
    ana.tap("Dejar nota").await;
    ana.reads("una foto").await;
    ana.say("El semáforo de la esquina no anda");
    ana.expect(|message| message.says("Quedó en OPE-2026-001")).await;
    ana.say("listo OPE-2026-001");
    ana.reads("exitosamente").await;

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/bot.md");
    let guide = std::fs::read_to_string(&path).unwrap();
    // The code is another one each time.
    let linked = beto.transcript().replace(code, "7K3M9QX2TA");
    let told = [("vincular", linked), ("crear", created), ("cumplir", timeless(&ana.transcript()))];
    let real = told.iter().fold(guide.clone(), |guide, (name, conversation)| with(&guide, name, conversation));
    match std::env::var_os(WRITE) {
        Some(_) => std::fs::write(&path, real).unwrap(),
        None => assert!(
            in_any_order(&guide) == in_any_order(&real),
            "docs/bot.md is out of date: run this test with {WRITE}=1"
        ),
    }
    desk.closes().await;
}
