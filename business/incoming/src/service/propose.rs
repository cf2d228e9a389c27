//! 拟办 propose_handling: the secretary proposes who instructs, reads and undertakes, by when, and whether to urge.

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::{Id, Result};
use zs_ctx::{Ctx, WriteTx};

use super::{Completion, open_task, plan_write};
use crate::definition::stage;
use crate::dto::ActOut;
use crate::perm;
use crate::plan::Plan;

/// The proposal.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Propose {
    /// Document.
    pub id: Id,
    /// Task.
    pub task_id: Id,
    /// Revision the page saw.
    #[serde(default)]
    pub rev: Option<i64>,
    /// Plan.
    pub plan: Plan,
}

/// Proposes.
pub async fn propose(ctx: Ctx, a: Propose) -> Result<ActOut> {
    ctx.write(perm::OP_PROPOSE, move |tx| run(tx, &a)).await
}

fn run(tx: &mut WriteTx<'_, '_>, a: &Propose) -> Result<ActOut> {
    let t = open_task(tx, a.id, a.task_id, stage::PROPOSE)?;
    let (plan, data) = plan_write::write(tx, &t, a.plan.clone())?;
    let acted = t.complete(
        tx,
        Completion {
            rev: a.rev,
            opinion: Some(&plan.proposed_handling),
            data,
            ..Completion::default()
        },
    )?;
    t.answer(tx, &acted)
}
