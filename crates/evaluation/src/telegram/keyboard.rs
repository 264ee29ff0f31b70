//! Keyboards, under a message and in the place of the phone's own.

use serde_json::Value;

use super::answer::Refused;
use super::breach::Kind;
use super::call::Call;

/// What a message does with keyboards.
#[derive(Debug, Clone, Default)]
pub struct Markup {
    /// Buttons under the message, as `{"inline_keyboard": …}`.
    pub inline: Option<Value>,
    /// The keyboard shown from now on; empty rows take it away.
    pub reply: Option<Vec<Vec<Value>>>,
}

fn invalid(words: &str) -> (Kind, Refused) {
    (Kind::BadKeyboard, Refused::bad(words))
}

/// Reads and checks `reply_markup`.
pub fn read(call: &Call) -> Result<Markup, (Kind, Refused)> {
    let Some(markup) = call.json("reply_markup").map_err(|refused| (Kind::BadKeyboard, refused))? else {
        return Ok(Markup::default());
    };
    if let Some(rows) = markup.get("inline_keyboard") {
        let rows = rows.as_array().ok_or_else(|| invalid("can't parse inline keyboard"))?;
        let buttons: Vec<&Value> = rows.iter().filter_map(Value::as_array).flatten().collect();
        buttons.iter().try_for_each(|button| check(button))?;
        if buttons.len() > 100 || rows.iter().any(|row| row.as_array().is_none_or(|row| row.len() > 8)) {
            return Err(invalid("reply markup is too long"));
        }
        let inline = (!buttons.is_empty()).then(|| serde_json::json!({ "inline_keyboard": rows }));
        return Ok(Markup { inline, reply: None });
    }
    if let Some(rows) = markup.get("keyboard") {
        let rows: Option<Vec<Vec<Value>>> =
            rows.as_array().and_then(|rows| rows.iter().map(|row| row.as_array().cloned()).collect());
        let rows = rows.ok_or_else(|| invalid("can't parse keyboard"))?;
        return Ok(Markup { inline: None, reply: Some(rows) });
    }
    if markup.get("remove_keyboard").is_some() {
        return Ok(Markup { inline: None, reply: Some(Vec::new()) });
    }
    match markup.get("force_reply") {
        Some(_) => Ok(Markup::default()),
        None => Err(invalid("object expected as reply markup")),
    }
}

fn check(button: &Value) -> Result<(), (Kind, Refused)> {
    if button["text"].as_str().is_none_or(|text| text.trim().is_empty()) {
        return Err(invalid("can't parse inline keyboard button: Field \"text\" must be of type String"));
    }
    if let Some(data) = button["callback_data"].as_str() {
        return if (1..=64).contains(&data.len()) { Ok(()) } else { Err(invalid("BUTTON_DATA_INVALID")) };
    }
    let does_something = ["url", "web_app", "login_url", "switch_inline_query", "copy_text", "pay"];
    if does_something.iter().any(|&kind| button.get(kind).is_some()) {
        return Ok(());
    }
    Err(invalid("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"))
}
