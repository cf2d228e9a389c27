//! 知会 circulate: sends the document to others for reading; it never blocks.

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::{Error, Id, Result};
use zs_ctx::{Ctx, Granted, WriteTx};
use zs_flowcore::{Act, ActKind, Actor, CirculateFrom, Command, Target, verdict};

use super::{answer, guard, open_doc};
use crate::dto::ActOut;
use crate::rule::Check;
use crate::{flow, perm};

/// To whom.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Circulate {
    /// Document.
    pub id: Id,
    /// Revision the page saw.
    #[serde(default)]
    pub rev: Option<i64>,
    /// Readers.
    pub identity_ids: Vec<Id>,
    /// Note.
    #[serde(default)]
    pub note: Option<String>,
}

/// Sends for reading.
pub async fn circulate(ctx: Ctx, a: Circulate) -> Result<ActOut> {
    ctx.write(perm::OP_CIRCULATE, move |tx| run(tx, &a)).await
}

fn run(tx: &mut WriteTx<'_, '_>, a: &Circulate) -> Result<ActOut> {
    let (doc, loaded) = open_doc(tx, a.id)?;
    let mut c = Check::default();
    c.opt_text("note", "附言", a.note.as_deref(), 500);
    if a.identity_ids.is_empty() || a.identity_ids.len() > 200 {
        c.bad("identity_ids", "请选择1至200名知会人员");
    }
    c.done()?;
    let mine = tx.actor()?.identities.clone();
    let s = &loaded.state;
    let mut from = None;
    let mut refused = None;
    for me in &mine {
        let seats = s
            .rounds
            .iter()
            .flat_map(|r| &r.seats)
            .map(|x| (CirculateFrom::Seat(x.id), Target::Seat(x.id)));
        let items = s
            .reads
            .iter()
            .map(|i| (CirculateFrom::Item(i.id), Target::Item(i.id)));
        for (source, target) in items.chain(seats) {
            match verdict(
                &loaded.def,
                s,
                &Actor::person(me.0),
                ActKind::Circulate,
                target,
            ) {
                // The latest part of his in the flow.
                Ok(()) => from = Some((*me, source)),
                Err(r) => refused = Some(r),
            }
        }
    }
    let Some((me, from)) = from else {
        return Err(match refused {
            Some(r) => Error::rule(r.code, r.message),
            None => Error::not_found("可以发出知会的环节"),
        });
    };
    guard::readers(tx, doc.unit_id, me, "identity_ids", &a.identity_ids)?;
    let to = a.identity_ids.iter().map(|i| i.0).collect();
    let act = Act::Circulate {
        from,
        to,
        note: a.note.clone(),
        again: false,
    };
    let acted = flow::act(tx, loaded.row.id, a.rev, Command::by(me.0, act))?;
    answer(
        tx,
        &Granted::by_seat(perm::READ),
        &doc,
        &acted,
        "circulate",
        None,
    )
}
