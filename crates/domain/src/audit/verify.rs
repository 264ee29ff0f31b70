//! Goes along the chain and finds where it breaks first. One line at a time, so that a record of
//! any length needs no more memory than its checkpoints.

use std::collections::VecDeque;

use uuid::Uuid;

use super::{Break, ChainHead, Checkpoint, Fault, Frontier, Hash, KeyStatement, Keys, Link, PublicKey, Signed};
use crate::Time;

/// What stands in the record of a linked line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The line, by its hash and its number for the outside.
    Kept(Hash, Uuid),
    /// A row that holds what the program never writes.
    Unreadable(String),
    /// Nothing.
    Gone,
}

/// One line of the chain as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place.
    pub link: Link,
    /// The line itself.
    pub content: Content,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verification {
    /// Lines in the chain.
    pub lines: i64,
    /// Of these, removed after their time.
    pub removed: i64,
    /// Checkpoints held against them.
    pub checkpoints: i64,
    /// Lines that the last checkpoint covers.
    pub covered: i64,
    /// Where the proof breaks first.
    pub broken: Option<Break>,
}

/// A walk along the chain.
pub struct Verifier {
    now: Time,
    head: ChainHead,
    tree: Frontier,
    due: VecDeque<Checkpoint>,
    // Lines that a sound checkpoint has vouched for.
    sound: i64,
    of_lines: Option<Break>,
    of_strays: Option<Break>,
    of_signatures: Option<Break>,
    suspect: Suspect,
    found: Verification,
}

/// What may yet tell more of the first break.
enum Suspect {
    None,
    /// A line with this hash stands where another belongs.
    Line(Hash),
    /// After this head a link did not follow; whether the next one does, is asked only once.
    Link {
        before: ChainHead,
        chain: Hash,
        next: bool,
    },
}

fn whole(fault: Fault) -> Break {
    Break { number: None, line: None, event_id: None, fault }
}

impl Verifier {
    /// `checkpoints` by number, and `held` ones that somebody kept elsewhere. Lines may be gone
    /// once their time is over at `now`.
    pub fn new(
        now: Time,
        keys: &[KeyStatement],
        trusted: Option<&PublicKey>,
        checkpoints: &[Signed],
        held: &[Signed],
    ) -> Self {
        let mut of_signatures = None;
        let keys = Keys::check(keys, trusted).unwrap_or_else(|why| {
            of_signatures = Some(whole(Fault::Keys(why)));
            Keys::default()
        });
        let mut due = Vec::new();
        let (mut previous, mut lines, mut place) = (Hash::ZERO, 0, 0);
        let own = checkpoints.iter().zip(1_i64..).map(|(signed, number)| (signed, number, true));
        let others = held.iter().map(|signed| (signed, 0, false));
        for (signed, number, is_own) in own.chain(others) {
            let checked = check(signed, &keys, if is_own { place } else { 0 }).and_then(|(checkpoint, key)| {
                if !is_own {
                    return Ok(checkpoint);
                }
                if checkpoint.number != number || checkpoint.previous != previous || checkpoint.lines <= lines {
                    return Err("it does not follow from the one before");
                }
                (previous, lines, place) = (signed.hash(), checkpoint.lines, key);
                Ok(checkpoint)
            });
            match checked {
                Ok(checkpoint) => due.push(checkpoint),
                Err(why) => {
                    let checkpoint = signed.checkpoint().map_or(number, |checkpoint| checkpoint.number);
                    of_signatures.get_or_insert(whole(Fault::Forged { checkpoint, why: why.to_owned() }));
                }
            }
        }
        due.sort_by_key(|checkpoint| checkpoint.lines);
        Self {
            now,
            head: ChainHead::START,
            tree: Frontier::default(),
            due: due.into(),
            sound: 0,
            of_lines: None,
            of_strays: None,
            of_signatures,
            suspect: Suspect::None,
            found: Verification::default(),
        }
    }

    /// Whether nothing was found so far.
    pub const fn is_whole(&self) -> bool {
        self.of_lines.is_none() && self.of_strays.is_none() && self.of_signatures.is_none()
    }

    /// The next line of the chain.
    pub fn entry(&mut self, entry: &Entry) {
        let link = &entry.link;
        self.found.lines += 1;
        if self.of_lines.is_some() {
            self.tell_more(entry);
            return;
        }
        let leaf = link.leaf();
        if link.number != self.head.number + 1 {
            let fault = if link.number > self.head.number { Fault::Missing } else { Fault::Inserted };
            let number = if fault == Fault::Missing { self.head.number + 1 } else { link.number };
            self.of_lines = Some(Break { number: Some(number), line: None, event_id: None, fault });
            return;
        }
        let chain = self.head.with(leaf);
        if let Some(fault) = self.wrong_with(entry, chain) {
            let event_id = if let Content::Kept(_, id) = entry.content { Some(id) } else { None };
            self.of_lines = Some(Break { number: Some(link.number), line: Some(link.line), event_id, fault });
            return;
        }
        self.head = ChainHead { number: link.number, chain };
        self.tree.add(leaf);
        self.hold_checkpoints();
    }

    fn wrong_with(&mut self, entry: &Entry, chain: Hash) -> Option<Fault> {
        let link = &entry.link;
        if chain != link.chain {
            self.suspect = Suspect::Link { before: self.head, chain: link.chain, next: true };
            return Some(Fault::Unlinked);
        }
        match &entry.content {
            Content::Kept(hash, _) if *hash == link.line_hash => None,
            Content::Kept(_, _) => {
                self.suspect = Suspect::Line(link.line_hash);
                Some(Fault::Changed)
            }
            Content::Unreadable(what) => Some(Fault::Unreadable(what.clone())),
            Content::Gone if link.retain_until <= self.now => {
                self.found.removed += 1;
                None
            }
            Content::Gone => Some(Fault::Missing),
        }
    }

    /// After the first break: whether what stands here tells what happened there.
    fn tell_more(&mut self, entry: &Entry) {
        let Some(first) = &mut self.of_lines else { return };
        let link = &entry.link;
        let fault = match (&mut self.suspect, &entry.content) {
            (Suspect::Line(wanted), Content::Kept(hash, _)) if wanted == hash => Fault::Reordered(link.number),
            (Suspect::Link { before, chain, next }, _) => {
                let with = before.with(link.leaf());
                let is_next = std::mem::take(next);
                if is_next && with == link.chain {
                    Fault::Inserted
                } else if with == link.chain || with == *chain {
                    Fault::Reordered(link.number)
                } else {
                    return;
                }
            }
            _ => return,
        };
        first.fault = fault;
        self.suspect = Suspect::None;
    }

    fn hold_checkpoints(&mut self) {
        while let Some(checkpoint) = self.due.pop_front_if(|checkpoint| checkpoint.lines <= self.head.number) {
            if checkpoint.root == self.tree.root() && checkpoint.chain == self.head.chain {
                self.sound = checkpoint.lines;
                self.found.checkpoints += 1;
                self.found.covered = checkpoint.lines;
            } else {
                let fault = Fault::Rewritten { checkpoint: checkpoint.number, last: checkpoint.lines };
                let number = Some(self.sound + 1);
                self.of_lines.get_or_insert(Break { number, line: None, event_id: None, fault });
            }
        }
    }

    /// A row that is neither in the chain nor on its way into it.
    pub fn stray(&mut self, line: i64, event_id: Uuid) {
        let stray = Break { number: None, line: Some(line), event_id: Some(event_id), fault: Fault::Inserted };
        self.of_strays.get_or_insert(stray);
    }

    /// The end of the chain.
    pub fn finish(mut self) -> Verification {
        if self.of_lines.is_none()
            && let Some(checkpoint) = self.due.front()
        {
            let fault = Fault::TailCut { checkpoint: checkpoint.number, lines: checkpoint.lines };
            self.of_lines = Some(Break { number: Some(self.head.number), line: None, event_id: None, fault });
        }
        self.found.broken = self.of_lines.or(self.of_strays).or(self.of_signatures);
        self.found
    }
}

/// A checkpoint whose signature holds, and the place of its key, which is not before `least`.
fn check(signed: &Signed, keys: &Keys, least: usize) -> Result<(Checkpoint, usize), &'static str> {
    let checkpoint = signed.checkpoint().ok_or("it is not one")?;
    let place = keys.place(&checkpoint.key).ok_or("its key is not known")?;
    if place < least {
        return Err("its key had been retired");
    }
    let holds = keys.at(place).is_some_and(|key| key.has_signed(&signed.text, &signed.signature));
    if holds { Ok((checkpoint, place)) } else { Err("its signature does not hold") }
}
