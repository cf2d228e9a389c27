//! 退回: targets, the new round, straight back.

use crate::open::Opening;
use crate::work::{Res, Work, chain};
use crate::{
    After, Compiled, EventKind, Instance, Refusal, ReturnInto, ReturnOut, ReturnTo, Round,
    RoundOrigin, RoundStatus, ScopeStatus, SeatOrigin, SeatOutcome, Then,
};

/// First round of a chain of repetitions.
pub(crate) fn root_of<'i>(s: &'i Instance, round: &'i Round) -> &'i Round {
    let mut at = round;
    while let Some(before) = at.redo_of.and_then(|r| s.round(r)) {
        at = before;
    }
    at
}

/// Scope in which the flow first reached the step of this round.
pub(crate) fn home(s: &Instance, round: &Round) -> i64 {
    root_of(s, round).scope
}

/// Done by people, or passed on behalf of somebody (who then gets it himself, R20).
fn returnable(r: &Round) -> bool {
    match r.status {
        RoundStatus::Done => true,
        RoundStatus::Passed => r
            .seats
            .iter()
            .any(|x| x.outcome == Some(SeatOutcome::AutoPassed)),
        _ => false,
    }
}

/// The nearest target done by people: automatic ones are skipped (R19).
pub(crate) fn previous(s: &Instance, targets: &[i64]) -> Option<i64> {
    targets
        .iter()
        .copied()
        .find(|&t| s.round(t).is_some_and(|r| r.status == RoundStatus::Done))
}

/// Earlier rounds done by people on the way to this one, most recent first, each step once; rounds in cancelled scopes are out of reach.
pub(crate) fn way_back(s: &Instance, from: &Round) -> Vec<i64> {
    let mut todo: Vec<i64> = root_of(s, from).prev.clone();
    let mut seen: Vec<i64> = Vec::new();
    let mut found: Vec<(i64, &str)> = Vec::new();
    while let Some(id) = todo.pop() {
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        let Some(r) = s.round(id) else { continue };
        let root = root_of(s, r);
        todo.extend(&root.prev);
        let latest = s
            .rounds
            .iter()
            .rev()
            .find(|x| x.step == r.step && returnable(x) && root_of(s, x).id == root.id);
        let Some(latest) = latest else { continue };
        let reachable = chain(s, root.scope).iter().all(|&sc| {
            s.scope(sc)
                .is_some_and(|x| x.status != ScopeStatus::Cancelled)
        });
        if reachable && latest.id != from.id {
            found.push((latest.id, latest.step.as_str()));
        }
    }
    found.sort_unstable_by_key(|f| std::cmp::Reverse(f.0));
    let mut steps: Vec<&str> = Vec::new();
    found.retain(|(_, step)| {
        let new = !steps.contains(step) && *step != from.step;
        steps.push(step);
        new
    });
    found.into_iter().map(|(id, _)| id).collect()
}

/// Rounds that a seat's round may be returned to, by the step's settings.
pub(crate) fn targets(c: &Compiled, s: &Instance, from: &Round) -> Vec<i64> {
    let Some(step) = c.step(&from.step) else {
        return Vec::new();
    };
    let mut list = way_back(s, from);
    if let Some(only) = &step.acts.return_to {
        list.retain(|&t| s.round(t).is_some_and(|r| only.contains(&r.step)));
    }
    if step.acts.return_out == ReturnOut::Refuse {
        let own = from.scope;
        list.retain(|&t| {
            s.round(t)
                .is_some_and(|r| !chain(s, own).into_iter().skip(1).any(|o| o == home(s, r)))
        });
    }
    list
}

impl Work<'_> {
    pub fn return_seat(
        &mut self,
        seat: i64,
        to: &ReturnTo,
        then: Then,
        opinion: Option<&str>,
    ) -> Res<()> {
        let (round, _, step) = self.seat_step(seat)?;
        if then == Then::StraightBack && !step.acts.may_straight_back {
            return Err(Refusal::new(
                "straight_back_off",
                "本环节退回后须逐级重走,请选择“重走”。",
            ));
        }
        let target = self.target(round, to)?;
        let Some(t) = self.s.round(target) else {
            return Err(not_same_route());
        };
        self.emit(EventKind::Returned {
            round,
            seat: Some(seat),
            to_step: t.step.clone(),
            to_round: target,
            straight_back: then == Then::StraightBack,
            opinion: opinion.map(str::to_owned),
        });
        self.close_by_actor(seat, round, step, SeatOutcome::Returned, None, opinion);
        self.close_round(round, RoundStatus::Returned, None, "本环节已退回");
        self.send_back(round, target, then)
    }

    pub fn target(&self, round: i64, to: &ReturnTo) -> Res<i64> {
        let from = self.s.round(round).ok_or_else(not_same_route)?;
        let list = targets(self.c, &self.s, from);
        let by_step = |id: &str| {
            list.iter()
                .copied()
                .find(|&t| self.s.round(t).is_some_and(|r| r.step == id))
        };
        match to {
            ReturnTo::Initiator => {
                let start = self.c.start().map(|s| s.id.as_str()).unwrap_or_default();
                by_step(start).ok_or_else(not_same_route)
            }
            ReturnTo::Step(id) => {
                self.step(id)?;
                by_step(id).ok_or_else(not_same_route)
            }
            ReturnTo::Previous => previous(&self.s, &list).ok_or_else(not_same_route),
        }
    }

    /// 驳回到指定环节: the round is decided, now run again from the fixed step.
    pub fn return_by_rule(&mut self, round: i64, to: &str) -> Res<()> {
        let from = self.s.round(round).ok_or_else(not_same_route)?;
        let list = way_back(&self.s, from);
        let Some(target) = list
            .into_iter()
            .find(|&t| self.s.round(t).is_some_and(|r| r.step == to))
        else {
            return Err(not_same_route());
        };
        self.emit(EventKind::Returned {
            round,
            seat: None,
            to_step: to.to_owned(),
            to_round: target,
            straight_back: false,
            opinion: None,
        });
        self.send_back(round, target, Then::Rerun)
    }

    /// Opens the target again; the returning round is closed already, so its scope holds no token.
    pub fn send_back(&mut self, round: i64, target: i64, then: Then) -> Res<()> {
        let (Some(r), Some(t)) = (self.s.round(round), self.s.round(target)) else {
            return Err(not_same_route());
        };
        let acts = &self.step(&r.step)?.acts;
        let (own, goal) = (r.scope, home(&self.s, t));
        let carry = if t.scope == own && t.after == After::Reenter {
            After::Reenter
        } else {
            After::Links
        };
        let own_chain = self.chain(own);
        let meet = self
            .chain(goal)
            .into_iter()
            .find(|s| own_chain.contains(s))
            .unwrap_or(1);
        if then == Then::StraightBack {
            return self.reopen_target(round, target, own, After::StraightBack(round));
        }
        if own == goal {
            return self.reopen_target(round, target, own, carry);
        }
        if meet != own {
            match acts.return_out {
                ReturnOut::Refuse => return Err(not_same_route()),
                ReturnOut::BranchOnly => {
                    return self.reopen_target(round, target, own, After::Reenter);
                }
                ReturnOut::WholeBlock => {
                    self.cancel_token(meet, "已退回到分叉之前");
                }
            }
        } else if acts.return_into == ReturnInto::WholeBlock {
            return self.rerun_block(round, meet, goal);
        }
        self.reopen(meet, goal);
        self.reopen_target(round, target, goal, After::Links)
    }

    /// Runs the whole block that holds the goal again.
    pub fn rerun_block(&mut self, round: i64, meet: i64, goal: i64) -> Res<()> {
        let outer = self
            .chain(goal)
            .into_iter()
            .take_while(|&s| s != meet)
            .last()
            .unwrap_or(goal);
        let Some(block) = self
            .s
            .scope(outer)
            .and_then(|s| s.block)
            .and_then(|b| self.s.block(b))
        else {
            return Err(not_same_route());
        };
        let (id, step) = (block.id, block.step.clone());
        self.emit(EventKind::BlockCancelled { block: id });
        self.go_enter(&step, meet, vec![round]);
        Ok(())
    }

    pub fn reopen_target(&mut self, round: i64, target: i64, scope: i64, after: After) -> Res<()> {
        let Some(t) = self.s.round(target) else {
            return Err(not_same_route());
        };
        let step = self.step(&t.step)?;
        let people = self.admit(&self.members(t), &t.step, scope);
        self.open(
            step,
            Opening {
                scope,
                prev: vec![round],
                redo_of: Some(target),
                origin: RoundOrigin::Return,
                after,
                people: Some(people),
                seat_origin: SeatOrigin::Previous,
                carried: Vec::new(),
            },
        )
        .map(|_| ())
    }
}

pub(crate) fn not_same_route() -> Refusal {
    Refusal::new(
        "not_same_route",
        "该环节不在本事项经过的同一路线上,不能退回到那里,请选择列出的环节。",
    )
}
