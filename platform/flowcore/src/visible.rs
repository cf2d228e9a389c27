//! What a person may see of the flow: the rounds he took part in and what descends from them — downstream only (seed S2). The starter sees all.

use std::collections::BTreeSet;

use crate::{Event, EventKind, Instance, Round, SeatSpec};

/// What somebody may see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visible {
    /// Everything (source).
    pub all: bool,
    /// Rounds.
    pub rounds: BTreeSet<i64>,
    /// Read items.
    pub items: BTreeSet<i64>,
}

impl Visible {
    /// Nothing at all?
    pub fn is_empty(&self) -> bool {
        !self.all && self.rounds.is_empty() && self.items.is_empty()
    }
}

/// What these identities (of one person) may see.
pub fn visible(s: &Instance, identities: &[i64]) -> Visible {
    if s.status != crate::Status::New && identities.contains(&s.starter) {
        return Visible {
            all: true,
            rounds: s.rounds.iter().map(|r| r.id).collect(),
            items: s.reads.iter().map(|i| i.id).collect(),
        };
    }
    let mut v = Visible::default();
    for item in &s.reads {
        let mine = is_mine(&item.holder, identities);
        if mine || item.parent.is_some_and(|p| v.items.contains(&p)) {
            v.items.insert(item.id);
        }
        if mine && item.wide {
            v.rounds.insert(item.round);
        }
    }
    for r in &s.rounds {
        if took_part(r, identities) || r.prev.iter().any(|p| v.rounds.contains(p)) {
            v.rounds.insert(r.id);
        }
    }
    for item in s.reads.iter().filter(|i| v.rounds.contains(&i.round)) {
        v.items.insert(item.id);
    }
    v
}

fn is_mine(spec: &SeatSpec, identities: &[i64]) -> bool {
    identities.contains(&spec.identity) || spec.principal.is_some_and(|p| identities.contains(&p))
}

fn took_part(r: &Round, identities: &[i64]) -> bool {
    r.seats.iter().any(|x| {
        x.holder.as_ref().is_some_and(|h| is_mine(h, identities))
            || x.by.is_some_and(|b| identities.contains(&b))
            || x.on_behalf_of.is_some_and(|b| identities.contains(&b))
            || (x.holder.is_none()
                && x.is_live()
                && x.candidates.iter().any(|c| is_mine(c, identities)))
    })
}

/// Open rounds they may see: "where is it now".
pub fn visible_open_steps<'i>(s: &'i Instance, identities: &[i64]) -> Vec<&'i Round> {
    let v = visible(s, identities);
    s.open_rounds()
        .filter(|r| v.rounds.contains(&r.id))
        .collect()
}

/// The events they may see.
pub fn visible_events<'e>(s: &Instance, identities: &[i64], events: &'e [Event]) -> Vec<&'e Event> {
    let v = visible(s, identities);
    events.iter().filter(|e| sees(s, &v, e)).collect()
}

fn sees(s: &Instance, v: &Visible, e: &Event) -> bool {
    if v.all {
        return true;
    }
    if v.is_empty() {
        return false;
    }
    let round = |id: &i64| v.rounds.contains(id);
    let seat = |id: &i64| s.seat(*id).is_some_and(|(r, _)| v.rounds.contains(&r.id));
    match &e.kind {
        EventKind::Ended { .. }
        | EventKind::Voided { .. }
        | EventKind::Terminated { .. }
        | EventKind::Suspended { .. }
        | EventKind::Resumed { .. } => true,
        EventKind::RoundOpened { round: r, .. }
        | EventKind::RoundClosed { round: r, .. }
        | EventKind::SeatOpened { round: r, .. }
        | EventKind::SeatCarried { round: r, .. }
        | EventKind::SeatClosed { round: r, .. }
        | EventKind::QueueChanged { round: r, .. }
        | EventKind::Returned { round: r, .. }
        | EventKind::TimerSet { round: r, .. }
        | EventKind::TimerFired { round: r, .. }
        | EventKind::Reminded { round: r, .. }
        | EventKind::Escalated { round: r, .. }
        | EventKind::DueChanged { round: r, .. }
        | EventKind::Stuck { round: r, .. }
        | EventKind::Unstuck { round: r }
        | EventKind::Withdrawn { round: Some(r), .. } => round(r),
        EventKind::ReadOpened { item, .. } | EventKind::ReadDone { item, .. } => {
            v.items.contains(item)
        }
        EventKind::SeatParked { seat: x }
        | EventKind::SeatResumed { seat: x }
        | EventKind::Claimed { seat: x, .. }
        | EventKind::Unclaimed { seat: x, .. }
        | EventKind::CandidatesChanged { seat: x, .. }
        | EventKind::HolderChanged { seat: x, .. }
        | EventKind::Seen { seat: x }
        | EventKind::DraftSaved { seat: x, .. }
        | EventKind::Transferred { from_seat: x, .. } => seat(x),
        EventKind::Urged { seats, .. } => seats.iter().all(seat),
        _ => false,
    }
}
