//! Rows that violate invariants.

use async_trait::async_trait;
use store::Result;
use store::invariant::{INVARIANTS, InvariantRepo, Violation};

use crate::row::Fields;
use crate::tx::SqliteTx;

#[async_trait]
impl InvariantRepo for SqliteTx {
    async fn violations(&mut self) -> Result<Vec<Violation>> {
        let mut found = Vec::new();
        for invariant in INVARIANTS {
            for row in self.rows(sqlx::query(invariant.query)).await? {
                let id = Fields::of(invariant.table, &row).get("id")?;
                found.push(Violation { invariant: invariant.name, table: invariant.table, id });
            }
        }
        Ok(found)
    }
}
