//! A conversation as people would write it down.

use std::fmt::Write;

use super::chat::{Did, Line};
use super::message::{Message, seen};

/// What happened in a chat, a paragraph each.
pub fn of(lines: &[Line]) -> String {
    let mut text = String::new();
    for line in lines {
        let who = line.who.as_deref().unwrap_or("gad");
        // Writing to a text does not fail.
        _ = match &line.did {
            Did::Wrote(message) => writeln!(text, "{who}: {}", told(message)),
            Did::Changed(message) => writeln!(text, "{who} (cambia): {}", told(message)),
            Did::Tapped(label) => writeln!(text, "{who} toca [{}]", seen(label)),
            Did::Answered { text: None, .. } => Ok(()),
            Did::Answered { text: Some(said), alert: false, .. } => writeln!(text, "gad (aviso): {}", seen(said)),
            Did::Answered { text: Some(said), alert: true, .. } => writeln!(text, "gad (alerta): {}", seen(said)),
            Did::Removed => writeln!(text, "{who} borra un mensaje"),
            Did::Note(words) => writeln!(text, "{who} {words}"),
        };
    }
    text
}

fn told(message: &Message) -> String {
    let mut told = seen(message.text()).replace('\n', "\n    ");
    let json = &message.json;
    if let Some((lat, lng)) = message.location() {
        let live = if json["location"].get("live_period").is_some() { "en vivo " } else { "" };
        _ = write!(told, "(ubicación {live}{lat:.4}, {lng:.4})");
    }
    for (kind, word) in [("photo", "foto"), ("document", "archivo"), ("contact", "contacto"), ("sticker", "figurita")] {
        if json.get(kind).is_some() {
            _ = write!(
                told,
                " ({word}{})",
                json[kind]["file_name"].as_str().map(|n| format!(" {n}")).unwrap_or_default()
            );
        }
    }
    for row in message.rows() {
        let row: Vec<String> = row.iter().map(|button| format!("[{}]", button.label)).collect();
        _ = write!(told, "\n    {}", row.join(" "));
    }
    told
}
