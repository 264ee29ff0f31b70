//! The chain over the audit.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::TimeDelta;
use domain::audit::{AuditEvent, AuditKey, AuditLine, ChainHead, Frontier, HashRule, KeyStatement, Signed};
use domain::{JsonObject, Time, UserId};
use futures::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

use super::audit::{a_bare_line, a_full_line};
use super::given;
use crate::audit::{AuditFilter, IDS, SEVERAL};
use crate::audit_chain::{Chained, Kept, StoredCheckpoint};
use crate::{Page, Store};

async fn pushes(store: &Arc<dyn Store>, lines: &[AuditLine]) {
    let mut tx = store.write().await.expect("a transaction");
    tx.audit().push(lines).await.expect("pushed");
    tx.commit().await.expect("a commit");
}

/// Gives every line its place.
async fn seals(store: &Arc<dyn Store>) {
    while store.seal(7).await.expect("sealed") > 0 {}
}

/// The whole chain as it stands.
pub async fn chain(store: &Arc<dyn Store>) -> Vec<Chained> {
    let mut tx = store.read().await.expect("a connection");
    let mut all: Vec<Chained> = Vec::new();
    loop {
        let after = all.last().map_or(0, |last| last.link.number);
        let part = tx.audit_chain().chained(after, 100).await.expect("an answer");
        if part.is_empty() {
            return all;
        }
        all.extend(part);
    }
}

/// Holds a chain to its own hashes, and gives the lines in it.
pub fn checked(chain: &[Chained]) -> Vec<AuditLine> {
    let mut head = ChainHead::START;
    let lines = chain.iter().map(|Chained { link, kept }| {
        assert_eq!(*link, head.link(link.line, link.line_hash, link.retain_until));
        let Kept::Line(line) = kept else { panic!("{link:?}: {kept:?}") };
        assert_eq!((line.hash(), line.retain_until), (link.line_hash, link.retain_until), "{line:?}");
        AuditLine::clone(line)
    });
    lines.collect()
}

fn object(value: Value) -> JsonObject {
    match value {
        Value::Object(object) => object,
        other => panic!("no object: {other}"),
    }
}

/// Signs the chain as it stands.
async fn signs(store: &Arc<dyn Store>, key: &AuditKey) -> Signed {
    let mut tx = store.write().await.expect("a transaction");
    tx.audit_chain().take_turn().await.expect("a turn");
    let last = tx.audit_chain().last_checkpoint().await.expect("an answer");
    let links = tx.audit_chain().links(0, 10_000).await.expect("links");
    let mut tree = Frontier::default();
    for link in &links {
        tree.add(link.leaf());
    }
    let head = tx.audit_chain().head().await.expect("a head");
    let signed = Signed::next(last.as_ref().map(|last| &last.signed), &tree, head, key, given::noon());
    let number = last.map_or(0, |last| last.number) + 1;
    let checkpoint = StoredCheckpoint { number, signed: signed.clone(), tree };
    tx.audit_chain().push_checkpoint(&checkpoint, head.number).await.expect("pushed");
    tx.commit().await.expect("a commit");
    signed
}

/// Whatever stands in a line, the hash made at its writing is that of what is read.
pub async fn each_line_is_hashed_as_it_is_read(store: &Arc<dyn Store>) {
    let mut lines = vec![a_full_line()];
    lines.extend(AuditEvent::ALL.iter().copied().map(a_bare_line));
    let numbers = json!({ "numeros": [0.1, 0.1 + 0.2, 1.0, -0.0, 1e16, 1e20, 1e300, 1.5e-7, 5e-324, u64::MAX, i64::MIN,
        9_007_199_254_740_993_i64, 123_456_789.123_456_79], "z": {"b": 1, "a": "\u{1}\u{7f}\u{1F600}"}, "": [] });
    lines.push(AuditLine { new_values: Some(object(numbers)), ..a_full_line() });
    // The same by the first rule, which lines of older programs have.
    let by_first = |line: &AuditLine| AuditLine {
        event_id: Uuid::from_u128(u128::from(given::unique())),
        identity: None,
        on_behalf_of: None,
        rule: HashRule::First,
        ..line.clone()
    };
    lines.extend(lines.iter().map(by_first).collect::<Vec<_>>());
    pushes(store, &lines).await;
    seals(store).await;
    assert_eq!(checked(&chain(store).await).len(), lines.len());
}

/// A line has its place soon after its commit, and none before.
pub async fn lines_get_their_place_in_the_order_of_their_coming(store: &Arc<dyn Store>) {
    let lines: Vec<AuditLine> = (0..20).map(|_| a_bare_line(AuditEvent::Read)).collect();
    for part in lines.chunks(3) {
        pushes(store, part).await;
    }
    let mut dropped = store.write().await.expect("a transaction");
    dropped.audit().push(&[a_full_line()]).await.expect("pushed");
    drop(dropped);
    seals(store).await;
    assert_eq!(checked(&chain(store).await), lines);
    let mut tx = store.read().await.expect("a connection");
    assert_eq!(tx.audit_chain().waiting().await.expect("an answer"), 0);
    assert_eq!(tx.audit_chain().head().await.expect("a head").number, 20);
    let row = tx.audit().row_of(lines[4].event_id).await.expect("an answer").expect("a row");
    assert_eq!(tx.audit_chain().link_of(row).await.expect("an answer").expect("a link").number, 5);
    assert_eq!(tx.audit().row_of(Uuid::nil()).await.expect("an answer"), None);
    let strays = tx.audit_chain().strays(0, 100).await.expect("an answer");
    assert!(strays.found.is_empty() && strays.last.is_some(), "{strays:?}");
}

/// Writers and those who give places race; the chain has no gap, and every line once.
pub async fn racing_writers_give_a_chain_without_a_gap(store: &Arc<dyn Store>) {
    const WRITERS: usize = 8;
    const EACH: usize = 15;
    let writer = |n: usize| async move {
        let mut written = Vec::new();
        for turn in 0..EACH {
            let lines: Vec<AuditLine> = (0..=turn % 3).map(|_| a_bare_line(AuditEvent::Update)).collect();
            let mut tx = store.write().await.expect("a transaction");
            tx.audit().push(&lines).await.expect("pushed");
            // Some take their time, and some change their mind.
            for _ in 0..(n * turn) % 5 {
                tokio::task::yield_now().await;
            }
            if (n + turn).is_multiple_of(7) {
                continue;
            }
            tx.commit().await.expect("a commit");
            written.extend(lines.into_iter().map(|line| line.event_id));
        }
        written
    };
    let sealer = || async {
        for _ in 0..40 {
            store.seal(5).await.expect("sealed");
            tokio::task::yield_now().await;
        }
        Vec::new()
    };
    let mut all: Vec<std::pin::Pin<Box<dyn Future<Output = Vec<Uuid>> + Send>>> = Vec::new();
    for n in 0..WRITERS {
        all.push(Box::pin(writer(n)));
    }
    for _ in 0..2 {
        all.push(Box::pin(sealer()));
    }
    let written: Vec<Uuid> = join_all(all).await.into_iter().flatten().collect();
    seals(store).await;
    let linked: Vec<Uuid> = checked(&chain(store).await).into_iter().map(|line| line.event_id).collect();
    assert_eq!(linked.len(), written.len());
    assert_eq!(linked.into_iter().collect::<HashSet<_>>(), written.into_iter().collect());
}

/// Keys and checkpoints come back as they were signed, and one goes on from the other.
pub async fn keys_and_checkpoints_come_back(store: &Arc<dyn Store>) {
    let (old, new) = (given::an_audit_key(1), given::an_audit_key(2));
    let keys =
        [KeyStatement::sign(1, &old, None, given::noon()), KeyStatement::sign(2, &new, Some(&old), given::noon())];
    let mut tx = store.write().await.expect("a transaction");
    for (number, key) in (1..).zip(&keys) {
        tx.audit_chain().push_key(number, key).await.expect("pushed");
    }
    tx.commit().await.expect("a commit");
    let mut signed = Vec::new();
    for _ in 0..3 {
        pushes(store, &[a_bare_line(AuditEvent::Read), a_bare_line(AuditEvent::Create)]).await;
        seals(store).await;
        signed.push(signs(store, &new).await);
    }
    let mut tx = store.read().await.expect("a connection");
    assert_eq!(tx.audit_chain().keys().await.expect("keys"), keys);
    assert_eq!(tx.audit_chain().checkpoints(0, 100).await.expect("checkpoints"), signed);
    assert_eq!(tx.audit_chain().checkpoints(1, 1).await.expect("checkpoints"), signed[1..2]);
    let last = tx.audit_chain().last_checkpoint().await.expect("an answer").expect("a checkpoint");
    let words = last.signed.checkpoint().expect("words");
    assert_eq!((last.number, words.lines, words.root), (3, 6, last.tree.root()));
}

/// What is over goes once it is under a checkpoint; its place stays. Nothing else goes.
pub async fn a_line_goes_after_its_time_and_leaves_its_place(store: &Arc<dyn Store>) {
    let long_ago = given::noon() - TimeDelta::days(4000);
    let over = |_| AuditLine { at: long_ago, retain_until: long_ago, ..a_bare_line(AuditEvent::Read) };
    let mut lines: Vec<AuditLine> = (0..5).map(over).collect();
    lines.insert(2, a_bare_line(AuditEvent::Create));
    pushes(store, &lines).await;
    seals(store).await;
    let prune = |now: Time, limit| async move {
        let mut tx = store.write().await.expect("a transaction");
        let gone = tx.audit().prune(now, limit).await.expect("pruned");
        tx.commit().await.expect("a commit");
        gone
    };
    assert_eq!(prune(given::noon(), 100).await, 0, "no checkpoint holds their places yet");
    signs(store, &given::an_audit_key(1)).await;
    pushes(store, &[over(5)]).await;
    seals(store).await;
    assert_eq!(prune(given::noon(), 3).await, 3);
    // A clock that is ahead does not make the database forget sooner.
    assert_eq!(prune(given::noon() + TimeDelta::days(365_000), 100).await, 2);
    let chain = chain(store).await;
    let kept: Vec<bool> = chain.iter().map(|chained| chained.kept != Kept::Nothing).collect();
    assert_eq!(kept, [false, false, true, false, false, false, true]);
    let mut head = ChainHead::START;
    for Chained { link, .. } in &chain {
        assert_eq!(*link, head.link(link.line, link.line_hash, link.retain_until));
    }
}

/// Lines from another system are linked like others; a second run adds none.
pub async fn imported_lines_are_linked(store: &Arc<dyn Store>) {
    let lines = [a_full_line(), a_bare_line(AuditEvent::Login)];
    for _ in 0..2 {
        let mut tx = store.write().await.expect("a transaction");
        for line in &lines {
            tx.import().audit(line).await.expect("imported");
        }
        tx.commit().await.expect("a commit");
    }
    seals(store).await;
    assert_eq!(checked(&chain(store).await), lines);
}

/// Each part of a filter narrows, and all of them together.
pub async fn audit_lines_are_searched(store: &Arc<dyn Store>) {
    let noon = given::noon();
    let line = |event, user, resource: (&str, &str), hours, success| AuditLine {
        user: Some(UserId(user)),
        resource_type: Some(resource.0.to_owned()),
        resource_id: Some(resource.1.to_owned()),
        at: noon + TimeDelta::hours(hours),
        success,
        ..a_bare_line(event)
    };
    // The second is by user 2 on behalf of user 3.
    let lines = [
        line(AuditEvent::Create, 1, ("tarea", "7"), 0, true),
        AuditLine { on_behalf_of: Some(UserId(3)), ..line(AuditEvent::Update, 2, ("tarea", "7"), 1, true) },
        line(AuditEvent::Update, 2, ("usuario", "7"), 2, false),
        line(AuditEvent::Delete, 1, ("tarea", "8"), 3, true),
        AuditLine {
            metadata: JsonObject::from_iter([(IDS.to_owned(), serde_json::json!([30, 31]))]),
            ..line(AuditEvent::Update, 1, ("efectivo", SEVERAL), 4, true)
        },
    ];
    pushes(store, &lines).await;
    seals(store).await;
    let search = |filter: AuditFilter| async move {
        let page = Page { descending: true, ..Page::first(10) };
        let found = store.read().await.expect("a connection").audit().search(&filter, page).await.expect("an answer");
        found.into_iter().map(|found| found.number.expect("a place")).collect::<Vec<_>>()
    };
    let any = AuditFilter::default;
    assert_eq!(search(any()).await, [5, 4, 3, 2, 1]);
    let officer = |id: &str| AuditFilter {
        resource_type: Some("efectivo".to_owned()),
        resource_id: Some(id.to_owned()),
        ..any()
    };
    assert_eq!(search(officer("30")).await, [5], "one of several");
    assert_eq!(search(officer("3")).await, Vec::<i64>::new());
    assert_eq!(search(officer("varios")).await, [5]);
    let events = vec![AuditEvent::Create, AuditEvent::Delete];
    assert_eq!(search(AuditFilter { events, ..any() }).await, [4, 1]);
    assert_eq!(search(AuditFilter { user: Some(UserId(2)), ..any() }).await, [3, 2]);
    assert_eq!(search(AuditFilter { user: Some(UserId(3)), ..any() }).await, [2]);
    assert_eq!(search(AuditFilter { on_behalf_of: Some(UserId(3)), ..any() }).await, [2]);
    assert_eq!(search(AuditFilter { on_behalf_of: Some(UserId(2)), ..any() }).await, Vec::<i64>::new());
    assert_eq!(search(AuditFilter { resource_type: Some("tarea".to_owned()), ..any() }).await, [4, 2, 1]);
    assert_eq!(search(AuditFilter { resource_id: Some("7".to_owned()), ..any() }).await, [3, 2, 1]);
    let day = AuditFilter { from: Some(noon + TimeDelta::hours(1)), to: Some(noon + TimeDelta::hours(3)), ..any() };
    assert_eq!(search(day.clone()).await, [3, 2]);
    assert_eq!(search(AuditFilter { success: Some(false), ..day }).await, [3]);
    assert_eq!(search(AuditFilter { success: Some(true), user: Some(UserId(2)), ..any() }).await, [2]);
}
