//! What the engine hears from others: people who leave, delegations, a new calendar; and what it tells open pages.
use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;
use zs_base::{Id, Result};
use zs_calendar::Calendar;
use zs_ctx::{Ctx, Op, WriteTx};
use zs_db::{Tx, vals};
use zs_flowcore::{Act, EventKind};
use zs_job::{Bus, Event, Notice};
use zs_org::api::OpenItems;

use crate::{engine, read};

zs_db::statements! {
    OPEN_COUNT = "select count(*) from flow_task where assignee = $1 and status = 'open'";
    OPEN_LIST = "select i.title, t.step_title from flow_task t join flow_instance i on i.id = t.instance_id \
                 where t.assignee = $1 and t.status = 'open' order by t.created_at, t.id limit $2";
    TOUCHED_BY = "select i.id from flow_instance i where i.status in ('running', 'suspended') and i.id in \
                  (select instance_id from flow_task where assignee = $1 or done_by = $1 or principal = $1 \
                   union select t.instance_id from flow_candidate c join flow_task t on t.id = c.task_id where c.identity_id = $1) order by i.id";
    OPEN_OF = "select distinct t.instance_id, i.module from flow_task t join flow_instance i on i.id = t.instance_id \
               where t.assignee = $1 and t.status in ('open', 'parked') order by t.instance_id";
    OPEN_FOR = "select distinct t.instance_id, i.module from flow_task t join flow_instance i on i.id = t.instance_id \
                where t.assignee = $1 and t.principal = $2 and t.status in ('open', 'parked') order by t.instance_id";
    WITH_DUE = "select distinct instance_id from flow_task where status = 'open' and due_at is not null and instance_id > $1 \
                order by instance_id limit 100";
}

/// Open items of people who leave, for the organisation: register it as `zs_org::api::HeirService`.
#[derive(Clone, Copy, Debug, Default)]
pub struct FlowOpenItems;

impl OpenItems for FlowOpenItems {
    fn count(&self, tx: &mut Tx<'_>, identity: Id) -> Result<i64> {
        tx.one(OPEN_COUNT, vals![identity])?.get(0)
    }
    fn list(&self, tx: &mut Tx<'_>, identity: Id, limit: i64) -> Result<Vec<(String, String)>> {
        tx.query(OPEN_LIST, vals![identity, limit])?
            .iter()
            .map(|r| Ok((r.get(0)?, r.get(1)?)))
            .collect()
    }
    /// Every running instance that knows `from` learns that `to` takes over: open items move now, and later steps that
    /// would come back to `from` go to `to`.
    fn hand_over(&self, tx: &mut WriteTx<'_, '_>, from: Id, to: Id) -> Result<i64> {
        let moved = self.count(tx, from)?;
        let all: Vec<Id> = tx
            .query(TOUCHED_BY, vals![from])?
            .iter()
            .map(|r| r.get(0))
            .collect::<Result<_>>()?;
        for instance in all {
            engine::act_system(
                tx,
                instance,
                Act::PersonLeft {
                    person: from.0,
                    heir: Some(to.0),
                },
            )?;
        }
        Ok(moved)
    }
}

/// What the access module says of a delegation.
#[derive(Deserialize)]
struct Turned {
    principal: Id,
    agent: Id,
    scope: String,
    #[serde(default)]
    include_open: bool,
}

impl Turned {
    fn covers(&self, module: &str) -> bool {
        self.scope == "all" || self.scope.strip_prefix("module:") == Some(module)
    }
}

const DELEGATE: Op = Op {
    key: "flow.delegate",
    title: "委托代理生效",
};

async fn turned(ctx: Ctx, e: Event, begins: bool) -> Result<()> {
    let t: Turned = serde_json::from_value(e.payload).map_err(zs_base::Error::internal)?;
    if begins && !t.include_open {
        return Ok(());
    }
    let (principal, agent) = (t.principal, t.agent);
    let found: Vec<(Id, String)> = ctx
        .read(move |tx| {
            let rows = if begins {
                tx.query(OPEN_OF, vals![principal])?
            } else {
                tx.query(OPEN_FOR, vals![agent, principal])?
            };
            rows.iter().map(|r| Ok((r.get(0)?, r.get(1)?))).collect()
        })
        .await?;
    for (instance, _) in found.into_iter().filter(|(_, m)| t.covers(m)) {
        let done = ctx
            .write(DELEGATE, move |tx| {
                let act = if begins {
                    Act::DelegateStarted {
                        principal: principal.0,
                        agent: agent.0,
                        shared: true,
                    }
                } else {
                    Act::DelegateEnded {
                        principal: principal.0,
                        agent: agent.0,
                    }
                };
                engine::act_system(tx, instance, act).map(drop)
            })
            .await;
        // Handled meanwhile, or done by an earlier delivery of this event.
        skip_rules(done, instance)?;
    }
    Ok(())
}

fn skip_rules(done: Result<()>, instance: Id) -> Result<()> {
    match done {
        Err(e) if e.kind == zs_base::Kind::Rule => {
            tracing::info!(%instance, code = e.code, "nothing to do for an instance");
            Ok(())
        }
        other => other,
    }
}

pub(crate) async fn delegation_started(ctx: Ctx, e: Event) -> Result<()> {
    turned(ctx, e, true).await
}
pub(crate) async fn delegation_ended(ctx: Ctx, e: Event) -> Result<()> {
    turned(ctx, e, false).await
}

const RECOMPUTE: Op = Op {
    key: "flow.recompute_due",
    title: "按新放假安排重算期限",
};

/// The notice of a year came: open due times that were counted in working days are counted again, those that somebody
/// set by hand stay.
pub(crate) async fn calendar_changed(ctx: Ctx, _: Event) -> Result<()> {
    let cal = Arc::new(ctx.read(zs_calendar::load).await?);
    let mut after = Id(0);
    loop {
        let page: Vec<Id> = ctx
            .read(move |tx| {
                tx.query(WITH_DUE, vals![after])?
                    .iter()
                    .map(|r| r.get(0))
                    .collect()
            })
            .await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = *last;
        for instance in page {
            let (cal, inner) = (Arc::clone(&cal), ctx.clone());
            let changes = ctx
                .read(move |tx| new_dues(&inner, tx, &cal, instance))
                .await?;
            if changes.is_empty() {
                continue;
            }
            let done = ctx
                .write(RECOMPUTE, move |tx| {
                    for (round, due) in &changes {
                        let act = Act::ChangeDue {
                            round: *round,
                            due: Some(*due),
                            reason: Some("放假安排有调整，期限相应顺延或提前".into()),
                        };
                        engine::act_system(tx, instance, act)?;
                    }
                    Ok(())
                })
                .await;
            skip_rules(done, instance)?;
        }
    }
}

fn new_dues(ctx: &Ctx, tx: &mut Tx<'_>, cal: &Calendar, instance: Id) -> Result<Vec<(i64, i64)>> {
    let l = read::state(ctx, tx, instance)?;
    let by_hand: Vec<i64> = read::events(tx, instance)?
        .iter()
        .filter_map(|e| match e.event.kind {
            EventKind::DueChanged { round, .. } if e.event.actor.is_some() => Some(round),
            _ => None,
        })
        .collect();
    let mut out = Vec::new();
    for r in l
        .state
        .open_rounds()
        .filter(|r| r.due.is_some() && !by_hand.contains(&r.id))
    {
        let Some(step) = l.def.step(&r.step) else {
            continue;
        };
        let fixed = step.limit_from.as_ref().is_some_and(|f| {
            l.state
                .lookup(r.scope, f)
                .is_some_and(serde_json::Value::is_number)
        });
        if let (Some(days), false) = (step.limit_days, fixed) {
            let due = cal.due_or_provisional(r.opened_at, days)?.at;
            if Some(due) != r.due {
                out.push((r.id, due));
            }
        }
    }
    Ok(out)
}

#[derive(Deserialize)]
struct Changed {
    subject_kind: String,
    subject_id: Id,
    identities: Vec<Id>,
}

/// Tells open pages to look again.
pub(crate) async fn tell_pages(ctx: Ctx, e: Event) -> Result<()> {
    // Without a hub (command line, some tests) nobody is looking.
    let Ok(bus) = ctx.service::<Bus>() else {
        return Ok(());
    };
    let c: Changed = serde_json::from_value(e.payload).map_err(zs_base::Error::internal)?;
    if !c.identities.is_empty() {
        bus.send(Notice {
            identities: c.identities.clone(),
            kind: "counts",
            data: json!({}),
        });
        let data = json!({"subject_kind": c.subject_kind, "subject_id": c.subject_id});
        bus.send(Notice {
            identities: c.identities,
            kind: "changed",
            data,
        });
    }
    Ok(())
}

#[derive(Deserialize)]
struct UrgedPayload {
    persons: Vec<Id>,
}

/// Tells people that they are urged or reminded.
pub(crate) async fn tell_urged(ctx: Ctx, e: Event) -> Result<()> {
    let Ok(bus) = ctx.service::<Bus>() else {
        return Ok(());
    };
    let data = e.payload.clone();
    let u: UrgedPayload = serde_json::from_value(e.payload).map_err(zs_base::Error::internal)?;
    if !u.persons.is_empty() {
        bus.send(Notice {
            identities: u.persons,
            kind: "counts",
            data,
        });
    }
    Ok(())
}

pub(crate) const OPS: &[Op] = &[DELEGATE, RECOMPUTE];
