//! A: add and remove signers 加签, 减签.

use super::kit::*;
use crate::sample::Run;
use crate::*;

fn sign(r: &mut Run, who: i64, mode: SignMode, people: &[i64]) {
    let seat = r.seat_id(who);
    ok(
        r,
        who,
        Act::AddSigner {
            seat,
            mode,
            people: people.to_vec(),
        },
    );
}

#[test]
fn a01_before() {
    let mut r = started(abcd());
    sign(&mut r, 1, SignMode::Before, &[50, 51]);
    let seat = r.seat_id(1);
    no(&mut r, 1, complete(seat, "agree"), "waiting_for_others");
    agree(&mut r, 50);
    assert_eq!(r.at(), "(a:1) a:51");
    agree(&mut r, 51);
    assert_eq!(r.at(), "a:1");
}

#[test]
fn a02_after_and_a04_removed() {
    let mut r = started(abcd());
    sign(&mut r, 1, SignMode::After, &[50]);
    let seat = r.seat_id(1);
    agree(&mut r, 1);
    assert_eq!(r.at(), "a:50");
    ok(&mut r, 1, Act::RemoveSigner { seat, person: 50 });
    assert_eq!(r.at(), "b:2", "completes at that moment");
    let mut r = started(abcd());
    sign(&mut r, 1, SignMode::After, &[50]);
    agree(&mut r, 1);
    take_back(&mut r, 1);
    assert_eq!(r.at(), "a:1");
    agree(&mut r, 1);
    agree(&mut r, 50);
    assert_eq!(r.at(), "b:2");
}

#[test]
fn a05_nested_before() {
    let mut r = started(abcd());
    sign(&mut r, 1, SignMode::Before, &[50]);
    sign(&mut r, 50, SignMode::Before, &[51]);
    for (p, then) in [(51, "(a:1) a:50"), (50, "a:1"), (1, "b:2")] {
        agree(&mut r, p);
        assert_eq!(r.at(), then);
    }
}

#[test]
fn a07_member_already() {
    let mut r = started(trio(HowMany::AllSign));
    let seat = r.seat_id(11);
    let act = Act::AddSigner {
        seat,
        mode: SignMode::Parallel,
        people: vec![12],
    };
    let e = give(&mut r, Actor::person(11), act).unwrap_err();
    assert_eq!(e.code, "already_member");
    assert!(e.message.contains("12"), "names him");
}

#[test]
fn a08_parallel_joins_the_voters() {
    let mut r = started(trio(HowMany::AllSign));
    agree(&mut r, 11);
    agree(&mut r, 12);
    sign(&mut r, 13, SignMode::Parallel, &[50]);
    agree(&mut r, 13);
    assert_eq!(r.at(), "b:50");
    agree(&mut r, 50);
    assert_eq!(r.at(), "c:3");
}

#[test]
fn a10_removal_completes_and_a11_voted_stays() {
    let mut r = started(trio(HowMany::AllSign));
    sign(&mut r, 11, SignMode::Parallel, &[50]);
    let seat = r.seat_id(11);
    for p in [11, 12, 13] {
        agree(&mut r, p);
    }
    assert_eq!(r.at(), "b:50");
    ok(&mut r, 11, Act::RemoveSigner { seat, person: 50 });
    assert_eq!(r.at(), "c:3");
    let mut r = started(trio(HowMany::AllSign));
    sign(&mut r, 11, SignMode::Parallel, &[50, 51]);
    agree(&mut r, 50);
    let seat = r.seat_id(11);
    no(
        &mut r,
        11,
        Act::RemoveSigner { seat, person: 50 },
        "not_removable",
    );
}

#[test]
fn a13_signing_inside_a_branch() {
    let mut r = started(forked());
    agree(&mut r, 1);
    sign(&mut r, 3, SignMode::Parallel, &[50]);
    sign(&mut r, 2, SignMode::Before, &[51]);
    for p in [3, 50, 51, 2, 22] {
        agree(&mut r, p);
    }
    assert_eq!(r.at(), "d:4");
    assert_eq!(rounds(&r, "d"), 1);
}

#[test]
fn a14_ad_hoc_signers_are_not_added_again() {
    let mut r = started(trio(HowMany::AllSign));
    sign(&mut r, 11, SignMode::Parallel, &[50]);
    for p in [11, 12, 13, 50] {
        agree(&mut r, p);
    }
    back(&mut r, 3, "b", Then::Rerun);
    assert_eq!(r.at(), "b:11 b:12 b:13");
}
