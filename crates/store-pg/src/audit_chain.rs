//! The chain over `audit_logs`. A line is committed with its hash, and gets its place right after.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::{ChainHead, Frontier, Hash, KeyStatement, Link, Signed};
use sqlx::postgres::PgRow;
use store::audit_chain::{AuditChainRepo, Chained, Kept, StoredCheckpoint, Strays, signature};
use store::{Error, Result};

use crate::audit::{line, with_columns};
use crate::row::Fields;
use crate::statement::{composed, sql};
use crate::tx::PgTx;

/// Held by the transaction that gives places.
const SEALING: i64 = i64::from_be_bytes(*b"\0gadseal");
/// Held by the transaction that adds a checkpoint or a key.
const SIGNING: i64 = i64::from_be_bytes(*b"\0gadsign");

fn hash(fields: &Fields, name: &'static str) -> Result<Hash> {
    Hash::try_from(fields.get::<Vec<u8>>(name)?).map_err(|error| Error::unreadable("audit_cadena", name, error))
}

fn link(row: &PgRow) -> Result<Link> {
    let fields = Fields::of("audit_cadena", row);
    Ok(Link {
        number: fields.get("numero")?,
        line: fields.get("audit_id")?,
        line_hash: hash(&fields, "huella")?,
        retain_until: fields.get("retencion")?,
        chain: hash(&fields, "cadena")?,
    })
}

fn chained(row: &PgRow) -> Result<Chained> {
    let there: Option<i64> = Fields::of("audit_logs", row).get("id")?;
    let kept = Kept::of(there.map(|_| line(row).map(|(_, line)| line)));
    Ok(Chained { link: link(row)?, kept })
}

fn signed(row: &PgRow) -> Result<Signed> {
    let fields = Fields::of("audit_puntos", row);
    Ok(Signed { text: fields.get("texto")?, signature: signature("audit_puntos", "firma", fields.get("firma")?)? })
}

impl PgTx {
    /// Whether a line waits for its place, or one of an older program may.
    pub async fn has_unsealed(&mut self) -> Result<bool> {
        const SQL: &str = "SELECT EXISTS (SELECT 1 FROM audit_pendientes) \
            OR (SELECT audit_adopta_hasta > now() FROM meta WHERE id = 1) AS hay";
        let row = self.only(sql(SQL)).await?;
        Fields::of("audit_pendientes", &row).get("hay")
    }

    /// Gives places to at most `limit` lines, see [`store::Store::seal`].
    pub async fn seal(&mut self, limit: u32) -> Result<u64> {
        // The lock belongs to the transaction. A process that is stopped while it holds it loses
        // its connection after the time set here, and another goes on.
        const TURN: &str = "SELECT set_config('idle_in_transaction_session_timeout', '3000', true), \
            pg_try_advisory_xact_lock($1) AS mio, (SELECT audit_adopta_hasta > now() FROM meta WHERE id = 1) AS adopta";
        // Lines that a replica of the program of before has written during an upgrade.
        const ADOPT: &str = "INSERT INTO audit_pendientes (id, huella, retencion) \
            SELECT id, NULL, retention_until FROM audit_logs a \
            WHERE id > (SELECT COALESCE(max(audit_id), 0) - 100000 FROM audit_cadena) \
            AND NOT EXISTS (SELECT 1 FROM audit_cadena c WHERE c.audit_id = a.id) \
            AND NOT EXISTS (SELECT 1 FROM audit_pendientes p WHERE p.id = a.id)";
        const NEXT: &str = "SELECT id, huella, retencion FROM audit_pendientes ORDER BY id LIMIT $1";
        const LINK: &str = "WITH fuera AS (DELETE FROM audit_pendientes WHERE id = ANY($2)) \
            INSERT INTO audit_cadena (numero, audit_id, huella, retencion, cadena) \
            SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::timestamptz[], $5::bytea[])";
        let turn = self.only(sql(TURN).bind(SEALING)).await?;
        let turn = Fields::of("meta", &turn);
        if !turn.get("mio")? {
            return Ok(0);
        }
        if turn.get("adopta")? {
            self.change(sql(ADOPT)).await?;
        }
        // Statements of their own: their snapshots are taken with the lock in hand.
        let waiting = self.all(sql(NEXT).bind(i64::from(limit))).await?;
        let mut head = AuditChainRepo::head(self).await?;
        let mut links = Vec::with_capacity(waiting.len());
        for row in &waiting {
            let fields = Fields::of("audit_pendientes", row);
            let id: i64 = fields.get("id")?;
            let line_hash = match fields.get::<Option<Vec<u8>>>("huella")? {
                Some(bytes) => {
                    Hash::try_from(bytes).map_err(|error| Error::unreadable("audit_pendientes", "huella", error))?
                }
                None => self.hash_of(id).await?,
            };
            links.push(head.link(id, line_hash, fields.get("retencion")?));
        }
        if links.is_empty() {
            return Ok(0);
        }
        let statement = sql(LINK)
            .bind(links.iter().map(|link| link.number).collect::<Vec<_>>())
            .bind(links.iter().map(|link| link.line).collect::<Vec<_>>())
            .bind(links.iter().map(|link| link.line_hash.bytes().to_vec()).collect::<Vec<_>>())
            .bind(links.iter().map(|link| link.retain_until).collect::<Vec<DateTime<Utc>>>())
            .bind(links.iter().map(|link| link.chain.bytes().to_vec()).collect::<Vec<_>>());
        self.change(statement).await
    }

    /// The hash of a line that was written without one.
    async fn hash_of(&mut self, id: i64) -> Result<Hash> {
        let row = self.only(composed(with_columns("SELECT id, ", " FROM audit_logs WHERE id = $1")).bind(id)).await?;
        Ok(line(&row)?.1.hash())
    }
}

#[async_trait]
impl AuditChainRepo for PgTx {
    async fn links(&mut self, after: i64, limit: u32) -> Result<Vec<Link>> {
        const SQL: &str = "SELECT * FROM audit_cadena WHERE numero > $1 ORDER BY numero LIMIT $2";
        self.all(sql(SQL).bind(after).bind(i64::from(limit))).await?.iter().map(link).collect()
    }

    async fn chained(&mut self, after: i64, limit: u32) -> Result<Vec<Chained>> {
        let statement = composed(with_columns(
            "SELECT numero, audit_id, huella, retencion, cadena, id, ",
            " FROM audit_cadena LEFT JOIN audit_logs ON id = audit_id WHERE numero > $1 ORDER BY numero LIMIT $2",
        ));
        self.all(statement.bind(after).bind(i64::from(limit))).await?.iter().map(chained).collect()
    }

    async fn link_of(&mut self, line: i64) -> Result<Option<Link>> {
        let row = self.first(sql("SELECT * FROM audit_cadena WHERE audit_id = $1").bind(line)).await?;
        row.as_ref().map(link).transpose()
    }

    async fn head(&mut self) -> Result<ChainHead> {
        let row = self.first(sql("SELECT * FROM audit_cadena ORDER BY numero DESC LIMIT 1")).await?;
        Ok(row.as_ref().map(link).transpose()?.as_ref().map_or(ChainHead::START, ChainHead::from))
    }

    async fn waiting(&mut self) -> Result<u64> {
        let row = self.only(sql("SELECT count(*) AS cuantas FROM audit_pendientes")).await?;
        Ok(Fields::of("audit_pendientes", &row).get::<i64>("cuantas")?.unsigned_abs())
    }

    async fn strays(&mut self, after: i64, limit: u32) -> Result<Strays> {
        const SQL: &str = "SELECT a.id, a.event_id, c.audit_id IS NULL AND p.id IS NULL AS suelta \
            FROM (SELECT id, event_id FROM audit_logs WHERE id > $1 ORDER BY id LIMIT $2) a \
            LEFT JOIN audit_cadena c ON c.audit_id = a.id LEFT JOIN audit_pendientes p ON p.id = a.id ORDER BY a.id";
        let mut strays = Strays::default();
        for row in self.all(sql(SQL).bind(after).bind(i64::from(limit))).await? {
            let fields = Fields::of("audit_logs", &row);
            let id = fields.get("id")?;
            strays.last = Some(id);
            if fields.get("suelta")? {
                strays.found.push((id, fields.get("event_id")?));
            }
        }
        Ok(strays)
    }

    async fn take_turn(&mut self) -> Result<()> {
        const TURN: &str = "SELECT set_config('idle_in_transaction_session_timeout', '3000', true), \
            pg_advisory_xact_lock($1)::text";
        self.only(sql(TURN).bind(SIGNING)).await?;
        Ok(())
    }

    async fn last_checkpoint(&mut self) -> Result<Option<StoredCheckpoint>> {
        let row = self.first(sql("SELECT * FROM audit_puntos ORDER BY numero DESC LIMIT 1")).await?;
        let Some(row) = row else { return Ok(None) };
        let fields = Fields::of("audit_puntos", &row);
        let (lines, peaks): (i64, Vec<u8>) = (fields.get("lineas")?, fields.get("frente")?);
        let tree = Frontier::of(lines.unsigned_abs(), &peaks)
            .map_err(|error| Error::unreadable("audit_puntos", "frente", error))?;
        Ok(Some(StoredCheckpoint { number: fields.get("numero")?, signed: signed(&row)?, tree }))
    }

    async fn checkpoints(&mut self, after: i64, limit: u32) -> Result<Vec<Signed>> {
        const SQL: &str = "SELECT * FROM audit_puntos WHERE numero > $1 ORDER BY numero LIMIT $2";
        self.all(sql(SQL).bind(after).bind(i64::from(limit))).await?.iter().map(signed).collect()
    }

    async fn push_checkpoint(&mut self, checkpoint: &StoredCheckpoint, lines: i64) -> Result<()> {
        const SQL: &str = "INSERT INTO audit_puntos (numero, lineas, texto, firma, frente) VALUES ($1, $2, $3, $4, $5)";
        let statement = sql(SQL)
            .bind(checkpoint.number)
            .bind(lines)
            .bind(checkpoint.signed.text.clone())
            .bind(checkpoint.signed.signature.to_vec())
            .bind(checkpoint.tree.bytes());
        self.change(statement).await?;
        Ok(())
    }

    async fn keys(&mut self) -> Result<Vec<KeyStatement>> {
        let key = |row: &PgRow| {
            let fields = Fields::of("audit_claves", row);
            let previous: Option<Vec<u8>> = fields.get("firma_anterior")?;
            let previous = previous.map(|bytes| signature("audit_claves", "firma_anterior", bytes));
            Ok(KeyStatement {
                text: fields.get("texto")?,
                signature: signature("audit_claves", "firma", fields.get("firma")?)?,
                previous_signature: previous.transpose()?,
            })
        };
        self.all(sql("SELECT * FROM audit_claves ORDER BY numero")).await?.iter().map(key).collect()
    }

    async fn push_key(&mut self, number: i64, key: &KeyStatement) -> Result<()> {
        const SQL: &str = "INSERT INTO audit_claves (numero, texto, firma, firma_anterior) VALUES ($1, $2, $3, $4)";
        let statement = sql(SQL)
            .bind(number)
            .bind(key.text.clone())
            .bind(key.signature.to_vec())
            .bind(key.previous_signature.map(|signature| signature.to_vec()));
        self.change(statement).await?;
        Ok(())
    }
}
