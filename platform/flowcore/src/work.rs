//! The working copy of a decision: emits events, applies them at once, and walks the flow to the next wait state.

use std::collections::{BTreeMap, VecDeque};

use serde_json::Value;

use crate::command::Refusal;
use crate::compile::Compiled;
use crate::cond::{Cond, Env};
use crate::definition::{Link, Step, StepKind};
use crate::event::{BranchSpec, Event, EventKind};
use crate::facts::Facts;
use crate::instance::{BlockStatus, Instance, RoundStatus, ScopeStatus, SeatOutcome};
use crate::open::Opening;

/// Result of a decision step.
pub(crate) type Res<T> = Result<T, Refusal>;

/// Nodes a single command may walk (I9).
pub const MAX_WALK: u32 = 1000;

/// Somewhere the walk still has to go.
pub(crate) enum Go {
    Enter {
        step: String,
        scope: i64,
        prev: Vec<i64>,
        chosen: Vec<String>,
        decision: Option<String>,
    },
    Leave {
        step: String,
        scope: i64,
        prev: Vec<i64>,
        chosen: Vec<String>,
        decision: Option<String>,
    },
    Arrive {
        scope: i64,
        prev: Vec<i64>,
    },
}

pub(crate) struct Work<'a> {
    pub c: &'a Compiled,
    pub s: Instance,
    pub f: &'a Facts<'a>,
    pub out: Vec<Event>,
    pub actor: Option<i64>,
    pub behalf: Option<i64>,
    pub go: VecDeque<Go>,
    rev: u64,
    walked: u32,
}

/// Variables of a scope and the decision at hand, for conditions.
pub(crate) struct ScopeEnv<'a> {
    pub instance: &'a Instance,
    pub scope: i64,
    pub decision: Option<&'a str>,
    pub chosen: Option<bool>,
}

impl Env for ScopeEnv<'_> {
    fn var(&self, path: &str) -> Option<&Value> {
        self.instance.lookup(self.scope, path)
    }
    fn decision(&self) -> Option<&str> {
        self.decision
    }
    fn chosen(&self) -> Option<bool> {
        self.chosen
    }
}

impl<'a> Work<'a> {
    pub fn new(c: &'a Compiled, s: &Instance, f: &'a Facts<'a>, actor: Option<i64>) -> Self {
        Self {
            c,
            rev: s.rev + 1,
            s: s.clone(),
            f,
            out: Vec::with_capacity(8),
            actor,
            behalf: None,
            go: VecDeque::new(),
            walked: 0,
        }
    }

    pub fn emit(&mut self, kind: EventKind) {
        let event = Event {
            seq: self.s.seq + 1,
            rev: self.rev,
            at: self.f.now,
            actor: self.actor,
            on_behalf_of: self.behalf,
            kind,
        };
        self.s.apply(&event);
        self.out.push(event);
    }

    pub fn step(&self, id: &str) -> Res<&'a Step> {
        self.c.step(id).ok_or_else(|| {
            Refusal::new(
                "no_such_step",
                format!("流程中没有环节“{id}”,请刷新后重试。"),
            )
        })
    }

    /// Walks until everything waits.
    pub fn run(&mut self) -> Res<()> {
        while let Some(go) = self.go.pop_front() {
            self.walked += 1;
            if self.walked > MAX_WALK {
                return Err(Refusal::new(
                    "walk_limit",
                    format!(
                        "流程自动经过的环节超过 {MAX_WALK} 个,可能有死循环,请联系流程管理员检查流程定义。"
                    ),
                ));
            }
            if !self.s.is_live() {
                break;
            }
            match go {
                Go::Enter {
                    step,
                    scope,
                    prev,
                    chosen,
                    decision,
                } => self.enter(&step, scope, prev, chosen, decision)?,
                Go::Leave {
                    step,
                    scope,
                    prev,
                    chosen,
                    decision,
                } => {
                    self.leave(&step, scope, prev, chosen, decision)?;
                }
                Go::Arrive { scope, prev } => self.arrive(scope, prev)?,
            }
        }
        self.go.clear();
        Ok(())
    }

    pub fn go_enter(&mut self, step: &str, scope: i64, prev: Vec<i64>) {
        self.go.push_back(Go::Enter {
            step: step.into(),
            scope,
            prev,
            chosen: Vec::new(),
            decision: None,
        });
    }

    fn enter(
        &mut self,
        id: &str,
        scope: i64,
        prev: Vec<i64>,
        chosen: Vec<String>,
        decision: Option<String>,
    ) -> Res<()> {
        let step = self.step(id)?;
        match &step.kind {
            StepKind::Start | StepKind::Task => {
                self.open(step, Opening::flow(scope, prev)).map(|_| ())
            }
            StepKind::Circulate => self.circulate_step(step, scope, prev, chosen, decision),
            StepKind::Exclusive | StepKind::Join if self.is_own_join(step, scope) => {
                self.go.push_back(Go::Arrive { scope, prev });
                Ok(())
            }
            StepKind::Exclusive | StepKind::Join => {
                self.go.push_back(Go::Leave {
                    step: id.into(),
                    scope,
                    prev,
                    chosen,
                    decision,
                });
                Ok(())
            }
            StepKind::Fork => self.open_fork(step, scope, &prev, decision.as_deref()),
            StepKind::Each {
                over,
                item,
                body_start,
                ..
            } => {
                let items = match self.s.lookup(scope, over) {
                    Some(Value::Array(list)) => list.clone(),
                    _ => Vec::new(),
                };
                if items.is_empty() {
                    self.go.push_back(Go::Leave {
                        step: id.into(),
                        scope,
                        prev,
                        chosen,
                        decision,
                    });
                    return Ok(());
                }
                let branches = items
                    .into_iter()
                    .map(|value| (body_start.clone(), BTreeMap::from([(item.clone(), value)])))
                    .collect();
                self.open_block(step, scope, &prev, branches);
                Ok(())
            }
            StepKind::End { outcome } => {
                let outcome = outcome.clone();
                self.end_all(&outcome);
                Ok(())
            }
        }
    }

    /// Is this the join at which the scope's branch arrives?
    fn is_own_join(&self, step: &Step, scope: i64) -> bool {
        step.kind == StepKind::Join
            && self
                .block_step(scope)
                .and_then(|fork| self.c.join_of(fork))
                .is_some_and(|j| j.id == step.id)
    }

    /// The fork or `Each` whose branch a scope is.
    pub fn block_step(&self, scope: i64) -> Option<&str> {
        let block = self.s.scope(scope)?.block?;
        self.s.block(block).map(|b| b.step.as_str())
    }

    fn open_fork(
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

    fn open_block(
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

    fn leave(
        &mut self,
        id: &str,
        scope: i64,
        prev: Vec<i64>,
        chosen: Vec<String>,
        decision: Option<String>,
    ) -> Res<()> {
        let step = self.step(id)?;
        if let Some(StepKind::Each { body_end, .. }) = self
            .block_step(scope)
            .and_then(|b| self.c.step(b))
            .map(|b| &b.kind)
            && body_end == id
        {
            self.go.push_back(Go::Arrive { scope, prev });
            return Ok(());
        }
        let link = self
            .pick_link(step, scope, decision.as_deref(), &chosen)
            .ok_or_else(|| no_route(step))?;
        self.go.push_back(Go::Enter {
            step: link.to.clone(),
            scope,
            prev,
            chosen,
            decision,
        });
        Ok(())
    }

    /// The link taken: a chosen target first, then the first condition that holds, then the default.
    fn pick_link(
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

    fn arrive(&mut self, scope: i64, prev: Vec<i64>) -> Res<()> {
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

    /// Takes back whatever holds the scope's token; gives the rounds that were open.
    pub fn cancel_token(&mut self, scope: i64, reason: &str) -> Vec<i64> {
        let rounds: Vec<i64> = self
            .s
            .open_rounds()
            .filter(|r| r.scope == scope)
            .map(|r| r.id)
            .collect();
        for &r in &rounds {
            self.close_round(r, RoundStatus::Cancelled, None, reason);
        }
        let mut all = rounds;
        let blocks: Vec<(i64, Vec<i64>)> = self
            .s
            .blocks
            .iter()
            .filter(|b| b.scope == scope && b.status == BlockStatus::Open)
            .map(|b| (b.id, b.branches.clone()))
            .collect();
        for (block, branches) in blocks {
            for b in branches {
                if self
                    .s
                    .scope(b)
                    .is_some_and(|s| s.status == ScopeStatus::Open)
                {
                    all.extend(self.cancel_token(b, reason));
                }
            }
            self.emit(EventKind::BlockCancelled { block });
        }
        all
    }

    /// Closes a round: live seats are cancelled with the reason, timers go.
    pub fn close_round(
        &mut self,
        round: i64,
        status: RoundStatus,
        decision: Option<String>,
        reason: &str,
    ) {
        let live: Vec<i64> = self
            .s
            .round(round)
            .map(|r| {
                r.seats
                    .iter()
                    .filter(|s| s.is_live())
                    .map(|s| s.id)
                    .collect()
            })
            .unwrap_or_default();
        for seat in live {
            self.close_seat(seat, SeatOutcome::Cancelled, Some(reason));
        }
        self.clear_timers(round);
        self.emit(EventKind::RoundClosed {
            round,
            status,
            decision,
        });
    }

    /// Closes a seat that nobody handled.
    pub fn close_seat(&mut self, seat: i64, outcome: SeatOutcome, reason: Option<&str>) {
        let Some((round, step)) = self.s.seat(seat).map(|(r, _)| (r.id, r.step.clone())) else {
            return;
        };
        self.emit(EventKind::SeatClosed {
            seat,
            round,
            step,
            outcome,
            by: None,
            on_behalf_of: None,
            decision: None,
            opinion: None,
            reason: reason.map(str::to_owned),
        });
    }

    pub fn clear_timers(&mut self, round: i64) {
        let ids: Vec<i64> = self
            .s
            .timers
            .iter()
            .chain(&self.s.paused)
            .filter(|t| t.round == round)
            .map(|t| t.id)
            .collect();
        for timer in ids {
            self.emit(EventKind::TimerCleared { timer });
        }
    }

    /// Ends the instance: nothing stays open but read items.
    pub fn end_all(&mut self, outcome: &str) {
        self.cancel_token(1, "流程已结束");
        self.go.clear();
        self.emit(EventKind::Ended {
            outcome: outcome.to_owned(),
        });
    }

    /// Scopes from this one outwards to the root.
    pub fn chain(&self, scope: i64) -> Vec<i64> {
        chain(&self.s, scope)
    }

    /// Opens the branches on the way from `outer` (exclusive) down to `inner` again.
    pub fn reopen(&mut self, outer: i64, inner: i64) {
        let way: Vec<i64> = self
            .chain(inner)
            .into_iter()
            .take_while(|&s| s != outer)
            .collect();
        for scope in way.into_iter().rev() {
            if self
                .s
                .scope(scope)
                .is_some_and(|s| s.status == ScopeStatus::Arrived)
            {
                self.emit(EventKind::BranchReopened { scope });
            }
        }
    }
}

/// Scopes from this one outwards to the root.
pub(crate) fn chain(s: &Instance, scope: i64) -> Vec<i64> {
    let mut way = vec![scope];
    let mut at = s.scope(scope);
    while let Some(outer) = at
        .and_then(|x| x.block)
        .and_then(|b| s.block(b))
        .map(|b| b.scope)
    {
        way.push(outer);
        at = s.scope(outer);
    }
    way
}

/// Id of the next element of a list whose ids are positions + 1.
pub(crate) fn next_id(len: usize) -> i64 {
    i64::try_from(len).unwrap_or(i64::MAX - 1) + 1
}

fn no_route(step: &Step) -> Refusal {
    Refusal::new(
        "no_route",
        format!(
            "环节“{}”没有满足条件的下一步,事项仍在原处;请检查所填内容,或联系流程管理员补上默认去向。",
            step.title
        ),
    )
}
