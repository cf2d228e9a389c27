//! P: finding people, duplicates, empty steps; visibility.

use super::kit::*;
use crate::sample::Flow;
use crate::*;
use serde_json::json;

#[test]
fn p05_empty_role_filled_later() {
    let flow = abcd().with("a", |s| {
        s.who = Who::Role {
            role: "r".into(),
            unit: UnitRef::OfSubject,
        }
    });
    let mut r = started(flow);
    assert_eq!(r.at(), "a!");
    assert!(
        r.log.iter().any(
            |e| matches!(&e.kind, EventKind::Stuck { reason, .. } if reason.contains("管理员"))
        )
    );
    no(
        &mut r,
        1,
        Act::Assign {
            round: 2,
            people: vec![1],
            reason: None,
        },
        "admin_only",
    );
    admin(
        &mut r,
        Act::Assign {
            round: 2,
            people: vec![1, 2],
            reason: None,
        },
    );
    assert_eq!(r.at(), "a:1|2");
}

#[test]
fn p07_form_field_of_any_shape() {
    let flow = || {
        abcd().with("a", |s| {
            s.who = Who::FormField("who".into());
            s.how_many = HowMany::AllSign;
        })
    };
    for (value, want) in [
        (json!(12), "a:12"),
        (json!("12,15"), "a:12 a:15"),
        (json!(["12", 15, null, {"x": 1}]), "a:12 a:15"),
        (json!(null), "a!"),
        (json!("张三"), "a!"),
        (json!(-5), "a!"),
        (json!({"id": 3}), "a!"),
    ] {
        assert_eq!(started_with(flow(), json!({ "who": value })).at(), want);
    }
    let mut r = run(flow());
    r.world.disabled.insert(12);
    start(&mut r, json!({"who": [12]}));
    assert_eq!(r.at(), "a!", "deleted or disabled");
}

#[test]
fn p10_two_branches_choose_first_wins() {
    let flow = forked().with("d", |s| s.who = Who::ChosenByPrevious { among: None });
    let mut r = started(flow);
    agree(&mut r, 1);
    complete_with(&mut r, 3, json!({}), vec![pick("d", &[41])]);
    agree(&mut r, 2);
    complete_with(&mut r, 22, json!({}), vec![pick("d", &[42])]);
    assert_eq!(r.at(), "d:41");
}

#[test]
fn p11_once_and_asked_after_change() {
    for (policy, change, want) in [
        (DuplicatePolicy::Once, true, Status::Ended),
        (DuplicatePolicy::OnceUnlessChanged, false, Status::Ended),
        (DuplicatePolicy::OnceUnlessChanged, true, Status::Running),
    ] {
        let flow = Flow::new("once")
            .task("b", 1)
            .task("c", 3)
            .task("d", 1)
            .with("d", |s| s.duplicates = policy)
            .way("start b c d end");
        let mut r = started(flow);
        agree(&mut r, 1);
        let data = if change { json!({"x": 1}) } else { json!({}) };
        complete_with(&mut r, 3, data, vec![]);
        assert_eq!(r.s.status, want, "{policy:?}");
    }
}

#[test]
fn p13_chain_of_twenty_passes_in_one_command() {
    let mut flow = Flow::new("chain").task("a", 1);
    let mut way = "start a".to_owned();
    for n in 0..20 {
        let id = format!("p{n}");
        flow = flow
            .task(&id, 1)
            .with(&id, |s| s.duplicates = DuplicatePolicy::Once);
        way += &format!(" {id}");
    }
    let mut r = started(flow.way(&(way + " end")));
    let events = agree(&mut r, 1);
    assert_eq!(r.s.status, Status::Ended);
    let passed = events.iter().filter(|e| {
        matches!(
            e.kind,
            EventKind::SeatClosed {
                outcome: SeatOutcome::AutoPassed,
                ..
            }
        )
    });
    assert_eq!(passed.count(), 20);
    assert_eq!(r.s.rev, 2);
}

#[test]
fn p14_auto_pass_reaches_auto_reject() {
    let flow = abcd()
        .with("b", |s| {
            s.who = Who::Identity(1);
            s.duplicates = DuplicatePolicy::Consecutive;
        })
        .with("c", |s| {
            s.who = Who::FormField("nobody".into());
            s.empty = EmptyPolicy::Reject;
        });
    let mut r = started(flow);
    agree(&mut r, 1);
    assert_eq!(r.s.outcome.as_deref(), Some("rejected"));
}

#[test]
fn p16_separation_of_duties_never_passes_silently() {
    let flow = abcd().with("b", |s| {
        s.who = Who::Identity(1);
        s.not_same_as = vec!["a".into()];
        s.empty = EmptyPolicy::Pass;
    });
    let mut r = started(flow);
    agree(&mut r, 1);
    assert_eq!(r.at(), "b!");
}

#[test]
fn p17_failing_expression_fails_the_command() {
    let mut r = run(abcd().with("b", |s| s.who = Who::Named("bad".into())));
    r.world.broken.insert("bad".into());
    start(&mut r, json!({}));
    let seat = r.seat_id(1);
    let e = give(&mut r, Actor::person(1), complete(seat, "agree")).unwrap_err();
    assert_eq!(e.code, "resolver_failed");
    assert!(e.message.contains('b'));
}

#[test]
fn starter_as_handler() {
    let flow = |policy| {
        abcd().with("a", |s| {
            s.who = Who::Identities(vec![9]);
            s.starter = policy;
        })
    };
    assert_eq!(started(flow(StarterPolicy::SelfApprove)).at(), "a:9");
    assert_eq!(started(flow(StarterPolicy::Skip)).at(), "b:2");
    let mut r = run(flow(StarterPolicy::ToUnitHead));
    r.world
        .people
        .insert(format!("{:?}", Who::UnitHead(UnitRef::OfStarter)), vec![90]);
    start(&mut r, json!({}));
    assert_eq!(r.at(), "a:90");
}

#[test]
fn acts_by_the_wrong_person_or_too_late() {
    let mut r = started(abcd());
    let seat = r.seat_id(1);
    no(&mut r, 2, complete(seat, "agree"), "not_your_task");
    no(&mut r, 1, complete(77, "agree"), "no_such_task");
    no(&mut r, 1, complete(seat, "maybe"), "bad_decision");
    no(
        &mut r,
        9,
        Act::Start {
            data: Default::default(),
            next: vec![],
            draft: false,
        },
        "already_started",
    );
    agree(&mut r, 1);
    no(&mut r, 1, complete(seat, "agree"), "already_handled");
    let mut r = started(abcd().with("a", |s| s.acts.opinion_required = true));
    let act = Act::Complete {
        seat: r.seat_id(1),
        decision: None,
        opinion: Some(" ".into()),
        next: vec![],
        data: Default::default(),
    };
    no(&mut r, 1, act, "opinion_required");
}

#[test]
fn draft_start_stays_with_the_starter() {
    let mut r = run(abcd());
    ok(
        &mut r,
        9,
        Act::Start {
            data: Default::default(),
            next: vec![],
            draft: true,
        },
    );
    assert_eq!(r.at(), "start:9");
    agree(&mut r, 9);
    assert_eq!(r.at(), "a:1");
}

#[test]
fn downstream_only() {
    let mut r = started(forked());
    for p in [1, 2, 22, 3] {
        agree(&mut r, p);
    }
    let steps = |who: i64| -> Vec<String> {
        let v = visible(&r.s, &[who]);
        r.s.rounds
            .iter()
            .filter(|x| v.rounds.contains(&x.id))
            .map(|x| x.step.clone())
            .collect()
    };
    assert_eq!(steps(9), ["start", "a", "b", "c", "b2", "d"]);
    assert_eq!(steps(1), ["a", "b", "c", "b2", "d"]);
    assert_eq!(steps(2), ["b", "b2", "d"]);
    assert_eq!(steps(3), ["c", "d"], "never the sibling branch");
    assert_eq!(steps(4), ["d"]);
    assert!(steps(77).is_empty());
    assert_eq!(visible_open_steps(&r.s, &[3]).len(), 1);
    assert!(visible_open_steps(&r.s, &[77]).is_empty());
    let told: Vec<_> = visible_events(&r.s, &[3], &r.log)
        .into_iter()
        .map(|e| &e.kind)
        .collect();
    assert!(
        told.iter().all(
            |k| !matches!(k, EventKind::SeatClosed { step, .. } if step == "b" || step == "a")
        )
    );
    assert!(visible_events(&r.s, &[77], &r.log).is_empty());
}

#[test]
fn hash_chain_finds_a_changed_opinion() {
    let mut r = started(abcd());
    agree(&mut r, 1);
    let mut hashes = Vec::new();
    for e in &r.log {
        let h = event_hash(hashes.last().map_or("", String::as_str), e);
        assert_eq!(h.len(), 64);
        hashes.push(h);
    }
    let chain = |log: &[Event]| first_break(log.iter().zip(hashes.iter().map(String::as_str)));
    assert_eq!(chain(&r.log), None);
    let mut forged = r.log.clone();
    let at = forged
        .iter()
        .position(
            |e| matches!(&e.kind, EventKind::SeatClosed { opinion: Some(o), .. } if o == "意见"),
        )
        .unwrap();
    if let EventKind::SeatClosed { opinion, .. } = &mut forged[at].kind {
        *opinion = Some("不同意".into());
    }
    assert_eq!(chain(&forged), Some(forged[at].seq));
}

#[test]
fn definition_survives_json() {
    let def = forked().definition();
    let json = serde_json::to_string(&def).unwrap();
    assert_eq!(serde_json::from_str::<Definition>(&json).unwrap(), def);
}
