//! Output of the commands: the only place that writes to standard output and standard error.
//!
//! `println!` panics when its output is closed (`gad … | head`) or full, so a lint forbids it in this
//! crate. A closed pipe ends the command quietly with [`CLOSED`]; any other failure is an error like all
//! others.

mod printable;
mod table;

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::Result;

pub use printable::{Lines, printable};
pub use table::{Rows, cell};

/// Exit code when the reader of standard output has gone: what a shell reports for SIGPIPE, which ends
/// other programs of the system in that case.
pub const CLOSED: u8 = 141;
/// Longest wait for a last line: its reader may have stopped reading.
const LAST_LINE: Duration = Duration::from_secs(1);

/// Set once the reader of standard output has gone.
static IS_CLOSED: AtomicBool = AtomicBool::new(false);

/// Whether the reader of standard output has gone.
pub fn is_closed() -> bool {
    IS_CLOSED.load(Ordering::Relaxed)
}

/// Standard output, for what is written in parts.
pub struct Output(io::Stdout);

/// Standard output, which remembers that its reader has gone.
pub fn output() -> Output {
    Output(io::stdout())
}

/// The outcome of a write; an error names where it was to.
fn named<T>(outcome: io::Result<T>) -> io::Result<T> {
    outcome.map_err(|error| {
        if error.kind() == io::ErrorKind::BrokenPipe {
            IS_CLOSED.store(true, Ordering::Relaxed);
        }
        io::Error::new(error.kind(), format!("cannot write to standard output: {error}"))
    })
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        named(self.0.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        named(self.0.flush())
    }
}

/// Writes a line for people, without the control characters that it may hold.
pub fn line(text: impl Display) -> Result<()> {
    document(format_args!("{}\n", printable(&text.to_string(), Lines::Kept)))
}

/// Writes what programs read, or what is free of control characters already, as it is.
pub fn document(text: impl Display) -> Result<()> {
    let mut output = output();
    output.write_all(text.to_string().as_bytes())?;
    Ok(output.flush()?)
}

/// Writes a remark for people beside the result, to standard error. That it cannot be written is no
/// reason to fail.
pub fn notice(text: impl Display) {
    prompt(format_args!("{text}\n"));
}

/// The same without an end of line.
pub fn prompt(text: impl Display) {
    let mut errors = io::stderr();
    let text = printable(&text.to_string(), Lines::Kept).into_owned();
    let _ = errors.write_all(text.as_bytes()).and_then(|()| errors.flush());
}

/// Writes a line to standard output from a thread of its own and waits for nothing, for a process that goes on
/// even if no one reads: a full pipe blocks its writer. A reader that has gone is not remembered: the exit code
/// of such a process has nothing to do with it.
pub fn detached_line(text: impl Display) {
    let text = format!("{}\n", printable(&text.to_string(), Lines::Kept));
    let write = move || {
        let mut output = io::stdout();
        // There is no one to report a failure to.
        let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
    };
    // A system without a thread to spare shows in the log.
    let _ = std::thread::Builder::new().name("output".to_owned()).spawn(write);
}

/// Writes from a thread of its own and waits a second at most, for a process that must end even if no one
/// reads: a full pipe blocks its writer.
pub fn without_blocking(write: impl FnOnce() + Send + 'static) {
    let (done, is_done) = mpsc::channel();
    let spawned = std::thread::Builder::new().name("output".to_owned()).spawn(move || {
        write();
        // The one who waits may have given up.
        let _ = done.send(());
    });
    if spawned.is_ok() {
        let _ = is_done.recv_timeout(LAST_LINE);
    }
}
