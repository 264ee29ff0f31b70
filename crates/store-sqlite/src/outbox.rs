//! Events to be told: on one writer they come into the log at once.

use async_trait::async_trait;
use domain::{Event, Time};
use store::outbox::OutboxRepo;
use store::{Error, Result};
use uuid::Uuid;

use crate::row::micros;
use crate::tx::SqliteTx;

#[async_trait]
impl OutboxRepo for SqliteTx {
    async fn push(&mut self, events: &[(Uuid, Event)], at: Time, request_id: Option<&str>) -> Result<()> {
        for (message_id, event) in events {
            let statement = sqlx::query(
                "INSERT INTO eventos (message_id, event_type, tarea_id, payload, request_id, created_at) \
                 VALUES (?, ?, ?, ?, ?, ?)",
            )
            .bind(message_id)
            .bind(event.kind().as_str())
            .bind(event.task().map(|task| task.id.0))
            .bind(event.to_stored().map_err(|error| Error::Internal(error.into()))?.to_string())
            .bind(request_id)
            .bind(micros(at));
            self.run(statement).await?;
            self.tells_events();
        }
        Ok(())
    }
}
