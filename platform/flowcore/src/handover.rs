//! Handing over: leavers and their heirs, delegations.

use crate::work::{Res, Work};
use crate::{
    EventKind, Refusal, RoundStatus, SeatOrigin, SeatOutcome, SeatSpec, SeatStatus, StepKind,
};

impl Work<'_> {
    /// A leaver's open items go to the heir, or by the step's rule; questions put to him go back (T08, T16).
    pub fn person_left(&mut self, person: i64, heir: Option<i64>) -> Res<()> {
        if heir == Some(person) {
            return Err(Refusal::new("to_self", "接办人不能是本人,请另选他人。"));
        }
        self.emit(EventKind::PersonLeft { person, heir });
        let heir = heir.map(|h| self.heir_of(h)).filter(|&h| h != person);
        let rounds: Vec<i64> = self.s.open_rounds().map(|r| r.id).collect();
        for round in rounds {
            self.leave_candidates(round, person, heir);
            self.leave_queue(round, person, heir);
            let seats: Vec<i64> = self
                .s
                .round(round)
                .map(|r| {
                    let held = |s: &&crate::Seat| {
                        s.holder
                            .as_ref()
                            .is_some_and(|h| h.identity == person || h.principal == Some(person))
                    };
                    r.seats
                        .iter()
                        .filter(|s| s.is_live())
                        .filter(held)
                        .map(|s| s.id)
                        .collect()
                })
                .unwrap_or_default();
            for seat in seats {
                self.leave_seat(round, seat, person, heir);
            }
            self.refill(round, person)?;
        }
        Ok(())
    }

    pub fn leave_candidates(&mut self, round: i64, person: i64, heir: Option<i64>) {
        let Some(r) = self.s.round(round) else { return };
        let hit: Vec<(i64, Vec<SeatSpec>)> = r
            .seats
            .iter()
            .filter(|s| {
                s.is_live()
                    && s.candidates
                        .iter()
                        .any(|c| c.identity == person || c.responsible() == person)
            })
            .map(|s| {
                let mut left: Vec<SeatSpec> = s
                    .candidates
                    .iter()
                    .filter(|c| c.identity != person && c.responsible() != person)
                    .cloned()
                    .collect();
                if left.is_empty()
                    && let Some(h) = heir
                {
                    left.push(SeatSpec::own(h));
                }
                (s.id, left)
            })
            .collect();
        for (seat, candidates) in hit {
            let unheld = self.s.seat(seat).is_some_and(|(_, s)| s.holder.is_none());
            let none = candidates.is_empty();
            self.emit(EventKind::CandidatesChanged { seat, candidates });
            if unheld && none {
                self.close_seat(seat, SeatOutcome::Cancelled, Some("候选人均已离岗"));
            }
        }
    }

    pub fn leave_queue(&mut self, round: i64, person: i64, heir: Option<i64>) {
        let Some(r) = self.s.round(round) else { return };
        if !r
            .queue
            .iter()
            .any(|q| q.spec.identity == person || q.spec.responsible() == person)
        {
            return;
        }
        let mut queue = r.queue.clone();
        for q in &mut queue {
            if q.spec.responsible() == person {
                q.spec = SeatSpec::own(heir.unwrap_or(0));
            } else if q.spec.identity == person {
                q.spec = SeatSpec::own(q.spec.responsible());
            }
        }
        queue.retain(|q| q.spec.identity != 0);
        self.emit(EventKind::QueueChanged { round, queue });
    }

    pub fn leave_seat(&mut self, round: i64, seat: i64, person: i64, heir: Option<i64>) {
        let Some((r, x)) = self.s.seat(seat) else {
            return;
        };
        if !x.is_live() {
            return;
        }
        let (parked, origin, draft) = (x.status == SeatStatus::Parked, x.origin, x.draft.clone());
        let Some(holder) = x.holder.clone() else {
            return;
        };
        if let Some(principal) = holder.principal.filter(|&p| p != person) {
            self.emit(EventKind::HolderChanged {
                seat,
                holder: SeatSpec::own(principal),
            });
            return;
        }
        let member = heir.is_some_and(|h| {
            r.seats
                .iter()
                .any(|s| s.is_live() && s.holder.as_ref().is_some_and(|x| x.responsible() == h))
                || r.queue.iter().any(|q| q.spec.responsible() == h)
        });
        let Ok(step) = self.step(&r.step) else { return };
        if matches!(origin, SeatOrigin::Help(_) | SeatOrigin::SignBefore(_)) && !parked {
            self.close_seat(seat, SeatOutcome::Cancelled, Some("受派人已离岗"));
            self.resume_owner(seat);
            self.emit(EventKind::Notice {
                code: "helper_left".into(),
                message: format!("“{}”的受派人已离岗,事项已回到委派人。", step.title),
                persons: x_owner_person(self, seat),
            });
            return;
        }
        let merge = self.c.definition().settings.merge_heir_seats;
        match heir {
            Some(_) if member && (merge || parked) => {
                self.drop_children(seat, SeatOutcome::Cancelled, "委派人已离岗", |_| true);
                self.close_seat(
                    seat,
                    SeatOutcome::Cancelled,
                    Some("离岗交接,与接办人的席位合并"),
                );
                self.resume_owner(seat);
            }
            Some(h) if parked => {
                self.emit(EventKind::HolderChanged {
                    seat,
                    holder: SeatSpec {
                        weight: holder.weight,
                        ..SeatSpec::own(h)
                    },
                });
            }
            Some(h) => {
                self.close_seat(seat, SeatOutcome::Transferred, Some("离岗交接"));
                // A second seat beside his own one counts as the leaver's.
                let base = if member {
                    SeatSpec::agent(h, person, false)
                } else {
                    SeatSpec::own(h)
                };
                let spec = SeatSpec {
                    weight: holder.weight,
                    ..base
                };
                let to_seat = self.open_seat(
                    step,
                    round,
                    Some(spec),
                    Vec::new(),
                    SeatOrigin::Heir(seat),
                    draft,
                );
                self.emit(EventKind::Transferred {
                    from_seat: seat,
                    to_seat,
                    from: Some(person),
                    to: h,
                    opinion: None,
                });
            }
            None => {
                self.drop_children(seat, SeatOutcome::Cancelled, "委派人已离岗", |_| true);
                self.close_seat(seat, SeatOutcome::Cancelled, Some("办理人已离岗"));
                self.resume_owner(seat);
            }
        }
    }

    /// After people were taken off a round: by the step's rule if nobody is left, else the votes are counted again.
    pub fn refill(&mut self, round: i64, person: i64) -> Res<()> {
        let Some(r) = self
            .s
            .round(round)
            .filter(|r| r.status == RoundStatus::Open)
        else {
            return Ok(());
        };
        let nobody = !r.seats.iter().any(crate::vote::votes) && r.queue.is_empty();
        if !nobody {
            return self.evaluate(round, &[]);
        }
        let (step, scope, prev) = (self.step(&r.step)?, r.scope, r.prev.clone());
        let mut specs = if step.kind == StepKind::Start {
            self.admit(&[self.s.starter], &step.id, scope)
        } else {
            self.find(step, scope, &prev)?.specs
        };
        specs.retain(|p| p.identity != person && p.responsible() != person);
        if specs.is_empty() {
            self.stick(
                round,
                &format!("环节“{}”的办理人已离岗且没有接办人。", step.title),
            );
        } else {
            self.seat_people(step, round, specs, SeatOrigin::Resolved, None);
        }
        Ok(())
    }

    /// A delegation covers open items: the agent acts, the principal is named; ended: they go back.
    pub fn delegate(&mut self, principal: i64, agent: i64, shared: bool, begin: bool) -> Res<()> {
        if principal == agent {
            return Err(Refusal::new("to_self", "不能委托给自己。"));
        }
        let seats: Vec<(i64, SeatSpec)> = self
            .s
            .open_rounds()
            .flat_map(|r| &r.seats)
            .filter(|s| s.is_live())
            .filter_map(|s| s.holder.as_ref().map(|h| (s.id, h)))
            .filter_map(|(id, h)| match (begin, h.principal) {
                (true, None) if h.identity == principal => Some((
                    id,
                    SeatSpec {
                        weight: h.weight,
                        ..SeatSpec::agent(agent, principal, shared)
                    },
                )),
                (false, Some(p)) if p == principal && h.identity == agent => Some((
                    id,
                    SeatSpec {
                        weight: h.weight,
                        ..SeatSpec::own(principal)
                    },
                )),
                _ => None,
            })
            .collect();
        if seats.is_empty() {
            return Err(Refusal::new("nothing_to_do", "没有需要调整的在办事项。"));
        }
        for (seat, holder) in seats {
            self.emit(EventKind::HolderChanged { seat, holder });
        }
        Ok(())
    }
}

fn x_owner_person(w: &Work<'_>, seat: i64) -> Vec<i64> {
    let owner =
        w.s.seat(seat)
            .and_then(|(_, s)| s.owner())
            .and_then(|o| w.s.seat(o));
    owner
        .and_then(|(_, s)| s.holder.as_ref())
        .map(|h| h.identity)
        .into_iter()
        .collect()
}
