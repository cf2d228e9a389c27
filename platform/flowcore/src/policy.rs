//! Policies of a step: overdue, empty, duplicates, starter.

use serde::{Deserialize, Serialize};

use crate::Who;

/// After the due time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Overdue {
    /// Working days between reminders after the due time.
    pub every_days: Option<u32>,
    /// Number of such reminders.
    pub times: u32,
    /// What happens at last.
    pub then: OverdueThen,
}

/// Last consequence of an overdue round.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverdueThen {
    /// Nothing more.
    #[default]
    Nothing,
    /// Tell these people (leader; none found: administrator).
    Escalate(Who),
    /// Decide automatically, recorded as system on behalf of the handler.
    Decide(String),
}

/// When nobody is found for a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmptyPolicy {
    /// Pass by itself.
    Pass,
    /// End the instance as rejected.
    Reject,
    /// This identity gets it.
    Named(i64),
    /// Stuck with an administrator's to-do.
    #[default]
    Block,
}

/// When the same person has decided already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DuplicatePolicy {
    /// Ask again.
    #[default]
    Off,
    /// Passes by itself if he decided the step directly before.
    Consecutive,
    /// Passes by itself if he agreed anywhere in the instance.
    Once,
    /// As `Once`, but asked again when data changed since.
    OnceUnlessChanged,
}

/// When the handler is the starter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StarterPolicy {
    /// He approves himself.
    #[default]
    SelfApprove,
    /// He is left out; if alone the step passes.
    Skip,
    /// The head of his unit decides instead (none: empty policy).
    ToUnitHead,
}

/// 退回 from inside a branch to a step before the fork.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnOut {
    /// Refused.
    Refuse,
    /// Only this branch goes back; the target's handler sends it into the branch again, siblings are untouched.
    #[default]
    BranchOnly,
    /// The whole block is taken back, all branches are cancelled.
    WholeBlock,
}

/// 退回 from behind a join to a step inside a branch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnInto {
    /// Only that branch is opened again, the other arrivals still count.
    #[default]
    Branch,
    /// The whole block runs again.
    WholeBlock,
}
