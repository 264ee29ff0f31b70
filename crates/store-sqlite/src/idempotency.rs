//! Answers to requests that may be repeated.

use async_trait::async_trait;
use domain::{Time, UserId};
use serde_json::Value;
use store::Result;
use store::idempotency::{Claim, IdempotencyRepo};

use crate::row::{Fields, json, micros};
use crate::tx::SqliteTx;

#[async_trait]
impl IdempotencyRepo for SqliteTx {
    async fn claim(
        &mut self,
        user: UserId,
        key: &str,
        request_hash: &[u8; 32],
        at: Time,
        expired: Time,
    ) -> Result<Claim> {
        let seen = sqlx::query(
            "SELECT huella_pedido, respuesta FROM claves_idempotencia \
             WHERE usuario_id = ? AND clave = ? AND creada_en >= ? AND respuesta IS NOT NULL",
        );
        if let Some(row) = self.first(seen.bind(user.0).bind(key).bind(micros(expired))).await? {
            let fields = Fields::of("claves_idempotencia", &row);
            return Ok(Claim::Seen {
                request_hash: fields.checked::<&[u8], _>("huella_pedido")?,
                answer: fields.json("respuesta").ok(),
            });
        }
        // A row without an answer is of a transaction that claimed it and kept nothing.
        let claim = sqlx::query(
            "INSERT OR REPLACE INTO claves_idempotencia (usuario_id, clave, huella_pedido, creada_en) \
             VALUES (?, ?, ?, ?)",
        );
        self.run(claim.bind(user.0).bind(key).bind(request_hash.as_slice()).bind(micros(at))).await?;
        Ok(Claim::New)
    }

    async fn keep(&mut self, user: UserId, key: &str, answer: &Value) -> Result<()> {
        let sql = "UPDATE claves_idempotencia SET respuesta = ? WHERE usuario_id = ? AND clave = ?";
        self.run(sqlx::query(sql).bind(json(answer)?).bind(user.0).bind(key)).await?;
        Ok(())
    }

    async fn prune(&mut self, before: Time) -> Result<u64> {
        let statement = sqlx::query(
            "DELETE FROM claves_idempotencia WHERE (usuario_id, clave) IN \
             (SELECT usuario_id, clave FROM claves_idempotencia WHERE creada_en < ? LIMIT 1000)",
        );
        Ok(self.run(statement.bind(micros(before))).await?.rows_affected())
    }
}
