//! 批示 instruct: the leader writes, by keyboard or pen; the document then returns to the secretary, who dispatches it.

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::{Id, Result};
use zs_ctx::{Ctx, WriteTx};

use super::{Completion, check_opinion, open_task};
use crate::definition::stage;
use crate::dto::ActOut;
use crate::ink::Ink;
use crate::perm;

/// The instruction.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Instruct {
    /// Document.
    pub id: Id,
    /// Task.
    pub task_id: Id,
    /// Revision the page saw.
    #[serde(default)]
    pub rev: Option<i64>,
    /// Words; may be empty when there is handwriting.
    #[serde(default)]
    pub opinion: Option<String>,
    /// Handwriting.
    #[serde(default)]
    pub ink: Option<Ink>,
}

/// Instructs.
pub async fn instruct(ctx: Ctx, a: Instruct) -> Result<ActOut> {
    ctx.write(perm::OP_INSTRUCT, move |tx| run(tx, &a)).await
}

fn run(tx: &mut WriteTx<'_, '_>, a: &Instruct) -> Result<ActOut> {
    let t = open_task(tx, a.id, a.task_id, stage::INSTRUCT)?;
    check_opinion(
        "opinion",
        "批示意见",
        a.opinion.as_deref(),
        a.ink.as_ref(),
        true,
    )?;
    t.keep_ink(tx, a.ink.as_ref())?;
    let words = a.opinion.as_deref().filter(|o| !o.trim().is_empty());
    let opinion = words.or(a.ink.as_ref().map(|_| "（手写批示）"));
    let acted = t.complete(
        tx,
        Completion {
            rev: a.rev,
            opinion,
            ..Completion::default()
        },
    )?;
    t.answer(tx, &acted)
}
