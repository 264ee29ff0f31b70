//! Whatever is done to one place of the record, the walk along the chain finds it and says where.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

use chrono::{DateTime, TimeDelta};
use domain::Time;
use domain::audit::{
    AuditKey, Break, ChainHead, Content, Entry, Fault, Frontier, Hash, KeyStatement, Signed, Verification, Verifier,
};
use proptest::prelude::*;
use uuid::Uuid;

fn now() -> Time {
    DateTime::from_timestamp(1_760_000_000, 0).unwrap()
}

fn key() -> AuditKey {
    AuditKey::parse(&"17".repeat(32)).unwrap()
}

/// A whole record of `count` lines, and checkpoints over the first `signed` ones.
fn record(count: u64, signed: &[u64]) -> (Vec<Entry>, Vec<Signed>) {
    let (mut head, mut tree, mut entries, mut points) = (ChainHead::START, Frontier::default(), vec![], vec![]);
    for n in 1..=count {
        let hash = Hash::of(&[&n.to_be_bytes()]);
        let link = head.link(i64::try_from(n).unwrap() + 100, hash, now() + TimeDelta::days(1));
        tree.add(link.leaf());
        entries.push(Entry { link, content: Content::Kept(hash, Uuid::from_u128(n.into())) });
        if signed.contains(&n) {
            points.push(Signed::next(points.last(), &tree, head, &key(), now()));
        }
    }
    (entries, points)
}

fn walk(entries: &[Entry], points: &[Signed], at: Time) -> Verification {
    let keys = [KeyStatement::sign(1, &key(), None, now())];
    let mut verifier = Verifier::new(at, &keys, Some(&key().public()), points, &[]);
    for entry in entries {
        verifier.entry(entry);
    }
    verifier.finish()
}

fn found(entries: &[Entry], points: &[Signed]) -> (Option<i64>, Fault) {
    let Break { number, fault, .. } = walk(entries, points, now()).broken.expect("something was to be found");
    (number, fault)
}

/// A place in a list as a number in the chain.
fn number(at: usize) -> i64 {
    i64::try_from(at).unwrap() + 1
}

#[test]
fn a_whole_record_is_whole_and_lines_go_after_their_time() {
    let (mut entries, points) = record(20, &[7, 16]);
    let whole = walk(&entries, &points, now());
    assert_eq!((whole.lines, whole.checkpoints, whole.covered, whole.broken), (20, 2, 16, None));
    entries[4].content = Content::Gone;
    assert_eq!(found(&entries, &points), (Some(5), Fault::Missing));
    let later = walk(&entries, &points, now() + TimeDelta::days(2));
    assert_eq!((later.removed, later.broken), (1, None));
}

/// Something done to the line or the link at a place, and what it must be found as.
fn done_to(entry: &mut Entry, kind: u8, byte: usize) -> Fault {
    match kind {
        0 => {
            entry.content = Content::Kept(Hash([9; 32]), Uuid::nil());
            Fault::Changed
        }
        1 => {
            entry.content = Content::Gone;
            Fault::Missing
        }
        2 => {
            entry.link.line_hash.0[byte] ^= 1;
            Fault::Unlinked
        }
        3 => {
            entry.link.chain.0[byte] ^= 1;
            Fault::Unlinked
        }
        _ => {
            entry.link.retain_until = now() - TimeDelta::days(1);
            Fault::Unlinked
        }
    }
}

proptest! {
    #[test]
    fn one_change_is_found_where_it_is(count in 2_u64..40, place in any::<prop::sample::Index>(), kind in 0_u8..5,
        byte in 0_usize..32) {
        let (mut entries, points) = record(count, &[count / 2, count]);
        let at = place.index(entries.len());
        let fault = done_to(&mut entries[at], kind, byte);
        let (place, found) = found(&entries, &points);
        // A link whose own chain hash alone was changed lets the next one tell more.
        let told = found == fault || (fault == Fault::Unlinked && matches!(found, Fault::Inserted | Fault::Reordered(_)));
        prop_assert!(place == Some(number(at)) && told, "{place:?} {found:?} instead of {fault:?} at {at}");
    }

    #[test]
    fn a_place_that_is_gone_or_doubled_is_found(count in 3_u64..40, place in any::<prop::sample::Index>()) {
        let (entries, points) = record(count, &[count]);
        let at = place.index(entries.len());
        let mut doubled = entries.clone();
        doubled.insert(at, entries[at].clone());
        prop_assert_eq!(found(&doubled, &points).1, Fault::Inserted);
        let mut gone = entries.clone();
        gone.remove(at);
        let (first, fault) = found(&gone, &points);
        if at + 1 == entries.len() {
            prop_assert_eq!((first, fault), (Some(number(at) - 1), Fault::TailCut { checkpoint: 1, lines: number(at) }));
        } else {
            prop_assert_eq!((first, fault), (Some(number(at)), Fault::Missing));
        }
    }

    #[test]
    fn two_lines_in_each_others_place_are_found(count in 3_u64..40, one in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>()) {
        let (mut entries, points) = record(count, &[count]);
        let (one, other) = (one.index(entries.len()), other.index(entries.len()));
        prop_assume!(one < other);
        let (first, second) = (entries[one].content.clone(), entries[other].content.clone());
        (entries[one].content, entries[other].content) = (second, first);
        prop_assert_eq!(found(&entries, &points), (Some(number(one)), Fault::Reordered(number(other))));
    }

    #[test]
    fn a_record_that_was_made_anew_does_not_fit_its_checkpoints(count in 4_u64..40,
        from in any::<prop::sample::Index>()) {
        let (entries, points) = record(count, &[count / 2, count]);
        let from = from.index(entries.len());
        let mut head = ChainHead::START;
        let anew = entries.iter().enumerate().map(|(at, entry)| {
            let hash = if at == from { Hash([9; 32]) } else { entry.link.line_hash };
            let link = head.link(entry.link.line, hash, entry.link.retain_until);
            Entry { link, content: Content::Kept(hash, Uuid::nil()) }
        });
        let anew: Vec<Entry> = anew.collect();
        let (half, count) = (i64::try_from(count / 2).unwrap(), i64::try_from(count).unwrap());
        let (first, checkpoint, last) = if number(from) <= half { (1, 1, half) } else { (half + 1, 2, count) };
        prop_assert_eq!(found(&anew, &points), (Some(first), Fault::Rewritten { checkpoint, last }));
    }
}
