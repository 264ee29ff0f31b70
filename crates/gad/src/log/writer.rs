//! Bounded, lossy queue of log lines, written by a thread of its own.
//!
//! A pipe that no one reads blocks its writer (`tee` on a full disk, a terminal paused with Ctrl-S, a container
//! log driver). On the runtime that would stop the whole process, so lines are appended to a buffer in
//! memory; when it is full they are dropped and counted.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Most bytes that wait to be written: some thousands of lines. As many again may be in flight.
const MOST_BYTES: usize = 1 << 20;
/// Between two tries of a descriptor that is not blocking and takes nothing for the moment.
const RETRY: Duration = Duration::from_millis(10);

/// Where log lines go. Cheap to clone; writing to it never blocks and never fails.
#[derive(Clone)]
pub struct LogWriter(Arc<Shared>);

struct Shared {
    // A std mutex: held to copy one line or to exchange the buffer, never across I/O.
    queue: Mutex<Queue>,
    added: Condvar,
    drained: Condvar,
    dropped: AtomicU64,
}

#[derive(Default)]
struct Queue {
    bytes: Vec<u8>,
    lines: u64,
    is_writing: bool,
}

impl LogWriter {
    /// Writes to standard error, through a descriptor of its own: a write that blocks must not hold the
    /// lock of `std::io::stderr`.
    ///
    /// # Errors
    /// When there is no descriptor or no thread to be had.
    pub fn stderr() -> io::Result<Self> {
        let copy = io::stderr().as_fd().try_clone_to_owned()?;
        Self::start(File::from(copy))
    }

    /// Writes to `to` from a thread that ends with the process.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub fn start(to: impl Write + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            queue: Mutex::default(),
            added: Condvar::new(),
            drained: Condvar::new(),
            dropped: AtomicU64::new(0),
        });
        let written = Arc::clone(&shared);
        std::thread::Builder::new().name("log".to_owned()).spawn(move || written.write_to(to))?;
        Ok(Self(shared))
    }

    /// Lines that were dropped since the start.
    pub fn dropped(&self) -> u64 {
        self.0.dropped.load(Ordering::Relaxed)
    }

    /// Waits until everything is written, at most for `limit`; whether it was.
    pub fn flush(&self, limit: Duration) -> bool {
        let queue = self.0.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let is_pending = |queue: &mut Queue| queue.is_writing || !queue.bytes.is_empty();
        let waited = self.0.drained.wait_timeout_while(queue, limit, is_pending);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }
}

impl Write for LogWriter {
    /// Takes a whole line, as `tracing_subscriber` gives it.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut queue = self.0.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.bytes.len() + line.len() > MOST_BYTES {
            self.0.dropped.fetch_add(1, Ordering::Relaxed);
        } else {
            queue.bytes.extend_from_slice(line);
            queue.lines += 1;
            self.0.added.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Shared {
    fn write_to(&self, mut to: impl Write) {
        let mut reported = 0;
        let mut batch = Vec::new();
        loop {
            let lines = self.take(&mut batch);
            if write_all(&mut to, &batch).is_err() {
                // Part of them may be there; none can be relied on.
                self.dropped.fetch_add(lines, Ordering::Relaxed);
            } else {
                let dropped = self.dropped.load(Ordering::Relaxed);
                if dropped > reported {
                    let lines = dropped - reported;
                    reported = dropped;
                    tracing::warn!(
                        code = "log_dropped",
                        lines,
                        "log: lines dropped, standard error was not read in time"
                    );
                }
            }
        }
    }

    /// Waits for lines and exchanges the buffer for `batch`; gives how many lines it holds.
    fn take(&self, batch: &mut Vec<u8>) -> u64 {
        batch.clear();
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.is_writing = false;
        if queue.bytes.is_empty() {
            self.drained.notify_all();
        }
        let waited = self.added.wait_while(queue, |queue| queue.bytes.is_empty());
        let mut queue = waited.unwrap_or_else(PoisonError::into_inner);
        std::mem::swap(&mut queue.bytes, batch);
        queue.is_writing = true;
        std::mem::take(&mut queue.lines)
    }
}

fn write_all(to: &mut impl Write, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match to.write(bytes) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(written) => bytes = &bytes[written..],
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // Another process may have made the terminal or pipe that we share non-blocking.
            Err(error) if error.kind() == ErrorKind::WouldBlock => std::thread::park_timeout(RETRY),
            Err(error) => return Err(error),
        }
    }
    to.flush()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// What a reader takes only when it is allowed to.
    struct Gate {
        open: mpsc::Receiver<()>,
        is_open: bool,
        seen: Arc<Mutex<Vec<u8>>>,
    }

    impl Write for Gate {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if !self.is_open {
                self.is_open = self.open.recv().is_ok();
            }
            self.seen.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_stops_costs_lines_and_no_time() {
        let (opens, open) = mpsc::channel();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let writer = LogWriter::start(Gate { open, is_open: false, seen: seen.clone() }).unwrap();
        let line = [b'x'; 1023];
        let lines = 4096;
        for _ in 0..lines {
            writer.clone().write_all(&[&line[..], b"\n"].concat()).unwrap();
        }
        let kept = u64::try_from(MOST_BYTES / 1024).unwrap();
        // The writer may have taken the first buffer, of one line or a full one, before it was blocked.
        let dropped = writer.dropped();
        assert!((lines - 2 * kept..=lines - kept).contains(&dropped), "{dropped} of {lines} were dropped");
        assert!(!writer.flush(Duration::from_millis(10)), "the end does not wait for the reader");
        opens.send(()).unwrap();
        assert!(writer.flush(Duration::from_secs(5)));
        let written = seen.lock().unwrap().split(|byte| *byte == b'\n').count() - 1;
        assert_eq!(u64::try_from(written).unwrap() + dropped, lines);
    }

    #[test]
    fn lines_that_cannot_be_written_are_counted() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
                Err(ErrorKind::StorageFull.into())
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut writer = LogWriter::start(Full).unwrap();
        writer.write_all(b"one\n").unwrap();
        assert!(writer.flush(Duration::from_secs(5)));
        assert_eq!(writer.dropped(), 1);
    }
}
