//! Panics as lines of the log.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic::PanicHookInfo;

/// Writes panics to the log from now on. The hook of the standard library writes to standard error at once, and
/// blocks the thread where that is not read.
pub fn log_panics() {
    std::panic::set_hook(Box::new(log_panic));
}

fn log_panic(panic: &PanicHookInfo<'_>) {
    let thread = std::thread::current();
    let location = panic.location().map(ToString::to_string).unwrap_or_default();
    let backtrace = Backtrace::capture();
    let backtrace = (backtrace.status() == BacktraceStatus::Captured).then(|| backtrace.to_string());
    tracing::error!(
        code = "panic",
        thread = thread.name().unwrap_or_default(),
        location,
        backtrace,
        "panicked: {}",
        panic.payload_as_str().unwrap_or("?")
    );
}
