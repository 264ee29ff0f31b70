//! When an update could not be worked: it is tried again, and given up in the end, so that the chat
//! goes on.

use std::error::Error as _;

use app::{Error, Result};
use chrono::TimeDelta;
use store::telegram::Hold;

use super::chat::Turn;
use super::keep;
use super::update::Work;
use crate::Bot;
use crate::model::Content;
use crate::talk;

/// Tries of an update that fails by itself.
const MOST_TRIES: u32 = 5;
/// How long one is tried that waits for the record: as long as its sender may still wait.
const PATIENCE: TimeDelta = TimeDelta::hours(1);
/// Longest pause before another try.
const LONGEST_PAUSE: TimeDelta = TimeDelta::seconds(30);

/// Puts an update off, or gives it up and says so to its sender.
///
/// # Errors
/// When the record does not answer; it is then tried again when the hold has run out.
pub async fn deal_with(bot: &Bot, hold: Hold, work: &Work, error: Error) -> Result<Turn> {
    let now = bot.cx.clock.now();
    let tries = work.received.attempts + 1;
    let by_itself = matches!(error, Error::Internal(_));
    let gives_up = (by_itself && tries >= MOST_TRIES) || now - work.received.received_at > PATIENCE;
    let mut tx = bot.cx.store.write().await?;
    if !gives_up {
        tell(&error, "an update is tried again");
        let pause = (TimeDelta::seconds(1) * 2_i32.saturating_pow(tries.min(8) - 1)).min(LONGEST_PAUSE);
        let kept = tx.inbox().postpone(hold, work.received.id, now + pause).await?;
        tx.commit().await?;
        metrics::counter!("gad_telegram_worked_total", "outcome" => "postponed").increment(1);
        return Ok(if kept { Turn::Nothing } else { Turn::Lost });
    }
    tracing::error!(
        code = "telegram.set_aside",
        update = work.received.id.0,
        tries,
        error = &error as &dyn std::error::Error,
        "an update was given up"
    );
    if !tx.inbox().set_aside(hold, work.received.id, now).await? {
        return Ok(Turn::Lost);
    }
    if matches!(work.update.content, Content::Message(_) | Content::Callback(_)) {
        let sorry = talk::gave_up(hold.chat, work.chat.speaks()).in_topic(work.update.topic());
        tx.messages().push(&keep::kept(vec![sorry], now)).await?;
    }
    tx.commit().await?;
    bot.written.notify_one();
    metrics::counter!("gad_telegram_worked_total", "outcome" => "set_aside").increment(1);
    Ok(Turn::Done)
}

/// Says what went wrong, with its cause: the cause is what an operator can mend.
pub fn tell(error: &Error, what: &'static str) {
    let cause = error.source().map(ToString::to_string);
    tracing::warn!(error = error as &dyn std::error::Error, cause, "{what}");
}
