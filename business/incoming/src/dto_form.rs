//! What the forms get: choices, duplicates, where to return to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zs_base::Id;

use crate::model::Choice;

/// A document with the same number.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Duplicate {
    /// Document.
    pub id: Id,
    /// Serial number.
    pub serial_no: Option<String>,
    /// Title.
    pub title: String,
    /// Received.
    pub received_date: String,
    /// Registered by.
    pub registered_by: Option<String>,
}

/// Documents with the same number.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Duplicates {
    /// The documents.
    pub items: Vec<Duplicate>,
}

/// Where a task may be returned to.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ReturnTarget {
    /// Round.
    pub round: i64,
    /// Stage.
    pub step: String,
    /// Its title.
    pub title: String,
    /// Who handled it.
    pub name: String,
}

/// Where a task may be returned to.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ReturnTargets {
    /// Most recent first.
    pub items: Vec<ReturnTarget>,
}

/// The next number of each class; somebody else may take it first.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NextSerial {
    /// Of red_head.
    pub red_head: String,
    /// Of plain.
    pub plain: String,
}

/// Choices of the forms.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Options {
    /// Genres 文种.
    pub genres: Vec<Choice>,
    /// Sources 来文渠道.
    pub sources: Vec<Choice>,
    /// Urgencies 紧急程度.
    pub urgencies: Vec<Choice>,
    /// Secrecies 密级.
    pub secrecies: Vec<Choice>,
    /// Class codes 分类代码.
    pub class_codes: Vec<Choice>,
    /// Retention periods 保管期限.
    pub retentions: Vec<Choice>,
    /// Default deadline in working days.
    pub default_deadline_days: i64,
    /// Next serial numbers.
    pub next_serial: NextSerial,
    /// Senders used lately.
    pub senders_recent: Vec<String>,
}
