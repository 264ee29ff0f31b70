//! Which messages go next.

use std::collections::{HashMap, HashSet};

use tokio::time::Instant;

use super::budget::Budget;
use crate::model::{ChatId, Slot, Urgency};

/// A message that waits, as far as the choice looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its number in the record, in the order in which messages were written.
    pub id: i64,
    /// To which chat.
    pub chat: ChatId,
    /// How urgent it is.
    pub urgency: Urgency,
    /// The place in the chat that it takes.
    pub slot: Option<Slot>,
    /// Whether Telegram counts it: answers to pressed buttons are not.
    pub counted: bool,
}

/// What the choice comes to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Pick {
    /// These go now, in this order, one a chat.
    pub now: Vec<i64>,
    /// These need not go: a newer one takes their place.
    pub outdone: Vec<i64>,
    /// When to look again, if nothing happens before.
    pub next: Option<Instant>,
}

/// Chooses among what waits, `free` messages at most.
///
/// Emergencies go first, even those that came last; then answers, then the rest. Within a chat the
/// more urgent overtakes, and what is equally urgent keeps its order. Of messages in one place only the
/// newest goes, with the urgency of the most urgent, so that an emergency is not lost under a change.
pub fn choose(waiting: &[Waiting], budget: &mut Budget, now: Instant, free: usize) -> Pick {
    let mut pick = Pick::default();
    let mut newest: HashMap<(ChatId, &str), (i64, Urgency)> = HashMap::new();
    for message in waiting {
        if let Some(slot) = &message.slot {
            let entry = newest.entry((message.chat, slot.as_str())).or_insert((message.id, message.urgency));
            *entry = (entry.0.max(message.id), entry.1.min(message.urgency));
        }
    }
    let mut order: Vec<(Urgency, &Waiting)> = Vec::with_capacity(waiting.len());
    for message in waiting {
        let place = message.slot.as_ref().and_then(|slot| newest.get(&(message.chat, slot.as_str())));
        match place {
            Some((id, _)) if *id != message.id => pick.outdone.push(message.id),
            Some((_, urgency)) => order.push((*urgency, message)),
            None => order.push((message.urgency, message)),
        }
    }
    order.sort_by_key(|(urgency, message)| (*urgency, message.id));
    let mut seen = HashSet::new();
    for (urgency, message) in order {
        if !message.counted {
            // A pressed button waits at most seconds, and Telegram counts no answers to it.
            if pick.now.len() < free {
                pick.now.push(message.id);
            }
            continue;
        }
        if !seen.insert(message.chat) {
            continue;
        }
        match budget.free_at(message.chat, urgency, now) {
            Some(at) if at > now => pick.next = Some(pick.next.map_or(at, |next| next.min(at))),
            Some(_) if pick.now.len() < free => {
                budget.starts(message.chat, urgency, now);
                pick.now.push(message.id);
            }
            // Looked at again when a place is free, or what is under way is answered.
            Some(_) | None => {}
        }
    }
    pick
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn waits(id: i64, chat: i64, urgency: Urgency, slot: Option<&str>) -> Waiting {
        Waiting { id, chat: ChatId(chat), urgency, slot: slot.map(Slot::named), counted: true }
    }

    fn chosen(waiting: &[Waiting]) -> Pick {
        let start = Instant::now();
        let now = start + Duration::from_secs(4);
        choose(waiting, &mut Budget::taken_over(start), now, 8)
    }

    #[test]
    fn an_emergency_that_came_last_goes_first() {
        let mut waiting: Vec<_> = (1..=100).map(|id| waits(id, id, Urgency::Notice, None)).collect();
        waiting.push(waits(101, 5, Urgency::Emergency, None));
        waiting.extend((102..=120).map(|id| waits(id, id, Urgency::Answer, None)));
        assert_eq!(chosen(&waiting[..103]).now, [101, 102, 103, 1, 2, 3, 4, 6]);
        assert_eq!(chosen(&waiting).now, [101, 102, 103, 104, 105, 106, 107, 108]);
    }

    #[test]
    fn of_one_place_only_the_newest_goes_with_the_urgency_of_all() {
        let waiting = [
            waits(1, 7, Urgency::Emergency, Some("tarea:1")),
            waits(2, 8, Urgency::Answer, Some("tarea:1")),
            waits(3, 7, Urgency::Notice, Some("tarea:1")),
            waits(4, 7, Urgency::Answer, None),
        ];
        let pick = chosen(&waiting);
        assert_eq!((pick.now, pick.outdone), (vec![3, 2], vec![1]));
    }

    #[test]
    fn messages_of_a_chat_keep_their_order_and_a_button_is_answered_at_once() {
        let mut button = waits(3, 7, Urgency::Answer, None);
        button.counted = false;
        let waiting = [waits(1, 7, Urgency::Answer, None), waits(2, 7, Urgency::Answer, None), button];
        assert_eq!(chosen(&waiting).now, [1, 3]);
    }

    #[test]
    fn what_must_wait_says_until_when() {
        let start = Instant::now();
        let mut budget = Budget::taken_over(start);
        let pick = choose(&[waits(1, 7, Urgency::Emergency, None)], &mut budget, start, 8);
        assert_eq!(pick, Pick { next: Some(start + Duration::from_secs(1)), ..Pick::default() });
    }
}
