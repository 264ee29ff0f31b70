//! One chat while it is held.

use resilience::CancellationToken;
use store::telegram::Hold;

use super::{HOLD, fault, update};
use crate::Bot;

/// Updates of one chat after which others have a turn.
const IN_A_ROW: usize = 20;

/// What became of an attempt to work an update.
pub enum Turn {
    /// It was worked, or given up: the next may come.
    Done,
    /// There is none, or it is not due.
    Nothing,
    /// Another process holds the chat now.
    Lost,
}

/// Works what waits in a chat, and leaves it.
pub async fn work(bot: &Bot, hold: Hold, stop: &CancellationToken) {
    let mut held_since = bot.cx.clock.now();
    for _ in 0..IN_A_ROW {
        if stop.is_cancelled() {
            break;
        }
        let now = bot.cx.clock.now();
        if now - held_since > HOLD / 4 {
            match extend(bot, hold).await {
                Ok(true) => held_since = now,
                Ok(false) => return,
                Err(error) => {
                    fault::tell(&error, "a chat could not be held");
                    break;
                }
            }
        }
        match update::work_next(bot, hold).await {
            Ok(Turn::Done) => {}
            Ok(Turn::Nothing) => break,
            Ok(Turn::Lost) => return,
            Err(error) => {
                fault::tell(&error, "an update could not be worked");
                break;
            }
        }
    }
    // If it fails, the chat waits until the hold runs out.
    if let Err(error) = release(bot, hold).await {
        fault::tell(&error, "a chat was not left");
    }
}

async fn extend(bot: &Bot, hold: Hold) -> app::Result<bool> {
    let mut tx = bot.cx.store.write().await?;
    let held = tx.inbox().extend(hold, bot.cx.clock.now(), HOLD).await?;
    tx.commit().await?;
    Ok(held)
}

async fn release(bot: &Bot, hold: Hold) -> app::Result<()> {
    let mut tx = bot.cx.store.write().await?;
    tx.inbox().release(hold).await?;
    tx.commit().await?;
    Ok(())
}
