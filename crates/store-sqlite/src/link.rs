//! `codigos_de_vinculo` and `intentos_de_vinculo`.

use async_trait::async_trait;
use domain::link::{IssuedCode, LinkFailures};
use domain::{ChatId, TelegramId, Time, UserId};
use sqlx::sqlite::SqliteRow;
use store::link::LinkCodeRepo;
use store::{Result, Rule};

use crate::row::{Fields, micros};
use crate::tx::SqliteTx;

macro_rules! columns {
    () => {
        "huella, usuario_id, creado_por, creado_en, vence_en, usado_en, usado_por_telegram"
    };
}

fn code(row: &SqliteRow) -> Result<IssuedCode> {
    let fields = Fields::of("codigos_de_vinculo", row);
    Ok(IssuedCode {
        hash: fields.checked::<&[u8], _>("huella")?,
        user: UserId(fields.get("usuario_id")?),
        issued_by: fields.get::<Option<i64>>("creado_por")?.map(UserId),
        issued_at: fields.time("creado_en")?,
        expires_at: fields.time("vence_en")?,
        used_at: fields.maybe_time("usado_en")?,
        used_by: fields.get::<Option<i64>>("usado_por_telegram")?.map(TelegramId),
    })
}

#[async_trait]
impl LinkCodeRepo for SqliteTx {
    async fn issue(&mut self, code: &IssuedCode) -> Result<()> {
        let earlier = sqlx::query("DELETE FROM codigos_de_vinculo WHERE usuario_id = ? AND usado_en IS NULL");
        self.run(earlier.bind(code.user.0)).await?;
        let statement =
            sqlx::query(concat!("INSERT INTO codigos_de_vinculo (", columns!(), ") VALUES (?, ?, ?, ?, ?, ?, ?)"))
                .bind(code.hash.as_slice())
                .bind(code.user.0)
                .bind(code.issued_by.map(|id| id.0))
                .bind(micros(code.issued_at))
                .bind(micros(code.expires_at))
                .bind(code.used_at.map(micros))
                .bind(code.used_by.map(|id| id.0));
        self.run_naming(statement, Rule::UnknownUser).await?;
        Ok(())
    }

    async fn by_hash(&mut self, hash: &[u8; 32]) -> Result<Option<IssuedCode>> {
        let statement = sqlx::query(concat!("SELECT ", columns!(), " FROM codigos_de_vinculo WHERE huella = ?"));
        self.first(statement.bind(hash.as_slice())).await?.as_ref().map(code).transpose()
    }

    async fn redeem(&mut self, hash: &[u8; 32], account: TelegramId, now: Time) -> Result<Option<IssuedCode>> {
        let statement = sqlx::query(concat!(
            "UPDATE codigos_de_vinculo SET usado_en = ?3, usado_por_telegram = ?2 \
             WHERE huella = ?1 AND usado_en IS NULL AND vence_en > ?3 RETURNING ",
            columns!()
        ))
        .bind(hash.as_slice())
        .bind(account.0)
        .bind(micros(now));
        self.first(statement).await?.as_ref().map(code).transpose()
    }

    async fn note_failure(&mut self, chat: ChatId, at: Time) -> Result<()> {
        let statement = sqlx::query("INSERT INTO intentos_de_vinculo (chat_id, fecha) VALUES (?, ?)");
        self.run(statement.bind(chat.0).bind(micros(at))).await?;
        Ok(())
    }

    async fn failures(&mut self, chat: ChatId, since: Time) -> Result<LinkFailures> {
        let statement = sqlx::query(
            "SELECT count(*) FILTER (WHERE chat_id = ?1) AS del_chat, count(*) AS de_todos \
             FROM intentos_de_vinculo WHERE fecha >= ?2",
        );
        let row = self.only(statement.bind(chat.0).bind(micros(since))).await?;
        let fields = Fields::of("intentos_de_vinculo", &row);
        Ok(LinkFailures {
            of_chat: fields.get::<i64>("del_chat")?.unsigned_abs(),
            of_office: fields.get::<i64>("de_todos")?.unsigned_abs(),
        })
    }

    async fn prune(&mut self, before: Time) -> Result<u64> {
        let codes = sqlx::query(
            "DELETE FROM codigos_de_vinculo WHERE huella IN \
             (SELECT huella FROM codigos_de_vinculo WHERE vence_en < ? LIMIT 1000)",
        );
        let codes = self.run(codes.bind(micros(before))).await?.rows_affected();
        let failures = sqlx::query(
            "DELETE FROM intentos_de_vinculo WHERE id IN \
             (SELECT id FROM intentos_de_vinculo WHERE fecha < ? LIMIT 1000)",
        );
        Ok(codes + self.run(failures.bind(micros(before))).await?.rows_affected())
    }
}
