//! The log of events.

use async_trait::async_trait;
use domain::event::{LogPage, Logged, UnreadableEvent};
use domain::{Event, Time};
use sqlx::postgres::PgRow;
use store::Result;
use store::event_log::{Backlog, EventLogRepo, Extent};

use crate::row::Fields;
use crate::statement::sql;
use crate::tx::PgTx;

/// One row, if this program can read it.
fn logged(row: &PgRow) -> Result<std::result::Result<Logged, UnreadableEvent>> {
    let fields = Fields::of("eventos", row);
    let offset = fields.get("numero")?;
    let unreadable = |reason| UnreadableEvent { offset, kind: fields.get("event_type").unwrap_or_default(), reason };
    let event = match Event::from_stored(fields.get("payload")?) {
        Ok(event) => event,
        Err(reason) => return Ok(Err(unreadable(Some(reason)))),
    };
    let Ok(at) = fields.get("created_at") else { return Ok(Err(unreadable(None))) };
    let (message_id, request_id) = (fields.get("message_id")?, fields.get("request_id")?);
    Ok(Ok(Logged { offset, message_id, event, at, request_id }))
}

fn page(rows: &[PgRow]) -> Result<LogPage> {
    let mut page = LogPage::default();
    for row in rows {
        match logged(row)? {
            Ok(logged) => page.events.push(logged),
            Err(unreadable) => page.unreadable.push(unreadable),
        }
    }
    Ok(page)
}

impl PgTx {
    /// Whether an event waits for its offset.
    pub async fn has_unsequenced(&mut self) -> Result<bool> {
        let row = self.only(sql("SELECT EXISTS (SELECT 1 FROM outbox) AS hay")).await?;
        Fields::of("outbox", &row).get("hay")
    }

    /// Gives offsets to at most `limit` events, see [`store::Store::sequence`].
    pub async fn sequence(&mut self, limit: u32) -> Result<u64> {
        // The row's lock makes this one at a time. A process that is stopped while it holds the lock
        // loses its connection after the time set here, and another goes on.
        const TURN: &str = "SELECT set_config('idle_in_transaction_session_timeout', '3000', true), ultimo_evento \
            FROM meta WHERE id = 1 FOR UPDATE";
        // A statement of its own: its snapshot is taken with the lock in hand, so it sees all that
        // the one before has numbered and taken away.
        const NUMBER: &str = "WITH taken AS (DELETE FROM outbox WHERE id IN (SELECT id FROM outbox ORDER BY id LIMIT $2) \
                RETURNING id, message_id, event_type, tarea_id, payload, request_id, created_at), \
            logged AS (INSERT INTO eventos \
                (numero, message_id, event_type, tarea_id, payload, request_id, created_at) \
                SELECT $1 + row_number() OVER (ORDER BY id), message_id, event_type, tarea_id, payload, request_id, \
                created_at FROM taken RETURNING numero) \
            UPDATE meta SET ultimo_evento = (SELECT max(numero) FROM logged) \
            WHERE id = 1 AND EXISTS (SELECT 1 FROM logged) RETURNING ultimo_evento";
        let turn = self.only(sql(TURN)).await?;
        let last: i64 = Fields::of("meta", &turn).get("ultimo_evento")?;
        match self.first(sql(NUMBER).bind(last).bind(i64::from(limit))).await? {
            Some(row) => Ok((Fields::of("meta", &row).get::<i64>("ultimo_evento")? - last).unsigned_abs()),
            None => Ok(0),
        }
    }
}

#[async_trait]
impl EventLogRepo for PgTx {
    async fn after(&mut self, after: i64, limit: u32) -> Result<LogPage> {
        const SQL: &str = "SELECT numero, message_id, event_type, payload::text AS payload, created_at, request_id \
            FROM eventos WHERE numero > $1 ORDER BY numero LIMIT $2";
        page(&self.all(sql(SQL).bind(after).bind(i64::from(limit))).await?)
    }

    async fn extent(&mut self) -> Result<Extent> {
        const SQL: &str = "SELECT ultimo_evento, (SELECT min(numero) FROM eventos) AS primero FROM meta WHERE id = 1";
        let row = self.only(sql(SQL)).await?;
        let fields = Fields::of("meta", &row);
        let last: i64 = fields.get("ultimo_evento")?;
        Ok(Extent { first: fields.get::<Option<i64>>("primero")?.unwrap_or(last + 1), last })
    }

    async fn backlog(&mut self, told: i64) -> Result<Backlog> {
        const SQL: &str = "SELECT ultimo_evento, (SELECT count(*) FROM outbox) AS sin_numero, \
            LEAST((SELECT min(created_at) FROM outbox), \
                (SELECT created_at FROM eventos WHERE numero > $1 ORDER BY numero LIMIT 1)) AS mas_viejo \
            FROM meta WHERE id = 1";
        let row = self.only(sql(SQL).bind(told)).await?;
        let fields = Fields::of("meta", &row);
        Ok(Backlog {
            head: fields.get("ultimo_evento")?,
            unnumbered: fields.get("sin_numero")?,
            oldest: fields.get("mas_viejo")?,
        })
    }

    async fn prune(&mut self, before: Time, limit: u32) -> Result<u64> {
        // By number, so that what is left has no hole even where clocks disagreed.
        const SQL: &str = "DELETE FROM eventos WHERE numero < COALESCE( \
                (SELECT min(numero) FROM eventos WHERE created_at >= $1), (SELECT ultimo_evento + 1 FROM meta)) \
            AND numero < (SELECT min(numero) FROM eventos) + $2";
        self.change(sql(SQL).bind(before).bind(i64::from(limit))).await
    }
}
