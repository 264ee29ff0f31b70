//! How an account becomes somebody's by a one-time code, and ceases to be.

use std::sync::Arc;

use app::telegram::Caller;
use app::telegram::link::{self, Linked};
use app::{Actor, Context, Error, Request, Result};
use domain::ChatId;

use super::say::{Say, With};
use super::turn::Turn;
use super::{refusal, start};
use crate::model::{Answer, Callback, Change, ChatState, Keyboard, Mark, Outgoing, Sender};

/// Tries a code. What is wrong with one is not said: whoever guesses learns nothing.
pub async fn redeem(
    cx: &Context,
    chat: &ChatState,
    request: &Arc<Request>,
    sender: Sender,
    code: &str,
) -> Result<Answer> {
    let say = Say(chat.language);
    let mut answer = Answer { marks: vec![Mark::Handled("vincular")], ..Answer::default() };
    match link::redeem(cx, request, sender.id, chat.chat, code).await {
        Ok(linked) => {
            let actor = Caller::Bot(Arc::clone(request)).acting_as(cx, sender.id).await?;
            welcome(&mut answer, chat, &actor, linked);
        }
        Err(Error::Invalid(_) | Error::NotFound { .. } | Error::Conflict(_)) => {
            answer.marks.push(Mark::Rejected { wizard: "vincular", step: "entering_code" });
            answer.messages.push(Outgoing::text(chat.chat, refusal::closing(say, &say.it("link-bad"))));
        }
        Err(error) => answer.messages.push(Outgoing::text(chat.chat, refusal::sentence(say, error)?)),
    }
    Ok(answer)
}

fn welcome(answer: &mut Answer, chat: &ChatState, actor: &Actor, linked: Linked) {
    let say = Say(chat.language);
    answer.dialogue = Change::End;
    let text = say.html("linked", With::none().text("name", linked.name));
    answer.messages.push(Outgoing::text(chat.chat, text).with(start::buttons(say, actor)));
    if let Some(earlier) = linked.earlier {
        answer.messages.push(super::relinked(ChatId(earlier.0), chat.language));
    }
}

/// A code from somebody who is linked. It would move the account, which the owner ends first; only
/// the update that made the link, worked once more, is answered as before.
pub async fn linked_already(turn: &mut Turn<'_>, code: &str) -> Result<()> {
    turn.end();
    if let Some(account) = turn.actor.telegram()
        && !code.is_empty()
    {
        match link::redeem(turn.cx, &turn.actor.request, account, turn.chat.chat, code).await {
            Ok(linked) => {
                welcome(&mut turn.answer, turn.chat, &turn.actor, linked);
                return Ok(());
            }
            Err(Error::Invalid(_) | Error::Conflict(_)) => {}
            Err(error) => return Err(error),
        }
    }
    turn.tell("linked-already");
    Ok(())
}

/// `/desvincular` asks first.
pub fn ask_unlink(turn: &mut Turn<'_>) {
    let keyboard = Keyboard::new()
        .row([(turn.label("button-unlink"), "desvincular:confirm:yes")])
        .row([(turn.label("button-no"), "desvincular:confirm:no")]);
    let text = turn.say.it("unlink-ask");
    turn.reply(text, keyboard);
}

/// Ends the link of whoever asks.
pub async fn unlink(turn: &mut Turn<'_>) -> Result<()> {
    let user = turn.actor.user().ok_or(Error::Unauthenticated)?;
    link::unlink(turn.cx, &turn.actor, user).await?;
    turn.end();
    let text = turn.say.it("unlinked");
    turn.show(text, Keyboard::new());
    Ok(())
}

/// The same to somebody whose link has ended: the update that ended it, worked once more.
pub fn unlinked(chat: &ChatState, press: &Callback) -> Answer {
    let text = Say(chat.language).it("unlinked");
    let said = match press.message {
        Some(message) => Outgoing::edit(chat.chat, message, text).with(Keyboard::new()),
        None => Outgoing::text(chat.chat, text),
    };
    let messages = vec![Outgoing::callback_answer(chat.chat, &press.query, None, false), said];
    Answer { dialogue: Change::End, messages, ..Answer::default() }
}
