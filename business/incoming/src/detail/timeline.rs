//! The record of deeds and the flow picture.

use zs_flowcore::{Event, EventKind, RoundStatus, Seat, SeatOutcome, SeatSpec, TimerKind};

use super::Page;
use crate::dto::{ActedBy, FlowStep, TimelineItem};

/// The deeds the viewer may see, in order; bookkeeping is left out.
pub(super) fn timeline(p: &Page<'_>) -> Vec<TimelineItem> {
    let s = p.state();
    let seen: Vec<&Event> = if p.view.seen.all {
        p.events.iter().collect()
    } else {
        zs_flowcore::visible_events(s, &p.view.identities, &p.events)
    };
    seen.into_iter().filter_map(|e| item(p, e)).collect()
}

struct Deed {
    act: &'static str,
    title: String,
    step: String,
    opinion: Option<String>,
    to: Vec<i64>,
    detail: Option<String>,
    secret: bool,
}

fn deed(act: &'static str, title: &str) -> Deed {
    Deed {
        act,
        title: title.into(),
        step: String::new(),
        opinion: None,
        to: Vec::new(),
        detail: None,
        secret: false,
    }
}

fn item(p: &Page<'_>, e: &Event) -> Option<TimelineItem> {
    let d = what(p, e)?;
    // The urging is not shown to the handlers: only the notice itself reaches them (seed S2).
    if d.secret && !p.view.sees_urging {
        return None;
    }
    let who = e.actor.unwrap_or_default();
    Some(TimelineItem {
        seq: i64::try_from(e.seq).unwrap_or(i64::MAX),
        at: e.at,
        name: p.names.name(who),
        post: p.names.post(who),
        on_behalf_of: e
            .on_behalf_of
            .filter(|b| *b != who)
            .map(|b| p.names.name(b)),
        act: d.act.into(),
        act_title: d.title,
        step_title: d.step,
        opinion: d.opinion.filter(|o| !o.is_empty()),
        to: d.to.into_iter().map(|i| p.names.name(i)).collect(),
        detail: d.detail,
    })
}

fn step_of_seat(p: &Page<'_>, seat: i64) -> String {
    p.state()
        .seat(seat)
        .map(|(r, _)| p.title(&r.step))
        .unwrap_or_default()
}

/// People of the rounds that this command opened and that the viewer may see.
fn opened_by(p: &Page<'_>, e: &Event) -> Vec<i64> {
    let mut out: Vec<i64> = Vec::new();
    for other in p.events.iter().filter(|x| x.rev == e.rev && x.seq > e.seq) {
        if let EventKind::SeatOpened {
            round,
            holder,
            candidates,
            ..
        } = &other.kind
            && p.view.round(*round)
        {
            let people = holder.iter().chain(if holder.is_none() {
                candidates.as_slice()
            } else {
                &[]
            });
            for id in people.map(|h| h.identity) {
                if !out.contains(&id) {
                    out.push(id);
                }
            }
        }
    }
    out
}

fn what(p: &Page<'_>, e: &Event) -> Option<Deed> {
    Some(match &e.kind {
        EventKind::SeatClosed {
            step,
            outcome: SeatOutcome::Completed | SeatOutcome::AutoPassed,
            opinion,
            decision,
            ..
        } => {
            let start = p.loaded.def.start().is_some_and(|s| s.id == *step);
            let title = p.loaded.def.step(step).and_then(|s| {
                let d = s
                    .decisions
                    .iter()
                    .find(|d| Some(&d.name) == decision.as_ref())?;
                Some(format!("{}：{}", s.title, d.title))
            });
            Deed {
                step: p.title(step),
                opinion: opinion.clone().filter(|_| !start),
                to: opened_by(p, e),
                ..deed("complete", &title.unwrap_or_else(|| p.title(step)))
            }
        }
        EventKind::Returned {
            round,
            to_step,
            opinion,
            straight_back,
            ..
        } => Deed {
            step: p
                .state()
                .round(*round)
                .map(|r| p.title(&r.step))
                .unwrap_or_default(),
            opinion: opinion.clone(),
            to: opened_by(p, e),
            detail: Some(format!(
                "退回到{}，{}",
                p.title(to_step),
                if *straight_back {
                    "办后直接送回"
                } else {
                    "逐级重新办理"
                }
            )),
            ..deed("return", "退回")
        },
        EventKind::Withdrawn { round, reason, .. } => Deed {
            step: round
                .and_then(|r| p.state().round(r))
                .map(|r| p.title(&r.step))
                .unwrap_or_default(),
            opinion: reason.clone(),
            ..deed("withdraw", "取回")
        },
        EventKind::Transferred {
            from_seat,
            to,
            opinion,
            ..
        } => Deed {
            step: step_of_seat(p, *from_seat),
            opinion: opinion.clone(),
            to: vec![*to],
            ..deed("transfer", "转办")
        },
        EventKind::Claimed { seat, .. } => Deed {
            step: step_of_seat(p, *seat),
            ..deed("claim", "认领")
        },
        EventKind::Unclaimed { seat, .. } => Deed {
            step: step_of_seat(p, *seat),
            ..deed("unclaim", "退还")
        },
        EventKind::ReadOpened {
            holder,
            by: Some(_),
            note,
            ..
        } => Deed {
            opinion: note.clone(),
            to: vec![holder.identity],
            ..deed("circulate", "送阅")
        },
        EventKind::ReadDone { opinion, .. } => Deed {
            opinion: opinion.clone(),
            ..deed("read", "已阅")
        },
        EventKind::Urged { persons, note, .. } => Deed {
            opinion: note.clone(),
            to: persons.clone(),
            secret: true,
            ..deed("urge", "催办")
        },
        EventKind::Reminded { kind, handlers, .. } => {
            let title = if *kind == TimerKind::PreRemind {
                "预先提醒"
            } else {
                "自动催办"
            };
            Deed {
                to: handlers.clone(),
                secret: true,
                ..deed("remind", title)
            }
        }
        EventKind::DueChanged { reason, .. } => Deed {
            opinion: reason.clone(),
            ..deed("change_due", "调整期限")
        },
        EventKind::Jumped { to, reason, .. } => Deed {
            step: p.title(to),
            opinion: Some(reason.clone()),
            ..deed("jump", "调度")
        },
        EventKind::Stuck { reason, .. } => Deed {
            detail: Some(reason.clone()),
            ..deed("stuck", "等待处理")
        },
        EventKind::Suspended { reason } => Deed {
            opinion: reason.clone(),
            ..deed("suspend", "挂起")
        },
        EventKind::Resumed { reason } => Deed {
            opinion: reason.clone(),
            ..deed("resume", "恢复")
        },
        EventKind::Voided { reason } => Deed {
            opinion: Some(reason.clone()),
            ..deed("void", "作废")
        },
        EventKind::Terminated { reason } => Deed {
            opinion: Some(reason.clone()),
            ..deed("terminate", "终止")
        },
        EventKind::Ended { outcome } => deed(
            "end",
            if outcome == "rejected" {
                "退文"
            } else {
                "办理完毕"
            },
        ),
        _ => return None,
    })
}

fn people(x: &Seat) -> Vec<i64> {
    match &x.holder {
        Some(h) => vec![h.responsible()],
        None => x.candidates.iter().map(SeatSpec::responsible).collect(),
    }
}

/// The rounds the viewer may see, and the step after them while one is still to come.
pub(super) fn flow(p: &Page<'_>) -> Vec<FlowStep> {
    let mut out: Vec<FlowStep> = Vec::new();
    for r in p.state().rounds.iter().filter(|r| p.view.round(r.id)) {
        let mut meant: Vec<String> = Vec::new();
        let queued = r.queue.iter().map(|q| q.spec.responsible());
        for id in r.seats.iter().flat_map(people).chain(queued) {
            let name = p.names.name(id);
            if !meant.contains(&name) {
                meant.push(name);
            }
        }
        let acted = r.seats.iter().filter_map(|x| {
            let (by, at) = (x.by?, x.closed_at?);
            Some(ActedBy {
                name: p.names.name(by),
                on_behalf_of: x.on_behalf_of.filter(|b| *b != by).map(|b| p.names.name(b)),
                act_title: outcome(p, &r.step, x).to_owned(),
                at,
            })
        });
        let state = match r.status {
            RoundStatus::Open | RoundStatus::Stuck => "current",
            RoundStatus::Done | RoundStatus::Passed => "done",
            RoundStatus::Returned => "returned",
            RoundStatus::Withdrawn | RoundStatus::Cancelled => "cancelled",
        };
        out.push(FlowStep {
            round: r.id,
            step: p.stage(&r.step),
            title: p.title(&r.step),
            state: state.into(),
            meant,
            acted: acted.collect(),
            due_at: r.due,
            prev: r
                .prev
                .iter()
                .copied()
                .filter(|x| p.view.round(*x))
                .collect(),
        });
    }
    out
}

fn outcome<'p>(p: &'p Page<'_>, step: &str, x: &Seat) -> &'p str {
    match x.outcome {
        Some(SeatOutcome::Returned) => "退回",
        Some(SeatOutcome::Transferred) => "转办",
        Some(SeatOutcome::Withdrawn) => "取回",
        Some(SeatOutcome::Cancelled | SeatOutcome::Removed) => "收回",
        _ => {
            let s = p.loaded.def.step(step);
            let d = s.and_then(|s| {
                s.decisions
                    .iter()
                    .find(|d| Some(&d.name) == x.decision.as_ref())
            });
            d.map(|d| d.title.as_str())
                .or(s.map(|s| s.title.as_str()))
                .unwrap_or("办理")
        }
    }
}
