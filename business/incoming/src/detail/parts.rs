//! Opinions, undertakings, circulation and tasks of the page.

use zs_base::Id;
use zs_flowcore::{Seat, SeatKind, SeatOutcome};

use super::Page;
use crate::definition::stage;
use crate::dto::{Handling, MyTask, Opinion, ReadMark};
use crate::project;

/// Signed opinions the viewer may see: leaders first, then by time.
pub(super) fn opinions(p: &Page<'_>) -> Vec<Opinion> {
    let mut out = Vec::new();
    for r in p.state().rounds.iter().filter(|r| p.view.round(r.id)) {
        let stage = p.stage(&r.step);
        if stage == stage::SIGN_IN || stage == stage::REGISTER {
            continue;
        }
        for x in &r.seats {
            if let Some(o) = opinion(p, x, &stage, &p.title(&r.step)) {
                out.push(o);
            }
        }
    }
    for i in p.state().reads.iter().filter(|i| p.view.item(i.id)) {
        let ink = p
            .inks
            .iter()
            .find(|(s, _)| *s == i.id)
            .map(|(_, ink)| ink.clone());
        if let (Some(at), true) = (i.read_at, i.opinion.is_some() || ink.is_some()) {
            let who = i.holder.responsible();
            out.push(Opinion {
                id: Id(i.id),
                step: stage::CIRCULATION_READ.into(),
                step_title: "传阅".into(),
                identity_id: Id(who),
                name: p.names.name(who),
                post: p.names.post(who),
                on_behalf_of: None,
                text: i.opinion.clone().unwrap_or_default(),
                ink,
                decision: None,
                at,
                rank: p.names.rank(who),
            });
        }
    }
    out.sort_by_key(|o| (o.rank, o.at));
    out
}

fn opinion(p: &Page<'_>, x: &Seat, stage: &str, title: &str) -> Option<Opinion> {
    if !matches!(
        x.outcome,
        Some(SeatOutcome::Completed | SeatOutcome::Returned | SeatOutcome::Transferred)
    ) {
        return None;
    }
    let (by, at) = (x.by?, x.closed_at?);
    let ink = p
        .inks
        .iter()
        .find(|(s, _)| *s == x.id)
        .map(|(_, ink)| ink.clone());
    let text = x.opinion.clone().unwrap_or_default();
    if text.is_empty() && ink.is_none() {
        return None;
    }
    let who = x.on_behalf_of.unwrap_or(by);
    Some(Opinion {
        id: Id(x.id),
        step: stage.to_owned(),
        step_title: title.to_owned(),
        identity_id: Id(by),
        name: p.names.name(by),
        post: p.names.post(by),
        on_behalf_of: x.on_behalf_of.filter(|b| *b != by).map(|b| p.names.name(b)),
        text,
        ink,
        decision: x.decision.clone(),
        at,
        rank: p.names.rank(who),
    })
}

/// Undertakings the viewer may see.
pub(super) fn handling(p: &Page<'_>) -> Vec<Handling> {
    project::undertakings(&p.loaded.def, p.state())
        .into_iter()
        .filter(|u| u.rounds.iter().any(|r| p.view.round(*r)))
        .map(|u| {
            let name = |id: Option<i64>| id.map(|i| p.names.name(i));
            Handling {
                unit_name: p.names.node(u.node),
                role: u.role,
                liaison: name(u.liaison),
                head: name(u.head),
                undertaker: name(u.undertaker),
                head_opinion: u.head_opinion,
                result: u.result,
                done_at: u.done_at,
                state: u.state.into(),
            }
        })
        .collect()
}

/// Readers the viewer may see: of a round he sees, himself included; a mere reader sees himself only.
pub(super) fn circulation(p: &Page<'_>) -> Vec<ReadMark> {
    project::readings(&p.loaded.def, p.state())
        .into_iter()
        .filter(|r| match r.item {
            Some(item) => p.view.item(item),
            None => p.view.round(r.round),
        })
        .map(|r| ReadMark {
            name: p.names.name(r.identity),
            post: p.names.post(r.identity),
            sent_at: r.sent_at,
            read_at: r.read_at,
            opinion: r.opinion,
            passed_on_by: r.passed_on_by.map(|b| p.names.name(b)),
        })
        .collect()
}

/// Open tasks of the viewer's identities.
pub(super) fn tasks(p: &Page<'_>) -> Vec<MyTask> {
    let mine: Vec<i64> = p.actor.identities.iter().map(|i| i.0).collect();
    let principal = |of: Option<i64>| of.filter(|b| !mine.contains(b)).map(|b| p.names.name(b));
    let mut out: Vec<MyTask> = p
        .state()
        .open_seats()
        .filter_map(|(r, x)| {
            let me = mine.iter().find(|m| x.admits(**m))?;
            let spec = x.holder.iter().chain(&x.candidates).find(|h| h.admits(*me));
            Some(MyTask {
                task_id: Id(x.id),
                step: p.stage(&r.step),
                step_title: p.title(&r.step),
                kind: if x.kind == SeatKind::Read {
                    "read"
                } else {
                    "todo"
                }
                .into(),
                principal: principal(spec.and_then(|h| h.principal)),
                due_at: r.due,
                claimed: x.holder.is_some(),
                received_at: x.opened_at,
            })
        })
        .collect();
    for i in p
        .state()
        .open_reads()
        .filter(|i| mine.iter().any(|m| i.holder.admits(*m)))
    {
        out.push(MyTask {
            task_id: Id(i.id),
            step: stage::CIRCULATION_READ.into(),
            step_title: "传阅".into(),
            kind: "read".into(),
            principal: principal(i.holder.principal),
            due_at: None,
            claimed: true,
            received_at: i.opened_at,
        });
    }
    out
}
