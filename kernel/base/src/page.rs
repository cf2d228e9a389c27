//! Keyset paging: a cursor is the sort key of the last row, never an offset.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// What a list is asked for.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct PageArgs {
    /// Where the page before ended; absent for the first page.
    pub cursor: Option<String>,
    /// Rows wanted, 1–200; 20 if absent.
    pub limit: Option<u32>,
}

impl PageArgs {
    /// Rows wanted, held to 1–200.
    pub fn limit(&self) -> i64 {
        i64::from(self.limit.unwrap_or(20).clamp(1, 200))
    }
    /// The decoded cursor, if there is one.
    pub fn after(&self) -> Result<Option<Cursor>> {
        self.cursor
            .as_deref()
            .filter(|c| !c.is_empty())
            .map(Cursor::decode)
            .transpose()
    }
}

/// One page of a list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Cursor of the next page; null at the end.
    pub next: Option<String>,
    /// How many there are in all, where it is cheap to know.
    pub total: Option<i64>,
}

impl<T> Page<T> {
    /// Makes a page from `limit + 1` rows: the extra one only proves that there is more.
    pub fn from_rows(mut rows: Vec<T>, limit: i64, key: impl Fn(&T) -> Cursor) -> Self {
        let n = usize::try_from(limit).unwrap_or(20);
        let more = rows.len() > n;
        rows.truncate(n);
        let next = if more {
            rows.last().map(|r| key(r).encode())
        } else {
            None
        };
        Self {
            items: rows,
            next,
            total: None,
        }
    }
    /// The same page with its rows turned into something else.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            next: self.next,
            total: self.total,
        }
    }
}

/// The sort key of a row: a number and the id, or a text and the id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Sort value; numbers as decimal text.
    pub key: String,
    /// The row's id, which breaks ties.
    pub id: i64,
}

impl Cursor {
    /// A cursor over a numeric key.
    pub fn number(key: i64, id: i64) -> Self {
        Self {
            key: key.to_string(),
            id,
        }
    }
    /// A cursor over a text key.
    pub fn text(key: impl Into<String>, id: i64) -> Self {
        Self {
            key: key.into(),
            id,
        }
    }
    /// The numeric key.
    pub fn as_number(&self) -> Result<i64> {
        self.key
            .parse()
            .map_err(|_| Error::field("cursor", "翻页标记无效，请从第一页重新打开"))
    }
    /// Opaque text for the wire.
    pub fn encode(&self) -> String {
        format!("{}~{}", self.id, hex::encode(self.key.as_bytes()))
    }
    /// Back from the wire.
    pub fn decode(s: &str) -> Result<Self> {
        let bad = || Error::field("cursor", "翻页标记无效，请从第一页重新打开");
        let (id, key) = s.split_once('~').ok_or_else(bad)?;
        let key = String::from_utf8(hex::decode(key).map_err(|_| bad())?).map_err(|_| bad())?;
        Ok(Self {
            key,
            id: id.parse().map_err(|_| bad())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        let c = Cursor::text("政发〔2026〕1号", 7);
        assert_eq!(Cursor::decode(&c.encode()).unwrap(), c);
        assert!(Cursor::decode("' or 1=1").is_err());
    }

    #[test]
    fn the_extra_row_only_proves_there_is_more() {
        let p = Page::from_rows(vec![1, 2, 3], 2, |r| Cursor::number(*r, *r));
        assert_eq!(p.items, vec![1, 2]);
        assert!(p.next.is_some());
        assert!(
            Page::from_rows(vec![1, 2], 2, |r| Cursor::number(*r, *r))
                .next
                .is_none()
        );
    }
}
