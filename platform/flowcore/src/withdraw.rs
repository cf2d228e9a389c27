//! 取回 by the last handler, 撤回 by the starter.

use crate::work::{Res, Work};
use crate::{
    Actor, BlockStatus, Compiled, EventKind, HowMany, Instance, Queued, Refusal, Round,
    RoundOrigin, RoundStatus, ScopeStatus, Seat, SeatOrigin, SeatOutcome, SeatStatus,
};

/// What taking back means for a seat.
pub(crate) enum Plan {
    /// The item handed over comes back: the receiver's seat.
    Transfer(i64),
    /// Own vote while the round is open; these seats are closed (依次, 后加签).
    Vote(Vec<i64>),
    /// The finished round.
    Round,
}

fn no(code: &'static str, message: &str) -> Refusal {
    Refusal::new(code, message)
}

fn acted() -> Refusal {
    no(
        "successor_acted",
        "后续环节已经办理,不能取回;请联系办理人退回。",
    )
}

/// Has nothing happened to an open seat yet?
fn fresh(seat: &Seat, read_blocks: bool) -> bool {
    match seat.status {
        SeatStatus::Open => seat.draft.is_none() && !(read_blocks && seat.seen_at.is_some()),
        SeatStatus::Parked => false,
        SeatStatus::Closed => {
            seat.outcome == Some(SeatOutcome::AutoPassed)
                || matches!(seat.origin, SeatOrigin::Carried(_))
        }
    }
}

/// Are all rounds that a round caused still untouched? One taken back before anybody handled it does not count.
fn untouched(s: &Instance, round: i64, read_blocks: bool) -> bool {
    s.rounds
        .iter()
        .filter(|r| r.prev.contains(&round))
        .all(|r| match r.status {
            RoundStatus::Open | RoundStatus::Stuck => r.seats.iter().all(|x| fresh(x, read_blocks)),
            RoundStatus::Passed => untouched(s, r.id, read_blocks),
            RoundStatus::Cancelled => {
                r.seats.iter().all(|x| x.by.is_none())
                    && !s.rounds.iter().any(|k| k.prev.contains(&r.id))
            }
            RoundStatus::Done | RoundStatus::Returned | RoundStatus::Withdrawn => false,
        })
}

/// Is a round the other one, or did it pass by itself after it?
fn comes_from(s: &Instance, id: i64, round: i64) -> bool {
    let passed = |r: &&Round| r.status == RoundStatus::Passed;
    id == round
        || s.round(id)
            .filter(passed)
            .is_some_and(|r| r.prev.iter().any(|&p| comes_from(s, p, round)))
}

/// Is something that the round caused still waiting?
fn leads_to_live(s: &Instance, round: i64) -> bool {
    s.blocks
        .iter()
        .any(|b| b.status == BlockStatus::Open && b.prev.contains(&round))
        || s.rounds
            .iter()
            .filter(|r| r.prev.contains(&round))
            .any(|r| match r.status {
                RoundStatus::Open | RoundStatus::Stuck => true,
                RoundStatus::Passed => leads_to_live(s, r.id),
                _ => false,
            })
}

/// Arrived scopes from this one outwards that must open again, and where the token now is: `None` = it waits in an open block.
fn departure(s: &Instance, scope: i64) -> (Vec<i64>, Option<i64>) {
    let mut way = Vec::new();
    let mut at = scope;
    while let Some(x) = s.scope(at).filter(|x| x.status == ScopeStatus::Arrived) {
        way.push(at);
        match x.block.and_then(|b| s.block(b)) {
            Some(b) if b.status == BlockStatus::Done => at = b.scope,
            _ => return (way, None),
        }
    }
    (way, Some(at))
}

/// May this actor take the seat back, and what does it mean?
pub(crate) fn plan(c: &Compiled, s: &Instance, actor: &Actor, seat: i64) -> Res<Plan> {
    let (round, x) = s.seat(seat).ok_or_else(crate::guard::no_such_seat)?;
    let mine = x.by == Some(actor.identity) || x.on_behalf_of == Some(actor.identity);
    if x.is_live() {
        return if x.admits(actor.identity) {
            Err(no("still_open", "该事项尚未办理,无需取回。"))
        } else {
            Err(crate::guard::not_yours())
        };
    }
    if !mine {
        return Err(crate::guard::not_yours());
    }
    let step = c.step(&round.step).ok_or_else(crate::guard::no_such_seat)?;
    if !step.acts.may_withdraw {
        return Err(no("withdraw_off", "本环节按设置不能取回。"));
    }
    let blocks = step.acts.read_blocks_withdraw;
    match x.outcome {
        Some(SeatOutcome::Transferred) => {
            if !round.status.is_open() {
                return Err(acted());
            }
            let next = round
                .seats
                .iter()
                .find(|n| n.origin == SeatOrigin::Transfer(seat))
                .ok_or_else(acted)?;
            let same_draft = next.draft.is_none() || next.draft == x.draft;
            let quiet = next.status == SeatStatus::Open
                && same_draft
                && !(blocks && next.seen_at.is_some());
            if quiet {
                Ok(Plan::Transfer(next.id))
            } else {
                Err(acted())
            }
        }
        Some(SeatOutcome::Completed) if x.owner().is_none() => match round.status {
            RoundStatus::Open => plan_vote(step.how_many, round, x, blocks),
            RoundStatus::Done => plan_round(s, round, blocks),
            _ => Err(no(
                "cannot_withdraw",
                "该事项已被退回、取回或撤销,不能再取回。",
            )),
        },
        _ => Err(no("cannot_withdraw", "该事项不是由您办结的,不能取回。")),
    }
}

fn plan_vote(how: HowMany, round: &Round, x: &Seat, blocks: bool) -> Res<Plan> {
    let turn = |n: &Seat| {
        n.owner().is_none()
            && !matches!(
                n.origin,
                SeatOrigin::SignAfter(_) | SeatOrigin::SignParallel(_)
            )
    };
    let later: Vec<&Seat> = round
        .seats
        .iter()
        .filter(|n| {
            let next = how == HowMany::Sequential && turn(x) && turn(n) && after(round, x.id, n.id);
            n.origin == SeatOrigin::SignAfter(x.id) || next
        })
        .collect();
    if later.iter().any(|n| {
        !n.is_live() && n.outcome != Some(SeatOutcome::Cancelled)
            || n.is_live() && !fresh(n, blocks)
    }) {
        return Err(acted());
    }
    Ok(Plan::Vote(
        later.iter().filter(|n| n.is_live()).map(|n| n.id).collect(),
    ))
}

/// Does seat `b` stand behind seat `a` in the round?
fn after(round: &Round, a: i64, b: i64) -> bool {
    let at = |id: i64| round.seats.iter().position(|s| s.id == id);
    at(b) > at(a)
}

fn plan_round(s: &Instance, round: &Round, blocks: bool) -> Res<Plan> {
    let scope = s.scope(round.scope).ok_or_else(acted)?;
    let (way, token) = departure(s, round.scope);
    let reachable = way.iter().chain(&token).all(|&x| {
        s.scope(x)
            .is_some_and(|x| x.status != ScopeStatus::Cancelled)
    });
    let current =
        scope.status == ScopeStatus::Open || scope.last.iter().any(|&l| comes_from(s, l, round.id));
    let waits = token.is_none() || leads_to_live(s, round.id);
    if reachable && current && waits && untouched(s, round.id, blocks) && !done_again(s, round.id) {
        Ok(Plan::Round)
    } else {
        Err(acted())
    }
}

/// Was the round done again already?
fn done_again(s: &Instance, round: i64) -> bool {
    s.rounds.iter().any(|r| r.redo_of == Some(round))
}

impl Work<'_> {
    pub fn withdraw(&mut self, actor: &Actor, seat: i64, reason: Option<&str>) -> Res<()> {
        let plan = plan(self.c, &self.s, actor, seat)?;
        let Some((round, x)) = self.s.seat(seat) else {
            return Err(crate::guard::no_such_seat());
        };
        let (round, holder, draft) = (
            round.id,
            x.holder.clone(),
            x.opinion.clone().or_else(|| x.draft.clone()),
        );
        self.behalf = holder
            .as_ref()
            .and_then(|h| h.principal)
            .filter(|&p| p != actor.identity);
        let step = self.step(
            &self
                .s
                .round(round)
                .ok_or_else(crate::guard::no_such_seat)?
                .step,
        )?;
        match plan {
            Plan::Transfer(next) => {
                self.close_seat(next, SeatOutcome::Withdrawn, Some("转出人已取回"));
                self.emit(EventKind::Withdrawn {
                    round: Some(round),
                    seat: Some(seat),
                    reason: reason.map(str::to_owned),
                });
                self.open_seat(
                    step,
                    round,
                    holder,
                    Vec::new(),
                    SeatOrigin::Withdraw(seat),
                    draft,
                );
                Ok(())
            }
            Plan::Vote(later) => {
                self.take_turns_back(round, seat, &later);
                self.emit(EventKind::Withdrawn {
                    round: Some(round),
                    seat: Some(seat),
                    reason: reason.map(str::to_owned),
                });
                self.open_seat(
                    step,
                    round,
                    holder,
                    Vec::new(),
                    SeatOrigin::Withdraw(seat),
                    draft,
                );
                Ok(())
            }
            Plan::Round => self.withdraw_round(round, seat, draft, reason),
        }
    }

    /// 依次 and 后加签: those whose turn had come wait again.
    pub fn take_turns_back(&mut self, round: i64, seat: i64, later: &[i64]) {
        let mut queue: Vec<Queued> = Vec::new();
        for &n in later {
            let Some((_, x)) = self.s.seat(n) else {
                continue;
            };
            let after = matches!(x.origin, SeatOrigin::SignAfter(_)).then_some(seat);
            if let Some(spec) = x.holder.clone() {
                queue.push(Queued { spec, after });
            }
            self.close_seat(n, SeatOutcome::Cancelled, Some("前一人已取回"));
        }
        if !queue.is_empty() {
            queue.extend(
                self.s
                    .round(round)
                    .map(|r| r.queue.clone())
                    .unwrap_or_default(),
            );
            self.emit(EventKind::QueueChanged { round, queue });
        }
    }

    pub fn withdraw_round(
        &mut self,
        round: i64,
        seat: i64,
        draft: Option<String>,
        reason: Option<&str>,
    ) -> Res<()> {
        let Some(r) = self.s.round(round) else {
            return Err(acted());
        };
        let (scope, prev, after, id, decision) = (
            r.scope,
            r.prev.clone(),
            r.after,
            r.step.clone(),
            r.decision.clone(),
        );
        let carried: Vec<i64> = r
            .seats
            .iter()
            .filter(|s| s.id != seat && s.owner().is_none())
            .filter(|s| {
                matches!(
                    s.outcome,
                    Some(SeatOutcome::Completed | SeatOutcome::AutoPassed)
                )
            })
            .map(|s| s.id)
            .collect();
        let holder = r
            .seats
            .iter()
            .find(|s| s.id == seat)
            .and_then(|s| s.holder.clone());
        self.take_token_back(scope);
        self.emit(EventKind::Withdrawn {
            round: Some(round),
            seat: Some(seat),
            reason: reason.map(str::to_owned),
        });
        self.emit(EventKind::RoundClosed {
            round,
            status: RoundStatus::Withdrawn,
            decision,
        });
        let step = self.step(&id)?;
        let no = self.s.rounds.iter().filter(|x| x.step == id).count();
        let new = crate::work::next_id(self.s.rounds.len());
        let due = self.s.round(round).and_then(|x| x.due);
        self.emit(EventKind::RoundOpened {
            round: new,
            step: id,
            title: step.title.clone(),
            scope,
            no: u32::try_from(no).unwrap_or(u32::MAX - 1) + 1,
            prev,
            redo_of: Some(round),
            origin: RoundOrigin::Withdraw,
            after,
            due,
            queue: Vec::new(),
        });
        for from in carried {
            let copy = self.f.outside.next_id();
            self.emit(EventKind::SeatCarried {
                seat: copy,
                round: new,
                from,
            });
        }
        self.set_timers(step, new, due);
        self.open_seat(
            step,
            new,
            holder,
            Vec::new(),
            SeatOrigin::Withdraw(seat),
            draft,
        );
        Ok(())
    }

    /// Cancels what the scope's departure caused and opens arrived branches on the way again.
    pub fn take_token_back(&mut self, scope: i64) {
        let (way, token) = departure(&self.s, scope);
        if let Some(at) = token {
            self.cancel_token(at, "前一环节已取回");
        }
        for scope in way.into_iter().rev() {
            self.emit(EventKind::BranchReopened { scope });
        }
    }
}
