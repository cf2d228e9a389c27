//! Kinds of events.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

use crate::{
    After, BranchSpec, Queued, RoundOrigin, RoundStatus, SeatKind, SeatOrigin, SeatOutcome,
    SeatSpec, TimerKind,
};

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "fields named after what they hold: round, seat, step, reason"
)]
pub enum EventKind {
    /// The instance started.
    Started {
        /// Starter.
        starter: i64,
        /// Definition key.
        key: String,
        /// Definition version.
        version: u32,
        /// First variables.
        variables: BTreeMap<String, Value>,
    },
    /// A fork or `Each` opened its branches; their scope ids follow the existing ones.
    BlockOpened {
        /// Block id.
        block: i64,
        /// The fork or `Each` step.
        step: String,
        /// Scope whose token it is.
        scope: i64,
        /// Causes.
        prev: Vec<i64>,
        /// Branches.
        branches: Vec<BranchSpec>,
    },
    /// A branch arrived at its join.
    BranchArrived {
        /// Branch scope.
        scope: i64,
        /// Its last rounds.
        last: Vec<i64>,
    },
    /// The join fired.
    BlockDone {
        /// Block id.
        block: i64,
    },
    /// A block was taken back with all its branches.
    BlockCancelled {
        /// Block id.
        block: i64,
    },
    /// A branch of an arrived or finished block was opened again.
    BranchReopened {
        /// Branch scope.
        scope: i64,
    },
    /// A round opened; its id follows the existing ones.
    RoundOpened {
        round: i64,
        step: String,
        /// Step title at that time.
        title: String,
        /// Scope.
        scope: i64,
        /// Counted per step.
        no: u32,
        /// Causes.
        prev: Vec<i64>,
        /// The round done again.
        redo_of: Option<i64>,
        origin: RoundOrigin,
        /// Where it goes when done.
        after: After,
        /// Due, ms.
        due: Option<i64>,
        /// Persons whose turn comes later.
        queue: Vec<Queued>,
    },
    /// A round closed.
    RoundClosed {
        round: i64,
        /// How.
        status: RoundStatus,
        /// The decision that carried it.
        decision: Option<String>,
    },
    /// A seat opened: the store makes a task.
    SeatOpened {
        /// Seat id = task id.
        seat: i64,
        round: i64,
        step: String,
        /// To do or to read.
        kind: SeatKind,
        /// Holder; `None` = group item.
        holder: Option<SeatSpec>,
        /// Candidates of a group item.
        candidates: Vec<SeatSpec>,
        /// How it came about.
        origin: SeatOrigin,
        /// Due, ms.
        due: Option<i64>,
        /// Draft opinion brought along.
        draft: Option<String>,
    },
    /// A vote of the earlier round counts again without being asked: no task.
    SeatCarried {
        /// New seat id.
        seat: i64,
        round: i64,
        /// The seat whose vote it is.
        from: i64,
    },
    /// A seat closed: the store closes the task. The actor of the event is who closed it.
    SeatClosed {
        seat: i64,
        round: i64,
        step: String,
        /// Outcome.
        outcome: SeatOutcome,
        /// Who handled it; `None` = system or not handled.
        by: Option<i64>,
        /// For whom.
        on_behalf_of: Option<i64>,
        /// Decision.
        decision: Option<String>,
        opinion: Option<String>,
        /// Why, when not handled.
        reason: Option<String>,
    },
    /// A seat waits for others: the store hides the task from the to-do list.
    SeatParked { seat: i64 },
    /// A parked seat can be handled again.
    SeatResumed { seat: i64 },
    /// A group item was claimed (签收认领).
    Claimed {
        seat: i64,
        /// The candidate who took it.
        holder: SeatSpec,
    },
    /// A group item was given back (退还).
    Unclaimed {
        seat: i64,
        /// Candidates now.
        candidates: Vec<SeatSpec>,
    },
    /// Candidates changed.
    CandidatesChanged {
        seat: i64,
        /// Candidates now.
        candidates: Vec<SeatSpec>,
    },
    /// Who acts on an open seat changed (委托 began or ended).
    HolderChanged {
        seat: i64,
        /// Holder now.
        holder: SeatSpec,
    },
    /// A seat was looked at for the first time.
    Seen { seat: i64 },
    /// Draft opinion saved.
    DraftSaved { seat: i64, draft: String },
    /// Persons whose turn comes later changed.
    QueueChanged {
        round: i64,
        /// Queue now.
        queue: Vec<Queued>,
    },
    /// A read item opened (知会/传阅).
    ReadOpened {
        item: i64,
        /// Round it was sent from.
        round: i64,
        /// Reader.
        holder: SeatSpec,
        /// Sender.
        by: Option<i64>,
        /// Read item it was passed on from.
        parent: Option<i64>,
        /// The reader sees the round and what follows.
        wide: bool,
        /// Note to the reader.
        note: Option<String>,
    },
    /// A read item was read (已阅).
    ReadDone {
        item: i64,
        /// Remark.
        opinion: Option<String>,
    },
    /// Variables set.
    DataSet {
        /// Scope whose variables they are; 1 = the instance.
        scope: i64,
        /// Values by name.
        values: BTreeMap<String, Value>,
    },
    /// Persons picked for a later step.
    Picked {
        /// Scope in which the pick is kept.
        scope: i64,
        /// Step.
        step: String,
        /// Persons.
        people: Vec<i64>,
        /// Round whose handler picked.
        round: i64,
    },
    /// A pick was used.
    PickUsed {
        /// Scope.
        scope: i64,
        /// Step.
        step: String,
    },
    /// 退回, summary for ledgers.
    Returned {
        /// Round returned.
        round: i64,
        /// Seat that returned it.
        seat: Option<i64>,
        /// Target step.
        to_step: String,
        /// Earlier round of the target.
        to_round: i64,
        /// Straight back afterwards.
        straight_back: bool,
        opinion: Option<String>,
    },
    /// 取回/撤回, summary for ledgers.
    Withdrawn {
        /// Round taken back; `None` for the whole instance.
        round: Option<i64>,
        /// Seat taken back.
        seat: Option<i64>,
        reason: Option<String>,
    },
    /// 转办/交接, summary for ledgers.
    Transferred {
        /// Old seat.
        from_seat: i64,
        /// New seat.
        to_seat: i64,
        /// From whom.
        from: Option<i64>,
        /// To whom.
        to: i64,
        opinion: Option<String>,
    },
    /// Steps left out by free choice.
    Skipped {
        /// Step ids.
        steps: Vec<String>,
    },
    /// 催办.
    Urged {
        /// Seats urged.
        seats: Vec<i64>,
        /// Persons to tell.
        persons: Vec<i64>,
        /// A notice goes out; false = too soon after the last one.
        notify: bool,
        note: Option<String>,
    },
    /// Timer set, or moved when the id exists.
    TimerSet {
        timer: i64,
        round: i64,
        /// Kind.
        kind: TimerKind,
        /// Fires at, ms.
        at: i64,
    },
    /// Timer gone.
    TimerCleared { timer: i64 },
    /// Timer fired and is gone.
    TimerFired {
        timer: i64,
        round: i64,
        /// Kind.
        kind: TimerKind,
    },
    /// Reminder to handlers and to those told with them (双向提醒).
    Reminded {
        round: i64,
        /// Kind of the timer.
        kind: TimerKind,
        /// Handlers.
        handlers: Vec<i64>,
        /// Others told.
        also: Vec<i64>,
    },
    /// Escalated to a leader; nobody found: administrator.
    Escalated {
        round: i64,
        /// Persons; empty = administrator.
        persons: Vec<i64>,
    },
    /// Due time changed.
    DueChanged {
        round: i64,
        /// Due now, ms.
        due: Option<i64>,
        reason: Option<String>,
    },
    /// Suspended (挂起): timers rest.
    Suspended { reason: Option<String> },
    /// Resumed.
    Resumed { reason: Option<String> },
    /// 跳转 by an administrator.
    Jumped {
        /// Scope.
        scope: i64,
        /// To this step.
        to: String,
        reason: String,
    },
    /// A round cannot go on: an administrator's to-do.
    Stuck {
        round: i64,
        /// Chinese reason.
        reason: String,
    },
    /// An administrator put a stuck round right.
    Unstuck { round: i64 },
    /// Something the persons should know.
    Notice {
        /// Code.
        code: String,
        /// Chinese text.
        message: String,
        /// Persons; empty = administrator.
        persons: Vec<i64>,
    },
    /// Somebody left, was moved, or is ill for long.
    PersonLeft {
        /// Who.
        person: i64,
        /// Who takes over.
        heir: Option<i64>,
    },
    /// Ended.
    Ended {
        /// Outcome.
        outcome: String,
    },
    /// Void (作废).
    Voided { reason: String },
    /// Terminated (终止).
    Terminated { reason: String },
}
