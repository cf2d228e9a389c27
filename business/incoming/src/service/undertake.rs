//! 承办 undertake: the undertaker handles the document and writes what he did 办理情况.

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::{Id, Result};
use zs_ctx::{Ctx, WriteTx};

use super::{Completion, check_opinion, open_task};
use crate::definition::stage;
use crate::dto::ActOut;
use crate::perm;

/// What was done.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Undertake {
    /// Document.
    pub id: Id,
    /// Task.
    pub task_id: Id,
    /// Revision the page saw.
    #[serde(default)]
    pub rev: Option<i64>,
    /// Result.
    pub result: String,
}

/// Reports the result.
pub async fn undertake(ctx: Ctx, a: Undertake) -> Result<ActOut> {
    ctx.write(perm::OP_UNDERTAKE, move |tx| run(tx, &a)).await
}

fn run(tx: &mut WriteTx<'_, '_>, a: &Undertake) -> Result<ActOut> {
    let t = open_task(tx, a.id, a.task_id, stage::UNDERTAKE)?;
    check_opinion("result", "办理情况", Some(&a.result), None, true)?;
    let acted = t.complete(
        tx,
        Completion {
            rev: a.rev,
            opinion: Some(&a.result),
            ..Completion::default()
        },
    )?;
    t.answer(tx, &acted)
}
