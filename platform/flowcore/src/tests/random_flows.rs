//! Random block-structured flows.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use crate::sample::{Flow, agree_disagree};
use crate::*;

#[derive(Clone, Debug)]
pub enum Part {
    Task { how: u8, people: u8, policy: u16 },
    Circulate(u8),
    Seq(Vec<Part>),
    Fork(Vec<Part>),
    Choice(Vec<Part>),
    Each(Box<Part>, u8),
}

/// A flow of two to four parts, one after the other.
pub fn whole() -> impl Strategy<Value = Part> {
    prop::collection::vec(part(), 2..5).prop_map(Part::Seq)
}

pub fn part() -> impl Strategy<Value = Part> {
    let task =
        (any::<u8>(), any::<u8>(), any::<u16>()).prop_map(|(how, people, policy)| Part::Task {
            how,
            people,
            policy,
        });
    let leaf = prop_oneof![6 => task, 1 => any::<u8>().prop_map(Part::Circulate)];
    leaf.prop_recursive(4, 14, 3, |inner| {
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 1..4).prop_map(Part::Seq),
            2 => prop::collection::vec(inner.clone(), 1..4).prop_map(Part::Fork),
            1 => prop::collection::vec(inner.clone(), 1..3).prop_map(Part::Choice),
            2 => (inner, 0u8..4).prop_map(|(p, n)| Part::Each(Box::new(p), n)),
        ]
    })
}

pub struct Build {
    flow: Flow,
    n: usize,
    lists: BTreeMap<String, serde_json::Value>,
}

impl Build {
    pub fn id(&mut self, kind: &str) -> String {
        self.n += 1;
        format!("{kind}{}", self.n)
    }

    pub fn edit(&mut self, f: impl FnOnce(Flow) -> Flow) {
        self.flow = f(std::mem::take(&mut self.flow));
    }

    /// Adds a part; gives its first and last step.
    pub fn add(&mut self, p: &Part) -> (String, String) {
        match p {
            Part::Task {
                how,
                people,
                policy,
            } => self.task(*how, *people, *policy),
            Part::Circulate(who) => {
                let id = self.id("cc");
                let who = Who::Identities(vec![i64::from(who % 12) + 1, i64::from(who % 5) + 1]);
                self.edit(|f| f.step(&id, StepKind::Circulate).with(&id, |s| s.who = who));
                (id.clone(), id)
            }
            Part::Seq(list) => {
                let ends: Vec<_> = list.iter().map(|p| self.add(p)).collect();
                for (a, b) in ends.iter().zip(ends.iter().skip(1)) {
                    self.edit(|f| f.link(&a.1, &b.0, Cond::Always));
                }
                (ends[0].0.clone(), ends[ends.len() - 1].1.clone())
            }
            Part::Fork(list) => {
                let (fork, join) = (self.id("fork"), self.id("join"));
                self.edit(|f| f.step(&fork, StepKind::Fork).step(&join, StepKind::Join));
                for p in list {
                    let (a, b) = self.add(p);
                    self.edit(|f| {
                        f.link(&fork, &a, Cond::Always)
                            .link(&b, &join, Cond::Always)
                    });
                }
                (fork, join)
            }
            Part::Choice(list) => {
                let (gate, meet) = (self.id("gate"), self.id("meet"));
                self.edit(|f| {
                    f.step(&gate, StepKind::Exclusive)
                        .step(&meet, StepKind::Exclusive)
                });
                for (n, p) in list.iter().enumerate() {
                    let (a, b) = self.add(p);
                    let when = if n == 0 {
                        Cond::Always
                    } else {
                        Cond::VarTruthy(format!("flag{}", n % 3))
                    };
                    self.edit(|f| f.link(&gate, &a, when).link(&b, &meet, Cond::Always));
                }
                (gate, meet)
            }
            Part::Each(body, n) => {
                let (each, list) = (self.id("each"), self.id("list"));
                let (a, b) = self.add(body);
                self.lists.insert(
                    list.clone(),
                    json!((0..*n).map(|i| json!({"who": i + 2})).collect::<Vec<_>>()),
                );
                self.edit(|f| f.each(&each, &list, &a, &b));
                (each, self_last(&self.flow))
            }
        }
    }

    pub fn task(&mut self, how: u8, people: u8, policy: u16) -> (String, String) {
        let id = self.id("t");
        let p = i64::from(people);
        let who = match people % 5 {
            _ if how.is_multiple_of(10) => Who::Named("team".into()),
            0 => Who::FormField("item.who".into()),
            1 => Who::Identity(p % 12 + 1),
            2 => Who::Named("team".into()),
            _ => Who::Identities(vec![p % 12 + 1, p % 7 + 1, p % 3 + 4]),
        };
        let how = [
            HowMany::Single,
            HowMany::AnySign,
            HowMany::AllSign,
            HowMany::Sequential,
            HowMany::Quorum,
        ][usize::from(how) % 5];
        let bit = |n: u16| policy >> n & 1 == 1;
        self.edit(|f| {
            f.task_of(&id, who, how).with(&id, |s| {
                s.decisions = agree_disagree();
                s.decisions[1].effect = match policy % 13 {
                    0 => Effect::End("rejected".into()),
                    1 | 2 => Effect::Return("start".into()),
                    _ => Effect::Go,
                };
                s.duplicates = [
                    DuplicatePolicy::Off,
                    DuplicatePolicy::Off,
                    DuplicatePolicy::Consecutive,
                    DuplicatePolicy::Once,
                ][usize::from(policy >> 3 & 3)];
                s.empty = [
                    EmptyPolicy::Block,
                    EmptyPolicy::Pass,
                    EmptyPolicy::Named(5),
                    EmptyPolicy::Block,
                ][usize::from(policy >> 5 & 3)];
                s.acts.return_out = [
                    ReturnOut::BranchOnly,
                    ReturnOut::WholeBlock,
                    ReturnOut::BranchOnly,
                    ReturnOut::Refuse,
                ][usize::from(policy >> 7 & 3)];
                s.acts.return_into = if bit(9) {
                    ReturnInto::WholeBlock
                } else {
                    ReturnInto::Branch
                };
                s.acts.keep_votes = bit(10);
                s.votes.early = bit(11);
                s.votes.veto = bit(12) && bit(13);
                s.acts.read_blocks_withdraw = bit(13);
                s.limit_days = bit(14).then_some(2);
                s.overdue.then = if bit(15) {
                    OverdueThen::Decide("agree".into())
                } else {
                    OverdueThen::Nothing
                };
            })
        });
        (id.clone(), id)
    }
}

/// An `Each` is its own first and last step: it was pushed last.
pub fn self_last(flow: &Flow) -> String {
    flow.clone().definition().steps.last().unwrap().id.clone()
}

pub fn build(p: &Part) -> (Flow, serde_json::Value) {
    let mut b = Build {
        flow: Flow::new("random"),
        n: 0,
        lists: BTreeMap::new(),
    };
    let (first, last) = b.add(p);
    let mut flow = b
        .flow
        .link("start", &first, Cond::Always)
        .link(&last, "end", Cond::Always);
    flow = flow.settings(|s| s.recall = RecallPolicy::AnyTime);
    (flow, serde_json::to_value(b.lists).unwrap())
}
