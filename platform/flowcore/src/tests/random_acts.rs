//! Random acts by random people.

use serde_json::json;

use crate::sample::Run;
use crate::*;

pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n.max(1)
    }

    pub fn person(&mut self) -> i64 {
        self.roll(14) as i64 + 1
    }

    pub fn of<T: Clone>(&mut self, list: &[T]) -> Option<T> {
        if list.is_empty() {
            None
        } else {
            Some(list[self.roll(list.len())].clone())
        }
    }
}

pub fn seats(r: &Run, live: bool) -> Vec<(i64, i64)> {
    let all =
        r.s.rounds
            .iter()
            .flat_map(|x| &x.seats)
            .filter(|s| s.is_live() == live);
    all.flat_map(|s| {
        let who = s.holder.iter().chain(
            s.holder
                .is_none()
                .then_some(&s.candidates)
                .into_iter()
                .flatten(),
        );
        who.map(|h| (s.id, s.by.unwrap_or(h.identity)))
            .collect::<Vec<_>>()
    })
    .collect()
}

/// A random command: half the time the holder of an open seat goes on, else anything by anybody.
pub fn command(r: &Run, d: &mut Dice) -> (Actor, Act) {
    let (seat, holder) = d.of(&seats(r, true)).unwrap_or((1, 1));
    let actor = if d.roll(20) == 0 {
        Actor::person(d.person())
    } else {
        Actor::person(holder)
    };
    let words = || Some("意见".to_owned());
    let steps: Vec<String> =
        r.c.definition()
            .steps
            .iter()
            .map(|s| s.id.clone())
            .collect();
    let act = match d.roll(46) {
        0..=17 => {
            let decision = ["agree", "agree", "agree", "agree", "disagree", "abstain"][d.roll(6)];
            let data = if d.roll(5) == 0 {
                json!({"flag1": d.roll(2), "flag2": d.roll(2)})
            } else {
                json!({})
            };
            let decision =
                r.s.seat(seat)
                    .filter(|(x, _)| x.step == "start")
                    .map_or(decision, |_| "agree");
            Act::Complete {
                seat,
                decision: Some(decision.into()),
                opinion: words(),
                next: vec![],
                data: serde_json::from_value(data).unwrap(),
            }
        }
        18..=22 => {
            let list = return_targets(&r.c, &r.s, seat);
            let to = match d.roll(4) {
                0 => ReturnTo::Previous,
                1 => ReturnTo::Initiator,
                2 => ReturnTo::Step(d.of(&steps).unwrap_or_default()),
                _ => ReturnTo::Step(d.of(&list).map(|x| x.step.clone()).unwrap_or_default()),
            };
            let then = if d.roll(2) == 0 {
                Then::Rerun
            } else {
                Then::StraightBack
            };
            Act::Return {
                seat,
                to,
                then,
                opinion: words(),
            }
        }
        23..=26 => {
            let (seat, by) = d.of(&seats(r, false)).unwrap_or((1, 1));
            return (Actor::person(by), Act::Withdraw { seat, reason: None });
        }
        27 => {
            return (
                Actor::person(if d.roll(3) == 0 { 3 } else { 9 }),
                if d.roll(3) == 0 {
                    Act::Recall { reason: None }
                } else {
                    Act::Urge { note: None }
                },
            );
        }
        28 | 29 => Act::Transfer {
            seat,
            to: d.person(),
            opinion: None,
        },
        30 => Act::AssignHelp {
            seat,
            to: d.person(),
            note: None,
        },
        31 => {
            let parked: Vec<i64> =
                r.s.rounds
                    .iter()
                    .flat_map(|x| &x.seats)
                    .filter(|s| s.status == SeatStatus::Parked)
                    .map(|s| s.id)
                    .collect();
            let seat = d.of(&parked).unwrap_or(seat);
            let who =
                r.s.seat(seat)
                    .and_then(|(_, s)| s.holder.as_ref())
                    .map_or(1, |h| h.identity);
            return (Actor::person(who), Act::RecallHelp { seat });
        }
        32 | 33 => {
            let mode = [SignMode::Before, SignMode::After, SignMode::Parallel][d.roll(3)];
            Act::AddSigner {
                seat,
                mode,
                people: vec![d.person(), d.person() + 20],
            }
        }
        34 | 43 => {
            let all =
                r.s.open_rounds()
                    .flat_map(|x| &x.seats)
                    .filter(|s| s.is_live());
            let added: Vec<(i64, i64)> = all
                .filter_map(|s| match s.origin {
                    SeatOrigin::SignBefore(o)
                    | SeatOrigin::SignAfter(o)
                    | SeatOrigin::SignParallel(o) => Some((o, s.holder.as_ref()?.responsible())),
                    _ => None,
                })
                .collect();
            let (seat, person) = d.of(&added).unwrap_or((seat, 21));
            let owner =
                r.s.seat(seat)
                    .and_then(|(_, s)| s.by.or(s.holder.as_ref().map(|h| h.identity)));
            return (
                Actor::person(owner.unwrap_or(1)),
                Act::RemoveSigner { seat, person },
            );
        }
        35 => Act::Circulate {
            from: CirculateFrom::Seat(seat),
            to: vec![d.person()],
            note: None,
            again: d.roll(2) == 0,
        },
        36 => {
            let item =
                r.s.reads
                    .get(d.roll(r.s.reads.len()))
                    .cloned()
                    .unwrap_or_default();
            let who = Actor::person(item.holder.identity);
            return match d.roll(2) {
                0 => (
                    who,
                    Act::Read {
                        item: item.id,
                        opinion: None,
                    },
                ),
                _ => (
                    who,
                    Act::Circulate {
                        from: CirculateFrom::Item(item.id),
                        to: vec![d.person()],
                        note: None,
                        again: true,
                    },
                ),
            };
        }
        37 | 44 => {
            let all = || {
                r.s.open_rounds()
                    .flat_map(|x| &x.seats)
                    .filter(|s| s.is_live())
            };
            let group: Vec<i64> = all()
                .filter(|s| !s.candidates.is_empty())
                .map(|s| s.id)
                .collect();
            let seat = d.of(&group).unwrap_or(seat);
            let x = r.s.seat(seat).map(|(_, s)| s.clone()).unwrap_or_default();
            let who = x
                .holder
                .as_ref()
                .or(x.candidates.first())
                .map_or(1, |h| h.identity);
            let claim = if x.holder.is_some() {
                Act::Unclaim { seat }
            } else {
                Act::Claim { seat }
            };
            let draft = Act::SaveDraft {
                seat,
                draft: "稿".into(),
            };
            return (
                Actor::person(who),
                [claim.clone(), claim, Act::Seen { seat }, draft][d.roll(4)].clone(),
            );
        }
        38 => {
            return (
                Actor::admin(99),
                if r.s.status == Status::Suspended {
                    Act::Resume { reason: None }
                } else {
                    Act::Suspend { reason: None }
                },
            );
        }
        39 => {
            let round =
                (d.roll(2) == 0).then(|| r.s.open_rounds().map(|x| x.id).last().unwrap_or(1));
            let people = if d.roll(2) == 0 {
                vec![]
            } else {
                vec![d.person(), d.person()]
            };
            let to = if d.roll(3) == 0 {
                "start".into()
            } else {
                d.of(&steps).unwrap_or_default()
            };
            let to = if to == "end" && d.roll(40) > 0 {
                "start".into()
            } else {
                to
            };
            return (
                Actor::admin(99),
                Act::Jump {
                    round,
                    to,
                    people,
                    reason: "调整".into(),
                },
            );
        }
        40 => {
            let stuck: Vec<i64> = r.s.stuck().map(|(x, _)| x.id).collect();
            let open: Vec<i64> = r.s.open_rounds().map(|x| x.id).collect();
            let round = d.of(&stuck).or_else(|| d.of(&open)).unwrap_or(1);
            return (
                Actor::admin(99),
                Act::Assign {
                    round,
                    people: vec![d.person(), d.person()],
                    reason: None,
                },
            );
        }
        41 => {
            let timer = r.s.timers.get(d.roll(r.s.timers.len())).map_or(5, |t| t.id);
            return (Actor::system(), Act::TimerFired { timer });
        }
        42 => {
            let heir = (d.roll(2) == 0).then(|| d.person());
            return (
                Actor::system(),
                Act::PersonLeft {
                    person: d.person(),
                    heir,
                },
            );
        }
        _ => {
            let agents: Vec<SeatSpec> =
                r.s.open_rounds()
                    .flat_map(|x| &x.seats)
                    .filter_map(|s| {
                        s.holder
                            .clone()
                            .filter(|h| s.is_live() && h.principal.is_some())
                    })
                    .collect();
            let act = match d.of(&agents).filter(|_| d.roll(2) == 0) {
                Some(h) => Act::DelegateEnded {
                    principal: h.responsible(),
                    agent: h.identity,
                },
                None => Act::DelegateStarted {
                    principal: d.person(),
                    agent: d.person(),
                    shared: d.roll(2) == 0,
                },
            };
            return (Actor::system(), act);
        }
    };
    (actor, act)
}
