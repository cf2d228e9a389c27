//! R17 to R25: loops, automatic steps, signers who disagree, changed ways, 驳回.

use super::kit::*;
use crate::sample::Flow;
use crate::*;
use serde_json::json;

#[test]
fn r17_loop_returns_to_the_most_recent_round() {
    let flow = Flow::new("loop")
        .task("a", 1)
        .task_of("b", Who::Named("b".into()), HowMany::Single)
        .step("again", StepKind::Exclusive)
        .way("start a b again")
        .link("again", "a", Cond::Decision("disagree".into()))
        .way("again end");
    let mut r = run(flow);
    for n in 0..3 {
        r.world.people.insert("b".into(), vec![20 + n]);
        if n == 0 {
            start(&mut r, json!({}));
        }
        agree(&mut r, 1);
        done(&mut r, 20 + n, "disagree");
    }
    assert_eq!(r.at(), "a:1");
    back(&mut r, 1, "b", Then::Rerun);
    assert_eq!(r.at(), "b:22");
    assert_eq!(r.s.open_rounds().next().unwrap().no, 4);
}

#[test]
fn r19_previous_skips_automatic_steps() {
    let flow = Flow::new("cc")
        .task("a", 1)
        .step("cc", StepKind::Circulate)
        .with("cc", |s| s.who = Who::Identities(vec![31, 32]))
        .task("b", 2)
        .way("start a cc b end");
    let mut r = started(flow);
    agree(&mut r, 1);
    assert_eq!(r.s.reads.len(), 2);
    back(&mut r, 2, "", Then::Rerun);
    assert_eq!(r.at(), "a:1");
    assert_eq!(r.s.reads.len(), 2);
    agree(&mut r, 1);
    assert_eq!(r.at(), "b:2");
    assert_eq!(r.s.reads.len(), 2, "told once");
}

#[test]
fn r20_returned_to_an_auto_passed_step_opens_for_the_person() {
    let flow = Flow::new("dup")
        .task("a", 1)
        .task("b", 1)
        .task("c", 3)
        .with("b", |s| s.duplicates = DuplicatePolicy::Consecutive)
        .way("start a b c end");
    let mut r = started(flow);
    agree(&mut r, 1);
    assert_eq!(r.at(), "c:3");
    back(&mut r, 3, "b", Then::Rerun);
    assert_eq!(r.at(), "b:1", "for the person, not passed again");
    agree(&mut r, 1);
    assert_eq!(r.at(), "c:3");
}

#[test]
fn r22_before_signer_disagrees() {
    let flow = abcd().with("b", |s| {
        s.decisions[1].effect = Effect::Return("a".into());
    });
    let mut r = started(flow);
    agree(&mut r, 1);
    let seat = r.seat_id(2);
    ok(
        &mut r,
        2,
        Act::AddSigner {
            seat,
            mode: SignMode::Before,
            people: vec![50],
        },
    );
    assert_eq!(r.at(), "(b:2) b:50");
    let events = done(&mut r, 50, "disagree");
    assert_eq!(r.at(), "a:1");
    assert!(events.iter().any(|e| matches!(&e.kind,
        EventKind::SeatClosed { seat: s, outcome: SeatOutcome::Cancelled, reason: Some(_), .. } if *s == seat)));
}

#[test]
fn r23_straight_back_falls_back_when_the_way_changed() {
    let flow = Flow::new("amount")
        .step("gate", StepKind::Exclusive)
        .task("small", 1)
        .task("big", 2)
        .way("start gate small end")
        .link("gate", "big", Cond::VarGt("amount".into(), 100.0))
        .way("big end");
    let mut r = started_with(flow, json!({"amount": 500}));
    assert_eq!(r.at(), "big:2");
    back(&mut r, 2, "@", Then::StraightBack);
    assert_eq!(r.at(), "start:9");
    let act = Act::Complete {
        seat: r.seat_id(9),
        decision: None,
        opinion: None,
        next: vec![],
        data: serde_json::from_value(json!({"amount": 5})).unwrap(),
    };
    let events = ok(&mut r, 9, act);
    assert_eq!(r.at(), "small:1");
    assert!(events.iter().any(
        |e| matches!(&e.kind, EventKind::Notice { code, .. } if code == "straight_back_dropped")
    ));
}

#[test]
fn r25_double_click_returns_once() {
    let mut r = started(abcd());
    for p in [1, 2, 3] {
        agree(&mut r, p);
    }
    let act = ret(&r, 4, "b", Then::Rerun);
    ok(&mut r, 4, act.clone());
    no(&mut r, 4, act, "already_handled");
    assert_eq!(rounds(&r, "b"), 2);
}

#[test]
fn reject_ends_or_returns_by_setting() {
    let mut r = started(abcd().with("b", |s| {
        s.decisions[1].effect = Effect::End("rejected".into())
    }));
    agree(&mut r, 1);
    done(&mut r, 2, "disagree");
    assert_eq!(
        (r.s.status, r.s.outcome.as_deref()),
        (Status::Ended, Some("rejected"))
    );
    let mut r = started(abcd().with("c", |s| s.decisions[1].effect = Effect::Return("a".into())));
    agree(&mut r, 1);
    agree(&mut r, 2);
    done(&mut r, 3, "disagree");
    assert_eq!(r.at(), "a:1");
}
