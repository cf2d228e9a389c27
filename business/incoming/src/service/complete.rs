//! 办结 complete: the secretary closes the handling with its result 办理结果.

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::{Id, Result};
use zs_ctx::{Ctx, WriteTx};

use super::{Completion, check_opinion, open_task};
use crate::definition::stage;
use crate::dto::ActOut;
use crate::{perm, store};

/// The result.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Complete {
    /// Document.
    pub id: Id,
    /// Task.
    pub task_id: Id,
    /// Revision the page saw.
    #[serde(default)]
    pub rev: Option<i64>,
    /// Result.
    pub handling_result: String,
}

/// Completes.
pub async fn complete(ctx: Ctx, a: Complete) -> Result<ActOut> {
    ctx.write(perm::OP_COMPLETE, move |tx| run(tx, &a)).await
}

fn run(tx: &mut WriteTx<'_, '_>, a: &Complete) -> Result<ActOut> {
    let t = open_task(tx, a.id, a.task_id, stage::COMPLETE)?;
    check_opinion(
        "handling_result",
        "办理结果",
        Some(&a.handling_result),
        None,
        true,
    )?;
    store::set_result(tx, &t.granted, a.id, a.handling_result.trim())?;
    let acted = t.complete(
        tx,
        Completion {
            rev: a.rev,
            opinion: Some(&a.handling_result),
            ..Completion::default()
        },
    )?;
    t.answer(tx, &acted)
}
