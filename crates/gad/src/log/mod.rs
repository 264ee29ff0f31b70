//! The log: what is written, how, and how that is changed while the office runs.

mod level;
mod panic;
mod writer;

use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use app::admin::LogFilter;
use resilience::{CancellationToken, Tasks};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tracing::{Level, Metadata};
use tracing_subscriber::filter::{FilterExt, LevelFilter, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, reload};

use crate::otlp::Traces;

pub use self::level::read_filter;
pub use self::panic::log_panics;
use self::writer::LogWriter;

/// Longest wait at the end of the process for lines that are not written yet.
const FLUSH: Duration = Duration::from_millis(500);

/// Crates whose finest lines are known to hold nothing personal.
const OURS: [&str; 9] = ["api", "app", "bus", "domain", "gad", "resilience", "store", "store_pg", "store_sqlite"];

/// Below `debug`, libraries say what is on the wire: tokens, passwords, places. No filter brings
/// that into the log.
fn is_ours_to_say(line: &Metadata<'_>) -> bool {
    *line.level() != Level::TRACE || OURS.contains(&line.target().split("::").next().unwrap_or_default())
}

/// The log of this process. Cheap to clone.
#[derive(Clone)]
pub struct Log {
    handle: reload::Handle<EnvFilter, Registry>,
    usual: Arc<str>,
    /// Until when another filter holds.
    until: Arc<watch::Sender<Option<Instant>>>,
    writer: LogWriter,
}

/// Writes what is left of the log when dropped, as far as its reader takes it in half a second.
pub struct FlushGuard(LogWriter);

impl Drop for FlushGuard {
    fn drop(&mut self) {
        self.0.flush(FLUSH);
    }
}

impl Log {
    /// Begins to log by the filter `usual`: as JSON for machines, else as lines for people; on
    /// standard error, so that standard output holds the one line with the URL. `traces` gets its
    /// spans whatever the filter says.
    pub fn begin(usual: &str, json: bool, traces: Option<Traces>) -> Result<Self> {
        let (log, filter) = Self::new(usual, LogWriter::stderr()?)?;
        // Filters of functions name the finest level that they pass, or tracing takes it that they pass all,
        // and every line and field of libraries is made for nothing.
        let filter = filter.and(filter_fn(is_ours_to_say).with_max_level_hint(LevelFilter::TRACE));
        let writer = log.writer.clone();
        let lines = tracing_subscriber::fmt::layer().log_internal_errors(false).with_writer(move || writer.clone());
        let lines = if json {
            lines.json().with_filter(filter).boxed()
        } else {
            lines.with_ansi(std::io::stderr().is_terminal()).with_filter(filter).boxed()
        };
        let wanted = filter_fn(Traces::wants).with_max_level_hint(Traces::FINEST);
        let traces = traces.map(|traces| traces.with_filter(wanted));
        tracing_subscriber::registry().with(lines).with(traces).try_init()?;
        follow_max_level();
        Ok(log)
    }

    /// What chooses, and what is to ask it.
    fn new(usual: &str, writer: LogWriter) -> Result<(Self, reload::Layer<EnvFilter, Registry>)> {
        let (filter, handle) = reload::Layer::new(EnvFilter::try_new(usual)?);
        Ok((Self { handle, usual: usual.into(), until: Arc::new(watch::channel(None).0), writer }, filter))
    }

    /// Lines that were dropped because standard error was not read in time.
    pub fn dropped(&self) -> u64 {
        self.writer.dropped()
    }

    /// What writes the last lines when the process ends.
    pub fn flush_at_end(&self) -> FlushGuard {
        FlushGuard(self.writer.clone())
    }

    /// Puts the usual filter back when the time of another one is over.
    pub fn keep(&self, tasks: &Tasks) {
        let log = self.clone();
        tasks.supervise("log-filter", move |stop| {
            let log = log.clone();
            async move { log.wait(&stop).await }
        });
    }

    async fn wait(&self, stop: &CancellationToken) {
        let mut told = self.until.subscribe();
        while !stop.is_cancelled() {
            let until = *told.borrow_and_update();
            let over = async {
                match until {
                    Some(until) => sleep_until(until).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = stop.cancelled() => break,
                // Its other end is ours, and does not go away.
                _ = told.changed() => {}
                () = over => {
                    // One that was chosen in this very moment stays.
                    let ended = self.until.send_if_modified(|now| *now == until && now.take().is_some());
                    match ended.then(|| self.reload(&self.usual)) {
                        Some(Ok(())) => tracing::info!(filter = &*self.usual, "logging as usual again"),
                        Some(Err(error)) => tracing::error!(error, "the usual log did not come back"),
                        None => {}
                    }
                }
            }
        }
    }

    fn reload(&self, filter: &str) -> Result<(), String> {
        let filter = EnvFilter::try_new(read_filter(filter)?).map_err(|error| error.to_string())?;
        self.handle.reload(filter).map_err(|error| error.to_string())?;
        follow_max_level();
        Ok(())
    }
}

/// Lets libraries that log through `log` make no line that the filter drops. `tracing` has the level from the
/// filter, `log` only what it is given.
fn follow_max_level() {
    let level = match LevelFilter::current().into_level() {
        None => ::log::LevelFilter::Off,
        Some(Level::ERROR) => ::log::LevelFilter::Error,
        Some(Level::WARN) => ::log::LevelFilter::Warn,
        Some(Level::INFO) => ::log::LevelFilter::Info,
        Some(Level::DEBUG) => ::log::LevelFilter::Debug,
        Some(Level::TRACE) => ::log::LevelFilter::Trace,
    };
    ::log::set_max_level(level);
}

impl LogFilter for Log {
    fn check(&self, filter: &str) -> Result<(), String> {
        read_filter(filter).map(drop)
    }

    fn choose(&self, filter: &str, lasting: Duration) -> Result<(), String> {
        self.reload(filter)?;
        self.until.send_replace(Some(Instant::now() + lasting));
        tracing::info!(filter, minutes = lasting.as_secs() / 60, "logging otherwise for a while");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn after_its_time_a_filter_gives_way_to_the_usual_one() {
        let (log, _filter) = Log::new("info", LogWriter::start(std::io::sink()).unwrap()).unwrap();
        let tasks = Tasks::new();
        log.keep(&tasks);
        let now = || log.handle.with_current(ToString::to_string).unwrap();
        let seconds = Duration::from_secs;
        log.choose("debug", seconds(600)).unwrap();
        tokio::time::sleep(seconds(599)).await;
        assert_eq!(now(), "debug");
        assert!(log.choose("api=loud", seconds(600)).is_err());
        log.choose("warn", seconds(600)).unwrap();
        tokio::time::sleep(seconds(599)).await;
        assert_eq!(now(), "warn", "the later choice has a time of its own");
        tokio::time::sleep(seconds(2)).await;
        assert_eq!(now(), "info");
        tasks.shutdown(seconds(1)).await;
    }

    #[test]
    fn libraries_make_no_line_that_the_filter_drops() {
        let log = Log::begin("info,sqlx=off", false, None).unwrap();
        assert_eq!((::log::max_level(), LevelFilter::current()), (::log::LevelFilter::Info, LevelFilter::INFO));
        log.choose("debug", Duration::from_secs(60)).unwrap();
        assert_eq!((::log::max_level(), LevelFilter::current()), (::log::LevelFilter::Debug, LevelFilter::DEBUG));
        log.choose("error", Duration::from_secs(60)).unwrap();
        assert_eq!((::log::max_level(), LevelFilter::current()), (::log::LevelFilter::Error, LevelFilter::ERROR));
    }
}
