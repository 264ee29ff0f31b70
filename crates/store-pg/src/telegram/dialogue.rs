//! `telegram_dialogos`.

use async_trait::async_trait;
use domain::telegram::{Content, Dialogue};
use domain::{ChatId, TelegramId, Time};
use sqlx::types::Json;
use store::Result;
use store::telegram::DialogueRepo;

use crate::row::Fields;
use crate::statement::sql;
use crate::tx::PgTx;

const TABLE: &str = "telegram_dialogos";

#[async_trait]
impl DialogueRepo for PgTx {
    async fn get(&mut self, chat: ChatId, account: TelegramId, now: Time) -> Result<Option<Dialogue>> {
        const SQL: &str = "SELECT version, estado, vence_en FROM telegram_dialogos \
            WHERE chat_id = $1 AND telegram_id = $2 AND vence_en > $3";
        let Some(row) = self.first(sql(SQL).bind(chat.0).bind(account.0).bind(now)).await? else { return Ok(None) };
        let fields = Fields::of(TABLE, &row);
        Ok(Some(Dialogue {
            version: fields.get("version")?,
            // What is no value is null, which is no dialogue either: its reader drops it.
            state: Content(fields.get("estado").unwrap_or_default()),
            expires_at: fields.get("vence_en")?,
        }))
    }

    async fn compare_and_set(
        &mut self,
        chat: ChatId,
        account: TelegramId,
        read: Option<i64>,
        state: Option<(&Content, Time)>,
        now: Time,
    ) -> Result<bool> {
        const BEGIN: &str = "INSERT INTO telegram_dialogos AS d (chat_id, telegram_id, version, estado, vence_en) \
            VALUES ($1, $2, 1, $3, $4) ON CONFLICT (chat_id, telegram_id) DO UPDATE \
            SET version = d.version + 1, estado = excluded.estado, vence_en = excluded.vence_en \
            WHERE d.vence_en <= $5";
        const GO_ON: &str = "UPDATE telegram_dialogos SET version = version + 1, estado = $4, vence_en = $5 \
            WHERE chat_id = $1 AND telegram_id = $2 AND version = $3";
        const END: &str = "DELETE FROM telegram_dialogos WHERE chat_id = $1 AND telegram_id = $2 AND version = $3";
        match (read, state) {
            (None, None) => Ok(DialogueRepo::get(self, chat, account, now).await?.is_none()),
            (None, Some((state, until))) => {
                let statement = sql(BEGIN).bind(chat.0).bind(account.0).bind(Json(state)).bind(until).bind(now);
                Ok(self.change(statement).await? > 0)
            }
            (Some(version), Some((state, until))) => {
                let statement = sql(GO_ON).bind(chat.0).bind(account.0).bind(version).bind(Json(state)).bind(until);
                Ok(self.change(statement).await? > 0)
            }
            (Some(version), None) => Ok(self.change(sql(END).bind(chat.0).bind(account.0).bind(version)).await? > 0),
        }
    }

    async fn prune(&mut self, before: Time) -> Result<u64> {
        const SQL: &str = "DELETE FROM telegram_dialogos WHERE (chat_id, telegram_id) IN \
            (SELECT chat_id, telegram_id FROM telegram_dialogos WHERE vence_en < $1 LIMIT 1000 FOR UPDATE SKIP LOCKED)";
        self.change(sql(SQL).bind(before)).await
    }
}
