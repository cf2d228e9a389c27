//! G and J: gateways, Each, free choice, jump, end, suspend.

use super::kit::*;
use crate::sample::{DAY, Flow};
use crate::*;
use serde_json::json;

#[test]
fn g01_no_way_leaves_the_task_open() {
    let flow = Flow::new("gate")
        .task("a", 1)
        .step("gate", StepKind::Exclusive)
        .task("b", 2)
        .way("start a gate")
        .link("gate", "b", Cond::VarTruthy("go".into()))
        .way("b end");
    let mut r = started(flow);
    let seat = r.seat_id(1);
    let e = give(&mut r, Actor::person(1), complete(seat, "agree")).unwrap_err();
    assert_eq!(e.code, "no_route");
    assert!(e.message.contains("gate"));
    assert_eq!(r.at(), "a:1");
    // G02: a missing variable is false, and a given one opens the way.
    complete_with(&mut r, 1, json!({"go": true}), vec![]);
    assert_eq!(r.at(), "b:2");
}

#[test]
fn g05_nested_forks_fire_once_each() {
    let flow = Flow::new("nested")
        .step("f1", StepKind::Fork)
        .step("f2", StepKind::Fork)
        .task("x", 1)
        .task("y", 2)
        .task("z", 3)
        .step("j2", StepKind::Join)
        .task("w", 4)
        .step("j1", StepKind::Join)
        .task("last", 5)
        .way("start f1 f2 x j2 w j1 last end")
        .way("f2 y j2")
        .way("f1 z j1");
    let mut r = started(flow);
    for p in [3, 1, 2, 4] {
        agree(&mut r, p);
    }
    assert_eq!(r.at(), "last:5");
    assert_eq!((rounds(&r, "w"), rounds(&r, "last")), (1, 1));
    back(&mut r, 5, "x", Then::Rerun);
    assert_eq!(r.at(), "x:1");
    agree(&mut r, 1);
    assert_eq!(r.at(), "w:4");
    agree(&mut r, 4);
    assert_eq!(r.at(), "last:5");
}

#[test]
fn g08_empty_branch_counts() {
    let mut r = started(forked().way("fork join"));
    for p in [1, 2, 22, 3] {
        agree(&mut r, p);
    }
    assert_eq!(r.at(), "d:4");
}

#[test]
fn g10_each_item_its_own_branch() {
    let flow = Flow::new("units")
        .task("dispatch", 1)
        .each("units", "units", "liaison", "handler")
        .task_of(
            "liaison",
            Who::FormField("item.liaison".into()),
            HowMany::Single,
        )
        .task_of(
            "handler",
            Who::ChosenByPrevious { among: None },
            HowMany::Single,
        )
        .task("check", 8)
        .way("start dispatch units check end")
        .way("liaison handler");
    let mut r = started(flow.clone());
    complete_with(&mut r, 1, json!({"units": []}), vec![]);
    assert_eq!(r.at(), "check:8", "an empty list passes at once");

    let mut r = started(flow);
    complete_with(
        &mut r,
        1,
        json!({"units": [{"liaison": 11}, {"liaison": 12}, {"liaison": 13}]}),
        vec![],
    );
    assert_eq!(r.at(), "liaison:11 liaison:12 liaison:13");
    let seat = r.seat_id(11);
    no(&mut r, 11, complete(seat, "agree"), "choose_person");
    for p in [11, 12, 13] {
        complete_with(&mut r, p, json!({}), vec![pick("handler", &[p + 100])]);
    }
    assert_eq!(r.at(), "handler:111 handler:112 handler:113");
    let other = r.seat_id(112);
    back(&mut r, 111, "", Then::StraightBack);
    assert_eq!(r.at(), "handler:112 handler:113 liaison:11");
    assert_eq!(r.seat_id(112), other);
    agree(&mut r, 11);
    assert_eq!(r.at(), "handler:111 handler:112 handler:113");
    // One unit says it is not its business: only its branch goes back to the dispatcher, who names another unit.
    back(&mut r, 113, "liaison", Then::Rerun);
    back(&mut r, 13, "dispatch", Then::Rerun);
    assert_eq!(r.at(), "dispatch:1 handler:111 handler:112");
    complete_with(&mut r, 1, json!({"item": {"liaison": 14}}), vec![]);
    assert_eq!(r.at(), "handler:111 handler:112 liaison:14");
    complete_with(&mut r, 14, json!({}), vec![pick("handler", &[114])]);
    for p in [111, 112, 114] {
        agree(&mut r, p);
    }
    assert_eq!(r.at(), "check:8");
    assert_eq!(rounds(&r, "check"), 1);
}

#[test]
fn g14_endless_automatic_loop_is_refused() {
    let flow = Flow::new("spin")
        .task("a", 1)
        .step("g1", StepKind::Exclusive)
        .step("g2", StepKind::Exclusive)
        .way("start a g1 g2 g1")
        .link("g2", "end", Cond::VarTruthy("stop".into()));
    let mut r = started(flow);
    let seat = r.seat_id(1);
    no(&mut r, 1, complete(seat, "agree"), "walk_limit");
}

#[test]
fn j01_free_choice_skips_and_records() {
    let flow = abcd()
        .with("a", |s| s.acts.may_skip = true)
        .with("c", |s| s.how_many = HowMany::AllSign);
    let mut r = started(flow.clone());
    let events = complete_with(&mut r, 1, json!({}), vec![pick("c", &[71, 72])]);
    assert_eq!(r.at(), "c:71 c:72");
    assert!(
        events
            .iter()
            .any(|e| matches!(&e.kind, EventKind::Skipped { steps } if steps == &["b"]))
    );
    // J10: a mandatory step may not be skipped.
    let mut r = started(flow.with("b", |s| s.mandatory = true));
    let act = Act::Complete {
        seat: r.seat_id(1),
        decision: None,
        opinion: None,
        next: vec![pick("c", &[71])],
        data: Default::default(),
    };
    no(&mut r, 1, act, "mandatory_step");
    let act = Act::Jump {
        round: None,
        to: "d".into(),
        people: vec![],
        reason: "急".into(),
    };
    let e = give(&mut r, Actor::admin(99), act).unwrap_err();
    assert_eq!(e.code, "mandatory_step");
}

#[test]
fn j02_picked_out_of_range() {
    let among = Some(Box::new(Who::Identities(vec![21, 22])));
    let flow = abcd().with("b", |s| s.who = Who::ChosenByPrevious { among });
    let mut r = started(flow);
    let act = |p: i64, seat: i64| Act::Complete {
        seat,
        decision: None,
        opinion: None,
        next: vec![pick("b", &[p])],
        data: Default::default(),
    };
    let seat = r.seat_id(1);
    no(&mut r, 1, act(30, seat), "out_of_range");
    ok(&mut r, 1, act(22, seat));
    assert_eq!(r.at(), "b:22");
    let act = Act::Complete {
        seat: r.seat_id(22),
        decision: None,
        opinion: None,
        next: vec![pick("c", &[5])],
        data: Default::default(),
    };
    no(&mut r, 22, act, "cannot_choose_person");
}

#[test]
fn j04_jump_out_of_many_and_j05_to_the_end() {
    let flow = Flow::new("jump")
        .task("a", 1)
        .multi("m", HowMany::AllSign, &[11, 12, 13])
        .way("start a m end");
    let mut r = started(flow);
    agree(&mut r, 1);
    agree(&mut r, 11);
    let act = Act::Jump {
        round: None,
        to: "a".into(),
        people: vec![],
        reason: "重办".into(),
    };
    no(&mut r, 1, act.clone(), "admin_only");
    admin(&mut r, act);
    assert_eq!(r.at(), "a:1");
    assert_eq!(opinions(&r).len(), 2);

    let mut r = started(forked());
    agree(&mut r, 1);
    let act = Act::Jump {
        round: None,
        to: "end".into(),
        people: vec![],
        reason: "办结".into(),
    };
    admin(&mut r, act);
    assert_eq!((r.s.status, r.at().as_str()), (Status::Ended, ""));
}

#[test]
fn j06_jump_inside_a_branch() {
    let mut r = started(forked());
    agree(&mut r, 1);
    let (c, round) = (
        r.seat_id(3),
        r.s.open_rounds().find(|x| x.step == "b").unwrap().id,
    );
    admin(
        &mut r,
        Act::Jump {
            round: Some(round),
            to: "b2".into(),
            people: vec![80],
            reason: "改派".into(),
        },
    );
    assert_eq!(r.at(), "b2:80 c:3");
    assert_eq!(r.seat_id(3), c);
    let e = give(
        &mut r,
        Actor::admin(99),
        Act::Jump {
            round: None,
            to: "b".into(),
            people: vec![],
            reason: "x".into(),
        },
    );
    assert_eq!(e.unwrap_err().code, "choose_round");
    agree(&mut r, 80);
    agree(&mut r, 3);
    assert_eq!(r.at(), "d:4");
}

#[test]
fn j07_terminate_and_void() {
    let mut r = started(forked());
    agree(&mut r, 1);
    let (seat, act) = (
        r.seat_id(2),
        Act::Terminate {
            reason: "不再办理".into(),
        },
    );
    no(&mut r, 9, act.clone(), "admin_only");
    let e = give(&mut r, Actor::admin(99), Act::Void { reason: " ".into() }).unwrap_err();
    assert_eq!(e.code, "reason_required");
    admin(&mut r, act);
    assert_eq!(r.s.status, Status::Terminated);
    no(&mut r, 2, complete(seat, "agree"), "ended");
    let mut r = started(abcd());
    admin(
        &mut r,
        Act::Void {
            reason: "登记错误".into(),
        },
    );
    assert_eq!(r.s.status, Status::Voided);
}

#[test]
fn j08_suspended_timers_rest_and_shift() {
    let mut r = started(abcd().with("a", |s| s.limit_days = Some(1)));
    let (timer, due) = (r.s.timers[0].id, r.s.rounds[1].due.unwrap());
    admin(&mut r, Act::Suspend { reason: None });
    let e = give(&mut r, Actor::system(), Act::TimerFired { timer }).unwrap_err();
    assert_eq!(e.code, "suspended");
    let seat = r.seat_id(1);
    no(&mut r, 1, complete(seat, "agree"), "suspended");
    r.now += 3 * DAY;
    admin(&mut r, Act::Resume { reason: None });
    let shifted = r.s.rounds[1].due.unwrap();
    assert!(shifted >= due + 3 * DAY);
    assert_eq!(r.s.timers[0].at, shifted);
    system(&mut r, Act::TimerFired { timer });
    let e = give(&mut r, Actor::system(), Act::TimerFired { timer }).unwrap_err();
    assert_eq!(e.code, "timer_gone");
    let e = give(&mut r, Actor::admin(9), Act::Resume { reason: None }).unwrap_err();
    assert_eq!(e.code, "not_suspended");
}

#[test]
fn v01_pinned_version_and_v05_other_tables() {
    let r = started(abcd());
    assert_eq!((r.s.key.as_str(), r.s.version), ("abcd", 1));
}

#[test]
fn lint_names_the_faults() {
    let faults = |f: Flow| {
        f.compile()
            .unwrap_err()
            .into_iter()
            .map(|e| e.code)
            .collect::<Vec<_>>()
    };
    assert!(
        faults(Flow::new("x").task("a", 1).way("start end")).contains(&"unreachable".to_owned())
    );
    assert!(faults(Flow::new("x").task("a", 1).way("start a")).contains(&"no_way_out".to_owned()));
    assert!(faults(Flow::new("x").way("start nowhere end")).contains(&"bad_link".to_owned()));
    assert!(
        faults(Flow::new("x").task("a", 1).task("a", 2).way("start a end"))
            .contains(&"duplicate_step".to_owned())
    );
    assert!(faults(forked().way("b d")).contains(&"crossing".to_owned()));
    let lost = Flow::new("x")
        .step("f", StepKind::Fork)
        .task("a", 1)
        .task("b", 2)
        .way("start f a end")
        .way("f b end");
    assert!(faults(lost).contains(&"no_join".to_owned()));
    assert!(
        faults(
            Flow::new("x")
                .each("e", "l", "a", "z")
                .task("a", 1)
                .way("start e end")
        )
        .contains(&"bad_body".to_owned())
    );
}
