//! A list as a spreadsheet.
use rust_xlsxwriter::{Format, Workbook};
use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::{Error, Result, time};
use zs_ctx::Ctx;
use zs_web::Download;

use crate::lists::{ListArgs, page};

/// Rows of an export at most.
const MOST: usize = 5_000;

/// Which list, with its filters.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct ExportArgs {
    /// `todo`, `to_read`, `done`, `read`, `mine`, `watch`, `urges`.
    pub list: String,
    /// Part of title, number or sender.
    pub q: Option<String>,
    /// Kind of subject.
    pub subject_kind: Option<String>,
    /// Urgency.
    pub urgency: Option<String>,
    /// `overdue` or `soon`.
    pub due: Option<String>,
}

const HEAD: [(&str, f64); 9] = [
    ("编号", 16.0),
    ("标题", 52.0),
    ("来文单位", 24.0),
    ("紧急程度", 10.0),
    ("环节", 12.0),
    ("送来人", 12.0),
    ("送达时间", 18.0),
    ("期限", 18.0),
    ("当前状态", 24.0),
];

pub(crate) async fn export(ctx: Ctx, a: ExportArgs) -> Result<Download> {
    let mut items = Vec::new();
    let mut args = ListArgs {
        cursor: None,
        limit: Some(200),
        q: a.q,
        subject_kind: a.subject_kind,
        urgency: a.urgency,
        due: a.due,
    };
    loop {
        let p = page(&ctx, &a.list, args.clone()).await?;
        items.extend(p.items);
        args.cursor = p.next;
        if args.cursor.is_none() || items.len() >= MOST {
            break;
        }
    }
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let bold = Format::new().set_bold();
    let bad = |e: rust_xlsxwriter::XlsxError| Error::internal(e.to_string());
    for (i, (title, width)) in HEAD.iter().enumerate() {
        let col = u16::try_from(i).map_err(Error::internal)?;
        sheet
            .write_string_with_format(0, col, *title, &bold)
            .map_err(bad)?;
        sheet.set_column_width(col, *width).map_err(bad)?;
    }
    sheet.set_freeze_panes(1, 0).map_err(bad)?;
    for (i, w) in items.iter().enumerate() {
        let row = u32::try_from(i + 1).map_err(Error::internal)?;
        let urgency = match w.urgency.as_str() {
            "extra_urgent" => "特急",
            "urgent" => "加急",
            _ => "普通",
        };
        let cells = [
            w.number.clone(),
            w.title.clone(),
            w.sender.clone(),
            urgency.to_owned(),
            w.step_title.clone(),
            w.from_name.clone(),
            time::minute(w.received_at),
            w.due_at.map(time::minute).unwrap_or_default(),
            w.visible_status.clone(),
        ];
        for (c, text) in cells.iter().enumerate() {
            let col = u16::try_from(c).map_err(Error::internal)?;
            sheet.write_string(row, col, safe(text)).map_err(bad)?;
        }
    }
    let bytes = book.save_to_buffer().map_err(bad)?;
    Ok(Download::xlsx(
        format!("{}-{}.xlsx", a.list, time::Date::at(ctx.now())),
        bytes,
    ))
}

/// A cell that no spreadsheet takes for a formula (T28).
fn safe(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
