//! Events to be told.

use async_trait::async_trait;
use domain::{Event, Time};
use store::outbox::OutboxRepo;
use store::{Error, Result};
use uuid::Uuid;

use crate::statement::sql;
use crate::tx::PgTx;

#[async_trait]
impl OutboxRepo for PgTx {
    async fn push(&mut self, events: &[(Uuid, Event)], at: Time, request_id: Option<&str>) -> Result<()> {
        const SQL: &str = "INSERT INTO outbox (message_id, event_type, tarea_id, payload, request_id, created_at) \
            SELECT mensaje, tipo, tarea, datos, $5, $6 \
            FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::jsonb[]) WITH ORDINALITY \
            AS nuevo (mensaje, tipo, tarea, datos, orden) ORDER BY orden";
        if events.is_empty() {
            return Ok(());
        }
        let ids: Vec<Uuid> = events.iter().map(|(id, _)| *id).collect();
        let kinds: Vec<&str> = events.iter().map(|(_, event)| event.kind().as_str()).collect();
        let tasks: Vec<Option<i64>> = events.iter().map(|(_, event)| event.task().map(|task| task.id.0)).collect();
        let payloads = events.iter().map(|(_, event)| event.to_stored()).collect::<serde_json::Result<Vec<_>>>();
        let payloads = payloads.map_err(|error| Error::Internal(error.into()))?;
        let statement =
            sql(SQL).bind(ids).bind(kinds).bind(tasks).bind(payloads).bind(request_id.map(str::to_owned)).bind(at);
        self.change(statement).await?;
        self.tells_events();
        Ok(())
    }
}
