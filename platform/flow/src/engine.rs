//! One command: load, decide, write, tell. All in the caller's transaction; a refused command has written nothing.
use std::collections::HashMap;
use std::sync::Arc;

use zs_base::{Error, Id, Result};
use zs_ctx::WriteTx;
use zs_flowcore::{Act, Actor, Command, Event, Facts, Instance, SeatStatus, Status, decide_with};

use crate::model::{
    Acted, InstanceRow, Loaded, NewInstance, OpenedSeat, PersonName, kind_name, name_of,
};
use crate::project::{self, Sender};
use crate::store;
use crate::world::{World, subject};
use crate::{ALREADY_STARTED, definition, stale, tell};

/// Starts an instance: the newest version of its definition, its first step left at once unless it is a draft. One
/// subject has one instance.
pub fn start(tx: &mut WriteTx<'_, '_>, new: &NewInstance) -> Result<Acted> {
    let ctx = tx.ctx().clone();
    let def_id = definition::latest(tx, &new.definition)?;
    let def = definition::compiled(&ctx, tx, def_id)?;
    let id = tx.new_id();
    let state = Instance::new(id.0, &def.definition().key, def.definition().version);
    let row = InstanceRow {
        id,
        def_id,
        subject_kind: new.subject_kind.clone(),
        subject_id: new.subject_id,
        module: new.module.clone(),
        unit_id: new.unit_id,
        title: new.title.clone(),
        number: new.number.clone(),
        sender: new.sender.clone(),
        urgency: new.urgency.clone(),
        status: name_of(Status::New)?,
        outcome: None,
        rev: 0,
        seq: 0,
        last_hash: String::new(),
        starter: new.starter,
        started_at: tx.now(),
        ended_at: None,
    };
    let command = Command::by(
        new.starter.0,
        Act::Start {
            data: new.data.clone(),
            next: new.next.clone(),
            draft: new.draft,
        },
    );
    step(
        tx,
        Loaded {
            row,
            state: Arc::new(state),
            def,
        },
        &command,
        true,
    )
    .map_err(|e| match zs_db::unique_violation(&e) {
        Some("uq_flow_instance_subject_kind_subject_id") => ALREADY_STARTED.err(),
        _ => e,
    })
}

/// Does a command on an instance. `expected_rev` is what the page saw: an act on the instance as a whole is refused as
/// `Stale` when anything happened since; an act on one's own task is refused only when the task itself is no longer
/// there to act on, so that members of one 会签 do not disturb each other. The refusal names who did what meanwhile.
pub fn act(
    tx: &mut WriteTx<'_, '_>,
    instance: Id,
    expected_rev: Option<i64>,
    command: Command,
) -> Result<Acted> {
    let ctx = tx.ctx().clone();
    let before = store::load(&ctx, tx, instance, true)?;
    stale::check(tx, &before, expected_rev, &command)?;
    let seen = before.row.rev;
    match step(tx, before, &command, false) {
        // Refused, and the page was old: what happened meanwhile explains more than the rule.
        Err(e) if e.kind == zs_base::Kind::Rule && expected_rev.is_some_and(|r| r != seen) => {
            Err(stale::explain(tx, instance, expected_rev.unwrap_or(0), &e)?)
        }
        other => other,
    }
}

/// Does an act of the system itself: timers, handovers, delegations.
pub fn act_system(tx: &mut WriteTx<'_, '_>, instance: Id, act_: Act) -> Result<Acted> {
    act(
        tx,
        instance,
        None,
        Command {
            actor: Actor::system(),
            act: act_,
        },
    )
}

fn step(tx: &mut WriteTx<'_, '_>, before: Loaded, command: &Command, fresh: bool) -> Result<Acted> {
    let now = tx.now();
    let world = World::new(tx, &before.row);
    let decided = decide_with(
        &before.def,
        &before.state,
        command,
        &Facts {
            now,
            outside: &world,
        },
    );
    let mut names = world.finish()?;
    let (events, state) = decided.map_err(|r| Error::rule(r.code, r.message))?;
    let actor = Id(command.actor.identity);
    if command.actor.system {
        names.insert(0, "系统".into());
    } else if let Ok(a) = tx.actor()
        && a.identities.contains(&actor)
    {
        names.insert(actor.0, a.name.clone());
    }
    let opened = opened_seats(&before, &state);
    learn_names(tx, &mut names, &opened, &state, command)?;
    let name = |id: i64| names.get(&id).cloned().unwrap_or_default();
    let sender = |id: i64| Sender {
        identity: (id > 0).then_some(Id(id)),
        name: name(id),
    };
    let changes = project::changes(
        &before.state,
        &state,
        &before.def,
        &sender(command.actor.identity),
        &sender,
    )?;

    let Loaded { mut row, def, .. } = before;
    let old_rev = row.rev;
    if fresh {
        let hash = chain(&row.last_hash, &events);
        store::take_over(&mut row, &state, hash)?;
        store::insert_instance(tx, &row, &state)?;
        store::append_events(tx, row.id, "", &events)?;
    } else {
        let hash = store::append_events(tx, row.id, &row.last_hash, &events)?;
        store::take_over(&mut row, &state, hash)?;
        store::update_instance(tx, &row, old_rev, &state)?;
    }
    store::write_changes(tx, &row, &changes)?;
    let loaded = Loaded {
        row,
        state: Arc::new(state),
        def,
    };
    tell::urges(tx, &loaded, &events, &name)?;
    if let Some(s) = subject(&tx.ctx().clone(), &loaded.row.subject_kind) {
        s.on_events(tx, &loaded.row, &events)?;
    }
    tell::tell(tx, &loaded, command, &events, &changes)?;
    Ok(Acted {
        rev: loaded.row.rev,
        ended: events
            .iter()
            .any(tell::ends)
            .then(|| tell::outcome(&loaded)),
        opened: opened
            .into_iter()
            .map(|(mut o, ids)| {
                o.people = ids
                    .into_iter()
                    .map(|i| PersonName {
                        name: name(i.0),
                        identity_id: i,
                    })
                    .collect();
                if let Some(b) = &mut o.on_behalf_of {
                    b.name = name(b.identity_id.0);
                }
                o
            })
            .collect(),
        events,
        loaded,
    })
}

fn chain(last: &str, events: &[Event]) -> String {
    events
        .iter()
        .fold(last.to_owned(), |h, e| zs_flowcore::event_hash(&h, e))
}

/// Tasks open now that were not there before, with the people of each.
fn opened_seats(before: &Loaded, after: &Instance) -> Vec<(OpenedSeat, Vec<Id>)> {
    let title = |step: &str| {
        before
            .def
            .step(step)
            .map_or_else(|| step.to_owned(), |s| s.title.clone())
    };
    let mut out = Vec::new();
    for (r, x) in after.open_seats().filter(|(_, x)| {
        before
            .state
            .seat(x.id)
            .is_none_or(|(_, o)| o.status != SeatStatus::Open)
    }) {
        let (people, principal) = match &x.holder {
            Some(h) => (vec![Id(h.identity)], h.principal),
            None => (x.candidates.iter().map(|c| Id(c.identity)).collect(), None),
        };
        out.push((
            OpenedSeat {
                task_id: Id(x.id),
                round: r.id,
                step: r.step.clone(),
                step_title: title(&r.step),
                kind: kind_name(x.kind).to_owned(),
                people: Vec::new(),
                on_behalf_of: principal.map(|p| PersonName {
                    identity_id: Id(p),
                    name: String::new(),
                }),
                due_at: r.due,
            },
            people,
        ));
    }
    for i in after
        .open_reads()
        .filter(|i| before.state.read_item(i.id).is_none())
    {
        let step = after
            .round(i.round)
            .map(|r| r.step.clone())
            .unwrap_or_default();
        out.push((
            OpenedSeat {
                task_id: Id(i.id),
                round: i.round,
                step_title: "传阅".into(),
                step,
                kind: "read".into(),
                people: Vec::new(),
                on_behalf_of: i.holder.principal.map(|p| PersonName {
                    identity_id: Id(p),
                    name: String::new(),
                }),
                due_at: None,
            },
            vec![Id(i.holder.identity)],
        ));
    }
    out
}

/// One lookup for all names that are still unknown.
fn learn_names(
    tx: &mut WriteTx<'_, '_>,
    names: &mut HashMap<i64, String>,
    opened: &[(OpenedSeat, Vec<Id>)],
    state: &Instance,
    command: &Command,
) -> Result<()> {
    let mut wanted: Vec<Id> = opened
        .iter()
        .flat_map(|(o, ids)| {
            ids.iter()
                .copied()
                .chain(o.on_behalf_of.iter().map(|b| b.identity_id))
        })
        .chain((command.actor.identity > 0).then_some(Id(command.actor.identity)))
        .collect();
    if !opened.is_empty() {
        wanted.extend(state.open_reads().filter_map(|i| i.by).map(Id));
    }
    wanted.retain(|i| !names.contains_key(&i.0));
    wanted.sort_unstable();
    wanted.dedup();
    if !wanted.is_empty() {
        for i in zs_org::api::identities(tx, &wanted)? {
            names.insert(i.id.0, i.name);
        }
    }
    Ok(())
}
