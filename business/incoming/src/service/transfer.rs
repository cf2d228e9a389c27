//! 转办 transfer: the task goes to somebody else of the same unit for good.

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::{Error, Id, Result};
use zs_ctx::{Ctx, WriteTx};
use zs_flowcore::Act;

use super::{check_opinion, guard, open_any};
use crate::dto::ActOut;
use crate::perm;

/// The transfer.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Transfer {
    /// Document.
    pub id: Id,
    /// Task.
    pub task_id: Id,
    /// Revision the page saw.
    #[serde(default)]
    pub rev: Option<i64>,
    /// To whom.
    pub identity_id: Id,
    /// Why.
    pub reason: String,
}

/// Transfers a task.
pub async fn transfer(ctx: Ctx, a: Transfer) -> Result<ActOut> {
    ctx.write(perm::OP_TRANSFER, move |tx| run(tx, &a)).await
}

fn run(tx: &mut WriteTx<'_, '_>, a: &Transfer) -> Result<ActOut> {
    let t = open_any(tx, a.id, a.task_id)?;
    check_opinion("reason", "转办原因", Some(&a.reason), None, true)?;
    let me = zs_org::api::identity(tx, t.me)?;
    for p in guard::people(tx, "identity_id", &[a.identity_id])? {
        if p.unit_id != me.unit_id {
            return Err(Error::field(
                "identity_id",
                format!("{}不是本单位人员，只能转办给本单位人员", p.name),
            ));
        }
    }
    let act = Act::Transfer {
        seat: t.seat.id,
        to: a.identity_id.0,
        opinion: Some(a.reason.trim().to_owned()),
    };
    let acted = t.act(tx, a.rev, act)?;
    super::answer(tx, &t.granted, &t.doc, &acted, "transfer", None)
}
