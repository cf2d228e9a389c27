//! Random walks through the store: whatever people press, the rows say what the state says, nothing is stranded, and the
//! record folds to the state. The pure core has its own property tests; these hold the store to it.
use std::collections::BTreeMap;

use zs_base::{Id, Kind};
use zs_flowcore::sample::Flow;
use zs_flowcore::{
    Act, ActKind, Actor, CirculateFrom, Command, Definition, HowMany, NextPick, ReturnTo, SignMode,
    StepKind, Target, Then, UnitRef, Who,
};

use super::kit::{NAMES, OP, Office, offices};

/// Numbers that depend on the seed only.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(n.max(1)).unwrap()).unwrap()
    }
    fn key(&mut self) -> &'static str {
        NAMES[self.roll(NAMES.len())].0
    }
}

fn definition(o: &Office) -> Definition {
    let group = Who::Role {
        role: "registry".into(),
        unit: UnitRef::OfSubject,
    };
    Flow::new("walk")
        .task_of("register", group, HowMany::Single)
        .multi("all", HowMany::AllSign, &o.ids(&["b", "c", "d"]))
        .step("fork", StepKind::Fork)
        .task("left", o.id("e").0)
        .task("right", o.id("f").0)
        .multi("turn", HowMany::Sequential, &o.ids(&["g", "h"]))
        .step("join", StepKind::Join)
        .multi("quorum", HowMany::Quorum, &o.ids(&["a", "b", "c"]))
        .with("quorum", |s| {
            s.limit_days = Some(2);
            s.overdue.every_days = Some(1);
            s.overdue.times = 3;
        })
        .task_of(
            "pick",
            Who::ChosenByPrevious {
                among: Some(Box::new(Who::Starter)),
            },
            HowMany::AnySign,
        )
        .way("start register all fork left join quorum pick end")
        .way("fork right turn join")
        .definition()
}

/// An act of this kind on this target, its parameters thrown.
fn throw(o: &Office, d: &mut Dice, kind: ActKind, target: Target) -> Option<Act> {
    let seat = match target {
        Target::Seat(s) => s,
        _ => 0,
    };
    let person = |d: &mut Dice| o.id(d.key()).0;
    Some(match (kind, target) {
        (ActKind::Claim, _) => Act::Claim { seat },
        (ActKind::Unclaim, _) => Act::Unclaim { seat },
        (ActKind::Complete, _) => Act::Complete {
            seat,
            decision: [
                None,
                Some("agree"),
                Some("agree"),
                Some("disagree"),
                Some("abstain"),
            ][d.roll(5)]
            .map(str::to_owned),
            opinion: Some("意见".into()),
            next: if d.roll(3) == 0 {
                vec![NextPick {
                    step: "pick".into(),
                    people: vec![person(d), person(d)],
                }]
            } else {
                Vec::new()
            },
            data: BTreeMap::new(),
        },
        (ActKind::Return, _) => Act::Return {
            seat,
            to: [
                ReturnTo::Previous,
                ReturnTo::Initiator,
                ReturnTo::Step("all".into()),
            ][d.roll(3)]
            .clone(),
            then: [Then::Rerun, Then::StraightBack][d.roll(2)],
            opinion: Some("退回".into()),
        },
        (ActKind::Withdraw, _) => Act::Withdraw { seat, reason: None },
        (ActKind::Transfer, _) => Act::Transfer {
            seat,
            to: person(d),
            opinion: None,
        },
        (ActKind::AssignHelp, _) => Act::AssignHelp {
            seat,
            to: person(d),
            note: None,
        },
        (ActKind::RecallHelp, _) => Act::RecallHelp { seat },
        (ActKind::AddSigner, _) => Act::AddSigner {
            seat,
            mode: [SignMode::Before, SignMode::After, SignMode::Parallel][d.roll(3)],
            people: vec![person(d)],
        },
        (ActKind::RemoveSigner, _) => Act::RemoveSigner {
            seat,
            person: person(d),
        },
        (ActKind::Circulate, Target::Item(i)) => Act::Circulate {
            from: CirculateFrom::Item(i),
            to: vec![person(d)],
            note: None,
            again: d.roll(2) == 0,
        },
        (ActKind::Circulate, _) => Act::Circulate {
            from: CirculateFrom::Seat(seat),
            to: vec![person(d), person(d)],
            note: None,
            again: false,
        },
        (ActKind::Read, Target::Item(item)) => Act::Read {
            item,
            opinion: None,
        },
        (ActKind::Seen, _) => Act::Seen { seat },
        (ActKind::SaveDraft, _) => Act::SaveDraft {
            seat,
            draft: "草稿".into(),
        },
        (ActKind::Urge, _) => Act::Urge { note: None },
        (ActKind::Recall, _) => Act::Recall { reason: None },
        _ => return None,
    })
}

fn by_the_system(o: &Office, d: &mut Dice) -> Act {
    let (x, y) = (o.id(d.key()).0, o.id(d.key()).0);
    match d.roll(5) {
        0 => Act::PersonLeft {
            person: x,
            heir: Some(y),
        },
        1 => Act::DelegateStarted {
            principal: x,
            agent: y,
            shared: d.roll(2) == 0,
        },
        2 => Act::DelegateEnded {
            principal: x,
            agent: y,
        },
        3 => Act::Jump {
            round: None,
            to: "quorum".into(),
            people: Vec::new(),
            reason: "调度".into(),
        },
        _ => Act::Suspend { reason: None },
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_pressed_rows_record_and_state_agree() {
    for o in offices().await {
        o.grant("a", "registry").await;
        o.grant("b", "registry").await;
        o.publish(definition(&o)).await;
        let mut seen = BTreeMap::<String, u32>::new();
        for seed in 1..=8_u64 {
            let mut d = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            let i = o
                .start("walk", "a", i64::try_from(seed).unwrap())
                .await
                .instance;
            for _ in 0..50 {
                o.app.clock().advance(i64::try_from(d.roll(3)).unwrap());
                let l = o.load(i).await;
                if !l.row.is_live() {
                    break;
                }
                if d.roll(12) == 0 {
                    let act = if l.row.status == "suspended" {
                        Act::Resume { reason: None }
                    } else {
                        by_the_system(&o, &mut d)
                    };
                    let done = o
                        .app
                        .system()
                        .write(OP, move |tx| {
                            crate::act(
                                tx,
                                i,
                                None,
                                Command {
                                    actor: Actor::system(),
                                    act: act.clone(),
                                },
                            )
                            .map(|a| a.rev)
                        })
                        .await;
                    assert!(done.is_ok() || done.is_err_and(|e| e.kind == Kind::Rule));
                    o.check(i).await;
                    continue;
                }
                // Somebody who has something to do presses something that he may.
                let people: Vec<(&str, Id)> = NAMES.iter().map(|(k, _)| (*k, o.id(k))).collect();
                let mut choices = Vec::new();
                for (key, id) in people {
                    for (_, a) in crate::allowed(&l, &[id], false) {
                        if a.verdict.is_ok()
                            && let Some(act) = throw(&o, &mut d, a.act, a.target)
                        {
                            // Finishing work is pressed more often than the rest.
                            let n = if matches!(a.act, ActKind::Complete | ActKind::Claim) {
                                4
                            } else {
                                1
                            };
                            choices.extend(std::iter::repeat_n((key, a.act, act), n));
                        }
                    }
                }
                if choices.is_empty() {
                    assert!(l.row.status == "suspended" || l.state.stuck().next().is_some());
                    break;
                }
                let (key, kind, act) = choices.swap_remove(d.roll(choices.len()));
                match o.give(key, i, act).await {
                    Ok(_) => *seen.entry(format!("{kind:?}")).or_default() += 1,
                    Err(e) => assert!(
                        matches!(e.kind, Kind::Rule | Kind::Stale),
                        "{kind:?}: {e:?}"
                    ),
                }
            }
        }
        assert!(
            seen.len() >= 10,
            "the walks pressed many kinds of acts: {seen:?}"
        );
    }
}
