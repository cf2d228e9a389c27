//! 传阅 circulation: read, write a word or not; a division head may pass it on to his own people (seed S2: 分级传阅).

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::{Error, Id, Result};
use zs_ctx::{Ctx, Granted, WriteTx};
use zs_flowcore::{Act, CirculateFrom, Command};

use super::{Completion, answer, check_opinion, guard, open_doc, open_task};
use crate::code::{CASCADE_ONLY_HEAD, CASCADE_OWN_ONLY};
use crate::definition::stage;
use crate::dto::ActOut;
use crate::ink::Ink;
use crate::rule::may_cascade;
use crate::{flow, perm, store};

/// What the reader did.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct CirculationRead {
    /// Document.
    pub id: Id,
    /// Task: a seat of the circulation, or a read item that was passed on.
    pub task_id: Id,
    /// Revision the page saw.
    #[serde(default)]
    pub rev: Option<i64>,
    /// Words.
    #[serde(default)]
    pub opinion: Option<String>,
    /// Handwriting.
    #[serde(default)]
    pub ink: Option<Ink>,
    /// Own people to whom it is passed on.
    #[serde(default)]
    pub pass_on: Vec<Id>,
}

/// Reads and passes on.
pub async fn circulation_read(ctx: Ctx, a: CirculationRead) -> Result<ActOut> {
    ctx.write(perm::OP_CIRCULATION_READ, move |tx| run(tx, &a))
        .await
}

fn run(tx: &mut WriteTx<'_, '_>, a: &CirculationRead) -> Result<ActOut> {
    check_opinion(
        "opinion",
        "传阅意见",
        a.opinion.as_deref(),
        a.ink.as_ref(),
        false,
    )?;
    let words = a
        .opinion
        .as_deref()
        .map(str::trim)
        .filter(|o| !o.is_empty());
    let opinion = words.or(a.ink.as_ref().map(|_| "（手写意见）"));
    let (_, loaded) = open_doc(tx, a.id)?;
    if loaded.state.read_item(a.task_id.0).is_some() {
        return run_item(tx, a, opinion);
    }
    let t = open_task(tx, a.id, a.task_id, stage::CIRCULATION_READ)?;
    let mut rev = a.rev;
    if !a.pass_on.is_empty() {
        check_pass_on(tx, t.me, &a.pass_on)?;
        let from = CirculateFrom::Seat(t.seat.id);
        rev = Some(t.act(tx, rev, pass_on(from, &a.pass_on))?.rev);
    }
    t.keep_ink(tx, a.ink.as_ref())?;
    let acted = t.complete(
        tx,
        Completion {
            rev,
            opinion,
            ..Completion::default()
        },
    )?;
    t.answer(tx, &acted)
}

/// A read item: somebody passed it on or sent it for information.
fn run_item(
    tx: &mut WriteTx<'_, '_>,
    a: &CirculationRead,
    opinion: Option<&str>,
) -> Result<ActOut> {
    let (doc, loaded) = open_doc(tx, a.id)?;
    let item = loaded.state.read_item(a.task_id.0).cloned();
    let mine = tx.actor()?.identities.clone();
    let found = item.and_then(|i| mine.into_iter().find(|m| i.holder.admits(m.0)));
    let me = found.ok_or_else(|| Error::not_found("这项待阅"))?;
    let g = Granted::by_seat(perm::READ);
    let mut rev = a.rev;
    if !a.pass_on.is_empty() {
        check_pass_on(tx, me, &a.pass_on)?;
        let act = pass_on(CirculateFrom::Item(a.task_id.0), &a.pass_on);
        rev = Some(flow::act(tx, loaded.row.id, rev, Command::by(me.0, act))?.rev);
    }
    if let Some(ink) = &a.ink {
        store::put_ink(tx, &g, doc.id, a.task_id, me, ink)?;
    }
    let act = Act::Read {
        item: a.task_id.0,
        opinion: opinion.map(str::to_owned),
    };
    let acted = flow::act(tx, loaded.row.id, rev, Command::by(me.0, act))?;
    answer(tx, &g, &doc, &acted, stage::CIRCULATION_READ, None)
}

fn pass_on(from: CirculateFrom, to: &[Id]) -> Act {
    Act::Circulate {
        from,
        to: to.iter().map(|i| i.0).collect(),
        note: None,
        again: false,
    }
}

/// Only a head, only to his own division.
fn check_pass_on(tx: &mut WriteTx<'_, '_>, me: Id, to: &[Id]) -> Result<()> {
    let head = guard::facts(&zs_org::api::identity(tx, me)?);
    if !head.is_head {
        return Err(CASCADE_ONLY_HEAD.err());
    }
    let people = guard::people(tx, "pass_on", to)?;
    let strangers: Vec<String> = people
        .iter()
        .map(guard::facts)
        .filter(|p| !may_cascade(&head, p))
        .map(|p| p.name)
        .collect();
    if strangers.is_empty() {
        Ok(())
    } else {
        Err(CASCADE_OWN_ONLY.with(&[&strangers.join("、")]))
    }
}
