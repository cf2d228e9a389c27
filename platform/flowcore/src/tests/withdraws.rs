//! W: take back 取回, 撤回.

use super::kit::*;
use crate::sample::Flow;
use crate::*;

#[test]
fn w01_take_back_untouched() {
    let mut r = started(abcd());
    agree(&mut r, 1);
    let b = r.seat_id(2);
    let events = take_back(&mut r, 1);
    assert_eq!(r.at(), "a:1");
    assert_eq!(r.seat_of(1).unwrap().draft.as_deref(), Some("意见"));
    assert!(events.iter().any(|e| matches!(&e.kind,
        EventKind::SeatClosed { seat, outcome: SeatOutcome::Cancelled, reason: Some(why), .. } if *seat == b && why.contains("前一环节"))));
    assert_eq!(
        opinions(&r).len(),
        1,
        "the given opinion stays in the record"
    );
    agree(&mut r, 1);
    assert_eq!(r.at(), "b:2");
    take_back(&mut r, 1);
    assert_eq!(r.at(), "a:1");
}

#[test]
fn w02_reading_blocks_by_setting() {
    for (blocks, code) in [(true, Some("successor_acted")), (false, None)] {
        let mut r = started(abcd().with("a", |s| s.acts.read_blocks_withdraw = blocks));
        agree(&mut r, 1);
        let seat = r.seat_id(2);
        ok(&mut r, 2, Act::Seen { seat });
        let act = withdraw(&r, 1);
        match code {
            Some(code) => no(&mut r, 1, act, code),
            None => {
                ok(&mut r, 1, act);
            }
        }
    }
    let mut r = started(abcd());
    agree(&mut r, 1);
    let seat = r.seat_id(2);
    ok(
        &mut r,
        2,
        Act::SaveDraft {
            seat,
            draft: "拟同意".into(),
        },
    );
    let act = withdraw(&r, 1);
    no(&mut r, 1, act, "successor_acted");
}

fn all() -> Flow {
    Flow::new("all")
        .task("a", 1)
        .multi("b", HowMany::AllSign, &[11, 12, 13])
        .task("c", 3)
        .way("start a b c end")
}

#[test]
fn w04_refused_when_one_of_many_has_voted() {
    let mut r = started(all());
    agree(&mut r, 1);
    agree(&mut r, 11);
    let act = withdraw(&r, 1);
    no(&mut r, 1, act, "successor_acted");
}

#[test]
fn w05_own_vote_only() {
    let mut r = started(all());
    agree(&mut r, 1);
    for _ in 0..3 {
        agree(&mut r, 11);
        assert_eq!(r.at(), "b:12 b:13");
        take_back(&mut r, 11);
        assert_eq!(r.at(), "b:11 b:12 b:13");
    }
    for p in [12, 13, 11] {
        agree(&mut r, p);
    }
    assert_eq!(r.at(), "c:3");
    // The last voter takes back the finished round; the others' votes still count.
    take_back(&mut r, 11);
    assert_eq!(r.at(), "b:11");
    agree(&mut r, 11);
    assert_eq!(r.at(), "c:3");
    // Any voter may while nobody acted after.
    take_back(&mut r, 12);
    assert_eq!(r.at(), "b:12");
}

#[test]
fn w05b_sequential() {
    let mut r = started(all().with("b", |s| s.how_many = HowMany::Sequential));
    agree(&mut r, 1);
    agree(&mut r, 11);
    assert_eq!(r.at(), "b:12");
    take_back(&mut r, 11);
    assert_eq!(r.at(), "b:11");
    for p in [11, 12] {
        agree(&mut r, p);
    }
    assert_eq!(r.at(), "b:13");
    let act = withdraw(&r, 11);
    no(&mut r, 11, act, "successor_acted");
    take_back(&mut r, 12);
    for p in [12, 13] {
        agree(&mut r, p);
    }
    assert_eq!(r.at(), "c:3");
}

#[test]
fn w07_fork_with_one_branch_done() {
    let mut r = started(forked());
    agree(&mut r, 1);
    agree(&mut r, 2);
    let c = r.seat_id(3);
    let act = withdraw(&r, 1);
    no(&mut r, 1, act, "successor_acted");
    assert_eq!(r.seat_id(3), c);
}

#[test]
fn w07b_fork_untouched_is_taken_back_whole() {
    let mut r = started(forked());
    agree(&mut r, 1);
    take_back(&mut r, 1);
    assert_eq!(r.at(), "a:1");
    agree(&mut r, 1);
    assert_eq!(r.at(), "b:2 c:3");
}

#[test]
fn w08_inside_a_branch() {
    let mut r = started(forked());
    agree(&mut r, 1);
    let c = r.seat_id(3);
    agree(&mut r, 2);
    take_back(&mut r, 2);
    assert_eq!(r.at(), "b:2 c:3");
    assert_eq!(r.seat_id(3), c);
    // Waiting at the join.
    agree(&mut r, 2);
    agree(&mut r, 22);
    assert_eq!(r.at(), "c:3");
    take_back(&mut r, 22);
    assert_eq!(r.at(), "b2:22 c:3");
    agree(&mut r, 22);
    agree(&mut r, 3);
    assert_eq!(r.at(), "d:4");
    // Behind the join: the branch opens again, the other arrival counts.
    take_back(&mut r, 3);
    assert_eq!(r.at(), "c:3");
    agree(&mut r, 3);
    assert_eq!(r.at(), "d:4");
    take_back(&mut r, 22);
    assert_eq!(r.at(), "b2:22");
    agree(&mut r, 22);
    agree(&mut r, 4);
    assert_eq!(r.s.status, Status::Ended);
}

#[test]
fn w11_ended() {
    let mut r = started(abcd());
    for p in [1, 2, 3, 4] {
        agree(&mut r, p);
    }
    let act = withdraw(&r, 4);
    no(&mut r, 4, act, "ended");
}

#[test]
fn w13_transfer_taken_back() {
    let mut r = started(abcd());
    let seat = r.seat_id(1);
    ok(
        &mut r,
        1,
        Act::Transfer {
            seat,
            to: 50,
            opinion: None,
        },
    );
    assert_eq!(r.at(), "a:50");
    ok(&mut r, 1, Act::Withdraw { seat, reason: None });
    assert_eq!(r.at(), "a:1");
    let seat = r.seat_id(1);
    ok(
        &mut r,
        1,
        Act::Transfer {
            seat,
            to: 50,
            opinion: None,
        },
    );
    agree(&mut r, 50);
    no(
        &mut r,
        1,
        Act::Withdraw { seat, reason: None },
        "successor_acted",
    );
}

#[test]
fn w14_withdraw_races_with_completion() {
    let mut r = started(abcd());
    agree(&mut r, 1);
    let (b, mine) = (r.seat_id(2), r.done_id(1));
    let mut other = started(abcd());
    agree(&mut other, 1);
    // First one wins, in either order; the loser is told.
    ok(
        &mut r,
        1,
        Act::Withdraw {
            seat: mine,
            reason: None,
        },
    );
    no(&mut r, 2, complete(b, "agree"), "already_handled");
    ok(&mut other, 2, complete(b, "agree"));
    no(
        &mut other,
        1,
        Act::Withdraw {
            seat: mine,
            reason: None,
        },
        "successor_acted",
    );
}

#[test]
fn recall_by_the_starter() {
    let mut r = started(forked());
    no(&mut r, 1, Act::Recall { reason: None }, "starter_only");
    ok(&mut r, 9, Act::Recall { reason: None });
    assert_eq!(r.at(), "start:9");
    no(&mut r, 9, Act::Recall { reason: None }, "still_open");
    agree(&mut r, 9);
    agree(&mut r, 1);
    no(&mut r, 9, Act::Recall { reason: None }, "successor_acted");

    let mut r = started(forked().settings(|s| s.recall = RecallPolicy::AnyTime));
    for p in [1, 2, 3] {
        agree(&mut r, p);
    }
    ok(
        &mut r,
        9,
        Act::Recall {
            reason: Some("写错了".into()),
        },
    );
    assert_eq!(r.at(), "start:9");
    agree(&mut r, 9);
    assert_eq!(r.at(), "a:1");
    assert_eq!(opinions(&r).len(), 4, "history stays");

    let mut r = started(abcd().settings(|s| s.recall = RecallPolicy::Never));
    no(&mut r, 9, Act::Recall { reason: None }, "recall_off");
}

#[test]
fn starter_takes_back_his_start() {
    let mut r = started(abcd());
    take_back(&mut r, 9);
    assert_eq!(r.at(), "start:9");
}
