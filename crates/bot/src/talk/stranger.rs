//! Whoever is not linked, or no longer may work.

use std::sync::Arc;

use app::{Context, Request, Result};

use super::press::{self, Press};
use super::say::Say;
use super::{Dialogue, command, link};
use crate::model::{Answer, Body, Change, ChatState, Content, Outgoing, Sender, Update, language_named};
use command::{Command, Words};

/// One refusal, the same for whatever was asked, so that nothing is learnt from it.
pub fn refuse(chat: &ChatState, update: &Update, key: &str) -> Answer {
    let say = Say(chat.language);
    let mut answer = Answer { dialogue: Change::End, ..Answer::default() };
    match &update.content {
        Content::Callback(press) => {
            let text = say.label("refused-button");
            answer.messages.push(Outgoing::callback_answer(chat.chat, &press.query, Some(&text), true));
            answer.messages.push(Outgoing::text(chat.chat, say.it(key)));
        }
        Content::Message(_) => answer.messages.push(Outgoing::text(chat.chat, say.it(key))),
        // A live place that goes on moving is not told so at each step.
        Content::Edited(_) | Content::Membership(_) | Content::Unknown => {}
    }
    answer
}

/// What an unlinked account may do: link itself, choose a language, ask for help.
pub async fn answer(
    cx: &Context,
    chat: &ChatState,
    update: &Update,
    request: &Arc<Request>,
    sender: Sender,
    dialogue: Option<Dialogue>,
) -> Result<Answer> {
    let message = match &update.content {
        Content::Message(message) => message,
        Content::Callback(pressed) if press::read(&pressed.data) == Press::UnlinkYes => {
            return Ok(link::unlinked(chat, pressed));
        }
        _ => return Ok(refuse(chat, update, "refused")),
    };
    let text = match &message.body {
        Body::Text(text) if !message.forwarded => text.as_str(),
        _ => return Ok(refuse(chat, update, "refused")),
    };
    let say = Say(chat.language);
    let says = |key: &str| Answer { messages: vec![Outgoing::text(chat.chat, say.it(key))], ..Answer::default() };
    Ok(match command::read(text) {
        Words::Command(Command::Start | Command::Link, code) if !code.is_empty() => {
            link::redeem(cx, chat, request, sender, code).await?
        }
        Words::Command(Command::Link, _) => Answer { dialogue: Change::Set(Dialogue::Linking), ..says("link-ask") },
        Words::Command(Command::Help, _) => says("help-stranger"),
        Words::Command(Command::Cancel, _) => Answer { dialogue: Change::End, ..says("cancelled") },
        Words::Command(Command::Language, word) => match language_named(word) {
            Some(language) => Answer {
                language: Some(language),
                messages: vec![Outgoing::text(chat.chat, Say(language).it("language-done"))],
                ..Answer::default()
            },
            None => says("language-bad"),
        },
        Words::Text(code) if dialogue == Some(Dialogue::Linking) => {
            link::redeem(cx, chat, request, sender, code).await?
        }
        _ => refuse(chat, update, "refused"),
    })
}
