//! Register book 收文登记簿: every number of the unit in order; a number that was given never leaves the book.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zs_base::time::Date;
use zs_base::{Cursor, Id, Page, Result};
use zs_ctx::Ctx;
use zs_db::{Query, Row, Tx, vals};
use zs_web::Download;

use super::book::{BookArgs, Period};
use super::code::EXPORT_TOO_LARGE;
use super::export::{blocking, day_of};
use super::list::{lead_units, serial_key};
use super::sheet::{self, Cell, EXPORT_ROWS};
use crate::model::{DOC_CLASSES, SECRECIES, URGENCIES, status, title_of};

/// One line of the register book.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BookRow {
    /// Document.
    pub id: Id,
    /// Serial number.
    pub serial_no: String,
    /// Received.
    pub received_date: String,
    /// Sender.
    pub sender: String,
    /// Document number.
    pub doc_number: Option<String>,
    /// Title.
    pub title: String,
    /// Secrecy.
    pub secrecy: String,
    /// Urgency.
    pub urgency: String,
    /// Copies.
    pub copies: i64,
    /// Lead units.
    pub lead_units: Vec<String>,
    /// Deadline.
    pub deadline: Option<String>,
    /// Completed.
    pub completed_at: Option<i64>,
    /// Filed.
    pub archived_at: Option<i64>,
    /// Remark; says if the document is void or was sent back.
    pub remark: Option<String>,
    /// Who registered it.
    pub registered_by: Option<String>,
    #[serde(skip)]
    key: (i64, String, i64),
}

const SELECT: &str = "select d.id, d.serial_no, d.received_date, d.sender, d.doc_number, d.title, d.secrecy, d.urgency, \
    d.copies, d.deadline, d.completed_at, d.archived_at, d.remark, d.registered_name, d.status, d.year, d.doc_class, \
    d.serial from incoming_doc d where ";

fn from_row(r: &Row) -> Result<BookRow> {
    let mut c = r.cols();
    let mut row = BookRow {
        id: c.next()?,
        serial_no: c.next::<Option<String>>()?.unwrap_or_default(),
        received_date: c.next()?,
        sender: c.next()?,
        doc_number: c.next()?,
        title: c.next()?,
        secrecy: c.next()?,
        urgency: c.next()?,
        copies: c.next()?,
        deadline: c.next()?,
        completed_at: c.next()?,
        archived_at: c.next()?,
        remark: c.next()?,
        registered_by: c.next()?,
        lead_units: Vec::new(),
        key: Default::default(),
    };
    let mark = match c.next::<String>()?.as_str() {
        status::VOID => Some("已作废"),
        status::REJECTED => Some("已退文"),
        _ => None,
    };
    if let Some(mark) = mark {
        let rest = row
            .remark
            .take()
            .filter(|r| !r.is_empty())
            .map(|r| format!("；{r}"))
            .unwrap_or_default();
        row.remark = Some(format!("{mark}{rest}"));
    }
    row.key = (c.next()?, c.next()?, c.next()?);
    Ok(row)
}

fn conditions(q: &mut Query, p: &Period) {
    q.push("d.unit_id = ? and d.serial is not null", vals![p.unit]);
    q.and_opt("d.year = ?", p.year)
        .and_opt("d.doc_class = ?", p.doc_class.as_ref())
        .and_opt("d.received_date >= ?", p.from.map(|d| d.to_string()))
        .and_opt("d.received_date <= ?", p.to.map(|d| d.to_string()));
}

/// How many lines the part has.
pub(crate) fn count(tx: &mut Tx<'_>, p: &Period) -> Result<i64> {
    let mut q = Query::new("select count(*) from incoming_doc d where ", &[]);
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
        let (year, class, serial) = serial_key(c)?;
        q.and(
            "(d.year, d.doc_class, d.serial) > (?, ?, ?)",
            vals![year, class, serial],
        );
    }
    q.push(
        " order by d.year, d.doc_class, d.serial limit ?",
        vals![limit],
    );
    Ok(q)
}

/// Lines after a cursor in the order of the book.
pub(crate) fn rows(
    tx: &mut Tx<'_>,
    p: &Period,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<BookRow>> {
    let q = page_query("", p, after, limit)?;
    let mut rows: Vec<BookRow> = tx.rows(&q)?.iter().map(from_row).collect::<Result<_>>()?;
    let ids: Vec<Id> = rows.iter().map(|r| r.id).collect();
    for chunk in ids.chunks(1_000) {
        let mut leads = lead_units(tx, chunk.iter().copied())?;
        for r in &mut rows {
            if let Some(l) = leads.remove(&r.id) {
                r.lead_units = l;
            }
        }
    }
    Ok(rows)
}

/// A page of the book.
pub async fn register_book(ctx: Ctx, a: BookArgs) -> Result<Page<BookRow>> {
    let p = Period::of(&ctx, &a)?;
    let page = a.page();
    let after = page.after()?;
    ctx.read(move |tx| {
        let limit = page.limit();
        let found = rows(tx, &p, after.as_ref(), limit + 1)?;
        let mut out = Page::from_rows(found, limit, |r| {
            Cursor::text(format!("{}|{}|{}", r.key.0, r.key.1, r.key.2), r.id.0)
        });
        if after.is_none() {
            out.total = Some(count(tx, &p)?);
        }
        Ok(out)
    })
    .await
}

/// Columns as on paper.
pub(crate) const COLUMNS: [(&str, f64); 14] = [
    ("收文编号", 15.0),
    ("收文日期", 12.0),
    ("来文单位", 24.0),
    ("来文字号", 24.0),
    ("标题", 56.0),
    ("密级", 8.0),
    ("紧急程度", 10.0),
    ("份数", 7.0),
    ("承办部门", 22.0),
    ("办理期限", 12.0),
    ("办结日期", 12.0),
    ("归档日期", 12.0),
    ("备注", 24.0),
    ("登记人", 10.0),
];

fn cells(r: BookRow) -> Vec<Cell> {
    vec![
        r.serial_no.into(),
        r.received_date.into(),
        r.sender.into(),
        r.doc_number.into(),
        r.title.into(),
        title_of(SECRECIES, &r.secrecy).into(),
        title_of(URGENCIES, &r.urgency).into(),
        r.copies.into(),
        r.lead_units.join("、").into(),
        r.deadline.into(),
        day_of(r.completed_at).into(),
        day_of(r.archived_at).into(),
        r.remark.into(),
        r.registered_by.into(),
    ]
}

/// The book as a spreadsheet.
pub async fn export(ctx: Ctx, a: BookArgs) -> Result<Download> {
    let p = Period::of(&ctx, &a)?;
    let class = p
        .doc_class
        .as_deref()
        .map(|c| format!("-{}", title_of(DOC_CLASSES, c)))
        .unwrap_or_default();
    let name = format!(
        "收文登记簿{}{class}-{}.xlsx",
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
    let bytes =
        blocking(move || sheet::write("收文登记簿", &COLUMNS, found.into_iter().map(cells)))
            .await?;
    Ok(Download::xlsx(name, bytes))
}
