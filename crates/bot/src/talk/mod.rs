//! What is said: each update is worked to an [`Answer`]. Nothing here speaks to Telegram.

mod announcement;
mod card;
mod command;
mod create;
mod dialogue;
mod duty;
mod emergency;
mod figures;
mod finish;
mod html;
pub(crate) mod job;
mod link;
mod message;
mod mine;
mod near;
mod note;
mod notice;
mod press;
mod pressed;
mod refusal;
mod report;
mod say;
mod start;
mod stranger;
#[cfg(test)]
mod tests;
mod tokens;
mod turn;

pub use announcement::{announcement, blocked, gave_up, relinked};
pub use command::{COMMANDS, Command};
pub use dialogue::Dialogue;
pub use notice::{Reader, concerns, notice, overdue};
pub use say::{Say, With};

use std::sync::Arc;

use app::telegram::Caller;
use app::{Actor, Context, Error, Kind, Request, Result};

use crate::model::{Answer, ChatKind, ChatState, Content, Keyboard, Outgoing, Sender, Update};
use turn::{Turn, request_of};

/// How long a dialogue stays open without a word.
pub const DIALOGUE_TTL: chrono::TimeDelta = chrono::TimeDelta::minutes(30);

/// Works one update: what is to be changed is changed by use cases that may be repeated for the
/// same update; what is to be said and kept is given back.
///
/// `dialogue` is what was kept of the chat and its sender, unless it has expired. What a person did
/// wrong or may not do is an answer like any other.
/// # Errors
/// Only what another try may mend, or a defect: `Unavailable`, `StorageFull`, `ReadOnly`, `Denied`, `Internal`.
pub async fn answer(cx: &Context, chat: &ChatState, update: &Update, dialogue: Option<Dialogue>) -> Result<Answer> {
    let Some(sender) = update.sender().filter(|sender| !sender.is_bot) else { return Ok(Answer::default()) };
    if chat_kind(update) == ChatKind::Shared {
        return Ok(in_a_group(chat, update));
    }
    let request = request_of(update, &endpoint(update));
    let who = who(cx, &request, sender).await?;
    let actor = match who {
        Who::Known(actor) => actor,
        Who::Unknown => return stranger::answer(cx, chat, update, &request, sender, dialogue).await,
        Who::Inactive => return Ok(stranger::refuse(chat, update, "refused-inactive")),
    };
    let mut turn = Turn::new(cx, update, chat, actor, dialogue);
    let worked = match &update.content {
        Content::Message(message) => message::work(&mut turn, message).await,
        Content::Edited(message) => message::edited(&mut turn, message).await,
        Content::Callback(press) => pressed::work(&mut turn, &press.data).await,
        Content::Membership(_) | Content::Unknown => Ok(()),
    };
    if let Err(error) = worked {
        if let Some(why) = error.refusal() {
            app::record_refusal(cx, &turn.actor, why).await;
        }
        let text = refusal::sentence(turn.say, error)?;
        turn.reply(text, Keyboard::new());
    }
    Ok(turn.done())
}

fn chat_kind(update: &Update) -> ChatKind {
    match &update.content {
        Content::Message(message) | Content::Edited(message) => message.chat_kind,
        Content::Callback(press) => press.chat_kind,
        Content::Membership(_) | Content::Unknown => ChatKind::Private,
    }
}

/// In a group everybody reads what is said, and many may press a button: nothing is done there.
/// Only whoever speaks to the bot is answered.
fn in_a_group(chat: &ChatState, update: &Update) -> Answer {
    let say = Say(chat.language);
    let mut answer = Answer::default();
    match &update.content {
        Content::Message(message) => {
            if let crate::model::Body::Text(text) = &message.body
                && text.starts_with('/')
            {
                answer.messages.push(Outgoing::text(chat.chat, say.it("group")));
            }
        }
        Content::Callback(press) => {
            let text = say.label("group");
            answer.messages.push(Outgoing::callback_answer(chat.chat, &press.query, Some(&text), true));
        }
        Content::Edited(_) | Content::Membership(_) | Content::Unknown => {}
    }
    answer
}

enum Who {
    Known(Actor),
    Unknown,
    Inactive,
}

/// Whose account it is, by the record and never by what the update says.
async fn who(cx: &Context, request: &Arc<Request>, sender: Sender) -> Result<Who> {
    let caller = Caller::Bot(Arc::clone(request));
    match caller.acting_as(cx, sender.id).await {
        Ok(actor) => Ok(Who::Known(actor)),
        Err(Error::NotFound { kind: Kind::TelegramUser, .. }) => Ok(Who::Unknown),
        Err(Error::Inactive) => Ok(Who::Inactive),
        Err(error) => Err(error),
    }
}

/// What the audit calls it: the command's or button's name, without what people wrote.
fn endpoint(update: &Update) -> String {
    let named = |name: &str| name.chars().take(40).collect();
    match &update.content {
        Content::Message(message) => match &message.body {
            crate::model::Body::Text(text) => match command::read(text) {
                command::Words::Command(known, _) => {
                    let word = COMMANDS.iter().find(|(command, ..)| *command == known).map_or("", |(_, word, _)| word);
                    format!("/{word}")
                }
                command::Words::Done(_) => "listo".to_owned(),
                command::Words::UnknownCommand | command::Words::Text(_) => "texto".to_owned(),
            },
            crate::model::Body::Place(_) => "ubicacion".to_owned(),
            _ => "mensaje".to_owned(),
        },
        Content::Edited(_) => "edicion".to_owned(),
        Content::Callback(press) => {
            let parts = press.data.split(':').take(2).filter(|part| part.chars().all(|c| c.is_ascii_lowercase()));
            let parts: Vec<&str> = parts.collect();
            named(&parts.join(":"))
        }
        Content::Membership(_) | Content::Unknown => String::new(),
    }
}
