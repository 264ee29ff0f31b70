//! The small shapes, B and D: users are names with a Telegram account, officers have the DNI, and
//! nothing has a uuid or says when it was made.

pub mod officers;
pub mod tasks;
pub mod users;

use domain::Time;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::row::{Problem, Row};

/// A uuid that is the same in every run, so that a second one knows its rows again.
fn uuid_of(table: &str, id: i64) -> Uuid {
    let digest = Sha256::digest(format!("grupo_gad/gad/{table}/{id}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// When a row was made, where its table says so, as none of the known ones does; else `otherwise`.
fn made(row: &Row, otherwise: Time) -> Result<Time, Problem> {
    Ok(row.maybe_time("created_at")?.unwrap_or(otherwise))
}
