//! 认领 claim and 退还 unclaim of a task that several people may take.

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::{Id, Result};
use zs_ctx::{Ctx, WriteTx};
use zs_flowcore::Act;

use super::{answer, open_any};
use crate::dto::ActOut;
use crate::perm;

/// Which task.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Claim {
    /// Document.
    pub id: Id,
    /// Task.
    pub task_id: Id,
    /// Revision the page saw.
    #[serde(default)]
    pub rev: Option<i64>,
}

/// Claims.
pub async fn claim(ctx: Ctx, a: Claim) -> Result<ActOut> {
    ctx.write(perm::OP_CLAIM, move |tx| run(tx, &a, true)).await
}

/// Gives back.
pub async fn unclaim(ctx: Ctx, a: Claim) -> Result<ActOut> {
    ctx.write(perm::OP_UNCLAIM, move |tx| run(tx, &a, false))
        .await
}

fn run(tx: &mut WriteTx<'_, '_>, a: &Claim, take: bool) -> Result<ActOut> {
    let t = open_any(tx, a.id, a.task_id)?;
    let seat = t.seat.id;
    let (act, name, text) = if take {
        (Act::Claim { seat }, "claim", "已认领")
    } else {
        (Act::Unclaim { seat }, "unclaim", "已退还")
    };
    let acted = t.act(tx, a.rev, act)?;
    let mut out = answer(tx, &t.granted, &t.doc, &acted, name, None)?;
    out.next = text.into();
    Ok(out)
}
