//! T: hand over, ask, agents, leavers.

use super::kit::*;
use crate::sample::{Flow, Run};
use crate::*;
use serde_json::json;

fn hand(r: &mut Run, from: i64, to: i64) {
    let seat = r.seat_id(from);
    ok(
        r,
        from,
        Act::Transfer {
            seat,
            to,
            opinion: Some("请办".into()),
        },
    );
}

fn ask(r: &mut Run, from: i64, to: i64) {
    let seat = r.seat_id(from);
    ok(
        r,
        from,
        Act::AssignHelp {
            seat,
            to,
            note: Some("请提意见".into()),
        },
    );
}

#[test]
fn t01_cycle_shows_all_hops_and_one_item() {
    let mut r = started(abcd());
    hand(&mut r, 1, 50);
    hand(&mut r, 50, 51);
    hand(&mut r, 51, 1);
    assert_eq!(r.at(), "a:1");
    let hops = r
        .log
        .iter()
        .filter(|e| matches!(e.kind, EventKind::Transferred { .. }))
        .count();
    assert_eq!(hops, 3);
    let mut r = started(abcd().settings(|s| s.transfer_back = false));
    hand(&mut r, 1, 50);
    let seat = r.seat_id(50);
    no(
        &mut r,
        50,
        Act::Transfer {
            seat,
            to: 1,
            opinion: None,
        },
        "transfer_cycle",
    );
}

#[test]
fn t02_to_himself() {
    let mut r = started(abcd());
    let seat = r.seat_id(1);
    no(
        &mut r,
        1,
        Act::Transfer {
            seat,
            to: 1,
            opinion: None,
        },
        "to_self",
    );
    r.world.disabled.insert(50);
    no(
        &mut r,
        1,
        Act::Transfer {
            seat,
            to: 50,
            opinion: None,
        },
        "person_unavailable",
    );
}

#[test]
fn t04_transferred_out_has_no_vote() {
    let mut r = started(trio(HowMany::AllSign));
    hand(&mut r, 11, 50);
    let old = r.s.rounds[1]
        .seats
        .iter()
        .find(|s| s.outcome == Some(SeatOutcome::Transferred))
        .unwrap();
    assert_eq!((old.by, old.decision.as_deref()), (Some(11), None));
    let seat = r.seat_id(12);
    no(
        &mut r,
        12,
        Act::Transfer {
            seat,
            to: 13,
            opinion: None,
        },
        "already_member",
    );
    for p in [12, 13, 50] {
        agree(&mut r, p);
    }
    assert_eq!(r.at(), "c:3");
}

#[test]
fn t05_help_returns_to_the_owner() {
    let mut r = started(abcd());
    ask(&mut r, 1, 50);
    assert_eq!(r.at(), "(a:1) a:50");
    let seat = r.seat_id(1);
    no(&mut r, 1, complete(seat, "agree"), "waiting_for_others");
    let helper = r.seat_id(50);
    no(
        &mut r,
        50,
        Act::Transfer {
            seat: helper,
            to: 51,
            opinion: None,
        },
        "helper_cannot",
    );
    // Nested, returned level by level.
    ask(&mut r, 50, 51);
    assert_eq!(r.at(), "(a:1) (a:50) a:51");
    agree(&mut r, 51);
    assert_eq!(r.at(), "(a:1) a:50");
    agree(&mut r, 50);
    assert_eq!(r.at(), "a:1", "the step is not finished");
    agree(&mut r, 1);
    assert_eq!(r.at(), "b:2");
}

#[test]
fn t07_recalled_help() {
    let mut r = started(abcd());
    ask(&mut r, 1, 50);
    ask(&mut r, 50, 51);
    let (seat, helper) = (r.seat_id(1), r.seat_id(50));
    ok(&mut r, 1, Act::RecallHelp { seat });
    assert_eq!(r.at(), "a:1");
    no(&mut r, 50, complete(helper, "agree"), "already_handled");
    no(&mut r, 1, Act::RecallHelp { seat }, "nothing_to_recall");
    agree(&mut r, 1);
}

#[test]
fn t08_helper_left() {
    let mut r = started(abcd());
    ask(&mut r, 1, 50);
    let events = system(
        &mut r,
        Act::PersonLeft {
            person: 50,
            heir: None,
        },
    );
    assert_eq!(r.at(), "a:1");
    assert!(
        events
            .iter()
            .any(|e| matches!(&e.kind, EventKind::Notice { persons, .. } if persons == &[1]))
    );
}

#[test]
fn t11_delegation_does_not_chain() {
    let mut r = run(abcd());
    r.world.agents.insert(1, (2, false));
    r.world.agents.insert(2, (3, false));
    start(&mut r, json!({}));
    assert_eq!(r.at(), "a:2代1");
}

#[test]
fn t13_agent_is_named_and_the_principal_counts() {
    let flow = Flow::new("agent")
        .task("a", 1)
        .task("b", 1)
        .task("c", 3)
        .with("b", |s| s.duplicates = DuplicatePolicy::Consecutive)
        .with("c", |s| {
            s.who = Who::Identities(vec![1, 7, 3]);
            s.not_same_as = vec!["a".into()];
        })
        .way("start a b c end");
    let mut r = run(flow);
    r.world.agents.insert(1, (7, false));
    start(&mut r, json!({}));
    assert_eq!(r.at(), "a:7代1");
    let act = complete(r.seat_id(7), "agree");
    no(&mut r, 1, act.clone(), "not_your_task");
    let events = ok(&mut r, 7, act);
    assert!(events.iter().any(|e| matches!(
        &e.kind,
        EventKind::SeatClosed {
            by: Some(7),
            on_behalf_of: Some(1),
            outcome: SeatOutcome::Completed,
            ..
        }
    )));
    assert!(
        events.iter().any(|e| matches!(
            &e.kind,
            EventKind::SeatClosed {
                by: None,
                on_behalf_of: Some(1),
                outcome: SeatOutcome::AutoPassed,
                ..
            }
        )),
        "the principal counts as duplicate"
    );
    assert_eq!(
        r.at(),
        "c:3",
        "separation of duties bars agent and principal"
    );
}

#[test]
fn t13b_shared_delegation_first_act_wins() {
    let mut r = run(abcd());
    r.world.agents.insert(1, (7, true));
    start(&mut r, json!({}));
    let seat = r.seat_id(7);
    ok(&mut r, 1, complete(seat, "agree"));
    no(&mut r, 7, complete(seat, "agree"), "already_handled");
}

#[test]
fn t14_agent_and_member_hold_two_seats() {
    let mut r = run(trio(HowMany::AllSign));
    r.world.agents.insert(11, (12, false));
    start(&mut r, json!({}));
    assert_eq!(r.at(), "b:12 b:12代11 b:13");
    for p in [12, 12, 13] {
        assert_eq!(
            r.at().split(' ').next().unwrap().split(':').next(),
            Some("b")
        );
        agree(&mut r, p);
    }
    assert_eq!(r.at(), "c:3");
}

#[test]
fn t15_delegation_covers_open_items_and_ends() {
    let mut r = started(abcd());
    system(
        &mut r,
        Act::DelegateStarted {
            principal: 1,
            agent: 7,
            shared: false,
        },
    );
    assert_eq!(r.at(), "a:7代1");
    system(
        &mut r,
        Act::DelegateEnded {
            principal: 1,
            agent: 7,
        },
    );
    assert_eq!(r.at(), "a:1");
    assert!(
        visible(&r.s, &[7]).is_empty(),
        "a delegation leaves nothing behind"
    );
}

#[test]
fn t16_heir_is_a_member_already() {
    let mut r = started(trio(HowMany::AllSign));
    system(
        &mut r,
        Act::PersonLeft {
            person: 11,
            heir: Some(12),
        },
    );
    assert_eq!(r.at(), "b:12 b:13");
    agree(&mut r, 12);
    agree(&mut r, 13);
    assert_eq!(r.at(), "c:3");
    // Not yet created work goes to the heir too.
    system(
        &mut r,
        Act::PersonLeft {
            person: 3,
            heir: Some(33),
        },
    );
    assert_eq!(r.at(), "c:33");
    let mut r = started(abcd());
    system(
        &mut r,
        Act::PersonLeft {
            person: 2,
            heir: Some(20),
        },
    );
    agree(&mut r, 1);
    assert_eq!(r.at(), "b:20");
}

#[test]
fn t16b_leaver_without_heir() {
    let mut r = started(abcd());
    r.world.disabled.insert(1);
    system(
        &mut r,
        Act::PersonLeft {
            person: 1,
            heir: None,
        },
    );
    assert_eq!(r.at(), "a!");
    admin(
        &mut r,
        Act::Assign {
            round: 2,
            people: vec![60],
            reason: None,
        },
    );
    assert_eq!(r.at(), "a:60");
    agree(&mut r, 60);
    assert_eq!(r.at(), "b:2");
    let mut r = started(trio(HowMany::Sequential));
    system(
        &mut r,
        Act::PersonLeft {
            person: 12,
            heir: None,
        },
    );
    agree(&mut r, 11);
    assert_eq!(r.at(), "b:13");
}

#[test]
fn t17_group_item() {
    let flow = abcd().with("a", |s| {
        s.who = Who::Role {
            role: "registry".into(),
            unit: UnitRef::OfSubject,
        }
    });
    let mut r = run(flow);
    r.world.people.insert("registry".into(), vec![61, 62]);
    start(&mut r, json!({}));
    assert_eq!(r.at(), "a:61|62");
    let seat = r.seat_id(61);
    ok(&mut r, 61, Act::Claim { seat });
    no(&mut r, 61, Act::Claim { seat }, "already_claimed");
    no(&mut r, 62, Act::Claim { seat }, "claimed_by_other");
    no(&mut r, 70, Act::Claim { seat }, "not_your_task");
    assert_eq!(r.at(), "a:61");
    r.world.people.insert("registry".into(), vec![61, 63]);
    ok(&mut r, 61, Act::Unclaim { seat });
    assert_eq!(
        r.at(),
        "a:61|63",
        "one who joined sees it, one who left does not"
    );
    no(&mut r, 61, Act::Unclaim { seat }, "not_claimed");
    // Handling it claims it.
    agree(&mut r, 63);
    assert_eq!(r.at(), "b:2");
}
