//! The working copy of a decision: emits events, applies them at once, and walks the flow to the next wait state.

use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};

use crate::gateway::no_route;
use crate::open::Opening;
use crate::{Compiled, Env, Event, EventKind, Facts, Instance, Refusal, Step, StepKind};

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

    pub fn enter(
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

    /// The fork or `Each` whose branch a scope is.
    pub fn block_step(&self, scope: i64) -> Option<&str> {
        let block = self.s.scope(scope)?.block?;
        self.s.block(block).map(|b| b.step.as_str())
    }

    pub fn leave(
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

    /// Scopes from this one outwards to the root.
    pub fn chain(&self, scope: i64) -> Vec<i64> {
        chain(&self.s, scope)
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
