//! Ledger 来文处理流程台帐 on screen and as a spreadsheet: the 29 columns of seed S2 from the projection of the event log.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zs_base::time::{DAY_MS, Date};
use zs_base::{Cursor, Error, Id, Result};
use zs_ctx::Ctx;
use zs_db::{Query, Row, Tx, vals};
use zs_web::Download;

use super::book::{BookArgs, Period};
use super::code::EXPORT_TOO_LARGE;
use super::export::blocking;
use super::sheet::{self, Cell, EXPORT_ROWS};
use crate::columns::COLUMNS;

/// A column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Column {
    /// Key.
    pub key: String,
    /// Chinese title.
    pub title: String,
}

/// One document in the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LedgerItem {
    /// Document.
    pub id: Id,
    /// Serial number.
    pub serial_no: Option<String>,
    /// Title.
    pub title: String,
    /// The 29 cells.
    pub cells: Vec<String>,
    #[serde(skip)]
    pub(crate) sender: String,
    #[serde(skip)]
    pub(crate) doc_number: Option<String>,
    #[serde(skip)]
    key: (i64, i64),
}

/// A page of the ledger.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct LedgerPage {
    /// The columns in order.
    pub columns: Vec<Column>,
    /// The documents.
    pub items: Vec<LedgerItem>,
    /// Cursor of the next page; null at the end.
    pub next: Option<String>,
    /// How many there are in all, on the first page.
    pub total: Option<i64>,
}

const SELECT: &str = "select l.doc_id, d.serial_no, d.title, d.sender, d.doc_number, l.year, l.signed_in_at, l.sign_in_mark, \
    l.sign_in_by, l.sign_in_on, l.entry_mark, l.entry_by, l.entry_on, l.proposal_mark, l.proposed_by, l.proposed_on, \
    l.proposed_handling, l.deadline, l.urged, l.urged_on, l.pre_reminder, l.instruct_needed, l.instructed_by, \
    l.instructed_on, l.instruction, l.circulated, l.circulated_leaders, l.circulated_divisions, l.circulation_complete, \
    l.undertaken, l.undertaking_unit, l.assisted, l.assist_units, l.undertaking_opinion, l.handling_result, l.urge_count \
    from incoming_ledger l join incoming_doc d on d.id = l.doc_id where ";

fn from_row(r: &Row) -> Result<LedgerItem> {
    let mut c = r.cols();
    let mut item = LedgerItem {
        id: c.next()?,
        serial_no: c.next()?,
        title: c.next()?,
        sender: c.next()?,
        doc_number: c.next()?,
        key: (c.next()?, c.next()?),
        cells: Vec::with_capacity(COLUMNS.len()),
    };
    for _ in COLUMNS {
        item.cells.push(c.next()?);
    }
    Ok(item)
}

fn conditions(q: &mut Query, p: &Period) {
    q.push("l.unit_id = ?", vals![p.unit]);
    q.and_opt("l.year = ?", p.year)
        .and_opt("l.signed_in_at >= ?", p.from.map(|d| d.start_ms()))
        .and_opt("l.signed_in_at < ?", p.to.map(|d| d.start_ms() + DAY_MS));
    if let Some(class) = &p.doc_class {
        q.and(
            "l.doc_id in (select x.id from incoming_doc x where x.unit_id = ? and x.doc_class = ?)",
            vals![p.unit, class],
        );
    }
}

/// How many documents the part has.
pub(crate) fn count(tx: &mut Tx<'_>, p: &Period) -> Result<i64> {
    let mut q = Query::new("select count(*) from incoming_ledger l where ", &[]);
    conditions(&mut q, p);
    tx.count(&q)
}

/// The statement of a page.
pub(crate) fn page_query(
    head: &'static str,
    p: &Period,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Query> {
    let mut q = Query::new(head, &[]);
    q.push(SELECT, &[]);
    conditions(&mut q, p);
    if let Some(c) = after {
        let bad = || Error::field("cursor", "翻页标记无效，请从第一页重新打开");
        let (year, at) = c.key.split_once('|').ok_or_else(bad)?;
        let (year, at): (i64, i64) = (
            year.parse().map_err(|_| bad())?,
            at.parse().map_err(|_| bad())?,
        );
        q.and(
            "(l.year, l.signed_in_at, l.doc_id) > (?, ?, ?)",
            vals![year, at, c.id],
        );
    }
    q.push(
        " order by l.year, l.signed_in_at, l.doc_id limit ?",
        vals![limit],
    );
    Ok(q)
}

/// Documents after a cursor in the order of the ledger.
pub(crate) fn rows(
    tx: &mut Tx<'_>,
    p: &Period,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<LedgerItem>> {
    let q = page_query("", p, after, limit)?;
    tx.rows(&q)?.iter().map(from_row).collect()
}

/// The 29 cells of one document of the unit.
pub(crate) fn row_of(tx: &mut Tx<'_>, unit: Id, doc: Id) -> Result<Vec<String>> {
    let mut q = Query::new(SELECT, &[]);
    q.push("l.unit_id = ? and l.doc_id = ?", vals![unit, doc]);
    tx.rows(&q)?
        .first()
        .map_or_else(|| Ok(Vec::new()), |r| Ok(from_row(r)?.cells))
}

/// A page of the ledger.
pub async fn ledger(ctx: Ctx, a: BookArgs) -> Result<LedgerPage> {
    let p = Period::of(&ctx, &a)?;
    let page = a.page();
    let after = page.after()?;
    ctx.read(move |tx| {
        let limit = page.limit();
        let found = rows(tx, &p, after.as_ref(), limit + 1)?;
        let out = zs_base::Page::from_rows(found, limit, |r| {
            Cursor::text(format!("{}|{}", r.key.0, r.key.1), r.id.0)
        });
        let total = match after {
            Some(_) => None,
            None => Some(count(tx, &p)?),
        };
        let columns = COLUMNS
            .iter()
            .map(|(k, t)| Column {
                key: (*k).into(),
                title: (*t).into(),
            })
            .collect();
        Ok(LedgerPage {
            columns,
            items: out.items,
            next: out.next,
            total,
        })
    })
    .await
}

/// Widths: long texts wide, marks narrow.
fn width(key: &str) -> f64 {
    match key {
        "proposed_handling" | "instruction" | "undertaking_opinion" | "handling_result" => 36.0,
        "circulated_leaders" | "circulated_divisions" | "undertaking_unit" | "assist_units" => 20.0,
        _ => 12.0,
    }
}

/// The ledger as a spreadsheet.
pub async fn export(ctx: Ctx, a: BookArgs) -> Result<Download> {
    let p = Period::of(&ctx, &a)?;
    let name = format!(
        "来文处理流程台帐{}-{}.xlsx",
        p.suffix(),
        Date::at(ctx.now())
    );
    let found = ctx
        .read(move |tx| {
            let n = count(tx, &p)?;
            if n > EXPORT_ROWS {
                return Err(EXPORT_TOO_LARGE.with(&[&n, &EXPORT_ROWS]));
            }
            rows(tx, &p, None, EXPORT_ROWS)
        })
        .await?;
    let bytes = blocking(move || {
        let mut columns = vec![("收文编号", 15.0), ("标题", 48.0)];
        columns.extend(COLUMNS.iter().map(|(k, t)| (*t, width(k))));
        let cells = |r: LedgerItem| {
            let head = [Cell::from(r.serial_no), Cell::from(r.title)];
            head.into_iter()
                .chain(r.cells.into_iter().map(Cell::from))
                .collect()
        };
        sheet::write("来文处理流程台帐", &columns, found.into_iter().map(cells))
    })
    .await?;
    Ok(Download::xlsx(name, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_read_in_the_order_of_s2() {
        let read: Vec<&str> = SELECT
            .split("l.signed_in_at, ")
            .nth(1)
            .unwrap()
            .split(" from ")
            .next()
            .unwrap()
            .split(',')
            .map(|c| c.trim().trim_start_matches("l."))
            .collect();
        let keys: Vec<&str> = COLUMNS.iter().map(|(k, _)| *k).collect();
        assert_eq!(read, keys);
        assert_eq!(keys.len(), 29);
    }
}
