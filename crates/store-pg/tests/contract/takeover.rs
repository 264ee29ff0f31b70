//! One replica stands still while it gives offsets: another goes on.

use std::time::{Duration, Instant};

use domain::Event;
use sqlx::Executor;
use store::Store;
use store::contract::given;
use uuid::Uuid;

use crate::database::{fresh_store, options};

async fn push(store: &store_pg::PgStore, message: &str) {
    let event = Event::Announcement { group: "general".into(), level: "info".into(), message: message.to_owned() };
    let mut tx = store.write().await.unwrap();
    tx.outbox().push(&[(Uuid::new_v4(), event)], given::noon(), None).await.unwrap();
    tx.commit().await.unwrap();
}

async fn offsets(store: &store_pg::PgStore) -> Vec<(i64, String)> {
    let log = store.read().await.unwrap().event_log().after(0, 100).await.unwrap().events;
    let message = |event: Event| match event {
        Event::Announcement { message, .. } => message,
        other => panic!("another event: {other:?}"),
    };
    log.into_iter().map(|logged| (logged.offset, message(logged.event))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stands_still_with_the_turn_in_hand_loses_it_within_five_seconds() {
    let (first, database) = fresh_store().await;
    let second = store_pg::PgStore::connect(&database.url(), options()).await.unwrap();
    push(&first, "antes").await;
    assert_eq!(first.sequence(10).await.unwrap(), 1);
    push(&first, "durante").await;
    // What the first does before it stands still: the turn is taken, the event numbered, and neither
    // is committed. The statements are those of `PgTx::sequence`, as its connection would send them.
    let mut stopped = database.conn().await;
    let taken = "BEGIN READ WRITE; \
        SELECT set_config('idle_in_transaction_session_timeout', '3000', true), ultimo_evento FROM meta \
        WHERE id = 1 FOR UPDATE; \
        INSERT INTO eventos (numero, message_id, event_type, tarea_id, payload, request_id, created_at) \
        SELECT 2, message_id, event_type, tarea_id, payload, request_id, created_at FROM outbox; \
        DELETE FROM outbox; UPDATE meta SET ultimo_evento = 2 WHERE id = 1";
    stopped.execute(taken).await.unwrap();
    let begun = Instant::now();
    // Changes go on meanwhile: nobody waits for the turn who only pushes.
    push(&second, "después").await;
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    let numbered = second.sequence(10).await.unwrap();
    println!("the turn was taken over after {} ms", begun.elapsed().as_millis());
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert_eq!(numbered, 2);
    let expected = [(1, "antes".to_owned()), (2, "durante".to_owned()), (3, "después".to_owned())];
    assert_eq!(offsets(&second).await, expected);
    // Awake again, the first finds its work undone and itself cut off.
    assert!(stopped.execute("COMMIT").await.is_err());
    push(&first, "al final").await;
    assert_eq!(first.sequence(10).await.unwrap(), 1);
    assert_eq!(offsets(&first).await.last(), Some(&(4, "al final".to_owned())));
}
