//! Spreadsheets: one sheet, a header that stays, at most 50,000 rows.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};
use zs_base::{Error, Result};

/// Rows of one export at most.
pub(crate) const EXPORT_ROWS: i64 = 50_000;
/// Characters that one cell takes (the format allows 32,767).
const CELL_CHARS: usize = 32_000;

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Text(String),
    Number(i64),
}

impl From<String> for Cell {
    fn from(v: String) -> Self {
        Self::Text(v)
    }
}
impl From<&str> for Cell {
    fn from(v: &str) -> Self {
        Self::Text(v.to_owned())
    }
}
impl From<Option<String>> for Cell {
    fn from(v: Option<String>) -> Self {
        Self::Text(v.unwrap_or_default())
    }
}
impl From<i64> for Cell {
    fn from(v: i64) -> Self {
        Self::Number(v)
    }
}

/// Text that a spreadsheet cannot take for a formula (T28, CWE-1236), and that fits a cell.
pub(crate) fn safe(text: &str) -> String {
    let head = if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        "'"
    } else {
        ""
    };
    let mut out: String = head
        .chars()
        .chain(text.chars().filter(|c| allowed(*c)))
        .take(CELL_CHARS)
        .collect();
    if text.chars().count() > CELL_CHARS {
        out.push_str("…（内容过长，请在系统中查看全文）");
    }
    out
}

/// XML has no other control characters.
fn allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r') || (c >= ' ' && c != '\u{fffe}' && c != '\u{ffff}')
}

fn bad(e: XlsxError) -> Error {
    Error::internal(e)
}

/// Writes a workbook of one sheet. `columns` are titles with widths.
pub(crate) fn write(
    name: &str,
    columns: &[(&str, f64)],
    rows: impl Iterator<Item = Vec<Cell>>,
) -> Result<Vec<u8>> {
    let head = Format::new()
        .set_bold()
        .set_background_color(0x00E8_EDF3)
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap();
    let body = Format::new()
        .set_num_format("@")
        .set_align(FormatAlign::Top)
        .set_text_wrap();
    let number = Format::new().set_align(FormatAlign::Top);
    let mut book = Workbook::new();
    let w = book.add_worksheet();
    w.set_name(name).map_err(bad)?;
    w.set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);
    for (c, (_, width)) in (0u16..).zip(columns) {
        w.set_column_width(c, *width).map_err(bad)?;
    }
    w.set_freeze_panes(1, 0).map_err(bad)?;
    w.set_repeat_rows(0, 0).map_err(bad)?;
    for (c, (title, _)) in (0u16..).zip(columns) {
        w.write_string_with_format(0, c, *title, &head)
            .map_err(bad)?;
    }
    let mut last = 0;
    for (r, row) in (1u32..).zip(rows) {
        last = r;
        for (c, cell) in (0u16..).zip(row) {
            match cell {
                Cell::Text(t) if t.is_empty() => {}
                Cell::Text(t) => {
                    w.write_string_with_format(r, c, safe(&t), &body)
                        .map_err(bad)?;
                }
                Cell::Number(n) => {
                    let n = f64::from(i32::try_from(n).unwrap_or(i32::MAX));
                    w.write_number_with_format(r, c, n, &number).map_err(bad)?;
                }
            }
        }
    }
    let width = u16::try_from(columns.len()).unwrap_or(1).saturating_sub(1);
    w.autofilter(0, 0, last, width).map_err(bad)?;
    book.save_to_buffer().map_err(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t28_no_cell_starts_like_a_formula() {
        for evil in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"] {
            assert!(safe(evil).starts_with('\''), "{evil:?}");
        }
        assert_eq!(safe("关于=号的通知"), "关于=号的通知");
        assert_eq!(safe("坏\u{0}字\u{1}符"), "坏字符");
        assert!(safe(&"字".repeat(40_000)).chars().count() < 32_767);
    }
}
