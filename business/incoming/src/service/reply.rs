//! 答复 reply (条例 art. 24): the result goes to the sender in time.

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::time::Date;
use zs_base::{Id, Result};
use zs_ctx::{Ctx, WriteTx};

use super::{Completion, open_task};
use crate::definition::stage;
use crate::dto::ActOut;
use crate::rule::Check;
use crate::{perm, store};

/// The reply.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Reply {
    /// Document.
    pub id: Id,
    /// Task.
    pub task_id: Id,
    /// Revision the page saw.
    #[serde(default)]
    pub rev: Option<i64>,
    /// What was answered.
    pub reply_text: String,
    /// When.
    pub replied_date: String,
}

/// Notes the reply.
pub async fn reply(ctx: Ctx, a: Reply) -> Result<ActOut> {
    ctx.write(perm::OP_REPLY, move |tx| run(tx, &a)).await
}

fn run(tx: &mut WriteTx<'_, '_>, a: &Reply) -> Result<ActOut> {
    let t = open_task(tx, a.id, a.task_id, stage::REPLY)?;
    let mut c = Check::default();
    c.text("reply_text", "答复内容", &a.reply_text, 1, 2000);
    c.date(
        "replied_date",
        "答复日期",
        &a.replied_date,
        Some(Date::at(tx.now())),
    );
    c.done()?;
    store::set_reply(tx, &t.granted, a.id, a.reply_text.trim(), &a.replied_date)?;
    let acted = t.complete(
        tx,
        Completion {
            rev: a.rev,
            opinion: Some(&a.reply_text),
            ..Completion::default()
        },
    )?;
    t.answer(tx, &acted)
}
