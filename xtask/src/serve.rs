//! A `gad serve` of our own that ends with us, whatever happens.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// Longest wait for the line that says where it listens.
const PATIENCE: Duration = Duration::from_secs(60);

/// A served office.
pub struct Served {
    child: Child,
    /// Where it listens, like `http://127.0.0.1:40123`.
    pub url: String,
    // Held open: a server that cannot print ends.
    _stdout: BufReader<ChildStdout>,
}

impl Served {
    /// Starts `command`, which is `gad serve` and what it needs, on a free port, and waits until it
    /// is ready.
    ///
    /// # Errors
    /// It ended or said nothing within a minute; what went wrong stands on its standard error.
    pub fn start(command: &mut Command) -> Result<Self> {
        let child = command.args(["--listen", "127.0.0.1:0"]).stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        // From here on it ends with `served`, on the way out through an error too.
        let mut child = child.with_context(|| format!("cannot run {command:?}"))?;
        let stdout = child.stdout.take().context("standard output is a pipe")?;
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            let mut line = String::new();
            let read = stdout.read_line(&mut line).map(|_| (line, stdout));
            // Nobody listens any more when it took too long.
            let _ = tell.send(read);
        });
        let said = told.recv_timeout(PATIENCE);
        let Ok(Ok((line, stdout))) = said else {
            end(&mut child);
            bail!("gad serve said nothing within {PATIENCE:?}");
        };
        let Some(url) = url(&line) else {
            end(&mut child);
            bail!("gad serve did not say where it listens: {line:?}");
        };
        Ok(Self { child, url, _stdout: stdout })
    }
}

impl Served {
    /// Number of its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Asks it to end, and waits until it has.
fn end(child: &mut Child) {
    let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).stderr(Stdio::null()).status();
    if !told.is_ok_and(|status| status.success()) {
        let _killed = child.kill();
    }
    let _ended = child.wait();
}

/// The URL in the line that says that gad is ready.
fn url(line: &str) -> Option<String> {
    line.split_whitespace().find(|word| word.starts_with("http://")).map(|url| url.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_ready_when_it_says_where_it_listens() {
        let script = "echo gad is ready at http://127.0.0.1:81; exec sleep 60";
        let mut served = Served::start(Command::new("sh").args(["-c", script, "sh"])).unwrap();
        assert_eq!(served.url, "http://127.0.0.1:81");
        assert!(served.child.try_wait().unwrap().is_none(), "it goes on until it is dropped");
    }

    #[test]
    fn a_server_that_ends_by_itself_is_not_waited_for() {
        let error = Served::start(Command::new("sh").args(["-c", "exit 2", "sh"])).map(|served| served.url.clone());
        assert_eq!(error.unwrap_err().to_string(), "gad serve did not say where it listens: \"\"");
    }
}
