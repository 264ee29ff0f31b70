//! Buttons.

use serde_json::{Value, json};

/// What a button under a message sends back when pressed: at most 64 bytes, as Telegram has it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CallbackData(String);

/// Data that Telegram would refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("callback data must have 1 to 64 bytes")]
pub struct DataTooLong;

impl CallbackData {
    /// Most bytes.
    pub const MOST_BYTES: usize = 64;

    /// The data itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CallbackData {
    type Error = DataTooLong;

    fn try_from(data: String) -> Result<Self, DataTooLong> {
        if (1..=Self::MOST_BYTES).contains(&data.len()) { Ok(Self(data)) } else { Err(DataTooLong) }
    }
}

/// One button under a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What stands on it; plain text.
    pub label: String,
    /// What it sends back.
    pub data: CallbackData,
}

/// Buttons under a message, row by row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keyboard {
    rows: Vec<Vec<Button>>,
}

impl Keyboard {
    /// Without buttons.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more row. A button whose data Telegram would refuse is left out: one button that is
    /// missing is better than a message that never comes.
    #[must_use]
    pub fn row<L: Into<String>, D: Into<String>>(mut self, buttons: impl IntoIterator<Item = (L, D)>) -> Self {
        let buttons = buttons.into_iter().filter_map(|(label, data)| {
            let data = CallbackData::try_from(data.into());
            debug_assert!(data.is_ok(), "callback data that Telegram refuses");
            Some(Button { label: label.into(), data: data.ok()? })
        });
        let row: Vec<Button> = buttons.collect();
        if !row.is_empty() {
            self.rows.push(row);
        }
        self
    }

    /// Whether there is no button.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All buttons.
    pub fn buttons(&self) -> impl Iterator<Item = &Button> {
        self.rows.iter().flatten()
    }

    /// Its rows, to be set under others.
    pub fn into_rows(self) -> impl Iterator<Item = Vec<(String, String)>> {
        let parts = |button: Button| (button.label, button.data.0);
        self.rows.into_iter().map(move |row| row.into_iter().map(parts).collect())
    }

    fn json(&self) -> Value {
        let button = |button: &Button| json!({ "text": button.label, "callback_data": button.data.as_str() });
        let rows: Vec<Vec<Value>> = self.rows.iter().map(|row| row.iter().map(button).collect()).collect();
        json!({ "inline_keyboard": rows })
    }
}

/// What stands under a message, or in place of the person's keyboard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Markup {
    /// Nothing; an edited message loses its buttons.
    #[default]
    None,
    /// Buttons under the message.
    Inline(Keyboard),
    /// A button in place of the keyboard that sends where the person is, and one with a word.
    AskLocation {
        /// What stands on the button that sends the place.
        share: String,
        /// What stands on the button that gives up, and is sent as text.
        cancel: String,
    },
    /// The person's own keyboard again.
    RemoveKeyboard,
}

impl Markup {
    /// `reply_markup`; `None` when the field is to be left out.
    pub fn json(&self) -> Option<Value> {
        match self {
            Self::None => None,
            Self::Inline(keyboard) if keyboard.is_empty() => None,
            Self::Inline(keyboard) => Some(keyboard.json()),
            Self::AskLocation { share, cancel } => Some(json!({
                "keyboard": [[{ "text": share, "request_location": true }], [{ "text": cancel }]],
                "resize_keyboard": true,
                "one_time_keyboard": true,
            })),
            Self::RemoveKeyboard => Some(json!({ "remove_keyboard": true })),
        }
    }
}

impl From<Keyboard> for Markup {
    fn from(keyboard: Keyboard) -> Self {
        Self::Inline(keyboard)
    }
}
