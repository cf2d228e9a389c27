//! Instance 流程实例: the activation tree. Changed only by `Instance::apply`.
//!
//! Every open scope holds exactly one token: one open round or one open block. A block holds one scope per branch.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

use crate::{ReadItem, Round, Seat, SeatStatus, Timer};

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
