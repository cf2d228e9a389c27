//! C: countersigning 会签.

use super::kit::*;
use crate::sample::{Flow, Run};
use crate::*;
use serde_json::json;

fn flow(how: HowMany, who: &[i64]) -> Flow {
    Flow::new("votes")
        .multi("v", how, who)
        .task("yes", 101)
        .task("no", 102)
        .way("start v")
        .link("v", "no", Cond::Decision("disagree".into()))
        .way("v yes end")
        .way("no end")
}

fn quorum(n: i64, rule: VoteRule) -> Run {
    let who: Vec<i64> = (1..=n).collect();
    started(flow(HowMany::Quorum, &who).with("v", |s| s.votes = rule))
}

fn vote(r: &mut Run, ballots: &[(i64, &str)]) {
    for (p, d) in ballots {
        done(r, *p, d);
    }
}

#[test]
fn c01_all_leaves_once() {
    let who: Vec<i64> = (1..=10).collect();
    let mut r = started(flow(HowMany::AllSign, &who));
    for p in &who {
        agree(&mut r, *p);
    }
    assert_eq!(r.at(), "yes:101");
    assert_eq!(rounds(&r, "yes"), 1);
    assert_eq!(r.s.rounds[1].seats.len(), 10);
}

#[test]
fn c02_last_votes_one_after_the_other() {
    // Inside one writer the last two votes are two commands; the second sees the first.
    let mut r = started(flow(HowMany::AllSign, &[1, 2, 3]));
    let (b, c) = (r.seat_id(2), r.seat_id(3));
    agree(&mut r, 1);
    ok(&mut r, 2, complete(b, "agree"));
    ok(&mut r, 3, complete(c, "agree"));
    no(&mut r, 3, complete(c, "agree"), "already_handled");
    assert_eq!(rounds(&r, "yes"), 1);
}

#[test]
fn c04_any_sign_reject() {
    let mut r = started(flow(HowMany::AnySign, &[1, 2]));
    vote(&mut r, &[(1, "disagree")]);
    assert_eq!(r.at(), "no:102");
    let rule = VoteRule {
        any_disagree_decides: false,
        ..VoteRule::default()
    };
    let mut r = started(flow(HowMany::AnySign, &[1, 2]).with("v", |s| s.votes = rule));
    vote(&mut r, &[(1, "disagree")]);
    assert_eq!(r.at(), "v:2");
    vote(&mut r, &[(2, "agree")]);
    assert_eq!(r.at(), "yes:101");
}

#[test]
fn c05_ratio_decides_early() {
    let rule = VoteRule {
        num: 3,
        den: 5,
        strict: false,
        ..VoteRule::default()
    };
    let mut r = quorum(5, rule.clone());
    vote(&mut r, &[(1, "agree"), (2, "agree"), (3, "agree")]);
    assert_eq!(r.at(), "yes:101");
    let cancelled = r.s.rounds[1]
        .seats
        .iter()
        .filter(|s| s.outcome == Some(SeatOutcome::Cancelled))
        .count();
    assert_eq!(cancelled, 2);
    let mut r = quorum(5, rule);
    vote(&mut r, &[(1, "disagree"), (2, "disagree"), (3, "disagree")]);
    assert_eq!(r.at(), "no:102");
}

#[test]
fn c07_abstention_by_setting() {
    let rule = VoteRule {
        num: 1,
        den: 1,
        strict: false,
        abstain_counts: true,
        ..VoteRule::default()
    };
    let mut r = quorum(2, rule.clone());
    vote(&mut r, &[(1, "abstain")]);
    assert_eq!(r.at(), "no:102", "cannot be reached any more");
    let mut r = quorum(
        2,
        VoteRule {
            abstain_counts: false,
            ..rule
        },
    );
    vote(&mut r, &[(1, "abstain"), (2, "agree")]);
    assert_eq!(r.at(), "yes:101");
}

#[test]
fn c08_the_last_voter_does_not_decide() {
    let mut r = quorum(3, VoteRule::default());
    vote(&mut r, &[(1, "agree"), (2, "disagree"), (3, "disagree")]);
    assert_eq!(r.at(), "no:102");
    let mut r = quorum(
        4,
        VoteRule {
            early: false,
            ..VoteRule::default()
        },
    );
    vote(
        &mut r,
        &[(1, "agree"), (2, "disagree"), (3, "disagree"), (4, "agree")],
    );
    assert_eq!(r.at(), "no:102", "more than half is needed");
}

#[test]
fn c10_veto() {
    let mut r = quorum(
        5,
        VoteRule {
            veto: true,
            ..VoteRule::default()
        },
    );
    vote(&mut r, &[(1, "agree"), (2, "disagree")]);
    assert_eq!(r.at(), "no:102");
    let kept: Vec<_> = r.s.rounds[1]
        .seats
        .iter()
        .filter_map(|s| s.decision.clone())
        .collect();
    assert_eq!(kept, ["agree", "disagree"]);
}

#[test]
fn c11_sequential() {
    let mut r = started(flow(HowMany::Sequential, &[1, 2, 3]));
    assert_eq!(r.at(), "v:1");
    agree(&mut r, 1);
    assert_eq!(r.at(), "v:2");
    done(&mut r, 2, "disagree");
    assert_eq!(r.at(), "no:102");
    assert!(visible(&r.s, &[3]).is_empty(), "the third never sees it");
}

#[test]
fn c13_empty_list_follows_the_policy() {
    let by_form = |policy| {
        flow(HowMany::AllSign, &[]).with("v", |s| {
            s.who = Who::FormField("people".into());
            s.empty = policy;
        })
    };
    assert_eq!(started(by_form(EmptyPolicy::Block)).at(), "v!");
    assert_eq!(started(by_form(EmptyPolicy::Pass)).at(), "yes:101");
    assert_eq!(started(by_form(EmptyPolicy::Named(77))).at(), "v:77");
    let r = started(by_form(EmptyPolicy::Reject));
    assert_eq!(r.s.outcome.as_deref(), Some("rejected"));
    // Unblocked by an administrator.
    let mut r = started(by_form(EmptyPolicy::Block));
    admin(
        &mut r,
        Act::Assign {
            round: 2,
            people: vec![1, 2],
            reason: None,
        },
    );
    assert_eq!(r.at(), "v:1 v:2");
}

#[test]
fn c14_duplicates_once() {
    assert_eq!(started(flow(HowMany::AllSign, &[1, 1, 2])).at(), "v:1 v:2");
}

#[test]
fn c16_members_are_frozen_at_activation() {
    let f = flow(HowMany::AllSign, &[]).with("v", |s| s.who = Who::FormField("people".into()));
    let mut r = started_with(f, json!({"people": [1, 2]}));
    complete_with(&mut r, 1, json!({"people": [5]}), vec![]);
    assert_eq!(r.at(), "v:2");
    agree(&mut r, 2);
    assert_eq!(r.at(), "yes:101");
}

#[test]
fn c19_departments_by_members() {
    let f = Flow::new("departments")
        .each("each", "departments", "inner", "inner")
        .task_of(
            "inner",
            Who::FormField("item.members".into()),
            HowMany::AllSign,
        )
        .task("after", 3)
        .way("start each after end");
    let mut r = started_with(
        f,
        json!({"departments": [{"members": [1, 2]}, {"members": ["3", "4"]}]}),
    );
    assert_eq!(r.at(), "inner:1 inner:2 inner:3 inner:4");
    agree(&mut r, 1);
    agree(&mut r, 2);
    back(&mut r, 3, "@", Then::Rerun);
    assert_eq!(r.at(), "start:9", "only the second department is back");
    agree(&mut r, 9);
    assert_eq!(r.at(), "inner:3 inner:4");
    agree(&mut r, 3);
    agree(&mut r, 4);
    assert_eq!(r.at(), "after:3");
}

#[test]
fn c20_timeout_and_owner() {
    let f = flow(HowMany::AllSign, &[1, 2]).with("v", |s| {
        s.limit_days = Some(1);
        s.overdue.then = OverdueThen::Decide("agree".into());
    });
    let mut r = started(f);
    agree(&mut r, 1);
    let (seat, timer) = (r.seat_id(2), r.s.timers[0].id);
    system(&mut r, Act::TimerFired { timer });
    assert_eq!(r.at(), "yes:101");
    no(&mut r, 2, complete(seat, "agree"), "already_handled");
    assert_eq!(
        r.s.rounds[1].seats[1].outcome,
        Some(SeatOutcome::AutoPassed)
    );
}
