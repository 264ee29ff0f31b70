//! An export: a header, the keys, the checkpoints, and every line with its link, each a line of
//! JSON. docs/audit.md tells the form to those who write a verifier of their own.

use std::io::Write;

use anyhow::{Context as _, Result};
use app::Context;
use domain::Time;
use domain::audit::{Hash, KeyStatement, Link, Signed, columns, instant};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::audit_chain::{Chained, Kept};

/// What the header says that this is.
const FORMAT: &str = "gad-audit-export-v1";
/// Lines read at once.
const PART: u32 = 1000;

/// One line of an export.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "tipo", rename_all = "snake_case")]
pub enum Item {
    /// What this is.
    #[serde(rename = "exportacion")]
    Header {
        /// [`FORMAT`].
        formato: String,
        /// When it was made.
        creada_en: Time,
        /// Lines in it.
        lineas: i64,
    },
    /// A key.
    #[serde(rename = "clave")]
    Key {
        /// What is signed.
        texto: String,
        /// By the key itself, hexadecimal.
        firma: String,
        /// By the key before.
        firma_anterior: Option<String>,
    },
    /// A checkpoint.
    #[serde(rename = "punto")]
    Checkpoint {
        /// What is signed.
        texto: String,
        /// Hexadecimal.
        firma: String,
    },
    /// A line and its link.
    #[serde(rename = "linea")]
    Line {
        /// Place in the chain.
        numero: i64,
        /// Number of the row.
        id: i64,
        /// Hash of the line.
        huella: Hash,
        /// Until when it must be there.
        retencion: String,
        /// The chain's hash with it.
        cadena: Hash,
        /// Its columns; `null` when it was removed.
        linea: Option<Value>,
    },
}

fn signature(text: &str) -> Result<[u8; 64]> {
    let mut bytes = [0; 64];
    hex::decode_to_slice(text, &mut bytes).context("a signature must be 128 hexadecimal digits")?;
    Ok(bytes)
}

impl Item {
    /// Of a key.
    pub fn key(key: &KeyStatement) -> Self {
        Self::Key {
            texto: key.text.clone(),
            firma: hex::encode(key.signature),
            firma_anterior: key.previous_signature.map(hex::encode),
        }
    }

    /// Of a checkpoint.
    pub fn checkpoint(signed: &Signed) -> Self {
        Self::Checkpoint { texto: signed.text.clone(), firma: hex::encode(signed.signature) }
    }

    fn line(chained: &Chained) -> Self {
        let link = &chained.link;
        let linea = match &chained.kept {
            Kept::Line(line) => Some(Value::Object(columns(line))),
            // What is not a line cannot be told as one; the hash tells that something else stood here.
            Kept::Unreadable(what) => Some(Value::String(what.clone())),
            Kept::Nothing => None,
        };
        Self::Line {
            numero: link.number,
            id: link.line,
            huella: link.line_hash,
            retencion: instant(link.retain_until),
            cadena: link.chain,
            linea,
        }
    }

    /// The key, if it is one.
    pub fn to_key(&self) -> Option<Result<KeyStatement>> {
        let Self::Key { texto, firma, firma_anterior } = self else { return None };
        let key = || {
            Ok(KeyStatement {
                text: texto.clone(),
                signature: signature(firma)?,
                previous_signature: firma_anterior.as_deref().map(signature).transpose()?,
            })
        };
        Some(key())
    }

    /// The checkpoint, if it is one.
    pub fn to_checkpoint(&self) -> Option<Result<Signed>> {
        let Self::Checkpoint { texto, firma } = self else { return None };
        Some(signature(firma).map(|signature| Signed { text: texto.clone(), signature }))
    }

    /// The link, if it is a line.
    pub fn to_link(&self) -> Option<Result<Link>> {
        let Self::Line { numero, id, huella, retencion, cadena, .. } = self else { return None };
        let retain_until = retencion.parse().context("retencion must be an instant");
        Some(retain_until.map(|retain_until| Link {
            number: *numero,
            line: *id,
            line_hash: *huella,
            retain_until,
            chain: *cadena,
        }))
    }
}

fn put(to: &mut dyn Write, item: &Item) -> Result<()> {
    serde_json::to_writer(&mut *to, item)?;
    to.write_all(b"\n")?;
    Ok(())
}

/// Writes the whole audit as it stands; `progress` hears of the lines. Gives how many there were.
pub async fn write(cx: &Context, to: &mut (dyn Write + Send), progress: impl Fn(i64)) -> Result<i64> {
    // Read before the lines, so that each checkpoint has all of its lines.
    let keys = cx.store.read().await?.audit_chain().keys().await?;
    let checkpoints = app::audit::all_checkpoints(cx).await?;
    let lines = cx.store.read().await?.audit_chain().head().await?.number;
    put(to, &Item::Header { formato: FORMAT.to_owned(), creada_en: cx.clock.now(), lineas: lines })?;
    for key in &keys {
        put(to, &Item::key(key))?;
    }
    for checkpoint in &checkpoints {
        put(to, &Item::checkpoint(checkpoint))?;
    }
    let mut after = 0;
    while after < lines {
        let part = cx.store.read().await?.audit_chain().chained(after, PART).await?;
        let Some(last) = part.last() else { break };
        after = last.link.number;
        for chained in part.iter().filter(|chained| chained.link.number <= lines) {
            put(to, &Item::line(chained))?;
        }
        progress(after.min(lines));
    }
    to.flush()?;
    Ok(lines)
}
