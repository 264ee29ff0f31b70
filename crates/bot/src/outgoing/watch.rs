//! How much waits to be sent.

use std::time::Duration;

use app::Result;
use resilience::CancellationToken;
use store::telegram::QueueFigures;

use crate::Bot;
use crate::model::Urgency;

/// Between two looks.
const LOOK: Duration = Duration::from_secs(5);

/// Tells how much waits, until told to stop; then nothing, since another replica tells it. Deliveries
/// that were not recorded when they happened are recorded here.
pub async fn watch(bot: &Bot, held: &CancellationToken) {
    while !held.is_cancelled() {
        match figures(bot).await {
            Ok(()) => {}
            Err(error) => tracing::debug!(error = &error as &dyn std::error::Error, "messages were not counted"),
        }
        if let Err(error) = super::delivery::reconcile(&bot.cx).await {
            tracing::debug!(error = &error as &dyn std::error::Error, "deliveries were not reconciled");
        }
        tokio::select! {
            () = held.cancelled() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
    nothing();
}

/// Nothing waits, as far as this process knows.
pub fn nothing() {
    for urgency in Urgency::ALL {
        tell(QueueFigures { urgency, waiting: 0, oldest_due: None }, 0.0);
    }
}

async fn figures(bot: &Bot) -> Result<()> {
    let now = bot.cx.clock.now();
    for figures in bot.cx.store.read().await?.messages().figures(now).await? {
        let age = figures.oldest_due.and_then(|at| (now - at).to_std().ok()).unwrap_or_default();
        tell(figures, age.as_secs_f64());
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "not so many messages wait")]
fn tell(figures: QueueFigures, age: f64) {
    let urgency = match figures.urgency {
        Urgency::Emergency => "emergency",
        Urgency::Answer => "answer",
        Urgency::Notice => "notice",
    };
    metrics::gauge!("gad_telegram_messages_waiting", "urgency" => urgency).set(figures.waiting as f64);
    metrics::gauge!("gad_telegram_messages_oldest_seconds", "urgency" => urgency).set(age);
}
