//! CPU time a piece of work, by who spent it. On a machine where load, server and database share
//! the processors, it tells what a rate alone cannot.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;
use evaluation::usage;

/// Microseconds of CPU time a piece of work, by who spent them.
pub type Cost = BTreeMap<&'static str, f64>;

/// Somebody who spends CPU time.
#[derive(Debug, Clone, Copy)]
pub enum Party {
    /// A process.
    Process(u32),
    /// A server with a process for each connection, by its first.
    Family(u32),
    /// This process: the load, or a bare loop.
    Ourselves,
    /// Programs that this process has waited for.
    Programs,
}

impl Party {
    fn spent(self) -> Result<Duration> {
        Ok(match self {
            Self::Process(pid) => usage::times(pid)?.own,
            Self::Family(pid) => usage::family(pid)?,
            Self::Ourselves => usage::times(std::process::id())?.own,
            Self::Programs => usage::times(std::process::id())?.children,
        })
    }
}

/// Does some work, and gives what it cost a piece; `count` says how many pieces it was.
pub fn metered<T>(
    parties: &[(&'static str, Party)],
    work: impl FnOnce() -> Result<T>,
    count: impl FnOnce(&T) -> f64,
) -> Result<(T, Cost)> {
    let before = parties.iter().map(|(_, party)| party.spent()).collect::<Result<Vec<_>>>()?;
    let done = work()?;
    let pieces = count(&done).max(1.0);
    let mut cost = Cost::new();
    for ((name, party), before) in parties.iter().zip(before) {
        cost.insert(name, party.spent()?.saturating_sub(before).as_secs_f64() * 1e6 / pieces);
    }
    Ok((done, cost))
}
