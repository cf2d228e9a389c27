//! 公文传阅单.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::InkStroke;

/// 公文传阅单: who shall read the document and who has.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CirculationSheet {
    /// 单位 whose name stands in the heading.
    pub unit: String,
    /// 来文单位.
    pub sender: Option<String>,
    /// 来文字号.
    pub doc_number: Option<String>,
    /// 收文日期.
    pub received_on: Option<String>,
    /// 收文编号.
    pub serial_number: Option<String>,
    /// 紧急程度, as printed.
    pub urgency: Option<String>,
    /// 密级, as printed.
    pub secrecy: Option<String>,
    /// 保密期限.
    pub secrecy_term: Option<String>,
    /// 阅毕期限: the day by which all shall have read it.
    pub deadline: Option<String>,
    /// 标题.
    pub title: String,
    /// 拟办意见.
    pub proposed_handling: Option<String>,
    /// 传阅人, in the order of circulation.
    pub readers: Vec<Reader>,
    /// 打印日期.
    pub printed_on: Option<String>,
}

/// 传阅人: one line of the circulation sheet.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Reader {
    /// Name.
    pub name: String,
    /// 职务.
    pub title: Option<String>,
    /// 送阅时间.
    pub sent_at: Option<String>,
    /// 阅毕时间.
    pub read_at: Option<String>,
    /// 意见.
    pub opinion: Option<String>,
    /// 签名 or handwritten opinion.
    pub ink: Vec<InkStroke>,
}
