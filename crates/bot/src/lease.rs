//! Work that one replica at a time does.

use std::time::Duration;

use app::Result;
use chrono::TimeDelta;
use domain::lease::{Lease, LeaseName};
use resilience::CancellationToken;
use tokio::time::Instant;

use crate::Bot;

/// How long a lease is good without being renewed. A replica that was killed is followed by another
/// after this and one [`RENEW`] at the latest.
const TTL: Duration = Duration::from_secs(6);
/// Difference between the clocks of this process and of the record that is not worth a line of the log.
const LEEWAY: TimeDelta = TimeDelta::seconds(5);
/// Between two renewals, and two looks at a lease of others.
const RENEW: Duration = Duration::from_secs(2);
/// Whoever could not renew stops so long before others may begin.
const MARGIN: Duration = Duration::from_secs(1);

/// Does `work` whenever this replica holds the lease, until told to stop. Its token is cancelled when
/// the lease is lost; it then ends at once.
pub async fn hold<F: Future<Output = ()>>(
    bot: &Bot,
    name: LeaseName,
    stop: &CancellationToken,
    work: impl Fn(CancellationToken, Lease) -> F,
) {
    while !stop.is_cancelled() {
        // The time is that before the question: what comes late is held shorter, not longer.
        let asked = Instant::now();
        match first(bot, name).await {
            Ok(Some(lease)) => {
                tracing::info!(lease = name.as_str(), "taken");
                gauge(name, 1.0);
                let held = stop.child_token();
                let worked = async {
                    work(held.clone(), lease).await;
                    held.cancel();
                };
                tokio::join!(worked, keep(bot, name, asked, &held));
                gauge(name, 0.0);
                release(bot, name).await;
            }
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(lease = name.as_str(), error = &error as &dyn std::error::Error, "lease not asked for");
            }
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(RENEW) => {}
        }
    }
}

/// Renews a lease until the work ends, and ends the work when it is lost.
async fn keep(bot: &Bot, name: LeaseName, mut since: Instant, held: &CancellationToken) {
    loop {
        tokio::select! {
            () = held.cancelled() => return,
            () = tokio::time::sleep(RENEW) => {}
        }
        let asked = Instant::now();
        let end = since + TTL - MARGIN;
        match tokio::time::timeout_at(end, acquire(bot, name)).await {
            Ok(Ok(Some(_))) => since = asked,
            Ok(Ok(None)) => {
                tracing::warn!(lease = name.as_str(), "lost to another replica");
                return held.cancel();
            }
            Ok(Err(_)) if Instant::now() < end => {}
            Ok(Err(_)) | Err(_) => {
                tracing::warn!(lease = name.as_str(), "given up: the record does not answer");
                return held.cancel();
            }
        }
    }
}

/// Takes a lease that is free, and logs when the one of another process ends later than a lease lasts.
async fn first(bot: &Bot, name: LeaseName) -> Result<Option<Lease>> {
    let before = bot.cx.store.read().await?.leases().by_name(name).await?;
    let last = bot.cx.clock.now() + lasts() + LEEWAY;
    if let Some(before) = before.filter(|before| before.holder.is_some_and(|holder| holder != bot.me))
        && before.until > last
    {
        tracing::warn!(
            code = "lease.clock",
            lease = name.as_str(),
            until = %before.until,
            "another process holds a lease for longer than a lease lasts: a clock is wrong, or was"
        );
    }
    acquire(bot, name).await
}

async fn acquire(bot: &Bot, name: LeaseName) -> Result<Option<Lease>> {
    let mut tx = bot.cx.store.write().await?;
    let lease = tx.leases().acquire(name, bot.me, bot.cx.clock.now(), lasts()).await?;
    tx.commit().await?;
    Ok(lease)
}

fn lasts() -> TimeDelta {
    TimeDelta::from_std(TTL).unwrap_or(TimeDelta::seconds(6))
}

/// Gives the lease up, so that the next need not wait for its end. If that fails, it waits.
async fn release(bot: &Bot, name: LeaseName) {
    let given_up = async {
        let mut tx = bot.cx.store.write().await?;
        tx.leases().release(name, bot.me).await?;
        tx.commit().await?;
        Ok::<(), app::Error>(())
    };
    if let Err(error) = given_up.await {
        tracing::debug!(lease = name.as_str(), error = &error as &dyn std::error::Error, "not given up");
    }
}

/// Lets the figures begin: nobody holds anything.
pub fn begin_counting() {
    for name in [LeaseName::TelegramIntake, LeaseName::TelegramSending, LeaseName::TelegramNotices] {
        gauge(name, 0.0);
    }
}

fn gauge(name: LeaseName, held: f64) {
    metrics::gauge!("gad_telegram_lease_held", "lease" => name.as_str()).set(held);
}
