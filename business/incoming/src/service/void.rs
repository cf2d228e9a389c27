//! 作废 void: the document ends, its number goes into the void book and is never given again.

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::{Error, Id, Result};
use zs_ctx::{Ctx, WriteTx};
use zs_flowcore::{Act, Actor, Command};
use zs_numbering::NewVoid;

use super::edit::editable;
use super::register::series;
use super::{answer, check_opinion, open_doc};
use crate::dto::ActOut;
use crate::{access, flow, perm, store};

/// The voiding.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Void {
    /// Document.
    pub id: Id,
    /// Revision the page saw.
    #[serde(default)]
    pub rev: Option<i64>,
    /// Why.
    pub reason: String,
}

/// Voids a document.
pub async fn void(ctx: Ctx, a: Void) -> Result<ActOut> {
    ctx.write(perm::OP_VOID, move |tx| run(tx, &a)).await
}

fn run(tx: &mut WriteTx<'_, '_>, a: &Void) -> Result<ActOut> {
    let (doc, loaded) = open_doc(tx, a.id)?;
    let actor = tx.actor()?.clone();
    let g = actor.require(perm::VOID)?;
    if !access::holds(&actor, perm::VOID, &doc) {
        return Err(zs_base::FORBIDDEN.with(&[&perm::VOID.title]));
    }
    editable(&doc)?;
    check_opinion("reason", "作废原因", Some(&a.reason), None, true)?;
    let reason = a.reason.trim();
    if let Some(number) = doc.serial {
        let v = NewVoid {
            unit: doc.unit_id,
            key: &series(&doc.attrs.doc_class),
            year: i32::try_from(doc.year).map_err(Error::internal)?,
            number,
            reason,
            entity: "incoming_doc",
            entity_id: doc.id,
        };
        zs_numbering::void(tx, &v)?;
    }
    store::set_voided(tx, &g, doc.id, reason)?;
    let command = Command {
        actor: Actor::admin(actor.identity.0),
        act: Act::Void {
            reason: reason.to_owned(),
        },
    };
    let acted = flow::act(tx, loaded.row.id, a.rev, command)?;
    answer(tx, &g, &doc, &acted, "void", None)
}
