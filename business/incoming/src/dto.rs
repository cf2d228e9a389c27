//! What the pages send and get. Names follow the HTTP contract.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zs_base::Id;

pub use crate::dto_form::{
    Duplicate, Duplicates, NextSerial, Options, ReturnTarget, ReturnTargets,
};
use crate::ink::Ink;
use crate::model::Attributes;
use crate::plan::Plan;

/// Answer of sign-in.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SignedIn {
    /// Document.
    pub id: Id,
    /// Version.
    pub version: i64,
}

/// Answer of an edit or a registration.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Registered {
    /// Document.
    pub id: Id,
    /// Serial number.
    pub serial_no: Option<String>,
    /// Version.
    pub version: i64,
    /// Instance revision.
    pub rev: i64,
    /// Undo.
    pub undo: Option<Undo>,
    /// What happens next, Chinese.
    pub next: String,
}

/// How to take an act back.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Undo {
    /// `withdraw`.
    pub act: String,
    /// The round that would be taken back.
    pub round: i64,
}

/// Answer of every act.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ActOut {
    /// Document.
    pub id: Id,
    /// Version.
    pub version: i64,
    /// Instance revision.
    pub rev: i64,
    /// Undo.
    pub undo: Option<Undo>,
    /// What happens next, Chinese: 已送 张三 批示.
    pub next: String,
}

/// One file with its order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Attachment {
    /// The file.
    #[serde(flatten)]
    pub file: zs_file::api::LinkedFile,
}

/// A plan as it was before a change.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PlanChange {
    /// Who changed it.
    pub by: String,
    /// When.
    pub at: i64,
    /// At which step.
    pub step_title: String,
    /// What it was before.
    pub before: Plan,
}

/// A signed opinion.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Opinion {
    /// Seat.
    pub id: Id,
    /// Stage.
    pub step: String,
    /// Its title.
    pub step_title: String,
    /// Identity.
    pub identity_id: Id,
    /// Name.
    pub name: String,
    /// Post.
    pub post: String,
    /// For whom.
    pub on_behalf_of: Option<String>,
    /// Words.
    pub text: String,
    /// Handwriting.
    pub ink: Option<Ink>,
    /// Decision.
    pub decision: Option<String>,
    /// When.
    pub at: i64,
    /// Rank; small = senior.
    pub rank: i64,
}

/// One undertaking.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Handling {
    /// Division or unit.
    pub unit_name: String,
    /// `lead` or `assist`.
    pub role: String,
    /// Liaison.
    pub liaison: Option<String>,
    /// Head.
    pub head: Option<String>,
    /// Undertaker.
    pub undertaker: Option<String>,
    /// What the head said.
    pub head_opinion: Option<String>,
    /// What was done.
    pub result: Option<String>,
    /// When.
    pub done_at: Option<i64>,
    /// Chinese state.
    pub state: String,
}

/// One reader.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ReadMark {
    /// Name.
    pub name: String,
    /// Post.
    pub post: String,
    /// Sent.
    pub sent_at: i64,
    /// Read.
    pub read_at: Option<i64>,
    /// What he wrote.
    pub opinion: Option<String>,
    /// Who passed it on.
    pub passed_on_by: Option<String>,
}

/// A task of the viewer's.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct MyTask {
    /// Task.
    pub task_id: Id,
    /// Stage.
    pub step: String,
    /// Its title.
    pub step_title: String,
    /// `todo` or `read`.
    pub kind: String,
    /// For whom the viewer acts.
    pub principal: Option<String>,
    /// Due, ms.
    pub due_at: Option<i64>,
    /// Held by the viewer; false for an unclaimed group item.
    pub claimed: bool,
    /// Received.
    pub received_at: i64,
}

/// An act with its verdict.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Act {
    /// Name of the act, the last part of its path.
    pub act: String,
    /// Chinese title of the button.
    pub title: String,
    /// Task it concerns.
    pub task_id: Option<Id>,
    /// Permitted now.
    pub allowed: bool,
    /// Why not.
    pub reason: Option<String>,
    /// The main button.
    pub primary: bool,
    /// An opinion must be given.
    pub needs_opinion: bool,
    /// Round to take back, for `withdraw`.
    pub round: Option<i64>,
}

/// A line of the record.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TimelineItem {
    /// Event.
    pub seq: i64,
    /// When.
    pub at: i64,
    /// Who.
    pub name: String,
    /// His post.
    pub post: String,
    /// For whom.
    pub on_behalf_of: Option<String>,
    /// What.
    pub act: String,
    /// What, Chinese.
    pub act_title: String,
    /// Where.
    pub step_title: String,
    /// What he wrote.
    pub opinion: Option<String>,
    /// To whom it went.
    pub to: Vec<String>,
    /// More.
    pub detail: Option<String>,
}

/// One round in the flow picture.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct FlowStep {
    /// Round.
    pub round: i64,
    /// Stage.
    pub step: String,
    /// Title.
    pub title: String,
    /// `done`, `current`, `returned`, `cancelled` or `todo`.
    pub state: String,
    /// Who should act.
    pub meant: Vec<String>,
    /// Who acted.
    pub acted: Vec<ActedBy>,
    /// Due, ms.
    pub due_at: Option<i64>,
    /// Rounds before it.
    pub prev: Vec<i64>,
}

/// Who acted in a round.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ActedBy {
    /// Name.
    pub name: String,
    /// For whom.
    pub on_behalf_of: Option<String>,
    /// What, Chinese.
    pub act_title: String,
    /// When.
    pub at: i64,
}

/// The page of one document.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Detail {
    /// Document.
    pub id: Id,
    /// Version for `If-Match`.
    pub version: i64,
    /// Instance revision, sent back with acts.
    pub rev: i64,
    /// Flow instance.
    pub instance_id: Id,
    /// Serial number.
    pub serial_no: Option<String>,
    /// Year.
    pub year: i64,
    /// Unit.
    pub unit_id: Id,
    /// Its name.
    pub unit_name: String,
    /// Attributes.
    #[serde(flatten)]
    pub attributes: Attributes,
    /// `read` or `handle`.
    pub kind: Option<String>,
    /// Status.
    pub status: String,
    /// Where it stands, as far as the viewer may see.
    pub visible_status: String,
    /// Signed in by.
    pub signed_in_by: String,
    /// When.
    pub signed_in_at: i64,
    /// Registered by.
    pub registered_by: Option<String>,
    /// When.
    pub registered_at: Option<i64>,
    /// Completed.
    pub completed_at: Option<i64>,
    /// Filed.
    pub archived_at: Option<i64>,
    /// Deadline.
    pub deadline: Option<String>,
    /// Calendar days left; negative = overdue.
    pub days_left: Option<i64>,
    /// Times urged; only for those who see the urging.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urge_count: Option<i64>,
    /// Reply.
    pub reply_text: Option<String>,
    /// Reply date.
    pub replied_date: Option<String>,
    /// Result.
    pub handling_result: Option<String>,
    /// Retention.
    pub retention: Option<String>,
    /// Note for the fonds.
    pub fonds_note: Option<String>,
    /// SM3 of the archive package.
    pub digest: Option<String>,
    /// Why it was sent back to the sender.
    pub reject_reason: Option<String>,
    /// Why it is void.
    pub void_reason: Option<String>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Plan in force.
    pub plan: Option<Plan>,
    /// Plans before.
    pub plan_revisions: Vec<PlanChange>,
    /// Opinions, leaders first.
    pub opinions: Vec<Opinion>,
    /// Undertakings.
    pub handling: Vec<Handling>,
    /// Readers.
    pub circulation: Vec<ReadMark>,
    /// Tasks of the viewer.
    pub tasks: Vec<MyTask>,
    /// Acts with their verdicts.
    pub acts: Vec<Act>,
    /// Record.
    pub timeline: Vec<TimelineItem>,
    /// Flow picture.
    pub flow: Vec<FlowStep>,
    /// The viewer watches it.
    pub watched: bool,
}
