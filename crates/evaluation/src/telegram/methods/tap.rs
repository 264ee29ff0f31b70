//! Answers to taps.

use serde_json::{Value, json};
use tokio::time::Instant;

use super::super::answer::Refused;
use super::super::breach::Kind;
use super::super::call::Call;
use super::super::chat::Did;
use super::super::state::State;
use super::Refusal;

/// Longest text that is shown, in characters.
const LONGEST: usize = 200;

/// `answerCallbackQuery`.
pub fn answer(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let now = Instant::now();
    let stale = || {
        let words = "query is too old and response timeout expired or query ID is invalid";
        (Some(Kind::StaleAnswer), Refused::bad(words))
    };
    let id = call.text("callback_query_id").ok_or_else(stale)?;
    let lasts = state.limits.callback;
    let pressed = state.pressed.get_mut(id).ok_or_else(stale)?;
    if pressed.answered.is_some() || now.duration_since(pressed.at) > lasts {
        return Err(stale());
    }
    let text = call.text("text").filter(|text| !text.is_empty()).map(str::to_owned);
    if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST) {
        return Err((Some(Kind::TooLong), Refused::bad("MESSAGE_TOO_LONG")));
    }
    pressed.answered = Some(now);
    let did = Did::Answered { callback: id.to_owned(), text, alert: call.flag("show_alert") };
    if let Some(chat) = state.chats.get_mut(&pressed.chat) {
        chat.note(None, did);
    }
    Ok(json!(true))
}
