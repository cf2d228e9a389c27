//! 取回 withdraw: whoever handed something on takes it back while nobody after him has acted.

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::{Error, Id, Result};
use zs_ctx::{Ctx, Granted, WriteTx};
use zs_flowcore::{Act, ActKind, Actor, Command, Target, verdict};

use super::{answer, open_doc};
use crate::dto::ActOut;
use crate::{flow, perm};

/// The withdrawal.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Withdraw {
    /// Document.
    pub id: Id,
    /// Revision the page saw.
    #[serde(default)]
    pub rev: Option<i64>,
    /// The round to take back; absent = one's last.
    #[serde(default)]
    pub round: Option<i64>,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Takes an own step back.
pub async fn withdraw(ctx: Ctx, a: Withdraw) -> Result<ActOut> {
    ctx.write(perm::OP_WITHDRAW, move |tx| run(tx, &a)).await
}

fn run(tx: &mut WriteTx<'_, '_>, a: &Withdraw) -> Result<ActOut> {
    let (doc, loaded) = open_doc(tx, a.id)?;
    let mine = tx.actor()?.identities.clone();
    super::check_opinion("reason", "取回原因", a.reason.as_deref(), None, false)?;
    let s = &loaded.state;
    let mut refused = None;
    let mut found = None;
    for r in s
        .rounds
        .iter()
        .rev()
        .filter(|r| a.round.is_none_or(|w| w == r.id))
    {
        for x in r.seats.iter().rev().filter(|x| !x.is_live()) {
            let Some(me) = mine
                .iter()
                .find(|m| x.by == Some(m.0) || x.on_behalf_of == Some(m.0))
            else {
                continue;
            };
            match verdict(
                &loaded.def,
                s,
                &Actor::person(me.0),
                ActKind::Withdraw,
                Target::Seat(x.id),
            ) {
                Ok(()) => found = found.or(Some((*me, x.id))),
                Err(why) => refused = refused.or(Some(why)),
            }
        }
        if found.is_some() {
            break;
        }
    }
    let Some((me, seat)) = found else {
        return Err(match refused {
            Some(r) => Error::rule(r.code, r.message),
            None => Error::field("round", "没有您可以取回的环节，请刷新后查看"),
        });
    };
    let act = Act::Withdraw {
        seat,
        reason: a.reason.clone(),
    };
    let acted = flow::act(tx, loaded.row.id, a.rev, Command::by(me.0, act))?;
    answer(
        tx,
        &Granted::by_seat(perm::READ),
        &doc,
        &acted,
        "withdraw",
        None,
    )
}
