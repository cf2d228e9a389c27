//! Finding the people of a step.

use serde_json::Value;

use crate::work::{Res, Work};
use crate::{
    EventKind, Instance, Refusal, ResolveCtx, Round, RoundStatus, SeatOrigin, SeatOutcome,
    SeatSpec, StarterPolicy, Step, UnitRef, Who,
};

/// People found for a step.
pub(crate) struct Found {
    pub specs: Vec<SeatSpec>,
    /// Nobody left because the starter was left out: the step passes.
    pub starter_only: bool,
    /// Nobody left because of separation of duties: never a silent pass (P16).
    pub separated: bool,
}

/// Persons responsible for a finished round, in seat order.
pub(crate) fn handlers(round: &Round) -> Vec<i64> {
    let mut out = Vec::new();
    for s in &round.seats {
        if !matches!(
            s.outcome,
            Some(SeatOutcome::Completed | SeatOutcome::AutoPassed)
        ) || s.owner().is_some()
        {
            continue;
        }
        if let Some(p) = s.on_behalf_of.or(s.by)
            && !out.contains(&p)
        {
            out.push(p);
        }
    }
    out
}

/// The most recent round of a step done by people, nearest scope first.
pub(crate) fn last_done<'i>(s: &'i Instance, step: &str, scope: i64) -> Option<&'i Round> {
    let done = |r: &&Round| r.step == step && r.status == RoundStatus::Done;
    crate::work::chain(s, scope)
        .into_iter()
        .find_map(|sc| s.rounds.iter().rev().filter(done).find(|r| r.scope == sc))
        .or_else(|| s.rounds.iter().rev().find(done))
}

/// Identity ids in a value: number, digits, list of these, comma-separated digits. Anything else is nobody (P07).
pub(crate) fn ids_of(v: &Value) -> Vec<i64> {
    match v {
        Value::Number(n) => n.as_i64().into_iter().collect(),
        Value::String(s) => s
            .split([',', ',', '、', ';'])
            .filter_map(|p| p.trim().parse().ok())
            .collect(),
        Value::Array(a) => a.iter().flat_map(ids_of).collect(),
        _ => Vec::new(),
    }
}

impl Work<'_> {
    /// People for a step by its rule.
    pub fn find(&mut self, step: &Step, scope: i64, prev: &[i64]) -> Res<Found> {
        let previous: Vec<i64> = prev
            .iter()
            .filter_map(|&r| self.s.round(r))
            .flat_map(handlers)
            .collect();
        let mut specs = Vec::new();
        self.find_who(&step.who, step, scope, &previous, &mut specs)?;
        dedup(&mut specs);
        let mut starter_only = false;
        if step.starter != StarterPolicy::SelfApprove
            && specs.iter().any(|p| p.responsible() == self.s.starter)
        {
            specs.retain(|p| p.responsible() != self.s.starter);
            if step.starter == StarterPolicy::ToUnitHead && specs.is_empty() {
                let mut heads = Vec::new();
                self.find_who(
                    &Who::UnitHead(UnitRef::OfStarter),
                    step,
                    scope,
                    &previous,
                    &mut heads,
                )?;
                heads.retain(|p| p.responsible() != self.s.starter);
                dedup(&mut heads);
                specs = heads;
            } else if specs.is_empty() {
                starter_only = true;
            }
        }
        let before = specs.len();
        let barred = self.barred(step);
        specs.retain(|p| !barred.contains(&p.identity) && !barred.contains(&p.responsible()));
        let separated = specs.is_empty() && before > 0;
        Ok(Found {
            specs,
            starter_only,
            separated,
        })
    }

    /// Identities that separation of duties keeps out of a step.
    pub fn barred(&self, step: &Step) -> Vec<i64> {
        let mut out = Vec::new();
        if step.not_same_as.is_empty() {
            return out;
        }
        for r in self
            .s
            .rounds
            .iter()
            .filter(|r| r.status == RoundStatus::Done && step.not_same_as.contains(&r.step))
        {
            for s in r
                .seats
                .iter()
                .filter(|s| s.outcome == Some(SeatOutcome::Completed))
            {
                out.extend(s.by);
                out.extend(s.on_behalf_of);
            }
        }
        out
    }

    pub fn find_who(
        &mut self,
        who: &Who,
        step: &Step,
        scope: i64,
        previous: &[i64],
        out: &mut Vec<SeatSpec>,
    ) -> Res<()> {
        match who {
            Who::Starter => self.admit_into(&[self.s.starter], step, scope, out),
            Who::Identity(i) => self.admit_into(&[*i], step, scope, out),
            Who::Identities(list) => self.admit_into(list, step, scope, out),
            Who::FormField(path) => {
                let ids = self.s.lookup(scope, path).map(ids_of).unwrap_or_default();
                self.admit_into(&ids, step, scope, out);
            }
            Who::HandlerOf(id) => {
                let ids = last_done(&self.s, id, scope)
                    .map(handlers)
                    .unwrap_or_default();
                self.admit_into(&ids, step, scope, out);
            }
            Who::AnyOf(list) => {
                for w in list {
                    self.find_who(w, step, scope, previous, out)?;
                }
            }
            Who::ChosenByPrevious { among } => {
                let at = self.chain(scope).into_iter().find(|&s| {
                    self.s
                        .scope(s)
                        .is_some_and(|s| s.picks.contains_key(&step.id))
                });
                let picked = at
                    .and_then(|s| self.s.scope(s))
                    .and_then(|s| s.picks.get(&step.id))
                    .cloned();
                match (at, picked, among) {
                    (Some(at), Some(pick), _) => {
                        self.admit_into(&pick.people, step, scope, out);
                        if !pick.used {
                            self.emit(EventKind::PickUsed {
                                scope: at,
                                step: step.id.clone(),
                            });
                        }
                    }
                    (_, _, Some(among)) => self.find_who(among, step, scope, previous, out)?,
                    _ if self.actor.is_some() => {
                        return Err(Refusal::new(
                            "choose_person",
                            format!("请先选择“{}”的办理人,再提交。", step.title),
                        ));
                    }
                    _ => {}
                }
            }
            Who::Post(_)
            | Who::Role { .. }
            | Who::UnitHead(_)
            | Who::SuperiorOf(_)
            | Who::Named(_) => {
                let found = self.outside(who, step, scope, previous)?;
                out.extend(found.into_iter().filter(|p| p.identity > 0));
            }
        }
        Ok(())
    }

    pub fn outside(
        &self,
        who: &Who,
        step: &Step,
        scope: i64,
        previous: &[i64],
    ) -> Res<Vec<SeatSpec>> {
        let ctx = self.ctx(&step.id, scope, previous);
        self.f.outside.resolve(who, &ctx).map_err(|why| {
            Refusal::new(
                "resolver_failed",
                format!(
                    "环节“{}”的办理人无法确定:{why}。请联系流程管理员。",
                    step.title
                ),
            )
        })
    }

    pub fn ctx<'b>(&'b self, step: &'b str, scope: i64, previous: &'b [i64]) -> ResolveCtx<'b> {
        ResolveCtx {
            instance: &self.s,
            key: &self.s.key,
            step,
            scope,
            starter: self.s.starter,
            previous,
        }
    }

    /// The heir of a leaver, through chains of heirs.
    pub fn heir_of(&self, identity: i64) -> i64 {
        let mut at = identity;
        for _ in 0..=self.s.heirs.len() {
            match self.s.heirs.get(&at) {
                Some(&h) if h != identity => at = h,
                _ => break,
            }
        }
        at
    }

    /// Admits known persons: heirs for leavers, delegations, disabled ones left out.
    pub fn admit(&self, ids: &[i64], step: &str, scope: i64) -> Vec<SeatSpec> {
        let ids: Vec<i64> = ids
            .iter()
            .map(|&i| self.heir_of(i))
            .filter(|&i| i > 0)
            .collect();
        let mut specs = self.f.outside.admit(&ids, &self.ctx(step, scope, &[]));
        dedup(&mut specs);
        specs
    }

    pub fn admit_into(&self, ids: &[i64], step: &Step, scope: i64, out: &mut Vec<SeatSpec>) {
        out.extend(self.admit(ids, &step.id, scope));
    }

    /// Members of an earlier round who are asked again: everybody who belonged to it, not those added ad hoc, not those who handed it on (A14, R14).
    pub fn members(&self, round: &Round) -> Vec<i64> {
        let mut out: Vec<i64> = Vec::new();
        let single = self.c.step(&round.step).is_none_or(|s| {
            matches!(
                s.how_many,
                crate::definition::HowMany::Single | crate::definition::HowMany::AnySign
            )
        });
        for s in &round.seats {
            let counts = match s.outcome {
                Some(SeatOutcome::Completed | SeatOutcome::AutoPassed | SeatOutcome::Returned) => {
                    true
                }
                Some(SeatOutcome::Withdrawn) => false,
                Some(SeatOutcome::Cancelled) => !single,
                _ => false,
            };
            let added = matches!(
                s.origin,
                SeatOrigin::Help(_)
                    | SeatOrigin::SignBefore(_)
                    | SeatOrigin::SignAfter(_)
                    | SeatOrigin::SignParallel(_)
            );
            let person = s
                .holder
                .as_ref()
                .map(SeatSpec::responsible)
                .or(s.on_behalf_of)
                .or(s.by);
            if let (true, false, Some(p)) = (counts, added, person)
                && !out.contains(&p)
            {
                out.push(p);
            }
        }
        out.extend(
            round
                .queue
                .iter()
                .filter(|q| q.after.is_none())
                .map(|q| q.spec.responsible()),
        );
        out.dedup();
        out
    }
}

/// Each (person, principal) once, first mention wins (C14, T14).
pub(crate) fn dedup(specs: &mut Vec<SeatSpec>) {
    let mut seen: Vec<(i64, Option<i64>)> = Vec::with_capacity(specs.len());
    specs.retain(|p| {
        let key = (p.identity, p.principal);
        if seen.contains(&key) || seen.iter().any(|s| s.1.unwrap_or(s.0) == p.responsible()) {
            return false;
        }
        seen.push(key);
        true
    });
}
