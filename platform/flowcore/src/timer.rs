//! Time limits: due times, reminders, what happens at last.

use crate::work::{Res, Work};
use crate::{EventKind, OverdueThen, Refusal, SeatOutcome, SeatSpec, Step, TimerKind};

impl Work<'_> {
    pub fn change_due(&mut self, round: i64, due: Option<i64>, reason: Option<&str>) -> Res<()> {
        let step = self.step(
            &self
                .s
                .round(round)
                .ok_or_else(crate::admin::round_gone)?
                .step,
        )?;
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

    pub fn overdue(&mut self, step: &Step, round: i64) -> Res<()> {
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
}

pub(crate) fn timer_gone() -> Refusal {
    Refusal::new("timer_gone", "该定时已取消或已触发。")
}
