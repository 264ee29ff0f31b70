//! Parts of long lists.

/// Where a keyset page begins: after the row of this number, in the order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor(pub i64);

/// Part of a list ordered by number. `after` and `skip` may be combined; clients use one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Rows to leave out at the beginning.
    pub skip: u32,
    /// Most rows to give.
    pub limit: u32,
    /// Begin after this row (before it in a descending list).
    pub after: Option<Cursor>,
    /// Highest number first.
    pub descending: bool,
}

impl Page {
    /// The first `limit` rows.
    pub const fn first(limit: u32) -> Self {
        Self { skip: 0, limit, after: None, descending: false }
    }
}
