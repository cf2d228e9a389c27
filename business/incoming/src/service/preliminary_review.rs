//! 初审 preliminary_review (条例 art. 24): is it ours, is it in order; else back to the sender with the reason.

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::{Id, Result};
use zs_ctx::{Ctx, WriteTx};

use super::{Completion, check_opinion, open_task};
use crate::definition::stage;
use crate::dto::ActOut;
use crate::{perm, store};

/// The verdict.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct PreliminaryReview {
    /// Document.
    pub id: Id,
    /// Task.
    pub task_id: Id,
    /// Revision the page saw.
    #[serde(default)]
    pub rev: Option<i64>,
    /// It is ours and in order.
    pub pass: bool,
    /// Why, when it is not.
    #[serde(default)]
    pub opinion: Option<String>,
}

/// Passes a document or sends it back to the sender.
pub async fn preliminary_review(ctx: Ctx, a: PreliminaryReview) -> Result<ActOut> {
    ctx.write(perm::OP_PRELIMINARY_REVIEW, move |tx| run(tx, &a))
        .await
}

fn run(tx: &mut WriteTx<'_, '_>, a: &PreliminaryReview) -> Result<ActOut> {
    let t = open_task(tx, a.id, a.task_id, stage::PRELIMINARY_REVIEW)?;
    check_opinion(
        "opinion",
        if a.pass {
            "初审意见"
        } else {
            "退文原因"
        },
        a.opinion.as_deref(),
        None,
        !a.pass,
    )?;
    if let (false, Some(reason)) = (a.pass, &a.opinion) {
        store::set_rejected(tx, &t.granted, a.id, reason.trim())?;
    }
    let decision = Some(if a.pass { "pass" } else { "reject" });
    let acted = t.complete(
        tx,
        Completion {
            rev: a.rev,
            decision,
            opinion: a.opinion.as_deref(),
            ..Completion::default()
        },
    )?;
    t.answer(tx, &acted)
}
