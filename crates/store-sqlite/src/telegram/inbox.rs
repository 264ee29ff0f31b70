//! `telegram_actualizaciones`. One transaction writes at a time, so what is checked stays so.

use async_trait::async_trait;
use chrono::TimeDelta;
use domain::telegram::{Content, Update};
use domain::{ChatId, Time, UpdateId};
use sqlx::sqlite::SqliteRow;
use store::Result;
use store::telegram::{Hold, InboxBacklog, InboxRepo, LONGEST_PAUSE};
use uuid::Uuid;

use crate::row::{Fields, json, micros};
use crate::tx::SqliteTx;

macro_rules! still_open {
    () => {
        " WHERE update_id = ?3 AND chat_id = ?1 AND trabajada_en IS NULL AND apartada_en IS NULL \
         AND EXISTS (SELECT 1 FROM telegram_chats WHERE chat_id = ?1 AND tomado_por = ?2)"
    };
}

fn update(row: &SqliteRow) -> Result<Update> {
    let fields = Fields::of("telegram_actualizaciones", row);
    Ok(Update {
        id: UpdateId(fields.get("update_id")?),
        chat: ChatId(fields.get("chat_id")?),
        received_at: fields.time("recibida_en")?,
        content: Content(fields.json("contenido")?),
        attempts: fields.get("intentos")?,
    })
}

impl SqliteTx {
    async fn of_held(&mut self, sql: &'static str, hold: Hold, update: UpdateId, at: Time) -> Result<bool> {
        let statement = sqlx::query(sql).bind(hold.chat.0).bind(hold.holder).bind(update.0).bind(micros(at));
        Ok(self.run(statement).await?.rows_affected() > 0)
    }
}

#[async_trait]
impl InboxRepo for SqliteTx {
    async fn receive(&mut self, updates: &[Update]) -> Result<u64> {
        let mut new = 0;
        for update in updates {
            let chat = sqlx::query("INSERT INTO telegram_chats (chat_id) VALUES (?) ON CONFLICT DO NOTHING");
            self.run(chat.bind(update.chat.0)).await?;
            let statement = sqlx::query(
                "INSERT INTO telegram_actualizaciones (update_id, chat_id, recibida_en, contenido, no_antes_de) \
                 VALUES (?1, ?2, ?3, ?4, ?3) ON CONFLICT (update_id) DO NOTHING",
            )
            .bind(update.id.0)
            .bind(update.chat.0)
            .bind(micros(update.received_at))
            .bind(json(&update.content)?);
            new += self.run(statement).await?.rows_affected();
        }
        Ok(new)
    }

    async fn take_chat(&mut self, holder: Uuid, now: Time, lasts: TimeDelta) -> Result<Option<ChatId>> {
        const SQL: &str = "UPDATE telegram_chats SET tomado_por = ?1, tomado_hasta = ?3 WHERE chat_id = \
            (SELECT c.chat_id FROM telegram_actualizaciones u JOIN telegram_chats c ON c.chat_id = u.chat_id \
             WHERE u.trabajada_en IS NULL AND u.apartada_en IS NULL \
             AND (u.intentos = 0 OR u.no_antes_de <= ?2 OR u.no_antes_de > ?4) \
             AND (c.tomado_por IS NULL OR c.tomado_hasta <= ?2 OR c.tomado_hasta > ?3) \
             AND NOT EXISTS (SELECT 1 FROM telegram_actualizaciones e WHERE e.chat_id = u.chat_id \
                 AND e.trabajada_en IS NULL AND e.apartada_en IS NULL AND e.update_id < u.update_id) \
             ORDER BY u.recibida_en, u.update_id LIMIT 1) RETURNING chat_id";
        let statement = sqlx::query(SQL).bind(holder).bind(micros(now)).bind(micros(now + lasts));
        let statement = statement.bind(micros(now + LONGEST_PAUSE));
        match self.first(statement).await? {
            Some(row) => Ok(Some(ChatId(Fields::of("telegram_chats", &row).get("chat_id")?))),
            None => Ok(None),
        }
    }

    async fn next(&mut self, hold: Hold, now: Time) -> Result<Option<Update>> {
        const SQL: &str = "SELECT * FROM (SELECT update_id, chat_id, recibida_en, contenido, intentos, no_antes_de \
             FROM telegram_actualizaciones WHERE chat_id = ?1 AND trabajada_en IS NULL AND apartada_en IS NULL \
             AND EXISTS (SELECT 1 FROM telegram_chats WHERE chat_id = ?1 AND tomado_por = ?2) \
             ORDER BY update_id LIMIT 1) WHERE intentos = 0 OR no_antes_de <= ?3 OR no_antes_de > ?4";
        let statement = sqlx::query(SQL).bind(hold.chat.0).bind(hold.holder).bind(micros(now));
        let statement = statement.bind(micros(now + LONGEST_PAUSE));
        self.first(statement).await?.as_ref().map(update).transpose()
    }

    async fn finish(&mut self, hold: Hold, update: UpdateId, at: Time) -> Result<bool> {
        const SQL: &str = concat!("UPDATE telegram_actualizaciones SET trabajada_en = ?4", still_open!());
        self.of_held(SQL, hold, update, at).await
    }

    async fn postpone(&mut self, hold: Hold, update: UpdateId, not_before: Time) -> Result<bool> {
        const SQL: &str =
            concat!("UPDATE telegram_actualizaciones SET intentos = intentos + 1, no_antes_de = ?4", still_open!());
        self.of_held(SQL, hold, update, not_before).await
    }

    async fn set_aside(&mut self, hold: Hold, update: UpdateId, at: Time) -> Result<bool> {
        const SQL: &str = concat!("UPDATE telegram_actualizaciones SET apartada_en = ?4", still_open!());
        self.of_held(SQL, hold, update, at).await
    }

    async fn extend(&mut self, hold: Hold, now: Time, lasts: TimeDelta) -> Result<bool> {
        let statement = sqlx::query("UPDATE telegram_chats SET tomado_hasta = ? WHERE chat_id = ? AND tomado_por = ?");
        let statement = statement.bind(micros(now + lasts)).bind(hold.chat.0).bind(hold.holder);
        Ok(self.run(statement).await?.rows_affected() > 0)
    }

    async fn release(&mut self, hold: Hold) -> Result<()> {
        let statement = sqlx::query(
            "UPDATE telegram_chats SET tomado_por = NULL, tomado_hasta = NULL WHERE chat_id = ? AND tomado_por = ?",
        );
        self.run(statement.bind(hold.chat.0).bind(hold.holder)).await?;
        Ok(())
    }

    async fn backlog(&mut self) -> Result<InboxBacklog> {
        let statement = sqlx::query(
            "SELECT count(*) AS cuantas, min(recibida_en) AS mas_vieja, \
             (SELECT count(*) FROM telegram_actualizaciones WHERE apartada_en IS NOT NULL) AS apartadas \
             FROM telegram_actualizaciones WHERE trabajada_en IS NULL AND apartada_en IS NULL",
        );
        let row = self.only(statement).await?;
        let fields = Fields::of("telegram_actualizaciones", &row);
        Ok(InboxBacklog {
            waiting: fields.get::<i64>("cuantas")?.unsigned_abs(),
            oldest: fields.maybe_time("mas_vieja")?,
            set_aside: fields.get::<i64>("apartadas")?.unsigned_abs(),
        })
    }

    async fn last(&mut self) -> Result<Option<UpdateId>> {
        let row = self.only(sqlx::query("SELECT max(update_id) AS ultima FROM telegram_actualizaciones")).await?;
        Ok(Fields::of("telegram_actualizaciones", &row).get::<Option<i64>>("ultima")?.map(UpdateId))
    }

    async fn prune(&mut self, before: Time, limit: u32) -> Result<u64> {
        let statement = sqlx::query(
            "DELETE FROM telegram_actualizaciones WHERE update_id IN \
             (SELECT update_id FROM telegram_actualizaciones WHERE coalesce(trabajada_en, apartada_en) < ? \
              AND update_id < (SELECT max(update_id) FROM telegram_actualizaciones) LIMIT ?)",
        );
        Ok(self.run(statement.bind(micros(before)).bind(limit)).await?.rows_affected())
    }
}
