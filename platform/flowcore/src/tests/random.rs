//! Property tests: random block-structured flows, random acts; all invariants after every command.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::json;

use crate::sample::{Flow, Run, agree_disagree};
use crate::*;

/// Refusals that depend on the parameters of an act, which `allowed` does not know.
const PARAMETERS: [&str; 24] = [
    "bad_decision",
    "opinion_required",
    "no_route",
    "walk_limit",
    "choose_person",
    "out_of_range",
    "cannot_choose_person",
    "to_self",
    "already_member",
    "person_unavailable",
    "transfer_cycle",
    "separation_of_duty",
    "not_same_route",
    "straight_back_off",
    "not_removable",
    "already_circulated",
    "reason_required",
    "bad_target",
    "mandatory_step",
    "choose_round",
    "nothing_to_do",
    "no_such_step",
    "resolver_failed",
    "nothing_before",
];

#[derive(Clone, Debug)]
enum Part {
    Task { how: u8, people: u8, policy: u16 },
    Circulate(u8),
    Seq(Vec<Part>),
    Fork(Vec<Part>),
    Choice(Vec<Part>),
    Each(Box<Part>, u8),
}

/// A flow of two to four parts, one after the other.
fn whole() -> impl Strategy<Value = Part> {
    prop::collection::vec(part(), 2..5).prop_map(Part::Seq)
}

fn part() -> impl Strategy<Value = Part> {
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

struct Build {
    flow: Flow,
    n: usize,
    lists: BTreeMap<String, serde_json::Value>,
}

impl Build {
    fn id(&mut self, kind: &str) -> String {
        self.n += 1;
        format!("{kind}{}", self.n)
    }

    fn edit(&mut self, f: impl FnOnce(Flow) -> Flow) {
        self.flow = f(std::mem::take(&mut self.flow));
    }

    /// Adds a part; gives its first and last step.
    fn add(&mut self, p: &Part) -> (String, String) {
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

    fn task(&mut self, how: u8, people: u8, policy: u16) -> (String, String) {
        let id = self.id("t");
        let p = i64::from(people);
        let who = match people % 5 {
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
fn self_last(flow: &Flow) -> String {
    flow.clone().definition().steps.last().unwrap().id.clone()
}

fn build(p: &Part) -> (Flow, serde_json::Value) {
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

struct Dice(u64);

impl Dice {
    fn roll(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n.max(1)
    }

    fn person(&mut self) -> i64 {
        self.roll(14) as i64 + 1
    }

    fn of<T: Clone>(&mut self, list: &[T]) -> Option<T> {
        if list.is_empty() {
            None
        } else {
            Some(list[self.roll(list.len())].clone())
        }
    }
}

fn seats(r: &Run, live: bool) -> Vec<(i64, i64)> {
    let all =
        r.s.rounds
            .iter()
            .flat_map(|x| &x.seats)
            .filter(|s| s.is_live() == live);
    all.flat_map(|s| {
        let who = s.holder.iter().chain(
            s.holder
                .is_none()
                .then_some(&s.candidates)
                .into_iter()
                .flatten(),
        );
        who.map(|h| (s.id, s.by.unwrap_or(h.identity)))
            .collect::<Vec<_>>()
    })
    .collect()
}

/// A random command: half the time the holder of an open seat goes on, else anything by anybody.
fn command(r: &Run, d: &mut Dice) -> (Actor, Act) {
    let (seat, holder) = d.of(&seats(r, true)).unwrap_or((1, 1));
    let actor = if d.roll(20) == 0 {
        Actor::person(d.person())
    } else {
        Actor::person(holder)
    };
    let words = || Some("意见".to_owned());
    let steps: Vec<String> =
        r.c.definition()
            .steps
            .iter()
            .map(|s| s.id.clone())
            .collect();
    let act = match d.roll(46) {
        0..=17 => {
            let decision = ["agree", "agree", "agree", "agree", "disagree", "abstain"][d.roll(6)];
            let data = if d.roll(5) == 0 {
                json!({"flag1": d.roll(2), "flag2": d.roll(2)})
            } else {
                json!({})
            };
            let decision =
                r.s.seat(seat)
                    .filter(|(x, _)| x.step == "start")
                    .map_or(decision, |_| "agree");
            Act::Complete {
                seat,
                decision: Some(decision.into()),
                opinion: words(),
                next: vec![],
                data: serde_json::from_value(data).unwrap(),
            }
        }
        18..=22 => {
            let list = return_targets(&r.c, &r.s, seat);
            let to = match d.roll(4) {
                0 => ReturnTo::Previous,
                1 => ReturnTo::Initiator,
                2 => ReturnTo::Step(d.of(&steps).unwrap_or_default()),
                _ => ReturnTo::Step(d.of(&list).map(|x| x.step.clone()).unwrap_or_default()),
            };
            let then = if d.roll(2) == 0 {
                Then::Rerun
            } else {
                Then::StraightBack
            };
            Act::Return {
                seat,
                to,
                then,
                opinion: words(),
            }
        }
        23..=26 => {
            let (seat, by) = d.of(&seats(r, false)).unwrap_or((1, 1));
            return (Actor::person(by), Act::Withdraw { seat, reason: None });
        }
        27 => {
            return (
                Actor::person(if d.roll(3) == 0 { 3 } else { 9 }),
                if d.roll(3) == 0 {
                    Act::Recall { reason: None }
                } else {
                    Act::Urge { note: None }
                },
            );
        }
        28 | 29 => Act::Transfer {
            seat,
            to: d.person(),
            opinion: None,
        },
        30 => Act::AssignHelp {
            seat,
            to: d.person(),
            note: None,
        },
        31 => {
            let parked: Vec<i64> =
                r.s.rounds
                    .iter()
                    .flat_map(|x| &x.seats)
                    .filter(|s| s.status == SeatStatus::Parked)
                    .map(|s| s.id)
                    .collect();
            let seat = d.of(&parked).unwrap_or(seat);
            let who =
                r.s.seat(seat)
                    .and_then(|(_, s)| s.holder.as_ref())
                    .map_or(1, |h| h.identity);
            return (Actor::person(who), Act::RecallHelp { seat });
        }
        32 | 33 => {
            let mode = [SignMode::Before, SignMode::After, SignMode::Parallel][d.roll(3)];
            Act::AddSigner {
                seat,
                mode,
                people: vec![d.person(), d.person() + 20],
            }
        }
        34 | 43 => {
            let all =
                r.s.open_rounds()
                    .flat_map(|x| &x.seats)
                    .filter(|s| s.is_live());
            let added: Vec<(i64, i64)> = all
                .filter_map(|s| match s.origin {
                    SeatOrigin::SignBefore(o)
                    | SeatOrigin::SignAfter(o)
                    | SeatOrigin::SignParallel(o) => Some((o, s.holder.as_ref()?.responsible())),
                    _ => None,
                })
                .collect();
            let (seat, person) = d.of(&added).unwrap_or((seat, 21));
            let owner =
                r.s.seat(seat)
                    .and_then(|(_, s)| s.by.or(s.holder.as_ref().map(|h| h.identity)));
            return (
                Actor::person(owner.unwrap_or(1)),
                Act::RemoveSigner { seat, person },
            );
        }
        35 => Act::Circulate {
            from: CirculateFrom::Seat(seat),
            to: vec![d.person()],
            note: None,
            again: d.roll(2) == 0,
        },
        36 => {
            let item =
                r.s.reads
                    .get(d.roll(r.s.reads.len()))
                    .cloned()
                    .unwrap_or_default();
            let who = Actor::person(item.holder.identity);
            return match d.roll(2) {
                0 => (
                    who,
                    Act::Read {
                        item: item.id,
                        opinion: None,
                    },
                ),
                _ => (
                    who,
                    Act::Circulate {
                        from: CirculateFrom::Item(item.id),
                        to: vec![d.person()],
                        note: None,
                        again: true,
                    },
                ),
            };
        }
        37 | 44 => {
            let all = || {
                r.s.open_rounds()
                    .flat_map(|x| &x.seats)
                    .filter(|s| s.is_live())
            };
            let group: Vec<i64> = all()
                .filter(|s| !s.candidates.is_empty())
                .map(|s| s.id)
                .collect();
            let seat = d.of(&group).filter(|_| d.roll(3) > 0).unwrap_or(seat);
            let x = r.s.seat(seat).map(|(_, s)| s.clone()).unwrap_or_default();
            let who = x
                .holder
                .as_ref()
                .or(x.candidates.first())
                .map_or(1, |h| h.identity);
            let claim = if x.holder.is_some() {
                Act::Unclaim { seat }
            } else {
                Act::Claim { seat }
            };
            let draft = Act::SaveDraft {
                seat,
                draft: "稿".into(),
            };
            return (
                Actor::person(who),
                [claim.clone(), claim, Act::Seen { seat }, draft][d.roll(4)].clone(),
            );
        }
        38 => {
            return (
                Actor::admin(99),
                if r.s.status == Status::Suspended {
                    Act::Resume { reason: None }
                } else {
                    Act::Suspend { reason: None }
                },
            );
        }
        39 => {
            let round =
                (d.roll(2) == 0).then(|| r.s.open_rounds().map(|x| x.id).last().unwrap_or(1));
            let people = if d.roll(2) == 0 {
                vec![]
            } else {
                vec![d.person(), d.person()]
            };
            let to = if d.roll(3) == 0 {
                "start".into()
            } else {
                d.of(&steps).unwrap_or_default()
            };
            let to = if to == "end" && d.roll(40) > 0 {
                "start".into()
            } else {
                to
            };
            return (
                Actor::admin(99),
                Act::Jump {
                    round,
                    to,
                    people,
                    reason: "调整".into(),
                },
            );
        }
        40 => {
            let stuck: Vec<i64> = r.s.stuck().map(|(x, _)| x.id).collect();
            let open: Vec<i64> = r.s.open_rounds().map(|x| x.id).collect();
            let round = d.of(&stuck).or_else(|| d.of(&open)).unwrap_or(1);
            return (
                Actor::admin(99),
                Act::Assign {
                    round,
                    people: vec![d.person(), d.person()],
                    reason: None,
                },
            );
        }
        41 => {
            let timer = r.s.timers.get(d.roll(r.s.timers.len())).map_or(5, |t| t.id);
            return (Actor::system(), Act::TimerFired { timer });
        }
        42 => {
            let heir = (d.roll(2) == 0).then(|| d.person());
            return (
                Actor::system(),
                Act::PersonLeft {
                    person: d.person(),
                    heir,
                },
            );
        }
        _ => {
            let (principal, agent) = (d.person(), d.person());
            let act = if d.roll(2) == 0 {
                Act::DelegateStarted {
                    principal,
                    agent,
                    shared: d.roll(2) == 0,
                }
            } else {
                Act::DelegateEnded { principal, agent }
            };
            return (Actor::system(), act);
        }
    };
    (actor, act)
}

fn took_part(r: &Round, p: i64) -> bool {
    let is = |h: &SeatSpec| h.identity == p || h.principal == Some(p);
    r.seats.iter().any(|s| {
        s.by == Some(p)
            || s.on_behalf_of == Some(p)
            || s.holder.as_ref().is_some_and(is)
            || (s.holder.is_none() && s.is_live() && s.candidates.iter().any(is))
    })
}

/// Nobody sees more of what existed unless he himself was brought in there or before (property 6).
fn never_widened(before: &Instance, after: &Instance) -> Result<(), TestCaseError> {
    for p in 1..=12 {
        if p == after.starter {
            continue;
        }
        let (v0, v1) = (visible(before, &[p]), visible(after, &[p]));
        let joined: BTreeSet<i64> = after
            .rounds
            .iter()
            .filter(|x| took_part(x, p) && !before.round(x.id).is_some_and(|o| took_part(o, p)))
            .map(|x| x.id)
            .collect();
        let mut from_joined = joined.clone();
        for x in &after.rounds {
            if x.prev.iter().any(|q| from_joined.contains(q)) {
                from_joined.insert(x.id);
            }
        }
        for id in v1.rounds.difference(&v0.rounds) {
            let new = before.round(*id).is_none();
            let caused = after
                .round(*id)
                .is_some_and(|x| x.prev.iter().any(|q| v1.rounds.contains(q)));
            prop_assert!(
                from_joined.contains(id) || (new && caused),
                "person {p} sees round {id} for no reason"
            );
        }
    }
    Ok(())
}

/// What was recorded stays (property 4, I3).
fn nothing_lost(before: &Instance, after: &Instance) -> Result<(), TestCaseError> {
    prop_assert!(
        after.rounds.len() >= before.rounds.len() && after.reads.len() >= before.reads.len()
    );
    for (a, b) in before.rounds.iter().zip(&after.rounds) {
        prop_assert_eq!(
            (&a.step, &a.prev, a.scope, a.opened_at),
            (&b.step, &b.prev, b.scope, b.opened_at)
        );
        for s in &a.seats {
            let kept = b.seats.iter().find(|x| x.id == s.id);
            prop_assert!(kept.is_some(), "seat {} vanished", s.id);
            if let (Some(k), false) = (kept, s.is_live()) {
                prop_assert_eq!(
                    (s.by, s.on_behalf_of, &s.opinion, &s.decision, s.closed_at),
                    (k.by, k.on_behalf_of, &k.opinion, &k.decision, k.closed_at)
                );
            }
        }
    }
    Ok(())
}

/// Over the whole log: a task opens and closes at most once, a join fires once per round of its scope.
fn whole_log(r: &Run) -> Result<(), TestCaseError> {
    let (mut opened, mut closed) = (BTreeSet::new(), BTreeSet::new());
    let mut fired: BTreeMap<i64, i64> = BTreeMap::new();
    for e in &r.log {
        match &e.kind {
            EventKind::SeatOpened { seat, .. } | EventKind::SeatCarried { seat, .. } => {
                prop_assert!(opened.insert(*seat))
            }
            EventKind::SeatClosed { seat, .. } => {
                prop_assert!(closed.insert(*seat), "task {seat} closed twice")
            }
            EventKind::BlockDone { block } => {
                let n = fired.entry(*block).or_default();
                *n += 1;
                prop_assert_eq!(*n, 1, "join of block {} fired twice", block);
            }
            EventKind::BranchReopened { scope } => {
                let block = r.s.scope(*scope).and_then(|s| s.block).unwrap_or(0);
                fired.insert(block, 0);
            }
            _ => {}
        }
    }
    prop_assert_eq!(&Instance::replay(1, &r.log), &r.s);
    Ok(())
}

/// `allowed` and `decide` agree: what is refused there is refused here for the same reason.
fn agrees(
    r: &Run,
    actor: &Actor,
    act: &Act,
    result: &Result<Vec<Event>, Refusal>,
) -> Result<(), TestCaseError> {
    let (kind, target) = act.subject();
    let list = allowed(&r.c, &r.s, actor);
    let listed = list
        .iter()
        .find(|a| a.act == kind && a.target == target)
        .map(|a| a.verdict.clone());
    let guard = verdict(&r.c, &r.s, actor, kind, target);
    if let Some(v) = listed {
        prop_assert_eq!(&v, &guard);
    }
    match (guard, result) {
        (Err(g), Err(e)) => prop_assert_eq!(g, e.clone()),
        (Err(g), Ok(_)) => prop_assert!(false, "accepted although {g}"),
        (Ok(()), Err(e)) => prop_assert!(PARAMETERS.contains(&e.code), "{e}"),
        (Ok(()), Ok(_)) => {}
    }
    Ok(())
}

fn play(p: &Part, seed: u64, acts: usize) -> Result<(), TestCaseError> {
    let (flow, lists) = build(p);
    let c = flow
        .compile()
        .map_err(|e| TestCaseError::fail(format!("{e:?}")))?;
    let mut r = Run::new(c);
    let mut d = Dice(seed);
    r.world.people.insert("team".into(), vec![4, 6, 8]);
    for _ in 0..d.roll(3) {
        let (p, a) = (d.person(), d.person());
        r.world.agents.insert(p, (a, d.roll(2) == 0));
    }
    let data = serde_json::from_value(lists).unwrap();
    let started = r.give(
        Actor::person(9),
        Act::Start {
            data,
            next: vec![],
            draft: false,
        },
    );
    prop_assert!(started.is_ok(), "{:?}", started);
    for n in 0..acts {
        if !r.s.is_live() && n > 3 {
            break;
        }
        if d.roll(25) == 0 {
            let p = d.person();
            if !r.world.disabled.remove(&p) {
                r.world.disabled.insert(p);
            }
        }
        let (actor, act) = command(&r, &mut d);
        let before = r.s.clone();
        let facts_now = r.now;
        let probe = Run {
            c: r.c.clone(),
            s: before.clone(),
            world: Default::default(),
            now: facts_now,
            log: vec![],
        };
        let result = r.give(actor.clone(), act.clone());
        agrees(&probe, &actor, &act, &result)?;
        match result {
            Err(e) => {
                prop_assert_eq!(&r.s, &before);
                prop_assert!(!e.message.is_empty());
            }
            Ok(events) => {
                let ok = r.s.check();
                prop_assert!(
                    ok.is_ok(),
                    "{:?} after {:?} by {:?}; at {}",
                    ok,
                    act,
                    actor,
                    r.at()
                );
                let json = serde_json::to_string(&events).unwrap();
                let mut copy = before.clone();
                for e in &serde_json::from_str::<Vec<Event>>(&json).unwrap() {
                    copy.apply(e);
                }
                prop_assert_eq!(&copy, &r.s, "fold(events) == state");
                let json = serde_json::to_string(&r.s).unwrap();
                prop_assert_eq!(&serde_json::from_str::<Instance>(&json).unwrap(), &r.s);
                nothing_lost(&before, &r.s)?;
                never_widened(&before, &r.s)?;
            }
        }
    }
    whole_log(&r)
}

/// The random acts reach every kind of act and of event that matters, so that the properties above are not vacuous.
#[test]
fn random_acts_reach_everything() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut kinds, mut codes): (BTreeMap<String, u32>, BTreeMap<&str, u32>) = Default::default();
    for seed in 0..150 {
        let p = whole().new_tree(&mut runner).unwrap().current();
        let (flow, lists) = build(&p);
        let mut r = Run::new(flow.compile().unwrap());
        let mut d = Dice(seed);
        r.world.people.insert("team".into(), vec![4, 6, 8]);
        let data = serde_json::from_value(lists).unwrap();
        r.give(
            Actor::person(9),
            Act::Start {
                data,
                next: vec![],
                draft: false,
            },
        )
        .unwrap();
        for _ in 0..80 {
            let (actor, act) = command(&r, &mut d);
            let kind = format!("{:?}", act.subject().0);
            match r.give(actor, act) {
                Ok(_) => *kinds.entry(kind).or_default() += 1,
                Err(e) => *codes.entry(e.code).or_default() += 1,
            }
        }
        for e in &r.log {
            let json = serde_json::to_value(&e.kind).unwrap();
            *kinds
                .entry(json["type"].as_str().unwrap().to_owned())
                .or_default() += 1;
        }
    }
    for kind in [
        "Complete",
        "Return",
        "Withdraw",
        "Recall",
        "Transfer",
        "AssignHelp",
        "RecallHelp",
        "AddSigner",
        "RemoveSigner",
        "Circulate",
        "Read",
        "Claim",
        "Unclaim",
        "Seen",
        "SaveDraft",
        "Urge",
        "Suspend",
        "Resume",
        "Jump",
        "Assign",
        "TimerFired",
        "PersonLeft",
        "DelegateStarted",
        "DelegateEnded",
        "block_opened",
        "block_done",
        "block_cancelled",
        "branch_reopened",
        "seat_carried",
        "stuck",
        "unstuck",
        "notice",
        "queue_changed",
        "candidates_changed",
        "ended",
    ] {
        assert!(
            kinds.contains_key(kind),
            "{kind} never happened: {kinds:?} {codes:?}"
        );
    }
    println!("{kinds:?}\n{codes:?}");
}

fn cases() -> u32 {
    std::env::var("ZS_FLOW_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(400)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn invariants_hold_over_random_flows_and_acts(p in whole(), seed in any::<u64>(), acts in 40usize..120) {
        play(&p, seed, acts)?;
    }

    /// Property 7: the order of ballots does not matter where the first does not decide.
    #[test]
    fn order_of_ballots_does_not_matter(
        ballots in prop::collection::vec(0usize..3, 1..6),
        order in any::<u64>(),
        num in 1u64..4,
        flags in any::<u8>(),
        how in 0usize..2,
    ) {
        let bit = |n: u8| flags >> n & 1 == 1;
        let who: Vec<i64> = (1..).take(ballots.len()).collect();
        let flow = || Flow::new("v")
            .multi("v", [HowMany::AllSign, HowMany::Quorum][how], &who)
            .with("v", |s| s.votes = VoteRule { num, den: 4, strict: bit(0), abstain_counts: bit(1), veto: bit(2), early: bit(3), ..VoteRule::default() })
            .way("start v end");
        let run = |people: &[i64]| {
            let mut r = Run::new(flow().compile().unwrap());
            r.give(Actor::person(9), Act::Start { data: BTreeMap::new(), next: vec![], draft: false }).unwrap();
            for p in people {
                let d = ["agree", "disagree", "abstain"][ballots[*p as usize - 1]];
                if r.s.is_live() {
                    r.complete(*p, d).unwrap();
                }
            }
            r.s.rounds[1].decision.clone()
        };
        let mut shuffled = who.clone();
        let mut d = Dice(order);
        for i in (1..shuffled.len()).rev() {
            shuffled.swap(i, d.roll(i + 1));
        }
        let (a, b) = (run(&who), run(&shuffled));
        prop_assert!(a.is_some());
        let side = |d: &Option<String>| d.as_deref() == Some("agree");
        prop_assert_eq!(side(&a), side(&b));
    }
}
