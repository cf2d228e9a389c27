//! Instance 流程实例: the activation tree. Changed only by `Instance::apply`.
//!
//! Every open scope holds exactly one token: one open round or one open block. A block holds one scope per branch.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::who::SeatSpec;

/// Flow instance 流程实例.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    /// Id given by the store.
    pub id: i64,
    /// Definition key, pinned.
    pub key: String,
    /// Definition version, pinned.
    pub version: u32,
    /// Status.
    pub status: Status,
    /// Who started it.
    pub starter: i64,
    /// Number of accepted commands.
    pub rev: u64,
    /// Number of events.
    pub seq: u64,
    /// Start time, ms.
    pub started_at: i64,
    /// End time, ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<i64>,
    /// How it ended: outcome of the end step, `rejected`, `voided`, `terminated`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Variables that conditions, lists and assignees read.
    pub variables: BTreeMap<String, Value>,
    /// Event number of the last change of variables.
    pub data_seq: u64,
    /// Scopes; the id is the position + 1, the first is the root.
    pub scopes: Vec<Scope>,
    /// Blocks; the id is the position + 1.
    pub blocks: Vec<Block>,
    /// Rounds; the id is the position + 1.
    pub rounds: Vec<Round>,
    /// Read items (待阅), never blocking.
    pub reads: Vec<ReadItem>,
    /// Running timers.
    pub timers: Vec<Timer>,
    /// Timers frozen by a suspension.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paused: Vec<Timer>,
    /// When it was suspended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_at: Option<i64>,
    /// Last urging notice per person, ms.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub urged: BTreeMap<i64, i64>,
    /// Who took over from whom.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub heirs: BTreeMap<i64, i64>,
}

/// Status of an instance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not started.
    #[default]
    New,
    /// Running.
    Running,
    /// Suspended (挂起).
    Suspended,
    /// Ended at an end step or by a decision.
    Ended,
    /// Void (作废), numbers kept.
    Voided,
    /// Terminated (终止).
    Terminated,
}

/// Scope: the root, or one branch of a block.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scope {
    /// Id.
    pub id: i64,
    /// Block it is a branch of; `None` for the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<i64>,
    /// First step of the branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// Variables of the branch: the item of an `Each` under its name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub vars: BTreeMap<String, Value>,
    /// Status.
    pub status: ScopeStatus,
    /// Last rounds of an arrived branch: the causes of what follows the join.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub last: Vec<i64>,
    /// Persons picked for later steps.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub picks: BTreeMap<String, Pick>,
}

/// Status of a scope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeStatus {
    /// Holds one token.
    #[default]
    Open,
    /// Waits at the join, or the join has fired.
    Arrived,
    /// Taken back.
    Cancelled,
}

/// Persons picked for a step by an earlier handler.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pick {
    /// Identities in order.
    pub people: Vec<i64>,
    /// Round whose handler picked.
    pub round: i64,
    /// Already used by an opened round.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub used: bool,
}

/// Activation of a fork or an `Each`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// Id.
    pub id: i64,
    /// The fork or `Each` step.
    pub step: String,
    /// Scope whose token it is.
    pub scope: i64,
    /// Rounds that caused it.
    pub prev: Vec<i64>,
    /// Branch scopes.
    pub branches: Vec<i64>,
    /// Status.
    pub status: BlockStatus,
}

/// Status of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockStatus {
    /// Some branch has not arrived.
    #[default]
    Open,
    /// The join has fired.
    Done,
    /// Taken back.
    Cancelled,
}

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

impl RoundStatus {
    /// Holds the token of its scope.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Stuck)
    }
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

fn is_zero(n: &u64) -> bool {
    *n == 0
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

fn index(id: i64) -> usize {
    usize::try_from(id)
        .ok()
        .and_then(|n| n.checked_sub(1))
        .unwrap_or(usize::MAX)
}

impl Instance {
    /// An instance not yet started.
    pub fn new(id: i64, key: &str, version: u32) -> Self {
        Self {
            id,
            key: key.into(),
            version,
            ..Self::default()
        }
    }

    /// Round by id.
    pub fn round(&self, id: i64) -> Option<&Round> {
        self.rounds.get(index(id))
    }

    /// Scope by id.
    pub fn scope(&self, id: i64) -> Option<&Scope> {
        self.scopes.get(index(id))
    }

    /// Block by id.
    pub fn block(&self, id: i64) -> Option<&Block> {
        self.blocks.get(index(id))
    }

    pub(crate) fn round_mut(&mut self, id: i64) -> Option<&mut Round> {
        self.rounds.get_mut(index(id))
    }

    pub(crate) fn scope_mut(&mut self, id: i64) -> Option<&mut Scope> {
        self.scopes.get_mut(index(id))
    }

    pub(crate) fn block_mut(&mut self, id: i64) -> Option<&mut Block> {
        self.blocks.get_mut(index(id))
    }

    /// Seat by id, with its round.
    pub fn seat(&self, id: i64) -> Option<(&Round, &Seat)> {
        self.rounds
            .iter()
            .rev()
            .find_map(|r| r.seats.iter().find(|s| s.id == id).map(|s| (r, s)))
    }

    pub(crate) fn seat_mut(&mut self, id: i64) -> Option<&mut Seat> {
        self.rounds
            .iter_mut()
            .rev()
            .find_map(|r| r.seats.iter_mut().find(|s| s.id == id))
    }

    /// Read item by id.
    pub fn read_item(&self, id: i64) -> Option<&ReadItem> {
        self.reads.iter().find(|r| r.id == id)
    }

    /// Rounds that hold a token now, stuck ones included.
    pub fn open_rounds(&self) -> impl Iterator<Item = &Round> {
        self.rounds.iter().filter(|r| r.status.is_open())
    }

    /// Seats that can be handled now (parked ones excluded), with their rounds.
    pub fn open_seats(&self) -> impl Iterator<Item = (&Round, &Seat)> {
        self.open_rounds().flat_map(|r| {
            r.seats
                .iter()
                .filter(|s| s.status == SeatStatus::Open)
                .map(move |s| (r, s))
        })
    }

    /// Read items not yet read.
    pub fn open_reads(&self) -> impl Iterator<Item = &ReadItem> {
        self.reads.iter().filter(|r| r.read_at.is_none())
    }

    /// Rounds at which the flow is stuck, with the reason.
    pub fn stuck(&self) -> impl Iterator<Item = (&Round, &str)> {
        self.open_rounds()
            .filter_map(|r| r.stuck.as_deref().map(|why| (r, why)))
    }

    /// Variable by dotted path, looked up from this scope outwards (`item.unit`, `lead_units`).
    pub fn lookup(&self, scope: i64, path: &str) -> Option<&Value> {
        let (name, rest) = path
            .split_once('.')
            .map_or((path, None), |(n, r)| (n, Some(r)));
        let mut at = self.scope(scope);
        let mut found = None;
        while let Some(s) = at {
            found = s.vars.get(name);
            if found.is_some() {
                break;
            }
            at = s
                .block
                .and_then(|b| self.block(b))
                .and_then(|b| self.scope(b.scope));
        }
        let value = found.or_else(|| self.variables.get(name))?;
        match rest {
            Some(rest) => crate::cond::path(value, rest),
            None => Some(value),
        }
    }

    /// Running or suspended.
    pub fn is_live(&self) -> bool {
        matches!(self.status, Status::Running | Status::Suspended)
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
