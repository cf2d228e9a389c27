//! Commands, actors and refusals.

use serde::{Deserialize, Serialize};

use crate::{Act, CirculateFrom};

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
