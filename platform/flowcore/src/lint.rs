//! Checking a definition: all faults at once, named in Chinese.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{Compiled, Cond, Definition, Effect, Step, StepKind, Who};

/// Fault found in a definition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LintError {
    /// Stable code.
    pub code: String,
    /// Step concerned; empty for the whole.
    pub step: String,
    /// Chinese text.
    pub message: String,
}

pub(crate) struct Lint<'d> {
    def: &'d Definition,
    index: HashMap<String, usize>,
    out: Vec<Vec<usize>>,
    join_of: BTreeMap<usize, usize>,
    region: Vec<Option<Option<usize>>>,
    errors: Vec<LintError>,
}

impl<'d> Lint<'d> {
    pub fn new(def: &'d Definition) -> Self {
        let n = def.steps.len();
        Self {
            def,
            index: HashMap::new(),
            out: vec![Vec::new(); n],
            join_of: BTreeMap::new(),
            region: vec![None; n],
            errors: Vec::new(),
        }
    }

    fn fault(&mut self, code: &str, step: &str, message: String) {
        let e = LintError {
            code: code.into(),
            step: step.into(),
            message,
        };
        if !self.errors.contains(&e) {
            self.errors.push(e);
        }
    }

    fn step(&self, i: usize) -> Option<&'d Step> {
        self.def.steps.get(i)
    }

    fn targets(&self, i: usize) -> Vec<usize> {
        let links = self.out.get(i).map_or(&[][..], Vec::as_slice);
        links
            .iter()
            .filter_map(|&l| {
                self.def
                    .links
                    .get(l)
                    .and_then(|l| self.index.get(&l.to))
                    .copied()
            })
            .collect()
    }

    pub fn run(mut self) -> Result<Compiled, Vec<LintError>> {
        for (i, s) in self.def.steps.iter().enumerate() {
            if s.id.is_empty() || self.index.insert(s.id.clone(), i).is_some() {
                self.fault(
                    "duplicate_step",
                    &s.id,
                    format!("环节标识“{}”为空或重复,请改为唯一的标识。", s.id),
                );
            }
        }
        for (n, l) in self.def.links.iter().enumerate() {
            match (
                self.index.get(&l.from).copied(),
                self.index.contains_key(&l.to),
            ) {
                (Some(f), true) => {
                    if let Some(o) = self.out.get_mut(f) {
                        o.push(n);
                    }
                }
                _ => self.fault(
                    "bad_link",
                    &l.from,
                    format!("连线“{}→{}”指向不存在的环节。", l.from, l.to),
                ),
            }
        }
        let starts: Vec<usize> = self
            .def
            .steps
            .iter()
            .enumerate()
            .filter(|(_, s)| s.kind == StepKind::Start)
            .map(|(i, _)| i)
            .collect();
        let [start] = starts.as_slice() else {
            self.fault("one_start", "", "流程必须恰有一个开始环节。".into());
            return Err(self.errors);
        };
        if !self
            .def
            .steps
            .iter()
            .any(|s| matches!(s.kind, StepKind::End { .. }))
        {
            self.fault("no_end", "", "流程至少要有一个结束环节。".into());
        }
        let start = *start;
        self.paint(start, None);
        self.lint_steps();
        if !self.errors.is_empty() {
            return Err(self.errors);
        }
        let reach = (0..self.def.steps.len())
            .map(|i| self.reach_from(i))
            .collect();
        Ok(Compiled {
            def: self.def.clone(),
            index: self.index,
            out: self.out,
            start,
            join_of: self.join_of,
            region: self.region.into_iter().map(Option::flatten).collect(),
            reach,
        })
    }

    /// Gives every step reached its region; crossing a block's border otherwise than by its fork and join is a fault.
    fn paint(&mut self, from: usize, region: Option<usize>) {
        let mut todo = vec![(from, region)];
        while let Some((at, region)) = todo.pop() {
            let Some(step) = self.step(at) else { continue };
            match self.region.get(at).copied().flatten() {
                Some(r) if r == region => continue,
                Some(_) => {
                    if !matches!(step.kind, StepKind::End { .. }) {
                        let m = format!(
                            "环节“{}”既在分支内又在分支外,分支只能从分叉进入、从汇合离开。",
                            step.title
                        );
                        self.fault("crossing", &step.id, m);
                    }
                    continue;
                }
                None => {}
            }
            if let Some(r) = self.region.get_mut(at) {
                *r = Some(region);
            }
            let own_join = region.and_then(|r| self.join_of.get(&r)).copied();
            match &step.kind {
                StepKind::Fork => {
                    let Some(join) = self.find_join(at) else {
                        self.fault(
                            "no_join",
                            &step.id,
                            format!("分叉“{}”的各分支没有走到同一个汇合。", step.title),
                        );
                        continue;
                    };
                    self.join_of.insert(at, join);
                    todo.push((join, region));
                    for t in self.targets(at) {
                        if t != join {
                            todo.push((t, Some(at)));
                        }
                    }
                }
                StepKind::Each { body_start, .. } => {
                    if let Some(&b) = self.index.get(body_start) {
                        todo.push((b, Some(at)));
                    }
                    todo.extend(
                        self.targets(at)
                            .into_iter()
                            .filter(|&t| Some(t) != own_join)
                            .map(|t| (t, region)),
                    );
                }
                StepKind::End { .. } => {}
                _ => {
                    for t in self.targets(at) {
                        if Some(t) != own_join {
                            todo.push((t, region));
                        }
                    }
                }
            }
        }
    }

    /// First join reached at the fork's own depth by every path that does not end.
    fn find_join(&self, fork: usize) -> Option<usize> {
        let mut found: Option<usize> = None;
        let mut seen = BTreeSet::from([fork]);
        let mut todo = self.targets(fork);
        while let Some(at) = todo.pop() {
            let Some(step) = self.step(at) else { continue };
            if step.kind == StepKind::Join {
                if found.is_some_and(|f| f != at) {
                    return None;
                }
                found = Some(at);
                continue;
            }
            if !seen.insert(at) || matches!(step.kind, StepKind::End { .. }) {
                continue;
            }
            if step.kind == StepKind::Fork {
                todo.extend(self.targets(self.find_join(at)?));
            } else {
                todo.extend(self.targets(at));
            }
        }
        found
    }

    fn lint_steps(&mut self) {
        for (i, step) in self.def.steps.iter().enumerate() {
            let id = step.id.as_str();
            if self.region.get(i).copied().flatten().is_none() {
                self.fault(
                    "unreachable",
                    id,
                    format!("从开始走不到环节“{}”,请连线或删去。", step.title),
                );
                continue;
            }
            let links = self.out.get(i).map_or(0, Vec::len);
            let body_end = self.is_body_end(i);
            match &step.kind {
                StepKind::End { .. } if links > 0 => {
                    self.fault(
                        "end_links",
                        id,
                        format!("结束环节“{}”不能再有连线。", step.title),
                    );
                }
                StepKind::End { .. } => {}
                _ if links == 0 && !body_end => {
                    self.fault(
                        "no_way_out",
                        id,
                        format!("环节“{}”没有下一步,请连线。", step.title),
                    );
                }
                _ => {}
            }
            if let StepKind::Each {
                body_start,
                body_end,
                ..
            } = &step.kind
            {
                for b in [body_start, body_end] {
                    let inside = self
                        .index
                        .get(b)
                        .and_then(|&x| self.region.get(x).copied().flatten());
                    if inside != Some(Some(i)) {
                        self.fault(
                            "bad_body",
                            id,
                            format!("“{}”的分支首末环节“{b}”不在其分支内。", step.title),
                        );
                    }
                }
            }
            if step.kind == StepKind::Join && !self.join_of.values().any(|&j| j == i) {
                self.fault(
                    "stray_join",
                    id,
                    format!("汇合“{}”没有对应的分叉。", step.title),
                );
            }
            if matches!(&step.who, Who::Identities(list) if list.is_empty())
                && step.kind == StepKind::Task
            {
                self.fault(
                    "no_assignee",
                    id,
                    format!("环节“{}”没有指定办理人。", step.title),
                );
            }
            self.lint_names(step);
        }
    }

    fn lint_names(&mut self, step: &'d Step) {
        let id = step.id.as_str();
        let mut names: Vec<&str> = step.not_same_as.iter().map(String::as_str).collect();
        names.extend(step.decisions.iter().filter_map(|d| match &d.effect {
            Effect::Return(to) => Some(to.as_str()),
            _ => None,
        }));
        names.extend(step.acts.return_to.iter().flatten().map(String::as_str));
        if let Who::HandlerOf(s) = &step.who {
            names.push(s);
        }
        for n in names {
            if !self.index.contains_key(n) {
                self.fault(
                    "bad_reference",
                    id,
                    format!("环节“{}”引用了不存在的环节“{n}”。", step.title),
                );
            }
        }
        if step.votes.den == 0 || step.votes.num > step.votes.den {
            self.fault(
                "bad_ratio",
                id,
                format!("环节“{}”的通过比例不正确,应在 0 与 1 之间。", step.title),
            );
        }
        let unknown: Vec<String> = self
            .def
            .links
            .iter()
            .filter(|l| l.from == id && step.kind == StepKind::Task)
            .filter_map(|l| match &l.when {
                Cond::Decision(d) if !has_decision(step, d) => Some(d.clone()),
                _ => None,
            })
            .collect();
        for d in unknown {
            self.fault(
                "bad_decision",
                id,
                format!("环节“{}”没有名为“{d}”的决定。", step.title),
            );
        }
    }

    fn is_body_end(&self, i: usize) -> bool {
        let Some(step) = self.step(i) else {
            return false;
        };
        self.def
            .steps
            .iter()
            .any(|s| matches!(&s.kind, StepKind::Each { body_end, .. } if *body_end == step.id))
    }

    fn reach_from(&self, from: usize) -> BTreeSet<usize> {
        let mut seen = BTreeSet::new();
        let mut todo = vec![from];
        while let Some(at) = todo.pop() {
            let mut next = self.targets(at);
            if let Some(StepKind::Each { body_start, .. }) = self.step(at).map(|s| &s.kind) {
                next.extend(self.index.get(body_start).copied());
            }
            if self.is_body_end(at) {
                next.extend(
                    self.region
                        .get(at)
                        .copied()
                        .flatten()
                        .flatten()
                        .map(|each| self.targets(each))
                        .unwrap_or_default(),
                );
            }
            for n in next {
                if seen.insert(n) {
                    todo.push(n);
                }
            }
        }
        seen
    }
}

fn has_decision(step: &Step, name: &str) -> bool {
    if step.decisions.is_empty() {
        name == "agree"
    } else {
        step.decisions.iter().any(|d| d.name == name)
    }
}
