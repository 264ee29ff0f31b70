//! Notifications to systemd (`sd_notify`), where it started us: that the start goes on, that we are ready, that
//! we live, that we read our files again, that we stop. Elsewhere nothing is sent.

use std::convert::Infallible;
use std::time::Duration;

use resilience::Tasks;
use sd_notify::NotifyState;

fn send(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::warn!(%error, "systemd could not be told");
    }
}

/// Longest time until systemd hears of a start again, and between two times that it does.
const EXTENSION: Duration = Duration::from_secs(30);

/// What the process does at present, for `systemctl status`.
pub fn status(text: &str) {
    send(&[NotifyState::Status(&text.replace(['\n', '\r'], " "))]);
}

/// Asks systemd again and again for more time to start than `TimeoutStartSec`, for as long as it is polled.
pub async fn keep_starting() -> Infallible {
    loop {
        let micros = u32::try_from(EXTENSION.as_micros()).unwrap_or(u32::MAX);
        send(&[NotifyState::ExtendTimeoutUsec(micros)]);
        tokio::time::sleep(EXTENSION / 3).await;
    }
}

/// Requests are answered from now on.
pub fn ready() {
    send(&[NotifyState::Ready, NotifyState::Status("serving")]);
}

/// No more are taken.
pub fn stopping() {
    send(&[NotifyState::Stopping]);
}

/// Files are read anew, until `ready` is said again.
pub fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => send(&[NotifyState::Reloading, now]),
        Err(error) => tracing::warn!(%error, "the time of the reload is not known"),
    }
}

/// Says that we live, twice in the time after which systemd would start us anew (`WatchdogSec`).
/// The task runs beside all others, so that it falls silent when the runtime stands still.
pub fn watchdog(tasks: &Tasks) {
    let Some(longest) = sd_notify::watchdog_enabled() else { return };
    tasks.supervise("systemd-watchdog", move |stop| async move {
        while !stop.is_cancelled() {
            send(&[NotifyState::Watchdog]);
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(longest / 2) => {}
            }
        }
    });
}
