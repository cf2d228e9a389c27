//! 审阅 review: the office head may change the proposal and its result; the old text stays as a revision (seed S2).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::{Error, Id, Result};
use zs_ctx::{Ctx, WriteTx};

use super::{Completion, check_opinion, open_task, plan_write};
use crate::definition::stage;
use crate::dto::ActOut;
use crate::perm;
use crate::plan::Plan;

/// The review.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Review {
    /// Document.
    pub id: Id,
    /// Task.
    pub task_id: Id,
    /// Revision the page saw.
    #[serde(default)]
    pub rev: Option<i64>,
    /// The plan as changed; absent = as proposed.
    #[serde(default)]
    pub plan: Option<Plan>,
    /// Opinion.
    #[serde(default)]
    pub opinion: Option<String>,
    /// Must be true; who does not agree returns the task.
    #[serde(default = "yes")]
    pub agree: bool,
}

fn yes() -> bool {
    true
}

/// Reviews.
pub async fn review(ctx: Ctx, a: Review) -> Result<ActOut> {
    ctx.write(perm::OP_REVIEW, move |tx| run(tx, &a)).await
}

fn run(tx: &mut WriteTx<'_, '_>, a: &Review) -> Result<ActOut> {
    let t = open_task(tx, a.id, a.task_id, stage::REVIEW)?;
    check_opinion("opinion", "审阅意见", a.opinion.as_deref(), None, false)?;
    if !a.agree {
        return Err(Error::field(
            "agree",
            "不同意拟办意见的，请修改拟办方案，或用“退回”退给拟办人",
        ));
    }
    let data = match &a.plan {
        Some(p) => plan_write::write(tx, &t, p.clone())?.1,
        None => BTreeMap::new(),
    };
    let opinion = a
        .opinion
        .as_deref()
        .filter(|o| !o.trim().is_empty())
        .unwrap_or("同意拟办意见。");
    let acted = t.complete(
        tx,
        Completion {
            rev: a.rev,
            opinion: Some(opinion),
            data,
            ..Completion::default()
        },
    )?;
    t.answer(tx, &acted)
}
