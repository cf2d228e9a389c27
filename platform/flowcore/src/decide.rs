//! `decide`: a command becomes events, or a refusal that changes nothing.

use crate::admin::actor_of;
use crate::guard::guard;
use crate::open::Opening;
use crate::work::{Res, Work};
use crate::{
    Act, ActKind, Actor, Command, Compiled, Event, EventKind, Facts, Instance, Refusal, ReturnTo,
    Round, RoundStatus, SeatStatus, Target,
};

/// Decides a command. All automatic steps up to the next wait state happen in it; nothing changes on a refusal.
pub fn decide(
    c: &Compiled,
    instance: &Instance,
    command: &Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    decide_with(c, instance, command, facts).map(|(events, _)| events)
}

/// As `decide`, and gives the new state too, which equals the old one with the events applied.
pub fn decide_with(
    c: &Compiled,
    instance: &Instance,
    command: &Command,
    facts: &Facts<'_>,
) -> Result<(Vec<Event>, Instance), Refusal> {
    let actor = &command.actor;
    let (kind, target) = command.act.subject();
    guard(c, instance, actor, kind, target)?;
    let mut w = Work::new(c, instance, facts, actor_of(actor));
    if let Target::Seat(seat) = target
        && matches!(
            kind,
            ActKind::Complete
                | ActKind::Return
                | ActKind::Transfer
                | ActKind::AssignHelp
                | ActKind::AddSigner
        )
    {
        w.act_on(seat, actor.identity);
    }
    dispatch(&mut w, actor, &command.act)?;
    w.run()?;
    Ok((w.out, w.s))
}

fn dispatch(w: &mut Work<'_>, actor: &Actor, act: &Act) -> Res<()> {
    match act {
        Act::Start { data, next, draft } => {
            let def = w.c.definition();
            let Some(start) = w.c.start() else {
                return Ok(());
            };
            w.emit(EventKind::Started {
                starter: actor.identity,
                key: def.key.clone(),
                version: def.version,
                variables: data.clone(),
            });
            let round = w.open(start, Opening::flow(1, Vec::new()))?;
            let seat = w.s.round(round).and_then(|r| r.seats.first()).map(|s| s.id);
            match seat {
                Some(seat) if !draft => w.complete(seat, None, None, next, &Default::default()),
                _ => Ok(()),
            }
        }
        Act::Claim { seat } => w.claim(*seat, actor.identity),
        Act::Unclaim { seat } => w.unclaim(*seat),
        Act::Complete {
            seat,
            decision,
            opinion,
            next,
            data,
        } => w.complete(*seat, decision.as_deref(), opinion.as_deref(), next, data),
        Act::Return {
            seat,
            to,
            then,
            opinion,
        } => w.return_seat(*seat, to, *then, opinion.as_deref()),
        Act::Withdraw { seat, reason } => w.withdraw(actor, *seat, reason.as_deref()),
        Act::Recall { reason } => w.recall(reason.as_deref()),
        Act::Transfer { seat, to, opinion } => w.transfer(actor, *seat, *to, opinion.as_deref()),
        Act::AssignHelp { seat, to, note } => w.assign_help(*seat, *to, note.as_deref()),
        Act::RecallHelp { seat } => w.recall_help(*seat),
        Act::AddSigner { seat, mode, people } => w.add_signer(*seat, *mode, people),
        Act::RemoveSigner { seat, person } => w.remove_signer(*seat, *person),
        Act::Circulate {
            from,
            to,
            note,
            again,
        } => w.circulate(*from, to, note.as_deref(), *again),
        Act::Read { item, opinion } => w.read(actor, *item, opinion.as_deref()),
        Act::Seen { seat } => {
            w.emit(EventKind::Seen { seat: *seat });
            Ok(())
        }
        Act::SaveDraft { seat, draft } => {
            w.emit(EventKind::DraftSaved {
                seat: *seat,
                draft: draft.clone(),
            });
            Ok(())
        }
        Act::Urge { note } => w.urge(actor, note.as_deref()),
        Act::SetData { data } => {
            let own =
                w.s.open_seats()
                    .find(|(_, x)| x.admits(actor.identity))
                    .map_or(0, |(r, _)| r.id);
            w.set_data(own, data);
            if w.out.is_empty() {
                Err(Refusal::new("nothing_to_do", "内容没有变化。"))
            } else {
                Ok(())
            }
        }
        Act::Suspend { reason } => w.suspend(reason.as_deref()),
        Act::Resume { reason } => w.resume(reason.as_deref()),
        Act::Jump {
            round,
            to,
            people,
            reason,
        } => w.jump(*round, to, people, reason),
        Act::Assign {
            round,
            people,
            reason,
        } => w.assign(*round, people, reason.as_deref()),
        Act::Void { reason } => w.stop(true, reason),
        Act::Terminate { reason } => w.stop(false, reason),
        Act::ChangeDue { round, due, reason } => w.change_due(*round, *due, reason.as_deref()),
        Act::TimerFired { timer } => w.timer_fired(*timer),
        Act::PersonLeft { person, heir } => w.person_left(*person, *heir),
        Act::DelegateStarted {
            principal,
            agent,
            shared,
        } => w.delegate(*principal, *agent, *shared, true),
        Act::DelegateEnded { principal, agent } => w.delegate(*principal, *agent, false, false),
    }
}

/// An act with its verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Act.
    pub act: ActKind,
    /// What it is about.
    pub target: Target,
    /// Permitted now, or why not. A permitted act may still be refused for its parameters.
    pub verdict: Result<(), Refusal>,
}

const SEAT_ACTS: [ActKind; 13] = [
    ActKind::Claim,
    ActKind::Unclaim,
    ActKind::Complete,
    ActKind::Return,
    ActKind::Withdraw,
    ActKind::Transfer,
    ActKind::AssignHelp,
    ActKind::RecallHelp,
    ActKind::AddSigner,
    ActKind::RemoveSigner,
    ActKind::Circulate,
    ActKind::Seen,
    ActKind::SaveDraft,
];

const INSTANCE_ACTS: [ActKind; 12] = [
    ActKind::Start,
    ActKind::Recall,
    ActKind::Urge,
    ActKind::SetData,
    ActKind::Suspend,
    ActKind::Resume,
    ActKind::Jump,
    ActKind::Void,
    ActKind::Terminate,
    ActKind::PersonLeft,
    ActKind::DelegateStarted,
    ActKind::DelegateEnded,
];

/// Every act the actor could think of now, with its verdict: on his seats and read items, on rounds and timers for administrators, on the
/// instance.
pub fn allowed(c: &Compiled, s: &Instance, actor: &Actor) -> Vec<Allowed> {
    let mut out = Vec::new();
    let mut put = |act, target| {
        out.push(Allowed {
            act,
            target,
            verdict: guard(c, s, actor, act, target),
        })
    };
    let me = actor.identity;
    for x in s.rounds.iter().flat_map(|r| &r.seats) {
        let mine = x.admits(me)
            || x.by == Some(me)
            || x.on_behalf_of == Some(me)
            || (x.status != SeatStatus::Closed && x.candidates.iter().any(|p| p.admits(me)));
        if mine {
            SEAT_ACTS
                .into_iter()
                .for_each(|a| put(a, Target::Seat(x.id)));
        }
    }
    for item in s.reads.iter().filter(|i| i.holder.admits(me)) {
        put(ActKind::Read, Target::Item(item.id));
        put(ActKind::Circulate, Target::Item(item.id));
    }
    if actor.admin || actor.identity == s.starter {
        for r in s.open_rounds() {
            put(ActKind::Assign, Target::Round(r.id));
            put(ActKind::ChangeDue, Target::Round(r.id));
        }
    }
    if actor.admin {
        for t in &s.timers {
            put(ActKind::TimerFired, Target::Timer(t.id));
        }
    }
    INSTANCE_ACTS
        .into_iter()
        .for_each(|a| put(a, Target::Instance));
    out
}

/// The verdict on one act, as `allowed` gives it.
pub fn verdict(
    c: &Compiled,
    s: &Instance,
    actor: &Actor,
    act: ActKind,
    target: Target,
) -> Result<(), Refusal> {
    guard(c, s, actor, act, target)
}

/// Where a seat may be returned to: earlier rounds, most recent first.
pub fn return_targets<'i>(c: &Compiled, s: &'i Instance, seat: i64) -> Vec<&'i Round> {
    let Some((r, _)) = s.seat(seat) else {
        return Vec::new();
    };
    crate::ret::targets(c, s, r)
        .into_iter()
        .filter_map(|t| s.round(t))
        .collect()
}

/// The target that a return would take; `None` if it would be refused.
pub fn return_target<'i>(
    c: &Compiled,
    s: &'i Instance,
    seat: i64,
    to: &ReturnTo,
) -> Option<&'i Round> {
    let list = return_targets(c, s, seat);
    let want = match to {
        ReturnTo::Previous => return list.into_iter().find(|r| r.status == RoundStatus::Done),
        ReturnTo::Initiator => c.start()?.id.as_str(),
        ReturnTo::Step(id) => id.as_str(),
    };
    list.into_iter().find(|r| r.step == want)
}
