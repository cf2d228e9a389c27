//! Ledger 来文处理流程台帐: the 29 columns of seed S2 as a fold over the flow's events, and over nothing else.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use zs_base::time::{Date, minute};
use zs_flowcore::{Event, EventKind, RoundStatus, SeatOutcome, TimerKind};

use crate::definition::stage;
use crate::names::Names;

pub use crate::columns::COLUMNS;

/// Variables of the flow that the ledger reads.
const READ: &str =
    "proposed_handling deadline urge pre_reminder_days instruct_ids circulate_ids undertakings";

/// State of the fold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    /// Events folded so far.
    pub seq: u64,
    starter: i64,
    started_at: i64,
    vars: BTreeMap<String, Value>,
    rounds: BTreeMap<i64, (String, i64)>,
    items: BTreeMap<i64, Value>,
    entries: Vec<Entry>,
    readers: Vec<Reader>,
    circulation_open: u32,
    circulation_done: bool,
    urges: u32,
    urged_at: Option<i64>,
}

/// A handled seat.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Entry {
    seat: i64,
    stage: String,
    scope: i64,
    by: i64,
    at: i64,
    opinion: Option<String>,
}

/// Somebody to whom the document was circulated.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Reader {
    seat: i64,
    person: i64,
}

impl Ledger {
    /// Takes in one event; an event seen before changes nothing. `stage_of` gives the stage of a step.
    pub fn apply(&mut self, e: &Event, stage_of: &dyn Fn(&str) -> String) {
        if e.seq <= self.seq {
            return;
        }
        self.seq = e.seq;
        match &e.kind {
            EventKind::Started {
                starter, variables, ..
            } => {
                self.starter = *starter;
                self.started_at = e.at;
                self.set(1, variables);
            }
            EventKind::BlockOpened { branches, .. } => {
                for b in branches {
                    if let Some(item) = b.vars.get("item") {
                        self.items.insert(b.scope, item.clone());
                    }
                }
            }
            EventKind::DataSet { scope, values } => self.set(*scope, values),
            EventKind::RoundOpened {
                round, step, scope, ..
            } => {
                let stage = stage_of(step);
                if stage == stage::CIRCULATION_READ {
                    self.circulation_open += 1;
                    self.circulation_done = false;
                }
                self.rounds.insert(*round, (stage, *scope));
            }
            EventKind::RoundClosed { round, status, .. }
                if self.stage(*round) == stage::CIRCULATION_READ =>
            {
                self.circulation_open = self.circulation_open.saturating_sub(1);
                self.circulation_done = self.circulation_open == 0
                    && matches!(status, RoundStatus::Done | RoundStatus::Passed);
            }
            EventKind::SeatOpened {
                seat,
                round,
                holder: Some(h),
                ..
            } if self.stage(*round) == stage::CIRCULATION_READ => {
                self.readers.push(Reader {
                    seat: *seat,
                    person: h.responsible(),
                });
            }
            EventKind::ReadOpened { item, holder, .. } => {
                self.readers.push(Reader {
                    seat: *item,
                    person: holder.responsible(),
                });
            }
            EventKind::SeatClosed {
                seat,
                round,
                outcome,
                by,
                on_behalf_of,
                opinion,
                ..
            } => {
                self.close(
                    *seat,
                    *round,
                    *outcome,
                    on_behalf_of.or(*by),
                    e.at,
                    opinion.clone(),
                );
            }
            EventKind::Withdrawn { round, seat, .. } => {
                let of = |x: &Entry| seat.map_or(round.is_none(), |s| x.seat == s);
                self.entries.retain(|x| x.stage == stage::SIGN_IN || !of(x));
            }
            EventKind::Urged { notify: true, .. } => self.urge(e.at),
            EventKind::Reminded {
                kind: TimerKind::Due | TimerKind::Remind(_),
                ..
            } => self.urge(e.at),
            _ => {}
        }
    }

    fn urge(&mut self, at: i64) {
        self.urges += 1;
        self.urged_at = Some(at);
    }

    /// Times urged so far.
    pub fn urge_count(&self) -> u32 {
        self.urges
    }

    fn stage(&self, round: i64) -> &str {
        self.rounds.get(&round).map_or("", |(s, _)| s)
    }

    fn set(&mut self, scope: i64, values: &BTreeMap<String, Value>) {
        for (k, v) in values {
            if scope == 1 && READ.split(' ').any(|r| r == k) {
                self.vars.insert(k.clone(), v.clone());
            } else if scope != 1 && k == "item" {
                self.items.insert(scope, v.clone());
            }
        }
    }

    fn close(
        &mut self,
        seat: i64,
        round: i64,
        outcome: SeatOutcome,
        by: Option<i64>,
        at: i64,
        opinion: Option<String>,
    ) {
        let Some((stage, scope)) = self.rounds.get(&round).cloned() else {
            return;
        };
        match (outcome, by) {
            (SeatOutcome::Completed | SeatOutcome::AutoPassed, by) => {
                let by = by.unwrap_or_default();
                self.entries.push(Entry {
                    seat,
                    stage,
                    scope,
                    by,
                    at,
                    opinion,
                });
            }
            _ => self.readers.retain(|r| r.seat != seat),
        }
    }

    /// The last entry of a stage.
    fn last(&self, stage: &str) -> Option<&Entry> {
        self.entries.iter().rev().find(|e| e.stage == stage)
    }

    /// The last entry of each person at a stage, in order of time.
    fn by_person(&self, stage: &str) -> Vec<&Entry> {
        let mut out: Vec<&Entry> = Vec::new();
        for e in self.entries.iter().filter(|e| e.stage == stage) {
            out.retain(|x| x.by != e.by);
            out.push(e);
        }
        out
    }

    /// The last entry of each branch at a stage.
    fn by_branch(&self, stage: &str) -> Vec<&Entry> {
        let mut out: Vec<&Entry> = Vec::new();
        for e in self.entries.iter().filter(|e| e.stage == stage) {
            out.retain(|x| x.scope != e.scope);
            out.push(e);
        }
        out
    }

    fn list(&self, name: &str) -> &[Value] {
        match self.vars.get(name) {
            Some(Value::Array(a)) => a,
            _ => &[],
        }
    }

    fn nodes_as(&self, role: &str) -> Vec<i64> {
        let planned = self.list("undertakings").iter();
        planned
            .filter(|u| u.get("role").and_then(Value::as_str) == Some(role))
            .filter_map(|u| u.get("node").and_then(Value::as_i64))
            .collect()
    }

    /// Everyone whose name the row shows.
    pub fn people(&self) -> Vec<i64> {
        let mut ids = vec![self.starter];
        ids.extend(self.entries.iter().map(|e| e.by));
        ids.extend(self.readers.iter().map(|r| r.person));
        ids
    }

    /// Every node whose name the row shows.
    pub fn nodes(&self) -> Vec<i64> {
        let mut ids = self.nodes_as("lead");
        ids.extend(self.nodes_as("assist"));
        ids.extend(
            self.items
                .values()
                .filter_map(|i| i.get("node").and_then(Value::as_i64)),
        );
        ids
    }

    /// The 29 cells.
    pub fn cells(&self, names: &Names) -> [String; 29] {
        let proposed = self.last(stage::PROPOSE).is_some();
        let yes = |known: bool, yes: bool| match (known, yes) {
            (false, _) => String::new(),
            (true, true) => "是".into(),
            (true, false) => "否".into(),
        };
        let day = |e: Option<&Entry>| e.map(|e| Date::at(e.at).to_string()).unwrap_or_default();
        let who = |e: Option<&Entry>| e.map(|e| names.name(e.by)).unwrap_or_default();
        let mark = |done: bool, text: &str| if done { text.to_owned() } else { String::new() };
        let var = |name: &str| {
            self.vars
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let register = self.last(stage::REGISTER);
        let propose = self.last(stage::PROPOSE);
        let instructed = self.by_person(stage::INSTRUCT);
        let (leads, assists) = (self.nodes_as("lead"), self.nodes_as("assist"));
        let nodes = |ids: &[i64]| {
            ids.iter()
                .map(|n| names.node(*n))
                .collect::<Vec<_>>()
                .join("、")
        };
        let circulated = !self.list("circulate_ids").is_empty() || !self.readers.is_empty();
        let (leaders, divisions) = self.readers_by_place(names);
        let pre = self.vars.get("pre_reminder_days").and_then(Value::as_i64);
        [
            mark(self.started_at != 0, "已签收"),
            mark(self.started_at != 0, &names.name(self.starter)),
            mark(self.started_at != 0, &Date::at(self.started_at).to_string()),
            mark(register.is_some(), "已登记"),
            who(register),
            day(register),
            mark(proposed, "已拟办"),
            who(propose),
            day(propose),
            if proposed {
                var("proposed_handling")
            } else {
                String::new()
            },
            var("deadline"),
            yes(
                proposed,
                self.vars
                    .get("urge")
                    .and_then(Value::as_bool)
                    .unwrap_or(false),
            ),
            self.urged_at.map(minute).unwrap_or_default(),
            pre.filter(|_| proposed)
                .map(|d| format!("提前{d}个工作日"))
                .unwrap_or_default(),
            yes(proposed, !self.list("instruct_ids").is_empty()),
            instructed
                .iter()
                .map(|e| names.name(e.by))
                .collect::<Vec<_>>()
                .join("、"),
            day(instructed.last().copied()),
            self.said(&instructed, &|e| names.name(e.by)),
            yes(proposed, circulated),
            leaders.join("、"),
            divisions.join("、"),
            yes(proposed && circulated, self.circulation_done),
            yes(proposed, !leads.is_empty() || !assists.is_empty()),
            nodes(&leads),
            yes(proposed && !leads.is_empty(), !assists.is_empty()),
            nodes(&assists),
            self.said(&self.by_branch(stage::ASSIGN), &|e| self.place(e, names)),
            self.result(names),
            mark(proposed, &self.urges.to_string()),
        ]
    }

    fn place(&self, e: &Entry, names: &Names) -> String {
        let node = self
            .items
            .get(&e.scope)
            .and_then(|i| i.get("node"))
            .and_then(Value::as_i64);
        node.map_or_else(|| names.name(e.by), |n| names.node(n))
    }

    fn said(&self, list: &[&Entry], label: &dyn Fn(&Entry) -> String) -> String {
        let parts = list.iter().filter_map(|e| {
            let text = e.opinion.as_deref().filter(|o| !o.is_empty())?;
            Some(format!("{}：{text}", label(e)))
        });
        parts.collect::<Vec<_>>().join("；")
    }

    fn result(&self, names: &Names) -> String {
        if let Some(text) = self
            .last(stage::COMPLETE)
            .and_then(|e| e.opinion.clone())
            .filter(|t| !t.is_empty())
        {
            return text;
        }
        let mut parts = Vec::new();
        for (scope, item) in &self.items {
            let own = item
                .get("result")
                .and_then(Value::as_str)
                .map(str::to_owned);
            let by_undertaker = self
                .entries
                .iter()
                .rev()
                .find(|e| e.stage == stage::UNDERTAKE && e.scope == *scope);
            if let Some(text) = by_undertaker.and_then(|e| e.opinion.clone()).or(own) {
                let node = item.get("node").and_then(Value::as_i64).unwrap_or_default();
                parts.push(format!("{}：{text}", names.node(node)));
            }
        }
        parts.join("；")
    }

    /// Readers at the level of a unit by name, the others by their division.
    fn readers_by_place(&self, names: &Names) -> (Vec<String>, Vec<String>) {
        let (mut leaders, mut divisions) = (Vec::new(), Vec::new());
        for r in &self.readers {
            let person = names.person(r.person);
            let (list, text) = match person.and_then(|p| p.division_name.clone()) {
                Some(division) => (&mut divisions, division),
                None => (&mut leaders, names.name(r.person)),
            };
            if !list.contains(&text) {
                list.push(text);
            }
        }
        (leaders, divisions)
    }
}
