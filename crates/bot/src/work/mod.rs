//! Updates are worked: those of one chat in order and by one process at a time, several chats at once.

mod chat;
mod fault;
mod figures;
mod keep;
mod update;

use std::time::Duration;

use chrono::TimeDelta;
use futures::future::join_all;
use resilience::CancellationToken;
use store::telegram::Hold;

use crate::Bot;

pub use figures::begin_counting;

/// Chats that a replica works at once.
const AT_ONCE: usize = 16;
/// Between two looks for what nobody told of: taken in by another replica, put off, or left behind by
/// one that died.
const LOOK: Duration = Duration::from_millis(500);
/// How long a chat is held. One whose process was killed is taken over after this.
const HOLD: TimeDelta = TimeDelta::seconds(8);

/// Works whatever comes until told to stop; what is under way then is ended.
pub async fn work(bot: &Bot, stop: &CancellationToken) {
    join_all((0..AT_ONCE).map(|n| worker(bot, stop, n == 0))).await;
}

/// Works one chat after the other. Whoever finds one wakes the next worker, so that there are as many
/// awake as there is work; one of them also looks by itself.
async fn worker(bot: &Bot, stop: &CancellationToken, looks: bool) {
    while !stop.is_cancelled() {
        match take(bot).await {
            Ok(Some(hold)) => {
                bot.received.notify_one();
                chat::work(bot, hold, stop).await;
                continue;
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "no chat could be taken"),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = bot.received.notified() => {}
            () = tokio::time::sleep(LOOK), if looks => {}
        }
    }
}

async fn take(bot: &Bot) -> app::Result<Option<Hold>> {
    let now = bot.cx.clock.now();
    let mut tx = bot.cx.store.write().await?;
    let chat = tx.inbox().take_chat(bot.me, now, HOLD).await?;
    tx.commit().await?;
    Ok(chat.map(|chat| Hold { chat, holder: bot.me }))
}
