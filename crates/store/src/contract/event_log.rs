//! The log of events.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use domain::dispatch::LastChoice;
use domain::event::Logged;
use domain::{Availability, Event, Level, OfficerId, Point, Position, UserId};
use futures::future::join_all;
use uuid::Uuid;

use super::given;
use crate::Store;
use crate::event_log::{Backlog, Extent};

fn announcement(message: String) -> (Uuid, Event) {
    let event = Event::Announcement { group: "general".into(), level: "info".into(), message };
    (Uuid::from_u128(u128::from(given::unique())), event)
}

async fn push(store: &Arc<dyn Store>, events: &[(Uuid, Event)], at: domain::Time, request: Option<&str>) {
    let mut tx = store.write().await.expect("a transaction");
    tx.outbox().push(events, at, request).await.expect("pushed");
    tx.commit().await.expect("a commit");
}

/// Gives offsets until every committed event has one.
async fn sequence_all(store: &Arc<dyn Store>) {
    while store.sequence(100).await.expect("offsets") > 0 {}
}

async fn after(store: &Arc<dyn Store>, offset: i64, limit: u32) -> Vec<Logged> {
    store.read().await.expect("a connection").event_log().after(offset, limit).await.expect("an answer").events
}

async fn extent(store: &Arc<dyn Store>) -> Extent {
    store.read().await.expect("a connection").event_log().extent().await.expect("an answer")
}

/// In the order in which they were pushed, each as it was, with dense offsets from 1 on.
pub async fn events_come_back_in_order(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let task = Box::new(given::a_task(store, &supervisor).await);
    let officer = Box::new(given::an_officer_at(store, -34.6, -58.4).await);
    let position = Position {
        officer: officer.id,
        point: Point::new(-34.603_722_123_456_7, -58.381_592_5).expect("within range"),
        accuracy_m: None,
        measured_at: given::noon(),
        received_at: given::minutes(1),
        reported_by: None,
    };
    let events: Vec<(Uuid, Event)> = [
        Event::TaskCreated { task: task.clone() },
        Event::TaskDeleted { task: task.clone() },
        Event::OfficerStatusChanged { officer: officer.clone(), from: Availability::OnTask },
        Event::OfficerChanged { officer, changed: vec!["unidad".to_owned()] },
        Event::PositionsReported { positions: vec![position] },
        Event::EmergencyRaised {
            task,
            assigned: Some(OfficerId(3)),
            distance_m: Some(1_234.567_890_123),
            last_choice: vec![LastChoice::Unreachable],
        },
        Event::UserChanged { user: UserId(1), changed: vec!["nombre".to_owned()] },
        Event::Announcement { group: "general".into(), level: "info".into(), message: "Señal «ñ» 🚨".into() },
    ]
    .into_iter()
    .map(|event| (Uuid::from_u128(u128::from(given::unique())), event))
    .collect();
    assert_eq!(extent(store).await, Extent { first: 1, last: 0 });
    push(store, &events, given::noon(), Some("pedido-1")).await;
    push(store, &[], given::noon(), None).await;
    let last = announcement("Cambio de turno".to_owned());
    push(store, std::slice::from_ref(&last), given::minutes(1), None).await;
    sequence_all(store).await;

    let rows = after(store, 0, 100).await;
    assert_eq!(rows.iter().map(|row| row.offset).collect::<Vec<_>>(), (1..=9).collect::<Vec<_>>());
    let all: Vec<(Uuid, Event)> = rows.iter().map(|row| (row.message_id, row.event.clone())).collect();
    assert_eq!(all, [events, vec![last]].concat());
    let told: Vec<_> = rows.iter().map(|row| (row.at, row.request_id.as_deref())).collect();
    assert_eq!((told[0], told[8]), ((given::noon(), Some("pedido-1")), (given::minutes(1), None)));
    assert_eq!(after(store, 2, 2).await, rows[2..4]);
    assert_eq!(after(store, 9, 2).await, []);
    assert_eq!(extent(store).await, Extent { first: 1, last: 9 });
}

/// What was not committed is not told.
pub async fn events_of_a_dropped_change_are_not_told(store: &Arc<dyn Store>) {
    let mut tx = store.write().await.expect("a transaction");
    tx.outbox().push(&[announcement("Nunca".to_owned())], given::noon(), None).await.expect("pushed");
    drop(tx);
    sequence_all(store).await;
    assert_eq!(after(store, 0, 100).await, []);
    push(store, &[announcement("Sí".to_owned())], given::noon(), None).await;
    sequence_all(store).await;
    assert_eq!(after(store, 0, 100).await.iter().map(|row| row.offset).collect::<Vec<_>>(), [1]);
}

/// Changes that commit in another order than they began; a reader who follows the log meanwhile
/// sees every event of theirs once, and those of one writer in the order of that writer. With
/// offsets taken at insertion the reader would go past an event that is committed late.
pub async fn no_event_is_skipped_by_a_reader_under_racing_changes(store: &Arc<dyn Store>) {
    const WRITERS: u64 = 8;
    const CHANGES: u64 = 25;
    let writers = join_all((0..WRITERS).map(|writer| async move {
        for change in 0..CHANGES {
            let mut tx = store.write().await.expect("a transaction");
            let event = announcement(format!("{writer}:{change}"));
            tx.outbox().push(&[event], given::noon(), None).await.expect("pushed");
            // Of pseudo-random length: what varies is how long a change stays open.
            tokio::time::sleep(Duration::from_millis((writer * 7 + change * 13) % 11)).await;
            tx.commit().await.expect("a commit");
        }
    }));
    let reader = async {
        let (mut seen, mut last) = (Vec::new(), 0);
        while seen.len() < usize::try_from(WRITERS * CHANGES).expect("small") {
            store.sequence(3).await.expect("offsets");
            for row in after(store, last, 5).await {
                assert_eq!(row.offset, last + 1, "offsets are dense");
                last = row.offset;
                seen.push(row.event);
            }
        }
        seen
    };
    let both = async { tokio::join!(writers, reader).1 };
    let seen = tokio::time::timeout(Duration::from_secs(60), both).await.expect("every event comes to be read");
    let texts: Vec<String> = seen
        .into_iter()
        .map(|event| match event {
            Event::Announcement { message, .. } => message,
            other => panic!("nobody pushed {other:?}"),
        })
        .collect();
    for writer in 0..WRITERS {
        let mine: Vec<&String> = texts.iter().filter(|text| text.starts_with(&format!("{writer}:"))).collect();
        let expected: Vec<String> = (0..CHANGES).map(|change| format!("{writer}:{change}")).collect();
        assert_eq!(mine, expected.iter().collect::<Vec<_>>());
    }
    assert_eq!(texts.iter().collect::<BTreeSet<_>>().len(), texts.len());
}

/// However many replicas give offsets at once.
pub async fn racing_sequencers_give_each_offset_once(store: &Arc<dyn Store>) {
    for _ in 0..10 {
        let events: Vec<_> = (0..20).map(|n| announcement(n.to_string())).collect();
        push(store, &events, given::noon(), None).await;
    }
    join_all((0..6).map(|_| sequence_all(store))).await;
    let offsets: Vec<i64> = after(store, 0, 1000).await.iter().map(|row| row.offset).collect();
    assert_eq!(offsets, (1..=200).collect::<Vec<_>>());
}

/// The oldest go first, in parts, and no offset is given twice.
pub async fn old_events_are_cleared_away_and_offsets_go_on(store: &Arc<dyn Store>) {
    for minute in 0..5 {
        push(store, &[announcement(minute.to_string())], given::minutes(minute), None).await;
    }
    sequence_all(store).await;
    let prune = |before, limit| async move {
        let mut tx = store.write().await.expect("a transaction");
        let gone = tx.event_log().prune(before, limit).await.expect("an answer");
        tx.commit().await.expect("a commit");
        gone
    };
    assert_eq!(prune(given::minutes(3), 2).await, 2);
    assert_eq!(extent(store).await, Extent { first: 3, last: 5 });
    assert_eq!(prune(given::minutes(3), 100).await, 1);
    assert_eq!(prune(given::minutes(60), 100).await, 2);
    assert_eq!(extent(store).await, Extent { first: 6, last: 5 });
    push(store, &[announcement("otra vez".to_owned())], given::minutes(61), None).await;
    sequence_all(store).await;
    assert_eq!(after(store, 0, 100).await.iter().map(|row| row.offset).collect::<Vec<_>>(), [6]);
}

/// How old the oldest event is that somebody has not told, numbered or not.
pub async fn what_is_not_told_yet_has_an_age(store: &Arc<dyn Store>) {
    let backlog = |told| async move {
        store.read().await.expect("a connection").event_log().backlog(told).await.expect("an answer")
    };
    assert_eq!(backlog(0).await, Backlog { head: 0, unnumbered: 0, oldest: None });
    for minute in 0..3 {
        push(store, &[announcement(minute.to_string())], given::minutes(minute), None).await;
    }
    // On one writer an event has its offset from its commit on.
    let waiting = backlog(0).await;
    assert_eq!((waiting.head + waiting.unnumbered, waiting.oldest), (3, Some(given::minutes(0))));
    sequence_all(store).await;
    for told in 0..3 {
        assert_eq!(backlog(told).await, Backlog { head: 3, unnumbered: 0, oldest: Some(given::minutes(told)) });
    }
    assert_eq!(backlog(3).await, Backlog { head: 3, unnumbered: 0, oldest: None });
}
