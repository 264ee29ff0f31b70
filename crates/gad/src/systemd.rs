//! What systemd is told, where it started us and asked: that we are ready, that we live, that we
//! read our files anew, that we stop. Elsewhere nobody listens, and nothing is said.

use resilience::Tasks;
use sd_notify::NotifyState;

fn say(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::warn!(%error, "systemd could not be told");
    }
}

/// Requests are answered from now on.
pub fn ready() {
    say(&[NotifyState::Ready]);
}

/// No more are taken.
pub fn stopping() {
    say(&[NotifyState::Stopping]);
}

/// Files are read anew, until `ready` is said again.
pub fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => say(&[NotifyState::Reloading, now]),
        Err(error) => tracing::warn!(%error, "the time of the reload is not known"),
    }
}

/// Says that we live, twice in the time after which systemd would start us anew (`WatchdogSec`).
/// The task runs beside all others, so that it falls silent when the runtime stands still.
pub fn watchdog(tasks: &Tasks) {
    let Some(longest) = sd_notify::watchdog_enabled() else { return };
    tasks.supervise("systemd-watchdog", move |stop| async move {
        while !stop.is_cancelled() {
            say(&[NotifyState::Watchdog]);
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(longest / 2) => {}
            }
        }
    });
}
