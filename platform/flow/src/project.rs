//! From one state to the next: which task, candidate and timer rows change. Pure.
use std::collections::{BTreeMap, HashMap};

use zs_base::{Id, Result};
use zs_flowcore::{
    Compiled, Instance, ReadItem, Round, Seat, SeatOrigin, SeatOutcome, SeatSpec, SeatStatus, Timer,
};

use crate::model::{TaskRow, kind_name, name_of};

/// Candidates of a group item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidates {
    pub task: Id,
    pub kind: &'static str,
    pub created_at: i64,
    pub identities: Vec<Id>,
}

/// What changed between two states.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// New tasks.
    pub inserted: Vec<TaskRow>,
    /// Tasks whose row changes in more than the cancelling.
    pub updated: Vec<TaskRow>,
    /// Tasks cancelled for the same reason: action → ids.
    pub cancelled: BTreeMap<String, Vec<Id>>,
    /// Candidates to be written anew.
    pub candidates: Vec<Candidates>,
    /// Group items closed or changed: their old candidates go.
    pub drop_candidates: Vec<Id>,
    /// New timers.
    pub timers_set: Vec<Timer>,
    /// Timers gone.
    pub timers_gone: Vec<Id>,
    /// Rounds whose due time changed.
    pub due: Vec<(i64, Option<i64>)>,
    /// Identities whose lists look different now.
    pub affected: Vec<Id>,
}

/// Who sent a task, as its row shows it.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    pub identity: Option<Id>,
    pub name: String,
}

fn id_opt(v: Option<i64>) -> Option<Id> {
    v.map(Id)
}

/// The task row of a seat as the state has it.
pub(crate) fn seat_row(
    s: &Instance,
    c: &Compiled,
    r: &Round,
    x: &Seat,
    from: &Sender,
) -> Result<TaskRow> {
    let status = match (x.status, x.outcome) {
        (SeatStatus::Open, _) => "open",
        (SeatStatus::Parked, _) => "parked",
        (
            SeatStatus::Closed,
            Some(
                SeatOutcome::Completed
                | SeatOutcome::Returned
                | SeatOutcome::Transferred
                | SeatOutcome::Helped
                | SeatOutcome::AutoPassed,
            ),
        ) => "done",
        (SeatStatus::Closed, _) => "cancelled",
    };
    let action = match (&x.decision, x.outcome) {
        (Some(d), Some(SeatOutcome::Completed)) => Some(d.clone()),
        (_, Some(o)) => Some(name_of(o)?),
        (_, None) => None,
    };
    Ok(TaskRow {
        id: Id(x.id),
        instance_id: Id(s.id),
        step: r.step.clone(),
        step_title: c
            .step(&r.step)
            .map_or_else(|| r.step.clone(), |s| s.title.clone()),
        round: r.id,
        kind: kind_name(x.kind).to_owned(),
        status: status.to_owned(),
        assignee: x.holder.as_ref().map(|h| Id(h.identity)),
        principal: x.holder.as_ref().and_then(|h| id_opt(h.principal)),
        shared: x.holder.as_ref().is_some_and(|h| h.shared),
        from_identity: from.identity,
        from_name: from.name.clone(),
        due_at: r.due,
        created_at: x.opened_at,
        opened_at: x.seen_at,
        ended_at: x.closed_at,
        done_by: id_opt(x.by).filter(|_| status == "done"),
        on_behalf_of: id_opt(x.on_behalf_of),
        action,
        opinion: x.opinion.clone(),
        draft: x.draft.clone(),
        urged_at: None,
    })
}

/// The task row of a read item.
pub(crate) fn read_row(s: &Instance, c: &Compiled, i: &ReadItem, from: &Sender) -> TaskRow {
    let step = s
        .round(i.round)
        .map_or_else(String::new, |r| r.step.clone());
    TaskRow {
        id: Id(i.id),
        instance_id: Id(s.id),
        step_title: c
            .step(&step)
            .map_or_else(|| "传阅".to_owned(), |s| s.title.clone()),
        step,
        round: i.round,
        kind: "read".into(),
        status: if i.read_at.is_some() { "done" } else { "open" }.into(),
        assignee: Some(Id(i.holder.identity)),
        principal: id_opt(i.holder.principal),
        shared: i.holder.shared,
        from_identity: from.identity,
        from_name: from.name.clone(),
        due_at: None,
        created_at: i.opened_at,
        opened_at: i.read_at,
        ended_at: i.read_at,
        done_by: i.read_at.map(|_| Id(i.holder.identity)),
        on_behalf_of: None,
        action: i.read_at.map(|_| "read".to_owned()),
        opinion: i.opinion.clone(),
        draft: None,
        urged_at: None,
    }
}

fn people(spec: &SeatSpec) -> impl Iterator<Item = Id> {
    let principal = if spec.shared { spec.principal } else { None };
    std::iter::once(Id(spec.identity)).chain(principal.map(Id))
}

fn seat_people(x: &Seat) -> Vec<Id> {
    match &x.holder {
        Some(h) => people(h).collect(),
        None => x.candidates.iter().flat_map(people).collect(),
    }
}

fn candidates_of(x: &Seat) -> Option<Candidates> {
    // The rows stay while the item is claimed: the claim costs one statement less, lists look at the assignee.
    if x.status == SeatStatus::Closed || x.holder.is_some() || x.candidates.is_empty() {
        return None;
    }
    let mut identities = seat_people(x);
    identities.sort_unstable();
    identities.dedup();
    Some(Candidates {
        task: Id(x.id),
        kind: kind_name(x.kind),
        created_at: x.opened_at,
        identities,
    })
}

/// Compares two states of one instance. A seat whose vote is carried over from an earlier round has no task.
pub(crate) fn changes(
    before: &Instance,
    after: &Instance,
    c: &Compiled,
    from: &Sender,
    by: &dyn Fn(i64) -> Sender,
) -> Result<Changes> {
    let mut out = Changes::default();
    let old: HashMap<i64, &Seat> = before
        .rounds
        .iter()
        .flat_map(|r| &r.seats)
        .map(|x| (x.id, x))
        .collect();
    for r in &after.rounds {
        let was = before.round(r.id);
        if let Some(was) = was
            && was.due != r.due
        {
            out.due.push((r.id, r.due));
        }
        if was.is_some_and(|w| w.seats == r.seats) {
            continue;
        }
        for x in r
            .seats
            .iter()
            .filter(|x| !matches!(x.origin, SeatOrigin::Carried(_)))
        {
            match old.get(&x.id) {
                None => {
                    out.inserted.push(seat_row(after, c, r, x, from)?);
                    out.candidates.extend(candidates_of(x));
                    out.affected.extend(seat_people(x));
                }
                Some(o) if *o == x => {}
                Some(o) => {
                    let row = seat_row(after, c, r, x, from)?;
                    let closed = o.status != SeatStatus::Closed && x.status == SeatStatus::Closed;
                    if closed
                        && row.status == "cancelled"
                        && o.holder == x.holder
                        && x.opinion.is_none()
                    {
                        let action = row.action.clone().unwrap_or_default();
                        out.cancelled.entry(action).or_default().push(row.id);
                    } else {
                        out.updated.push(row);
                    }
                    let had = !o.candidates.is_empty();
                    let regroup =
                        o.candidates != x.candidates || (o.holder.is_some() && x.holder.is_none());
                    if had && (closed || regroup) {
                        out.drop_candidates.push(Id(x.id));
                    }
                    if regroup {
                        out.candidates.extend(candidates_of(x));
                    }
                    out.affected.extend(seat_people(o));
                    out.affected.extend(seat_people(x));
                }
            }
        }
    }
    let old_reads: HashMap<i64, &ReadItem> = before.reads.iter().map(|i| (i.id, i)).collect();
    for i in &after.reads {
        match old_reads.get(&i.id) {
            None => {
                let sender = i.by.map_or_else(|| from.clone(), by);
                out.inserted.push(read_row(after, c, i, &sender));
            }
            Some(o) if *o == i => continue,
            Some(_) => {
                let mut row = read_row(after, c, i, from);
                // An agent and his principal share the item: whoever read it, read it.
                row.done_by = row.done_by.and(from.identity.or(row.done_by));
                out.updated.push(row);
            }
        }
        out.affected.extend(people(&i.holder));
    }
    for t in &after.timers {
        match before.timers.iter().find(|o| o.id == t.id) {
            Some(o) if o == t => {}
            Some(_) => {
                out.timers_gone.push(Id(t.id));
                out.timers_set.push(t.clone());
            }
            None => out.timers_set.push(t.clone()),
        }
    }
    out.timers_gone.extend(
        before
            .timers
            .iter()
            .filter(|o| !after.timers.iter().any(|t| t.id == o.id))
            .map(|t| Id(t.id)),
    );
    out.affected.sort_unstable();
    out.affected.dedup();
    Ok(out)
}
