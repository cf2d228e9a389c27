//! Administrator and system acts: suspend, jump, end, due times, timers, leavers, delegations.

use crate::complete::{bad_target, mandatory, unavailable};
use crate::open::Opening;
use crate::work::{Res, Work};
use crate::{
    Actor, EventKind, Refusal, RoundOrigin, RoundStatus, ScopeStatus, SeatOrigin, SeatOutcome,
    Step, StepKind,
};

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
    pub fn check_mandatory(&self, scope: i64, target: &Step) -> Res<()> {
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
}

pub(crate) fn need_reason(reason: &str) -> Res<()> {
    if reason.trim().is_empty() {
        return Err(Refusal::new("reason_required", "请填写理由。"));
    }
    Ok(())
}

pub(crate) fn round_gone() -> Refusal {
    Refusal::new("already_handled", "该环节已经结束,请刷新后查看最新情况。")
}

/// The system acts for nobody.
pub(crate) fn actor_of(actor: &Actor) -> Option<i64> {
    (!actor.system).then_some(actor.identity)
}
