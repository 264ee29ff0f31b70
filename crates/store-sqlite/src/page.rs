//! Parts of lists and sets of values in SQL. Every value is bound.

use domain::OfficerId;
use sqlx::{QueryBuilder, Sqlite};
use store::{Page, Result};

use crate::row::json;

/// Ends a query that has a WHERE clause with the order and bounds of a page over `key`.
pub(crate) fn push_page(query: &mut QueryBuilder<Sqlite>, key: &'static str, page: Page) {
    if let Some(after) = page.after {
        query.push(format_args!(" AND {key} {} ", if page.descending { "<" } else { ">" })).push_bind(after.0);
    }
    query.push(format_args!(" ORDER BY {key}{} LIMIT ", if page.descending { " DESC" } else { "" }));
    query.push_bind(page.limit).push(" OFFSET ").push_bind(page.skip);
}

/// Narrows a query to rows whose `field` is one of `values`, unless there are none.
///
/// The values go as one JSON array, so that one text serves any number of them and stays prepared.
pub(crate) fn push_any<T>(
    query: &mut QueryBuilder<Sqlite>,
    field: &'static str,
    values: &[T],
    write: impl Fn(&T) -> serde_json::Value,
) {
    if !values.is_empty() {
        let list = serde_json::Value::Array(values.iter().map(write).collect());
        query.push(format_args!(" AND {field} IN (SELECT value FROM json_each("));
        query.push_bind(list.to_string()).push("))");
    }
}

/// Numbers as a JSON array, for `json_each`.
pub(crate) fn numbers(ids: &[OfficerId]) -> Result<String> {
    json(&ids)
}
