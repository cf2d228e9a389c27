//! Administrator and system acts: suspend, jump, end, due times, timers, leavers, delegations.

use crate::command::{Actor, Refusal};
use crate::complete::{bad_target, mandatory, unavailable};
use crate::definition::{OverdueThen, Step, StepKind};
use crate::event::EventKind;
use crate::instance::{
    RoundOrigin, RoundStatus, ScopeStatus, SeatOrigin, SeatOutcome, SeatStatus, TimerKind,
};
use crate::open::Opening;
use crate::who::SeatSpec;
use crate::work::{Res, Work};

impl Work<'_> {
    pub fn suspend(&mut self, reason: Option<&str>) -> Res<()> {
        self.emit(EventKind::Suspended {
            reason: reason.map(str::to_owned),
        });
        Ok(())
    }

    /// Timers run again; by setting they and the due times move by the length of the pause (J08).
    pub fn resume(&mut self, reason: Option<&str>) -> Res<()> {
        let paused = self.s.paused.clone();
        let pause = self.s.suspended_at.map_or(0, |at| (self.f.now - at).max(0));
        let shift = if self.c.definition().settings.shift_on_resume {
            pause
        } else {
            0
        };
        self.emit(EventKind::Resumed {
            reason: reason.map(str::to_owned),
        });
        for t in &paused {
            self.emit(EventKind::TimerSet {
                timer: t.id,
                round: t.round,
                kind: t.kind,
                at: t.at + shift,
            });
        }
        if shift > 0 {
            let dues: Vec<(i64, i64)> = self
                .s
                .open_rounds()
                .filter_map(|r| r.due.map(|d| (r.id, d + shift)))
                .collect();
            for (round, due) in dues {
                self.emit(EventKind::DueChanged {
                    round,
                    due: Some(due),
                    reason: Some("挂起期间不计时".into()),
                });
            }
        }
        Ok(())
    }

    pub fn jump(&mut self, round: Option<i64>, to: &str, people: &[i64], reason: &str) -> Res<()> {
        let target = self.step(to)?;
        need_reason(reason)?;
        let region = self.c.region(to);
        let scope = match round {
            Some(r) => {
                let r = self
                    .s
                    .round(r)
                    .filter(|r| r.status.is_open())
                    .ok_or_else(round_gone)?;
                let mut way = self.chain(r.scope).into_iter();
                way.find(|&s| self.block_step(s) == region)
            }
            None if region.is_none() || matches!(target.kind, StepKind::End { .. }) => Some(1),
            None => {
                let open = |id: &i64| {
                    self.s
                        .scope(*id)
                        .is_some_and(|s| s.status == ScopeStatus::Open)
                };
                let list: Vec<i64> = self
                    .s
                    .scopes
                    .iter()
                    .map(|s| s.id)
                    .filter(|&s| self.block_step(s) == region)
                    .filter(open)
                    .collect();
                if list.len() > 1 {
                    return Err(Refusal::new(
                        "choose_round",
                        "有多条分支可跳转,请先指定要跳转的那一条分支。",
                    ));
                }
                list.first().copied()
            }
        };
        let scope = if matches!(target.kind, StepKind::End { .. }) {
            Some(1)
        } else {
            scope
        };
        let Some(scope) = scope else {
            return Err(bad_target(target));
        };
        if !matches!(target.kind, StepKind::End { .. }) {
            self.check_mandatory(scope, target)?;
        }
        let specs = self.admit(people, to, scope);
        if !people.is_empty() && specs.is_empty() {
            return Err(unavailable(&target.title));
        }
        self.emit(EventKind::Jumped {
            scope,
            to: to.to_owned(),
            reason: reason.to_owned(),
        });
        let prev = self.cancel_token(scope, "管理员已调整流程去向");
        if target.kind != StepKind::Task || specs.is_empty() {
            self.go_enter(to, scope, prev);
            return Ok(());
        }
        let mut o = Opening::flow(scope, prev);
        o.origin = RoundOrigin::Jump;
        o.people = Some(specs);
        o.seat_origin = SeatOrigin::Assigned;
        self.open(target, o).map(|_| ())
    }

    /// A forward jump may not pass over a mandatory step (J10).
    fn check_mandatory(&self, scope: i64, target: &Step) -> Res<()> {
        let at: Vec<&str> = self
            .s
            .open_rounds()
            .filter(|r| r.scope == scope)
            .map(|r| r.step.as_str())
            .chain(
                self.s
                    .blocks
                    .iter()
                    .filter(|b| b.scope == scope && b.status == crate::BlockStatus::Open)
                    .map(|b| b.step.as_str()),
            )
            .collect();
        for from in at {
            let own = self.c.step(from).is_some_and(|s| s.mandatory);
            let way = self.c.between(from, &target.id, |_| false);
            if from != target.id
                && way.is_some()
                && (own || self.c.between(from, &target.id, |s| s.mandatory).is_none())
            {
                // A loop back may also be a way forward: an earlier step is always allowed.
                if !self.c.reaches(&target.id, from) {
                    return Err(mandatory(target));
                }
            }
        }
        Ok(())
    }

    /// Gives an open or stuck round to these people; who has voted keeps his vote.
    pub fn assign(&mut self, round: i64, people: &[i64], reason: Option<&str>) -> Res<()> {
        let r = self.s.round(round).ok_or_else(round_gone)?;
        let (step, scope, stuck) = (self.step(&r.step)?, r.scope, r.status == RoundStatus::Stuck);
        let mut specs = self.admit(people, &step.id, scope);
        let voted: Vec<i64> = r
            .seats
            .iter()
            .filter(|s| !s.is_live() && s.outcome == Some(SeatOutcome::Completed))
            .filter_map(|s| s.on_behalf_of.or(s.by))
            .collect();
        specs.retain(|p| !voted.contains(&p.responsible()));
        if specs.is_empty() {
            return Err(unavailable(&step.title));
        }
        let live: Vec<i64> = r
            .seats
            .iter()
            .filter(|s| s.is_live())
            .map(|s| s.id)
            .collect();
        let due = r.due;
        for seat in live {
            self.close_seat(
                seat,
                SeatOutcome::Cancelled,
                Some(reason.unwrap_or("管理员已改派")),
            );
        }
        if self.s.round(round).is_some_and(|r| !r.queue.is_empty()) {
            self.emit(EventKind::QueueChanged {
                round,
                queue: Vec::new(),
            });
        }
        if stuck {
            self.emit(EventKind::Unstuck { round });
            let timed = self.s.timers.iter().any(|t| t.round == round);
            if !timed {
                self.set_timers(step, round, due);
            }
        }
        self.seat_people(step, round, specs, SeatOrigin::Assigned, None);
        Ok(())
    }

    pub fn stop(&mut self, voided: bool, reason: &str) -> Res<()> {
        need_reason(reason)?;
        self.cancel_token(
            1,
            if voided {
                "事项已作废"
            } else {
                "事项已终止"
            },
        );
        let reason = reason.to_owned();
        self.emit(if voided {
            EventKind::Voided { reason }
        } else {
            EventKind::Terminated { reason }
        });
        Ok(())
    }

    pub fn change_due(&mut self, round: i64, due: Option<i64>, reason: Option<&str>) -> Res<()> {
        let step = self.step(&self.s.round(round).ok_or_else(round_gone)?.step)?;
        self.clear_timers(round);
        self.emit(EventKind::DueChanged {
            round,
            due,
            reason: reason.map(str::to_owned),
        });
        self.set_timers(step, round, due);
        Ok(())
    }

    pub fn timer_fired(&mut self, timer: i64) -> Res<()> {
        let Some(t) = self.s.timers.iter().find(|t| t.id == timer).cloned() else {
            return Err(timer_gone());
        };
        let r = self.s.round(t.round).ok_or_else(timer_gone)?;
        let (step, scope) = (self.step(&r.step)?, r.scope);
        let handlers = crate::acts::to_remind(r);
        let prev = r.prev.clone();
        self.emit(EventKind::TimerFired {
            timer,
            round: t.round,
            kind: t.kind,
        });
        if t.kind == TimerKind::Overdue {
            return self.overdue(step, t.round);
        }
        let mut also = Vec::new();
        for who in &step.remind_also {
            let probe = Step {
                who: who.clone(),
                id: step.id.clone(),
                title: step.title.clone(),
                ..Step::default()
            };
            also.extend(
                self.find(&probe, scope, &prev)?
                    .specs
                    .iter()
                    .map(|p| p.identity),
            );
        }
        also.retain(|p| !handlers.contains(p));
        also.sort_unstable();
        also.dedup();
        self.emit(EventKind::Reminded {
            round: t.round,
            kind: t.kind,
            handlers,
            also,
        });
        let done = match t.kind {
            TimerKind::PreRemind => return Ok(()),
            TimerKind::Remind(n) => n,
            _ => 0,
        };
        let days = step.overdue.every_days.unwrap_or(1);
        if done < step.overdue.times {
            let at = self.f.outside.due(self.f.now, days);
            self.set_timer(t.round, TimerKind::Remind(done + 1), at);
        } else if step.overdue.then != OverdueThen::Nothing {
            if step.overdue.times == 0 {
                return self.overdue(step, t.round);
            }
            let at = self.f.outside.due(self.f.now, days);
            self.set_timer(t.round, TimerKind::Overdue, at);
        }
        Ok(())
    }

    fn overdue(&mut self, step: &Step, round: i64) -> Res<()> {
        let Some(r) = self.s.round(round) else {
            return Ok(());
        };
        let (scope, prev) = (r.scope, r.prev.clone());
        match &step.overdue.then {
            OverdueThen::Nothing => Ok(()),
            OverdueThen::Escalate(who) => {
                let probe = Step {
                    who: who.clone(),
                    id: step.id.clone(),
                    title: step.title.clone(),
                    ..Step::default()
                };
                let persons = self
                    .find(&probe, scope, &prev)?
                    .specs
                    .iter()
                    .map(|p| p.identity)
                    .collect();
                self.emit(EventKind::Escalated { round, persons });
                Ok(())
            }
            OverdueThen::Decide(decision) => {
                let live: Vec<(i64, i64, bool)> = r
                    .seats
                    .iter()
                    .filter(|s| s.is_live())
                    .map(|s| {
                        let p = s
                            .holder
                            .as_ref()
                            .or(s.candidates.first())
                            .map_or(0, SeatSpec::responsible);
                        (s.id, p, s.owner().is_none())
                    })
                    .collect();
                for (seat, person, voter) in live {
                    if self.s.round(round).is_none_or(|r| !r.status.is_open()) {
                        break;
                    }
                    if voter {
                        self.auto_pass(
                            step,
                            round,
                            seat,
                            person,
                            decision,
                            "超过期限,按设置自动办理",
                        );
                    } else {
                        self.close_seat(
                            seat,
                            SeatOutcome::Cancelled,
                            Some("超过期限,按设置自动办理"),
                        );
                    }
                }
                self.evaluate(round, &[])
            }
        }
    }

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

    fn leave_candidates(&mut self, round: i64, person: i64, heir: Option<i64>) {
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

    fn leave_queue(&mut self, round: i64, person: i64, heir: Option<i64>) {
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

    fn leave_seat(&mut self, round: i64, seat: i64, person: i64, heir: Option<i64>) {
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
    fn refill(&mut self, round: i64, person: i64) -> Res<()> {
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

fn need_reason(reason: &str) -> Res<()> {
    if reason.trim().is_empty() {
        return Err(Refusal::new("reason_required", "请填写理由。"));
    }
    Ok(())
}

fn round_gone() -> Refusal {
    Refusal::new("already_handled", "该环节已经结束,请刷新后查看最新情况。")
}

fn timer_gone() -> Refusal {
    Refusal::new("timer_gone", "该定时已取消或已触发。")
}

/// The system acts for nobody.
pub(crate) fn actor_of(actor: &Actor) -> Option<i64> {
    (!actor.system).then_some(actor.identity)
}
