//! `telegram_actualizaciones`.

use async_trait::async_trait;
use chrono::TimeDelta;
use domain::telegram::{Content, Update};
use domain::{ChatId, Time, UpdateId};
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use store::telegram::{Hold, InboxBacklog, InboxRepo, LONGEST_PAUSE};
use store::{Error, Result};
use uuid::Uuid;

use crate::row::Fields;
use crate::statement::{Statement, sql};
use crate::tx::PgTx;

// Locks the chat, so that nobody takes it before the end of the transaction; waits for whoever is
// just taking it, and then finds it in other hands.
macro_rules! held {
    () => {
        "WITH tenencia AS MATERIALIZED \
            (SELECT chat_id FROM telegram_chats WHERE chat_id = $1 AND tomado_por = $2 FOR UPDATE) "
    };
}

macro_rules! still_open {
    () => {
        " WHERE update_id = $3 AND trabajada_en IS NULL AND apartada_en IS NULL \
            AND chat_id IN (SELECT chat_id FROM tenencia)"
    };
}

fn update(row: &PgRow) -> Result<Update> {
    let fields = Fields::of("telegram_actualizaciones", row);
    let attempts: i32 = fields.get("intentos")?;
    Ok(Update {
        id: UpdateId(fields.get("update_id")?),
        chat: ChatId(fields.get("chat_id")?),
        received_at: fields.get("recibida_en")?,
        content: Content(fields.get("contenido")?),
        attempts: u32::try_from(attempts)
            .map_err(|error| Error::unreadable("telegram_actualizaciones", "intentos", error))?,
    })
}

fn of(text: &'static str, hold: Hold) -> Statement {
    sql(text).bind(hold.chat.0).bind(hold.holder)
}

#[async_trait]
impl InboxRepo for PgTx {
    async fn receive(&mut self, updates: &[Update]) -> Result<u64> {
        const CHATS: &str = "INSERT INTO telegram_chats (chat_id) \
            SELECT DISTINCT c FROM unnest($1::bigint[]) AS u (c) ORDER BY c ON CONFLICT (chat_id) DO NOTHING";
        const UPDATES: &str = "INSERT INTO telegram_actualizaciones \
            (update_id, chat_id, recibida_en, contenido, no_antes_de) \
            SELECT n, c, t, j, t FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::jsonb[]) \
            AS u (n, c, t, j) ORDER BY n ON CONFLICT (update_id) DO NOTHING";
        if updates.is_empty() {
            return Ok(0);
        }
        let chats: Vec<i64> = updates.iter().map(|update| update.chat.0).collect();
        self.change(sql(CHATS).bind(chats.clone())).await?;
        let ids: Vec<i64> = updates.iter().map(|update| update.id.0).collect();
        let times: Vec<Time> = updates.iter().map(|update| update.received_at).collect();
        let contents: Vec<Json<&Content>> = updates.iter().map(|update| Json(&update.content)).collect();
        self.change(sql(UPDATES).bind(ids).bind(chats).bind(times).bind(contents)).await
    }

    async fn take_chat(&mut self, holder: Uuid, now: Time, lasts: TimeDelta) -> Result<Option<ChatId>> {
        // Walks the waiting updates by age; of a chat only the first counts, whether it is due or not.
        const SQL: &str = "WITH libre AS MATERIALIZED (SELECT c.chat_id FROM telegram_actualizaciones u \
                JOIN telegram_chats c ON c.chat_id = u.chat_id \
                WHERE u.trabajada_en IS NULL AND u.apartada_en IS NULL \
                AND (u.intentos = 0 OR u.no_antes_de <= $2 OR u.no_antes_de > $4) \
                AND (c.tomado_por IS NULL OR c.tomado_hasta <= clock_timestamp() \
                    OR c.tomado_hasta > clock_timestamp() + $3::bigint * interval '1 millisecond') \
                AND NOT EXISTS (SELECT 1 FROM telegram_actualizaciones e WHERE e.chat_id = u.chat_id \
                    AND e.trabajada_en IS NULL AND e.apartada_en IS NULL AND e.update_id < u.update_id) \
                ORDER BY u.recibida_en, u.update_id LIMIT 1 FOR UPDATE OF c SKIP LOCKED) \
            UPDATE telegram_chats SET tomado_por = $1, \
                tomado_hasta = clock_timestamp() + $3::bigint * interval '1 millisecond' \
            WHERE chat_id IN (SELECT chat_id FROM libre) RETURNING chat_id";
        let statement = sql(SQL).bind(holder).bind(now).bind(lasts.num_milliseconds()).bind(now + LONGEST_PAUSE);
        match self.first(statement).await? {
            Some(row) => Ok(Some(ChatId(Fields::of("telegram_chats", &row).get("chat_id")?))),
            None => Ok(None),
        }
    }

    async fn next(&mut self, hold: Hold, now: Time) -> Result<Option<Update>> {
        const SQL: &str = "SELECT * FROM (SELECT u.update_id, u.chat_id, u.recibida_en, u.contenido, u.intentos, \
                u.no_antes_de FROM telegram_actualizaciones u WHERE u.chat_id = $1 AND u.trabajada_en IS NULL \
                AND u.apartada_en IS NULL AND EXISTS (SELECT 1 FROM telegram_chats c \
                    WHERE c.chat_id = $1 AND c.tomado_por = $2) \
                ORDER BY u.update_id LIMIT 1) AS primera \
            WHERE intentos = 0 OR no_antes_de <= $3 OR no_antes_de > $4";
        self.first(of(SQL, hold).bind(now).bind(now + LONGEST_PAUSE)).await?.as_ref().map(update).transpose()
    }

    async fn finish(&mut self, hold: Hold, update: UpdateId, at: Time) -> Result<bool> {
        const SQL: &str = concat!(held!(), "UPDATE telegram_actualizaciones SET trabajada_en = $4", still_open!());
        Ok(self.change(of(SQL, hold).bind(update.0).bind(at)).await? > 0)
    }

    async fn postpone(&mut self, hold: Hold, update: UpdateId, not_before: Time) -> Result<bool> {
        const SQL: &str = concat!(
            held!(),
            "UPDATE telegram_actualizaciones SET intentos = intentos + 1, no_antes_de = $4",
            still_open!()
        );
        Ok(self.change(of(SQL, hold).bind(update.0).bind(not_before)).await? > 0)
    }

    async fn set_aside(&mut self, hold: Hold, update: UpdateId, at: Time) -> Result<bool> {
        const SQL: &str = concat!(held!(), "UPDATE telegram_actualizaciones SET apartada_en = $4", still_open!());
        Ok(self.change(of(SQL, hold).bind(update.0).bind(at)).await? > 0)
    }

    async fn extend(&mut self, hold: Hold, _now: Time, lasts: TimeDelta) -> Result<bool> {
        const SQL: &str = "UPDATE telegram_chats \
            SET tomado_hasta = clock_timestamp() + $3::bigint * interval '1 millisecond' \
            WHERE chat_id = $1 AND tomado_por = $2";
        Ok(self.change(of(SQL, hold).bind(lasts.num_milliseconds())).await? > 0)
    }

    async fn release(&mut self, hold: Hold) -> Result<()> {
        const SQL: &str = "UPDATE telegram_chats SET tomado_por = NULL, tomado_hasta = NULL \
            WHERE chat_id = $1 AND tomado_por = $2";
        self.change(of(SQL, hold)).await?;
        Ok(())
    }

    async fn backlog(&mut self) -> Result<InboxBacklog> {
        const SQL: &str = "SELECT count(*) AS cuantas, min(recibida_en) AS mas_vieja, \
            (SELECT count(*) FROM telegram_actualizaciones WHERE apartada_en IS NOT NULL) AS apartadas \
            FROM telegram_actualizaciones WHERE trabajada_en IS NULL AND apartada_en IS NULL";
        let row = self.only(sql(SQL)).await?;
        let fields = Fields::of("telegram_actualizaciones", &row);
        Ok(InboxBacklog {
            waiting: fields.get::<i64>("cuantas")?.unsigned_abs(),
            oldest: fields.get("mas_vieja")?,
            set_aside: fields.get::<i64>("apartadas")?.unsigned_abs(),
        })
    }

    async fn last(&mut self) -> Result<Option<UpdateId>> {
        let row = self.only(sql("SELECT max(update_id) AS ultima FROM telegram_actualizaciones")).await?;
        Ok(Fields::of("telegram_actualizaciones", &row).get::<Option<i64>>("ultima")?.map(UpdateId))
    }

    async fn prune(&mut self, before: Time, limit: u32) -> Result<u64> {
        const SQL: &str = "DELETE FROM telegram_actualizaciones WHERE update_id IN \
            (SELECT update_id FROM telegram_actualizaciones WHERE coalesce(trabajada_en, apartada_en) < $1 \
                AND update_id < (SELECT max(update_id) FROM telegram_actualizaciones) LIMIT $2 FOR UPDATE SKIP LOCKED)";
        self.change(sql(SQL).bind(before).bind(i64::from(limit))).await
    }
}
