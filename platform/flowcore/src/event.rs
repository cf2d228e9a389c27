//! Events: the append-only record. Folding them gives the instance.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

use crate::EventKind;

/// Event of an instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Number within the instance, from 1, without gaps.
    pub seq: u64,
    /// Number of the command that caused it, from 1.
    pub rev: u64,
    /// Time, ms.
    pub at: i64,
    /// Who acted; `None` = system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<i64>,
    /// For whom he acted (受…委托).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<i64>,
    /// What happened.
    pub kind: EventKind,
}

/// Branch of a block.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BranchSpec {
    /// Scope id.
    pub scope: i64,
    /// First step.
    pub entry: String,
    /// Variables of the branch: the item of an `Each` under its name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub vars: BTreeMap<String, Value>,
}
