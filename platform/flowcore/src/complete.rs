//! Handling: complete a seat, evaluate its round, leave it.

use serde_json::Value;
use std::collections::BTreeMap;

use crate::open::ballot;
use crate::vote::outcome;
use crate::work::{Go, Res, Work};
use crate::{
    After, Ballot, Effect, EventKind, NextPick, Refusal, RoundStatus, SeatOrigin, SeatOutcome,
    SeatStatus, Step,
};

impl<'a> Work<'a> {
    /// Acts for the seat: an unclaimed group item is claimed by acting, and under a delegation the principal is named.
    pub fn act_on(&mut self, seat: i64, identity: i64) {
        let Some((_, s)) = self.s.seat(seat) else {
            return;
        };
        if s.holder.is_none()
            && let Some(spec) = s.candidates.iter().find(|c| c.admits(identity)).cloned()
        {
            self.behalf = spec.principal.filter(|&p| p != identity);
            self.emit(EventKind::Claimed { seat, holder: spec });
            return;
        }
        self.behalf = s
            .holder
            .as_ref()
            .and_then(|h| h.principal)
            .filter(|&p| p != identity);
    }

    pub fn complete(
        &mut self,
        seat: i64,
        decision: Option<&str>,
        opinion: Option<&str>,
        next: &[NextPick],
        data: &BTreeMap<String, Value>,
    ) -> Res<()> {
        let (round, origin, step) = self.seat_step(seat)?;
        let name = match decision {
            _ if matches!(origin, SeatOrigin::Help(_)) => "agree".to_owned(),
            None => step
                .decisions
                .first()
                .map_or("agree", |d| &d.name)
                .to_owned(),
            Some(d) if d == "agree" && step.decisions.is_empty() => d.to_owned(),
            Some(d) if step.decisions.iter().any(|x| x.name == d) => d.to_owned(),
            Some(d) => {
                return Err(Refusal::new(
                    "bad_decision",
                    format!("环节“{}”没有“{d}”这个选项,请刷新后重选。", step.title),
                ));
            }
        };
        let needs_text = step.acts.opinion_required || matches!(origin, SeatOrigin::Help(_));
        if needs_text && opinion.is_none_or(|o| o.trim().is_empty()) {
            return Err(Refusal::new(
                "opinion_required",
                format!("请填写“{}”的意见后再提交。", step.title),
            ));
        }
        let outcome = if matches!(origin, SeatOrigin::Help(_)) {
            SeatOutcome::Helped
        } else {
            SeatOutcome::Completed
        };
        if outcome == SeatOutcome::Helped {
            self.close_by_actor(seat, round, step, outcome, None, opinion);
            self.resume_owner(seat);
            return Ok(());
        }
        self.set_data(round, data);
        let chosen = self.take_picks(round, step, next)?;
        self.close_by_actor(seat, round, step, outcome, Some(name.clone()), opinion);
        if let SeatOrigin::SignBefore(_) = origin {
            if ballot(step, Some(&name)) == Ballot::Disagree {
                return self.finish(round, name, &[]);
            }
            self.resume_owner(seat);
            return Ok(());
        }
        self.call_after_signers(round, step, seat, &name);
        self.evaluate(round, &chosen)
    }

    /// Round, origin and step of a seat.
    pub fn seat_step(&self, seat: i64) -> Res<(i64, SeatOrigin, &'a Step)> {
        let (r, s) = self.s.seat(seat).ok_or_else(crate::guard::no_such_seat)?;
        Ok((r.id, s.origin, self.step(&r.step)?))
    }

    /// Closes a seat as handled by the actor of the command.
    pub fn close_by_actor(
        &mut self,
        seat: i64,
        round: i64,
        step: &Step,
        outcome: SeatOutcome,
        decision: Option<String>,
        opinion: Option<&str>,
    ) {
        self.emit(EventKind::SeatClosed {
            seat,
            round,
            step: step.id.clone(),
            outcome,
            by: self.actor,
            on_behalf_of: self.behalf,
            decision,
            opinion: opinion.map(str::to_owned),
            reason: None,
        });
    }

    /// When the last helper or signer before has finished, the owner may act again.
    pub fn resume_owner(&mut self, child: i64) {
        let Some((round, seat)) = self.s.seat(child) else {
            return;
        };
        let Some(owner) = seat.owner() else { return };
        if round
            .seats
            .iter()
            .any(|s| s.is_live() && s.owner() == Some(owner))
        {
            return;
        }
        if round
            .seats
            .iter()
            .any(|s| s.id == owner && s.status == SeatStatus::Parked)
        {
            self.emit(EventKind::SeatResumed { seat: owner });
        }
    }

    /// Sets variables where they live: a branch's own ones there, all others at the instance.
    pub fn set_data(&mut self, round: i64, data: &BTreeMap<String, Value>) {
        let scope = self.s.round(round).map_or(1, |r| r.scope);
        let mut by_scope: BTreeMap<i64, BTreeMap<String, Value>> = BTreeMap::new();
        for (name, value) in data {
            let home = self
                .chain(scope)
                .into_iter()
                .find(|&s| self.s.scope(s).is_some_and(|s| s.vars.contains_key(name)));
            by_scope
                .entry(home.unwrap_or(1))
                .or_default()
                .insert(name.clone(), value.clone());
        }
        for (scope, values) in by_scope {
            let same =
                values
                    .iter()
                    .all(|(n, v)| match self.s.scope(scope).filter(|_| scope != 1) {
                        Some(s) => s.vars.get(n) == Some(v),
                        None => self.s.variables.get(n) == Some(v),
                    });
            if !same {
                self.emit(EventKind::DataSet { scope, values });
            }
        }
    }

    /// Opens what waits for this seat (后加签) or the next turn (依次).
    pub fn call_after_signers(&mut self, round: i64, step: &Step, seat: i64, decision: &str) {
        let Some(r) = self.s.round(round) else { return };
        if ballot(step, Some(decision)) == Ballot::Disagree {
            return;
        }
        let (mine, rest): (Vec<_>, Vec<_>) = r
            .queue
            .clone()
            .into_iter()
            .partition(|q| q.after == Some(seat));
        if mine.is_empty() {
            return;
        }
        self.emit(EventKind::QueueChanged { round, queue: rest });
        for q in mine {
            self.open_seat(
                step,
                round,
                Some(q.spec),
                Vec::new(),
                SeatOrigin::SignAfter(seat),
                None,
            );
        }
    }

    /// Decides the round if it can be decided, else calls the next in turn.
    pub fn evaluate(&mut self, round: i64, chosen: &[String]) -> Res<()> {
        let Some(r) = self
            .s
            .round(round)
            .filter(|r| r.status == RoundStatus::Open)
        else {
            return Ok(());
        };
        let step = self.step(&r.step)?;
        if let Some(decision) = outcome(step, r) {
            return self.finish(round, decision, chosen);
        }
        if r.seats.iter().any(|s| s.is_live()) {
            return Ok(());
        }
        let mut queue = r.queue.clone();
        let Some(at) = queue
            .iter()
            .position(|q| q.after.is_none())
            .or(if queue.is_empty() { None } else { Some(0) })
        else {
            self.stick(round, &format!("环节“{}”的办理人都已撤下。", step.title));
            return Ok(());
        };
        let next = queue.remove(at);
        self.emit(EventKind::QueueChanged { round, queue });
        self.open_seat(
            step,
            round,
            Some(next.spec),
            Vec::new(),
            SeatOrigin::Resolved,
            None,
        );
        Ok(())
    }

    /// Closes a decided round and goes where it leads.
    pub fn finish(&mut self, round: i64, decision: String, chosen: &[String]) -> Res<()> {
        let Some(r) = self.s.round(round) else {
            return Ok(());
        };
        let step = self.step(&r.step)?;
        let (scope, after) = (r.scope, r.after);
        let by_people = r
            .seats
            .iter()
            .any(|s| s.outcome == Some(SeatOutcome::Completed) && s.by.is_some());
        let status = if by_people {
            RoundStatus::Done
        } else {
            RoundStatus::Passed
        };
        if !r.queue.is_empty() {
            self.emit(EventKind::QueueChanged {
                round,
                queue: Vec::new(),
            });
        }
        self.close_round(round, status, Some(decision.clone()), "本环节已有结果");
        match step
            .decisions
            .iter()
            .find(|d| d.name == decision)
            .map(|d| &d.effect)
        {
            Some(Effect::End(outcome)) => {
                self.end_all(outcome);
                return Ok(());
            }
            Some(Effect::Return(to)) => return self.return_by_rule(round, to),
            _ => {}
        }
        match after {
            After::StraightBack(to) => self.straight_back(round, to),
            After::Reenter => self.reenter(round, scope),
            After::Links => self.go_on(round, step, scope, decision, chosen),
        }
    }

    pub fn reenter(&mut self, round: i64, scope: i64) -> Res<()> {
        if let Some(entry) = self.s.scope(scope).and_then(|s| s.entry.clone()) {
            self.go_enter(&entry, scope, vec![round]);
        }
        Ok(())
    }

    pub fn go_on(
        &mut self,
        round: i64,
        step: &Step,
        scope: i64,
        decision: String,
        chosen: &[String],
    ) -> Res<()> {
        let free = chosen.iter().find(|to| {
            !self
                .c
                .links_from(&step.id)
                .any(|l| l.to == **to || self.leads_by_gateways(&l.to, to))
        });
        if let Some(to) = free {
            return self.free_way(round, step, scope, to);
        }
        self.go.push_back(Go::Leave {
            step: step.id.clone(),
            scope,
            prev: vec![round],
            chosen: chosen.to_vec(),
            decision: Some(decision),
        });
        Ok(())
    }
}

pub(crate) fn bad_target(step: &Step) -> Refusal {
    Refusal::new(
        "bad_target",
        format!("从当前环节不能直接到“{}”,请另选去向。", step.title),
    )
}

pub(crate) fn mandatory(step: &Step) -> Refusal {
    Refusal::new(
        "mandatory_step",
        format!("到“{}”之前有必经环节,不能跳过。", step.title),
    )
}

pub(crate) fn unavailable(what: &str) -> Refusal {
    Refusal::new(
        "person_unavailable",
        format!("为“{what}”所选的人员已停用或不存在,请改选他人。"),
    )
}
