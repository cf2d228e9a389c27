//! 收文登记簿.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 收文登记簿: the bound book of received documents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RegisterBook {
    /// Heading of every page: 收文登记簿, or another book of the same columns.
    pub heading: String,
    /// 登记单位.
    pub unit: String,
    /// 起止时间, as printed.
    pub period: Option<String>,
    /// 类别 (红头 or 白头, or a source), as printed.
    pub class: Option<String>,
    /// The entries, in the order of the book.
    pub rows: Vec<RegisterRow>,
    /// 打印日期.
    pub printed_on: Option<String>,
}

impl Default for RegisterBook {
    fn default() -> Self {
        Self {
            heading: "收文登记簿".to_owned(),
            unit: String::new(),
            period: None,
            class: None,
            rows: Vec::new(),
            printed_on: None,
        }
    }
}

/// 登记簿行: one received document.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RegisterRow {
    /// 收文编号.
    pub serial_number: String,
    /// 收文日期.
    pub received_on: Option<String>,
    /// 来文单位.
    pub sender: Option<String>,
    /// 来文字号.
    pub doc_number: Option<String>,
    /// 标题.
    pub title: String,
    /// 密级, as printed.
    pub secrecy: Option<String>,
    /// 紧急程度, as printed.
    pub urgency: Option<String>,
    /// 份数.
    pub copies: Option<u32>,
    /// 承办部门.
    pub undertaking_unit: Option<String>,
    /// 办理期限.
    pub deadline: Option<String>,
    /// 办结日期.
    pub completed_on: Option<String>,
    /// 归档: the day it was filed, or a file number.
    pub archived: Option<String>,
    /// 备注.
    pub remark: Option<String>,
}
