//! X: urging, circulation, time limits.

use super::kit::*;
use crate::sample::{DAY, Flow, Run};
use crate::*;
use serde_json::json;

fn urged(r: &Run) -> Vec<bool> {
    r.log
        .iter()
        .filter_map(|e| {
            if let EventKind::Urged { notify, .. } = &e.kind {
                Some(*notify)
            } else {
                None
            }
        })
        .collect()
}

#[test]
fn x01_urging_is_rate_limited_but_recorded() {
    let mut r = started(abcd());
    for _ in 0..5 {
        ok(
            &mut r,
            9,
            Act::Urge {
                note: Some("请尽快".into()),
            },
        );
    }
    assert_eq!(urged(&r), [true, false, false, false, false]);
    r.now += 3_600_000;
    ok(&mut r, 9, Act::Urge { note: None });
    assert_eq!(urged(&r).last(), Some(&true));
    no(&mut r, 1, Act::Urge { note: None }, "nothing_to_urge");
    no(&mut r, 77, Act::Urge { note: None }, "not_downstream");
    agree(&mut r, 1);
    ok(&mut r, 1, Act::Urge { note: None });
}

#[test]
fn x02_urging_reaches_helper_owner_agent_and_principal() {
    let mut r = run(abcd());
    r.world.agents.insert(1, (7, false));
    start(&mut r, json!({}));
    let seat = r.seat_id(7);
    ok(
        &mut r,
        7,
        Act::AssignHelp {
            seat,
            to: 50,
            note: None,
        },
    );
    let events = ok(&mut r, 9, Act::Urge { note: None });
    let EventKind::Urged { persons, .. } = &events[0].kind else {
        panic!()
    };
    let mut persons = persons.clone();
    persons.sort_unstable();
    assert_eq!(persons, [1, 7, 50]);
}

#[test]
fn x04_told_once_unless_sent_again() {
    let flow = Flow::new("cc")
        .task("a", 1)
        .step("cc1", StepKind::Circulate)
        .step("cc2", StepKind::Circulate)
        .with("cc1", |s| s.who = Who::Identities(vec![31, 32]))
        .with("cc2", |s| s.who = Who::Identities(vec![32, 33]))
        .task("b", 2)
        .way("start a cc1 cc2 b end");
    let mut r = started(flow);
    agree(&mut r, 1);
    assert_eq!(r.s.reads.len(), 3);
    let send = |seat, again| Act::Circulate {
        from: CirculateFrom::Seat(seat),
        to: vec![31],
        note: None,
        again,
    };
    let seat = r.seat_id(2);
    no(&mut r, 2, send(seat, false), "already_circulated");
    let item = r.s.reads[0].id;
    ok(
        &mut r,
        31,
        Act::Read {
            item,
            opinion: Some("已阅".into()),
        },
    );
    no(
        &mut r,
        31,
        Act::Read {
            item,
            opinion: None,
        },
        "already_read",
    );
    no(
        &mut r,
        33,
        Act::Read {
            item,
            opinion: None,
        },
        "not_your_task",
    );
    ok(&mut r, 2, send(seat, true));
    assert_eq!(r.s.open_reads().count(), 3);
    // Passed on from a read item; nested items descend from it.
    ok(
        &mut r,
        31,
        Act::Circulate {
            from: CirculateFrom::Item(item),
            to: vec![40],
            note: None,
            again: false,
        },
    );
    assert!(visible(&r.s, &[31]).items.len() >= 2);
    assert_eq!(visible(&r.s, &[40]).items.len(), 1);
    assert!(
        visible(&r.s, &[40]).rounds.is_empty(),
        "a reader sees his own item only"
    );
}

#[test]
fn x05_circulation_never_blocks() {
    let flow = Flow::new("cc")
        .step("fork", StepKind::Fork)
        .step("cc1", StepKind::Circulate)
        .with("cc1", |s| s.who = Who::FormField("nobody".into()))
        .task("a", 1)
        .step("join", StepKind::Join)
        .step("cc2", StepKind::Circulate)
        .with("cc2", |s| s.who = Who::Identity(31))
        .way("start fork cc1 join cc2 end")
        .way("fork a join");
    let mut r = started(flow);
    assert_eq!(r.at(), "a:1");
    agree(&mut r, 1);
    assert_eq!(r.s.status, Status::Ended);
    let item = r.s.reads[0].id;
    ok(
        &mut r,
        31,
        Act::Read {
            item,
            opinion: None,
        },
    );
}

#[test]
fn x06_reading_seats_wait_all_at_once_or_in_order() {
    for (how, first) in [
        (HowMany::AllSign, "read:11 read:12"),
        (HowMany::Sequential, "read:11"),
    ] {
        let flow = Flow::new("circulate")
            .multi("read", how, &[11, 12])
            .with("read", |s| s.acts.reading = true)
            .way("start read end");
        let mut r = started(flow);
        assert_eq!(r.at(), first);
        assert_eq!(r.seat_of(11).unwrap().kind, SeatKind::Read);
        agree(&mut r, 11);
        agree(&mut r, 12);
        assert_eq!(r.s.status, Status::Ended);
    }
}

#[test]
fn x07_limit_from_steps_and_fields() {
    let flow = abcd().with("a", |s| s.limit_days = Some(7)).with("b", |s| {
        s.limit_days = Some(7);
        s.limit_from = Some("deadline".into());
        s.pre_remind_from = Some("pre".into());
    });
    let flow = flow.with("c", |s| {
        s.limit_days = Some(7);
        s.limit_when = Some(Cond::VarTruthy("lead".into()));
    });
    let mut r = started_with(flow, json!({"deadline": 50_000_000, "pre": 40_000_000}));
    assert_eq!(r.s.rounds[1].due, Some(r.now + 7 * DAY));
    agree(&mut r, 1);
    assert_eq!(r.s.rounds[2].due, Some(50_000_000));
    let kinds: Vec<_> = r.s.timers.iter().map(|t| (t.kind, t.at)).collect();
    assert_eq!(
        kinds,
        [
            (TimerKind::PreRemind, 40_000_000),
            (TimerKind::Due, 50_000_000)
        ]
    );
    agree(&mut r, 2);
    assert_eq!((r.s.rounds[3].due, r.s.timers.len()), (None, 0));
}

#[test]
fn x11_timeout_decides_once() {
    let flow = abcd().with("a", |s| {
        s.limit_days = Some(1);
        s.overdue.then = OverdueThen::Decide("agree".into());
    });
    let mut r = started(flow.clone());
    let (timer, seat) = (r.s.timers[0].id, r.seat_id(1));
    system(&mut r, Act::TimerFired { timer });
    assert_eq!(r.at(), "b:2");
    no(&mut r, 1, complete(seat, "agree"), "already_handled");
    let mut r = started(flow);
    let timer = r.s.timers[0].id;
    agree(&mut r, 1);
    assert_eq!(
        give(&mut r, Actor::system(), Act::TimerFired { timer })
            .unwrap_err()
            .code,
        "timer_gone"
    );
}

#[test]
fn x13_reminders_then_escalation_both_ways() {
    let flow = abcd().with("b", |s| {
        s.limit_days = Some(2);
        s.remind_also = vec![Who::HandlerOf("a".into())];
        s.overdue = Overdue {
            every_days: Some(1),
            times: 3,
            then: OverdueThen::Escalate(Who::Named("leader".into())),
        };
    });
    let mut r = started(flow);
    agree(&mut r, 1);
    let seat = r.seat_id(2);
    let mut seen = Vec::new();
    for n in 0..5 {
        if n == 2 {
            ok(
                &mut r,
                2,
                Act::Transfer {
                    seat,
                    to: 20,
                    opinion: None,
                },
            );
        }
        let t = r.s.timers[0].clone();
        r.now = t.at;
        for e in system(&mut r, Act::TimerFired { timer: t.id }) {
            match e.kind {
                EventKind::Reminded { handlers, also, .. } => {
                    assert_eq!(also, [1], "the proposer is told too");
                    seen.push(handlers[0]);
                }
                EventKind::Escalated { persons, .. } => {
                    assert!(persons.is_empty(), "no leader: administrator")
                }
                _ => {}
            }
        }
    }
    assert_eq!(seen, [2, 2, 20, 20]);
    assert!(r.s.timers.is_empty());
    assert_eq!(r.at(), "b:20");
}

#[test]
fn x14_timers_go_with_the_task_and_x16_with_the_round() {
    let mut r = started(abcd().with("b", |s| s.limit_days = Some(1)));
    agree(&mut r, 1);
    let timer = r.s.timers[0].id;
    back(&mut r, 2, "a", Then::Rerun);
    assert!(r.s.timers.is_empty());
    assert_eq!(
        give(&mut r, Actor::system(), Act::TimerFired { timer })
            .unwrap_err()
            .code,
        "timer_gone"
    );
    agree(&mut r, 1);
    assert_eq!(r.s.timers.len(), 1);
    let round = r.s.open_rounds().next().unwrap().id;
    let due = r.now + 9 * DAY;
    no(
        &mut r,
        2,
        Act::ChangeDue {
            round,
            due: Some(due),
            reason: None,
        },
        "admin_only",
    );
    ok(
        &mut r,
        9,
        Act::ChangeDue {
            round,
            due: Some(due),
            reason: Some("延期".into()),
        },
    );
    assert_eq!((r.s.timers.len(), r.s.timers[0].at), (1, due));
    agree(&mut r, 2);
    assert!(r.s.timers.is_empty());
}
