//! The system asks to stop, or to read anew what may have changed.

use tokio::signal::unix::{self, SignalKind, signal};

/// Which signal asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGTERM.
    Terminate,
    /// SIGINT, Ctrl-C.
    Interrupt,
}

/// Waits for SIGTERM or SIGINT. From the call on, not from the first poll, neither ends the process
/// by itself.
pub fn shutdown_signal() -> impl Future<Output = std::io::Result<Signal>> {
    let signals = signal(SignalKind::terminate()).and_then(|term| Ok((term, signal(SignalKind::interrupt())?)));
    async {
        let (mut terminate, mut interrupt) = signals?;
        Ok(tokio::select! {
            _ = terminate.recv() => Signal::Terminate,
            _ = interrupt.recv() => Signal::Interrupt,
        })
    }
}

/// SIGHUP, by which operators and systemd ask a process to read its files anew.
pub struct Hangup(unix::Signal);

impl Hangup {
    /// From the call on, SIGHUP no longer ends the process.
    ///
    /// # Errors
    /// When the system lets nobody listen.
    pub fn listen() -> std::io::Result<Self> {
        signal(SignalKind::hangup()).map(Self)
    }

    /// Waits for the next.
    pub async fn comes(&mut self) {
        self.0.recv().await;
    }
}
