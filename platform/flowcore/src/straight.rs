//! 直达: straight back to whoever returned it.

use crate::open::Opening;
use crate::ret::{home, not_same_route};
use crate::work::{Go, Res, ScopeEnv, Work};
use crate::{Cond, Env, EventKind, RoundOrigin, SeatOrigin, SeatOutcome, SeatSpec, Step, StepKind};

impl Work<'_> {
    /// 直达: the returned step is done, back to whoever returned it; votes given there still count if the step keeps them.
    pub fn straight_back(&mut self, done: i64, to: i64) -> Res<()> {
        let (Some(d), Some(back)) = (self.s.round(done), self.s.round(to)) else {
            return Err(not_same_route());
        };
        let step = self.step(&back.step)?;
        let origin = home(&self.s, d);
        if !self.may_reach(&d.step, &back.step, origin) {
            return self.drop_straight_back(done, step);
        }
        let keep = step.acts.keep_votes;
        let carried: Vec<i64> = back
            .seats
            .iter()
            .filter(|s| keep && s.owner().is_none())
            .filter(|s| {
                matches!(
                    s.outcome,
                    Some(SeatOutcome::Completed | SeatOutcome::AutoPassed)
                )
            })
            .map(|s| s.id)
            .collect();
        let voted: Vec<i64> = back
            .seats
            .iter()
            .filter(|s| carried.contains(&s.id))
            .filter_map(|s| {
                s.holder
                    .as_ref()
                    .map(SeatSpec::responsible)
                    .or(s.on_behalf_of)
                    .or(s.by)
            })
            .collect();
        let asked: Vec<i64> = self
            .members(back)
            .into_iter()
            .filter(|p| !voted.contains(p))
            .collect();
        let (scope, after) = (back.scope, back.after);
        let people = self.admit(&asked, &step.id, scope);
        let carried = if people.is_empty() {
            Vec::new()
        } else {
            carried
        };
        self.open(
            step,
            Opening {
                scope,
                prev: vec![done],
                redo_of: Some(to),
                origin: RoundOrigin::StraightBack,
                after,
                people: Some(people),
                seat_origin: SeatOrigin::Previous,
                carried,
            },
        )
        .map(|_| ())
    }

    /// The data now lead elsewhere: fall back to running every step again, with a notice (R23).
    pub fn drop_straight_back(&mut self, done: i64, back: &Step) -> Res<()> {
        let Some(d) = self.s.round(done) else {
            return Err(not_same_route());
        };
        let (step, scope, origin, decision) = (
            d.step.clone(),
            d.scope,
            home(&self.s, d),
            d.decision.clone(),
        );
        self.emit(EventKind::Notice {
            code: "straight_back_dropped".into(),
            message: format!("内容修改后流程不再经过“{}”,改为逐级重走。", back.title),
            persons: self.actor.into_iter().collect(),
        });
        let outward = scope != origin && self.chain(scope).contains(&origin);
        if outward {
            return self.reenter(done, scope);
        }
        if scope != origin {
            let meet = self
                .chain(origin)
                .into_iter()
                .find(|s| self.chain(scope).contains(s))
                .unwrap_or(1);
            if meet != scope {
                return self.reenter(done, scope);
            }
            self.reopen(meet, origin);
        }
        self.go.push_back(Go::Leave {
            step,
            scope: origin,
            prev: vec![done],
            chosen: Vec::new(),
            decision,
        });
        Ok(())
    }

    /// Can the flow still come from one step to another with the variables as they are? Decisions not yet made count as possible.
    pub fn may_reach(&self, from: &str, to: &str, scope: i64) -> bool {
        let env = ScopeEnv {
            instance: &self.s,
            scope,
            decision: None,
            chosen: None,
        };
        let mut todo = vec![from.to_owned()];
        let mut seen: Vec<String> = Vec::new();
        while let Some(at) = todo.pop() {
            for next in self.possible(&at, &env) {
                if next == to {
                    return true;
                }
                if !seen.contains(&next) {
                    seen.push(next.clone());
                    todo.push(next);
                }
            }
        }
        false
    }

    pub fn possible(&self, at: &str, env: &dyn Env) -> Vec<String> {
        let Some(step) = self.c.step(at) else {
            return Vec::new();
        };
        let mut out = Vec::new();
        if let StepKind::Each {
            over, body_start, ..
        } = &step.kind
            && env.var(over).is_none_or(crate::cond::truthy)
        {
            out.push(body_start.clone());
        }
        let fork = step.kind == StepKind::Fork;
        let mut sure = false;
        for l in self.c.links_from(at).filter(|l| l.when != Cond::Always) {
            match l.when.known(env) {
                Some(false) => {}
                Some(true) => {
                    out.push(l.to.clone());
                    if !fork {
                        sure = true;
                        break;
                    }
                }
                None => out.push(l.to.clone()),
            }
        }
        if !sure {
            out.extend(
                self.c
                    .links_from(at)
                    .filter(|l| l.when == Cond::Always)
                    .map(|l| l.to.clone()),
            );
        }
        if let Some(region) = self.c.region(at)
            && let Some(StepKind::Each { body_end, .. }) = self.c.step(region).map(|s| &s.kind)
            && body_end == at
        {
            out.extend(self.c.links_from(region).map(|l| l.to.clone()));
        }
        out
    }
}
