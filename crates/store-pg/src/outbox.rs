//! Events to be told.

use async_trait::async_trait;
use domain::{Event, Time};
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use store::Result;
use store::outbox::{OutboxRepo, OutboxRow};
use uuid::Uuid;

use crate::row::Fields;
use crate::statement::sql;
use crate::tx::PgTx;

fn outbox_row(row: &PgRow) -> Result<OutboxRow> {
    let fields = Fields::of("outbox", row);
    Ok(OutboxRow {
        id: fields.get("id")?,
        message_id: fields.get("message_id")?,
        event: fields.get::<Json<Event>>("payload")?.0,
        at: fields.get("created_at")?,
        request_id: fields.get("request_id")?,
    })
}

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
        let tasks: Vec<Option<i64>> = events.iter().map(|(_, event)| event.task().map(|task| task.0)).collect();
        let payloads: Vec<Json<&Event>> = events.iter().map(|(_, event)| Json(event)).collect();
        let statement =
            sql(SQL).bind(ids).bind(kinds).bind(tasks).bind(payloads).bind(request_id.map(str::to_owned)).bind(at);
        self.change(statement).await?;
        Ok(())
    }

    async fn after(&mut self, after: i64, limit: u32) -> Result<Vec<OutboxRow>> {
        const SQL: &str = "SELECT id, message_id, payload, created_at, request_id FROM outbox \
            WHERE id > $1 ORDER BY id LIMIT $2";
        self.all(sql(SQL).bind(after).bind(i64::from(limit))).await?.iter().map(outbox_row).collect()
    }
}
