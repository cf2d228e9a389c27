//! 来文处理流程台帐.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 来文处理流程台帐: the 29 columns of seed S2, one record per received document.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Ledger {
    /// 单位.
    pub unit: String,
    /// 起止时间, as printed.
    pub period: Option<String>,
    /// The records.
    pub rows: Vec<LedgerRow>,
    /// 打印日期.
    pub printed_on: Option<String>,
}

/// 台帐行: the key of the document and its 29 columns in the order of S2.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct LedgerRow {
    /// 收文编号 (key).
    pub serial_number: String,
    /// 标题 (key).
    pub title: String,
    /// 来文单位 (key of the lower row).
    pub sender: Option<String>,
    /// 来文字号 (key of the lower row).
    pub doc_number: Option<String>,
    /// 1 签收登记栏.
    pub sign_in_mark: Option<String>,
    /// 2 签收登记者.
    pub sign_in_by: Option<String>,
    /// 3 签收日期.
    pub sign_in_on: Option<String>,
    /// 4 录入登记栏.
    pub entry_mark: Option<String>,
    /// 5 录入者.
    pub entry_by: Option<String>,
    /// 6 录入日期.
    pub entry_on: Option<String>,
    /// 7 拟办登记栏.
    pub proposal_mark: Option<String>,
    /// 8 拟办者.
    pub proposed_by: Option<String>,
    /// 9 拟办日期.
    pub proposed_on: Option<String>,
    /// 10 拟办意见.
    pub proposed_handling: Option<String>,
    /// 11 办文期限.
    pub deadline: Option<String>,
    /// 12 是否催办.
    pub urged: Option<bool>,
    /// 13 催办时间.
    pub urged_on: Option<String>,
    /// 14 预先提醒期限.
    pub pre_reminder: Option<String>,
    /// 15 是否批办.
    pub instruct_needed: Option<bool>,
    /// 16 批示领导.
    pub instructed_by: Option<String>,
    /// 17 批示日期.
    pub instructed_on: Option<String>,
    /// 18 批示意见.
    pub instruction: Option<String>,
    /// 19 是否传阅.
    pub circulated: Option<bool>,
    /// 20 传阅领导.
    pub circulated_leaders: Option<String>,
    /// 21 传阅处室.
    pub circulated_divisions: Option<String>,
    /// 22 是否传阅完毕.
    pub circulation_complete: Option<bool>,
    /// 23 是否办文.
    pub undertaken: Option<bool>,
    /// 24 办文部门.
    pub undertaking_unit: Option<String>,
    /// 25 有否协办.
    pub assisted: Option<bool>,
    /// 26 协办部门.
    pub assist_units: Option<String>,
    /// 27 办理意见.
    pub undertaking_opinion: Option<String>,
    /// 28 办理结果.
    pub handling_result: Option<String>,
    /// 29 催办次数.
    pub urge_count: Option<u32>,
}
