//! Rounds and seats: the parts of an instance that people work on.

use serde::{Deserialize, Serialize};

use crate::SeatSpec;

/// Round 轮次: one activation of a step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// Id.
    pub id: i64,
    /// Step id.
    pub step: String,
    /// Scope.
    pub scope: i64,
    /// Counted from 1 per step.
    pub no: u32,
    /// Rounds that caused this one.
    pub prev: Vec<i64>,
    /// Earlier round that this one does again (退回, 取回, 直达).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redo_of: Option<i64>,
    /// Why it was opened.
    pub origin: RoundOrigin,
    /// Where it goes when done.
    pub after: After,
    /// Status.
    pub status: RoundStatus,
    /// Opened, ms.
    pub opened_at: i64,
    /// Closed, ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<i64>,
    /// Due, ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<i64>,
    /// The decision that carried it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    /// Why it is stuck.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stuck: Option<String>,
    /// Seats.
    pub seats: Vec<Seat>,
    /// Persons whose turn comes later (依次, 后加签).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queue: Vec<Queued>,
}

/// Person whose turn comes later.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queued {
    /// The person.
    pub spec: SeatSpec,
    /// 后加签: the seat after which he comes; `None` = his turn in 依次.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<i64>,
}

/// Why a round was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundOrigin {
    /// The flow reached it.
    #[default]
    Flow,
    /// 退回.
    Return,
    /// 直达: back to whoever returned it.
    StraightBack,
    /// 取回.
    Withdraw,
    /// 撤回 by the starter.
    Recall,
    /// 跳转 by an administrator.
    Jump,
    /// Free choice of a handler.
    Free,
}

/// Where a round goes when done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum After {
    /// Along the links.
    #[default]
    Links,
    /// Straight back to the step of this round (直达).
    StraightBack(i64),
    /// Into its branch again from the branch's first step.
    Reenter,
}

/// Status of a round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundStatus {
    /// Waits for people.
    #[default]
    Open,
    /// Nobody can act: an administrator must assign, jump or end.
    Stuck,
    /// Done by people.
    Done,
    /// Passed by itself.
    Passed,
    /// Returned by its handler.
    Returned,
    /// Taken back by its own handler.
    Withdrawn,
    /// Cancelled by an act elsewhere.
    Cancelled,
}

/// Seat 席位: one person's part in a round (an assignment, 任务).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Seat {
    /// Id given by the store; the id of the task.
    pub id: i64,
    /// To do or to read.
    pub kind: SeatKind,
    /// Who holds it; `None` while a group item is unclaimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<SeatSpec>,
    /// Candidates of a group item (候选).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<SeatSpec>,
    /// Status.
    pub status: SeatStatus,
    /// How it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<SeatOutcome>,
    /// How it came about.
    pub origin: SeatOrigin,
    /// Opened, ms.
    pub opened_at: i64,
    /// First looked at (已阅), ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<i64>,
    /// Closed, ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<i64>,
    /// Event number of the closing.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub closed_seq: u64,
    /// Who closed it; `None` = system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<i64>,
    /// For whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<i64>,
    /// Decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    /// Opinion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opinion: Option<String>,
    /// Draft opinion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<String>,
}

/// Kind of a seat or task row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatKind {
    /// 待办.
    #[default]
    Todo,
    /// 待阅 that the step waits for.
    Read,
}

/// Status of a seat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatStatus {
    /// Can be handled.
    #[default]
    Open,
    /// Waits for a helper (委派) or for signers added before (前加签).
    Parked,
    /// Closed.
    Closed,
}

/// How a seat was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatOutcome {
    /// Handled.
    Completed,
    /// Passed by the system on behalf of the holder.
    AutoPassed,
    /// 退回.
    Returned,
    /// 转办.
    Transferred,
    /// 委派: opinion given back to the owner.
    Helped,
    /// Taken back by the one who handed it over, or whose vote it was.
    Withdrawn,
    /// Cancelled by an act elsewhere.
    Cancelled,
    /// 减签.
    Removed,
}

/// How a seat came about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatOrigin {
    /// Resolved by the step's rule.
    #[default]
    Resolved,
    /// The earlier handler again.
    Previous,
    /// 转办 from this seat.
    Transfer(i64),
    /// 委派 by this seat.
    Help(i64),
    /// 前加签 by this seat.
    SignBefore(i64),
    /// 后加签 by this seat.
    SignAfter(i64),
    /// 并加签 by this seat.
    SignParallel(i64),
    /// Taken back: this seat again.
    Withdraw(i64),
    /// Taken over from a leaver's seat.
    Heir(i64),
    /// Vote of the earlier round that still counts.
    Carried(i64),
    /// Assigned by an administrator or by a jump.
    Assigned,
    /// Free choice by a handler.
    Chosen,
}

/// Read item 待阅: never blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadItem {
    /// Id given by the store.
    pub id: i64,
    /// Round it was sent from.
    pub round: i64,
    /// Reader.
    pub holder: SeatSpec,
    /// Who sent it; `None` = a circulation step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<i64>,
    /// Read item it was passed on from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<i64>,
    /// The reader sees the round and what follows it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wide: bool,
    /// Opened, ms.
    pub opened_at: i64,
    /// Read, ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<i64>,
    /// Reader's remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opinion: Option<String>,
}

/// Timer of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// Id given by the store.
    pub id: i64,
    /// Round.
    pub round: i64,
    /// Kind.
    pub kind: TimerKind,
    /// Fires at, ms.
    pub at: i64,
}

/// Kind of a timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimerKind {
    /// Pre-reminder (预先提醒).
    PreRemind,
    /// The due time.
    Due,
    /// Reminder n after the due time.
    Remind(u32),
    /// The last consequence.
    Overdue,
}

impl RoundStatus {
    /// Holds the token of its scope.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Stuck)
    }
}

impl Seat {
    /// Whoever may act on it now: the holder, or the candidates while unclaimed.
    pub fn admits(&self, identity: i64) -> bool {
        match &self.holder {
            Some(h) => h.admits(identity),
            None => self.candidates.iter().any(|c| c.admits(identity)),
        }
    }

    /// Open or parked.
    pub fn is_live(&self) -> bool {
        self.status != SeatStatus::Closed
    }

    /// The seat a helper or a signer added before reports to.
    pub fn owner(&self) -> Option<i64> {
        match self.origin {
            SeatOrigin::Help(owner) | SeatOrigin::SignBefore(owner) => Some(owner),
            _ => None,
        }
    }
}

fn is_zero(n: &u64) -> bool {
    *n == 0
}
