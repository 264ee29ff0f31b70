//! The methods of the Bot API that gad's bot uses.

mod change;
mod file;
mod send;
mod tap;
mod update;

use serde_json::{Value, json};

use super::answer::{Outcome, Refused};
use super::breach::Kind;
use super::call::Call;
use super::state::{Hub, State};

/// As the documentation spells them; Telegram takes any case.
const NAMES: &[&str] = &[
    "getUpdates",
    "setWebhook",
    "deleteWebhook",
    "getWebhookInfo",
    "getMe",
    "sendMessage",
    "sendLocation",
    "sendVenue",
    "sendPhoto",
    "sendDocument",
    "sendChatAction",
    "editMessageText",
    "editMessageCaption",
    "editMessageReplyMarkup",
    "deleteMessage",
    "answerCallbackQuery",
    "getFile",
    "setMyCommands",
    "getMyCommands",
    "deleteMyCommands",
    "setMyDescription",
    "setMyShortDescription",
    "setChatMenuButton",
    "getChat",
];

/// A method by any spelling, as the documentation spells it.
pub fn spelled(name: &str) -> Option<&'static str> {
    NAMES.iter().find(|known| known.eq_ignore_ascii_case(name)).copied()
}

/// What may be said of a refusal besides it.
type Refusal = (Option<Kind>, Refused);

/// Carries a call out.
pub async fn answer(hub: &Hub, call: &Call) -> Outcome {
    if call.method == "getUpdates" {
        return update::get(hub, call).await;
    }
    hub.change(|state| {
        carry_out(state, call).map_err(|(kind, refused)| {
            if let Some(seconds) = refused.retry_after {
                state.hush(call.chat(), seconds);
            }
            if let Some(kind) = kind {
                state.breach(kind, call.chat(), format!("{}: {}", call.method, refused.description));
            }
            refused
        })
    })
}

fn carry_out(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    match call.method.as_str() {
        "getMe" => Ok(state.bot.clone()),
        "setWebhook" => update::set_webhook(state, call).map_err(plain),
        "deleteWebhook" => Ok(update::delete_webhook(state, call)),
        "getWebhookInfo" => Ok(update::webhook_info(state)),
        "sendMessage" => send::message(state, call),
        "sendLocation" | "sendVenue" => send::place(state, call),
        "sendPhoto" => send::file(state, call, "photo"),
        "sendDocument" => send::file(state, call, "document"),
        "editMessageText" => change::text(state, call),
        "editMessageCaption" => change::caption(state, call),
        "editMessageReplyMarkup" => change::keyboard(state, call),
        "deleteMessage" => change::delete(state, call),
        "answerCallbackQuery" => tap::answer(state, call),
        "getFile" => file::get(state, call),
        "setMyCommands" => {
            let commands = call.json("commands").map_err(plain)?.unwrap_or_else(|| json!([]));
            state.commands.insert(scope(call).map_err(plain)?, commands);
            Ok(json!(true))
        }
        "deleteMyCommands" => {
            state.commands.remove(&scope(call).map_err(plain)?);
            Ok(json!(true))
        }
        "getMyCommands" => Ok(state.commands.get(&scope(call).map_err(plain)?).cloned().unwrap_or_else(|| json!([]))),
        "getChat" => {
            let chat = call.chat().and_then(|chat| state.chats.get(&chat));
            chat.map(|chat| chat.about.clone()).ok_or_else(|| plain(Refused::bad("chat not found")))
        }
        // What changes nothing that a test looks at.
        _ => Ok(json!(true)),
    }
}

fn plain(refused: Refused) -> Refusal {
    (None, refused)
}

/// Whose menu is meant: the scope and the language as one text.
fn scope(call: &Call) -> Result<String, Refused> {
    let scope = call.json("scope")?.map_or_else(|| "default".to_owned(), |scope| scope.to_string());
    Ok(format!("{scope} {}", call.text("language_code").unwrap_or_default()))
}
