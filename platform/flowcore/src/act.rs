//! Acts 动作: what can be commanded.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Act 动作.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// Start a new instance.
    Start {
        /// First variables.
        #[serde(default)]
        data: BTreeMap<String, Value>,
        /// Next step and persons picked.
        #[serde(default)]
        next: Vec<NextPick>,
        /// Stay at the start step as a draft to-do of the starter.
        #[serde(default)]
        draft: bool,
    },
    /// Claim a group item (认领).
    Claim {
        /// Seat.
        seat: i64,
    },
    /// Give a claimed group item back (退还).
    Unclaim {
        /// Seat.
        seat: i64,
    },
    /// Handle.
    Complete {
        /// Seat.
        seat: i64,
        /// Decision; `None` = the first one offered.
        #[serde(default)]
        decision: Option<String>,
        /// Opinion.
        #[serde(default)]
        opinion: Option<String>,
        /// Next step and persons picked.
        #[serde(default)]
        next: Vec<NextPick>,
        /// Variables to set.
        #[serde(default)]
        data: BTreeMap<String, Value>,
    },
    /// 退回.
    Return {
        /// Seat.
        seat: i64,
        /// Whereto.
        to: ReturnTo,
        /// What follows afterwards.
        then: Then,
        /// Opinion.
        #[serde(default)]
        opinion: Option<String>,
    },
    /// 取回: own finished work, own vote, or an item handed over.
    Withdraw {
        /// The closed seat.
        seat: i64,
        /// Reason.
        #[serde(default)]
        reason: Option<String>,
    },
    /// 撤回: the starter takes the whole instance back to draft.
    Recall {
        /// Reason.
        #[serde(default)]
        reason: Option<String>,
    },
    /// 转办.
    Transfer {
        /// Seat.
        seat: i64,
        /// To whom.
        to: i64,
        /// Opinion.
        #[serde(default)]
        opinion: Option<String>,
    },
    /// 委派: ask somebody, it comes back.
    AssignHelp {
        /// Seat.
        seat: i64,
        /// Whom.
        to: i64,
        /// Question.
        #[serde(default)]
        note: Option<String>,
    },
    /// Take a question (委派) back before it is answered.
    RecallHelp {
        /// The owner's parked seat.
        seat: i64,
    },
    /// 加签.
    AddSigner {
        /// Seat.
        seat: i64,
        /// Before, after, parallel.
        mode: SignMode,
        /// Whom.
        people: Vec<i64>,
    },
    /// 减签.
    RemoveSigner {
        /// Own seat.
        seat: i64,
        /// Person to be removed.
        person: i64,
    },
    /// 知会/传阅 from one's own seat or read item.
    Circulate {
        /// From where.
        from: CirculateFrom,
        /// To whom.
        to: Vec<i64>,
        /// Note.
        #[serde(default)]
        note: Option<String>,
        /// Also to those who have had it already.
        #[serde(default)]
        again: bool,
    },
    /// Mark a read item as read (已阅).
    Read {
        /// Item.
        item: i64,
        /// Remark.
        #[serde(default)]
        opinion: Option<String>,
    },
    /// The handler opened his item for the first time.
    Seen {
        /// Seat.
        seat: i64,
    },
    /// Save a draft opinion.
    SaveDraft {
        /// Seat.
        seat: i64,
        /// Text.
        draft: String,
    },
    /// 催办.
    Urge {
        /// Text.
        #[serde(default)]
        note: Option<String>,
    },
    /// Set variables without moving on: by the system or an open handler.
    SetData {
        /// Variables.
        data: BTreeMap<String, Value>,
    },
    /// 挂起.
    Suspend {
        /// Reason.
        #[serde(default)]
        reason: Option<String>,
    },
    /// 恢复.
    Resume {
        /// Reason.
        #[serde(default)]
        reason: Option<String>,
    },
    /// 跳转 by an administrator.
    Jump {
        /// Open round to take the token from; `None` = as far out as the target needs.
        #[serde(default)]
        round: Option<i64>,
        /// Target step.
        to: String,
        /// Persons; empty = by the step's rule.
        #[serde(default)]
        people: Vec<i64>,
        /// Reason, required.
        reason: String,
    },
    /// An administrator gives an open or stuck round to these people.
    Assign {
        /// Round.
        round: i64,
        /// Persons.
        people: Vec<i64>,
        /// Reason.
        #[serde(default)]
        reason: Option<String>,
    },
    /// 作废.
    Void {
        /// Reason, required.
        reason: String,
    },
    /// 终止.
    Terminate {
        /// Reason, required.
        reason: String,
    },
    /// Change the due time of an open round.
    ChangeDue {
        /// Round.
        round: i64,
        /// Due, ms.
        due: Option<i64>,
        /// Reason.
        #[serde(default)]
        reason: Option<String>,
    },
    /// A timer has come.
    TimerFired {
        /// Timer.
        timer: i64,
    },
    /// Somebody left: his open items go to the heir, or by the step's rule.
    PersonLeft {
        /// Who.
        person: i64,
        /// Heir.
        #[serde(default)]
        heir: Option<i64>,
    },
    /// A delegation (委托) began and covers open items.
    DelegateStarted {
        /// Principal.
        principal: i64,
        /// Agent.
        agent: i64,
        /// The principal may still act.
        #[serde(default)]
        shared: bool,
    },
    /// A delegation ended: open items go back.
    DelegateEnded {
        /// Principal.
        principal: i64,
        /// Agent.
        agent: i64,
    },
}

/// Next step and the persons for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextPick {
    /// Step.
    pub step: String,
    /// Persons; empty = by the step's rule.
    #[serde(default)]
    pub people: Vec<i64>,
}

/// Target of 退回.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnTo {
    /// The step handled by people just before.
    Previous,
    /// The starter.
    Initiator,
    /// An earlier executed step.
    Step(String),
}

/// What follows after a returned step is done again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// 重走: every step again.
    Rerun,
    /// 直达: straight back to whoever returned it.
    #[default]
    StraightBack,
}

/// Kind of 加签.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignMode {
    /// They act first, then the item returns to me.
    Before,
    /// I approve, then they act, then the step is left.
    After,
    /// They join the voters.
    Parallel,
}

/// Origin of a circulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CirculateFrom {
    /// Own seat, open or handled.
    Seat(i64),
    /// Own read item.
    Item(i64),
}
