//! The system asks to stop.

use tokio::signal::unix::{SignalKind, signal};

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
