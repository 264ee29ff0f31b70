//! What processes use, from `/proc`.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

/// One tick of `/proc/PID/stat`: user space always sees hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// Times of one process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// Who started it.
    pub parent: u32,
    /// CPU time of all its threads.
    pub own: Duration,
    /// CPU time of its children that have ended and been waited for.
    pub children: Duration,
}

/// Memory of one process, bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// All that is resident.
    pub resident: u64,
    /// The part that no file stands behind.
    pub anonymous: u64,
}

/// Time of all processors of the machine since it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Processors {
    busy: u64,
    all: u64,
}

impl Processors {
    /// The share of all processors that somebody used since an earlier look, 0 to 1.
    pub fn busy_since(&self, earlier: &Self) -> f64 {
        let all = self.all.saturating_sub(earlier.all);
        crate::measure::share(crate::measure::count(self.busy.saturating_sub(earlier.busy)), crate::measure::count(all))
    }
}

/// Time of all processors.
pub fn machine() -> Result<Processors> {
    parse_processors(&fs::read_to_string("/proc/stat")?).context("odd /proc/stat")
}

/// Times of one process.
pub fn times(pid: u32) -> Result<Times> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).with_context(|| format!("process {pid} is gone"))?;
    parse_stat(&stat).with_context(|| format!("odd /proc/{pid}/stat"))
}

/// CPU time of a process, of its children that have ended, and of those that live.
pub fn family(pid: u32) -> Result<Duration> {
    loop {
        let before = times(pid)?;
        let mut sum = before.own + before.children;
        for entry in fs::read_dir("/proc")?.flatten() {
            let Some(other) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
            if let Ok(times) = times(other)
                && times.parent == pid
            {
                sum += times.own + times.children;
            }
        }
        // A child that ended while they were counted is in neither sum.
        if times(pid)?.children == before.children {
            return Ok(sum);
        }
    }
}

/// Memory of one process.
pub fn memory(pid: u32) -> Result<Memory> {
    let status = Sizes::read(pid, "status")?;
    Ok(Memory { resident: status.bytes("VmRSS")?, anonymous: status.bytes("RssAnon")? })
}

/// What one process takes of the machine's memory, bytes. Each connection to an embedded record maps
/// its file anew, so what is resident counts a page of it as often as there are connections; here
/// each page counts once, and in parts where other processes map it too.
pub fn footprint(pid: u32) -> Result<u64> {
    Sizes::read(pid, "smaps_rollup")?.bytes("Pss")
}

/// A file of `/proc` with a size in each line.
struct Sizes {
    path: String,
    text: String,
}

impl Sizes {
    fn read(pid: u32, name: &str) -> Result<Self> {
        let path = format!("/proc/{pid}/{name}");
        let text = fs::read_to_string(&path).with_context(|| format!("process {pid} is gone"))?;
        Ok(Self { path, text })
    }

    fn bytes(&self, name: &str) -> Result<u64> {
        let size = self.text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let kib = size.and_then(|size| size.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        Ok(1024 * kib.with_context(|| format!("no {name} in {}", self.path))?)
    }
}

/// Bytes that went from process to process of this machine, since it began.
pub fn loopback() -> Result<u64> {
    parse_loopback(&fs::read_to_string("/proc/net/dev")?).context("odd /proc/net/dev")
}

fn parse_loopback(devices: &str) -> Option<u64> {
    let line = devices.lines().find_map(|line| line.trim().strip_prefix("lo:"))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}

// Ticks of user, nice, system, idle, waiting for a disk, and more; guests are among the users.
fn parse_processors(stat: &str) -> Option<Processors> {
    let ticks: Vec<u64> = stat
        .lines()
        .next()?
        .strip_prefix("cpu ")?
        .split_ascii_whitespace()
        .map_while(|tick| tick.parse().ok())
        .collect();
    let all: u64 = ticks.iter().take(8).sum();
    let idle = ticks.get(3)? + ticks.get(4)?;
    Some(Processors { busy: all.saturating_sub(idle), all })
}

// The name in parentheses may hold anything, spaces and parentheses among it.
fn parse_stat(stat: &str) -> Option<Times> {
    let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split_ascii_whitespace().collect();
    let ticks = |index: usize| fields.get(index)?.parse::<u32>().ok();
    Some(Times {
        parent: fields.get(1)?.parse().ok()?,
        own: TICK * (ticks(11)? + ticks(12)?),
        children: TICK * (ticks(13)? + ticks(14)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_may_have_any_name() {
        let stat = "42 (a) b (c) S 7 42 42 0 -1 4194560 100 200 0 0 150 50 30 20 20 0 1 0 9 0 0";
        let wanted = Times { parent: 7, own: Duration::from_secs(2), children: Duration::from_millis(500) };
        assert_eq!(parse_stat(stat), Some(wanted));
    }

    #[test]
    fn who_waits_for_a_disk_uses_no_processor() {
        let earlier = parse_processors("cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 1").unwrap();
        let later = parse_processors("cpu  160 0 70 900 70 0 0 0 0 0\n").unwrap();
        assert_eq!(later.busy_since(&earlier), 0.4);
    }

    #[test]
    fn what_goes_round_in_the_machine_is_counted_once() {
        let devices = "Inter-|   Receive\n face |bytes packets\n  eth0: 7 1 0\n    lo: 4096 12 0 0 0 0 0 0 4096 12\n";
        assert_eq!(parse_loopback(devices), Some(4096));
    }

    #[test]
    fn this_process_has_memory_and_a_parent() {
        let own = std::process::id();
        assert!(memory(own).unwrap().resident >= memory(own).unwrap().anonymous);
        assert!(footprint(own).unwrap() > 0);
        assert!(times(own).unwrap().parent > 0);
    }
}
