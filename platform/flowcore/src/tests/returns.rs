//! R: return 退回.

use super::kit::*;
use crate::sample::{Flow, Run};
use crate::*;
use serde_json::json;

fn at_d() -> Run {
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
    fn inclusive() -> Flow {
        let truthy = |n: &str| Cond::VarTruthy(n.into());
        Flow::new("inclusive")
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

fn multi() -> Flow {
    Flow::new("multi")
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
