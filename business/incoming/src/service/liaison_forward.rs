//! 转送 liaison_forward: the liaison 综合代表 of the division passes the document to its head (seed S2: 承办).

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::{Id, Result};
use zs_ctx::{Ctx, WriteTx};

use super::{Completion, check_opinion, open_task};
use crate::definition::stage;
use crate::dto::ActOut;
use crate::perm;

/// The forwarding.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct LiaisonForward {
    /// Document.
    pub id: Id,
    /// Task.
    pub task_id: Id,
    /// Revision the page saw.
    #[serde(default)]
    pub rev: Option<i64>,
    /// Opinion.
    #[serde(default)]
    pub opinion: Option<String>,
}

/// Forwards.
pub async fn liaison_forward(ctx: Ctx, a: LiaisonForward) -> Result<ActOut> {
    ctx.write(perm::OP_LIAISON_FORWARD, move |tx| run(tx, &a))
        .await
}

fn run(tx: &mut WriteTx<'_, '_>, a: &LiaisonForward) -> Result<ActOut> {
    let t = open_task(tx, a.id, a.task_id, stage::LIAISON_FORWARD)?;
    check_opinion("opinion", "转送意见", a.opinion.as_deref(), None, false)?;
    let acted = t.complete(
        tx,
        Completion {
            rev: a.rev,
            opinion: a.opinion.as_deref(),
            ..Completion::default()
        },
    )?;
    t.answer(tx, &acted)
}
