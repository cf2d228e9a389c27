//! Reading the file: cells as a stream with limits, so that neither a packed nor a sparse sheet fills the memory.
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{DataRef, Reader as _, Xlsx, XlsxError};
use zs_base::{Error, Result};

use super::{MAX_MB, MAX_ROWS, NODE_COLUMNS, NODE_SHEET, PEOPLE_COLUMNS, PEOPLE_SHEET, Report};
use crate::code::{IMPORT_TOO_LARGE, IMPORT_UNREADABLE};

/// Unpacked size over this is refused.
const MAX_UNPACKED: u64 = 64 * 1024 * 1024;
/// Longest text of a cell that is kept: long enough for the rules to name the length.
const MAX_CELL: usize = 20_000;

/// One data line: its number in the sheet and the cells by heading.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    pub(crate) line: u32,
    cells: BTreeMap<&'static str, String>,
}

impl Line {
    /// The cell under a heading, trimmed; empty if there is none.
    pub(crate) fn get(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// Both sheets.
#[derive(Clone, Debug, Default)]
pub(crate) struct Book {
    pub(crate) nodes: Vec<Line>,
    pub(crate) people: Vec<Line>,
}

fn too_large() -> Error {
    IMPORT_TOO_LARGE.with(&[&MAX_MB, &MAX_ROWS])
}
fn unreadable(e: impl std::fmt::Display) -> Error {
    IMPORT_UNREADABLE.err().because(e.to_string())
}

/// Unpacks every part into nothing, counting: the sizes that a ZIP declares may lie.
fn check_packing(bytes: &[u8], limit: u64) -> Result<()> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    let mut left = limit;
    for i in 0..zip.len() {
        let part = zip.by_index(i).map_err(unreadable)?;
        let n =
            std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(unreadable)?;
        left = left.checked_sub(n).ok_or_else(too_large)?;
    }
    Ok(())
}

fn text(v: &DataRef<'_>) -> String {
    let s = match v {
        DataRef::Int(i) => i.to_string(),
        // Codes and mobile numbers that Excel keeps as numbers.
        DataRef::Float(f) if f.fract() == 0.0 && f.abs() < 1e15 => format!("{f:.0}"),
        DataRef::Float(f) => f.to_string(),
        DataRef::String(s) => s.clone(),
        DataRef::SharedString(s) => (*s).to_owned(),
        DataRef::Bool(b) => if *b { "是" } else { "否" }.to_owned(),
        DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => s.clone(),
        DataRef::DateTime(d) => d.as_f64().to_string(),
        DataRef::Error(_) => "#错误".to_owned(),
        DataRef::Empty => String::new(),
    };
    let s = s.trim();
    // The apostrophe that an export puts before a leading sign.
    let s = match s.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => s,
    };
    s.chars().take(MAX_CELL).collect()
}

fn sheet(
    xlsx: &mut Xlsx<Cursor<&[u8]>>,
    name: &'static str,
    columns: &[&'static str],
    required: &[&str],
    report: &mut Report,
) -> Result<Vec<Line>> {
    let mut cells = match xlsx.worksheet_cells_reader(name) {
        Ok(c) => c,
        Err(XlsxError::WorksheetNotFound(_)) => return Ok(Vec::new()),
        Err(e) => return Err(unreadable(e)),
    };
    let mut headings: BTreeMap<u32, &'static str> = BTreeMap::new();
    let mut lines: BTreeMap<u32, Line> = BTreeMap::new();
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let (row, column) = cell.get_position();
        let value = text(cell.get_value());
        if value.is_empty() {
            continue;
        }
        if row == 0 {
            if let Some(known) = columns.iter().find(|c| **c == value) {
                headings.insert(column, known);
            }
        } else if let Some(heading) = headings.get(&column) {
            let line = lines.entry(row).or_insert_with(|| Line {
                line: row + 1,
                ..Line::default()
            });
            line.cells.insert(heading, value);
            if lines.len() > MAX_ROWS {
                return Err(too_large());
            }
        }
    }
    for r in required {
        if !headings.values().any(|h| h == r) {
            report.fault(name, 1, r, format!("缺少“{r}”这一列，请使用下载的模板"));
        }
    }
    Ok(lines.into_values().collect())
}

/// Reads both sheets. Faults of the headings stand in the report; a file that is no workbook is an error.
pub(crate) fn read(bytes: &[u8], report: &mut Report) -> Result<Book> {
    if bytes.len() > MAX_MB * 1024 * 1024 {
        return Err(too_large());
    }
    check_packing(bytes, MAX_UNPACKED)?;
    let mut xlsx: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let names = xlsx.sheet_names();
    if !names.iter().any(|n| n == NODE_SHEET || n == PEOPLE_SHEET) {
        return Err(unreadable("no known sheet"));
    }
    let nodes = sheet(
        &mut xlsx,
        NODE_SHEET,
        &NODE_COLUMNS,
        &["名称", "类别"],
        report,
    )?;
    let people = sheet(
        &mut xlsx,
        PEOPLE_SHEET,
        &PEOPLE_COLUMNS,
        &["姓名", "单位编码"],
        report,
    )?;
    if nodes.len() + people.len() > MAX_ROWS {
        return Err(too_large());
    }
    report.rows = nodes.len() + people.len();
    Ok(Book { nodes, people })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn what_unpacks_to_too_much_is_refused_whatever_it_declares() {
        let mut z = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for name in ["a", "b"] {
            z.start_file(name, zip::write::SimpleFileOptions::default())
                .unwrap();
            z.write_all(&[b' '; 40_000]).unwrap();
        }
        let bytes = z.finish().unwrap().into_inner();
        assert!(bytes.len() < 1_000);
        assert!(check_packing(&bytes, 80_000).is_ok());
        assert!(
            check_packing(&bytes, 79_999)
                .unwrap_err()
                .is(&IMPORT_TOO_LARGE)
        );
    }

    #[test]
    fn cells_become_text_as_people_mean_it() {
        assert_eq!(text(&DataRef::Float(13_800_000_001.0)), "13800000001");
        assert_eq!(text(&DataRef::Float(1.5)), "1.5");
        assert_eq!(text(&DataRef::Bool(true)), "是");
        assert_eq!(text(&DataRef::String(" '=1+1 ".into())), "=1+1");
        assert_eq!(text(&DataRef::String("'引号".into())), "'引号");
    }
}
