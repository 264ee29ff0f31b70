//! Having Telegram post updates.

use std::time::Duration;

use resilience::CancellationToken;

use crate::Bot;
use crate::client::Webhook;

/// Between two times that Telegram is told where to post: somebody may have told it otherwise.
const AGAIN: Duration = Duration::from_secs(600);
/// Pause after it could not be told.
const PAUSE: Duration = Duration::from_secs(5);

/// Tells Telegram where to post, now and again, until told to stop. One replica does.
pub async fn announce(bot: &Bot, webhook: &Webhook, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        let Some(told) = stop.run_until_cancelled(bot.telegram.set_webhook(webhook)).await else { return };
        let pause = match told {
            Ok(()) => AGAIN,
            Err(failure) => {
                tracing::warn!(error = &failure as &dyn std::error::Error, "Telegram was not told of the webhook");
                PAUSE
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}
