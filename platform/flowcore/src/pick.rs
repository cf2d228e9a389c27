//! Picking: next steps and persons chosen by a handler.

use crate::complete::{bad_target, mandatory, unavailable};
use crate::open::Opening;
use crate::work::{Res, Work};
use crate::{EventKind, NextPick, Refusal, SeatOrigin, Step, Who};

impl Work<'_> {
    /// Records picked persons; gives the steps chosen as way on.
    pub fn take_picks(&mut self, round: i64, step: &Step, next: &[NextPick]) -> Res<Vec<String>> {
        let scope = self.s.round(round).map_or(1, |r| r.scope);
        let mut chosen = Vec::new();
        for pick in next {
            let target = self.step(&pick.step)?;
            let direct = self
                .c
                .links_from(&step.id)
                .any(|l| l.to == pick.step || self.leads_by_gateways(&l.to, &pick.step));
            if direct || (step.acts.may_skip && pick.step != step.id) {
                chosen.push(pick.step.clone());
            }
            if pick.people.is_empty() {
                if chosen.last() != Some(&pick.step) {
                    return Err(bad_target(target));
                }
                continue;
            }
            match &target.who {
                Who::ChosenByPrevious { among } => {
                    if let Some(among) = among {
                        self.check_range(among, target, scope, &pick.people)?;
                    }
                }
                _ if !direct && step.acts.may_skip => {}
                _ => {
                    return Err(Refusal::new(
                        "cannot_choose_person",
                        format!(
                            "“{}”的办理人由流程规定,不能自选,请去掉所选人员。",
                            target.title
                        ),
                    ));
                }
            }
            if self.admit(&pick.people, &pick.step, scope).is_empty() {
                return Err(unavailable(&target.title));
            }
            self.record_pick(round, step, target, scope, &pick.people);
        }
        Ok(chosen)
    }

    pub fn check_range(
        &mut self,
        among: &Who,
        target: &Step,
        scope: i64,
        people: &[i64],
    ) -> Res<()> {
        let probe = Step {
            who: among.clone(),
            ..target.clone()
        };
        let allowed = self.find(&probe, scope, &[])?.specs;
        for p in people {
            if !allowed
                .iter()
                .any(|a| a.identity == *p || a.responsible() == *p)
            {
                return Err(Refusal::new(
                    "out_of_range",
                    format!(
                        "所选人员({p})不在“{}”的可选范围内,请重新选择。",
                        target.title
                    ),
                ));
            }
        }
        Ok(())
    }

    /// Keeps the pick in the scope where the step lives; between branches leading to one step the first choice wins (P10).
    pub fn record_pick(
        &mut self,
        round: i64,
        step: &Step,
        target: &Step,
        scope: i64,
        people: &[i64],
    ) {
        let region = self.c.region(&target.id);
        let home = self
            .chain(scope)
            .into_iter()
            .find(|&s| self.block_step(s) == region)
            .unwrap_or(scope);
        let earlier = self.s.scope(home).and_then(|s| s.picks.get(&target.id));
        let by_other = earlier
            .is_some_and(|p| !p.used && self.s.round(p.round).is_some_and(|r| r.step != step.id));
        if !by_other {
            self.emit(EventKind::Picked {
                scope: home,
                step: target.id.clone(),
                people: people.to_vec(),
                round,
            });
        }
    }

    /// Free choice (自由流): to a later step on the same level, what lies between is recorded as skipped (J01).
    pub fn free_way(&mut self, round: i64, step: &Step, scope: i64, to: &str) -> Res<()> {
        let target = self.step(to)?;
        if self.c.region(to) != self.c.region(&step.id) {
            return Err(bad_target(target));
        }
        let Some(way) = self.c.between(&step.id, to, |_| false) else {
            return Err(bad_target(target));
        };
        let Some(way) = self
            .c
            .between(&step.id, to, |s| s.mandatory)
            .or_else(|| way.is_empty().then_some(way))
        else {
            return Err(mandatory(target));
        };
        self.emit(EventKind::Skipped { steps: way });
        let picked = self
            .s
            .scope(scope)
            .and_then(|s| s.picks.get(to))
            .filter(|p| p.round == round)
            .map(|p| p.people.clone());
        let people = picked.map(|p| self.admit(&p, to, scope));
        let mut o = Opening::flow(scope, vec![round]);
        if people.is_none() || !matches!(target.kind, crate::definition::StepKind::Task) {
            self.go_enter(to, scope, vec![round]);
            return Ok(());
        }
        o.people = people;
        o.origin = crate::RoundOrigin::Free;
        o.seat_origin = SeatOrigin::Chosen;
        self.open(target, o).map(|_| ())
    }
}
