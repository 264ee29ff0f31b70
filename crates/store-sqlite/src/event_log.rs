//! The log of events.

use async_trait::async_trait;
use domain::event::{LogPage, Logged, UnreadableEvent};
use domain::{Event, Time};
use sqlx::sqlite::SqliteRow;
use store::Result;
use store::event_log::{Backlog, EventLogRepo, Extent};

use crate::row::{Fields, micros};
use crate::tx::SqliteTx;

/// One row, if this program can read it.
fn logged(row: &SqliteRow) -> Result<std::result::Result<Logged, UnreadableEvent>> {
    let fields = Fields::of("eventos", row);
    let offset = fields.get("numero")?;
    let unreadable = |reason| UnreadableEvent { offset, kind: fields.get("event_type").unwrap_or_default(), reason };
    let event = match Event::from_stored(fields.get("payload")?) {
        Ok(event) => event,
        Err(reason) => return Ok(Err(unreadable(Some(reason)))),
    };
    let Ok(at) = fields.time("created_at") else { return Ok(Err(unreadable(None))) };
    let (message_id, request_id) = (fields.get("message_id")?, fields.get("request_id")?);
    Ok(Ok(Logged { offset, message_id, event, at, request_id }))
}

fn page(rows: &[SqliteRow]) -> Result<LogPage> {
    let mut page = LogPage::default();
    for row in rows {
        match logged(row)? {
            Ok(logged) => page.events.push(logged),
            Err(unreadable) => page.unreadable.push(unreadable),
        }
    }
    Ok(page)
}

#[async_trait]
impl EventLogRepo for SqliteTx {
    async fn after(&mut self, after: i64, limit: u32) -> Result<LogPage> {
        let statement = sqlx::query(
            "SELECT numero, message_id, event_type, payload, created_at, request_id FROM eventos \
             WHERE numero > ? ORDER BY numero LIMIT ?",
        );
        page(&self.rows(statement.bind(after).bind(limit)).await?)
    }

    async fn extent(&mut self) -> Result<Extent> {
        let statement = sqlx::query(
            "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'eventos'), 0) AS ultimo, \
             (SELECT min(numero) FROM eventos) AS primero",
        );
        let row = self.only(statement).await?;
        let fields = Fields::of("eventos", &row);
        let last: i64 = fields.get("ultimo")?;
        Ok(Extent { first: fields.get::<Option<i64>>("primero")?.unwrap_or(last + 1), last })
    }

    async fn backlog(&mut self, told: i64) -> Result<Backlog> {
        let statement = sqlx::query(
            "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'eventos'), 0) AS ultimo, \
             (SELECT created_at FROM eventos WHERE numero > ? ORDER BY numero LIMIT 1) AS mas_viejo",
        );
        let row = self.only(statement.bind(told)).await?;
        let fields = Fields::of("eventos", &row);
        Ok(Backlog { head: fields.get("ultimo")?, unnumbered: 0, oldest: fields.maybe_time("mas_viejo")? })
    }

    async fn prune(&mut self, before: Time, limit: u32) -> Result<u64> {
        // By number, so that what is left has no hole even where clocks disagreed.
        let statement = sqlx::query(
            "DELETE FROM eventos WHERE numero < COALESCE((SELECT min(numero) FROM eventos WHERE created_at >= ?1), \
             9223372036854775807) AND numero < (SELECT min(numero) FROM eventos) + ?2",
        );
        Ok(self.run(statement.bind(micros(before)).bind(limit)).await?.rows_affected())
    }
}
