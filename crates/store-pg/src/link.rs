//! `codigos_de_vinculo` and `intentos_de_vinculo`.

use async_trait::async_trait;
use domain::link::{IssuedCode, LinkFailures};
use domain::{ChatId, TelegramId, Time, UserId};
use sqlx::postgres::PgRow;
use store::Result;
use store::link::LinkCodeRepo;

use crate::row::Fields;
use crate::statement::sql;
use crate::tx::PgTx;

macro_rules! columns {
    () => {
        "huella, usuario_id, creado_por, creado_en, vence_en, usado_en, usado_por_telegram"
    };
}

fn code(row: &PgRow) -> Result<IssuedCode> {
    let fields = Fields::of("codigos_de_vinculo", row);
    Ok(IssuedCode {
        hash: fields.get("huella")?,
        user: UserId(fields.get("usuario_id")?),
        issued_by: fields.get::<Option<i64>>("creado_por")?.map(UserId),
        issued_at: fields.get("creado_en")?,
        expires_at: fields.get("vence_en")?,
        used_at: fields.get("usado_en")?,
        used_by: fields.get::<Option<i64>>("usado_por_telegram")?.map(TelegramId),
    })
}

#[async_trait]
impl LinkCodeRepo for PgTx {
    async fn issue(&mut self, code: &IssuedCode) -> Result<()> {
        const SQL: &str = concat!(
            "WITH anteriores AS (DELETE FROM codigos_de_vinculo WHERE usuario_id = $2 AND usado_en IS NULL) \
             INSERT INTO codigos_de_vinculo (",
            columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7)"
        );
        let statement = sql(SQL)
            .bind(code.hash)
            .bind(code.user.0)
            .bind(code.issued_by.map(|id| id.0))
            .bind(code.issued_at)
            .bind(code.expires_at)
            .bind(code.used_at)
            .bind(code.used_by.map(|id| id.0));
        self.change(statement).await?;
        Ok(())
    }

    async fn by_hash(&mut self, hash: &[u8; 32]) -> Result<Option<IssuedCode>> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM codigos_de_vinculo WHERE huella = $1");
        self.first(sql(SQL).bind(*hash)).await?.as_ref().map(code).transpose()
    }

    async fn redeem(&mut self, hash: &[u8; 32], account: TelegramId, now: Time) -> Result<Option<IssuedCode>> {
        const SQL: &str = concat!(
            "UPDATE codigos_de_vinculo SET usado_en = $3, usado_por_telegram = $2 \
             WHERE huella = $1 AND usado_en IS NULL AND vence_en > $3 RETURNING ",
            columns!()
        );
        self.first(sql(SQL).bind(*hash).bind(account.0).bind(now)).await?.as_ref().map(code).transpose()
    }

    async fn note_failure(&mut self, chat: ChatId, at: Time) -> Result<()> {
        self.change(sql("INSERT INTO intentos_de_vinculo (chat_id, fecha) VALUES ($1, $2)").bind(chat.0).bind(at))
            .await?;
        Ok(())
    }

    async fn failures(&mut self, chat: ChatId, since: Time) -> Result<LinkFailures> {
        const SQL: &str = "SELECT count(*) FILTER (WHERE chat_id = $1) AS del_chat, count(*) AS de_todos \
            FROM intentos_de_vinculo WHERE fecha >= $2";
        let row = self.only(sql(SQL).bind(chat.0).bind(since)).await?;
        let fields = Fields::of("intentos_de_vinculo", &row);
        Ok(LinkFailures {
            of_chat: fields.get::<i64>("del_chat")?.unsigned_abs(),
            of_office: fields.get::<i64>("de_todos")?.unsigned_abs(),
        })
    }

    async fn prune(&mut self, before: Time) -> Result<u64> {
        const CODES: &str = "DELETE FROM codigos_de_vinculo WHERE huella IN \
            (SELECT huella FROM codigos_de_vinculo WHERE vence_en < $1 LIMIT 1000 FOR UPDATE SKIP LOCKED)";
        const FAILURES: &str = "DELETE FROM intentos_de_vinculo WHERE id IN \
            (SELECT id FROM intentos_de_vinculo WHERE fecha < $1 LIMIT 1000 FOR UPDATE SKIP LOCKED)";
        Ok(self.change(sql(CODES).bind(before)).await? + self.change(sql(FAILURES).bind(before)).await?)
    }
}
