//! Reading the log, and telling what it says.

use std::time::Duration;

use app::Result;
use chrono::TimeDelta;
use domain::Time;
use domain::event::{LogPosition, Logged};
use domain::lease::{Lease, LeaseName};
use domain::telegram::NewMessage;
use resilience::CancellationToken;

use super::audience::listeners;
use super::position::{Place, TOO_OLD};
use super::write::{may_concern, of_event, of_overdue};
use crate::Bot;
use crate::talk::job::job;

/// Events read at once.
const PART: u32 = 200;
/// Between two looks at the log: how late something is told that another replica did.
const LOOK: Duration = Duration::from_millis(250);
/// Pause after the record did not answer.
const PAUSE: Duration = Duration::from_secs(1);
/// Events that concern nobody after which it is written how far was read.
const UNWRITTEN: i64 = 2000;
/// Between two looks for tasks that were to end.
const OVERDUE: TimeDelta = TimeDelta::seconds(10);
/// Tasks told of in one step; the next step goes on after them.
const TASKS: u32 = 1000;

/// Tells what happens until told to stop, or until another replica has the lease.
pub async fn tell(bot: &Bot, held: &CancellationToken, lease: &Lease) {
    let mut telling = None;
    while !held.is_cancelled() {
        let turn = async {
            let telling = match &mut telling {
                Some(telling) => telling,
                None => telling.insert(Telling::begins(bot, lease).await?),
            };
            telling.turn().await
        };
        // Cut in the middle, nothing of the turn is written.
        let Some(outcome) = held.run_until_cancelled(turn).await else { return };
        let pause = match outcome {
            Ok(Next::More) => continue,
            Ok(Next::Nothing) => LOOK,
            Ok(Next::Lost) => return,
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "nobody was told what happened");
                PAUSE
            }
        };
        tokio::select! {
            () = held.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// What comes after a turn.
enum Next {
    /// The log goes on.
    More,
    /// All is told.
    Nothing,
    /// Another replica has the lease.
    Lost,
}

struct Telling<'a> {
    bot: &'a Bot,
    /// How far it was read.
    at: Place,
    /// As the record has it.
    written: LogPosition,
}

impl<'a> Telling<'a> {
    async fn begins(bot: &'a Bot, lease: &Lease) -> Result<Self> {
        let head = app::events::head(&bot.cx).await?;
        let at = Place::after(lease.datum.as_ref(), head, bot.cx.clock.now());
        // Written with the first turn: else a holder that is killed before would lose what came since.
        let written = LogPosition { offset: -1, ..at.read };
        Ok(Self { bot, at, written })
    }

    async fn turn(&mut self) -> Result<Next> {
        let cx = &self.bot.cx;
        let now = cx.clock.now();
        let page = app::events::after(cx, &job(), Some(self.at.read), PART).await?;
        if page.next.epoch != self.at.read.epoch {
            tracing::warn!("the record was restored: what happened before is not told");
            let at = Place { read: app::events::head(cx).await?, ..self.at.clone() };
            return self.write(at, Vec::new(), Next::More).await;
        }
        app::events::warn_unreadable(&page.unreadable);
        if page.has_gap {
            tracing::warn!("events were removed before they were told");
        }
        let events: Vec<&Logged> = page.events.iter().filter(|logged| is_told(logged, now)).collect();
        let looks = now - self.at.overdue.0 >= OVERDUE;
        let due = if looks { self.overdue(now).await? } else { Vec::new() };
        let mut messages = Vec::new();
        if !events.is_empty() || !due.is_empty() {
            let listeners = listeners(cx).await?;
            for logged in events {
                let of = of_event(cx, &self.bot.groups, &listeners, page.next.epoch, logged, now).await?;
                messages.extend(of);
            }
            for task in &due {
                messages.extend(of_overdue(cx, &listeners, task, now));
            }
        }
        let overdue = if looks { Place::overdue_after(&due, TASKS, now) } else { self.at.overdue };
        let is_all = overdue.1.is_none() || !looks;
        let at = Place { read: page.next, overdue };
        let next = if page.is_end && is_all { Next::Nothing } else { Next::More };
        let is_far = at.read.offset - self.written.offset >= UNWRITTEN || self.written.offset < 0;
        if messages.is_empty() && !is_far && !looks {
            self.at = at;
            return Ok(next);
        }
        self.write(at, messages, next).await
    }

    /// Tasks that were to end since the last look, at most [`TASKS`].
    async fn overdue(&self, now: Time) -> Result<Vec<domain::Task>> {
        app::notices::overdue(&self.bot.cx, &job(), self.at.overdue, now, TASKS).await
    }

    /// Keeps messages and how far was read, both or neither, if the lease is still held.
    async fn write(&mut self, at: Place, messages: Vec<NewMessage>, next: Next) -> Result<Next> {
        let cx = &self.bot.cx;
        let mut tx = cx.store.write().await?;
        let is_held = tx.leases().note(LeaseName::TelegramNotices, self.bot.me, cx.clock.now(), &at.datum()).await?;
        if !is_held {
            return Ok(Next::Lost);
        }
        let new = if messages.is_empty() { 0 } else { tx.messages().push(&messages).await? };
        tx.commit().await?;
        metrics::counter!("gad_telegram_notices_total").increment(new);
        (self.at, self.written) = (at.clone(), at.read);
        if new > 0 {
            self.bot.written.notify_one();
        }
        Ok(next)
    }
}

/// Whether an event is worth a look at who is concerned. One that comes hours late is counted.
fn is_told(logged: &Logged, now: Time) -> bool {
    if !may_concern(&logged.event) {
        return false;
    }
    let is_old = now - logged.at > TOO_OLD;
    if is_old {
        metrics::counter!("gad_telegram_notices_too_old_total").increment(1);
    }
    !is_old
}
