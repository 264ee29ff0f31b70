//! Events to be told.

use std::sync::Arc;

use domain::{Availability, Event, Level, OfficerId, Point, Position, TaskId, UserId};
use uuid::Uuid;

use super::given;
use crate::Store;

/// In the order in which they were pushed, each as it was, after the number of the one before.
pub async fn events_come_back_in_order(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let task = Box::new(given::a_task(store, &supervisor).await);
    let position = Position {
        officer: OfficerId(3),
        point: Point::new(-34.603_722_123_456_7, -58.381_592_5).expect("within range"),
        accuracy_m: None,
        measured_at: given::noon(),
        received_at: given::minutes(1),
    };
    let events: Vec<(Uuid, Event)> = [
        Event::TaskCreated { task: task.clone() },
        Event::TaskDeleted { task: TaskId(5) },
        Event::OfficerStatusChanged { officer: OfficerId(3), from: Availability::OnTask, to: Availability::Available },
        Event::PositionsReported { positions: vec![position] },
        Event::EmergencyRaised { task, assigned: Some(OfficerId(3)), distance_m: Some(1_234.567_890_123) },
        Event::UserChanged { user: UserId(1), changed: vec!["nombre".to_owned()] },
        Event::Announcement { group: "general".into(), level: "info".into(), message: "Señal «ñ» 🚨".into() },
    ]
    .into_iter()
    .map(|event| (Uuid::from_u128(u128::from(given::unique())), event))
    .collect();
    let mut tx = store.write().await.expect("a transaction");
    tx.outbox().push(&events, given::noon(), Some("pedido-1")).await.expect("pushed");
    tx.outbox().push(&[], given::noon(), None).await.expect("nothing to do");
    tx.commit().await.expect("a commit");
    let last = (Uuid::from_u128(u128::from(given::unique())), Event::TaskDeleted { task: TaskId(6) });
    let mut tx = store.write().await.expect("a transaction");
    tx.outbox().push(std::slice::from_ref(&last), given::minutes(1), None).await.expect("pushed");
    tx.commit().await.expect("a commit");

    let mut tx = store.read().await.expect("a connection");
    let rows = tx.outbox().after(0, 100).await.expect("an answer");
    assert!(rows.is_sorted_by(|a, b| a.id < b.id));
    let all: Vec<(Uuid, Event)> = rows.iter().map(|row| (row.message_id, row.event.clone())).collect();
    assert_eq!(all, [events, vec![last]].concat());
    let told: Vec<_> = rows.iter().map(|row| (row.at, row.request_id.as_deref())).collect();
    assert_eq!((told[0], told[7]), ((given::noon(), Some("pedido-1")), (given::minutes(1), None)));
    assert_eq!(tx.outbox().after(rows[1].id, 2).await.expect("an answer"), rows[2..4]);
    assert_eq!(tx.outbox().after(rows[7].id, 2).await.expect("an answer"), []);
}

/// What was not committed is not told.
pub async fn events_of_a_dropped_change_are_not_told(store: &Arc<dyn Store>) {
    let mut tx = store.write().await.expect("a transaction");
    let event = (Uuid::from_u128(1), Event::TaskDeleted { task: TaskId(1) });
    tx.outbox().push(&[event], given::noon(), None).await.expect("pushed");
    drop(tx);
    let mut tx = store.read().await.expect("a connection");
    assert_eq!(tx.outbox().after(0, 100).await.expect("an answer"), []);
}
