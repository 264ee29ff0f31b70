//! The chain over `audit_logs`: each line gets its place in its own transaction.

use async_trait::async_trait;
use domain::AuditLine;
use domain::audit::{ChainHead, Frontier, Hash, KeyStatement, Link, Signed};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;
use store::audit_chain::{AuditChainRepo, Chained, Kept, StoredCheckpoint, Strays, signature};
use store::{Error, Result};

use crate::audit::line;
use crate::error::from_sqlx;
use crate::row::{Fields, micros};
use crate::tx::{SqliteTx, Statement};

const LAST: &str = "SELECT numero, cadena FROM audit_cadena ORDER BY numero DESC LIMIT 1";

fn add(link: &Link) -> Statement<'static> {
    sqlx::query("INSERT INTO audit_cadena (numero, audit_id, huella, retencion, cadena) VALUES (?, ?, ?, ?, ?)")
        .bind(link.number)
        .bind(link.line)
        .bind(link.line_hash.bytes().to_vec())
        .bind(micros(link.retain_until))
        .bind(link.chain.bytes().to_vec())
}

fn head(row: Option<&SqliteRow>) -> Result<ChainHead> {
    let Some(row) = row else { return Ok(ChainHead::START) };
    let fields = Fields::of("audit_cadena", row);
    Ok(ChainHead { number: fields.get("numero")?, chain: fields.checked::<Vec<u8>, Hash>("cadena")? })
}

fn link(row: &SqliteRow) -> Result<Link> {
    let fields = Fields::of("audit_cadena", row);
    Ok(Link {
        number: fields.get("numero")?,
        line: fields.get("audit_id")?,
        line_hash: fields.checked::<Vec<u8>, Hash>("huella")?,
        retain_until: fields.time("retencion")?,
        chain: fields.checked::<Vec<u8>, Hash>("cadena")?,
    })
}

fn chained(row: &SqliteRow) -> Result<Chained> {
    let there: Option<i64> = Fields::of("audit_logs", row).get("id")?;
    let kept = Kept::of(there.map(|_| line(row).map(|(_, line)| line)));
    Ok(Chained { link: link(row)?, kept })
}

fn signed(row: &SqliteRow) -> Result<Signed> {
    let fields = Fields::of("audit_puntos", row);
    Ok(Signed { text: fields.get("texto")?, signature: signature("audit_puntos", "firma", fields.get("firma")?)? })
}

/// Gives every line of before the chain its place, in the order of their numbers.
pub(crate) async fn link_all(connection: &mut SqliteConnection) -> Result<()> {
    const PART: i64 = 1000;
    let last = sqlx::query(LAST).fetch_optional(&mut *connection).await.map_err(from_sqlx)?;
    let (mut head, mut after) = (head(last.as_ref())?, 0);
    loop {
        let part = sqlx::query(
            "SELECT * FROM audit_logs a WHERE id > ? \
             AND NOT EXISTS (SELECT 1 FROM audit_cadena WHERE audit_id = a.id) ORDER BY id LIMIT ?",
        );
        let part = part.bind(after).bind(PART).fetch_all(&mut *connection).await.map_err(from_sqlx)?;
        for row in &part {
            let (id, line) = line(row)?;
            let link = head.link(id, line.hash(), line.retain_until);
            add(&link).execute(&mut *connection).await.map_err(from_sqlx)?;
            after = id;
        }
        if part.is_empty() {
            return Ok(());
        }
    }
}

impl SqliteTx {
    /// Gives a line that was just added its place.
    pub(crate) async fn link(&mut self, id: i64, line: &AuditLine) -> Result<()> {
        let mut end = match self.chain_head {
            Some(head) => head,
            None => head(self.first(sqlx::query(LAST)).await?.as_ref())?,
        };
        let link = end.link(id, line.hash(), line.retain_until);
        self.run(add(&link)).await?;
        // Nobody else can write until this transaction ends.
        self.chain_head = Some(end);
        Ok(())
    }
}

#[async_trait]
impl AuditChainRepo for SqliteTx {
    async fn links(&mut self, after: i64, limit: u32) -> Result<Vec<Link>> {
        let statement = sqlx::query("SELECT * FROM audit_cadena WHERE numero > ? ORDER BY numero LIMIT ?");
        self.rows(statement.bind(after).bind(limit)).await?.iter().map(link).collect()
    }

    async fn chained(&mut self, after: i64, limit: u32) -> Result<Vec<Chained>> {
        let statement = sqlx::query(
            "SELECT c.*, a.* FROM audit_cadena c LEFT JOIN audit_logs a ON a.id = c.audit_id \
             WHERE c.numero > ? ORDER BY c.numero LIMIT ?",
        );
        self.rows(statement.bind(after).bind(limit)).await?.iter().map(chained).collect()
    }

    async fn link_of(&mut self, line: i64) -> Result<Option<Link>> {
        let statement = sqlx::query("SELECT * FROM audit_cadena WHERE audit_id = ?").bind(line);
        self.first(statement).await?.as_ref().map(link).transpose()
    }

    async fn head(&mut self) -> Result<ChainHead> {
        head(self.first(sqlx::query(LAST)).await?.as_ref())
    }

    async fn waiting(&mut self) -> Result<u64> {
        // A line is committed with its place.
        Ok(0)
    }

    async fn strays(&mut self, after: i64, limit: u32) -> Result<Strays> {
        let statement = sqlx::query(
            "SELECT a.id, a.event_id, c.audit_id IS NULL AS suelta \
             FROM (SELECT id, event_id FROM audit_logs WHERE id > ? ORDER BY id LIMIT ?) a \
             LEFT JOIN audit_cadena c ON c.audit_id = a.id ORDER BY a.id",
        );
        let mut strays = Strays::default();
        for row in self.rows(statement.bind(after).bind(limit)).await? {
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
        // Whoever writes has it.
        Ok(())
    }

    async fn last_checkpoint(&mut self) -> Result<Option<StoredCheckpoint>> {
        let statement = sqlx::query("SELECT * FROM audit_puntos ORDER BY numero DESC LIMIT 1");
        let Some(row) = self.first(statement).await? else { return Ok(None) };
        let fields = Fields::of("audit_puntos", &row);
        let lines: i64 = fields.get("lineas")?;
        let tree = Frontier::of(lines.unsigned_abs(), fields.get("frente")?)
            .map_err(|error| Error::unreadable("audit_puntos", "frente", error))?;
        Ok(Some(StoredCheckpoint { number: fields.get("numero")?, signed: signed(&row)?, tree }))
    }

    async fn checkpoints(&mut self, after: i64, limit: u32) -> Result<Vec<Signed>> {
        let statement = sqlx::query("SELECT * FROM audit_puntos WHERE numero > ? ORDER BY numero LIMIT ?");
        self.rows(statement.bind(after).bind(limit)).await?.iter().map(signed).collect()
    }

    async fn push_checkpoint(&mut self, checkpoint: &StoredCheckpoint, lines: i64) -> Result<()> {
        let statement =
            sqlx::query("INSERT INTO audit_puntos (numero, lineas, texto, firma, frente) VALUES (?, ?, ?, ?, ?)")
                .bind(checkpoint.number)
                .bind(lines)
                .bind(checkpoint.signed.text.as_str())
                .bind(checkpoint.signed.signature.to_vec())
                .bind(checkpoint.tree.bytes());
        self.run(statement).await?;
        Ok(())
    }

    async fn keys(&mut self) -> Result<Vec<KeyStatement>> {
        let rows = self.rows(sqlx::query("SELECT * FROM audit_claves ORDER BY numero")).await?;
        let key = |row: &SqliteRow| {
            let fields = Fields::of("audit_claves", row);
            let previous: Option<Vec<u8>> = fields.get("firma_anterior")?;
            let previous = previous.map(|bytes| signature("audit_claves", "firma_anterior", bytes));
            Ok(KeyStatement {
                text: fields.get("texto")?,
                signature: signature("audit_claves", "firma", fields.get("firma")?)?,
                previous_signature: previous.transpose()?,
            })
        };
        rows.iter().map(key).collect()
    }

    async fn push_key(&mut self, number: i64, key: &KeyStatement) -> Result<()> {
        let statement =
            sqlx::query("INSERT INTO audit_claves (numero, texto, firma, firma_anterior) VALUES (?, ?, ?, ?)")
                .bind(number)
                .bind(key.text.as_str())
                .bind(key.signature.to_vec())
                .bind(key.previous_signature.map(|signature| signature.to_vec()));
        self.run(statement).await?;
        Ok(())
    }
}
