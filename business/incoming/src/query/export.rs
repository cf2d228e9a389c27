//! The list as a spreadsheet: the same rows, filters and view.

use zs_base::time::Date;
use zs_base::{Error, Result};
use zs_ctx::Ctx;
use zs_web::Download;

use super::code::EXPORT_TOO_LARGE;
use super::filter::{Filter, ListArgs, Viewer};
use super::list::{IncomingRow, count, fetch};
use super::sheet::{self, Cell, EXPORT_ROWS};
use crate::model::{DOC_CLASSES, SECRECIES, URGENCIES, status, title_of};

/// Rows read at a time.
const BATCH: i64 = 1_000;

const COLUMNS: [(&str, f64); 16] = [
    ("收文编号", 15.0),
    ("收文日期", 12.0),
    ("来文单位", 24.0),
    ("来文字号", 24.0),
    ("标题", 56.0),
    ("文件类别", 10.0),
    ("紧急程度", 10.0),
    ("密级", 8.0),
    ("份数", 7.0),
    ("主办部门", 22.0),
    ("办文期限", 12.0),
    ("是否超期", 10.0),
    ("当前状态", 30.0),
    ("办理状态", 10.0),
    ("办结日期", 12.0),
    ("归档日期", 12.0),
];

/// Exports the list.
pub async fn export(ctx: Ctx, a: ListArgs) -> Result<Download> {
    let v = Viewer::of(&ctx)?;
    let f = Filter::of(a, &v, ctx.now())?;
    let c = ctx.clone();
    let rows = ctx
        .read(move |tx| {
            let n = count(tx, &f, &v, i64::MAX)?;
            if n > EXPORT_ROWS {
                return Err(EXPORT_TOO_LARGE.with(&[&n, &EXPORT_ROWS]));
            }
            let (mut all, mut after) = (Vec::new(), None);
            loop {
                let (rows, next) = fetch(&c, tx, &f, &v, after.as_ref(), BATCH)?;
                all.extend(rows);
                after = next;
                if after.is_none() {
                    return Ok(all);
                }
            }
        })
        .await?;
    let name = format!("收文-{}.xlsx", Date::at(ctx.now()));
    let bytes =
        blocking(move || sheet::write("收文", &COLUMNS, rows.into_iter().map(cells))).await?;
    Ok(Download::xlsx(name, bytes))
}

/// Work that keeps a core busy, off the request threads.
pub(crate) async fn blocking<T: Send + 'static>(
    f: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(f)
        .await
        .map_err(Error::internal)?
}

/// A time as the day it fell on.
pub(crate) fn day_of(at: Option<i64>) -> Option<String> {
    at.map(|t| Date::at(t).to_string())
}

/// The Chinese name of a status.
fn status_title(s: &str) -> &'static str {
    match s {
        status::COMPLETED => "已办结",
        status::ARCHIVED => "已归档",
        status::REJECTED => "已退文",
        status::VOID => "已作废",
        _ => "办理中",
    }
}

fn cells(r: IncomingRow) -> Vec<Cell> {
    vec![
        r.serial_no.into(),
        r.received_date.into(),
        r.sender.into(),
        r.doc_number.into(),
        r.title.into(),
        title_of(DOC_CLASSES, &r.doc_class).into(),
        title_of(URGENCIES, &r.urgency).into(),
        title_of(SECRECIES, &r.secrecy).into(),
        r.copies.into(),
        r.lead_units.join("、").into(),
        r.deadline.into(),
        if r.overdue { "是".into() } else { "".into() },
        r.visible_status.into(),
        status_title(&r.status).into(),
        day_of(r.completed_at).into(),
        day_of(r.archived_at).into(),
    ]
}
