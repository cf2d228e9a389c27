//! 退回 return: with the reason, to an earlier executed step; straight back afterwards unless every step is to run again.

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::{Error, Id, Result};
use zs_ctx::{Ctx, WriteTx};
use zs_flowcore::{Act, ReturnTo, SeatSpec, Then, return_targets as targets};

use super::{check_opinion, open_any};
use crate::dto::{ActOut, ReturnTarget, ReturnTargets};
use crate::names::Names;
use crate::{access, flow, perm, project, store};

/// The return.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Return {
    /// Document.
    pub id: Id,
    /// Task.
    pub task_id: Id,
    /// Revision the page saw.
    #[serde(default)]
    pub rev: Option<i64>,
    /// Round to which it goes back.
    pub target_round: i64,
    /// Why.
    pub reason: String,
    /// `straight_back` 直达 or `rerun` 重走.
    #[serde(default = "straight_back")]
    pub then: String,
}

fn straight_back() -> String {
    "straight_back".into()
}

/// Returns a task.
pub async fn return_task(ctx: Ctx, a: Return) -> Result<ActOut> {
    ctx.write(perm::OP_RETURN, move |tx| run(tx, &a)).await
}

fn run(tx: &mut WriteTx<'_, '_>, a: &Return) -> Result<ActOut> {
    let t = open_any(tx, a.id, a.task_id)?;
    check_opinion("reason", "退回理由", Some(&a.reason), None, true)?;
    let then = match a.then.as_str() {
        "straight_back" => Then::StraightBack,
        "rerun" => Then::Rerun,
        _ => return Err(Error::field("then", "请选择退回后“直接送回”或“重新办理”")),
    };
    let list = targets(&t.loaded.def, &t.loaded.state, t.seat.id);
    let target = list.iter().find(|r| r.id == a.target_round);
    let step = target.map(|r| r.step.clone());
    let step =
        step.ok_or_else(|| Error::field("target_round", "不能退回到该环节，请从列出的环节中选择"))?;
    let act = Act::Return {
        seat: t.seat.id,
        to: ReturnTo::Step(step),
        then,
        opinion: Some(a.reason.trim().to_owned()),
    };
    let acted = t.act(tx, a.rev, act)?;
    super::answer(tx, &t.granted, &t.doc, &acted, "return", None)
}

/// Which task.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct OfTask {
    /// Document.
    pub id: Id,
    /// Task.
    pub task_id: Id,
}

/// Where a task may be returned to.
pub async fn return_targets(ctx: Ctx, a: OfTask) -> Result<ReturnTargets> {
    let c = ctx.clone();
    let actor = ctx.actor()?.clone();
    ctx.read(move |tx| {
        let doc = store::doc(tx, a.id)?;
        let loaded = flow::load(&c, tx, doc.instance_id)?;
        let view = access::view(&actor, &doc, &loaded, tx.now())?;
        let seat = loaded.state.seat(a.task_id.0);
        if !seat.is_some_and(|(_, s)| view.identities.iter().any(|i| s.admits(*i))) {
            return Err(Error::not_found("这项待办"));
        }
        let names = Names::load(tx, &project::people(&loaded.state), &[])?;
        let items = targets(&loaded.def, &loaded.state, a.task_id.0)
            .into_iter()
            .map(|r| {
                let who = r.seats.iter().filter(|s| s.by.is_some()).filter_map(|s| {
                    s.on_behalf_of
                        .or(s.by)
                        .or_else(|| s.holder.as_ref().map(SeatSpec::responsible))
                });
                let step = loaded.def.step(&r.step);
                ReturnTarget {
                    round: r.id,
                    step: step.map(|s| s.stage.clone()).unwrap_or_default(),
                    title: step.map_or_else(|| r.step.clone(), |s| s.title.clone()),
                    name: who.map(|w| names.name(w)).collect::<Vec<_>>().join("、"),
                }
            })
            .collect();
        Ok(ReturnTargets { items })
    })
    .await
}
