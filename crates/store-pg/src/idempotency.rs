//! Answers to requests that may be repeated.

use async_trait::async_trait;
use domain::{Time, UserId};
use serde_json::Value;
use store::Result;
use store::idempotency::{Claim, IdempotencyRepo};

use crate::row::Fields;
use crate::statement::sql;
use crate::tx::PgTx;

#[async_trait]
impl IdempotencyRepo for PgTx {
    async fn claim(
        &mut self,
        user: UserId,
        key: &str,
        request_hash: &[u8; 32],
        at: Time,
        expired: Time,
    ) -> Result<Claim> {
        // The insertion waits for another one of the same key that has not been committed. A key
        // without an answer was claimed by a request that came to nothing.
        const CLAIM: &str = "INSERT INTO claves_idempotencia AS c (usuario_id, clave, huella_pedido, creada_en) \
            VALUES ($1, $2, $3, $4) ON CONFLICT (usuario_id, clave) DO UPDATE \
            SET huella_pedido = excluded.huella_pedido, respuesta = NULL, creada_en = excluded.creada_en \
            WHERE c.creada_en < $5 OR c.respuesta IS NULL";
        const SEEN: &str = "SELECT huella_pedido, respuesta FROM claves_idempotencia \
            WHERE usuario_id = $1 AND clave = $2";
        let claim = sql(CLAIM).bind(user.0).bind(key).bind(*request_hash).bind(at).bind(expired);
        if self.change(claim).await? > 0 {
            return Ok(Claim::New);
        }
        let row = self.only(sql(SEEN).bind(user.0).bind(key)).await?;
        let fields = Fields::of("claves_idempotencia", &row);
        Ok(Claim::Seen { request_hash: fields.get("huella_pedido")?, answer: fields.get("respuesta").ok() })
    }

    async fn keep(&mut self, user: UserId, key: &str, answer: &Value) -> Result<()> {
        const SQL: &str = "UPDATE claves_idempotencia SET respuesta = $3 WHERE usuario_id = $1 AND clave = $2";
        self.change(sql(SQL).bind(user.0).bind(key).bind(answer)).await?;
        Ok(())
    }

    async fn prune(&mut self, before: Time) -> Result<u64> {
        const SQL: &str = "DELETE FROM claves_idempotencia WHERE (usuario_id, clave) IN \
            (SELECT usuario_id, clave FROM claves_idempotencia WHERE creada_en < $1 LIMIT 1000 FOR UPDATE SKIP LOCKED)";
        self.change(sql(SQL).bind(before)).await
    }
}
