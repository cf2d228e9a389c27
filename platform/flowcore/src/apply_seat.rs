//! Applying events of seats and read items.

use crate::{Event, EventKind, Instance, ReadItem, Seat, SeatOrigin, SeatOutcome, SeatStatus};

impl Instance {
    pub(crate) fn apply_read(&mut self, event: &Event) {
        match &event.kind {
            EventKind::ReadOpened {
                item,
                round,
                holder,
                by,
                parent,
                wide,
                ..
            } => self.reads.push(ReadItem {
                id: *item,
                round: *round,
                holder: holder.clone(),
                by: *by,
                parent: *parent,
                wide: *wide,
                opened_at: event.at,
                read_at: None,
                opinion: None,
            }),
            EventKind::ReadDone { item, opinion } => {
                if let Some(r) = self.reads.iter_mut().find(|r| r.id == *item) {
                    r.read_at = Some(event.at);
                    r.opinion.clone_from(opinion);
                }
            }
            _ => {}
        }
    }

    pub(crate) fn apply_seat(&mut self, event: &Event) {
        let at = event.at;
        match &event.kind {
            EventKind::SeatOpened {
                seat,
                round,
                kind,
                holder,
                candidates,
                origin,
                draft,
                ..
            } => {
                if let Some(r) = self.round_mut(*round) {
                    r.seats.push(Seat {
                        id: *seat,
                        kind: *kind,
                        holder: holder.clone(),
                        candidates: candidates.clone(),
                        origin: *origin,
                        opened_at: at,
                        draft: draft.clone(),
                        ..Seat::default()
                    });
                }
            }
            EventKind::SeatCarried { seat, round, from } => {
                let Some(mut copy) = self.seat(*from).map(|(_, s)| s.clone()) else {
                    return;
                };
                copy.id = *seat;
                copy.origin = SeatOrigin::Carried(*from);
                if let Some(r) = self.round_mut(*round) {
                    r.seats.push(copy);
                }
            }
            EventKind::SeatClosed {
                seat,
                outcome,
                by,
                on_behalf_of,
                decision,
                opinion,
                ..
            } => {
                if let Some(s) = self.seat_mut(*seat) {
                    s.status = SeatStatus::Closed;
                    s.outcome = Some(*outcome);
                    s.closed_at = Some(at);
                    s.closed_seq = event.seq;
                    s.by = *by;
                    s.on_behalf_of = *on_behalf_of;
                    s.decision.clone_from(decision);
                    s.opinion.clone_from(opinion);
                    if *outcome == SeatOutcome::Completed {
                        s.draft = None;
                    }
                }
            }
            EventKind::SeatParked { seat } => {
                self.with_seat(*seat, |s| s.status = SeatStatus::Parked)
            }
            EventKind::SeatResumed { seat } => {
                self.with_seat(*seat, |s| s.status = SeatStatus::Open)
            }
            EventKind::Claimed { seat, holder } => {
                self.with_seat(*seat, |s| s.holder = Some(holder.clone()))
            }
            EventKind::Unclaimed { seat, candidates } => self.with_seat(*seat, |s| {
                s.holder = None;
                s.candidates.clone_from(candidates);
            }),
            EventKind::CandidatesChanged { seat, candidates } => {
                self.with_seat(*seat, |s| s.candidates.clone_from(candidates));
            }
            EventKind::HolderChanged { seat, holder } => {
                self.with_seat(*seat, |s| s.holder = Some(holder.clone()))
            }
            EventKind::Seen { seat } => self.with_seat(*seat, |s| s.seen_at = Some(at)),
            EventKind::Withdrawn {
                seat: Some(seat), ..
            } => {
                self.with_seat(*seat, |s| s.outcome = Some(SeatOutcome::Withdrawn));
            }
            EventKind::DraftSaved { seat, draft } => {
                self.with_seat(*seat, |s| s.draft = Some(draft.clone()))
            }
            _ => {}
        }
    }

    pub(crate) fn with_seat(&mut self, id: i64, f: impl FnOnce(&mut Seat)) {
        if let Some(s) = self.seat_mut(id) {
            f(s);
        }
    }
}
