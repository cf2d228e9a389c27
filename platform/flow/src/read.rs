//! Reading instances, their tasks and their record.
use zs_base::{Id, Result};
use zs_ctx::Ctx;
use zs_db::{Query, Tx, vals};
use zs_flowcore::{Allowed, Event, Round, Target, Visible};

use crate::model::{InstanceRow, Loaded, TaskRow};
use crate::store;

zs_db::statements! {
    EVENTS = "select seq, hash, data from flow_event where instance_id = $1 order by seq";
    BY_SUBJECT = "select id from flow_instance where subject_kind = $1 and subject_id = $2";
}

/// An event as it is recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct EventRow {
    /// Event.
    pub event: Event,
    /// Its hash over the one before.
    pub hash: String,
}

/// An instance with its state and compiled definition; for an act use [`crate::act`], which locks it.
pub fn state(ctx: &Ctx, tx: &mut Tx<'_>, instance: Id) -> Result<Loaded> {
    store::load(ctx, tx, instance, false)
}

/// The row alone.
pub fn row(tx: &mut Tx<'_>, instance: Id) -> Result<InstanceRow> {
    let mut q = Query::new("select ", &[]);
    q.push(InstanceRow::COLUMNS, &[])
        .push(" from flow_instance i where i.id = ?", vals![instance]);
    match tx.rows(&q)?.first() {
        Some(r) => InstanceRow::from_row(r),
        None => Err(zs_base::Error::not_found("这件公文的办理流程")),
    }
}

/// The instance of a subject, if it has one.
pub fn by_subject(tx: &mut Tx<'_>, kind: &str, subject: Id) -> Result<Option<Id>> {
    tx.opt(BY_SUBJECT, vals![kind, subject])?
        .map(|r| r.get(0))
        .transpose()
}

/// The record, in order.
pub fn events(tx: &mut Tx<'_>, instance: Id) -> Result<Vec<EventRow>> {
    tx.query(EVENTS, vals![instance])?
        .iter()
        .map(|r| {
            Ok(EventRow {
                event: r.json(2)?,
                hash: r.get(1)?,
            })
        })
        .collect()
}

fn tasks(tx: &mut Tx<'_>, q: &Query) -> Result<Vec<TaskRow>> {
    tx.rows(q)?.iter().map(TaskRow::from_row).collect()
}

/// All tasks of an instance, open and closed, in the order they opened.
pub fn tasks_of(tx: &mut Tx<'_>, instance: Id) -> Result<Vec<TaskRow>> {
    let mut q = Query::new("select ", &[]);
    q.push(TaskRow::COLUMNS, &[]).push(
        " from flow_task t where t.instance_id = ? order by t.id",
        vals![instance],
    );
    tasks(tx, &q)
}

/// Open tasks of an instance that one of these identities may act on: his own, those he may still do as a principal,
/// and unclaimed items that he is a candidate of.
pub fn open_tasks_for(tx: &mut Tx<'_>, identities: &[Id], instance: Id) -> Result<Vec<TaskRow>> {
    let mut q = Query::new("select ", &[]);
    q.push(TaskRow::COLUMNS, &[])
        .push(
            " from flow_task t where t.instance_id = ? and t.status = 'open' and (",
            vals![instance],
        )
        .push_in("t.assignee", identities.iter().copied())
        .push(" or (t.shared and ", &[])
        .push_in("t.principal", identities.iter().copied())
        .push(
            ") or (t.assignee is null and t.id in (select task_id from flow_candidate where ",
            &[],
        )
        .push_in("identity_id", identities.iter().copied())
        .push("))) order by t.id", &[]);
    tasks(tx, &q)
}

/// Every act that these identities (of one person) could think of now, with its verdict, and the identity that would do it.
pub fn allowed(l: &Loaded, identities: &[Id], admin: bool) -> Vec<(Id, Allowed)> {
    let mut out = Vec::new();
    for (n, id) in identities.iter().enumerate() {
        let actor = zs_flowcore::Actor {
            identity: id.0,
            admin,
            system: false,
        };
        for a in zs_flowcore::allowed(&l.def, &l.state, &actor) {
            // Acts on the whole are listed once: for the first identity, or for the one that may do them.
            let again = a.target == Target::Instance
                && n > 0
                && match out
                    .iter_mut()
                    .find(|(_, o): &&mut (Id, Allowed)| o.act == a.act && o.target == a.target)
                {
                    Some(first) if first.1.verdict.is_err() && a.verdict.is_ok() => {
                        *first = (*id, a.clone());
                        true
                    }
                    Some(_) => true,
                    None => false,
                };
            if !again {
                out.push((*id, a));
            }
        }
    }
    out
}

/// Which of a person's identities an act on a seat or read item concerns; none = none of them has a part in it.
pub fn identity_for(l: &Loaded, target: Target, identities: &[Id]) -> Option<Id> {
    let find = |admits: &dyn Fn(i64) -> bool| identities.iter().copied().find(|i| admits(i.0));
    match target {
        Target::Seat(s) => {
            let (_, x) = l.state.seat(s)?;
            find(&|i| x.admits(i))
                .or_else(|| find(&|i| x.by == Some(i) || x.on_behalf_of == Some(i)))
                .or_else(|| find(&|i| x.candidates.iter().any(|c| c.admits(i))))
        }
        Target::Item(i) => {
            let item = l.state.read_item(i)?;
            find(&|i| item.holder.admits(i))
        }
        Target::Instance | Target::Round(_) | Target::Timer(_) => {
            let part = zs_flowcore::visible(&l.state, &[l.state.starter]);
            find(&|i| i == l.state.starter).or_else(|| {
                find(&|i| !zs_flowcore::visible(&l.state, &[i]).is_empty() && !part.is_empty())
            })
        }
    }
}

/// What these identities may see of the flow: their own part and what follows from it, never more.
pub fn visible(l: &Loaded, identities: &[Id]) -> Visible {
    let ids: Vec<i64> = identities.iter().map(|i| i.0).collect();
    zs_flowcore::visible(&l.state, &ids)
}

/// Where a seat may be returned to: earlier rounds, the most recent first.
pub fn return_targets(l: &Loaded, seat: Id) -> Vec<&Round> {
    zs_flowcore::return_targets(&l.def, &l.state, seat.0)
}
