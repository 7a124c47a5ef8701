//! Lists page by key: `?after=<last key>&limit=<n>` answers `{items, next}`.

use serde::{Deserialize, Serialize};

/// The most items that one page holds.
pub const MOST: i64 = 200;
/// How many items a page holds when nobody asks.
pub const USUAL: i64 = 50;

/// Which page somebody wants.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct PageRequest {
    /// The key of the last item of the page before; absent for the first page.
    #[serde(default)]
    pub after: Option<String>,
    /// How many items, 1 to 200; 50 unless said.
    #[serde(default)]
    pub limit: Option<i64>,
}

impl PageRequest {
    /// The number of items to answer with, within bounds.
    pub fn limit(&self) -> i64 {
        self.limit.unwrap_or(USUAL).clamp(1, MOST)
    }

    /// The key to start after; empty sorts before every key.
    pub fn after(&self) -> &str {
        self.after.as_deref().unwrap_or("")
    }
}

/// One page of a list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Page<T> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// What to give as `after` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Makes a page of rows fetched with `limit + 1`, so that the surplus row tells whether more follow.
    pub fn of(mut rows: Vec<T>, limit: i64, key: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(0);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(key) } else { None };
        Self { items: rows, next }
    }

    /// The same page with each item turned into something else.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}
