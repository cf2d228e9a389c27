//! Definition 流程定义: steps, links and their settings. Immutable once published, shared by `Arc` after compiling.

use serde::{Deserialize, Serialize};

use crate::{
    Cond, DuplicatePolicy, EmptyPolicy, Overdue, ReturnInto, ReturnOut, StarterPolicy, Who,
};

/// Flow definition 流程定义, one published version.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// Stable key, e.g. `incoming`.
    pub key: String,
    /// Version, counted from 1.
    pub version: u32,
    /// Chinese title.
    pub title: String,
    /// Steps.
    pub steps: Vec<Step>,
    /// Links between steps.
    pub links: Vec<Link>,
    /// Settings of the whole flow.
    #[serde(default)]
    pub settings: Settings,
}

/// Settings of the whole flow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// When the starter may take the whole instance back to draft (撤回).
    pub recall: RecallPolicy,
    /// Whether the starter may end his own instance.
    pub starter_may_terminate: bool,
    /// Shortest time between two urging notices by one person, in ms.
    pub urge_interval_ms: i64,
    /// On resume, due times and timers move by the length of the pause.
    pub shift_on_resume: bool,
    /// Readers (知会) see the round they were told of and what follows it; off: only their own item.
    pub readers_see_downstream: bool,
    /// The heir of a leaver who is already a member of the round: merge into one seat instead of holding two.
    pub merge_heir_seats: bool,
    /// Transfer back to somebody who held the item before is allowed.
    pub transfer_back: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            recall: RecallPolicy::BeforeActed,
            starter_may_terminate: false,
            urge_interval_ms: 3_600_000,
            shift_on_resume: true,
            readers_see_downstream: false,
            merge_heir_seats: true,
            transfer_back: true,
        }
    }
}

/// When the starter may take everything back (撤回).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecallPolicy {
    /// Never.
    Never,
    /// While nobody after the starter has acted.
    #[default]
    BeforeActed,
    /// At any time while the instance runs.
    AnyTime,
}

/// Step 步骤 (node of the definition).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Step {
    /// Identifier, unique in the definition.
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// What the step does.
    pub kind: StepKind,
    /// Who gets it.
    pub who: Who,
    /// How many of them must act.
    pub how_many: HowMany,
    /// How their ballots are counted.
    pub votes: VoteRule,
    /// What a handler may do.
    pub acts: Acts,
    /// Decisions offered to the handler; empty means the single decision `agree`.
    pub decisions: Vec<Decision>,
    /// Limit in working days from the opening of the round (办文期限).
    pub limit_days: Option<u32>,
    /// Variable holding an absolute due time in ms; wins over `limit_days` when it holds a number.
    pub limit_from: Option<String>,
    /// The limit applies only if this holds (e.g. only to the lead unit).
    pub limit_when: Option<Cond>,
    /// Variable holding an absolute pre-reminder time in ms (预先提醒期限).
    pub pre_remind_from: Option<String>,
    /// What happens after the due time.
    pub overdue: Overdue,
    /// Its handlers may be urged only if this holds (催办只催主办); absent = always.
    pub urge_when: Option<Cond>,
    /// Persons told together with the handlers at each reminder (双向提醒).
    pub remind_also: Vec<Who>,
    /// What happens when nobody is found.
    pub empty: EmptyPolicy,
    /// What happens when a person has decided already.
    pub duplicates: DuplicatePolicy,
    /// What happens when the handler is the starter.
    pub starter: StarterPolicy,
    /// Separation of duties: handlers of these steps may not handle this one (经办人≠审核人).
    pub not_same_as: Vec<String>,
    /// May never be skipped by free choice or jump (必经).
    pub mandatory: bool,
    /// Business stage of the step for ledgers and pages, e.g. `propose_handling`; free text to the engine.
    pub stage: String,
}

/// Kind of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Start: the starter's own draft; completed by the act `start`, reopened by returns to the initiator.
    Start,
    /// Work of people.
    #[default]
    Task,
    /// Tells people and goes on at once (知会/抄送): read items that never block.
    Circulate,
    /// Parallel or, with conditions on its links, inclusive fork.
    Fork,
    /// Join of the fork before it (matched by the compiler).
    Join,
    /// Exclusive choice by the first link whose condition holds.
    Exclusive,
    /// End; reached inside a branch it ends the whole instance.
    End {
        /// Outcome recorded, e.g. `completed`, `rejected`.
        #[serde(default = "completed")]
        outcome: String,
    },
    /// One parallel branch per item of a list variable; an empty list passes at once.
    Each {
        /// Variable holding the list.
        over: String,
        /// Name under which the item is seen inside the branch.
        #[serde(default = "item")]
        item: String,
        /// First step of the body.
        body_start: String,
        /// Last step of the body; when it is left the branch has arrived.
        body_end: String,
    },
}

fn completed() -> String {
    "completed".into()
}

fn item() -> String {
    "item".into()
}

/// How many of the resolved persons must act.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HowMany {
    /// One seat; several resolved persons are candidates of whom one claims it.
    #[default]
    Single,
    /// A seat for each, the first decides (或签).
    AnySign,
    /// A seat for each, all must agree (并签).
    AllSign,
    /// One after the other in the resolved order (依次).
    Sequential,
    /// A seat for each, decided by `VoteRule` (票签).
    Quorum,
}

/// How ballots are counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VoteRule {
    /// Share of agreeing weight needed, numerator.
    pub num: u64,
    /// Share of agreeing weight needed, denominator.
    pub den: u64,
    /// The share must be exceeded, not only reached.
    pub strict: bool,
    /// Abstentions count in the denominator.
    pub abstain_counts: bool,
    /// One disagreement decides (一票否决).
    pub veto: bool,
    /// Leave as soon as the outcome is certain; off: wait for every ballot.
    pub early: bool,
    /// 或签: one disagreement decides; off: only when all disagree.
    pub any_disagree_decides: bool,
}

impl Default for VoteRule {
    fn default() -> Self {
        Self {
            num: 1,
            den: 2,
            strict: true,
            abstain_counts: true,
            veto: false,
            early: true,
            any_disagree_decides: true,
        }
    }
}

/// Named decision of a handler.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Name, referred to by `Cond::Decision`.
    pub name: String,
    /// Chinese title of the button.
    pub title: String,
    /// How it counts as a ballot.
    #[serde(default)]
    pub ballot: Ballot,
    /// What it does when it carries the round.
    #[serde(default)]
    pub effect: Effect,
}

/// Meaning of a decision as a ballot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ballot {
    /// For.
    #[default]
    Agree,
    /// Against.
    Disagree,
    /// Neither.
    Abstain,
}

/// What a carried decision does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Follow the links.
    #[default]
    Go,
    /// End the instance with this outcome (驳回即结束).
    End(String),
    /// Return to this step and run again from there (驳回到指定环节).
    Return(String),
}

/// What a handler may do at a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Acts {
    /// 退回 at all.
    pub may_return: bool,
    /// Limits 退回 to these steps; `None` = every earlier executed step.
    pub return_to: Option<Vec<String>>,
    /// 退回 with 直达 is offered.
    pub may_straight_back: bool,
    /// 退回 from inside a branch to before the fork.
    pub return_out: ReturnOut,
    /// 退回 from behind a join into one of its branches.
    pub return_into: ReturnInto,
    /// After 直达, those who had agreed are not asked again.
    pub keep_votes: bool,
    /// 转办.
    pub may_transfer: bool,
    /// 委派.
    pub may_help: bool,
    /// 加签/减签.
    pub may_add_signer: bool,
    /// 知会/传阅.
    pub may_circulate: bool,
    /// 取回 by the handler of this step.
    pub may_withdraw: bool,
    /// 取回 is refused once a successor has opened his item.
    pub read_blocks_withdraw: bool,
    /// Free choice of a later step, skipping what lies between (自由流).
    pub may_skip: bool,
    /// An opinion must be given on completion.
    pub opinion_required: bool,
    /// The seats are shown as reading (待阅) although the step waits for them.
    pub reading: bool,
    /// Group item: candidates are resolved anew when it is given back.
    pub refresh_candidates: bool,
}

impl Default for Acts {
    fn default() -> Self {
        Self {
            may_return: true,
            return_to: None,
            may_straight_back: true,
            return_out: ReturnOut::BranchOnly,
            return_into: ReturnInto::Branch,
            keep_votes: true,
            may_transfer: true,
            may_help: true,
            may_add_signer: true,
            may_circulate: true,
            may_withdraw: true,
            read_blocks_withdraw: false,
            may_skip: false,
            opinion_required: false,
            reading: false,
            refresh_candidates: true,
        }
    }
}

/// Link between two steps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// From this step.
    pub from: String,
    /// To this step.
    pub to: String,
    /// When it may be taken; `Always` is the default way out, tried last.
    #[serde(default)]
    pub when: Cond,
}
