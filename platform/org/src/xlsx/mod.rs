//! Import and export of units and people as XLSX: two sheets, every fault with sheet, line and column.
pub(crate) mod apply;
pub(crate) mod book;
pub(crate) mod plan;
pub(crate) mod plan_people;
pub(crate) mod tree;
pub(crate) mod write;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Sheet of nodes.
pub(crate) const NODE_SHEET: &str = "单位";
/// Sheet of people.
pub(crate) const PEOPLE_SHEET: &str = "人员";
/// Columns of the sheet of nodes.
pub(crate) const NODE_COLUMNS: [&str; 6] = ["编码", "上级编码", "名称", "简称", "类别", "排序"];
/// Columns of the sheet of people.
pub(crate) const PEOPLE_COLUMNS: [&str; 10] = [
    "姓名",
    "手机",
    "登录名",
    "单位编码",
    "处室",
    "职务",
    "级别",
    "是否负责人",
    "是否综合代表",
    "是否主身份",
];

/// Files over this are refused.
pub(crate) const MAX_MB: usize = 8;
/// Data lines of both sheets together.
pub(crate) const MAX_ROWS: usize = 20_000;
/// So many faults are listed.
const MAX_FAULTS: usize = 500;

/// One fault in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Fault {
    /// Sheet.
    pub(crate) sheet: String,
    /// Line as Excel counts, 1 = the headings.
    pub(crate) line: u32,
    /// Heading of the column.
    pub(crate) column: String,
    /// What is wrong and what would be right.
    pub(crate) message: String,
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Report {
    /// Data lines read.
    pub(crate) rows: usize,
    /// Nodes, people and identities that are new.
    pub(crate) created: usize,
    /// Those that change.
    pub(crate) updated: usize,
    /// Faults; any fault means that nothing was changed.
    pub(crate) errors: Vec<Fault>,
    /// What was left out on purpose.
    pub(crate) warnings: Vec<Fault>,
}

impl Report {
    pub(crate) fn fault(
        &mut self,
        sheet: &str,
        line: u32,
        column: &str,
        message: impl Into<String>,
    ) {
        if self.errors.len() < MAX_FAULTS {
            self.errors.push(fault(sheet, line, column, message));
        }
    }
}

pub(crate) fn fault(sheet: &str, line: u32, column: &str, message: impl Into<String>) -> Fault {
    Fault {
        sheet: sheet.into(),
        line,
        column: column.into(),
        message: message.into(),
    }
}
