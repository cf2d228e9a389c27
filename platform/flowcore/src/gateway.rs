//! Gateways: forks, joins, exclusive choice.

use serde_json::Value;
use std::collections::BTreeMap;

use crate::work::{Go, Res, ScopeEnv, Work, next_id};
use crate::{BlockStatus, BranchSpec, Cond, EventKind, Link, Refusal, ScopeStatus, Step, StepKind};

impl<'a> Work<'a> {
    pub fn open_fork(
        &mut self,
        step: &Step,
        scope: i64,
        prev: &[i64],
        decision: Option<&str>,
    ) -> Res<()> {
        let env = ScopeEnv {
            instance: &self.s,
            scope,
            decision,
            chosen: None,
        };
        let mut taken: Vec<_> = self
            .c
            .links_from(&step.id)
            .filter(|l| l.when.holds(&env))
            .map(|l| (l.to.clone(), BTreeMap::new()))
            .collect();
        taken.dedup_by(|a, b| a.0 == b.0);
        if taken.is_empty() {
            return Err(no_route(step));
        }
        self.open_block(step, scope, prev, taken);
        Ok(())
    }

    pub fn open_block(
        &mut self,
        step: &Step,
        scope: i64,
        prev: &[i64],
        branches: Vec<(String, BTreeMap<String, Value>)>,
    ) {
        let first = next_id(self.s.scopes.len());
        let branches: Vec<BranchSpec> = (first..)
            .zip(branches)
            .map(|(scope, (entry, vars))| BranchSpec { scope, entry, vars })
            .collect();
        for b in &branches {
            self.go.push_back(Go::Enter {
                step: b.entry.clone(),
                scope: b.scope,
                prev: prev.to_vec(),
                chosen: Vec::new(),
                decision: None,
            });
        }
        let block = next_id(self.s.blocks.len());
        self.emit(EventKind::BlockOpened {
            block,
            step: step.id.clone(),
            scope,
            prev: prev.to_vec(),
            branches,
        });
    }

    /// The link taken: a chosen target first, then the first condition that holds, then the default.
    pub fn pick_link(
        &self,
        step: &Step,
        scope: i64,
        decision: Option<&str>,
        chosen: &[String],
    ) -> Option<&'a Link> {
        let links: Vec<&'a Link> = self.c.links_from(&step.id).collect();
        let leads = |l: &Link| {
            chosen
                .iter()
                .any(|to| *to == l.to || self.leads_by_gateways(&l.to, to))
        };
        let holds = |l: &Link| {
            let env = ScopeEnv {
                instance: &self.s,
                scope,
                decision,
                chosen: Some(leads(l)),
            };
            l.when.holds(&env)
        };
        if let Some(l) = links.iter().find(|l| leads(l) && holds(l)) {
            return Some(l);
        }
        links
            .iter()
            .find(|l| l.when != Cond::Always && holds(l))
            .or_else(|| links.iter().find(|l| l.when == Cond::Always))
            .copied()
    }

    /// Does a way of exclusive gateways only lead from one step to another?
    pub fn leads_by_gateways(&self, from: &str, to: &str) -> bool {
        let mut todo = vec![from];
        let mut seen = Vec::new();
        while let Some(at) = todo.pop() {
            if seen.contains(&at)
                || self
                    .c
                    .step(at)
                    .is_none_or(|s| s.kind != StepKind::Exclusive)
            {
                continue;
            }
            seen.push(at);
            for l in self.c.links_from(at) {
                if l.to == to {
                    return true;
                }
                todo.push(&l.to);
            }
        }
        false
    }

    pub fn arrive(&mut self, scope: i64, prev: Vec<i64>) -> Res<()> {
        self.emit(EventKind::BranchArrived { scope, last: prev });
        let Some(block) = self
            .s
            .scope(scope)
            .and_then(|s| s.block)
            .and_then(|b| self.s.block(b))
        else {
            return Ok(());
        };
        if block.status != BlockStatus::Open {
            return Ok(());
        }
        let mut last = Vec::new();
        for id in &block.branches {
            let Some(branch) = self.s.scope(*id) else {
                continue;
            };
            match branch.status {
                ScopeStatus::Open => return Ok(()),
                ScopeStatus::Arrived => last.extend(&branch.last),
                ScopeStatus::Cancelled => {}
            }
        }
        last.sort_unstable();
        last.dedup();
        let (id, outer, step) = (block.id, block.scope, block.step.clone());
        self.emit(EventKind::BlockDone { block: id });
        let from = self.c.join_of(&step).map_or(step.clone(), |j| j.id.clone());
        self.go.push_back(Go::Leave {
            step: from,
            scope: outer,
            prev: last,
            chosen: Vec::new(),
            decision: None,
        });
        Ok(())
    }

    /// Is this the join at which the scope's branch arrives?
    pub fn is_own_join(&self, step: &Step, scope: i64) -> bool {
        step.kind == StepKind::Join
            && self
                .block_step(scope)
                .and_then(|fork| self.c.join_of(fork))
                .is_some_and(|j| j.id == step.id)
    }
}

pub(crate) fn no_route(step: &Step) -> Refusal {
    Refusal::new(
        "no_route",
        format!(
            "环节“{}”没有满足条件的下一步,事项仍在原处;请检查所填内容,或联系流程管理员补上默认去向。",
            step.title
        ),
    )
}
