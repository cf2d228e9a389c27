//! 催办 urge: tells the lead undertakers downstream; never readers or assists (seed S2: 催办系统只催主办人).

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::{Id, Result};
use zs_ctx::{Ctx, Granted, WriteTx};
use zs_flowcore::{Act, ActKind, Command};

use super::{answer, instance_identity, open_doc};
use crate::code::NOTHING_TO_URGE;
use crate::dto::ActOut;
use crate::rule::Check;
use crate::{flow, perm};

/// The urging.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Urge {
    /// Document.
    pub id: Id,
    /// Revision the page saw.
    #[serde(default)]
    pub rev: Option<i64>,
    /// Text.
    #[serde(default)]
    pub message: Option<String>,
}

/// Urges.
pub async fn urge(ctx: Ctx, a: Urge) -> Result<ActOut> {
    ctx.write(perm::OP_URGE, move |tx| run(tx, &a)).await
}

fn run(tx: &mut WriteTx<'_, '_>, a: &Urge) -> Result<ActOut> {
    let (doc, loaded) = open_doc(tx, a.id)?;
    let mut c = Check::default();
    c.opt_text("message", "催办内容", a.message.as_deref(), 200);
    c.done()?;
    let me = instance_identity(tx, &loaded, ActKind::Urge)?;
    let act = Act::Urge {
        note: a.message.clone(),
    };
    let acted =
        flow::act(tx, loaded.row.id, a.rev, Command::by(me.0, act)).map_err(|e| match e.code {
            "nothing_to_urge" => NOTHING_TO_URGE.err(),
            _ => e,
        })?;
    let mut out = answer(
        tx,
        &Granted::by_seat(perm::READ),
        &doc,
        &acted,
        "urge",
        None,
    )?;
    out.next = "已催办".into();
    Ok(out)
}
