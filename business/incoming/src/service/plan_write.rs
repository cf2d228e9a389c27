//! Writing a plan: checked, guarded, kept as a revision, given to the flow.

use std::collections::BTreeMap;

use serde_json::Value;
use zs_base::Result;
use zs_base::time::Date;
use zs_ctx::WriteTx;
use zs_flowcore::After;

use super::{Task, deadline, guard};
use crate::code::{BRANCH_ONE_NODE, BRANCH_STRAIGHT_BACK};
use crate::definition::stage;
use crate::plan::{Plan, UndertakingPlan};
use crate::store::{self, PlanBy};

/// Writes the plan of a task; the variables for the flow.
pub(crate) fn write(
    tx: &mut WriteTx<'_, '_>,
    t: &Task,
    plan: Plan,
) -> Result<(Plan, BTreeMap<String, Value>)> {
    let before = t.doc.plan.as_ref();
    let plan = plan.keeping_hidden(before);
    plan.check(before, Date::at(tx.now())).done()?;
    guard::plan(tx, t.doc.unit_id, &plan)?;
    let mut data = plan.variables();
    let begins = match t.stage.as_str() {
        stage::PROPOSE => !plan.needs_review && plan.instruct.identity_ids.is_empty(),
        stage::REVIEW => false,
        _ => true,
    };
    let mut in_force = plan.deadline.clone();
    if begins {
        let from = deadline::instructed_at(&t.loaded.def, &t.loaded.state);
        let from = from.or(t.doc.registered_at).unwrap_or(t.doc.signed_in_at);
        let d = deadline::decide(tx, &t.doc, &plan, from)?;
        in_force = d.date;
        data.extend(d.variables);
    } else {
        data.insert("deadline".into(), Value::from(plan.deadline.clone()));
    }
    if let Some(item) = branch_item(t, &plan)? {
        data.insert("item".into(), item);
    }
    store::set_plan(tx, &t.granted, t.doc.id, &plan, in_force.as_deref())?;
    if before != Some(&plan) {
        let name = tx.actor()?.name.clone();
        let by = PlanBy {
            step: &t.stage,
            step_title: &t.step_title,
            identity: t.me,
            name: &name,
        };
        store::keep_plan(tx, &t.granted, t.doc.id, &plan, &by)?;
    }
    Ok((plan, data))
}

/// A plan written again because one branch came back: that branch may get another node, the others stay.
fn branch_item(t: &Task, plan: &Plan) -> Result<Option<Value>> {
    let item = t
        .loaded
        .state
        .scope(t.scope)
        .and_then(|s| s.vars.get("item"));
    let Some(item) = item else { return Ok(None) };
    let own = |u: &&UndertakingPlan| Some(u.node_id.0) == item.get("node").and_then(Value::as_i64);
    let old: Vec<&UndertakingPlan> = t.doc.plan.iter().flat_map(|p| &p.undertakings).collect();
    let others: Vec<&UndertakingPlan> = old.iter().copied().filter(|u| !own(u)).collect();
    let mut rest: Vec<&UndertakingPlan> = plan
        .undertakings
        .iter()
        .filter(|u| !others.contains(u))
        .collect();
    let kept = others.iter().all(|u| plan.undertakings.contains(u));
    let (Some(new), true, true) = (rest.pop(), rest.is_empty(), kept) else {
        return Err(BRANCH_ONE_NODE.err());
    };
    let same = Some(new.node_id.0) == item.get("node").and_then(Value::as_i64)
        && Some(new.role.as_str()) == item.get("role").and_then(Value::as_str);
    let straight = t
        .loaded
        .state
        .round(t.round)
        .is_some_and(|r| matches!(r.after, After::StraightBack(_)));
    match (same, straight) {
        (true, _) => Ok(None),
        (false, true) => Err(BRANCH_STRAIGHT_BACK.err()),
        (false, false) => Ok(Some(new.item())),
    }
}
