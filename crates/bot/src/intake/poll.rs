//! Asking Telegram for updates.

use std::time::Duration;

use resilience::{CancellationToken, Pauses};
use serde_json::Value;

use super::receive;
use crate::Bot;
use crate::client::Failure;

/// How long Telegram keeps a question open while there is nothing to tell.
const WAIT: Duration = Duration::from_secs(25);
/// First pause after something went wrong; doubled each time up to [`LONGEST`].
const FIRST: Duration = Duration::from_millis(500);
/// Longest pause after something went wrong.
const LONGEST: Duration = Duration::from_secs(15);

/// Fetches updates until told to stop. Only whoever holds the lease does: Telegram ends the question
/// of one when another asks.
///
/// Telegram forgets what lies below the number that a question names, so it is named only after the
/// updates below it are committed, and only until one question with it was answered. After a quiet
/// week Telegram begins to count anew (Bot API, `Update`): an old number would then make it forget
/// what nobody has read.
pub async fn poll(bot: &Bot, stop: &CancellationToken) {
    let mut offset = None;
    let mut pauses = Pauses::between(FIRST, LONGEST);
    let mut has_webhook = true;
    while !stop.is_cancelled() {
        let turn = async {
            if has_webhook {
                bot.telegram.delete_webhook().await.map_err(Trouble::Telegram)?;
            }
            let updates = bot.telegram.updates(offset, WAIT).await.map_err(Trouble::Telegram)?;
            let next = updates.iter().filter_map(|update| update.get("update_id").and_then(Value::as_i64)).max();
            // Not kept, they are asked for again.
            receive(bot, updates).await.map_err(Trouble::Record)?;
            Ok::<_, Trouble>(next.map(|last| last + 1))
        };
        // Cut in the middle it has told Telegram nothing, or has committed all that it was told.
        let Some(outcome) = stop.run_until_cancelled(turn).await else { return };
        match outcome {
            Ok(next) => {
                (offset, has_webhook) = (next, false);
                pauses.reset();
                metrics::gauge!("gad_telegram_last_contact_timestamp_seconds")
                    .set(seconds(bot.cx.clock.now().timestamp()));
            }
            Err(trouble) => {
                trouble.tell();
                has_webhook = matches!(trouble, Trouble::Telegram(Failure::Conflict));
                let pause = pauses.pause();
                let asked = if let Trouble::Telegram(Failure::TooMany(after)) = trouble { after } else { pause };
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(asked.max(pause)) => {}
                }
            }
        }
    }
}

enum Trouble {
    Telegram(Failure),
    Record(app::Error),
}

impl Trouble {
    fn tell(&self) {
        match self {
            Self::Telegram(Failure::BadToken) => {
                tracing::error!(code = "telegram.token", "Telegram does not know the token: is telegram_token right?");
            }
            Self::Telegram(Failure::Conflict) => {
                tracing::warn!(code = "telegram.conflict", "somebody else reads the updates of this bot");
            }
            Self::Telegram(failure) => tracing::warn!(error = failure as &dyn std::error::Error, "no updates"),
            Self::Record(error) => tracing::warn!(error = error as &dyn std::error::Error, "updates were not kept"),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit until long after us")]
fn seconds(timestamp: i64) -> f64 {
    timestamp as f64
}
