//! Audit lines of reads of personal data: written after the answer, so that no read waits for a writer.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use domain::audit::{AuditEvent, Severity};
use domain::{AuditLine, JsonObject, SessionId, Time, UserId};
use resilience::CancellationToken;
use serde_json::Value;
use tokio::sync::Notify;

use crate::record::Note;
use crate::{Actor, Context, Error, Identity, Result};

/// The same read by the same actor leaves no further line for so long: boards and maps poll.
const WINDOW: TimeDelta = TimeDelta::minutes(5);
/// Reads remembered at most; beyond them the older half is forgotten, and leaves lines again.
const MOST_REMEMBERED: usize = 10_000;
/// Lines that wait at most; beyond them a read waits until its own line is written.
const MOST_WAITING: usize = 2_000;
/// Lines of one transaction.
const PART: usize = 200;
/// Pause after the record did not take them.
const PAUSE: Duration = Duration::from_secs(2);

/// What was read.
pub(crate) struct Reading {
    resource_type: &'static str,
    resource_id: String,
    filter: JsonObject,
}

impl Reading {
    /// Of several objects of one kind.
    pub fn of_several(resource_type: &'static str) -> Self {
        Self { resource_type, resource_id: store::audit::SEVERAL.to_owned(), filter: JsonObject::new() }
    }

    /// Of one object.
    pub fn of_one(resource_type: &'static str, id: impl ToString) -> Self {
        Self { resource_type, resource_id: id.to_string(), filter: JsonObject::new() }
    }

    /// A part of what was asked for; `null` is left out.
    pub fn filter(mut self, name: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        if !value.is_null() {
            self.filter.insert(name.to_owned(), value);
        }
        self
    }

    /// What a page was asked for.
    pub fn page(self, page: store::Page) -> Self {
        self.filter("skip", page.skip).filter("limit", page.limit).filter("cursor", page.after.map(|cursor| cursor.0))
    }
}

/// Who reads what: the same again within the window leaves no line.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    user: Option<UserId>,
    on_behalf_of: Option<UserId>,
    session: Option<SessionId>,
    asked: u64,
}

#[derive(Default)]
struct Kept {
    /// Half of [`MOST_REMEMBERED`] at most. When it is full it becomes the older half: no read looks
    /// through what others have read.
    recent: HashMap<Key, Time>,
    older: HashMap<Key, Time>,
    waiting: VecDeque<AuditLine>,
}

/// Lines of reads that wait to be written, and which reads were lately written down.
#[derive(Default)]
pub struct ReadLog {
    // A std mutex: held for a look or an insertion, never across an await.
    kept: Mutex<Kept>,
    added: Notify,
}

impl ReadLog {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the read leaves a line: the first one within the window.
    fn is_due(&self, actor: &Actor, reading: &Reading, now: Time) -> bool {
        let mut asked = DefaultHasher::new();
        (&actor.request.endpoint, reading.resource_type, &reading.resource_id).hash(&mut asked);
        Value::Object(reading.filter.clone()).to_string().hash(&mut asked);
        let key = Key {
            user: actor.acting_user(),
            on_behalf_of: actor.represented(),
            session: actor.session(),
            asked: asked.finish(),
        };
        let mut kept = self.kept();
        let last = kept.recent.get(&key).or_else(|| kept.older.get(&key));
        if last.is_some_and(|at| now - *at < WINDOW && now >= *at) {
            return false;
        }
        if kept.recent.len() >= MOST_REMEMBERED / 2 {
            kept.older = std::mem::take(&mut kept.recent);
        }
        kept.recent.insert(key, now);
        true
    }

    /// Takes a line, unless too many wait.
    fn add(&self, line: AuditLine) -> Option<AuditLine> {
        let mut kept = self.kept();
        if kept.waiting.len() >= MOST_WAITING {
            return Some(line);
        }
        kept.waiting.push_back(line);
        drop(kept);
        self.added.notify_one();
        None
    }

    fn take(&self) -> Vec<AuditLine> {
        let mut kept = self.kept();
        let count = kept.waiting.len().min(PART);
        kept.waiting.drain(..count).collect()
    }

    fn put_back(&self, lines: Vec<AuditLine>) {
        let mut kept = self.kept();
        for line in lines.into_iter().rev() {
            kept.waiting.push_front(line);
        }
    }
}

/// Leaves a line on a read of personal data of `count` objects. Where the record takes no changes,
/// the log says that the line is missing: people must be able to look then.
pub(crate) async fn leave(cx: &Context, actor: &Actor, reading: Reading, count: usize) -> Result<()> {
    // What a job reads is shown only in messages, which are stored.
    if matches!(actor.identity, Identity::System(_)) {
        return Ok(());
    }
    let now = cx.clock.now();
    let reads = cx.audit.reads();
    if !reads.is_due(actor, &reading, now) {
        return Ok(());
    }
    let line = Note::new(cx, actor, AuditEvent::Read, now, "Datos de personas consultados")
        .on(reading.resource_type, reading.resource_id)
        .fact("filtro", reading.filter)
        .fact("cantidad", count)
        .severity(Severity::Medium)
        .tags("read,sensitive_data")
        .line();
    // The command line ends before anything that runs beside it.
    let refused = if actor.identity == Identity::Operator { Some(line) } else { reads.add(line) };
    match refused {
        None => Ok(()),
        Some(line) => match write(cx, &[line]).await {
            Err(error @ (Error::ReadOnly(_) | Error::StorageFull(_) | Error::Denied(_))) => {
                tracing::warn!(
                    code = "read_not_audited",
                    user.id = actor.acting_user().map(|user| user.0),
                    resource = reading.resource_type,
                    count,
                    error = &error as &dyn std::error::Error,
                    "a read of personal data left no audit line"
                );
                Ok(())
            }
            outcome => outcome,
        },
    }
}

async fn write(cx: &Context, lines: &[AuditLine]) -> Result<()> {
    let mut tx = cx.store.write().await?;
    tx.audit().push(lines).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes all lines of reads that wait.
pub async fn write_reads(cx: &Context) -> Result<()> {
    loop {
        let lines = cx.audit.reads().take();
        if lines.is_empty() {
            return Ok(());
        }
        if let Err(error) = write(cx, &lines).await {
            cx.audit.reads().put_back(lines);
            return Err(error);
        }
    }
}

/// Writes lines of reads as they come, until stopped, and once more then.
pub async fn write_reads_on(cx: Context, stop: CancellationToken) {
    loop {
        let stopped = stop.is_cancelled();
        if let Err(error) = write_reads(&cx).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "audit lines of reads were not written yet");
            if !stopped {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(PAUSE) => {}
                }
                continue;
            }
        }
        if stopped {
            return;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = cx.audit.reads().added.notified() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_of_reads_is_remembered_within_the_bound() {
        let (log, actor) = (ReadLog::default(), Actor::system("r".to_owned(), "prueba"));
        let now = chrono::DateTime::from_timestamp(1_760_000_000, 0).unwrap();
        let due = |n: usize, now| log.is_due(&actor, &Reading::of_one("tarea", n), now);
        for n in 0..3 * MOST_REMEMBERED {
            assert!(due(n, now), "{n}");
            assert!(!due(n, now), "{n} again");
        }
        let kept = log.kept();
        assert!(kept.recent.len() + kept.older.len() <= MOST_REMEMBERED);
        drop(kept);
        let last = 3 * MOST_REMEMBERED - 1;
        assert!(!due(last - 1000, now));
        assert!(due(last, now + WINDOW), "a window later it leaves a line again");
    }
}
