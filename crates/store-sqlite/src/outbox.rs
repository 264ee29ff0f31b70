//! Events to be told.

use async_trait::async_trait;
use domain::{Event, Time};
use sqlx::sqlite::SqliteRow;
use store::Result;
use store::outbox::{OutboxRepo, OutboxRow};
use uuid::Uuid;

use crate::row::{Fields, json, micros};
use crate::tx::SqliteTx;

fn outbox_row(row: &SqliteRow) -> Result<OutboxRow> {
    let fields = Fields::of("outbox", row);
    Ok(OutboxRow {
        id: fields.get("id")?,
        message_id: fields.get("message_id")?,
        event: fields.json("payload")?,
        at: fields.time("created_at")?,
        request_id: fields.get("request_id")?,
    })
}

#[async_trait]
impl OutboxRepo for SqliteTx {
    async fn push(&mut self, events: &[(Uuid, Event)], at: Time, request_id: Option<&str>) -> Result<()> {
        for (message_id, event) in events {
            let statement = sqlx::query(
                "INSERT INTO outbox (message_id, event_type, tarea_id, payload, request_id, created_at) \
                 VALUES (?, ?, ?, ?, ?, ?)",
            )
            .bind(message_id)
            .bind(event.kind().as_str())
            .bind(event.task().map(|task| task.0))
            .bind(json(event)?)
            .bind(request_id)
            .bind(micros(at));
            self.run(statement).await?;
        }
        Ok(())
    }

    async fn after(&mut self, after: i64, limit: u32) -> Result<Vec<OutboxRow>> {
        let statement = sqlx::query(
            "SELECT id, message_id, payload, created_at, request_id FROM outbox WHERE id > ? ORDER BY id LIMIT ?",
        );
        self.rows(statement.bind(after).bind(limit)).await?.iter().map(outbox_row).collect()
    }
}
