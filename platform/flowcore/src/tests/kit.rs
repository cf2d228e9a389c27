//! What every test does after every command: invariants, replay, serialisation, verdicts.

use std::collections::BTreeMap;

use crate::sample::{Flow, Run};
use crate::*;

pub fn run(flow: Flow) -> Run {
    Run::new(flow.compile().unwrap())
}

/// start → a(1) → b(2) → c(3) → d(4) → end, started by 9.
pub fn abcd() -> Flow {
    Flow::new("abcd")
        .task("a", 1)
        .task("b", 2)
        .task("c", 3)
        .task("d", 4)
        .way("start a b c d end")
}

pub fn started(flow: Flow) -> Run {
    started_with(flow, serde_json::json!({}))
}

pub fn started_with(flow: Flow, data: serde_json::Value) -> Run {
    let mut r = run(flow);
    start(&mut r, data);
    r
}

pub fn start(r: &mut Run, data: serde_json::Value) {
    let data: BTreeMap<String, serde_json::Value> = serde_json::from_value(data).unwrap();
    ok(
        r,
        9,
        Act::Start {
            data,
            next: vec![],
            draft: false,
        },
    );
}

/// Gives a command that must be accepted; checks all invariants.
pub fn ok(r: &mut Run, who: i64, act: Act) -> Vec<Event> {
    give(r, Actor::person(who), act).unwrap_or_else(|e| panic!("{who}: {e}; at {}", r.at()))
}

pub fn admin(r: &mut Run, act: Act) -> Vec<Event> {
    give(r, Actor::admin(99), act).unwrap_or_else(|e| panic!("admin: {e}; at {}", r.at()))
}

pub fn system(r: &mut Run, act: Act) -> Vec<Event> {
    give(r, Actor::system(), act).unwrap_or_else(|e| panic!("system: {e}; at {}", r.at()))
}

/// Gives a command that must be refused with this code and change nothing.
pub fn no(r: &mut Run, who: i64, act: Act, code: &str) {
    match give(r, Actor::person(who), act) {
        Err(e) => assert_eq!(e.code, code, "{e}"),
        Ok(_) => panic!("accepted, expected {code}; at {}", r.at()),
    }
}

pub fn give(r: &mut Run, actor: Actor, act: Act) -> Result<Vec<Event>, Refusal> {
    let before = r.s.clone();
    let (kind, target) = act.subject();
    let guard = verdict(&r.c, &r.s, &actor, kind, target);
    let logged = r.log.len();
    match r.give(actor, act) {
        Ok(events) => {
            guard.expect("allowed and decide disagree");
            r.s.check().unwrap_or_else(|e| panic!("{e}; at {}", r.at()));
            assert_eq!(r.s.rev, before.rev + 1);
            assert_eq!(Instance::replay(1, &r.log), r.s, "I5");
            let json = serde_json::to_string(&r.s).unwrap();
            assert_eq!(serde_json::from_str::<Instance>(&json).unwrap(), r.s);
            let json = serde_json::to_string(&events).unwrap();
            assert_eq!(serde_json::from_str::<Vec<Event>>(&json).unwrap(), events);
            for (n, e) in r.log.iter().enumerate() {
                assert_eq!(e.seq, n as u64 + 1, "no gaps");
            }
            Ok(events)
        }
        Err(e) => {
            if let Err(g) = guard {
                assert_eq!(g, e, "allowed and decide disagree");
            }
            assert_eq!(r.s, before, "a refusal changes nothing");
            assert_eq!(r.log.len(), logged);
            assert!(!e.message.is_empty());
            Err(e)
        }
    }
}

pub fn done(r: &mut Run, who: i64, decision: &str) -> Vec<Event> {
    let seat = r.seat_id(who);
    ok(r, who, complete(seat, decision))
}

pub fn agree(r: &mut Run, who: i64) -> Vec<Event> {
    done(r, who, "agree")
}

pub fn complete(seat: i64, decision: &str) -> Act {
    Act::Complete {
        seat,
        decision: Some(decision.into()),
        opinion: Some("意见".into()),
        next: vec![],
        data: BTreeMap::new(),
    }
}

pub fn complete_with(
    r: &mut Run,
    who: i64,
    data: serde_json::Value,
    next: Vec<NextPick>,
) -> Vec<Event> {
    let act = Act::Complete {
        seat: r.seat_id(who),
        decision: None,
        opinion: Some("意见".into()),
        next,
        data: serde_json::from_value(data).unwrap(),
    };
    ok(r, who, act)
}

pub fn ret(r: &Run, who: i64, to: &str, then: Then) -> Act {
    let to = match to {
        "" => ReturnTo::Previous,
        "@" => ReturnTo::Initiator,
        id => ReturnTo::Step(id.into()),
    };
    Act::Return {
        seat: r.seat_id(who),
        to,
        then,
        opinion: Some("请补充".into()),
    }
}

pub fn back(r: &mut Run, who: i64, to: &str, then: Then) -> Vec<Event> {
    let act = ret(r, who, to, then);
    ok(r, who, act)
}

pub fn withdraw(r: &Run, who: i64) -> Act {
    Act::Withdraw {
        seat: r.done_id(who),
        reason: None,
    }
}

pub fn take_back(r: &mut Run, who: i64) -> Vec<Event> {
    let act = withdraw(r, who);
    ok(r, who, act)
}

pub fn pick(step: &str, people: &[i64]) -> NextPick {
    NextPick {
        step: step.into(),
        people: people.to_vec(),
    }
}

/// Opinions given so far, in order: the ledger's raw material.
pub fn opinions(r: &Run) -> Vec<(String, i64)> {
    let all =
        r.s.rounds
            .iter()
            .flat_map(|x| x.seats.iter().map(move |s| (x, s)));
    let mut list: Vec<_> = all
        .filter(|(_, s)| s.opinion.is_some() && !matches!(s.origin, SeatOrigin::Carried(_)))
        .map(|(x, s)| (s.closed_seq, x.step.clone(), s.by.unwrap_or(0)))
        .collect();
    list.sort();
    list.into_iter().map(|(_, step, by)| (step, by)).collect()
}

pub fn rounds(r: &Run, step: &str) -> usize {
    r.s.rounds.iter().filter(|x| x.step == step).count()
}

/// fork → b(2) b2(22) | c(3) → join → d(4), after a(1).
pub fn forked() -> Flow {
    Flow::new("forked")
        .task("a", 1)
        .step("fork", StepKind::Fork)
        .task("b", 2)
        .task("b2", 22)
        .task("c", 3)
        .step("join", StepKind::Join)
        .task("d", 4)
        .way("start a fork b b2 join d end")
        .way("fork c join")
}

/// start → b(11, 12, 13) → c(3) → end.
pub fn trio(how: HowMany) -> Flow {
    Flow::new("trio")
        .multi("b", how, &[11, 12, 13])
        .task("c", 3)
        .way("start b c end")
}
