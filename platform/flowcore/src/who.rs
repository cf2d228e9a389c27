//! Who gets a step: expressions that the engine or the organisation resolves to identities.

use serde::{Deserialize, Serialize};

/// Who gets a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// The starter (发起人). Resolved by the engine.
    #[default]
    Starter,
    /// One identity (身份).
    Identity(i64),
    /// Several identities, in order.
    Identities(Vec<i64>),
    /// Holders of a post (岗位). Resolved by the organisation.
    Post(i64),
    /// Members of a role within a unit. Resolved by the organisation.
    Role {
        /// Role code, e.g. `registry`, `liaison`.
        role: String,
        /// Which unit.
        unit: UnitRef,
    },
    /// Head of a unit or division (部门负责人). Resolved by the organisation.
    UnitHead(UnitRef),
    /// Direct superior of a person. Resolved by the organisation.
    SuperiorOf(PersonRef),
    /// Identity ids in a form field or in the branch item (`item.handler`): number, digits, list or comma-separated.
    FormField(String),
    /// Picked by an earlier handler in `Complete::next`; `among` limits the choice.
    ChosenByPrevious {
        /// The allowed range.
        #[serde(default)]
        among: Option<Box<Who>>,
    },
    /// Whoever handled that step last (nearest scope first).
    HandlerOf(String),
    /// All of these, in order, without repetition.
    AnyOf(Vec<Who>),
    /// Expression understood by the store only; passed through to `Outside::resolve`.
    Named(String),
}

/// Which unit a role or head is looked up in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitRef {
    /// Unit that owns the business object.
    #[default]
    OfSubject,
    /// Unit of the starter.
    OfStarter,
    /// Unit of the handler before.
    OfPrevious,
    /// A fixed unit.
    Named(i64),
    /// Unit id in a variable or in the branch item (`item.unit`).
    FormField(String),
}

/// Whose superior.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonRef {
    /// Of the starter.
    #[default]
    Starter,
    /// Of the handler before.
    Previous,
    /// Of an identity.
    Identity(i64),
}

/// A person to be seated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatSpec {
    /// Who acts.
    pub identity: i64,
    /// For whom he acts under a delegation (委托): "某某受某某委托".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<i64>,
    /// Under a delegation the principal may still act himself; the first act wins.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
    /// Weight of his ballot; 0 means 1.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub weight: u32,
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}

impl SeatSpec {
    /// An identity acting for himself.
    pub fn own(identity: i64) -> Self {
        Self {
            identity,
            ..Self::default()
        }
    }

    /// An agent acting for a principal, exclusively or shared.
    pub fn agent(identity: i64, principal: i64, shared: bool) -> Self {
        Self {
            identity,
            principal: Some(principal),
            shared,
            weight: 0,
        }
    }

    /// The person whose work it is: the principal where there is one.
    pub fn responsible(&self) -> i64 {
        self.principal.unwrap_or(self.identity)
    }

    /// May this identity act on the seat?
    pub fn admits(&self, identity: i64) -> bool {
        self.identity == identity || (self.shared && self.principal == Some(identity))
    }
}
