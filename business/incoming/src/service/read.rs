//! 阅 read: marks a read item or a seat of the circulation as read; a to-do as opened.

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::{Error, Id, Result};
use zs_ctx::{Ctx, Granted, WriteTx};
use zs_flowcore::{Act, Command, SeatKind};

use super::{Completion, answer, open_any, open_doc};
use crate::dto::ActOut;
use crate::{flow, perm};

/// Which task.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct ReadTask {
    /// Document.
    pub id: Id,
    /// Task.
    pub task_id: Id,
    /// Revision the page saw.
    #[serde(default)]
    pub rev: Option<i64>,
}

/// Marks as read.
pub async fn read(ctx: Ctx, a: ReadTask) -> Result<ActOut> {
    ctx.write(perm::OP_READ, move |tx| run(tx, &a)).await
}

fn run(tx: &mut WriteTx<'_, '_>, a: &ReadTask) -> Result<ActOut> {
    let (doc, loaded) = open_doc(tx, a.id)?;
    if let Some(item) = loaded.state.read_item(a.task_id.0) {
        let mine = tx.actor()?.identities.clone();
        let me = mine
            .into_iter()
            .find(|m| item.holder.admits(m.0))
            .ok_or_else(|| Error::not_found("这项待阅"))?;
        let act = Act::Read {
            item: a.task_id.0,
            opinion: None,
        };
        let acted = flow::act(tx, loaded.row.id, a.rev, Command::by(me.0, act))?;
        return answer(
            tx,
            &Granted::by_seat(perm::READ),
            &doc,
            &acted,
            "read",
            None,
        );
    }
    let t = open_any(tx, a.id, a.task_id)?;
    let acted = match t.seat.kind {
        SeatKind::Read => t.complete(
            tx,
            Completion {
                rev: a.rev,
                ..Completion::default()
            },
        )?,
        SeatKind::Todo => t.act(tx, a.rev, Act::Seen { seat: t.seat.id })?,
    };
    answer(tx, &t.granted, &t.doc, &acted, "read", None)
}
