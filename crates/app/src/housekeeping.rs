//! What is no longer needed is removed, a bounded part at a time.

use chrono::TimeDelta;
use domain::Time;
use domain::audit::{AuditEvent, Severity};
use domain::link::LinkFailures;
use domain::user::known_for;

use crate::record::{self, Note};
use crate::{Actor, Context, Result};

/// How long an ended session is kept for those who look after theft.
const ENDED_SESSIONS: TimeDelta = TimeDelta::days(30);

/// How long it is kept what Telegram told and was told: long enough to look into a complaint.
const TELEGRAM: TimeDelta = TimeDelta::days(30);

/// Updates of Telegram, and messages to it, removed at once.
const MESSAGES: u32 = 1_000;

/// Events removed at once.
const EVENTS: u32 = 2_000;

/// Audit lines removed at once.
const LINES: u32 = 500;

/// Removes events past their time, sessions that ended long ago, places that nobody signed in from for
/// long, what was said over Telegram long ago, codes of links that nobody can use, and answers that
/// nobody may ask for again.
pub async fn clean(cx: &Context) -> Result<()> {
    let now = cx.clock.now();
    let sessions = remove(cx, now, Expired::Sessions).await?;
    let attempts = remove(cx, now, Expired::Attempts).await?;
    let keys = remove(cx, now, Expired::Keys).await?;
    let links = remove(cx, now, Expired::LinkCodes).await?;
    let telegram = remove(cx, now, Expired::Conversations).await?;
    // In short transactions, so that on one writer no dispatch waits for all of them.
    let mut events = 0;
    loop {
        let mut tx = cx.store.write().await?;
        let gone = tx.event_log().prune(now - cx.settings.event_retention, EVENTS).await?;
        tx.commit().await?;
        events += gone;
        if gone < u64::from(EVENTS) {
            break;
        }
    }
    let lines = forget_lines(cx, now).await?;
    if sessions + attempts + events + keys + links + telegram + lines > 0 {
        tracing::info!(sessions, attempts, keys, links, telegram, events, lines, "housekeeping");
    }
    Ok(())
}

/// What is removed when its time is over.
#[derive(Clone, Copy)]
enum Expired {
    /// Sessions that ended long ago.
    Sessions,
    /// Failed sign-ins of sources without a recent attempt.
    Attempts,
    /// Stored responses whose idempotency keys have expired.
    Keys,
    /// Expired link codes, and records of wrong ones.
    LinkCodes,
    /// What was said over Telegram and is over: worked updates, messages sent or given up, and dialogues
    /// that nobody went on with.
    Conversations,
}

/// Removes what has expired, a bounded part in each transaction, until there is nothing left to remove;
/// gives how much went.
async fn remove(cx: &Context, now: Time, what: Expired) -> Result<u64> {
    let mut all = 0;
    loop {
        let mut tx = cx.store.write().await?;
        let gone = match what {
            Expired::Sessions => tx.sessions().prune(now - ENDED_SESSIONS).await?,
            Expired::Attempts => tx.sessions().forget_attempts(now - known_for()).await?,
            Expired::Keys => tx.idempotency().prune(now - cx.settings.idempotency_ttl).await?,
            Expired::LinkCodes => tx.link_codes().prune(now - LinkFailures::window()).await?,
            Expired::Conversations => {
                let before = now - TELEGRAM;
                let updates = tx.inbox().prune(before, MESSAGES).await?;
                let messages = tx.messages().prune(before, MESSAGES).await?;
                updates + messages + tx.dialogues().prune(now).await?
            }
        };
        tx.commit().await?;
        all += gone;
        if gone == 0 {
            return Ok(all);
        }
    }
}

/// Removes audit lines whose time is over. Their hashes stay, and a line that says how many went.
async fn forget_lines(cx: &Context, now: Time) -> Result<u64> {
    let mut lines = 0;
    loop {
        let mut tx = cx.store.write().await?;
        let gone = tx.audit().prune(now, LINES).await?;
        if gone > 0 {
            let actor = Actor::system(cx.rng.uuid().to_string(), "housekeeping");
            let note = Note::new(cx, &actor, AuditEvent::BulkDelete, now, "Líneas de auditoría vencidas quitadas")
                .on("auditoria", "vencidas")
                .fact("lineas", gone)
                .severity(Severity::Critical)
                .tags("delete");
            record::audit(&mut *tx, [note]).await?;
        }
        tx.commit().await?;
        lines += gone;
        if gone < u64::from(LINES) {
            return Ok(lines);
        }
    }
}
