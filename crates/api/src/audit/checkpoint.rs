//! `GET /audit/checkpoints`.

use app::Context;
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::audit::Signed;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Result;
use crate::extract::{Authenticated, Json, NextPage, Paging, Query, next_page};
use crate::problem::Problem;

/// How far the audit's chain had come, signed.
#[derive(Serialize, ToSchema)]
pub struct CheckpointOut {
    /// Number; the last one of a page is the cursor of the next.
    numero: i64,
    /// Lines under it: all from the first to this one.
    lineas: i64,
    /// Root of the Merkle tree over them, hexadecimal.
    raiz: String,
    /// Which key signed.
    clave: String,
    /// When.
    creado_en: DateTime<Utc>,
    /// What was signed, byte for byte.
    texto: String,
    /// Ed25519 over `texto`, hexadecimal.
    firma: String,
}

impl CheckpointOut {
    /// None of what is no checkpoint, which the verification tells of.
    pub(super) fn of(signed: &Signed) -> Option<Self> {
        let checkpoint = signed.checkpoint()?;
        Some(Self {
            numero: checkpoint.number,
            lineas: checkpoint.lines,
            raiz: checkpoint.root.to_string(),
            clave: checkpoint.key.0,
            creado_en: checkpoint.at,
            texto: signed.text.clone(),
            firma: hex::encode(signed.signature),
        })
    }
}

/// Checkpoints of the audit, oldest first, for level 3. Keep some elsewhere: `gad audit verify
/// --checkpoint` holds the record against them.
#[utoipa::path(get, path = "/api/v1/audit/checkpoints", tag = "audit",
    operation_id = "audit_checkpoint_list", security(("bearer" = [])), params(Paging),
    responses((status = 200, body = Vec<CheckpointOut>,
        headers(("X-Next-Cursor" = i64, description = "The `cursor` of the next page, if there may be one."))), (status = "4XX", body = Problem)))]
pub async fn list(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Query(paging): Query<Paging>,
) -> Result<(NextPage, Json<Vec<CheckpointOut>>)> {
    let page = paging.page();
    // Numbers have no gap, so rows to leave out are numbers to leave out.
    let after = page.after.map_or(0, |cursor| cursor.0).saturating_add(i64::from(page.skip));
    let found = app::audit::checkpoints(&cx, &actor, after, page.limit).await?;
    let checkpoints: Vec<CheckpointOut> = found.iter().filter_map(CheckpointOut::of).collect();
    let is_full = found.len() >= page.limit as usize;
    // A page of which nothing can be read is passed by its length.
    let unread = || i64::try_from(found.len()).map_or(after, |rows| after.saturating_add(rows));
    let last = checkpoints.last().map_or_else(unread, |checkpoint| checkpoint.numero);
    Ok((next_page(is_full, Some(last)), Json(checkpoints)))
}
