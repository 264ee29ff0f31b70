//! A message as its reader sees it.

use serde_json::Value;

use super::entities;

/// A button.
#[derive(Debug, Clone, PartialEq)]
pub struct Button {
    /// What it says.
    pub label: String,
    /// What the bot hears of it; none when it opens a page.
    pub data: Option<String>,
    /// The page that it opens.
    pub url: Option<String>,
}

/// A message at some moment.
#[derive(Debug, Clone)]
pub struct Message {
    /// As Telegram shows it to bots.
    pub json: Value,
    /// Without a sound.
    pub silent: bool,
    /// Bytes of its file, when the bot sent one.
    pub file: Option<bytes::Bytes>,
}

/// A text without the marks that set a foreign text apart.
pub(super) fn seen(text: &str) -> String {
    text.replace(['\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'], "")
}

impl Message {
    pub(super) fn new(json: Value) -> Self {
        Self { json, silent: false, file: None }
    }

    /// Number in its chat.
    pub fn id(&self) -> i64 {
        self.json["message_id"].as_i64().unwrap_or_default()
    }

    /// Text or caption, without marks.
    pub fn text(&self) -> &str {
        self.json["text"].as_str().or_else(|| self.json["caption"].as_str()).unwrap_or_default()
    }

    /// Whether its text holds another, in whatever case. What only steers the direction of writing
    /// is not seen.
    pub fn says(&self, part: &str) -> bool {
        seen(self.text()).to_lowercase().contains(&part.to_lowercase())
    }

    /// Whether the bot wrote it.
    pub fn is_the_bots(&self) -> bool {
        self.json["from"]["is_bot"] == true
    }

    /// Buttons under it, row by row.
    pub fn rows(&self) -> Vec<Vec<Button>> {
        let rows = self.json["reply_markup"]["inline_keyboard"].as_array().into_iter().flatten();
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let button = |button: &Value| Button {
            label: seen(button["text"].as_str().unwrap_or_default()),
            data: text(&button["callback_data"]),
            url: text(&button["url"]),
        };
        rows.map(|row| row.as_array().into_iter().flatten().map(button).collect()).collect()
    }

    /// Buttons under it.
    pub fn buttons(&self) -> Vec<Button> {
        self.rows().into_iter().flatten().collect()
    }

    /// The button that says this, or whose text holds it.
    pub fn button(&self, label: &str) -> Option<Button> {
        let buttons = self.buttons();
        let exact = buttons.iter().find(|button| button.label == label);
        exact.or_else(|| buttons.iter().find(|button| button.label.contains(label))).cloned()
    }

    /// The button with this data.
    pub fn button_for(&self, data: &str) -> Option<Button> {
        self.buttons().into_iter().find(|button| button.data.as_deref() == Some(data))
    }

    /// Latitude and longitude of what it shows on the map.
    pub fn location(&self) -> Option<(f64, f64)> {
        let location = self.json.get("location").or_else(|| self.json.get("venue")?.get("location"))?;
        Some((location["latitude"].as_f64()?, location["longitude"].as_f64()?))
    }

    /// Its length as Telegram counts.
    pub fn length(&self) -> usize {
        entities::length(self.text())
    }
}
