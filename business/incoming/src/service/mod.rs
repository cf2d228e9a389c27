//! Use cases, one file each. Every act goes through the flow engine with the revision that the page saw.

pub mod archive;
pub mod assign;
pub mod circulate;
pub mod circulation_read;
pub mod claim;
pub mod complete;
pub mod deadline;
pub mod dispatch;
pub mod edit;
pub mod guard;
pub mod instruct;
pub mod liaison_forward;
pub mod plan_write;
pub mod preliminary_review;
pub mod propose;
pub mod read;
pub mod register;
pub mod reply;
pub mod return_;
pub mod review;
pub mod sign_in;
pub mod transfer;
pub mod undertake;
pub mod urge;
pub mod void;
pub mod withdraw;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use zs_base::{Error, Id, Result};
use zs_ctx::{Granted, WriteTx};
use zs_flow::{Acted, Loaded};
use zs_flowcore::{Act, ActKind, Actor, Command, NextPick, Seat, Target, verdict};

use crate::code::WRONG_STEP;
use crate::definition::stage_title;
use crate::dto::{ActOut, Undo};
use crate::ink::Ink;
use crate::model::Doc;
use crate::names::Names;
use crate::rule::Check;
use crate::{access, perm, project, store};

/// A task of the actor's, opened for an act.
pub(crate) struct Task {
    pub doc: Doc,
    pub loaded: Loaded,
    pub seat: Seat,
    pub round: i64,
    pub scope: i64,
    pub step_title: String,
    pub stage: String,
    /// Identity that acts.
    pub me: Id,
    pub granted: Granted,
}

/// The document with its flow, if the actor may see it; not found otherwise.
pub(crate) fn open_doc(tx: &mut WriteTx<'_, '_>, id: Id) -> Result<(Doc, Loaded)> {
    let doc = store::doc(tx, id)?;
    let ctx = tx.ctx().clone();
    let loaded = crate::flow::load(&ctx, tx, doc.instance_id)?;
    access::view(ctx.actor()?, &doc, &loaded, tx.now())?;
    Ok((doc, loaded))
}

/// The actor's task, whatever its step.
pub(crate) fn open_any(tx: &mut WriteTx<'_, '_>, id: Id, task: Id) -> Result<Task> {
    let (doc, loaded) = open_doc(tx, id)?;
    let Some((round, seat)) = loaded.state.seat(task.0) else {
        return Err(Error::not_found("这项待办"));
    };
    let (round, seat) = (round.clone(), seat.clone());
    let mine = tx.actor()?.identities.clone();
    let candidate = |i: &Id| seat.candidates.iter().any(|c| c.admits(i.0)) || seat.by == Some(i.0);
    let found = mine.iter().copied().find(|i| seat.admits(i.0));
    if !seat.is_live() || found.is_none() {
        let Some(me) = found.or_else(|| mine.iter().copied().find(candidate)) else {
            return Err(Error::not_found("这项待办"));
        };
        // Somebody was faster; the engine says who.
        let act = Act::Claim { seat: seat.id };
        let told = crate::flow::act(tx, loaded.row.id, None, Command::by(me.0, act));
        return Err(told.err().unwrap_or_else(|| zs_base::STALE.err()));
    }
    let Some(me) = found else {
        return Err(Error::not_found("这项待办"));
    };
    let principal = seat
        .holder
        .iter()
        .chain(&seat.candidates)
        .find(|h| h.admits(me.0))
        .and_then(|h| h.principal)
        .filter(|p| *p != me.0);
    if let Some(p) = principal {
        let names = Names::load(tx, &[p], &[])?;
        tx.on_behalf_of(Some(&names.name(p)));
    }
    let stage = project::stage_of(&loaded.def, &round.step);
    let step_title = loaded
        .def
        .step(&round.step)
        .map_or_else(|| round.step.clone(), |s| s.title.clone());
    Ok(Task {
        doc,
        loaded,
        seat,
        round: round.id,
        scope: round.scope,
        step_title,
        stage,
        me,
        granted: Granted::by_seat(perm::READ),
    })
}

/// The actor's task at a step of this stage.
pub(crate) fn open_task(tx: &mut WriteTx<'_, '_>, id: Id, task: Id, stage: &str) -> Result<Task> {
    let t = open_any(tx, id, task)?;
    if t.stage != stage {
        return Err(WRONG_STEP.with(&[&t.step_title, &stage_title(stage)]));
    }
    Ok(t)
}

/// How a task is completed.
#[derive(Default)]
pub(crate) struct Completion<'a> {
    pub rev: Option<i64>,
    pub decision: Option<&'a str>,
    pub opinion: Option<&'a str>,
    pub next: Vec<NextPick>,
    pub data: BTreeMap<String, Value>,
}

impl Task {
    /// Completes the task.
    pub(crate) fn complete(&self, tx: &mut WriteTx<'_, '_>, c: Completion<'_>) -> Result<Acted> {
        let opinion = c
            .opinion
            .map(str::trim)
            .filter(|o| !o.is_empty())
            .map(str::to_owned);
        let act = Act::Complete {
            seat: self.seat.id,
            decision: c.decision.map(str::to_owned),
            opinion,
            next: c.next,
            data: c.data,
        };
        self.act(tx, c.rev, act)
    }
    /// Does another act from this task.
    pub(crate) fn act(
        &self,
        tx: &mut WriteTx<'_, '_>,
        rev: Option<i64>,
        act: Act,
    ) -> Result<Acted> {
        crate::flow::act(tx, self.loaded.row.id, rev, Command::by(self.me.0, act))
    }
    /// The answer: next version, what happens next, how to undo.
    pub(crate) fn answer(&self, tx: &mut WriteTx<'_, '_>, acted: &Acted) -> Result<ActOut> {
        let undo = verdict(
            &acted.loaded.def,
            &acted.loaded.state,
            &Actor::person(self.me.0),
            ActKind::Withdraw,
            Target::Seat(self.seat.id),
        )
        .is_ok();
        let undo = undo.then(|| Undo {
            act: "withdraw".into(),
            round: self.round,
        });
        answer(tx, &self.granted, &self.doc, acted, &self.stage, undo)
    }
    /// Keeps handwriting with the task.
    pub(crate) fn keep_ink(&self, tx: &mut WriteTx<'_, '_>, ink: Option<&Ink>) -> Result<()> {
        match ink {
            Some(ink) => store::put_ink(
                tx,
                &self.granted,
                self.doc.id,
                Id(self.seat.id),
                self.me,
                ink,
            ),
            None => Ok(()),
        }
    }
}

/// Writes the version and the audit row of an act; the answer to the page.
pub(crate) fn answer(
    tx: &mut WriteTx<'_, '_>,
    g: &Granted,
    doc: &Doc,
    acted: &Acted,
    act: &str,
    undo: Option<Undo>,
) -> Result<ActOut> {
    let version = store::bump(tx, g, doc.id, None)?;
    tx.touch(
        "incoming_doc",
        doc.id,
        json!({"act": act, "serial_no": doc.serial_no, "version": version}),
    )?;
    Ok(ActOut {
        id: doc.id,
        version,
        rev: acted.rev,
        undo,
        next: acted.next_text(),
    })
}

/// An act on the instance as a whole: the identity of the actor's for which the engine allows it, else his first.
pub(crate) fn instance_identity(
    tx: &WriteTx<'_, '_>,
    loaded: &Loaded,
    kind: ActKind,
) -> Result<Id> {
    let actor = tx.actor()?;
    let may = |i: &&Id| {
        verdict(
            &loaded.def,
            &loaded.state,
            &Actor::person(i.0),
            kind,
            Target::Instance,
        )
        .is_ok()
    };
    Ok(actor
        .identities
        .iter()
        .find(may)
        .copied()
        .unwrap_or(actor.identity))
}

/// Rules of form of an opinion; `required` unless there is handwriting.
pub(crate) fn check_opinion(
    field: &str,
    what: &str,
    text: Option<&str>,
    ink: Option<&Ink>,
    required: bool,
) -> Result<()> {
    let mut c = Check::default();
    let min = usize::from(required && ink.is_none());
    c.text(field, what, text.unwrap_or_default(), min, 2000);
    if let Some(ink) = ink {
        ink.check(&mut c);
    }
    c.done()
}
