//! `telegram_dialogos`.

use async_trait::async_trait;
use domain::telegram::{Content, Dialogue};
use domain::{ChatId, TelegramId, Time};
use store::Result;
use store::telegram::DialogueRepo;

use crate::row::{Fields, json, micros};
use crate::tx::SqliteTx;

const TABLE: &str = "telegram_dialogos";

#[async_trait]
impl DialogueRepo for SqliteTx {
    async fn get(&mut self, chat: ChatId, account: TelegramId, now: Time) -> Result<Option<Dialogue>> {
        const SQL: &str = "SELECT version, estado, vence_en FROM telegram_dialogos \
             WHERE chat_id = ? AND telegram_id = ? AND vence_en > ?";
        let statement = sqlx::query(SQL).bind(chat.0).bind(account.0).bind(micros(now));
        let Some(row) = self.first(statement).await? else { return Ok(None) };
        let fields = Fields::of(TABLE, &row);
        Ok(Some(Dialogue {
            version: fields.get("version")?,
            // What is no value is null, which is no dialogue either: its reader drops it.
            state: Content(fields.json("estado").unwrap_or_default()),
            expires_at: fields.time("vence_en")?,
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
        const BEGIN: &str = "INSERT INTO telegram_dialogos (chat_id, telegram_id, version, estado, vence_en) \
             VALUES (?1, ?2, 1, ?3, ?4) ON CONFLICT (chat_id, telegram_id) DO UPDATE \
             SET version = version + 1, estado = excluded.estado, vence_en = excluded.vence_en WHERE vence_en <= ?5";
        const GO_ON: &str = "UPDATE telegram_dialogos SET version = version + 1, estado = ?4, vence_en = ?5 \
             WHERE chat_id = ?1 AND telegram_id = ?2 AND version = ?3";
        const END: &str = "DELETE FROM telegram_dialogos WHERE chat_id = ?1 AND telegram_id = ?2 AND version = ?3";
        let of = |sql: &'static str| sqlx::query(sql).bind(chat.0).bind(account.0);
        let statement = match (read, state) {
            (None, None) => return Ok(DialogueRepo::get(self, chat, account, now).await?.is_none()),
            (None, Some((state, until))) => of(BEGIN).bind(json(state)?).bind(micros(until)).bind(micros(now)),
            (Some(version), Some((state, until))) => of(GO_ON).bind(version).bind(json(state)?).bind(micros(until)),
            (Some(version), None) => of(END).bind(version),
        };
        Ok(self.run(statement).await?.rows_affected() > 0)
    }

    async fn prune(&mut self, before: Time) -> Result<u64> {
        const SQL: &str = "DELETE FROM telegram_dialogos WHERE (chat_id, telegram_id) IN \
             (SELECT chat_id, telegram_id FROM telegram_dialogos WHERE vence_en < ? LIMIT 1000)";
        Ok(self.run(sqlx::query(SQL).bind(micros(before))).await?.rows_affected())
    }
}
