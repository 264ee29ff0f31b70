//! Whoever is not linked, or no longer may work; and the beginning and end of a link.

use app::{Context, Result};

use super::say::{Say, With};
use super::turn::Turn;
use super::{Dialogue, command, link, refusal};
use crate::model::{
    Answer, Body, Change, ChatState, Content, Keyboard, Mark, Outgoing, Sender, Update, language_named,
};
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
pub fn answer(
    cx: &Context,
    chat: &ChatState,
    update: &Update,
    sender: Sender,
    dialogue: Option<Dialogue>,
) -> Result<Answer> {
    let Content::Message(message) = &update.content else { return Ok(refuse(chat, update, "refused")) };
    let text = match &message.body {
        Body::Text(text) if !message.forwarded => text.as_str(),
        _ => return Ok(refuse(chat, update, "refused")),
    };
    let say = Say(chat.language);
    let says = |key: &str| Answer { messages: vec![Outgoing::text(chat.chat, say.it(key))], ..Answer::default() };
    Ok(match command::read(text) {
        Words::Command(Command::Start | Command::Link, code) if !code.is_empty() => {
            link(cx, chat, update, sender, code)?
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
        Words::Text(code) if dialogue == Some(Dialogue::Linking) => link(cx, chat, update, sender, code)?,
        _ => refuse(chat, update, "refused"),
    })
}

/// Tries a code. What is wrong with one is not said: whoever guesses learns nothing.
fn link(cx: &Context, chat: &ChatState, update: &Update, sender: Sender, code: &str) -> Result<Answer> {
    let say = Say(chat.language);
    let mut answer = Answer { marks: vec![Mark::Handled("vincular")], ..Answer::default() };
    match link::redeem(cx, update, sender, code) {
        Ok(linked) => {
            answer.dialogue = Change::End;
            let text = say.html("linked", With::none().text("name", linked.name));
            let menu = Keyboard::new().row([(say.label("button-menu"), "menu:main")]);
            answer.messages.push(Outgoing::text(chat.chat, text).with(menu));
            if let Some(earlier) = linked.earlier {
                answer.messages.push(super::relinked(earlier, chat.language));
            }
        }
        Err(app::Error::Invalid(_) | app::Error::NotFound { .. } | app::Error::Conflict(_)) => {
            answer.dialogue = Change::Keep;
            answer.marks.push(Mark::Rejected { wizard: "vincular", step: "entering_code" });
            answer.messages.push(Outgoing::text(chat.chat, refusal::closing(say, &say.it("link-bad"))));
        }
        Err(error) => answer.messages.push(Outgoing::text(chat.chat, refusal::sentence(say, error)?)),
    }
    Ok(answer)
}

/// A code from somebody who is linked: it would move the account, which the owner ends first.
pub fn linked_already(turn: &mut Turn<'_>) {
    turn.end();
    turn.tell("linked-already");
}

/// `/desvincular` asks first.
pub fn ask_unlink(turn: &mut Turn<'_>) {
    let keyboard = Keyboard::new()
        .row([(turn.label("button-unlink"), "desvincular:confirm:yes")])
        .row([(turn.label("button-no"), "desvincular:confirm:no")]);
    let text = turn.say.it("unlink-ask");
    turn.reply(text, keyboard);
}

/// Ends the link.
pub fn unlink(turn: &mut Turn<'_>) -> Result<()> {
    if !link::unlink(turn)? {
        turn.remark("unlink-by-administrator");
        return Ok(());
    }
    turn.end();
    let text = turn.say.it("unlinked");
    turn.show(text, Keyboard::new());
    Ok(())
}
