//! What came of an update is kept in one transaction with its being worked: all of it, or nothing.

use app::Result;
use domain::telegram::{Chat, Content as Json, NewMessage};
use domain::{TelegramId, Time};
use store::Tx;
use store::telegram::Hold;

use super::chat::Turn;
use super::figures;
use super::update::Work;
use crate::Bot;
use crate::model::{Answer, Change, Content, Outgoing, Quiet, Urgency};
use crate::notices::{listeners, may_be_told_at, of_blocked, officer_unreachable};
use crate::outgoing;
use crate::talk::{DIALOGUE_TTL, Dialogue};

/// Keeps an answer.
///
/// # Errors
/// Then nothing of it is kept, and the update is to be worked again.
pub async fn answer(bot: &Bot, hold: Hold, work: &Work, answer: Answer) -> Result<Turn> {
    let now = bot.cx.clock.now();
    let Answer { dialogue, messages, language, quiet, marks } = answer;
    let is_blocked = matches!(&work.update.content, Content::Membership(membership) if !membership.reachable);
    let listeners = if is_blocked { listeners(&bot.cx).await? } else { Vec::new() };
    if is_blocked {
        // An update that is worked again does it again, which changes nothing.
        officer_unreachable(&bot.cx, work.chat.id).await?;
    }
    let mut tx = bot.cx.store.write().await?;
    // From here on nobody else takes the chat before the commit.
    if !tx.inbox().finish(hold, work.received.id, now).await? {
        return Ok(Turn::Lost);
    }
    if let Some(sender) = work.update.sender() {
        go_on(&mut *tx, work, sender.id, dialogue, now).await?;
    }
    let mut chat = tx.chats().by_id(hold.chat).await?.unwrap_or_else(|| Chat::new(hold.chat));
    let before = chat.clone();
    chat.language = language.or(chat.language);
    if let Some(quiet) = quiet {
        chat.quiet_until = match quiet {
            Quiet::Off => None,
            Quiet::Until(until) => Some(until),
        };
        // What the quiet of before has put off follows the one of now.
        let at = may_be_told_at(&chat, Urgency::Notice, now, bot.cx.settings.time_zone);
        tx.messages().put_off(chat.id, now, at).await?;
    }
    let topic = work.update.topic();
    let to_topic = |message: Outgoing| if message.chat == hold.chat { message.in_topic(topic) } else { message };
    let mut messages = kept(messages.into_iter().map(to_topic).collect(), now);
    let (newly_blocked, lost) = note_reach(bot, &mut *tx, work, &mut chat, now).await?;
    if newly_blocked {
        messages.extend(of_blocked(&bot.cx, &listeners, &[chat.id], now));
    }
    if chat != before {
        tx.chats().put(&chat).await?;
    }
    let says_something = !messages.is_empty();
    tx.messages().push(&messages).await?;
    tx.commit().await?;
    outgoing::count_lost("blocked", lost);
    if says_something {
        bot.written.notify_one();
    }
    figures::worked(&marks);
    Ok(Turn::Done)
}

/// Messages as the record keeps them, to be sent at once.
pub fn kept(messages: Vec<Outgoing>, now: Time) -> Vec<NewMessage> {
    messages.into_iter().map(|message| message.kept(now, now)).collect()
}

async fn go_on(tx: &mut dyn Tx, work: &Work, account: TelegramId, to: Change<Dialogue>, now: Time) -> Result<()> {
    let read = work.dialogue.as_ref();
    let state = match to {
        // A word in time keeps it open.
        Change::Keep => read.filter(|_| work.open.is_some()).map(|kept| kept.state.clone()),
        Change::Set(dialogue) => {
            let state = domain::stored::to_value(&dialogue).map_err(|error| app::Error::Internal(error.into()))?;
            Some(Json(state))
        }
        Change::End => None,
    };
    if state.is_none() && read.is_none() {
        return Ok(());
    }
    let next = state.as_ref().map(|state| (state, now + DIALOGUE_TTL));
    let version = read.map(|kept| kept.version);
    if tx.dialogues().compare_and_set(work.chat.id, account, version, next, now).await? {
        Ok(())
    } else {
        // Only one process works a chat, so this is rare: the update is worked again.
        Err(app::Error::Internal("the dialogue was changed in the meantime".into()))
    }
}

/// Notes whether the chat can be written to; gives whether it no longer can, and could before, and how
/// many emergencies were given up with it. What waits for a chat of the settings goes on waiting: an
/// operator brings the bot back.
async fn note_reach(bot: &Bot, tx: &mut dyn Tx, work: &Work, chat: &mut Chat, now: Time) -> Result<(bool, u64)> {
    if let Content::Membership(membership) = &work.update.content {
        if membership.reachable {
            chat.blocked_at = None;
            return Ok((false, 0));
        }
        // The sender may have noticed it first.
        let blocked_at = work.update.said_at().map_or(now, |at| at.min(now));
        let is_new = tx.chats().note_blocked(chat.id, blocked_at).await?;
        chat.blocked_at.get_or_insert(blocked_at);
        let mut lost = 0;
        if !bot.groups.has(chat.id) {
            let given_up = tx.messages().fail_chat(chat.id, Urgency::Emergency, "blocked", now).await?;
            lost = given_up.emergencies;
            if given_up.all > 0 {
                let chat = outgoing::name_of_chat(tx, chat.id).await?;
                tracing::warn!(
                    code = "telegram.blocked",
                    chat,
                    messages = given_up.all,
                    emergencies = lost,
                    "the chat takes no messages any more: what waited for it is given up"
                );
            }
        }
        return Ok((is_new, lost));
    }
    // Whoever writes can be written to.
    chat.blocked_at = None;
    Ok((false, 0))
}
