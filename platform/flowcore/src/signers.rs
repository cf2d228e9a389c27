//! 加签 and 减签; asking for help (委派).

use crate::work::{Res, Work};
use crate::{EventKind, Queued, Refusal, Round, SeatOrigin, SeatOutcome, SeatSpec, SignMode};

impl Work<'_> {
    pub fn assign_help(&mut self, seat: i64, to: i64, note: Option<&str>) -> Res<()> {
        let (round, _, step) = self.seat_step(seat)?;
        let spec = self.newcomer(round, to, &step.title)?;
        self.emit(EventKind::SeatParked { seat });
        self.open_seat(
            step,
            round,
            Some(spec.clone()),
            Vec::new(),
            SeatOrigin::Help(seat),
            None,
        );
        if let Some(note) = note {
            self.emit(EventKind::Notice {
                code: "help_asked".into(),
                message: note.to_owned(),
                persons: vec![spec.identity],
            });
        }
        Ok(())
    }

    pub fn recall_help(&mut self, seat: i64) -> Res<()> {
        self.drop_children(seat, SeatOutcome::Withdrawn, "委派人已收回", |o| {
            matches!(o, SeatOrigin::Help(_))
        });
        let waiting = self.s.seat(seat).is_some_and(|(r, _)| {
            r.seats
                .iter()
                .any(|s| s.is_live() && s.owner() == Some(seat))
        });
        if !waiting {
            self.emit(EventKind::SeatResumed { seat });
        }
        Ok(())
    }

    /// Closes live helpers or signers before of a seat, and theirs.
    pub fn drop_children(
        &mut self,
        owner: i64,
        outcome: SeatOutcome,
        why: &str,
        which: fn(SeatOrigin) -> bool,
    ) {
        let mut todo = vec![owner];
        let mut first = true;
        while let Some(at) = todo.pop() {
            let Some((r, _)) = self.s.seat(at) else {
                continue;
            };
            let kids: Vec<i64> = r
                .seats
                .iter()
                .filter(|s| s.is_live() && s.owner() == Some(at) && (!first || which(s.origin)))
                .map(|s| s.id)
                .collect();
            first = false;
            for k in kids {
                todo.push(k);
                self.close_seat(k, outcome, Some(why));
            }
        }
    }

    pub fn add_signer(&mut self, seat: i64, mode: SignMode, people: &[i64]) -> Res<()> {
        let (round, _, step) = self.seat_step(seat)?;
        if people.is_empty() {
            return Err(Refusal::new("choose_person", "请选择要加签的人员。"));
        }
        if mode == SignMode::Before {
            self.emit(EventKind::SeatParked { seat });
        }
        for &p in people {
            let spec = self.newcomer(round, p, &step.title)?;
            match mode {
                SignMode::Before => {
                    self.open_seat(
                        step,
                        round,
                        Some(spec),
                        Vec::new(),
                        SeatOrigin::SignBefore(seat),
                        None,
                    );
                }
                SignMode::Parallel => {
                    self.open_seat(
                        step,
                        round,
                        Some(spec),
                        Vec::new(),
                        SeatOrigin::SignParallel(seat),
                        None,
                    );
                }
                SignMode::After => {
                    let mut queue = self
                        .s
                        .round(round)
                        .map(|r| r.queue.clone())
                        .unwrap_or_default();
                    queue.push(Queued {
                        spec,
                        after: Some(seat),
                    });
                    self.emit(EventKind::QueueChanged { round, queue });
                }
            }
        }
        Ok(())
    }

    pub fn remove_signer(&mut self, seat: i64, person: i64) -> Res<()> {
        let Some((r, _)) = self.s.seat(seat) else {
            return Err(crate::guard::no_such_seat());
        };
        let round = r.id;
        if !removable(r).contains(&person) {
            return Err(Refusal::new(
                "not_removable",
                format!("人员({person})不是可减去的加签人,或已经办理,不能减签。"),
            ));
        }
        let target = r
            .seats
            .iter()
            .find(|s| s.is_live() && s.holder.as_ref().is_some_and(|h| h.responsible() == person))
            .map(|s| s.id);
        match target {
            Some(id) => {
                self.drop_children(id, SeatOutcome::Cancelled, "所属加签人已减去", |_| true);
                self.close_seat(id, SeatOutcome::Removed, Some("减签"));
                self.resume_owner(id);
            }
            None => {
                let mut queue = r.queue.clone();
                queue.retain(|q| q.after.is_none() || q.spec.responsible() != person);
                self.emit(EventKind::QueueChanged { round, queue });
            }
        }
        self.evaluate(round, &[])
    }
}

/// People added by signing (加签) who may still be removed.
pub(crate) fn removable(round: &Round) -> Vec<i64> {
    let live = round.seats.iter().filter(|s| {
        s.is_live()
            && matches!(
                s.origin,
                SeatOrigin::SignBefore(_) | SeatOrigin::SignAfter(_) | SeatOrigin::SignParallel(_)
            )
    });
    let mut out: Vec<i64> = live
        .filter_map(|s| s.holder.as_ref())
        .map(SeatSpec::responsible)
        .collect();
    out.extend(
        round
            .queue
            .iter()
            .filter(|q| q.after.is_some())
            .map(|q| q.spec.responsible()),
    );
    out
}
