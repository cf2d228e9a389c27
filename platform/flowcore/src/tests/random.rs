//! Property tests: random block-structured flows, random acts; all invariants after every command.

use std::collections::{BTreeMap, BTreeSet};

use super::random_acts::{Dice, command};
use super::random_flows::{Part, build, whole};
use crate::sample::{Flow, Run};
use crate::*;
use proptest::prelude::*;

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
        .unwrap_or(150)
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
