//! Commands, actors and refusals.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Who gives a command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Identity (身份) he acts with; 0 for the system.
    pub identity: i64,
    /// Process administrator.
    #[serde(default)]
    pub admin: bool,
    /// The system itself (timers, handover jobs).
    #[serde(default)]
    pub system: bool,
}

impl Actor {
    /// A person.
    pub fn person(identity: i64) -> Self {
        Self {
            identity,
            ..Self::default()
        }
    }

    /// A process administrator.
    pub fn admin(identity: i64) -> Self {
        Self {
            identity,
            admin: true,
            system: false,
        }
    }

    /// The system.
    pub fn system() -> Self {
        Self {
            identity: 0,
            admin: true,
            system: true,
        }
    }
}

/// Command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Command {
    /// Who.
    pub actor: Actor,
    /// What.
    pub act: Act,
}

impl Command {
    /// A person's command.
    pub fn by(identity: i64, act: Act) -> Self {
        Self {
            actor: Actor::person(identity),
            act,
        }
    }
}

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

/// Kind of an act, as listed by `allowed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "named as the acts")]
pub enum ActKind {
    Start,
    Claim,
    Unclaim,
    Complete,
    Return,
    Withdraw,
    Recall,
    Transfer,
    AssignHelp,
    RecallHelp,
    AddSigner,
    RemoveSigner,
    Circulate,
    Read,
    Seen,
    SaveDraft,
    Urge,
    SetData,
    Suspend,
    Resume,
    Jump,
    Assign,
    Void,
    Terminate,
    ChangeDue,
    TimerFired,
    PersonLeft,
    DelegateStarted,
    DelegateEnded,
}

/// What an act is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The instance.
    Instance,
    /// A seat.
    Seat(i64),
    /// A round.
    Round(i64),
    /// A read item.
    Item(i64),
    /// A timer.
    Timer(i64),
}

/// Refusal: nothing changed, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Stable code.
    pub code: &'static str,
    /// Chinese text that says what to do.
    pub message: String,
}

impl Refusal {
    /// A refusal.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Refusal {}

impl Act {
    /// Kind and target.
    pub fn subject(&self) -> (ActKind, Target) {
        use Target::{Instance, Item, Round, Seat, Timer};
        match self {
            Self::Start { .. } => (ActKind::Start, Instance),
            Self::Claim { seat } => (ActKind::Claim, Seat(*seat)),
            Self::Unclaim { seat } => (ActKind::Unclaim, Seat(*seat)),
            Self::Complete { seat, .. } => (ActKind::Complete, Seat(*seat)),
            Self::Return { seat, .. } => (ActKind::Return, Seat(*seat)),
            Self::Withdraw { seat, .. } => (ActKind::Withdraw, Seat(*seat)),
            Self::Recall { .. } => (ActKind::Recall, Instance),
            Self::Transfer { seat, .. } => (ActKind::Transfer, Seat(*seat)),
            Self::AssignHelp { seat, .. } => (ActKind::AssignHelp, Seat(*seat)),
            Self::RecallHelp { seat } => (ActKind::RecallHelp, Seat(*seat)),
            Self::AddSigner { seat, .. } => (ActKind::AddSigner, Seat(*seat)),
            Self::RemoveSigner { seat, .. } => (ActKind::RemoveSigner, Seat(*seat)),
            Self::Circulate {
                from: CirculateFrom::Seat(s),
                ..
            } => (ActKind::Circulate, Seat(*s)),
            Self::Circulate {
                from: CirculateFrom::Item(i),
                ..
            } => (ActKind::Circulate, Item(*i)),
            Self::Read { item, .. } => (ActKind::Read, Item(*item)),
            Self::Seen { seat } => (ActKind::Seen, Seat(*seat)),
            Self::SaveDraft { seat, .. } => (ActKind::SaveDraft, Seat(*seat)),
            Self::Urge { .. } => (ActKind::Urge, Instance),
            Self::SetData { .. } => (ActKind::SetData, Instance),
            Self::Suspend { .. } => (ActKind::Suspend, Instance),
            Self::Resume { .. } => (ActKind::Resume, Instance),
            Self::Jump { .. } => (ActKind::Jump, Instance),
            Self::Assign { round, .. } => (ActKind::Assign, Round(*round)),
            Self::Void { .. } => (ActKind::Void, Instance),
            Self::Terminate { .. } => (ActKind::Terminate, Instance),
            Self::ChangeDue { round, .. } => (ActKind::ChangeDue, Round(*round)),
            Self::TimerFired { timer } => (ActKind::TimerFired, Timer(*timer)),
            Self::PersonLeft { .. } => (ActKind::PersonLeft, Instance),
            Self::DelegateStarted { .. } => (ActKind::DelegateStarted, Instance),
            Self::DelegateEnded { .. } => (ActKind::DelegateEnded, Instance),
        }
    }
}
