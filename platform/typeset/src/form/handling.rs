//! 公文处理单 and the pieces other forms share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::InkStroke;

/// 公文处理单: the sheet that travels with a received document (seed S2, 条例 art. 24).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct HandlingSheet {
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
    /// 紧急程度, as printed (特急, 加急, 平件).
    pub urgency: Option<String>,
    /// 密级, as printed.
    pub secrecy: Option<String>,
    /// 保密期限, printed after the 密级 with ★.
    pub secrecy_term: Option<String>,
    /// 份数.
    pub copies: Option<u32>,
    /// 页数.
    pub pages: Option<u32>,
    /// 标题.
    pub title: String,
    /// 拟办意见: the proposer's, then what the office head wrote when reviewing it.
    pub proposed_handling: Vec<Opinion>,
    /// 领导批示, in rank order (the caller sorts).
    pub instructions: Vec<Opinion>,
    /// 主办单位.
    pub lead_units: Vec<String>,
    /// 协办单位.
    pub assist_units: Vec<String>,
    /// 办文期限.
    pub deadline: Option<String>,
    /// 承办情况.
    pub undertakings: Vec<Undertaking>,
    /// 传阅: who has read it.
    pub circulation: Vec<ReadMark>,
    /// 办理结果.
    pub handling_result: Option<String>,
    /// 备注.
    pub remark: Option<String>,
    /// 打印日期; the foot has none when absent.
    pub printed_on: Option<String>,
}

/// 意见: a signed opinion or instruction.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Opinion {
    /// The words; line breaks make paragraphs.
    pub text: String,
    /// Name of the signer.
    pub name: Option<String>,
    /// 职务 of the signer.
    pub title: Option<String>,
    /// Date of signing.
    pub date: Option<String>,
    /// Handwriting, drawn below the words.
    pub ink: Vec<InkStroke>,
}

/// 承办情况: what one unit or person did.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Undertaking {
    /// 主办 or 协办, as printed.
    pub role: Option<String>,
    /// Unit that undertook it.
    pub unit: Option<String>,
    /// 承办人.
    pub name: Option<String>,
    /// 办理情况.
    pub text: String,
    /// Date of the report.
    pub date: Option<String>,
}

/// 传阅签名: one reader and the day he read it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ReadMark {
    /// 传阅人.
    pub name: String,
    /// 阅毕日期; empty while unread.
    pub date: Option<String>,
}
