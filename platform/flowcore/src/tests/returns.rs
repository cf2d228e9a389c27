//! R: return 退回.

use super::kit::*;
use crate::*;
use serde_json::json;

fn at_d() -> crate::sample::Run {
    let mut r = started(abcd());
    for p in [1, 2, 3] {
        agree(&mut r, p);
    }
    assert_eq!(r.at(), "d:4");
    r
}

#[test]
fn r01_return_and_rerun() {
    let mut r = at_d();
    let before = opinions(&r);
    let events = back(&mut r, 4, "b", Then::Rerun);
    assert_eq!(r.at(), "b:2");
    assert!(events.iter().any(|e| matches!(&e.kind, EventKind::Returned { to_step, straight_back: false, .. } if to_step == "b")));
    assert!(opinions(&r).starts_with(&before), "earlier opinions stay");
    agree(&mut r, 2);
    assert_eq!(r.at(), "c:3");
    agree(&mut r, 3);
    agree(&mut r, 4);
    assert_eq!(r.s.status, Status::Ended);
    assert_eq!(rounds(&r, "c"), 2);
}

#[test]
fn r02_return_and_straight_back() {
    let mut r = at_d();
    back(&mut r, 4, "b", Then::StraightBack);
    agree(&mut r, 2);
    assert_eq!(r.at(), "d:4");
    assert_eq!((rounds(&r, "c"), rounds(&r, "d")), (1, 2));
    agree(&mut r, 4);
    assert_eq!(r.s.outcome.as_deref(), Some("completed"));
}

#[test]
fn r04_further_return_drops_the_jump() {
    let mut r = at_d();
    back(&mut r, 4, "b", Then::StraightBack);
    back(&mut r, 2, "a", Then::Rerun);
    for p in [1, 2, 3, 4] {
        assert!(r.at().ends_with(&p.to_string()), "{}", r.at());
        agree(&mut r, p);
    }
    assert_eq!(r.s.status, Status::Ended);
}

#[test]
fn r04b_nested_straight_back_keeps_the_jump() {
    let mut r = at_d();
    back(&mut r, 4, "b", Then::StraightBack);
    back(&mut r, 2, "a", Then::StraightBack);
    assert_eq!(r.at(), "a:1");
    agree(&mut r, 1);
    assert_eq!(r.at(), "b:2");
    agree(&mut r, 2);
    assert_eq!(r.at(), "d:4");
}

#[test]
fn r05_disabled_meanwhile_is_resolved_anew() {
    let flow = abcd().with("d", |s| s.who = Who::Named("chiefs".into()));
    let mut r = run(flow);
    r.world.people.insert("chiefs".into(), vec![4]);
    start(&mut r, json!({}));
    for p in [1, 2, 3] {
        agree(&mut r, p);
    }
    back(&mut r, 4, "a", Then::StraightBack);
    r.world.disabled.insert(4);
    r.world.people.insert("chiefs".into(), vec![44]);
    agree(&mut r, 1);
    assert_eq!(r.at(), "d:44");

    let mut r = at_d();
    back(&mut r, 4, "a", Then::StraightBack);
    r.world.disabled.insert(4);
    agree(&mut r, 1);
    assert_eq!(
        r.at(),
        "d!",
        "nobody: empty policy, never the disabled person"
    );
}

#[test]
fn r07_sibling_branch_is_not_the_same_route() {
    let mut r = started(forked());
    agree(&mut r, 1);
    let act = ret(&r, 3, "b", Then::Rerun);
    no(&mut r, 3, act, "not_same_route");
    agree(&mut r, 2);
    let act = ret(&r, 3, "b", Then::Rerun);
    no(&mut r, 3, act, "not_same_route");
}

#[test]
fn r08_return_inside_a_branch_leaves_the_other_alone() {
    let mut r = started(forked());
    agree(&mut r, 1);
    agree(&mut r, 2);
    let c = r.seat_id(3);
    back(&mut r, 22, "b", Then::Rerun);
    assert_eq!(r.at(), "b:2 c:3");
    assert_eq!(r.seat_id(3), c);
    for p in [2, 22, 3] {
        agree(&mut r, p);
    }
    assert_eq!(r.at(), "d:4");
    assert_eq!(rounds(&r, "d"), 1);
}

#[test]
fn r08b_return_out_of_a_branch_by_policy() {
    // Only this branch goes back; its handler sends it into the branch again.
    let mut r = started(forked());
    agree(&mut r, 1);
    let c = r.seat_id(3);
    back(&mut r, 2, "a", Then::Rerun);
    assert_eq!(r.at(), "a:1 c:3");
    assert_eq!(r.seat_id(3), c);
    agree(&mut r, 1);
    assert_eq!(r.at(), "b:2 c:3");
    // Whole block: all branches are taken back.
    let mut r = started(forked().with("b", |s| s.acts.return_out = ReturnOut::WholeBlock));
    agree(&mut r, 1);
    back(&mut r, 2, "a", Then::Rerun);
    assert_eq!(r.at(), "a:1");
    agree(&mut r, 1);
    for p in [2, 22, 3, 4] {
        agree(&mut r, p);
    }
    assert_eq!(r.s.status, Status::Ended);
    // Refused.
    let mut r = started(forked().with("b", |s| s.acts.return_out = ReturnOut::Refuse));
    agree(&mut r, 1);
    let act = ret(&r, 2, "a", Then::Rerun);
    no(&mut r, 2, act, "nothing_before");
}

#[test]
fn r10_return_behind_a_join_into_a_branch() {
    let to_d = |flow| {
        let mut r = started(flow);
        for p in [1, 2, 22, 3] {
            agree(&mut r, p);
        }
        assert_eq!(r.at(), "d:4");
        r
    };
    let mut r = to_d(forked());
    back(&mut r, 4, "b", Then::Rerun);
    assert_eq!(r.at(), "b:2", "the arrival of c still counts");
    agree(&mut r, 2);
    agree(&mut r, 22);
    assert_eq!(r.at(), "d:4");
    assert_eq!((rounds(&r, "c"), rounds(&r, "d")), (1, 2));

    let mut r = to_d(forked().with("d", |s| s.acts.return_into = ReturnInto::WholeBlock));
    back(&mut r, 4, "b", Then::Rerun);
    assert_eq!(r.at(), "b:2 c:3");
    for p in [3, 2, 22] {
        agree(&mut r, p);
    }
    assert_eq!(r.at(), "d:4");

    let mut r = to_d(forked());
    back(&mut r, 4, "b", Then::StraightBack);
    assert_eq!(r.at(), "b:2");
    agree(&mut r, 2);
    assert_eq!(r.at(), "d:4", "straight back, b2 not again");
}

#[test]
fn r11_inclusive_fork_taken_anew_waits_for_what_it_took() {
    let flow = Flow3::inclusive();
    let mut r = started_with(flow, json!({"x": true, "y": true, "z": false}));
    agree(&mut r, 1);
    assert_eq!(r.at(), "x:11 y:12");
    agree(&mut r, 11);
    back(&mut r, 12, "a", Then::Rerun);
    assert_eq!(r.at(), "a:1");
    complete_with(
        &mut r,
        1,
        json!({"x": false, "y": false, "z": true}),
        vec![],
    );
    assert_eq!(r.at(), "z:13");
    agree(&mut r, 13);
    assert_eq!(r.at(), "d:4");
}

struct Flow3;
impl Flow3 {
    fn inclusive() -> crate::sample::Flow {
        let truthy = |n: &str| Cond::VarTruthy(n.into());
        crate::sample::Flow::new("inclusive")
            .task("a", 1)
            .step("fork", StepKind::Fork)
            .task("x", 11)
            .task("y", 12)
            .task("z", 13)
            .step("join", StepKind::Join)
            .task("d", 4)
            .way("start a fork")
            .link("fork", "x", truthy("x"))
            .link("fork", "y", truthy("y"))
            .link("fork", "z", truthy("z"))
            .way("x join")
            .way("y join")
            .way("z join d end")
            .with("y", |s| s.acts.return_out = ReturnOut::WholeBlock)
    }
}

fn multi() -> crate::sample::Flow {
    crate::sample::Flow::new("multi")
        .multi("b", HowMany::AllSign, &[1, 2])
        .multi("c", HowMany::AllSign, &[11, 12, 13])
        .way("start b c end")
}

#[test]
fn r13_straight_back_asks_only_who_has_not_agreed() {
    let mut r = started(multi());
    agree(&mut r, 1);
    agree(&mut r, 2);
    agree(&mut r, 11);
    back(&mut r, 12, "b", Then::StraightBack);
    assert_eq!(r.at(), "b:1 b:2");
    agree(&mut r, 1);
    agree(&mut r, 2);
    assert_eq!(r.at(), "c:12 c:13");
    agree(&mut r, 13);
    agree(&mut r, 12);
    assert_eq!(r.s.status, Status::Ended);

    let mut r = started(multi().with("c", |s| s.acts.keep_votes = false));
    agree(&mut r, 1);
    agree(&mut r, 2);
    agree(&mut r, 11);
    back(&mut r, 12, "b", Then::StraightBack);
    agree(&mut r, 1);
    agree(&mut r, 2);
    assert_eq!(r.at(), "c:11 c:12 c:13");
}

#[test]
fn r14_return_from_all_sign_to_all_sign_opens_all_members_once() {
    let mut r = started(multi());
    agree(&mut r, 1);
    agree(&mut r, 2);
    back(&mut r, 13, "b", Then::Rerun);
    assert_eq!(r.at(), "b:1 b:2");
    assert_eq!(r.s.open_rounds().count(), 1);
}

#[test]
fn r17_loop_returns_to_the_most_recent_round() {
    let flow = crate::sample::Flow::new("loop")
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
    let flow = crate::sample::Flow::new("cc")
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
    let flow = crate::sample::Flow::new("dup")
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
    let flow = crate::sample::Flow::new("amount")
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
    let mut r = at_d();
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
