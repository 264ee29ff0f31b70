//! `telegram_chats`, but for who works on a chat: see `inbox`.

use async_trait::async_trait;
use domain::telegram::{Chat, QuietHours};
use domain::{ChatId, Language, MessageId, Time, UserId};
use sqlx::sqlite::SqliteRow;
use store::telegram::ChatRepo;
use store::{Error, Result};

use crate::row::{Fields, json, micros};
use crate::tx::SqliteTx;

const TABLE: &str = "telegram_chats";

macro_rules! select {
    () => {
        "SELECT c.chat_id, u.id AS usuario_id, c.bloqueado_en, c.idioma, c.silencio_desde, c.silencio_a, \
         c.silencio_hasta, c.mensaje_ubicacion FROM telegram_chats c \
         LEFT JOIN usuarios u ON u.telegram_id = c.chat_id AND u.deleted_at IS NULL "
    };
}

fn chat(row: &SqliteRow) -> Result<Chat> {
    let fields = Fields::of(TABLE, row);
    let quiet_hours = match (fields.get::<Option<u16>>("silencio_desde")?, fields.get::<Option<u16>>("silencio_a")?) {
        (Some(from), Some(to)) => {
            let hours = QuietHours::new(from, to);
            Some(hours.ok_or_else(|| Error::unreadable(TABLE, "silencio_desde", "no hours"))?)
        }
        _ => None,
    };
    Ok(Chat {
        id: ChatId(fields.get("chat_id")?),
        user: fields.get::<Option<i64>>("usuario_id")?.map(UserId),
        language: fields.maybe_word("idioma")?,
        quiet_hours,
        quiet_until: fields.maybe_time("silencio_hasta")?,
        blocked_at: fields.maybe_time("bloqueado_en")?,
        live_location: fields.get::<Option<i64>>("mensaje_ubicacion")?.map(MessageId),
    })
}

#[async_trait]
impl ChatRepo for SqliteTx {
    async fn by_id(&mut self, id: ChatId) -> Result<Option<Chat>> {
        const SQL: &str = concat!(select!(), "WHERE c.chat_id = ?");
        self.first(sqlx::query(SQL).bind(id.0)).await?.as_ref().map(chat).transpose()
    }

    async fn by_ids(&mut self, ids: &[ChatId]) -> Result<Vec<Chat>> {
        const SQL: &str = concat!(select!(), "WHERE c.chat_id IN (SELECT value FROM json_each(?))");
        self.rows(sqlx::query(SQL).bind(json(&ids)?)).await?.iter().map(chat).collect()
    }

    async fn of_users(&mut self, users: &[UserId]) -> Result<Vec<Chat>> {
        const SQL: &str = concat!(select!(), "WHERE u.id IN (SELECT value FROM json_each(?))");
        self.rows(sqlx::query(SQL).bind(json(&users)?)).await?.iter().map(chat).collect()
    }

    async fn put(&mut self, chat: &Chat) -> Result<()> {
        const SQL: &str = "INSERT INTO telegram_chats (chat_id, bloqueado_en, idioma, silencio_desde, \
             silencio_a, silencio_hasta, mensaje_ubicacion) VALUES (?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT (chat_id) DO UPDATE SET bloqueado_en = excluded.bloqueado_en, idioma = excluded.idioma, \
             silencio_desde = excluded.silencio_desde, silencio_a = excluded.silencio_a, \
             silencio_hasta = excluded.silencio_hasta, mensaje_ubicacion = excluded.mensaje_ubicacion";
        let statement = sqlx::query(SQL)
            .bind(chat.id.0)
            .bind(chat.blocked_at.map(micros))
            .bind(chat.language.map(Language::as_str))
            .bind(chat.quiet_hours.map(QuietHours::from))
            .bind(chat.quiet_hours.map(QuietHours::to))
            .bind(chat.quiet_until.map(micros))
            .bind(chat.live_location.map(|message| message.0));
        self.run(statement).await?;
        Ok(())
    }

    async fn note_blocked(&mut self, id: ChatId, at: Time) -> Result<bool> {
        const SQL: &str = "UPDATE telegram_chats SET bloqueado_en = ?2 WHERE chat_id = ?1 AND bloqueado_en IS NULL";
        Ok(self.run(sqlx::query(SQL).bind(id.0).bind(micros(at))).await?.rows_affected() > 0)
    }
}
