//! 分发 dispatch: after the 批示 the secretary sends the document out by the final plan (seed S2: 批示后返还文秘处理).

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::{Id, Result};
use zs_ctx::{Ctx, WriteTx};

use super::{Completion, check_opinion, open_task, plan_write};
use crate::definition::stage;
use crate::dto::ActOut;
use crate::perm;
use crate::plan::Plan;

/// The dispatch.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Dispatch {
    /// Document.
    pub id: Id,
    /// Task.
    pub task_id: Id,
    /// Revision the page saw.
    #[serde(default)]
    pub rev: Option<i64>,
    /// Final plan.
    pub plan: Plan,
    /// Opinion.
    #[serde(default)]
    pub opinion: Option<String>,
}

/// Dispatches.
pub async fn dispatch(ctx: Ctx, a: Dispatch) -> Result<ActOut> {
    ctx.write(perm::OP_DISPATCH, move |tx| run(tx, &a)).await
}

fn run(tx: &mut WriteTx<'_, '_>, a: &Dispatch) -> Result<ActOut> {
    let t = open_task(tx, a.id, a.task_id, stage::DISPATCH)?;
    check_opinion("opinion", "分发说明", a.opinion.as_deref(), None, false)?;
    let (_, data) = plan_write::write(tx, &t, a.plan.clone())?;
    let acted = t.complete(
        tx,
        Completion {
            rev: a.rev,
            opinion: a.opinion.as_deref(),
            data,
            ..Completion::default()
        },
    )?;
    t.answer(tx, &acted)
}
