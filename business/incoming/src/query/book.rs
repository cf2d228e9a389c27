//! What register book and ledger have in common: whose book, which period.

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::time::Date;
use zs_base::{Error, Id, PageArgs, Result};
use zs_ctx::{Ctx, Reach};
use zs_db::Tx;

use super::filter::day;
use crate::model::DOC_CLASSES;
use crate::perm;

/// Which part of a book.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct BookArgs {
    /// Year of the serial number.
    pub year: Option<i64>,
    /// `red_head` or `plain` (register book only).
    pub doc_class: Option<String>,
    /// First date.
    pub from: Option<String>,
    /// Last date.
    pub to: Option<String>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows wanted, 1–200.
    pub limit: Option<u32>,
}

/// The part that was asked for, checked, of the reader's own unit.
#[derive(Clone, Debug)]
pub(crate) struct Period {
    pub unit: Id,
    pub year: Option<i64>,
    pub doc_class: Option<String>,
    pub from: Option<Date>,
    pub to: Option<Date>,
}

impl Period {
    /// Only whoever keeps the books of a whole unit reads them: registry, secretary, office head, document administrator.
    pub fn of(ctx: &Ctx, a: &BookArgs) -> Result<Self> {
        let actor = ctx.actor()?;
        match actor.require(perm::LEDGER)?.reach() {
            Reach::Unit | Reach::UnitTree | Reach::All => {}
            Reach::Own | Reach::Division => {
                return Err(zs_base::FORBIDDEN.with(&[&perm::LEDGER.title]));
            }
        }
        if let Some(c) = a.doc_class.as_deref()
            && !DOC_CLASSES.iter().any(|(k, _)| *k == c)
        {
            return Err(Error::field(
                "doc_class",
                "文件类别只能是 red_head（红头）或 plain（白头）",
            ));
        }
        Ok(Self {
            unit: actor.unit,
            year: a.year,
            doc_class: a.doc_class.clone(),
            from: day("from", a.from.as_ref())?,
            to: day("to", a.to.as_ref())?,
        })
    }
    /// 起止时间 as printed: 2026年3月1日至2026年3月31日, 2026年.
    pub fn text(&self) -> Option<String> {
        match (self.from, self.to, self.year) {
            (Some(f), Some(t), _) => Some(format!("{}至{}", f.chinese(), t.chinese())),
            (Some(f), None, _) => Some(format!("{}起", f.chinese())),
            (None, Some(t), _) => Some(format!("至{}", t.chinese())),
            (None, None, Some(y)) => Some(format!("{y}年")),
            (None, None, None) => None,
        }
    }
    /// For file names: -2026, or nothing.
    pub fn suffix(&self) -> String {
        self.year.map(|y| format!("-{y}")).unwrap_or_default()
    }
}

impl BookArgs {
    pub(crate) fn page(&self) -> PageArgs {
        PageArgs {
            cursor: self.cursor.clone(),
            limit: self.limit,
        }
    }
}

/// The full name of a unit.
pub(crate) fn unit_name(tx: &mut Tx<'_>, unit: Id) -> Result<String> {
    let found = zs_org::api::nodes(tx, &[unit])?;
    Ok(found.into_iter().next().map(|n| n.name).unwrap_or_default())
}
