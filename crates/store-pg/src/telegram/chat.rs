//! `telegram_chats`, but for who works on a chat: see `inbox`.

use async_trait::async_trait;
use domain::telegram::{Chat, QuietHours};
use domain::{ChatId, MessageId, Time, UserId};
use sqlx::postgres::PgRow;
use store::telegram::ChatRepo;
use store::{Error, Result};

use crate::row::Fields;
use crate::statement::{Statement, sql};
use crate::tx::PgTx;

const TABLE: &str = "telegram_chats";

macro_rules! select {
    () => {
        "SELECT c.chat_id, u.id AS usuario_id, c.bloqueado_en, c.idioma, c.silencio_desde, c.silencio_a, \
         c.silencio_hasta, c.mensaje_ubicacion FROM telegram_chats c \
         LEFT JOIN usuarios u ON u.telegram_id = c.chat_id AND u.deleted_at IS NULL "
    };
}

fn chat(row: &PgRow) -> Result<Chat> {
    let fields = Fields::of(TABLE, row);
    let minute = |number: i16| u16::try_from(number).ok();
    let quiet_hours = match (fields.get::<Option<i16>>("silencio_desde")?, fields.get::<Option<i16>>("silencio_a")?) {
        (Some(from), Some(to)) => {
            let hours = minute(from).zip(minute(to)).and_then(|(from, to)| QuietHours::new(from, to));
            Some(hours.ok_or_else(|| Error::unreadable(TABLE, "silencio_desde", "no hours"))?)
        }
        _ => None,
    };
    Ok(Chat {
        id: ChatId(fields.get("chat_id")?),
        user: fields.get::<Option<i64>>("usuario_id")?.map(UserId),
        language: fields.maybe_word("idioma")?,
        quiet_hours,
        quiet_until: fields.get("silencio_hasta")?,
        blocked_at: fields.get("bloqueado_en")?,
        live_location: fields.get::<Option<i64>>("mensaje_ubicacion")?.map(MessageId),
    })
}

impl PgTx {
    async fn chats(&mut self, statement: Statement) -> Result<Vec<Chat>> {
        self.all(statement).await?.iter().map(chat).collect()
    }
}

#[async_trait]
impl ChatRepo for PgTx {
    async fn by_id(&mut self, id: ChatId) -> Result<Option<Chat>> {
        const SQL: &str = concat!(select!(), "WHERE c.chat_id = $1");
        self.first(sql(SQL).bind(id.0)).await?.as_ref().map(chat).transpose()
    }

    async fn by_ids(&mut self, ids: &[ChatId]) -> Result<Vec<Chat>> {
        const SQL: &str = concat!(select!(), "WHERE c.chat_id = ANY($1)");
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        self.chats(sql(SQL).bind(ids)).await
    }

    async fn of_users(&mut self, users: &[UserId]) -> Result<Vec<Chat>> {
        const SQL: &str = concat!(select!(), "WHERE u.id = ANY($1)");
        let users: Vec<i64> = users.iter().map(|user| user.0).collect();
        self.chats(sql(SQL).bind(users)).await
    }

    async fn put(&mut self, chat: &Chat) -> Result<()> {
        const SQL: &str = "INSERT INTO telegram_chats (chat_id, bloqueado_en, idioma, silencio_desde, \
                silencio_a, silencio_hasta, mensaje_ubicacion) VALUES ($1, $2, $3, $4, $5, $6, $7) \
            ON CONFLICT (chat_id) DO UPDATE SET bloqueado_en = excluded.bloqueado_en, idioma = excluded.idioma, \
                silencio_desde = excluded.silencio_desde, silencio_a = excluded.silencio_a, \
                silencio_hasta = excluded.silencio_hasta, mensaje_ubicacion = excluded.mensaje_ubicacion";
        let minute = |minute: u16| minute.cast_signed();
        let statement = sql(SQL)
            .bind(chat.id.0)
            .bind(chat.blocked_at)
            .bind(chat.language.map(domain::Language::as_str))
            .bind(chat.quiet_hours.map(|hours| minute(hours.from())))
            .bind(chat.quiet_hours.map(|hours| minute(hours.to())))
            .bind(chat.quiet_until)
            .bind(chat.live_location.map(|message| message.0));
        self.change(statement).await?;
        Ok(())
    }

    async fn note_blocked(&mut self, id: ChatId, at: Time) -> Result<bool> {
        const SQL: &str = "UPDATE telegram_chats SET bloqueado_en = $2 WHERE chat_id = $1 AND bloqueado_en IS NULL";
        Ok(self.change(sql(SQL).bind(id.0).bind(at)).await? > 0)
    }
}
