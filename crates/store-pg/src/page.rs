//! Parts of lists ordered by number.

use sqlx::{Postgres, QueryBuilder};
use store::Page;

/// Closes a query that has a WHERE with the page's condition, order and bounds; `id` is the column.
pub(crate) fn push_page(query: &mut QueryBuilder<Postgres>, id: &'static str, page: Page) {
    let (beyond, order) = if page.descending { (" < ", " DESC") } else { (" > ", "") };
    if let Some(after) = page.after {
        query.push(" AND ").push(id).push(beyond).push_bind(after.0);
    }
    query.push(" ORDER BY ").push(id).push(order).push(" LIMIT ").push_bind(i64::from(page.limit));
    if page.skip > 0 {
        query.push(" OFFSET ").push_bind(i64::from(page.skip));
    }
}
