//! 分办 assign: the head gives his opinion and the undertaker, or handles it himself (seed S2: 亲自办理或转交下级承办人).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use zs_base::{Error, Id, Result};
use zs_ctx::{Ctx, WriteTx};
use zs_flowcore::NextPick;

use super::{Completion, Task, check_opinion, guard, open_task};
use crate::definition::stage;
use crate::dto::ActOut;
use crate::perm;

/// The assignment.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Assign {
    /// Document.
    pub id: Id,
    /// Task.
    pub task_id: Id,
    /// Revision the page saw.
    #[serde(default)]
    pub rev: Option<i64>,
    /// Opinion of the head.
    #[serde(default)]
    pub opinion: Option<String>,
    /// Who undertakes it; absent = the head himself.
    #[serde(default)]
    pub undertaker_identity_id: Option<Id>,
    /// What was done, when the head handled it himself.
    #[serde(default)]
    pub result: Option<String>,
}

/// Assigns.
pub async fn assign(ctx: Ctx, a: Assign) -> Result<ActOut> {
    ctx.write(perm::OP_ASSIGN, move |tx| run(tx, &a)).await
}

fn run(tx: &mut WriteTx<'_, '_>, a: &Assign) -> Result<ActOut> {
    let t = open_task(tx, a.id, a.task_id, stage::ASSIGN)?;
    let acted = match a.undertaker_identity_id {
        Some(person) => {
            check_opinion("opinion", "办理意见", a.opinion.as_deref(), None, true)?;
            check_undertaker(tx, &t, person)?;
            let step = next_step(&t)?;
            let next = vec![NextPick {
                step,
                people: vec![person.0],
            }];
            let c = Completion {
                rev: a.rev,
                decision: Some("hand_on"),
                opinion: a.opinion.as_deref(),
                next,
                ..Completion::default()
            };
            t.complete(tx, c)?
        }
        None => {
            check_opinion("opinion", "办理意见", a.opinion.as_deref(), None, false)?;
            check_opinion("result", "办理结果", a.result.as_deref(), None, true)?;
            let data = with_result(&t, a.result.as_deref().unwrap_or_default());
            let c = Completion {
                rev: a.rev,
                decision: Some("handle_self"),
                opinion: a.opinion.as_deref(),
                data,
                ..Completion::default()
            };
            t.complete(tx, c)?
        }
    };
    t.answer(tx, &acted)
}

/// The step at which the chosen person works: the one of stage 承办.
fn next_step(t: &Task) -> Result<String> {
    let found = t
        .loaded
        .def
        .definition()
        .steps
        .iter()
        .find(|s| s.stage == stage::UNDERTAKE);
    found
        .map(|s| s.id.clone())
        .ok_or_else(|| Error::internal("the flow has no step of stage undertake"))
}

/// The result of the head stands with the branch.
fn with_result(t: &Task, result: &str) -> BTreeMap<String, Value> {
    let mut item = t
        .loaded
        .state
        .lookup(t.scope, "item")
        .cloned()
        .unwrap_or_default();
    if let Some(o) = item.as_object_mut() {
        o.insert("result".into(), Value::from(result.trim()));
    }
    BTreeMap::from([("item".to_owned(), item)])
}

/// Only people of the head's own division (or unit, where a subordinate unit undertakes).
fn check_undertaker(tx: &mut WriteTx<'_, '_>, t: &Task, person: Id) -> Result<()> {
    let chosen = guard::people(tx, "undertaker_identity_id", &[person])?;
    let node = t
        .loaded
        .state
        .lookup(t.scope, "item.node")
        .and_then(Value::as_i64)
        .map(Id);
    let me = zs_org::api::identity(tx, t.me)?;
    for p in chosen {
        let here =
            node.is_some_and(|n| p.node_id() == n || p.unit_id == n) || p.node_id() == me.node_id();
        if !here {
            let text = format!("{}不是本部门人员，请在本部门内选择承办人", p.name);
            return Err(Error::field("undertaker_identity_id", text));
        }
    }
    Ok(())
}
